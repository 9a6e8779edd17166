"""The ledger on DynamoDB: every write safe to repeat, every question answered by key."""

import hashlib
import threading

import pytest

from tests.factories.lines import line
from tests.factories.submissions import identity, standing, submission
from tracelode.ledger.ledger import Ledger, PartialVersion, ReferenceSnapshot
from tracelode.submission import State
from tracelode.tally.aggregate import GROUP_SIZE, Seat, fold_group
from tracelode.tally.current import Withdrawal, place

YEAR = 2016


def settle(ledger: Ledger, supplier_id: str) -> bool:
    seat = ledger.seat(YEAR, supplier_id)
    version = ledger.current_version(YEAR, supplier_id, seat)
    placement = place(ledger.receipts(YEAR, supplier_id), ledger.withdrawals(YEAR, supplier_id))
    return ledger.put_current(YEAR, supplier_id, seat, version, placement)


def test_lines_come_back_in_row_order_and_are_written_once(account) -> None:
    lines = [line(row, f"CID{row:06}", comments="=1+1" if row == 7 else "") for row in (5, 30, 7)]
    account.ledger.put_lines(YEAR, "acme", "ab", lines)
    account.ledger.put_lines(YEAR, "acme", "ab", [])
    kept = list(account.ledger.lines(YEAR, "acme", "ab"))
    assert [(entry["cid"], entry.get("comments")) for entry in kept] == [
        ("CID000005", None),
        ("CID000007", "=1+1"),
        ("CID000030", None),
    ]


def test_lines_left_half_written_by_a_crash_are_completed(account) -> None:
    lines = [line(row, f"CID{row:06}") for row in range(5, 65)]
    account.ledger.put_lines(YEAR, "acme", "ab", lines[:30])
    account.dynamodb.delete_item(TableName="ledger", Key={"pk": {"S": "LINES#2016#acme#ab"}, "sk": {"S": "COMPLETE"}})
    account.ledger.put_lines(YEAR, "acme", "ab", lines)
    assert len(list(account.ledger.lines(YEAR, "acme", "ab"))) == 60


def test_the_index_answers_who_names_a_facility(account) -> None:
    account.ledger.put_lines(YEAR, "acme", "ab", [line(5), line(6), line(7, None)])
    account.ledger.put_lines(YEAR, "beta", "cd", [line(5), line(6, "CID000002")])
    assert account.ledger.suppliers_naming(YEAR, "Gold", "CID000001") == ("acme", "beta")
    assert account.ledger.suppliers_naming(YEAR, "Gold", "CID000002") == ("beta",)
    assert account.ledger.suppliers_naming(YEAR + 1, "Gold", "CID000001") == ()


def test_a_submission_is_recorded_once_and_comes_back_whole(account) -> None:
    summary = submission(identities={identity(): 2}, answers={"covered_countries": {"Gold": "No"}})
    for _ in range(2):
        account.ledger.put_submission(YEAR, summary)
    assert len(account.items()) == 2
    assert settle(account.ledger, "acme")
    (member,) = account.ledger.members(YEAR, 0)
    assert account.ledger.summaries(YEAR, [("acme", member.current[0])]) == {("acme", member.current[0]): summary}


def test_a_summary_too_large_for_an_item_comes_back_whole(account) -> None:
    # GIVEN a declaration of thousands of names that do not compress
    names = {identity(cid="", name=hashlib.sha512(str(n).encode()).hexdigest()): 1 for n in range(9000)}
    summary = submission(identities=names)
    # WHEN it is recorded
    account.ledger.put_submission(YEAR, summary)
    settle(account.ledger, "acme")
    # THEN it lies in parts and reads as it was
    assert any(item["pk"]["S"].startswith("BLOB#") for item in account.items())
    (member,) = account.ledger.members(YEAR, 0)
    assert account.ledger.summaries(YEAR, [("acme", member.current[0])])["acme", member.current[0]] == summary


def test_suppliers_are_dealt_seats_in_order_and_keep_them(account) -> None:
    seats = [account.ledger.seat(YEAR, f"s{n}") for n in range(GROUP_SIZE + 1)]
    assert seats[0] == Seat(0, 0)
    assert seats[GROUP_SIZE - 1 :] == [Seat(0, GROUP_SIZE - 1), Seat(1, 0)]
    assert account.ledger.seat(YEAR, "s3") == Seat(0, 3)
    assert account.ledger.groups(YEAR) == range(2)
    assert account.ledger.groups(YEAR + 1) == range(0)


def test_racing_callers_of_one_supplier_get_one_seat(account) -> None:
    seats: list[Seat] = []
    threads = [threading.Thread(target=lambda: seats.append(account.ledger.seat(YEAR, "acme"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seats) == 8
    assert len(set(seats)) == 1


def test_what_is_current_is_not_overwritten_by_who_read_earlier(account) -> None:
    # GIVEN somebody who read the version before a newer submission was placed
    ledger = account.ledger
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


def test_settling_twice_writes_once(account) -> None:
    account.ledger.put_submission(YEAR, submission())
    assert settle(account.ledger, "acme")
    seat = account.ledger.seat(YEAR, "acme")
    before = account.ledger.current_version(YEAR, "acme", seat)
    assert settle(account.ledger, "acme")
    assert account.ledger.current_version(YEAR, "acme", seat) == before


def test_a_withdrawal_empties_the_slot_and_a_rejected_one_is_remembered(account) -> None:
    good, broken = (
        submission(),
        submission(received="2017-03-01T08:00:00.000Z", key="2016/acme/broken.xlsx", state=State.REJECTED, scope=""),
    )
    account.ledger.put_submission(YEAR, good)
    account.ledger.put_submission(YEAR, broken)
    account.ledger.put_withdrawal(YEAR, "acme", Withdrawal("2017-02-01T08:00:00.001Z", good.key))
    settle(account.ledger, "acme")
    (member,) = account.ledger.members(YEAR, 0)
    assert member.current == ()
    assert member.rejected.startswith("SUMMARY#2017-03-01")


def test_a_partial_is_written_only_over_the_one_that_was_seen(account) -> None:
    ledger = account.ledger
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


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_snapshot_with_the_newest_as_of_date_is_in_force_in_every_order(account, order) -> None:
    snapshots = [
        ReferenceSnapshot("smelter-list.csv", "k", f"v{n}", f"{n}", f"2017-0{n + 1}-01", as_of)
        for n, as_of in enumerate(["2017-03-31", "2017-04-30", "2017-04-01"])
    ]
    for number in order:
        account.ledger.put_snapshot(YEAR, snapshots[number])
    assert account.ledger.references(YEAR) == {"smelter-list.csv": snapshots[1]}
