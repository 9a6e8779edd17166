"""Uploads whose notice was lost for good: a full reconciliation announces them again, and intake takes them."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from tests.factories.submissions import submission
from tests.integration.conftest import Account, new_account
from tests.integration.moments import begun
from tests.integration.test_flows import ROSTER, YEAR, World, workbook
from tests.integration.test_reconcile import calls
from tests.properties import examples
from tracelode.entry.messages import SCANNERS_OWN, object_events
from tracelode.flow.announce_again import (
    AGAIN,
    GRACE,
    Announcer,
    announce_again,
    uploads_by_supplier,
    without_receipt,
)
from tracelode.flow.reconcile_year import Reconciled, reconcile_year
from tracelode.ledger.ledger import Ledger
from tracelode.queues.intake_queue import IntakeQueue
from tracelode.reference.snapshot import ReferenceVanishedError
from tracelode.storage.objects import ObjectEvent
from tracelode.submission import State
from tracelode.tally.current import Placement, Receipt, Withdrawal, place

DAY = timedelta(days=1)


def of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def taken(sqs: Any, url: str) -> list[str]:
    """The bodies of a queue's messages, which are not in it any more."""
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def came(event: ObjectEvent, number: int = -1) -> None:
    """Let the newest version or delete marker of a key, or the one of the number, be of the event's time, which moto
    lists to the second."""
    versions = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets["inbox"].keys.getlist(event.key)
    versions[number].last_modified = of(event.time).replace(tzinfo=None)


@dataclass
class Clocked(World):
    """A world whose inbox lists what came by the events' times, to the second, and whose intake has a queue."""

    queue: IntakeQueue = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.sqs = boto3.client("sqs")
        self.url = self.sqs.create_queue(QueueName="intake")["QueueUrl"]
        self.queue = IntakeQueue(self.sqs, self.url)
        self.now = of("2017-02-02T12:00:00+00:00")

    def drop(self, key: str, body: bytes, at: str = "") -> ObjectEvent:
        return self._listed(replace(super().drop(key, body), **({"time": at} if at else {})))

    def delete(self, key: str, at: str = "") -> ObjectEvent:
        return self._listed(replace(super().delete(key), **({"time": at} if at else {})))

    def _listed(self, event: ObjectEvent) -> ObjectEvent:
        came(event)
        return event

    def reconcile(self, later: timedelta = timedelta()) -> Reconciled:
        a = self.account
        return reconcile_year(YEAR, a, full=True, announcer=Announcer(self.queue, self.now + later))

    def messages(self) -> list[str]:
        """What waits in the queue; it is taken out of it."""
        return taken(self.sqs, self.url)

    def announced(self) -> list[ObjectEvent]:
        """The events that the queue's messages tell of, as intake reads them."""
        return [event for body in self.messages() for event in object_events(json.loads(body))]

    def deliver(self) -> list[ObjectEvent]:
        """Let intake take what waits."""
        events = self.announced()
        for event in events:
            self.take(event)
        return events

    def receipts(self, supplier: str) -> list[tuple[str, str]]:
        return [(each.version_id, each.received) for each in self.account.ledger.submissions.receipts(YEAR, supplier)]


@pytest.fixture
def world(account) -> Clocked:
    """A year with a published report of one supplier, two on the roster."""
    return begun(account, Clocked, published)


def published(made: Clocked) -> None:
    made.set_up()
    made.take(made.drop("2016/acme/cmrt.xlsx", workbook()))
    made.publish()


def test_an_upload_that_nobody_was_told_of_is_recorded_after_one_full_reconciliation(world: Clocked) -> None:
    # GIVEN an upload whose notice is lost, and a system to which the same came in order
    event = world.drop("2016/beta/部 品+100%.xlsx", workbook("CID000002"))
    assert world.figures()["suppliers"]["awaiting"] == 1
    # WHEN
    found = world.reconcile()
    # THEN it is told to intake as S3 would have told it, and said
    assert (found.unrecorded, found.unrecorded_of) == (1, ("beta",))
    assert world.deliver() == [event]
    # AND it counts
    world.publish()
    assert world.figures()["suppliers"]["awaiting"] == 0
    with_a_loss = world.latest()
    world.take(event)
    assert not world.publish().new
    assert world.latest() == with_a_loss
    # AND there is nothing more to be said
    assert world.reconcile().unrecorded == 0
    assert world.messages() == []


def test_a_message_is_shaped_like_s3s_own(world: Clocked) -> None:
    # GIVEN
    event = world.drop("2016/beta/a b.xlsx", workbook())
    world.reconcile()
    # WHEN
    (body,) = world.messages()
    # THEN
    (record,) = json.loads(body)["Records"]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["eventTime"] == event.time
    assert record["s3"]["bucket"]["name"] == "inbox"
    assert record["s3"]["object"] == {"key": "2016/beta/a+b.xlsx", "versionId": event.version_id}
    assert record["userIdentity"]["principalId"] == "tracelode-reconcile"


def test_a_deletion_that_nobody_was_told_of_withdraws_its_submission(world: Clocked) -> None:
    # GIVEN
    event = world.delete("2016/acme/cmrt.xlsx")
    # WHEN
    assert world.reconcile().unrecorded == 1
    # THEN
    assert world.deliver() == [event]
    world.publish()
    assert world.figures()["suppliers"]["awaiting"] == 2
    assert world.reconcile().unrecorded == 0


def test_what_was_recorded_is_not_announced_whatever_became_of_it(world: Clocked) -> None:
    # GIVEN files that were replaced, withdrawn, sent again after that, unreadable, and erased
    for event in (
        world.drop("2016/acme/cmrt.xlsx", workbook("CID000001")),
        world.drop("2016/acme/other.xlsx", b"no workbook"),
        world.drop("2016/beta/cmrt.xlsx", workbook()),
        world.delete("2016/beta/cmrt.xlsx"),
        world.delete("2016/beta/cmrt.xlsx"),
        world.drop("2016/beta/cmrt.xlsx", workbook("CID000002")),
        world.delete("2016/acme/other.xlsx"),
    ):
        world.take(event)
    erased = world.drop("2016/beta/gone.xlsx", workbook())
    world.account.s3.delete_object(Bucket="inbox", Key=erased.key, VersionId=erased.version_id)
    # WHEN / THEN
    assert world.reconcile(later=365 * DAY).unrecorded == 0
    assert world.messages() == []


def test_what_may_still_be_under_way_is_left_to_its_own_message(world: Clocked) -> None:
    # GIVEN an upload that is not recorded yet
    event = world.drop("2016/beta/cmrt.xlsx", workbook())
    world.now = of(event.time) + GRACE
    # WHEN / THEN
    assert world.reconcile().unrecorded == 0
    assert world.messages() == []
    assert world.reconcile(later=timedelta(seconds=1)).unrecorded == 1


def test_a_new_version_of_a_lost_file_is_left_to_its_own_message(world: Clocked) -> None:
    # GIVEN
    lost = world.drop("2016/beta/cmrt.xlsx", workbook(), "2017-02-01T09:00:00.000Z")
    under_way = world.drop("2016/beta/cmrt.xlsx", workbook(), "2017-02-02T09:00:00.000Z")
    # WHEN / THEN
    assert world.reconcile().unrecorded == 1
    assert world.deliver() == [lost]
    assert world.reconcile(later=DAY).unrecorded == 1
    assert world.deliver() == [under_way]


def test_what_nobody_could_record_is_not_announced(world: Clocked) -> None:
    # GIVEN misplaced files, what makes a folder, and the scanner's own object
    for key in (
        "2016/stray.xlsx",
        "stray.xlsx",
        "2016/a#b/cmrt.xlsx",
        "2016/beta/",
        "2016/beta/products/",
        SCANNERS_OWN,
        f"2016/{SCANNERS_OWN}",
    ):
        world.drop(key, b"")
    # WHEN / THEN
    assert world.reconcile().unrecorded == 0
    assert world.messages() == []


def test_suppliers_that_are_not_on_the_roster_are_missed_as_well(world: Clocked) -> None:
    event = world.drop("2016/nobody/cmrt.xlsx", workbook())
    assert world.reconcile().unrecorded_of == ("nobody",)
    assert world.deliver() == [event]


def test_a_sweep_looks_for_nothing_that_nobody_recorded(world: Clocked) -> None:
    # GIVEN
    world.drop("2016/beta/cmrt.xlsx", workbook())
    a = world.account
    # WHEN
    swept = reconcile_year(YEAR, a, full=False, announcer=Announcer(world.queue, world.now))
    # THEN
    assert swept.unrecorded == 0
    assert world.messages() == []


# ---- what intake cannot take ---------------------------------------------------------------------------------------


def test_an_upload_that_intake_cannot_take_is_announced_once_a_fortnight_and_told_of_each_time(world: Clocked) -> None:
    # GIVEN an upload that intake fails on each time
    world.drop("2016/beta/poison.xlsx", b"poison")
    # WHEN a full reconciliation comes round each day for five weeks
    runs = [(world.reconcile(later=number * DAY).unrecorded, len(world.messages())) for number in range(35)]
    # THEN
    assert [unrecorded for unrecorded, _ in runs] == [1] * 35
    assert [day for day, (_, messages) in enumerate(runs) if messages] == [0, 14, 28]


def test_an_upload_that_intake_cannot_take_is_over_once_its_file_is_deleted(world: Clocked) -> None:
    # GIVEN such an upload that was announced, whose version is locked and cannot be erased
    world.drop("2016/beta/poison.xlsx", b"poison")
    assert world.reconcile().unrecorded == 1
    # WHEN its key is deleted
    world.take(world.delete("2016/beta/poison.xlsx"))
    # THEN
    assert world.reconcile(later=AGAIN + DAY).unrecorded == 0
    assert len(world.messages()) == 1


def test_an_upload_that_was_lost_and_deleted_is_announced_once_so_that_it_is_recorded(world: Clocked) -> None:
    # GIVEN
    lost = world.drop("2016/beta/cmrt.xlsx", workbook())
    world.take(world.delete("2016/beta/cmrt.xlsx"))
    # WHEN
    assert world.reconcile().unrecorded == 1
    # THEN
    assert world.deliver() == [lost]
    world.publish()
    assert world.figures()["suppliers"]["awaiting"] == 1
    assert world.reconcile().unrecorded == 0


class DiedError(BaseException):
    """The function's environment was killed."""


def test_a_run_that_dies_while_it_announces_is_gone_on_with_by_the_next(world: Clocked) -> None:
    # GIVEN two lost uploads, and a run that dies when it has announced the first and noted nothing
    events = [world.drop(f"2016/{supplier}/cmrt.xlsx", workbook()) for supplier in ("beta", "gamma")]
    client = world.account.dynamodb

    def die(params, **_) -> None:
        if params["Item"]["sk"]["S"].startswith("ANNOUNCED_AGAIN#"):
            raise DiedError

    client.meta.events.register("provide-client-params.dynamodb.PutItem", die, unique_id="die")
    with pytest.raises(DiedError):
        world.reconcile()
    client.meta.events.unregister("provide-client-params.dynamodb.PutItem", unique_id="die")
    # WHEN
    assert world.reconcile().unrecorded == 2
    # THEN one was announced twice, which does no harm, and none was left out
    assert world.deliver() == [events[0], *events]
    assert [len(world.receipts(supplier)) for supplier in ("beta", "gamma")] == [1, 1]


def test_what_nobody_recorded_is_announced_also_where_the_report_cannot_be_published(world: Clocked) -> None:
    # GIVEN a reference file that is gone for good, so that publishing fails
    lost = world.drop("2016/beta/cmrt.xlsx", workbook())
    world.adopt(world.refer("suppliers.csv", ROSTER + b"gamma,Gamma,g@example.com,yes\n"))
    for version in world.account.s3.list_object_versions(Bucket="reference")["Versions"]:
        world.account.s3.delete_object(Bucket="reference", Key=version["Key"], VersionId=version["VersionId"])
    # WHEN
    with pytest.raises(ReferenceVanishedError):
        world.reconcile()
    # THEN
    assert world.announced() == [lost]


# ---- what comes of it ----------------------------------------------------------------------------------------------

WEEK: Sequence[tuple[str, bytes | None, str]] = (
    ("acme/cmrt.xlsx", workbook("CID000001"), "2017-02-01T09:00:00.345Z"),
    ("beta/cmrt.xlsx", workbook("CID000002", "CID000003"), "2017-02-01T23:59:59.999Z"),
    ("beta/cmrt.xlsx", None, "2017-02-02T00:00:00.345Z"),
    ("nobody/cmrt.xlsx", b"no workbook", "2017-02-02T00:00:00.400Z"),
    ("beta/again.xlsx", workbook("CID000004"), "2017-02-02T00:00:01.999Z"),
    ("acme/cmrt.xlsx", workbook(), "2017-02-02T09:00:00.001Z"),
)
"""What suppliers drop, and with None what they delete, and when."""


def on_the_second(week: Sequence[tuple[str, bytes | None, str]]) -> list[tuple[str, bytes | None, str]]:
    return [(file, body, f"{at[:19]}.000Z") for file, body, at in week]


def drop_all(world: Clocked, week: Sequence[tuple[str, bytes | None, str]]) -> list[ObjectEvent]:
    return [
        world.drop(f"2016/{file}", body, at) if body is not None else world.delete(f"2016/{file}", at)
        for file, body, at in week
    ]


def of_a_system_that_lost_nothing(week: Sequence[tuple[str, bytes | None, str]]) -> dict[str, bytes]:
    with new_account() as account:
        made = Clocked(account, itertools.count(10))
        made.set_up()
        for event in drop_all(made, week):
            made.take(event)
        made.publish()
        return made.latest()


@pytest.mark.parametrize("kept", [(), (0, 2, 4), (1, 3, 5), (0, 1, 2, 3, 4)])
def test_the_report_is_in_the_end_that_of_a_system_that_lost_nothing(kept: Sequence[int]) -> None:
    # GIVEN
    week = on_the_second(WEEK)
    expected = of_a_system_that_lost_nothing(week)
    with new_account() as account:
        world = Clocked(account, itertools.count(10))
        world.set_up()
        # WHEN some notices come and the others are lost
        for number, event in enumerate(drop_all(world, week)):
            if number in kept:
                world.take(event)
        assert world.reconcile(later=3 * DAY).unrecorded == len(week) - len(kept)
        world.deliver()
        world.publish()
        # THEN
        assert world.latest() == expected
        assert world.reconcile(later=5 * DAY).unrecorded == 0


@pytest.mark.parametrize("kept", [(), (0, 2, 4), (1, 3, 5)])
def test_notices_that_were_only_slow_leave_what_they_would_have_left_alone(kept: Sequence[int]) -> None:
    # GIVEN
    expected = of_a_system_that_lost_nothing(WEEK)
    with new_account() as account:
        world = Clocked(account, itertools.count(10))
        world.set_up()
        events = drop_all(world, WEEK)
        for number in kept:
            world.take(events[number])
        world.reconcile(later=3 * DAY)
        world.deliver()
        world.publish()
        # WHEN those that were taken for lost come after all, by other times than they were announced with
        for event in events:
            world.take(event)
        world.publish()
        # THEN two receipts of a version are one
        assert len(world.receipts("nobody")) == (1 if 3 in kept else 2)
        assert world.latest() == expected
        found = world.reconcile(later=5 * DAY)
        assert (found.unrecorded, found.unsettled, found.drift) == (0, 0, 0)


def test_within_a_key_what_was_lost_keeps_its_place_whatever_the_clocks_say(world: Clocked) -> None:
    # GIVEN four files and two deletions within a second, of which those in the middle are lost
    key, second = "2016/beta/cmrt.xlsx", "2017-02-01T10:00:00"
    first = world.drop(key, workbook("CID000001"), f"{second}.100Z")
    lost = [
        world.drop(key, workbook("CID000002"), f"{second}.200Z"),
        world.delete(key, f"{second}.300Z"),
        world.delete(key, f"{second}.400Z"),
        world.drop(key, workbook("CID000003"), f"{second}.500Z"),
    ]
    last = world.drop(key, workbook("CID000004"), f"{second}.600Z")
    world.take(first)
    world.take(last)
    # WHEN
    assert world.reconcile().unrecorded == len(lost)
    # THEN they are told of in order, between the two that were recorded
    announced = world.deliver()
    assert [(event.version_id, event.marker) for event in announced] == [(e.version_id, e.marker) for e in lost]
    times = [first.time, *(event.time for event in announced), last.time]
    assert times == sorted(set(times))
    assert world.reconcile().unrecorded == 0


def test_what_was_lost_stays_below_what_is_newer_also_where_the_buckets_clock_is_ahead(world: Clocked) -> None:
    # GIVEN a file and its deletion that are lost, and a newer file whose notice was dated before the bucket dates these
    key = "2016/beta/cmrt.xlsx"
    lost = [world.drop(key, workbook("CID000001")), world.delete(key)]
    newer = world.drop(key, workbook("CID000004"), "2017-02-01T09:00:00.000Z")
    for number, event in enumerate(lost):
        came(replace(event, time=f"2017-02-01T09:00:05.{number}00Z"), number)
    came(replace(newer, time="2017-02-01T09:00:06.000Z"))
    world.take(newer)
    # WHEN
    world.reconcile()
    announced = world.deliver()
    # THEN the newer file counts
    assert [(event.version_id, event.marker) for event in announced] == [(e.version_id, e.marker) for e in lost]
    assert counting(placed(world.account.ledger, "beta")) == ([newer.version_id], "")


@dataclass(frozen=True)
class Deed:
    """Something done to a supplier's file: the state of its content, None for a deletion; what became of its notice."""

    supplier: str
    state: State | None
    later: float
    fate: str


def deeds(fates: Sequence[str], intervals: Sequence[float]) -> st.SearchStrategy[list[Deed]]:
    deed = st.builds(
        Deed,
        st.sampled_from(["acme", "beta"]),
        st.sampled_from([State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED, None]),
        st.sampled_from(intervals),
        st.sampled_from(fates),
    )
    return st.lists(deed, min_size=1, max_size=9)


SOON, LATER = (0.001, 0.4), (1.3, 70_000)
"""Seconds from one deed to the next."""


@examples(0.3)
@given(
    # Of two notices of one key and one second, one lost and one slow, nobody can tell the order (ADR 29).
    deeds(["came", "lost"], SOON + LATER)
    | deeds(["came", "slow"], SOON + LATER)
    | deeds(["came", "lost", "slow"], LATER)
)
def test_whatever_is_lost_the_same_counts_as_if_nothing_had_been(done: list[Deed]) -> None:
    with new_account() as account:
        ledger = account.ledger
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="intake")["QueueUrl"]
        # GIVEN uploads and deletions, some notices of which are lost and some slow
        events, states, at = [], {}, of("2017-02-01T22:00:00.000+00:00")
        for deed in done:
            at += timedelta(seconds=deed.later)
            event = put(account, deed, at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
            states[event.version_id] = deed.state
            events.append((deed, event))
        for deed, event in events:
            if deed.fate == "came":
                note(ledger, event, states)

        def announced() -> tuple[int, list[ObjectEvent]]:
            suspects = {
                name: without_receipt(
                    listed, ledger.submissions.receipts(YEAR, name), ledger.submissions.withdrawals(YEAR, name)
                )
                for name, listed in uploads_by_supplier(YEAR, account.inbox).items()
            }
            by = Announcer(IntakeQueue(sqs, url), at + 2 * DAY)
            found = announce_again(YEAR, suspects, account, by=by)
            return found.count, [event for body in taken(sqs, url) for event in object_events(json.loads(body))]

        # WHEN what the ledger lacks is announced and delivered
        count, told = announced()
        for event in told:
            note(ledger, event, states)
        # THEN it is what was lost, and nothing is lacking any more
        lost = [event for deed, event in events if deed.fate != "came"]
        assert count == len(lost)
        assert sorted((e.version_id, e.marker) for e in told) == sorted((e.version_id, e.marker) for e in lost)
        assert announced() == (0, [])
        # AND the same counts
        for supplier in ("acme", "beta"):
            mine = [event for _, event in events if event.key.startswith(f"2016/{supplier}/")]
            tidy = place([receipt(event, states) for event in mine if not event.deleted], withdrawals(mine))
            assert counting(placed(ledger, supplier)) == counting(tidy)
        # AND when the slow ones come after all, it is the same to the millisecond where none was lost for good
        for deed, event in events:
            if deed.fate == "slow":
                note(ledger, event, states)
        for supplier in ("acme", "beta"):
            mine = [(deed, event) for deed, event in events if deed.supplier == supplier]
            tidy = place(
                [receipt(event, states) for _, event in mine if not event.deleted],
                withdrawals([event for _, event in mine]),
            )
            assert counting(placed(ledger, supplier)) == counting(tidy)
            assert placed(ledger, supplier) == tidy or "lost" in {deed.fate for deed, _ in mine}
        assert announced() == (0, [])


def put(account: Account, deed: Deed, at: str) -> ObjectEvent:
    key = f"2016/{deed.supplier}/cmrt.xlsx"
    if deed.state is not None:
        event = ObjectEvent(key, account.drop("inbox", key, b""), at, deleted=False)
    elif "VersionId" in (answer := account.s3.delete_object(Bucket="inbox", Key=key)):
        event = ObjectEvent(key, "", at, deleted=True, marker=answer["VersionId"])
    else:
        # moto makes no marker where there is no version yet; S3 does.
        return put(account, replace(deed, state=State.ACCEPTED), at)
    came(event)
    return event


def note(ledger: Ledger, event: ObjectEvent, states: Mapping[str, State | None]) -> None:
    """Record an event as intake does, but for the workbook."""
    supplier = event.key.split("/")[1]
    if event.deleted:
        (withdrawal,) = withdrawals([event])
        ledger.submissions.record_withdrawal(YEAR, supplier, withdrawal)
        return
    of_it = receipt(event, states)
    ledger.submissions.record(
        YEAR,
        submission(
            supplier,
            received=event.time,
            key=event.key,
            version_id=event.version_id,
            state=of_it.state,
            scope=of_it.scope,
        ),
    )


def receipt(event: ObjectEvent, states: Mapping[str, State | None]) -> Receipt:
    return Receipt(event.time, event.key, event.version_id, states[event.version_id] or State.ACCEPTED, "A")


def withdrawals(events: Sequence[ObjectEvent]) -> list[Withdrawal]:
    return [Withdrawal(each.time, each.key, each.version_id, each.marker) for each in events if each.deleted]


def placed(ledger: Ledger, supplier: str) -> Placement:
    return place(ledger.submissions.receipts(YEAR, supplier), ledger.submissions.withdrawals(YEAR, supplier))


def counting(placement: Placement) -> tuple[list[str], str]:
    """The versions that count, and the newest unreadable one."""
    rejected = placement.rejected
    return [each.version_id for each in placement.current], rejected.version_id if rejected else ""


# ---- what it costs -------------------------------------------------------------------------------------------------


def test_where_nothing_is_lost_the_inbox_is_listed_once_and_nothing_more_is_asked(world: Clocked) -> None:
    # GIVEN a settled year
    for supplier in ("beta", "gamma", "delta"):
        world.take(world.drop(f"2016/{supplier}/cmrt.xlsx", workbook()))
    world.reconcile()
    a = world.account
    # WHEN
    with_an_announcer = calls(world, world.reconcile)
    without = calls(
        world,
        lambda: reconcile_year(YEAR, a, full=True),
    )
    # THEN
    assert with_an_announcer == without
    assert with_an_announcer.count("ListObjectVersions") == 1
    assert world.messages() == []


def test_deletions_that_were_recorded_without_their_markers_are_none_that_were_lost(world: Clocked) -> None:
    # GIVEN deletions as the first release recorded them, and one that was lost in between
    key = "2016/beta/cmrt.xlsx"
    for number in range(3):
        world.take(world.drop(key, workbook()))
        deletion = world.delete(key)
        if number != 1:
            world.take(replace(deletion, marker=""))
        else:
            lost = deletion
    # WHEN / THEN
    assert world.reconcile().unrecorded == 1
    assert world.deliver() == [lost]
    assert world.reconcile().unrecorded == 0
