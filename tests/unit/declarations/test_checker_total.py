"""What the workbook's own Checker showed when it was saved."""

from typing import Any

import pytest

from tests.factories.archives import with_part
from tests.fuzz.specimens import family_sheets, xlsx
from tracelode.declarations.read import read_declaration


def with_checker(total: Any, version: str = "6.5", title: str = "Checker") -> bytes:
    return xlsx({**family_sheets(version), title: {"D2": total}})


@pytest.mark.parametrize(
    ("total", "count"),
    [(52, 52), ("0", 0), (0, 0), (3.0, 3), (None, None), ("", None), ("#N/A", None), (-1, None), (2.5, None),
     ("12345", None), ("three", None), ("٣", None)],
)  # fmt: skip
def test_the_total_is_read_where_it_is_a_number_of_fields(total: Any, count: int | None) -> None:
    assert read_declaration(with_checker(total), "cmrt.xlsx").checker_count == count


def test_the_tab_is_known_by_its_name_however_it_is_spelled() -> None:
    assert read_declaration(with_checker(7, title="CHECKER "), "cmrt.xlsx").checker_count == 7


def test_older_families_count_otherwise() -> None:
    assert read_declaration(with_checker(7, version="3.01"), "cmrt.xlsx").checker_count is None


def test_a_workbook_can_do_without_its_checker() -> None:
    # GIVEN one workbook without a Checker, and one whose Checker is damaged
    without = xlsx(family_sheets("6.5"))
    number = len(family_sheets("6.5")) + 1
    damaged = with_part(with_checker(7), f"xl/worksheets/sheet{number}.xml", lambda _: b"<!DOCTYPE x><worksheet/>")
    # THEN both are read like any other
    assert read_declaration(damaged, "cmrt.xlsx") == read_declaration(without, "cmrt.xlsx")
    assert read_declaration(damaged, "cmrt.xlsx").declaration
    assert (
        read_declaration(with_checker(7), "cmrt.xlsx").declaration == read_declaration(without, "cmrt.xlsx").declaration
    )
