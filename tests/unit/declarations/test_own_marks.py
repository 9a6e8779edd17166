"""A supplier corrects the workbook that we marked up and sends that: our marks change nothing of what it declares."""

import io
from typing import Any

import openpyxl
import pytest

from examples.specimen import complete_specimen, write_cmrt
from tests.factories.official import VERSIONS, missing_templates, official_template
from tests.factories.reviewing import review_reading
from tests.fuzz.specimens import family_sheets, sealed, xlsx
from tests.properties import every
from tracelode.declarations.read import read_declaration
from tracelode.feedback.markup.mark_up import mark_up
from tracelode.findings import Finding, Severity

CELLS = ("D3", "D8", "D9", "D22", "J3", "D26", "D27", "G27", "D2")


def finding(cell: str | None, sheet: str | None = "Declaration", found: str = "") -> Finding:
    return Finding("X32", Severity.ERROR, "It is another metal's.", "Correct it.", sheet, cell, found)


def marked(workbook: bytes, *more: Finding) -> bytes:
    """The workbook with what we find in it and more marked, as the supplier gets it back."""
    found = review_reading(read_declaration(workbook, "supplied.xlsx"), year=2025)
    on_cells = [finding(cell) for cell in CELLS] + [finding(f"{column}5", "Smelter List") for column in "ABCDEFPQ"]
    done = mark_up(workbook, [*more, *found, *on_cells])
    assert done.workbook, done.reason
    return done.workbook


def renamed_look_up(count: int) -> dict[str, dict[str, Any]]:
    """A 6.5 workbook without the look-up tab's name, so that it has to be known by its content."""
    sheets = family_sheets("6.5")
    tab = sheets.pop("Smelter Look-up") | {"A4": "Metal", "B4": "Smelter Look-up", "C4": "Standard Smelter Names",
                                           "E4": "Smelter ID"}  # fmt: skip
    sheets["Liste"] = tab
    sheets["Smelter List"] |= {f"A{row}": f"CID{row:06}" for row in range(20, 20 + count)}
    return sheets


def test_a_marked_workbook_is_read_like_the_one_that_was_sent() -> None:
    sent = write_cmrt(complete_specimen())
    back = marked(sent)
    # GIVEN a workbook with our sheet in front and our comments
    book = openpyxl.load_workbook(io.BytesIO(back))
    assert book.sheetnames[0] == "Findings"
    assert book["Declaration"]["D8"].comment.author == "Tracelode"
    # WHEN it comes back THEN it says the same
    assert read_declaration(back, "back.xlsx") == read_declaration(sent, "sent.xlsx")


def test_marks_on_marks_change_nothing_either() -> None:
    sent = write_cmrt(complete_specimen())
    assert read_declaration(marked(marked(sent)), "back.xlsx") == read_declaration(sent, "sent.xlsx")


@pytest.mark.parametrize("version", ["2.03", "3.01", "5.12", "6.01", "6.5"])
def test_marked_workbooks_of_every_family_are_read_like_those_that_were_sent(version: str) -> None:
    sent = xlsx(family_sheets(version), date1904=version < "4")
    assert read_declaration(marked(sent), "back.xlsx") == read_declaration(sent, "sent.xlsx")


def test_a_workbook_under_excels_own_password_comes_back_without_it_and_is_read_the_same() -> None:
    sent = sealed(xlsx(family_sheets("3.01"), date1904=True))
    assert read_declaration(marked(sent), "back.xlsx") == read_declaration(sent, "sent.xlsx")


def test_our_sheet_full_of_cids_is_not_taken_for_the_look_up_tab() -> None:
    # GIVEN a workbook whose look-up tab has another name, and thirty findings that quote CIDs
    sent = xlsx(renamed_look_up(30))
    quoting = [finding(f"A{row}", "Smelter List", f"CID{row:06}") for row in range(20, 50)]
    back = marked(sent, *quoting)
    # THEN our sheet, which stands before it, does not take its place
    reading = read_declaration(back, "back.xlsx")
    assert reading.renamed == {"Smelter Look-up": "Liste"}
    assert reading == read_declaration(sent, "sent.xlsx")


def test_our_sheet_full_of_cids_does_not_stand_in_for_a_look_up_tab_that_is_missing() -> None:
    sheets = renamed_look_up(30)
    del sheets["Liste"]
    sent = xlsx(sheets)
    back = marked(sent, *(finding(f"A{row}", "Smelter List", f"CID{row:06}") for row in range(20, 50)))
    assert read_declaration(back, "back.xlsx") == read_declaration(sent, "sent.xlsx")
    assert "F18" in {found.rule for found in read_declaration(back, "back.xlsx").findings}


@pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())
@pytest.mark.parametrize("version", VERSIONS[:: every(5)])
def test_a_marked_official_template_is_read_like_the_one_that_was_sent(version: str) -> None:
    """The empty templates, as RMI publishes them, are marked in tests/engines/test_markup_libreoffice.py."""
    sent = official_template(version).fill(complete_specimen())
    assert read_declaration(marked(sent), "back.xlsx") == read_declaration(sent, "sent.xlsx")
