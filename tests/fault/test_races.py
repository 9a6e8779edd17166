"""Races: nobody's work is lost, and what readers see never goes back."""

import itertools
from collections.abc import Iterator
from functools import partial

import pytest

from tests.fault.lab import YEAR, InOrder, Lab
from tests.fault.races import at_once, interleavings
from tests.fault.readers import Readers
from tests.fault.scenario import NEWER_LIST, ROSTER, file
from tests.integration.test_flows import LIST, PROGRAM
from tracelode.flow.publish_report import publish_report
from tracelode.flow.reconcile_year import Reconciled, reconcile_year
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.ledger.table import LostRaceError
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.results import Results


class Desk:
    """The flows by themselves over a lab's system, each called by whoever has work for it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._numbers = itertools.count(1)

    def moment(self) -> str:
        return f"2017-02-01T08:00:00.{next(self._numbers):03}Z"

    def dropped(self, key: str, *cids: str) -> ObjectEvent:
        event = self.lab.upload(f"{YEAR}/{key}", file(*cids), self.moment())
        self.lab.pending["intake"].clear()
        return event

    def listed(self, body: bytes) -> None:
        self.lab.refer("smelter-list.csv", body, self.moment())
        while self.lab.pending["reference"]:
            self.lab.step(_ReferenceOnly())
        self.lab.pending = {name: [] for name in self.lab.pending}

    def record(self, *events: ObjectEvent) -> None:
        its = self.lab.wired
        for event in events:
            record_submission(event, its)

    def tally(self) -> None:
        for group in self.lab.wired.ledger.groups.numbers(YEAR):
            tally_group(YEAR, group, self.lab.wired.ledger)

    def publish(self) -> None:
        its = self.lab.wired
        publish_report(YEAR, its)

    def reconcile(self) -> Reconciled:
        its = self.lab.wired
        return reconcile_year(YEAR, its, full=True)

    def current(self, supplier: str) -> tuple[str, ...]:
        members = {member.supplier_id: member for member in self.lab.its.ledger.groups.members(YEAR, 0)}
        return members[supplier].current

    def settled(self) -> dict[str, bytes]:
        """`latest/`, once it is found to be what its pointer says."""
        pointer = self.lab.its.results.pointer(YEAR)
        run = f"{YEAR}/runs/{pointer.run}/"
        latest = self.lab.latest()
        assert set(latest) == {*pointer.files} - {"sources.json"}
        assert latest == {name: self.lab.result(run + name) for name in latest}
        return latest


class _ReferenceOnly(InOrder):
    def which(self, _waiting):
        return "reference"


@pytest.fixture
def desk(lab: Lab) -> Iterator[Desk]:
    """A year with its reference files taken, and nobody's work yet."""
    empty = lab.remember()
    for name, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
        lab.refer(name, body, "2017-01-01T08:00:00.000Z")
    lab.drain()
    lab.wire.restart()
    yield Desk(lab)
    lab.restore(empty)


def test_two_intakes_of_one_supplier_lose_neither_wherever_they_meet(desk: Desk) -> None:
    # GIVEN
    older, newer = desk.dropped("acme/older.xlsx", "CID000001"), desk.dropped("acme/newer.xlsx", "CID000002")
    # WHEN one is recorded between any two calls of the other
    for first, second in ((older, newer), (newer, older)):
        met = 0
        for _ in interleavings(desk.lab, partial(desk.record, first), partial(desk.record, second), every=3):
            # THEN both are there, one seat is taken, and the newer counts
            assert [receipt.key for receipt in desk.lab.its.ledger.submissions.receipts(YEAR, "acme")] == [
                older.key,
                newer.key,
            ]
            assert [sort.split("#")[1] for sort in desk.current("acme")] == [newer.time]
            assert len(desk.lab.its.ledger.groups.members(YEAR, 0)) == 1
            met += 1
        assert met >= 5


def test_a_withdrawal_and_the_upload_it_withdraws_meet_anywhere(desk: Desk) -> None:
    upload = desk.dropped("acme/cmrt.xlsx", "CID000001")
    deletion = desk.lab.delete(upload.key, desk.moment())
    deletion = ObjectEvent(deletion.key, "", deletion.time, deleted=True)
    desk.lab.pending["intake"].clear()
    for first, second in ((upload, deletion), (deletion, upload)):
        for _ in interleavings(desk.lab, partial(desk.record, first), partial(desk.record, second), every=3):
            desk.record(second)
            assert desk.current("acme") == ()


def test_an_upload_that_is_withdrawn_while_it_is_settled_does_not_count(desk: Desk) -> None:
    """Whoever withdraws it finds that what counts is right as it is, and writes nothing."""
    # GIVEN a supplier with a submission that counts, and a newer one that is being recorded
    older = desk.dropped("acme/older.xlsx", "CID000001")
    desk.record(older)
    newer = desk.dropped("acme/newer.xlsx", "CID000002")
    desk.lab.delete(newer.key, at := desk.moment())
    desk.lab.pending["intake"].clear()
    deletion = ObjectEvent(newer.key, "", at, deleted=True)
    # WHEN its deletion is recorded between any two calls
    for number in interleavings(desk.lab, partial(desk.record, newer), partial(desk.record, deletion)):
        # THEN the older one counts
        assert [sort.split("#")[1] for sort in desk.current("acme")] == [older.time], number


def test_a_tally_does_not_fold_in_what_was_taken_back_meanwhile(desk: Desk) -> None:
    """Whoever tallies after it was taken back finds that the partial is right as it is, and writes nothing."""
    # GIVEN a tally under way for an upload
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    upload = desk.dropped("acme/newer.xlsx", "CID000002")
    desk.record(upload)
    deletion = ObjectEvent(upload.key, "", desk.moment(), deleted=True)

    def take_it_back() -> None:
        desk.record(deletion)
        desk.tally()

    # WHEN it is withdrawn between any two of its calls
    for number in interleavings(desk.lab, desk.tally, take_it_back):
        # THEN the partial covers what is current
        assert not desk.lab.its.ledger.groups.state(YEAR, 0).stale, number


def test_two_tallies_of_a_group_lose_no_update_wherever_they_meet(desk: Desk) -> None:
    # GIVEN a group with a partial, and a tally under way for one more upload
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    desk.record(desk.dropped("beta/cmrt.xlsx", "CID000002"))
    newer = desk.dropped("acme/newer.xlsx", "CID000003")

    def another_upload() -> None:
        desk.record(newer)
        desk.tally()

    # WHEN another upload is recorded and tallied between any two of its calls
    met = 0
    for _ in interleavings(desk.lab, desk.tally, another_upload):
        # THEN the partial covers what is current
        assert len(desk.lab.its.ledger.submissions.receipts(YEAR, "acme")) == 2
        assert not desk.lab.its.ledger.groups.state(YEAR, 0).stale
        met += 1
    assert met >= 4


def test_a_slow_publisher_never_puts_back_what_a_newer_one_has_published(desk: Desk) -> None:
    """The slow one is stopped at each of its calls while a newer report is published from beginning to end."""
    # GIVEN a first report, and facts for a second
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    desk.publish()
    desk.record(desk.dropped("beta/cmrt.xlsx", "CID000002"))
    desk.tally()
    newest = desk.dropped("gamma/cmrt.xlsx", "CID000003", "CID000004")

    def publish_newer() -> None:
        desk.record(newest)
        desk.tally()
        desk.publish()

    # WHEN a third is published between any two calls of the slow one
    met, start = 0, desk.lab.remember()
    publish_newer()
    expected = desk.settled()
    desk.lab.restore(start)
    readers: list[Readers] = []

    def slow() -> None:
        with Readers(desk.lab) as seen:
            readers.append(seen)
            desk.publish()

    for number in interleavings(desk.lab, slow, publish_newer, every=7):
        # THEN nothing ever went back, no reader of the pointer saw a torn run, and the newest is left
        assert readers[-1].wrong == [], number
        assert desk.settled() == expected, number
        met += 1
    assert met >= 7


def test_a_bucket_that_heeded_no_condition_would_be_found_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a publisher that overwrites what it has not seen
    def put_anyway(results: Results, key: str, body: bytes, *_: str) -> bool:
        results.put(key, body)
        return True

    monkeypatch.setattr(Results, "_put_over", put_anyway)
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    desk.publish()
    newer = desk.dropped("beta/cmrt.xlsx", "CID000002")

    def publish_newer() -> None:
        desk.record(newer)
        desk.tally()
        desk.publish()

    desk.listed(NEWER_LIST)
    with Readers(desk.lab) as seen:
        # WHEN a newer report is published while it renders
        number = next(iter(interleavings(desk.lab, desk.publish, publish_newer, every=12, start=12)))
    # THEN
    assert seen.wrong, number


def test_a_slow_publisher_does_not_publish_what_was_taken_back_meanwhile(desk: Desk) -> None:
    """While it renders, the upload is withdrawn, and somebody publishes the report that says so."""
    # GIVEN a report without an upload, and a publisher under way for a report with it
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    desk.publish()
    upload = desk.dropped("beta/cmrt.xlsx", "CID000002")
    desk.record(upload)
    desk.tally()
    desk.lab.delete(upload.key, at := desk.moment())
    desk.lab.pending["intake"].clear()

    def take_it_back() -> None:
        desk.record(ObjectEvent(upload.key, "", at, deleted=True))
        desk.tally()
        desk.publish()

    # AND what the report says once it is withdrawn and nobody else is about
    under_way = desk.lab.remember()
    take_it_back()
    without = desk.settled()
    desk.lab.restore(under_way)

    # WHEN it is withdrawn between any two calls of that publisher
    for number in interleavings(desk.lab, desk.publish, take_it_back, every=5):
        # THEN the report without it is the latest
        assert desk.settled() == without, number


def test_a_slow_publisher_that_dies_after_a_newer_one_leaves_the_newest(desk: Desk) -> None:
    """A publisher of an older report copies on after the newer one has finished, and dies after any of its calls."""
    desk.record(desk.dropped("acme/cmrt.xlsx", "CID000001"))
    desk.tally()
    desk.publish()
    desk.listed(NEWER_LIST)
    desk.publish()
    newest = desk.settled()
    with Readers(desk.lab) as seen:
        desk.lab.wired.results.settle_latest(YEAR)
    assert seen.wrong == []
    assert desk.settled() == newest


@pytest.mark.parametrize("seed", range(2))
def test_everybody_at_once_on_threads(desk: Desk, seed: int) -> None:
    # GIVEN uploads of three suppliers, two of each
    events = [
        desk.dropped(f"{supplier}/{name}.xlsx", *cids)
        for supplier, cids in (
            ("acme", ("CID000001",)),
            ("beta", ("CID000002", "CID000003")),
            ("gamma", ("CID000004",)),
        )
        for name in ("first", "second")
    ]

    def patient(work) -> None:
        # What loses too many races is delivered again.
        for _ in range(20):
            try:
                return work()
            except LostRaceError:
                continue
        raise AssertionError("lost twenty times over")

    # WHEN all are recorded, tallied and published at the same time, each by somebody else
    with Readers(desk.lab) as seen:
        at_once(
            *(lambda event=event: patient(lambda: (desk.record(event), desk.tally())) for event in events[seed:]),
            *(lambda event=event: patient(lambda: (desk.record(event), desk.tally())) for event in events[:seed]),
            *(lambda: patient(lambda: (desk.tally(), desk.publish())) for _ in range(3)),
        )
        desk.tally()
        desk.publish()
    # THEN no update is lost, and nothing went back
    assert seen.wrong == []
    figures = desk.settled()["figures.json"]
    assert b'"responded": 3' in figures
    found = desk.reconcile()
    assert (found.unsettled, found.stale, found.drift) == (0, 0, 0)
    assert desk.settled()["figures.json"] == figures
