"""Anything in any order: a state machine over the whole system, and a command that runs it for a time.

`python -m tests.fault.machine --seconds 1800` starts over with a new seed until the time is up, and says what was done.
"""

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.factories.submissions import standing_of
from tests.fault.injection import Fault, Kind
from tests.fault.lab import YEAR, Lab, State, new_lab
from tests.fault.readers import Readers
from tests.fault.scenario import DECIDED, NEWER_LIST, ROSTER, file
from tests.fault.shuffle import Shuffled
from tests.fault.sweep import say
from tests.integration.test_flows import LIST, PROGRAM
from tracelode.flow.reconcile_year import reconcile_year
from tracelode.storage.objects import ObjectEvent
from tracelode.tally.aggregate import fold, merge
from tracelode.tally.current import Withdrawal, place

SUPPLIERS = ("acme", "beta", "gamma", "delta")
FILES = ("cmrt.xlsx", "newer.xlsx", "部品.xlsx")
UNREADABLE = b"PK broken"
BOOKS = ("one", "two", "many", "part", "unlisted", "unreadable")
REFERENCES: Mapping[str, tuple[tuple[str, bytes], ...]] = {
    "program": (
        ("program.toml", PROGRAM),
        ("program.toml", b'minimum_cmrt_version = "6.6"\n' + PROGRAM),
        ("program.toml", b"year = 2017\n"),
    ),
    "roster": (
        ("suppliers.csv", ROSTER),
        ("suppliers.csv", ROSTER.replace(b"gamma,Gamma,c@example.com,yes", b"gamma,Gamma,c@example.com,no")),
        ("suppliers.csv", ROSTER + b"delta,Delta,d@example.com,yes\n"),
    ),
    "list": (
        ("smelter-list.csv", LIST),
        ("smelter-list.csv", NEWER_LIST),
        ("smelter-list-2016-06-01.csv", NEWER_LIST),
        ("smelter-list-2017-03-01.csv", LIST.replace(b"conformant", b"active")),
        ("smelter-list-2016-12-01.csv", b"metal,cid,name,country,status\nGold,CID000003,Three,PERU,conformant\n"),
        ("smelter-list.csv", b"metal,cid\nLead,none\n"),
    ),
    "dispositions": (
        ("dispositions.csv", DECIDED),
        ("dispositions.csv", DECIDED.replace(b"is,CID000002", b"not a smelter,")),
        ("dispositions.csv", b"metal,nonsense\n"),
    ),
}


def book(kind: str) -> bytes:
    """The bytes of a kind of workbook."""
    match kind:
        case "one":
            return file("CID000001")
        case "two":
            return file("CID000002", "CID000003")
        case "many":
            return file("CID000001", "CID000002", "CID000003", "CID000004")
        case "part":
            return file("CID000004", "CID000001", scope="C")
        case "unlisted":
            return file("CID000009", "CID000001")
    return UNREADABLE


class Anything(RuleBasedStateMachine):
    """Suppliers and the compliance team do what they like, AWS does what it may, and now and then all comes to rest.

    At rest: everything that was dropped is recorded, the aggregates are the full fold of what is current by the rule,
    the report is what a fresh run over the same objects makes, and a full reconciliation finds nothing to mend.
    """

    lab: ClassVar[Lab]
    empty: ClassVar[State]
    counted: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.lab.restore(self.empty)
        self.lab.wire.restart()
        self.lab.failures.clear()
        self.lab.deaths = 0
        self.disturbed = 0
        self.now = 0
        self.uploads: list[ObjectEvent] = []
        self.withdrawals: list[ObjectEvent] = []
        self.notices: list[tuple[str, str, Mapping[str, object]]] = []
        self.readers = Readers(self.lab)
        self.readers.__enter__()
        self.counted["runs"] += 1

    def check_invariants(self, *arguments: object, **options: object) -> None:
        """Count the step."""
        self.counted["steps"] += 1
        super().check_invariants(*arguments, **options)

    def moment(self, later: int) -> str:
        """A receipt time; `later` in milliseconds after the one before, so that two may have the same."""
        self.now += later
        return f"2017-02-01T08:{self.now // 60_000:02}:{self.now // 1000 % 60:02}.{self.now % 1000:03}Z"

    def noted(self, function: str, event: ObjectEvent) -> ObjectEvent:
        """Remember the notice that was just put up for delivery, for the fresh run."""
        self.notices.append((event.time, function, self.lab.pending[function][-1]))
        self.disturbed += 1
        return event

    @initialize()
    def begin(self) -> None:
        """A report is possible from the beginning."""
        for file_name, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
            self.noted("reference", self.lab.refer(file_name, body, self.moment(1)))

    @rule(
        supplier=st.sampled_from(SUPPLIERS),
        name=st.sampled_from(FILES),
        kind=st.sampled_from(BOOKS),
        later=st.sampled_from((0, 1, 900, 30_000)),
    )
    def upload(self, supplier: str, name: str, kind: str, later: int) -> None:
        """A supplier drops a file: a new one, the same again, or one in place of another."""
        event = self.lab.upload(f"{YEAR}/{supplier}/{name}", book(kind), self.moment(later))
        self.uploads.append(self.noted("intake", event))

    @precondition(lambda self: self.uploads)
    @rule(which=st.integers(0, 99), later=st.sampled_from((0, 1, 5_000)))
    def delete(self, which: int, later: int) -> None:
        """A file is deleted; its versions stay."""
        key = self.uploads[which % len(self.uploads)].key
        self.withdrawals.append(self.noted("intake", self.lab.delete(key, self.moment(later))))

    @precondition(lambda self: self.uploads)
    @rule(which=st.integers(0, 99))
    def erase(self, which: int) -> None:
        """One version of a file is erased for good."""
        gone = self.uploads[which % len(self.uploads)]
        if not any(event.version_id == gone.version_id for event in self.withdrawals):
            event = self.lab.erase(gone.key, gone.version_id, self.moment(1))
            self.withdrawals.append(self.noted("intake", event))

    @rule(kind=st.sampled_from(sorted(REFERENCES)), which=st.integers(0, 9), later=st.sampled_from((1, 60_000)))
    def refer(self, kind: str, which: int, later: int) -> None:
        """The compliance team drops a reference file, good or broken, newer or older than what is in force."""
        variants = REFERENCES[kind]
        name, body = variants[which % len(variants)]
        self.noted("reference", self.lab.refer(name, body, self.moment(later)))

    @rule(
        faults=st.lists(
            st.tuples(st.sampled_from(sorted(Kind)), st.integers(0, 120), st.booleans()), min_size=1, max_size=8
        )
    )
    def go_wrong(self, faults: list[tuple[Kind, int, bool]]) -> None:
        """Things will go wrong at calls to come."""
        for kind, ahead, lasting in faults:
            self.lab.wire.plan(Fault(len(self.lab.wire.calls) + ahead, kind, lasting))

    @rule(seed=st.integers(0, 10_000), batches=st.integers(1, 12))
    def deliver(self, seed: int, batches: int) -> None:
        """Some of what waits is delivered, somehow."""
        delivery = Shuffled(random.Random(seed))
        for _ in range(batches):
            if not self.lab.step(delivery):
                break

    @rule(full=st.booleans())
    def reconcile(self, full: bool) -> None:
        """The time of a schedule comes in the middle of all that."""
        self.lab.reconcile(full=full)

    @precondition(lambda self: self.disturbed > 2)
    @rule(seed=st.integers(0, 10_000))
    def rest(self, seed: int) -> None:
        """Nothing comes any more, and everything is delivered at last."""
        lab = self.lab
        lab.drain(Shuffled(random.Random(seed)))
        self.counted["faults"] += len(lab.wire.struck)
        self.counted["calls"] += len(lab.wire.calls)
        lab.wire.restart()
        self.everything_is_recorded()
        self.aggregates_are_the_full_fold()
        found = self.reconciled()
        assert (found.unsettled, found.stale, found.drift) == (0, 0, 0)
        latest = lab.latest()
        assert latest == self.fresh_run(), "another report than a fresh run's"
        assert self.readers.wrong == []
        self.counted["rests"] += 1
        self.disturbed = 0
        lab.wire.restart()

    def everything_is_recorded(self) -> None:
        """Each version is a submission, unless it was erased before anybody could read it; each deletion is known."""
        ledger = self.lab.its.ledger
        erased = {event.version_id for event in self.withdrawals if event.version_id}
        for supplier in SUPPLIERS:
            mine = [event for event in self.uploads if event.key.split("/")[1] == supplier]
            recorded = {
                (receipt.received, receipt.version_id) for receipt in ledger.submissions.receipts(YEAR, supplier)
            }
            assert recorded <= {(event.time, event.version_id) for event in mine}
            assert recorded >= {(event.time, event.version_id) for event in mine if event.version_id not in erased}
            deleted = {(event.at, event.version_id) for event in ledger.submissions.withdrawals(YEAR, supplier)}
            gone = [event for event in self.withdrawals if event.key.split("/")[1] == supplier]
            assert deleted == {(event.time, event.version_id) for event in gone}

    def aggregates_are_the_full_fold(self) -> None:
        """The partials together are the fold of what counts, by the rule, of all that was dropped and deleted."""
        ledger = self.lab.its.ledger
        standings = []
        for supplier in SUPPLIERS:
            mine = [event for event in self.uploads if event.key.split("/")[1] == supplier]
            if not mine:
                continue
            known = {receipt.version_id: receipt for receipt in ledger.submissions.receipts(YEAR, supplier)}
            receipts = [known[event.version_id] for event in mine if event.version_id in known]
            gone = [Withdrawal(event.time, event.key, event.version_id) for event in self.withdrawals]
            standings.append(standing_of(supplier, place(receipts, gone), ledger, YEAR))
        assert merge(ledger.partials.of_year(YEAR)) == fold(standings)

    def reconciled(self):
        """A full reconciliation of the year."""
        its = self.lab.its
        return reconcile_year(YEAR, its, full=True)

    def fresh_run(self) -> dict[str, bytes]:
        """The report of a system that gets the same events one by one in order of time, over the same objects."""
        lab = self.lab
        state = lab.remember()
        with self.readers.blind():
            lab.forget_results()
            for _, function, notice in sorted(self.notices, key=lambda noted: noted[0]):
                lab.pending[function].append(notice)
            lab.drain()
            latest = lab.latest()
        lab.restore(state)
        return latest

    def teardown(self) -> None:
        """Every run comes to rest in the end."""
        try:
            if self.disturbed:
                self.rest(0)
        finally:
            self.readers.__exit__(None, None, None)


def run(lab: Lab, *, seed: int, runs: int, steps: int, shrink: bool = True) -> None:
    """Run the machine so many times. Raises what a run found wrong, in the shortest form that was found."""
    Anything.lab = lab
    hypothesis.seed(seed)(Anything)
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    run_state_machine_as_test(
        Anything,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def main(arguments: Sequence[str]) -> int:
    """The command; 1 at the first counterexample, which hypothesis has told by then."""
    parser = argparse.ArgumentParser(prog="python -m tests.fault.machine", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrink", action="store_true", help="look for the shortest form of a counterexample")
    given = parser.parse_args(arguments)
    end = time.monotonic() + given.seconds
    with new_lab() as lab:
        Anything.empty = lab.remember()
        for seed in itertools.count(given.seed):
            if time.monotonic() >= end:
                break
            run(lab, seed=seed, runs=10, steps=40, shrink=given.shrink)
            told = ", ".join(f"{number} {name}" for name, number in sorted(Anything.counted.items()))
            say(f"seed {seed}: {told}, {end - time.monotonic():.0f} s left")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
