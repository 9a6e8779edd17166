"""The ledger on each DynamoDB there is: every write safe to repeat, every question answered by key."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from tests.contract.engines import Table
from tests.factories.lines import line
from tests.factories.submissions import identity, standing, submission
from tracelode.ledger import keys
from tracelode.ledger.codec import encode_partial
from tracelode.ledger.ledger import (
    BLOB_PART,
    UNPROCESSED_ATTEMPTS,
    Ledger,
    PartialVersion,
    ReferenceSnapshot,
    StillUnprocessedError,
)
from tracelode.submission import State
from tracelode.tally.aggregate import GROUP_SIZE, Partial, Seat, fold_group
from tracelode.tally.current import Placement, Receipt, Withdrawal, place

YEAR = 2016
CALLERS = 8
LONGEST_TEXT = 4_000
"""Characters of a cell (workbooks/limits.py)."""
UNCOMMON = "\U0001f48e"
"""A character of four bytes in UTF-8, two units in UTF-16 and twelve characters in JSON's escapes."""
SCRIPTS = "鉱石Вольфрам錫تنتالום주석ทอง"

Answer = TypeVar("Answer")


def settle(ledger: Ledger, supplier_id: str) -> bool:
    seat = ledger.seat(YEAR, supplier_id)
    version = ledger.current_version(YEAR, supplier_id, seat)
    placement = place(ledger.receipts(YEAR, supplier_id), ledger.withdrawals(YEAR, supplier_id))
    return ledger.put_current(YEAR, supplier_id, seat, version, placement)


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
    """DynamoDB that takes no more than `most` entries of a batch a call, at the wire: the rest comes back unprocessed.

    It does what AWS does when a table is throttled or an answer would be too large.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.most = most
        self.calls = 0
        events = table.watched.meta.events
        self._handlers = {
            "provide-client-params.dynamodb.BatchWriteItem": self._keep_back("", "PutRequest"),
            "provide-client-params.dynamodb.BatchGetItem": self._keep_back("Keys", "pk"),
            "after-call.dynamodb.BatchWriteItem": self._hand_back("UnprocessedItems"),
            "after-call.dynamodb.BatchGetItem": self._hand_back("UnprocessedKeys"),
        }
        for name, handler in self._handlers.items():
            events.register(name, handler)
        self._events = events

    def stop(self) -> None:
        for name, handler in self._handlers.items():
            self._events.unregister(name, handler)

    def _keep_back(self, inner: str, known_by: str) -> Callable[..., dict[str, Any]]:
        def handler(params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
            self.calls += 1
            ((name, asked),) = params["RequestItems"].items()
            entries = asked[inner] if inner else asked
            assert all(known_by in entry for entry in entries)
            # An empty batch is refused, so one entry always goes out; with `most` 0 it is told to be unprocessed too.
            taken, left = entries[: max(self.most, 1)], entries[self.most :]
            context["left"] = {name: {**asked, inner: left} if inner else left} if left else {}
            return {"RequestItems": {name: {**asked, inner: taken} if inner else taken}}

        return handler

    def _hand_back(self, member: str) -> Callable[..., None]:
        def handler(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
            parsed[member] = {**parsed.get(member, {}), **context["left"]}

        return handler


@pytest.fixture
def stingy(table) -> Iterator[Callable[[int], Stingy]]:
    """Factory: makes this test's table take so many entries of a batch a call."""
    made: list[Stingy] = []

    def make(most: int) -> Stingy:
        made.append(Stingy(table, most))
        return made[-1]

    yield make
    for one in made:
        one.stop()


# ---- smelter lines -----------------------------------------------------------------------------------------------


def test_lines_come_back_in_row_order_and_are_written_once(table) -> None:
    lines = [line(row, f"CID{row:06}", comments="=1+1" if row == 7 else "") for row in (5, 30, 7)]
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    table.ledger.put_lines(YEAR, "acme", "ab", [])
    kept = list(table.ledger.lines(YEAR, "acme", "ab"))
    assert [(entry["cid"], entry.get("comments")) for entry in kept] == [
        ("CID000005", None),
        ("CID000007", "=1+1"),
        ("CID000030", None),
    ]


def test_lines_left_half_written_by_a_crash_are_completed(table) -> None:
    lines = [line(row, f"CID{row:06}") for row in range(5, 65)]
    table.ledger.put_lines(YEAR, "acme", "ab", lines[:30])
    table.client.delete_item(TableName=table.name, Key={"pk": {"S": "LINES#2016#acme#ab"}, "sk": {"S": "COMPLETE"}})
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    assert len(list(table.ledger.lines(YEAR, "acme", "ab"))) == 60


def test_the_index_answers_who_names_a_facility(table) -> None:
    table.ledger.put_lines(YEAR, "acme", "ab", [line(5), line(6), line(7, None)])
    table.ledger.put_lines(YEAR, "beta", "cd", [line(5), line(6, "CID000002")])
    for year, cid, named in (
        (YEAR, "CID000001", ("acme", "beta")),
        (YEAR, "CID000002", ("beta",)),
        (YEAR + 1, "CID000001", ()),
    ):
        assert table.suppliers_naming(year, "Gold", cid, named) == named


def test_a_submission_is_recorded_once_and_comes_back_whole(table) -> None:
    summary = submission(identities={identity(): 2}, answers={"covered_countries": {"Gold": "No"}})
    for _ in range(2):
        table.ledger.put_submission(YEAR, summary)
    assert len(table.items()) == 2
    assert settle(table.ledger, "acme")
    (member,) = table.ledger.members(YEAR, 0)
    assert table.ledger.summaries(YEAR, [("acme", member.current[0])]) == {("acme", member.current[0]): summary}


def test_a_summary_too_large_for_an_item_comes_back_whole(table) -> None:
    # GIVEN a declaration of thousands of names that do not compress
    names = {identity(cid="", name=hashlib.sha512(str(n).encode()).hexdigest()): 1 for n in range(9000)}
    summary = submission(identities=names)
    # WHEN it is recorded
    table.ledger.put_submission(YEAR, summary)
    settle(table.ledger, "acme")
    # THEN it lies in parts and reads as it was
    assert any(item["pk"]["S"].startswith("BLOB#") for item in table.items())
    (member,) = table.ledger.members(YEAR, 0)
    assert table.ledger.summaries(YEAR, [("acme", member.current[0])])["acme", member.current[0]] == summary


def test_suppliers_are_dealt_seats_in_order_and_keep_them(table) -> None:
    seats = [table.ledger.seat(YEAR, f"s{n}") for n in range(GROUP_SIZE + 1)]
    assert seats[0] == Seat(0, 0)
    assert seats[GROUP_SIZE - 1 :] == [Seat(0, GROUP_SIZE - 1), Seat(1, 0)]
    assert table.ledger.seat(YEAR, "s3") == Seat(0, 3)
    assert table.ledger.groups(YEAR) == range(2)
    assert table.ledger.groups(YEAR + 1) == range(0)


def test_racing_callers_of_one_supplier_get_one_seat(table) -> None:
    seats = at_once(CALLERS, lambda _: table.ledger.seat(YEAR, "acme"))
    assert len(set(seats)) == 1


def test_racing_suppliers_get_a_seat_each(table) -> None:
    seats = at_once(CALLERS, lambda caller: table.ledger.seat(YEAR, f"s{caller}"))
    assert sorted(seats) == [Seat(0, number) for number in range(CALLERS)]


def test_what_is_current_is_not_overwritten_by_who_read_earlier(table) -> None:
    # GIVEN somebody who read the version before a newer submission was placed
    ledger = table.ledger
    ledger.put_submission(YEAR, submission(version_id="v1"))
    seat = ledger.seat(YEAR, "acme")
    stale_version = ledger.current_version(YEAR, "acme", seat)
    stale = place(ledger.receipts(YEAR, "acme"), [])
    ledger.put_submission(YEAR, submission(received="2017-03-01T08:00:00.000Z", version_id="v2"))
    assert settle(ledger, "acme")
    # WHEN it writes what it computed
    written = ledger.put_current(YEAR, "acme", seat, stale_version, stale)
    # THEN it is refused and the newer one stays
    assert not written
    assert "2017-03-01" in ledger.members(YEAR, 0)[0].current[0]


def test_settling_twice_writes_once(table) -> None:
    table.ledger.put_submission(YEAR, submission())
    assert settle(table.ledger, "acme")
    seat = table.ledger.seat(YEAR, "acme")
    before = table.ledger.current_version(YEAR, "acme", seat)
    assert settle(table.ledger, "acme")
    assert table.ledger.current_version(YEAR, "acme", seat) == before


def test_a_withdrawal_empties_the_slot_and_a_rejected_one_is_remembered(table) -> None:
    good, broken = (
        submission(),
        submission(received="2017-03-01T08:00:00.000Z", key="2016/acme/broken.xlsx", state=State.REJECTED, scope=""),
    )
    table.ledger.put_submission(YEAR, good)
    table.ledger.put_submission(YEAR, broken)
    table.ledger.put_withdrawal(YEAR, "acme", Withdrawal("2017-02-01T08:00:00.001Z", good.key))
    settle(table.ledger, "acme")
    (member,) = table.ledger.members(YEAR, 0)
    assert member.current == ()
    assert member.rejected.startswith("SUMMARY#2017-03-01")


def test_a_partial_is_written_only_over_the_one_that_was_seen(table) -> None:
    ledger = table.ledger
    first = fold_group(0, [standing("acme", Seat(0, 0), identity())])
    second = fold_group(0, [standing("acme", Seat(0, 0), identity(cid="CID000002"))])
    ledger.seat(YEAR, "acme")
    seen = ledger.partial_version(YEAR, 0)
    assert seen == PartialVersion(0, "")
    assert ledger.put_partial(YEAR, first, seen)
    assert not ledger.put_partial(YEAR, second, seen)
    assert ledger.partials(YEAR) == (first,)
    now = ledger.partial_version(YEAR, 0)
    assert ledger.put_partial(YEAR, first, now)
    assert ledger.partial_version(YEAR, 0) == now
    assert ledger.put_partial(YEAR, second, now)
    assert ledger.partials(YEAR) == (second,)


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
        ledger.put_partial(YEAR, partial, seen or ledger.partial_version(YEAR, 0))
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
        ledger.put_partial(YEAR, partial, PartialVersion(0, ""))
    revive()
    # WHEN it is found as it should be, twice
    for _ in range(2):
        assert ledger.put_partial(YEAR, partial, ledger.partial_version(YEAR, 0))
    # THEN
    assert announced(table) == times


def test_an_older_partial_that_is_announced_late_hides_no_newer_one(table) -> None:
    # GIVEN a writer that is held up before it announces, and another that replaces its partial and dies
    ledger = table.ledger
    first, second = (fold_group(0, [standing("acme", Seat(0, 0), identity(cid=f"CID{n}"))]) for n in (1, 2))
    revive = dies_before(table, "UpdateItem", keys.CHANGED)
    for partial in (first, second):
        with pytest.raises(DiedError):
            ledger.put_partial(YEAR, partial, ledger.partial_version(YEAR, 0))
    revive()
    # WHEN the first goes on, and then the second is tried again
    ledger._announce_new_partial(YEAR, 0, 1)
    assert ledger.put_partial(YEAR, second, ledger.partial_version(YEAR, 0))
    # THEN
    assert announced(table) == 2


def reference_file(number: int, as_of: str) -> ReferenceSnapshot:
    return ReferenceSnapshot("list", "2016/smelter-list.csv", f"v{number}", f"{number}", f"2017-02-0{number}", as_of)


def test_a_reference_file_is_announced_once_also_as_history(table) -> None:
    # GIVEN a list, and an older one that comes late
    newer, older = reference_file(1, "2017-01-31"), reference_file(2, "2016-12-31")
    # WHEN each is brought twice
    for brought, expected in ((newer, 1), (newer, 1), (older, 2), (older, 2), (newer, 2)):
        table.ledger.put_snapshot(YEAR, brought)
        # THEN
        assert announced(table) == expected
    assert table.ledger.snapshots(YEAR) == (older, newer)


@pytest.mark.parametrize(
    ("operation", "sort", "times"),
    [("PutItem", "REFERENCE#", 1), ("UpdateItem", keys.CHANGED, 1), ("PutItem", "SNAPSHOT#", 1)],
)
def test_a_reference_file_whose_adopter_died_is_announced_when_it_is_tried_again(table, operation, sort, times) -> None:
    # GIVEN
    revive = dies_before(table, operation, sort)
    with pytest.raises(DiedError):
        table.ledger.put_snapshot(YEAR, reference_file(1, "2017-01-31"))
    revive()
    # WHEN
    for _ in range(2):
        table.ledger.put_snapshot(YEAR, reference_file(1, "2017-01-31"))
    # THEN
    assert announced(table) == times
    assert table.ledger.references(YEAR)


def test_a_year_is_known_by_its_seats_or_by_what_was_announced(table) -> None:
    # GIVEN a year with a supplier, one with a reference file, one with both
    table.ledger.seat(YEAR, "acme")
    table.ledger.put_snapshot(YEAR + 1, reference_file(1, "2017-01-31"))
    table.ledger.seat(YEAR + 2, "acme")
    table.ledger.put_snapshot(YEAR + 2, reference_file(1, "2017-01-31"))
    # WHEN / THEN
    assert table.ledger.years() == (YEAR + 2, YEAR + 1, YEAR)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_snapshot_with_the_newest_as_of_date_is_in_force_in_every_order(table, order) -> None:
    snapshots = [
        ReferenceSnapshot("smelter-list.csv", "k", f"v{n}", f"{n}", f"2017-0{n + 1}-01", as_of)
        for n, as_of in enumerate(["2017-03-31", "2017-04-30", "2017-04-01"])
    ]
    for number in order:
        table.ledger.put_snapshot(YEAR, snapshots[number])
    assert table.ledger.references(YEAR) == {"smelter-list.csv": snapshots[1]}


def test_what_is_current_is_written_by_one_of_those_who_race(table) -> None:
    # GIVEN callers who all read the same version, each with another submission
    ledger = table.ledger
    seat = ledger.seat(YEAR, "acme")
    placements = [
        Placement((Receipt("2017-02-01T08:00:00.000Z", "2016/acme/a", f"v{n}", State.ACCEPTED, "A"),), None)
        for n in range(CALLERS)
    ]
    # WHEN all write
    written = at_once(CALLERS, lambda caller: ledger.put_current(YEAR, "acme", seat, 0, placements[caller]))
    # THEN the one who was told so has written
    assert written.count(True) == 1
    (member,) = ledger.members(YEAR, 0)
    assert member.current[0].endswith(f"#v{written.index(True)}")
    assert ledger.current_version(YEAR, "acme", seat) == 1


def test_a_partial_is_written_by_one_of_those_who_race(table) -> None:
    # GIVEN a partial that all have seen
    ledger = table.ledger
    partials = [fold_group(0, [standing("acme", Seat(0, 0), identity(cid=f"CID{n:06}"))]) for n in range(CALLERS)]
    assert ledger.put_partial(YEAR, partials[0], PartialVersion(0, ""))
    seen = ledger.partial_version(YEAR, 0)
    ledger.seat(YEAR, "acme")
    # WHEN all but its writer write another
    written = at_once(CALLERS - 1, lambda caller: ledger.put_partial(YEAR, partials[caller + 1], seen))
    # THEN
    assert written.count(True) == 1
    assert ledger.partials(YEAR) == (partials[written.index(True) + 1],)
    assert ledger.partial_version(YEAR, 0).number == 2


def test_what_was_recorded_first_stays(table) -> None:
    # GIVEN a submission, and a later reading of the same object version that says something else
    first, second = submission(identities={identity(): 1}), submission(identities={identity(): 2})
    table.ledger.put_submission(YEAR, first)
    before = table.items()
    # WHEN
    table.ledger.put_submission(YEAR, second)
    # THEN
    assert table.items() == before


def test_what_is_brought_again_is_not_written_again(table) -> None:
    # GIVEN everything that an event may bring, once
    ledger = table.ledger
    snapshot = ReferenceSnapshot("roster", "2016/suppliers.csv", "v1", "0" * 64, "2017-02-02", "2017-01-31")
    withdrawal = Withdrawal("2017-01-01T08:00:00.001Z", "2016/acme/cmrt.xlsx")

    def bring() -> None:
        ledger.put_lines(YEAR, "acme", "ab", [line()])
        ledger.put_submission(YEAR, submission(identities={identity(): 1}))
        ledger.put_withdrawal(YEAR, "acme", withdrawal)
        ledger.put_snapshot(YEAR, snapshot)
        assert settle(ledger, "acme")
        fold = fold_group(0, [standing("acme", ledger.seat(YEAR, "acme"), identity())])
        assert ledger.put_partial(YEAR, fold, ledger.partial_version(YEAR, 0))

    bring()
    written: list[str] = []

    def remember(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if "Error" not in parsed:
            written.append(model.name)

    for operation in ("PutItem", "UpdateItem", "BatchWriteItem"):
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
    kept = submission(supplier_id, key=key, version_id="v" * 1024, scope="B")
    other = submission(supplier_id, key=key, version_id="v" * 1023 + "w", scope="B")
    # WHEN everything is kept that such names go into
    ledger = table.ledger
    ledger.put_lines(YEAR, supplier_id, "f" * 64, [line()])
    ledger.put_submission(YEAR, kept)
    ledger.put_submission(YEAR, other)
    ledger.put_withdrawal(YEAR, supplier_id, Withdrawal("2017-02-01T08:00:00.001Z", key, other.version_id))
    snapshot = ReferenceSnapshot("smelter-list:" + "鉱" * 200, key, "v" * 1024, "0" * 64, "2017-02-01", "2017-01-31")
    ledger.put_snapshot(YEAR, snapshot)
    # THEN it comes back whole, and two version ids that differ at their very end are two
    assert [receipt.version_id for receipt in ledger.receipts(YEAR, supplier_id)] == sorted(
        (kept.version_id, other.version_id), key=lambda version: keys.submission(kept.received, key, version)
    )
    assert settle(ledger, supplier_id)
    (member,) = ledger.members(YEAR, 0)
    assert ledger.summaries(YEAR, [(supplier_id, member.current[0])]) == {(supplier_id, member.current[0]): kept}
    assert ledger.references(YEAR) == {snapshot.kind: snapshot}
    assert table.suppliers_naming(YEAR, "Gold", "CID000001", (supplier_id,)) == (supplier_id,)


def test_what_is_empty_is_kept_where_it_is_no_key(table) -> None:
    # GIVEN lines without metal, number and texts; a scope, a version id and a rejected submission that are ""
    ledger = table.ledger
    ledger.put_lines(YEAR, "acme", "ab", [line(5, None, None, ""), line(6, None), line(7, metal=None)])
    ledger.put_submission(YEAR, submission(scope="", version_id=""))
    ledger.put_withdrawal(YEAR, "acme", Withdrawal("2017-01-01T08:00:00.001Z", "2016/acme/cmrt.xlsx"))
    # THEN all of it can be asked for
    assert settle(ledger, "acme")
    assert [(receipt.scope, receipt.version_id) for receipt in ledger.receipts(YEAR, "acme")] == [("", "")]
    assert [withdrawal.version_id for withdrawal in ledger.withdrawals(YEAR, "acme")] == [""]
    assert ledger.members(YEAR, 0)[0].rejected == ""
    assert [kept.get("cid") for kept in ledger.lines(YEAR, "acme", "ab")] == [None, None, "CID000001"]
    assert not [item for item in table.items() if "facility" in item]


def test_numbers_come_back_as_they_were_counted(table) -> None:
    # GIVEN counts at which a number might be told another way (100 as 1E+2, 0 as nothing)
    ledger = table.ledger
    partition = {"pk": {"S": keys.year_partition(YEAR)}, "sk": {"S": keys.SEATS}}
    for dealt in (0, 99, 100, 6_399, 10**6):
        table.client.put_item(TableName=table.name, Item={**partition, "dealt": {"N": str(dealt)}})
        # WHEN / THEN
        assert ledger.seat(YEAR, f"s{dealt}") == Seat(*divmod(dealt, GROUP_SIZE))
        assert ledger.groups(YEAR) == range(dealt // GROUP_SIZE + 1)


# ---- batches -----------------------------------------------------------------------------------------------------


def test_a_batch_that_is_taken_piece_by_piece_is_written_whole(table, stingy) -> None:
    # GIVEN a table that takes one line a call: more calls than would be tried in vain
    lines = [line(row, f"CID{row:06}") for row in range(5, 35)]
    throttled = stingy(1)
    # WHEN
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    # THEN
    assert throttled.calls == len(lines) > UNPROCESSED_ATTEMPTS
    assert len(list(table.ledger.lines(YEAR, "acme", "ab"))) == len(lines)


def test_a_batch_that_nothing_is_taken_of_is_tried_again_later_and_then_completed(table, stingy) -> None:
    # GIVEN
    lines = [line(row, f"CID{row:06}") for row in range(5, 35)]
    throttled = stingy(0)
    # WHEN
    with pytest.raises(StillUnprocessedError):
        table.ledger.put_lines(YEAR, "acme", "ab", lines)
    # THEN it was tried a bounded number of times, and the next try starts over
    assert throttled.calls == UNPROCESSED_ATTEMPTS
    throttled.most = 25
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    assert len(list(table.ledger.lines(YEAR, "acme", "ab"))) == len(lines)


def test_summaries_that_are_read_piece_by_piece_come_back_whole(table, stingy) -> None:
    # GIVEN more submissions than a call answers, and more calls than would be tried in vain
    kept = [submission(f"s{n}") for n in range(12)]
    for summary in kept:
        table.ledger.put_submission(YEAR, summary)
    wanted = [(summary.supplier_id, keys.summary(*summary.order)) for summary in kept]
    throttled = stingy(1)
    # WHEN
    found = table.ledger.summaries(YEAR, [*wanted, ("nobody", wanted[0][1])])
    # THEN
    assert list(found.values()) == kept
    assert throttled.calls > UNPROCESSED_ATTEMPTS
    throttled.most = 0
    with pytest.raises(StillUnprocessedError):
        table.ledger.summaries(YEAR, wanted)


def test_more_than_a_hundred_summaries_are_read(table) -> None:
    kept = [submission(version_id=f"v{n:03}") for n in range(101)]
    for summary in kept:
        table.ledger.put_submission(YEAR, summary)
    found = table.ledger.summaries(YEAR, [("acme", keys.summary(*summary.order)) for summary in kept])
    assert sorted(summary.version_id for summary in found.values()) == [f"v{n:03}" for n in range(101)]


def test_partials_of_more_than_an_answer_holds_come_back_whole(table) -> None:
    # GIVEN partials of three megabytes together; dynalite answers with little more than one
    ledger = table.ledger
    partials = tuple(partial_of(300_000, group, seed=f"{group}-") for group in range(10))
    for group, partial in enumerate(partials):
        assert ledger.put_partial(YEAR, partial, PartialVersion(0, ""))
        table.client.put_item(TableName=table.name, Item=seats_dealt(GROUP_SIZE * group + 1))
    # WHEN / THEN
    assert ledger.partials(YEAR) == partials


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
    assert ledger.put_partial(YEAR, partial, PartialVersion(0, ""))
    # THEN
    blobs = [item for item in table.items() if item["pk"]["S"].startswith("BLOB#")]
    assert len(blobs) == parts
    assert all(blob_size(blob) == BLOB_PART for blob in blobs[:-1])
    ledger.seat(YEAR, "acme")
    assert ledger.partials(YEAR) == (partial,)
    assert ledger.stored_partial(YEAR, 0).partial == partial


def parts_in(table) -> int:
    return sum(item["pk"]["S"].startswith("BLOB#") for item in table.items())


def large(seed: str) -> Partial:
    """A partial of two parts."""
    return partial_of(BLOB_PART + 50_000, seed=seed)


def replace_partial(ledger: Ledger, partial: Partial) -> None:
    assert ledger.put_partial(YEAR, partial, ledger.partial_version(YEAR, 0))


def test_parts_of_a_partial_that_was_replaced_twice_are_deleted(table) -> None:
    # GIVEN a partial of two parts, in two forms that take turns
    ledger = table.ledger
    ledger.seat(YEAR, "acme")
    forms = [large(seed) for seed in ("a", "b")]
    # WHEN it is replaced many times, also by what it was before
    for number in range(5):
        replace_partial(ledger, forms[number % 2])
        # THEN it is whole, and no more is kept than it and the one before
        assert ledger.partials(YEAR) == (forms[number % 2],)
        assert parts_in(table) == (4 if number else 2)
    # WHEN it has become small, and is replaced once more
    for seed in ("c", "d"):
        replace_partial(ledger, partial_of(10_000, seed=seed))
    # THEN
    assert parts_in(table) == 0


def test_whoever_reads_a_partial_while_it_is_replaced_twice_gets_one_that_stood(table) -> None:
    # GIVEN a reader that has the item, and not yet its parts
    ledger = table.ledger
    ledger.seat(YEAR, "acme")
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
    assert ledger.partials(YEAR) == (forms[2],)
    assert came


def test_a_slow_writer_deletes_nothing_that_is_needed(table) -> None:
    # GIVEN a writer that has seen a partial, which is then replaced, once by what the slow one is about to write
    ledger = table.ledger
    ledger.seat(YEAR, "acme")
    forms = [large(seed) for seed in ("a", "b", "c")]
    for form in forms[:2]:
        replace_partial(ledger, form)
    seen = ledger.partial_version(YEAR, 0)
    for form in (forms[2], forms[0], forms[2]):
        replace_partial(ledger, form)
        # WHEN it goes on
        assert not ledger.put_partial(YEAR, forms[2], seen)
        # THEN what stands is whole
        assert ledger.partials(YEAR) == (form,)


def test_parts_are_forgotten_with_the_aggregates(table) -> None:
    table.ledger.seat(YEAR, "acme")
    for seed in ("a", "b"):
        replace_partial(table.ledger, large(seed))
    table.ledger.drop_aggregates(YEAR)
    assert parts_in(table) == 0


def test_the_largest_lines_a_workbook_can_hold_are_kept(table) -> None:
    # GIVEN a batch of lines in which every text is as long as the reader lets it be, in a script that takes most bytes
    longest = UNCOMMON * LONGEST_TEXT
    texts = ("typed_cid", "typed_metal", "typed_lookup", "typed_name", "typed_country", "typed_identification")
    others = ("name", "country", "mine", "mine_country", "recycled", "comments")
    lines = [replace(line(row), **dict.fromkeys((*texts, *others), longest)) for row in range(5, 30)]
    # WHEN
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    # THEN they come back from as many pages as it takes
    assert [kept["comments"] == longest for kept in table.ledger.lines(YEAR, "acme", "ab")] == [True] * len(lines)


def test_a_query_goes_on_beyond_a_page_in_order(table) -> None:
    # GIVEN a workbook whose lines are more than two answers of 1 MB
    lines = [line(row, f"CID{row:06}", comments=noise(LONGEST_TEXT)) for row in range(605, 5, -1)]
    table.ledger.put_lines(YEAR, "acme", "ab", lines)
    answers = count_calls(table, "Query")
    # WHEN
    kept = [entry["cid"] for entry in table.ledger.lines(YEAR, "acme", "ab")]
    # THEN
    assert kept == [f"CID{row:06}" for row in range(6, 606)]
    assert answers() >= 3


def test_a_scan_goes_on_beyond_a_page(table) -> None:
    # GIVEN two suppliers with a megabyte of lines between and around them, and another year's
    for number, supplier_id in enumerate(("acme", "beta")):
        lines = [line(row, comments=noise(LONGEST_TEXT, f"{row}")) for row in range(5, 305)]
        table.ledger.put_lines(YEAR, supplier_id, f"{number}", lines)
        table.ledger.put_submission(YEAR, submission(supplier_id))
    table.ledger.put_withdrawal(YEAR, "gone", Withdrawal("2017-02-01T08:00:00.001Z", "2016/gone/cmrt.xlsx"))
    table.ledger.put_submission(YEAR + 1, submission("later"))
    answers = count_calls(table, "Scan")
    # WHEN / THEN
    assert table.ledger.suppliers(YEAR) == ("acme", "beta", "gone")
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
    assert not ledger.group_state(YEAR, 0).stale
    ledger.put_submission(YEAR, submission(identities={identity(): 1}))
    settle(ledger, "acme")
    assert ledger.group_state(YEAR, 0).stale
    fold = fold_group(0, [replace(standing("acme", Seat(0, 0), identity()), day="2017-02-01")])
    assert ledger.put_partial(YEAR, fold, PartialVersion(0, ""))
    # WHEN / THEN the names that the projection asks for are reserved words of DynamoDB's in part
    state = ledger.group_state(YEAR, 0)
    assert not state.stale
    assert state.version == 1
    assert state.members == ledger.members(YEAR, 0)
    assert ledger.stored_partial(YEAR, 0).covers == state.covers


def test_damaged_bytes_of_a_partial_are_told(table) -> None:
    place = {"pk": {"S": keys.group_partition(YEAR, 0)}, "sk": {"S": keys.PARTIAL}}
    table.client.put_item(TableName=table.name, Item={**place, "covers": {"S": "x"}, "blob": {"B": b"damaged"}})
    assert table.ledger.stored_partial(YEAR, 0).partial is None
    assert table.ledger.stored_partial(YEAR, 0).covers == "x"
    assert table.ledger.stored_partial(YEAR, 1).covers == ""


def test_what_was_verified_is_remembered_and_forgotten_with_the_aggregates(table) -> None:
    # GIVEN a year with everything that is made again, beside another year
    ledger = table.ledger
    for year in (YEAR, YEAR + 1):
        ledger.put_submission(year, submission())
        seat = ledger.seat(year, "acme")
        ledger.put_current(year, "acme", seat, 0, place(ledger.receipts(year, "acme"), ()))
        ledger.put_partial(year, fold_group(0, [standing("acme", seat)]), PartialVersion(0, ""))
        assert ledger.verified(year) == ""
        ledger.put_verified(year, f"{year}")
    assert ledger.years() == (YEAR + 1, YEAR)
    # WHEN
    ledger.drop_aggregates(YEAR)
    # THEN the facts stay, and so does the other year
    assert (ledger.verified(YEAR), ledger.verified(YEAR + 1)) == ("", f"{YEAR + 1}")
    assert (ledger.members(YEAR, 0), ledger.partials(YEAR)) == ((), ())
    assert len(ledger.receipts(YEAR, "acme")) == len(ledger.partials(YEAR + 1)) == 1
    assert ledger.seat(YEAR, "acme") == Seat(0, 0)


def test_receipt_times_are_told_of_submissions_and_reference_files(table) -> None:
    ledger = table.ledger
    kept = submission()
    snapshot = ReferenceSnapshot("roster", "2016/suppliers.csv", "v7", "0" * 64, "2017-02-02", "2017-01-31")
    ledger.put_submission(YEAR, kept)
    ledger.put_snapshot(YEAR, snapshot)
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
    assert table.ledger.put_snapshot(YEAR, newer) == newer
    # WHEN / THEN
    assert table.ledger.put_snapshot(YEAR, older) == newer
    assert table.ledger.put_snapshot(YEAR, newer) == newer
    assert table.ledger.reference(YEAR, "roster") == newer
    assert table.ledger.snapshots(YEAR) == (older, newer)


def test_of_snapshots_that_race_the_newest_is_in_force(table) -> None:
    snapshots = [
        ReferenceSnapshot("roster", "2016/suppliers.csv", f"v{n}", f"{n}", "2017-02-02", f"2017-01-{n + 1:02}")
        for n in range(CALLERS)
    ]
    at_once(CALLERS, lambda caller: table.ledger.put_snapshot(YEAR, snapshots[caller]))
    assert table.ledger.references(YEAR) == {"roster": snapshots[-1]}
    assert table.ledger.snapshots(YEAR) == tuple(snapshots)
