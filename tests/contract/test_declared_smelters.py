"""What a submission declares, kept for people: whole where it fits, bounded where it would not, and never counted."""

from typing import Any

import pytest

from tests.contract.engines import Table
from tests.factories.submissions import identity, submission
from tracelode.ledger import keys
from tracelode.ledger.smelters import MAX_SMELTER_PARTS, DeclaredList, DeclaredSmelter
from tracelode.submission import DeclaredIdentity, SubmissionSummary
from tracelode.tally.current import Receipt

YEAR = 2016
WIDE = "\U0001f48e"
"""A character of four bytes in UTF-8 and two units in UTF-16."""


def record(table: Table, summary: SubmissionSummary) -> DeclaredList:
    """What is declared once it was recorded."""
    table.ledger.submissions.record(YEAR, summary)
    return declared(table, summary)


def declared(table: Table, summary: SubmissionSummary) -> DeclaredList:
    receipt = Receipt(summary.received, summary.key, summary.version_id, summary.state, summary.scope)
    return table.ledger.smelters.declared(YEAR, summary.supplier_id, receipt)


def readable(table: Table) -> list[dict[str, Any]]:
    return [item for item in table.items() if item["sk"]["S"].startswith(keys.SMELTERS_PREFIX)]


def lines_before_0_2_0(table: Table, sha256: str, *lines: dict[str, str]) -> None:
    """Smelter lines as releases before 0.2.0 recorded them, from row 5 on."""
    for row, line in enumerate(lines, start=5):
        attributes = {name: {"S": text} for name, text in line.items()}
        place = {"pk": {"S": f"LINES#{YEAR}#acme#{sha256}"}, "sk": {"S": f"LINE#{row:05}"}}
        table.client.put_item(TableName=table.name, Item={**place, **attributes})


def test_a_person_reads_metal_cid_name_country_and_rows_in_one_item(table) -> None:
    # GIVEN a smelter on two rows
    summary = submission(identities={identity(name="=1+1"): 2})
    # WHEN
    record(table, summary)
    # THEN the item says so in words, beside the receipt
    (item,) = readable(table)
    assert item["pk"]["S"] == "SUPPLIER#2016#acme"
    (smelter,) = item["smelters"]["L"]
    assert smelter["M"] == {
        "metal": {"S": "Gold"},
        "cid": {"S": "CID000001"},
        "name": {"S": "=1+1"},
        "country": {"S": "JAPAN"},
        "rows": {"L": [{"N": "5"}, {"N": "6"}]},
    }


def test_smelters_come_back_by_metal_and_one_that_was_found_in_two_ways_once(table) -> None:
    # GIVEN a smelter whose CID was typed on one row and looked up on another, and one of another metal
    typed, looked_up = (DeclaredIdentity("Tin", "CID000002", "Two", "PERU", way) for way in ("typed", "look-up"))
    summary = submission(identities={typed: 1, looked_up: 1, identity(): 1})
    # WHEN / THEN
    assert record(table, summary).smelters == (
        DeclaredSmelter("Gold", "CID000001", "A smelter", "JAPAN", (7,)),
        DeclaredSmelter("Tin", "CID000002", "Two", "PERU", (5, 6)),
    )


def test_a_full_smelter_list_is_kept_whole(table) -> None:
    # GIVEN as many smelters as an official list has rows, with long names in a script that takes most bytes
    names = {identity(cid=f"CID{number:06}", name=WIDE * 40): 1 for number in range(2_500)}
    # WHEN
    found = record(table, submission(identities=names))
    # THEN it lies in a few items
    assert (len(found.smelters), found.left_out) == (2_500, 0)
    assert 1 < len(readable(table)) <= MAX_SMELTER_PARTS


def test_a_list_that_is_made_to_be_costly_is_cut_and_says_so(table) -> None:
    # GIVEN as many rows as are read, each with texts as long as are kept
    names = {identity(cid="", name=f"{number:04}" + WIDE * 196, country=WIDE * 200): 1 for number in range(9_995)}
    summary = submission(identities=names)
    # WHEN
    found = record(table, summary)
    # THEN what is kept is bounded, each item says how many are left out, and what is counted has them all
    assert len(readable(table)) == MAX_SMELTER_PARTS
    assert len(found.smelters) + found.left_out == len(names)
    assert 0 < len(found.smelters) < found.left_out
    assert {int(item["left_out"]["N"]) for item in readable(table)} == {found.left_out}
    place = ("acme", keys.summary(*summary.order))
    assert len(table.ledger.submissions.summaries(YEAR, [place])[place].identities) == len(names)


def test_one_smelter_on_every_row_fits(table) -> None:
    (smelter,) = record(table, submission(identities={identity(): 9_995})).smelters
    assert smelter.rows == tuple(range(5, 10_000))


def test_the_smelters_of_two_submissions_stay_apart(table) -> None:
    # GIVEN two versions of a file that came at the same moment, the id of one beginning with that of the other
    first = submission(version_id="v1", identities={identity(): 1})
    second = submission(version_id="v10", identities={identity(cid="CID000002"): 1})
    # WHEN
    record(table, second)
    # THEN
    assert [smelter.cid for smelter in record(table, first).smelters] == ["CID000001"]
    assert [smelter.cid for smelter in declared(table, second).smelters] == ["CID000002"]


def test_a_submission_that_declares_none_has_no_item(table) -> None:
    assert record(table, submission()) == DeclaredList()
    assert readable(table) == []


def test_smelters_left_half_written_by_a_crash_are_completed(table) -> None:
    # GIVEN a list of several items, of which only the first was written
    names = {identity(cid=f"CID{number:06}", name=WIDE * 100): 1 for number in range(2_500)}
    summary = submission(identities=names)
    whole = record(table, summary)
    for item in readable(table)[1:]:
        table.client.delete_item(TableName=table.name, Key={"pk": item["pk"], "sk": item["sk"]})
    # WHEN it is recorded again
    assert record(table, summary) == whole
    # THEN
    assert len(whole.smelters) == 2_500


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the other way round"])
def test_lines_of_an_earlier_release_are_read(table, order) -> None:
    # GIVEN a submission without readable smelters, and lines under the hash of its workbook
    summary = submission()
    table.ledger.submissions.record(YEAR, summary)
    same = {"metal": "Gold", "cid": "CID000001", "name": "One", "country": "JAPAN", "mine": "A"}
    unknown = {"metal": "Tin", "name": "Nobody knows"}
    lines = [same, unknown]
    lines_before_0_2_0(table, summary.sha256, *(lines[place] for place in order), same)
    # WHEN / THEN
    rows = {0: order.index(0) + 5, 1: order.index(1) + 5}
    assert declared(table, summary).smelters == (
        DeclaredSmelter("Gold", "CID000001", "One", "JAPAN", (rows[0], 7)),
        DeclaredSmelter("Tin", "", "Nobody knows", "", (rows[1],)),
    )
