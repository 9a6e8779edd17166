"""The same operations in random order on two engines give the same answers and leave the same items.

moto, which every other test runs on, is held against each other engine that the shell asks for.
`TRACELODE_CONTRACT_EXAMPLES` says how many histories are tried.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import hypothesis.strategies as st
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.contract.conftest import WITH_DYNAMODB
from tests.contract.engines import Engine, Table
from tests.factories.submissions import identity, submission
from tracelode.flow.tally_group import tally_group
from tracelode.ledger.ledger import Ledger
from tracelode.ledger.partials import PartialVersion
from tracelode.reference.snapshot import ReferenceSnapshot
from tracelode.submission import State
from tracelode.tally.aggregate import fold_group
from tracelode.tally.current import Withdrawal, place

EXAMPLES = int(os.environ.get("TRACELODE_CONTRACT_EXAMPLES", "10"))
YEAR = 2016
OTHERS = tuple(name for name in WITH_DYNAMODB if name != "moto")

suppliers = st.sampled_from(["acme", "A Co._2-1"])
moments = st.integers(1, 9).map(lambda second: f"2017-02-01T08:00:0{second}.000Z")
files = st.sampled_from(["cmrt.xlsx", "d/鉱石 😀#|.xls"])
versions = st.sampled_from(["v1", "v2", "", "v" * 200])
years = st.sampled_from([YEAR, YEAR, YEAR, YEAR + 1])
texts = st.text(st.characters(codec="utf-8"), max_size=12)
cids = st.sampled_from(["CID000001", "CID000002", None])
declared = st.dictionaries(
    st.builds(identity, cid=cids.map(lambda cid: cid or ""), name=texts), st.integers(1, 3), max_size=4
)


class TwoLedgers(RuleBasedStateMachine):
    """Everything the ledger does, done on both; an answer is what comes back or the name of what is raised."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        super().__init__()
        self._open = ExitStack()
        self._tables: list[Table] = [self._open.enter_context(engine.table()) for engine in engines]

    def both(self, ask: Callable[[Ledger], Any]) -> Any:
        """The answer that both give."""
        one, other = (_answer(ask, table.ledger) for table in self._tables)
        assert one == other
        return one

    @rule(
        year=years,
        supplier=suppliers,
        received=moments,
        file=files,
        version_id=versions,
        state=st.sampled_from(State),
        scope=st.sampled_from(["A", "B", "C", ""]),
        identities=declared,
    )
    def receive(self, year: int, supplier: str, file: str, **given: Any) -> None:
        made = submission(supplier, key=f"{year}/{supplier}/{file}", **given)
        self.both(lambda ledger: ledger.submissions.record(year, made))

    @rule(year=years, supplier=suppliers, at=moments, file=files, version_id=versions)
    def withdraw(self, year: int, supplier: str, at: str, file: str, version_id: str) -> None:
        gone = Withdrawal(at, f"{year}/{supplier}/{file}", version_id)
        self.both(lambda ledger: ledger.submissions.record_withdrawal(year, supplier, gone))

    @rule(year=years, supplier=suppliers, late=st.integers(-1, 1))
    def settle(self, year: int, supplier: str, late: int) -> None:
        """Say what is current, or try to over a version that is not there."""

        def settle(ledger: Ledger) -> Any:
            seat = ledger.groups.seat(year, supplier)
            seen = max(ledger.groups.current_version(year, supplier, seat) + late, 0)
            placement = place(
                ledger.submissions.receipts(year, supplier), ledger.submissions.withdrawals(year, supplier)
            )
            return seat, seen, placement, ledger.groups.put_current(year, supplier, seat, seen, placement)

        self.both(settle)

    @rule(year=years, rewrite=st.booleans())
    def tally(self, year: int, rewrite: bool) -> None:
        self.both(lambda ledger: tally_group(year, 0, ledger, rewrite=rewrite))

    @rule(year=years, number=st.integers(0, 3), digest=st.sampled_from(["", "another"]))
    def put_partial_over_what_may_not_be_there(self, year: int, number: int, digest: str) -> None:
        self.both(lambda ledger: ledger.partials.put(year, fold_group(0, ()), PartialVersion(number, digest)))

    @rule(
        year=years,
        kind=st.sampled_from(["roster", "list:鉱.csv"]),
        version_id=versions,
        as_of=moments,
        received=moments,
    )
    def adopt(self, year: int, kind: str, version_id: str, as_of: str, received: str) -> None:
        snapshot = ReferenceSnapshot(kind, f"{year}/x.csv", version_id, "0" * 64, received, as_of)
        self.both(lambda ledger: ledger.references.put(year, snapshot))

    @rule(year=years, digest=texts)
    def verify(self, year: int, digest: str) -> None:
        self.both(lambda ledger: ledger.changes.note_verified(year, digest))

    @rule(year=years)
    def forget(self, year: int) -> None:
        self.both(lambda ledger: ledger.drop_aggregates(year))

    @rule(year=years, supplier=suppliers)
    def ask_about_a_supplier(self, year: int, supplier: str) -> None:
        self.both(lambda ledger: ledger.submissions.withdrawals(year, supplier))
        for receipt in self.both(lambda ledger: ledger.submissions.receipts(year, supplier)):
            self.both(lambda ledger, of=receipt: ledger.smelters.declared(year, supplier, of))

    @rule(year=years)
    def ask_about_a_year(self, year: int) -> None:
        self.both(
            lambda ledger: (
                ledger.groups.numbers(year),
                ledger.changes.years(),
                ledger.partials.of_year(year),
                ledger.changes.verified(year),
            )
        )
        self.both(
            lambda ledger: (
                ledger.groups.members(year, 0),
                ledger.groups.state(year, 0),
                ledger.partials.stored(year, 0),
            )
        )
        self.both(lambda ledger: (ledger.references.in_force(year), ledger.references.history(year)))
        self.both(lambda ledger: (ledger.submissions.suppliers(year), ledger.receipt_times(year)))

    def teardown(self) -> None:
        with self._open:
            one, other = (table.items() for table in self._tables)
            assert one == other


def _answer(ask: Callable[[Ledger], Any], ledger: Ledger) -> Any:
    try:
        return ask(ledger)
    except ClientError as error:
        return error.response["Error"]["Code"]
    except (RuntimeError, LookupError) as error:
        return type(error).__name__


@pytest.mark.parametrize("other", OTHERS)
def test_the_same_operations_in_any_order_give_the_same_answers(engine, other) -> None:
    run_state_machine_as_test(
        lambda: TwoLedgers((engine("moto"), engine(other))),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            # A history has few steps; to make it shorter would take as long as many histories.
            phases=[Phase.generate],
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
