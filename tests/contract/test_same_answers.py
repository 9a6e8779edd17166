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

from tests.contract.conftest import CHOSEN
from tests.contract.engines import HERE, Engine, Table
from tests.factories.lines import line
from tests.factories.submissions import identity, submission
from tracelode.flow.tally_group import tally_group
from tracelode.ledger.ledger import Ledger, PartialVersion, ReferenceSnapshot
from tracelode.minerals import Mineral
from tracelode.submission import State
from tracelode.tally.aggregate import fold_group
from tracelode.tally.current import Withdrawal, place

EXAMPLES = int(os.environ.get("TRACELODE_CONTRACT_EXAMPLES", "10"))
YEAR = 2016
OTHERS = tuple(name for name in CHOSEN if name != "moto")

suppliers = st.sampled_from(["acme", "A Co._2-1"])
moments = st.integers(1, 9).map(lambda second: f"2017-02-01T08:00:0{second}.000Z")
files = st.sampled_from(["cmrt.xlsx", "d/鉱石 😀#|.xls"])
versions = st.sampled_from(["v1", "v2", "", "v" * 200])
years = st.sampled_from([YEAR, YEAR, YEAR, YEAR + 1])
texts = st.text(st.characters(codec="utf-8"), max_size=12)
cids = st.sampled_from(["CID000001", "CID000002", None])
lines = st.lists(
    st.builds(line, st.integers(5, 40), cids, st.sampled_from([Mineral.GOLD, Mineral.TIN, None]), texts),
    max_size=30,
    unique_by=lambda made: made.row,
)
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

    @rule(year=years, supplier=suppliers, sha256=st.sampled_from(["aa", "bb"]), kept=lines)
    def keep_lines(self, year: int, supplier: str, sha256: str, kept: Any) -> None:
        self.both(lambda ledger: ledger.put_lines(year, supplier, sha256, kept))
        self.both(lambda ledger: list(ledger.lines(year, supplier, sha256)))
        if all(table.engine in HERE for table in self._tables):
            for facility in {(entry.metal, entry.cid) for entry in kept[:3] if entry.metal and entry.cid}:
                self.both(lambda ledger, named=facility: ledger.suppliers_naming(year, *named))

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
        self.both(lambda ledger: ledger.put_submission(year, made))

    @rule(year=years, supplier=suppliers, at=moments, file=files, version_id=versions)
    def withdraw(self, year: int, supplier: str, at: str, file: str, version_id: str) -> None:
        gone = Withdrawal(at, f"{year}/{supplier}/{file}", version_id)
        self.both(lambda ledger: ledger.put_withdrawal(year, supplier, gone))

    @rule(year=years, supplier=suppliers, late=st.integers(-1, 1))
    def settle(self, year: int, supplier: str, late: int) -> None:
        """Say what is current, or try to over a version that is not there."""

        def settle(ledger: Ledger) -> Any:
            seat = ledger.seat(year, supplier)
            seen = max(ledger.current_version(year, supplier, seat) + late, 0)
            placement = place(ledger.receipts(year, supplier), ledger.withdrawals(year, supplier))
            return seat, seen, placement, ledger.put_current(year, supplier, seat, seen, placement)

        self.both(settle)

    @rule(year=years, rewrite=st.booleans())
    def tally(self, year: int, rewrite: bool) -> None:
        self.both(lambda ledger: tally_group(year, 0, ledger=ledger, rewrite=rewrite))

    @rule(year=years, number=st.integers(0, 3), digest=st.sampled_from(["", "another"]))
    def put_partial_over_what_may_not_be_there(self, year: int, number: int, digest: str) -> None:
        self.both(lambda ledger: ledger.put_partial(year, fold_group(0, ()), PartialVersion(number, digest)))

    @rule(
        year=years,
        kind=st.sampled_from(["roster", "list:鉱.csv"]),
        version_id=versions,
        as_of=moments,
        received=moments,
    )
    def adopt(self, year: int, kind: str, version_id: str, as_of: str, received: str) -> None:
        snapshot = ReferenceSnapshot(kind, f"{year}/x.csv", version_id, "0" * 64, received, as_of)
        self.both(lambda ledger: ledger.put_snapshot(year, snapshot))

    @rule(year=years, digest=texts)
    def verify(self, year: int, digest: str) -> None:
        self.both(lambda ledger: ledger.put_verified(year, digest))

    @rule(year=years)
    def forget(self, year: int) -> None:
        self.both(lambda ledger: ledger.drop_aggregates(year))

    @rule(year=years, supplier=suppliers)
    def ask_about_a_supplier(self, year: int, supplier: str) -> None:
        self.both(lambda ledger: (ledger.receipts(year, supplier), ledger.withdrawals(year, supplier)))

    @rule(year=years)
    def ask_about_a_year(self, year: int) -> None:
        self.both(lambda ledger: (ledger.groups(year), ledger.years(), ledger.partials(year), ledger.verified(year)))
        self.both(lambda ledger: (ledger.members(year, 0), ledger.group_state(year, 0), ledger.stored_partial(year, 0)))
        self.both(lambda ledger: (ledger.references(year), ledger.snapshots(year), ledger.reference(year, "roster")))
        self.both(lambda ledger: (ledger.suppliers(year), ledger.receipt_times(year)))

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
