"""The ledger on each DynamoDB there is: every write safe to repeat, every question answered by key."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from tests.contract.engines import Table
from tests.factories.submissions import identity, standing, submission
from tracelode.ledger import keys
from tracelode.ledger.blobs import BLOB_PART
from tracelode.ledger.codec import encode_partial
from tracelode.ledger.ledger import Ledger
from tracelode.ledger.partials import PartialVersion
from tracelode.ledger.smelters import DeclaredSmelter
from tracelode.ledger.table import UNPROCESSED_ATTEMPTS, StillUnprocessedError
from tracelode.reference.snapshot import ReferenceSnapshot
from tracelode.submission import State
from tracelode.tally.aggregate import GROUP_SIZE, Partial, Seat, fold_group
from tracelode.tally.current import Placement, Receipt, Withdrawal, place

YEAR = 2016
CALLERS = 8
SCRIPTS = "鉱石Вольфрам錫تنتالום주석ทอง"

Answer = TypeVar("Answer")


def settle(ledger: Ledger, supplier_id: str) -> bool:
    seat = ledger.groups.seat(YEAR, supplier_id)
    version = ledger.groups.current_version(YEAR, supplier_id, seat)
    placement = place(ledger.submissions.receipts(YEAR, supplier_id), ledger.submissions.withdrawals(YEAR, supplier_id))
    return ledger.groups.put_current(YEAR, supplier_id, seat, version, placement)


def at_once(callers: int, call: Callable[[int], Answer]) -> list[Answer]:
    """What every caller is told, all of them on threads of their own."""
    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(call, range(callers)))


def noise(size: int, seed: str = "") -> str:
    """Text of which a compressed byte holds about two characters."""
    return "".join(hashlib.sha256(f"{seed}{n}".encode()).hexdigest() for n in range(size // 64 + 1))[:size]


def partial_of(size: int, group: int = 0, seed: str = "") -> Partial:
    """A partial whose bytes are `size` when compressed, but for a thousandth or two."""

    def naming(count: int) -> Partial:
        names = [identity(cid="", name=noise(1_000, f"{seed}{number}-")) for number in range(count)]
        return fold_group(group, [standing("acme", Seat(group, 0), *names)])

    some = 300
    return naming(some * size // len(encode_partial(naming(some))))


def blob_size(item: dict[str, Any]) -> int:
    return len(item["blob"]["B"])


class Stingy:
    """DynamoDB that answers no more than `most` keys of a batch a call, at the wire: the rest comes back unprocessed.

    It does what AWS does when a table is throttled or an answer would be too large.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.most = most
        self.calls = 0
        events = table.watched.meta.events
        self._handlers = {
            "provide-client-params.dynamodb.BatchGetItem": self._keep_back,
            "after-call.dynamodb.BatchGetItem": self._hand_back,
        }
        for name, handler in self._handlers.items():
            events.register(name, handler)
        self._events = events

    def stop(self) -> None:
        for name, handler in self._handlers.items():
            self._events.unregister(name, handler)

    def _keep_back(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.calls += 1
        ((name, asked),) = params["RequestItems"].items()
        # An empty batch is refused, so one key always goes out; with `most` 0 it is told to be unprocessed too.
        taken, left = asked["Keys"][: max(self.most, 1)], asked["Keys"][self.most :]
        context["left"] = {name: {**asked, "Keys": left}} if left else {}
        return {"RequestItems": {name: {**asked, "Keys": taken}}}

    def _hand_back(self, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        parsed["UnprocessedKeys"] = {**parsed.get("UnprocessedKeys", {}), **context["left"]}


@pytest.fixture
def stingy(table) -> Iterator[Callable[[int], Stingy]]:
    """Factory: makes this test's table answer so many keys of a batch a call."""
    made: list[Stingy] = []

    def make(most: int) -> Stingy:
        made.append(Stingy(table, most))
        return made[-1]

    yield make
    for one in made:
        one.stop()


# ---- submissions -------------------------------------------------------------------------------------------------


def test_a_submission_is_recorded_once_and_comes_back_whole(table) -> None:
    summary = submission(identities={identity(): 2}, answers={"covered_countries": {"Gold": "No"}})
    for _ in range(2):
        table.ledger.submissions.record(YEAR, summary)
    assert [item["sk"]["S"].partition("#")[0] for item in table.items()] == ["SMELTERS", "SUBMISSION", "SUMMARY"]
    assert settle(table.ledger, "acme")
    (member,) = table.ledger.groups.members(YEAR, 0)
    assert table.ledger.submissions.summaries(YEAR, [("acme", member.current[0])]) == {
        ("acme", member.current[0]): summary
    }


def test_a_summary_too_large_for_an_item_comes_back_whole(table) -> None:
    # GIVEN a declaration of thousands of names that do not compress
    names = {identity(cid="", name=hashlib.sha512(str(n).encode()).hexdigest()): 1 for n in range(9000)}
    summary = submission(identities=names)
    # WHEN it is recorded
    table.ledger.submissions.record(YEAR, summary)
    settle(table.ledger, "acme")
    # THEN it lies in parts and reads as it was
    assert any(item["pk"]["S"].startswith("BLOB#") for item in table.items())
    (member,) = table.ledger.groups.members(YEAR, 0)
    assert table.ledger.submissions.summaries(YEAR, [("acme", member.current[0])])["acme", member.current[0]] == summary


def test_suppliers_are_dealt_seats_in_order_and_keep_them(table) -> None:
    seats = [table.ledger.groups.seat(YEAR, f"s{n}") for n in range(GROUP_SIZE + 1)]
    assert seats[0] == Seat(0, 0)
    assert seats[GROUP_SIZE - 1 :] == [Seat(0, GROUP_SIZE - 1), Seat(1, 0)]
    assert table.ledger.groups.seat(YEAR, "s3") == Seat(0, 3)
    assert table.ledger.groups.numbers(YEAR) == range(2)
    assert table.ledger.groups.numbers(YEAR + 1) == range(0)


def test_racing_callers_of_one_supplier_get_one_seat(table) -> None:
    seats = at_once(CALLERS, lambda _: table.ledger.groups.seat(YEAR, "acme"))
    assert len(set(seats)) == 1


def test_racing_suppliers_get_a_seat_each(table) -> None:
    seats = at_once(CALLERS, lambda caller: table.ledger.groups.seat(YEAR, f"s{caller}"))
    assert sorted(seats) == [Seat(0, number) for number in range(CALLERS)]


def test_what_is_current_is_not_overwritten_by_who_read_earlier(table) -> None:
    # GIVEN somebody who read the version before a newer submission was placed
    ledger = table.ledger
    ledger.submissions.record(YEAR, submission(version_id="v1"))
    seat = ledger.groups.seat(YEAR, "acme")
    stale_version = ledger.groups.current_version(YEAR, "acme", seat)
    stale = place(ledger.submissions.receipts(YEAR, "acme"), [])
    ledger.submissions.record(YEAR, submission(received="2017-03-01T08:00:00.000Z", version_id="v2"))
    assert settle(ledger, "acme")
    # WHEN it writes what it computed
    written = ledger.groups.put_current(YEAR, "acme", seat, stale_version, stale)
    # THEN it is refused and the newer one stays
    assert not written
    assert "2017-03-01" in ledger.groups.members(YEAR, 0)[0].current[0]


def test_settling_twice_writes_once(table) -> None:
    table.ledger.submissions.record(YEAR, submission())
    assert settle(table.ledger, "acme")
    seat = table.ledger.groups.seat(YEAR, "acme")
    before = table.ledger.groups.current_version(YEAR, "acme", seat)
    assert settle(table.ledger, "acme")
    assert table.ledger.groups.current_version(YEAR, "acme", seat) == before


def test_a_withdrawal_empties_the_slot_and_a_rejected_one_is_remembered(table) -> None:
    good, broken = (
        submission(),
        submission(received="2017-03-01T08:00:00.000Z", key="2016/acme/broken.xlsx", state=State.REJECTED, scope=""),
    )
    table.ledger.submissions.record(YEAR, good)
    table.ledger.submissions.record(YEAR, broken)
    table.ledger.submissions.record_withdrawal(YEAR, "acme", Withdrawal("2017-02-01T08:00:00.001Z", good.key))
    settle(table.ledger, "acme")
    (member,) = table.ledger.groups.members(YEAR, 0)
    assert member.current == ()
    assert member.rejected.startswith("SUMMARY#2017-03-01")


def test_a_partial_is_written_only_over_the_one_that_was_seen(table) -> None:
    ledger = table.ledger
    first = fold_group(0, [standing("acme", Seat(0, 0), identity())])
    second = fold_group(0, [standing("acme", Seat(0, 0), identity(cid="CID000002"))])
    ledger.groups.seat(YEAR, "acme")
    seen = ledger.partials.version(YEAR, 0)
    assert seen == PartialVersion(0, "")
    assert ledger.partials.put(YEAR, first, seen)
    assert not ledger.partials.put(YEAR, second, seen)
    assert ledger.partials.of_year(YEAR) == (first,)
    now = ledger.partials.version(YEAR, 0)
    assert ledger.partials.put(YEAR, first, now)
    assert ledger.partials.version(YEAR, 0) == now
    assert ledger.partials.put(YEAR, second, now)
    assert ledger.partials.of_year(YEAR) == (second,)


def announced(table) -> int:
    """How often it was said that something which a report is made of has changed."""
    place = {"pk": {"S": keys.year_partition(YEAR)}, "sk": {"S": keys.CHANGED}}
    item = table.client.get_item(TableName=table.name, Key=place, ConsistentRead=True).get("Item")
    return int(item["changed"]["N"]) if item else 0


class DiedError(BaseException):
    """The function's environment was killed."""


def dies_before(table, operation: str, sort: str) -> Callable[[], None]:
    """Let the next call of an operation on items of a sort key find its function dead; returns how that ends."""

    def die(params: dict[str, Any], **_: Any) -> None:
        if params.get("Key", params.get("Item"))["sk"]["S"].startswith(sort):
            raise DiedError

    name = f"provide-client-params.dynamodb.{operation}"
    table.watched.meta.events.register_first(name, die)
    return lambda: table.watched.meta.events.unregister(name, die)


def test_a_partial_is_announced_once_when_it_stands(table) -> None:
    # GIVEN
    ledger = table.ledger
    first = fold_group(0, [standing("acme", Seat(0, 0), identity())])
    second = fold_group(0, [standing("acme", Seat(0, 0), identity(cid="CID000002"))])
    # WHEN it is written, found again, written over by somebody too late, and replaced
    for partial, seen, expected in (
        (first, PartialVersion(0, ""), 1),
        (first, None, 1),
        (second, PartialVersion(0, ""), 1),
        (second, None, 2),
        (second, None, 2),
    ):
        ledger.partials.put(YEAR, partial, seen or ledger.partials.version(YEAR, 0))
        # THEN
        assert announced(table) == expected


@pytest.mark.parametrize(
    ("operation", "sort", "times"),
    [("UpdateItem", keys.CHANGED, 1), ("PutItem", keys.ANNOUNCED, 2)],
    ids=["before it is announced", "before it is known to be announced"],
)
def test_a_partial_whose_writer_died_is_announced_by_whoever_finds_it(table, operation, sort, times) -> None:
    # GIVEN a partial that was written by somebody who died
    ledger = table.ledger
    partial = fold_group(0, [standing("acme", Seat(0, 0), identity())])
    revive = dies_before(table, operation, sort)
    with pytest.raises(DiedError):
        ledger.partials.put(YEAR, partial, PartialVersion(0, ""))
    revive()
    # WHEN it is found as it should be, twice
    for _ in range(2):
        assert ledger.partials.put(YEAR, partial, ledger.partials.version(YEAR, 0))
    # THEN
    assert announced(table) == times


def test_an_older_partial_that_is_announced_late_hides_no_newer_one(table) -> None:
    # GIVEN a writer that is held up before it announces, and another that replaces its partial and dies
    ledger = table.ledger
    first, second = (fold_group(0, [standing("acme", Seat(0, 0), identity(cid=f"CID{n}"))]) for n in (1, 2))
    revive = dies_before(table, "UpdateItem", keys.CHANGED)
    for partial in (first, second):
        with pytest.raises(DiedError):
            ledger.partials.put(YEAR, partial, ledger.partials.version(YEAR, 0))
    revive()
    # WHEN the first goes on, and then the second is tried again
    ledger.changes.announce_new_partial(YEAR, 0, 1)
    assert ledger.partials.put(YEAR, second, ledger.partials.version(YEAR, 0))
    # THEN
    assert announced(table) == 2


def reference_file(number: int, as_of: str) -> ReferenceSnapshot:
    return ReferenceSnapshot("list", "2016/smelter-list.csv", f"v{number}", f"{number}", f"2017-02-0{number}", as_of)


def test_a_reference_file_is_announced_once_also_as_history(table) -> None:
    # GIVEN a list, and an older one that comes late
    newer, older = reference_file(1, "2017-01-31"), reference_file(2, "2016-12-31")
    # WHEN each is brought twice
    for brought, expected in ((newer, 1), (newer, 1), (older, 2), (older, 2), (newer, 2)):
        table.ledger.references.put(YEAR, brought)
        # THEN
        assert announced(table) == expected
    assert table.ledger.references.history(YEAR) == (older, newer)


@pytest.mark.parametrize(
    ("operation", "sort", "times"),
    [("PutItem", "REFERENCE#", 1), ("UpdateItem", keys.CHANGED, 1), ("PutItem", "SNAPSHOT#", 1)],
)
def test_a_reference_file_whose_adopter_died_is_announced_when_it_is_tried_again(table, operation, sort, times) -> None:
    # GIVEN
    revive = dies_before(table, operation, sort)
    with pytest.raises(DiedError):
        table.ledger.references.put(YEAR, reference_file(1, "2017-01-31"))
    revive()
    # WHEN
    for _ in range(2):
        table.ledger.references.put(YEAR, reference_file(1, "2017-01-31"))
    # THEN
    assert announced(table) == times
    assert table.ledger.references.in_force(YEAR)


def test_a_year_is_known_by_its_seats_or_by_what_was_announced(table) -> None:
    # GIVEN a year with a supplier, one with a reference file, one with both
    table.ledger.groups.seat(YEAR, "acme")
    table.ledger.references.put(YEAR + 1, reference_file(1, "2017-01-31"))
    table.ledger.groups.seat(YEAR + 2, "acme")
    table.ledger.references.put(YEAR + 2, reference_file(1, "2017-01-31"))
    # WHEN / THEN
    assert table.ledger.changes.years() == (YEAR + 2, YEAR + 1, YEAR)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_snapshot_with_the_newest_as_of_date_is_in_force_in_every_order(table, order) -> None:
    snapshots = [
        ReferenceSnapshot("smelter-list.csv", "k", f"v{n}", f"{n}", f"2017-0{n + 1}-01", as_of)
        for n, as_of in enumerate(["2017-03-31", "2017-04-30", "2017-04-01"])
    ]
    for number in order:
        table.ledger.references.put(YEAR, snapshots[number])
    assert table.ledger.references.in_force(YEAR) == {"smelter-list.csv": snapshots[1]}


def test_what_is_current_is_written_by_one_of_those_who_race(table) -> None:
    # GIVEN callers who all read the same version, each with another submission
    ledger = table.ledger
    seat = ledger.groups.seat(YEAR, "acme")
    placements = [
        Placement((Receipt("2017-02-01T08:00:00.000Z", "2016/acme/a", f"v{n}", State.ACCEPTED, "A"),), None)
        for n in range(CALLERS)
    ]
    # WHEN all write
    written = at_once(CALLERS, lambda caller: ledger.groups.put_current(YEAR, "acme", seat, 0, placements[caller]))
    # THEN the one who was told so has written
    assert written.count(True) == 1
    (member,) = ledger.groups.members(YEAR, 0)
    assert member.current[0].endswith(f"#v{written.index(True)}")
    assert ledger.groups.current_version(YEAR, "acme", seat) == 1


def test_a_partial_is_written_by_one_of_those_who_race(table) -> None:
    # GIVEN a partial that all have seen
    ledger = table.ledger
    partials = [fold_group(0, [standing("acme", Seat(0, 0), identity(cid=f"CID{n:06}"))]) for n in range(CALLERS)]
    assert ledger.partials.put(YEAR, partials[0], PartialVersion(0, ""))
    seen = ledger.partials.version(YEAR, 0)
    ledger.groups.seat(YEAR, "acme")
    # WHEN all but its writer write another
    written = at_once(CALLERS - 1, lambda caller: ledger.partials.put(YEAR, partials[caller + 1], seen))
    # THEN
    assert written.count(True) == 1
    assert ledger.partials.of_year(YEAR) == (partials[written.index(True) + 1],)
    assert ledger.partials.version(YEAR, 0).number == 2


def test_what_was_recorded_first_stays(table) -> None:
    # GIVEN a submission, and a later reading of the same object version that says something else
    first, second = submission(identities={identity(): 1}), submission(identities={identity(): 2})
    table.ledger.submissions.record(YEAR, first)
    before = table.items()
    # WHEN
    table.ledger.submissions.record(YEAR, second)
    # THEN
    assert table.items() == before


def test_what_is_brought_again_is_not_written_again(table) -> None:
    # GIVEN everything that an event may bring, once
    ledger = table.ledger
    snapshot = ReferenceSnapshot("roster", "2016/suppliers.csv", "v1", "0" * 64, "2017-02-02", "2017-01-31")
    withdrawal = Withdrawal("2017-01-01T08:00:00.001Z", "2016/acme/cmrt.xlsx")

    def bring() -> None:
        ledger.submissions.record(YEAR, submission(identities={identity(): 1}))
        ledger.submissions.record_withdrawal(YEAR, "acme", withdrawal)
        ledger.references.put(YEAR, snapshot)
        assert settle(ledger, "acme")
        fold = fold_group(0, [standing("acme", ledger.groups.seat(YEAR, "acme"), identity())])
        assert ledger.partials.put(YEAR, fold, ledger.partials.version(YEAR, 0))

    bring()
    written: list[str] = []

    def remember(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if "Error" not in parsed:
            written.append(model.name)

    for operation in ("PutItem", "UpdateItem"):
        table.watched.meta.events.register(f"after-call.dynamodb.{operation}", remember)
    # WHEN it is brought again
    bring()
    # THEN no write was taken, which the table's stream would have told on
    assert written == []


# ---- keys and empty values ---------------------------------------------------------------------------------------


def test_the_longest_names_in_any_script_make_keys_that_fit(table) -> None:
    # GIVEN a supplier id of 64 characters, an object key of 1,024 bytes in many scripts, and a version id as long
    supplier_id = "s" * 64
    key = f"2016/{supplier_id}/{SCRIPTS * 40}".encode()[:1024].decode("utf-8", "ignore")
    kept = submission(supplier_id, key=key, version_id="v" * 1024, scope="B", identities={identity(): 1})
    other = submission(supplier_id, key=key, version_id="v" * 1023 + "w", scope="B")
    # WHEN everything is kept that such names go into
    ledger = table.ledger
    ledger.submissions.record(YEAR, kept)
    ledger.submissions.record(YEAR, other)
    ledger.submissions.record_withdrawal(
        YEAR, supplier_id, Withdrawal("2017-02-01T08:00:00.001Z", key, other.version_id)
    )
    snapshot = ReferenceSnapshot("smelter-list:" + "鉱" * 200, key, "v" * 1024, "0" * 64, "2017-02-01", "2017-01-31")
    ledger.references.put(YEAR, snapshot)
    # THEN it comes back whole, and two version ids that differ at their very end are two
    assert [receipt.version_id for receipt in ledger.submissions.receipts(YEAR, supplier_id)] == sorted(
        (kept.version_id, other.version_id), key=lambda version: keys.submission(kept.received, key, version)
    )
    assert settle(ledger, supplier_id)
    (member,) = ledger.groups.members(YEAR, 0)
    assert ledger.submissions.summaries(YEAR, [(supplier_id, member.current[0])]) == {
        (supplier_id, member.current[0]): kept
    }
    assert ledger.references.in_force(YEAR) == {snapshot.kind: snapshot}
    (first, second) = ledger.submissions.receipts(YEAR, supplier_id)
    declared = [ledger.smelters.declared(YEAR, supplier_id, receipt).smelters for receipt in (first, second)]
    assert sorted(map(len, declared)) == [0, 1]


def test_what_is_empty_is_kept_where_it_is_no_key(table) -> None:
    # GIVEN a smelter without metal, number and texts; a scope, a version id and a rejected submission that are ""
    ledger = table.ledger
    ledger.submissions.record(YEAR, submission(scope="", version_id="", identities={identity("", "", "", ""): 1}))
    ledger.submissions.record_withdrawal(YEAR, "acme", Withdrawal("2017-01-01T08:00:00.001Z", "2016/acme/cmrt.xlsx"))
    # THEN all of it can be asked for
    assert settle(ledger, "acme")
    assert [(receipt.scope, receipt.version_id) for receipt in ledger.submissions.receipts(YEAR, "acme")] == [("", "")]
    assert [withdrawal.version_id for withdrawal in ledger.submissions.withdrawals(YEAR, "acme")] == [""]
    assert ledger.groups.members(YEAR, 0)[0].rejected == ""
    (receipt,) = ledger.submissions.receipts(YEAR, "acme")
    assert ledger.smelters.declared(YEAR, "acme", receipt).smelters == (DeclaredSmelter("", "", "", "", (5,)),)


def test_numbers_come_back_as_they_were_counted(table) -> None:
    # GIVEN counts at which a number might be told another way (100 as 1E+2, 0 as nothing)
    ledger = table.ledger
    partition = {"pk": {"S": keys.year_partition(YEAR)}, "sk": {"S": keys.SEATS}}
    for dealt in (0, 99, 100, 6_399, 10**6):
        table.client.put_item(TableName=table.name, Item={**partition, "dealt": {"N": str(dealt)}})
        # WHEN / THEN
        assert ledger.groups.seat(YEAR, f"s{dealt}") == Seat(*divmod(dealt, GROUP_SIZE))
        assert ledger.groups.numbers(YEAR) == range(dealt // GROUP_SIZE + 1)


# ---- batches -----------------------------------------------------------------------------------------------------


def test_summaries_that_are_read_piece_by_piece_come_back_whole(table, stingy) -> None:
    # GIVEN more submissions than a call answers, and more calls than would be tried in vain
    kept = [submission(f"s{n}") for n in range(12)]
    for summary in kept:
        table.ledger.submissions.record(YEAR, summary)
    wanted = [(summary.supplier_id, keys.summary(*summary.order)) for summary in kept]
    throttled = stingy(1)
    # WHEN
    found = table.ledger.submissions.summaries(YEAR, [*wanted, ("nobody", wanted[0][1])])
    # THEN
    assert list(found.values()) == kept
    assert throttled.calls > UNPROCESSED_ATTEMPTS
    throttled.most = 0
    with pytest.raises(StillUnprocessedError):
        table.ledger.submissions.summaries(YEAR, wanted)


def test_more_than_a_hundred_summaries_are_read(table) -> None:
    kept = [submission(version_id=f"v{n:03}") for n in range(101)]
    for summary in kept:
        table.ledger.submissions.record(YEAR, summary)
    found = table.ledger.submissions.summaries(YEAR, [("acme", keys.summary(*summary.order)) for summary in kept])
    assert sorted(summary.version_id for summary in found.values()) == [f"v{n:03}" for n in range(101)]


def test_partials_of_more_than_an_answer_holds_come_back_whole(table) -> None:
    # GIVEN partials of three megabytes together; dynalite answers with little more than one
    ledger = table.ledger
    partials = tuple(partial_of(300_000, group, seed=f"{group}-") for group in range(10))
    for group, partial in enumerate(partials):
        assert ledger.partials.put(YEAR, partial, PartialVersion(0, ""))
        table.client.put_item(TableName=table.name, Item=seats_dealt(GROUP_SIZE * group + 1))
    # WHEN / THEN
    assert ledger.partials.of_year(YEAR) == partials


def seats_dealt(count: int) -> dict[str, Any]:
    return {"pk": {"S": keys.year_partition(YEAR)}, "sk": {"S": keys.SEATS}, "dealt": {"N": str(count)}}


# ---- sizes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "parts"), [(BLOB_PART - 5_000, 0), (BLOB_PART + 5_000, 2), (2 * BLOB_PART + 20_000, 3)]
)
def test_a_partial_is_kept_in_one_item_as_long_as_it_fits(table, size, parts) -> None:
    # GIVEN a partial of about that many bytes
    ledger = table.ledger
    partial = partial_of(size)
    # WHEN
    assert ledger.partials.put(YEAR, partial, PartialVersion(0, ""))
    # THEN
    blobs = [item for item in table.items() if item["pk"]["S"].startswith("BLOB#")]
    assert len(blobs) == parts
    assert all(blob_size(blob) == BLOB_PART for blob in blobs[:-1])
    ledger.groups.seat(YEAR, "acme")
    assert ledger.partials.of_year(YEAR) == (partial,)
    assert ledger.partials.stored(YEAR, 0).partial == partial


def parts_in(table) -> int:
    return sum(item["pk"]["S"].startswith("BLOB#") for item in table.items())


def large(seed: str) -> Partial:
    """A partial of two parts."""
    return partial_of(BLOB_PART + 50_000, seed=seed)


def replace_partial(ledger: Ledger, partial: Partial) -> None:
    assert ledger.partials.put(YEAR, partial, ledger.partials.version(YEAR, 0))


def test_parts_of_a_partial_that_was_replaced_twice_are_deleted(table) -> None:
    # GIVEN a partial of two parts, in two forms that take turns
    ledger = table.ledger
    ledger.groups.seat(YEAR, "acme")
    forms = [large(seed) for seed in ("a", "b")]
    # WHEN it is replaced many times, also by what it was before
    for number in range(5):
        replace_partial(ledger, forms[number % 2])
        # THEN it is whole, and no more is kept than it and the one before
        assert ledger.partials.of_year(YEAR) == (forms[number % 2],)
        assert parts_in(table) == (4 if number else 2)
    # WHEN it has become small, and is replaced once more
    for seed in ("c", "d"):
        replace_partial(ledger, partial_of(10_000, seed=seed))
    # THEN
    assert parts_in(table) == 0


def test_whoever_reads_a_partial_while_it_is_replaced_twice_gets_one_that_stood(table) -> None:
    # GIVEN a reader that has the item, and not yet its parts
    ledger = table.ledger
    ledger.groups.seat(YEAR, "acme")
    forms = [large(seed) for seed in ("a", "b", "c")]
    replace_partial(ledger, forms[0])
    came: list[int] = []

    def come(params: dict[str, Any], **_: Any) -> None:
        if params["ExpressionAttributeValues"][":pk"]["S"].startswith("BLOB#") and not came:
            came.append(1)
            for form in forms[1:]:
                replace_partial(ledger, form)

    # WHEN
    table.watched.meta.events.register_first("provide-client-params.dynamodb.Query", come)
    # THEN
    assert ledger.partials.of_year(YEAR) == (forms[2],)
    assert came


def test_a_slow_writer_deletes_nothing_that_is_needed(table) -> None:
    # GIVEN a writer that has seen a partial, which is then replaced, once by what the slow one is about to write
    ledger = table.ledger
    ledger.groups.seat(YEAR, "acme")
    forms = [large(seed) for seed in ("a", "b", "c")]
    for form in forms[:2]:
        replace_partial(ledger, form)
    seen = ledger.partials.version(YEAR, 0)
    for form in (forms[2], forms[0], forms[2]):
        replace_partial(ledger, form)
        # WHEN it goes on
        assert not ledger.partials.put(YEAR, forms[2], seen)
        # THEN what stands is whole
        assert ledger.partials.of_year(YEAR) == (form,)


def test_parts_are_forgotten_with_the_aggregates(table) -> None:
    table.ledger.groups.seat(YEAR, "acme")
    for seed in ("a", "b"):
        replace_partial(table.ledger, large(seed))
    table.ledger.drop_aggregates(YEAR)
    assert parts_in(table) == 0


def test_a_query_goes_on_beyond_a_page_in_order(table) -> None:
    # GIVEN a list of smelters that is more than an answer of 1 MB
    names = {identity(cid=f"CID{number:06}", name=noise(2_000, f"{number}-")): 1 for number in range(600)}
    table.ledger.submissions.record(YEAR, submission(identities=names))
    (receipt,) = table.ledger.submissions.receipts(YEAR, "acme")
    answers = count_calls(table, "Query")
    # WHEN
    kept = [smelter.cid for smelter in table.ledger.smelters.declared(YEAR, "acme", receipt).smelters]
    # THEN
    assert kept == [f"CID{number:06}" for number in range(600)]
    assert answers() >= 2


def test_a_scan_goes_on_beyond_a_page(table) -> None:
    # GIVEN two suppliers with a megabyte of smelters between and around them, and another year's
    names = {identity(cid=f"CID{number:06}", name=noise(2_000, f"{number}-")): 1 for number in range(350)}
    for supplier_id in ("acme", "beta"):
        table.ledger.submissions.record(YEAR, submission(supplier_id, identities=names))
    gone = Withdrawal("2017-02-01T08:00:00.001Z", "2016/gone/cmrt.xlsx")
    table.ledger.submissions.record_withdrawal(YEAR, "gone", gone)
    table.ledger.submissions.record(YEAR + 1, submission("later"))
    answers = count_calls(table, "Scan")
    # WHEN / THEN
    assert table.ledger.submissions.suppliers(YEAR) == ("acme", "beta", "gone")
    assert answers() >= 2


def count_calls(table: Table, operation: str) -> Callable[[], int]:
    """How many calls of an operation the ledger has made from now on."""
    seen: list[str] = []
    table.watched.meta.events.register_first(
        f"provide-client-params.dynamodb.{operation}", lambda **_: seen.append(operation)
    )
    return lambda: len(seen)


# ---- reconciling and rebuilding ----------------------------------------------------------------------------------


def test_a_group_says_what_is_current_and_what_its_partial_covers_without_the_partial(table) -> None:
    # GIVEN a settled supplier whose group was folded from what is current
    ledger = table.ledger
    assert not ledger.groups.state(YEAR, 0).stale
    ledger.submissions.record(YEAR, submission(identities={identity(): 1}))
    settle(ledger, "acme")
    assert ledger.groups.state(YEAR, 0).stale
    fold = fold_group(0, [replace(standing("acme", Seat(0, 0), identity()), day="2017-02-01")])
    assert ledger.partials.put(YEAR, fold, PartialVersion(0, ""))
    # WHEN / THEN the names that the projection asks for are reserved words of DynamoDB's in part
    state = ledger.groups.state(YEAR, 0)
    assert not state.stale
    assert state.version == 1
    assert state.members == ledger.groups.members(YEAR, 0)
    assert ledger.partials.stored(YEAR, 0).covers == state.covers


def test_damaged_bytes_of_a_partial_are_told(table) -> None:
    place = {"pk": {"S": keys.group_partition(YEAR, 0)}, "sk": {"S": keys.PARTIAL}}
    table.client.put_item(TableName=table.name, Item={**place, "covers": {"S": "x"}, "blob": {"B": b"damaged"}})
    assert table.ledger.partials.stored(YEAR, 0).partial is None
    assert table.ledger.partials.stored(YEAR, 0).covers == "x"
    assert table.ledger.partials.stored(YEAR, 1).covers == ""


def test_what_was_verified_is_remembered_and_forgotten_with_the_aggregates(table) -> None:
    # GIVEN a year with everything that is made again, beside another year
    ledger = table.ledger
    for year in (YEAR, YEAR + 1):
        ledger.submissions.record(year, submission())
        seat = ledger.groups.seat(year, "acme")
        ledger.groups.put_current(year, "acme", seat, 0, place(ledger.submissions.receipts(year, "acme"), ()))
        ledger.partials.put(year, fold_group(0, [standing("acme", seat)]), PartialVersion(0, ""))
        assert ledger.changes.verified(year) == ""
        ledger.changes.note_verified(year, f"{year}")
    assert ledger.changes.years() == (YEAR + 1, YEAR)
    # WHEN
    ledger.drop_aggregates(YEAR)
    # THEN the facts stay, and so does the other year
    assert (ledger.changes.verified(YEAR), ledger.changes.verified(YEAR + 1)) == ("", f"{YEAR + 1}")
    assert (ledger.groups.members(YEAR, 0), ledger.partials.of_year(YEAR)) == ((), ())
    assert len(ledger.submissions.receipts(YEAR, "acme")) == len(ledger.partials.of_year(YEAR + 1)) == 1
    assert ledger.groups.seat(YEAR, "acme") == Seat(0, 0)


def test_receipt_times_are_told_of_submissions_and_reference_files(table) -> None:
    ledger = table.ledger
    kept = submission()
    snapshot = ReferenceSnapshot("roster", "2016/suppliers.csv", "v7", "0" * 64, "2017-02-02", "2017-01-31")
    ledger.submissions.record(YEAR, kept)
    ledger.references.put(YEAR, snapshot)
    assert ledger.receipt_times(YEAR) == {
        (kept.key, kept.version_id): kept.received,
        (snapshot.key, snapshot.version_id): snapshot.received,
    }


# ---- reference data ----------------------------------------------------------------------------------------------


def test_whoever_brings_an_older_snapshot_is_told_which_one_is_in_force(table) -> None:
    # GIVEN
    newer, older = (
        ReferenceSnapshot("roster", f"2016/{n}.csv", f"v{n}", f"{n}", "2017-02-02", f"2017-01-3{n}") for n in (1, 0)
    )
    assert table.ledger.references.put(YEAR, newer) == newer
    # WHEN / THEN
    assert table.ledger.references.put(YEAR, older) == newer
    assert table.ledger.references.put(YEAR, newer) == newer
    assert table.ledger.references.in_force(YEAR) == {"roster": newer}
    assert table.ledger.references.history(YEAR) == (older, newer)


def test_of_snapshots_that_race_the_newest_is_in_force(table) -> None:
    snapshots = [
        ReferenceSnapshot("roster", "2016/suppliers.csv", f"v{n}", f"{n}", "2017-02-02", f"2017-01-{n + 1:02}")
        for n in range(CALLERS)
    ]
    at_once(CALLERS, lambda caller: table.ledger.references.put(YEAR, snapshots[caller]))
    assert table.ledger.references.in_force(YEAR) == {"roster": snapshots[-1]}
    assert table.ledger.references.history(YEAR) == tuple(snapshots)
