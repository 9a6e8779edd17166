import io

import openpyxl
import pytest

from tests.unit.cmrt.workbooks import cmrt, saved
from tracelode.cmrt.read import read_cmrt
from tracelode.findings import Finding, Severity


def only_finding(data: bytes) -> Finding:
    reading = read_cmrt(data, "supplied.xlsx")
    assert reading.declaration is None
    (finding,) = reading.findings
    assert finding.severity is Severity.ERROR
    return finding


def version_read(data: bytes) -> str:
    reading = read_cmrt(data, "supplied.xlsx")
    assert reading.declaration, reading.findings
    assert reading.findings == ()
    return reading.declaration.template_version


def test_another_workbook_is_no_cmrt():
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Budget"
    assert only_finding(saved(book)).rule == "F10"


def test_another_workbook_with_a_sheet_of_that_name_is_no_cmrt():
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Declaration"
    book.worksheets[0]["D2"] = "Customs declaration"
    finding = only_finding(saved(book))
    assert (finding.rule, finding.cell, finding.found) == ("F10", "D2", "Customs declaration")


@pytest.mark.parametrize(
    ("title", "first_title", "name"),
    [
        ("Extended Minerals Reporting Template (EMRT)", "", "EMRT"),
        ("拡張鉱物報告テンプレート（EMRT）", "", "EMRT"),
        (None, "Extended Mineral Reporting Template", "EMRT"),
        ("Cobalt Reporting Template (CRT)", "", "CRT"),
        (None, "Additional Minerals Reporting Template", "AMRT"),
        ("Pilot Reporting Template (PRT)", "", "PRT"),
    ],
)
def test_rmis_other_templates_are_named(title: str | None, first_title: str, name: str):
    finding = only_finding(cmrt(title=title, first_title=first_title, revision="Revision 1.3"))
    assert finding.rule == "F11"
    assert f"({name})" in finding.message


@pytest.mark.parametrize(
    ("title", "first_title"),
    [
        ("Conflict Minerals Reporting Template (CMRT)", None),
        (None, "Conflict Minerals Reporting Template"),
        ("#REF!", "Conflict Minerals Reporting Template"),
        (None, None),
    ],
)
def test_a_cmrt_is_known_by_its_title_or_else_by_its_sheets(title: str | None, first_title: str | None):
    assert version_read(cmrt(title=title, first_title=first_title)) == "6.5"


def test_a_workbook_without_titles_but_with_a_mine_list_is_another_template():
    book = openpyxl.load_workbook(io.BytesIO(cmrt(title=None, first_title=None)))
    book.create_sheet("Mine List")
    assert only_finding(saved(book)).rule == "F10"


@pytest.mark.parametrize(("revision", "version"), [("Revision 3.01\nMay 30, 2014", "3.01"), ("Revision 5.12", "5.12")])
def test_an_older_family_is_refused_by_its_version(revision: str, version: str):
    finding = only_finding(cmrt(revision=revision))
    assert (finding.rule, finding.sheet, finding.cell) == ("F12", "Declaration", "J3")
    assert version in finding.message
    assert "6.01" in finding.message


def test_a_newer_six_is_read_with_a_warning():
    reading = read_cmrt(cmrt({"D8": "Example Ltd"}, revision="Revision 6.7\nMay 5, 2027"), "")
    assert reading.declaration
    assert (reading.declaration.template_version, reading.declaration.company.name.text) == ("6.7", "Example Ltd")
    (finding,) = reading.findings
    assert (finding.rule, finding.severity) == ("F17", Severity.WARNING)


@pytest.mark.parametrize("revision", ["Revision 7.0", "Revised edition", None])
def test_an_unknown_version_is_refused(revision: str | None):
    assert only_finding(cmrt(revision=revision)).rule == "F13"


def test_the_smelter_lists_copy_of_the_revision_serves_where_the_first_is_gone():
    assert version_read(cmrt(smelters={"Q3": "Revision 6.31\nMay 26, 2023"}, revision=None)) == "6.31"


def test_the_history_serves_where_both_copies_are_gone():
    data = cmrt(revision=None)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row, (number, when) in enumerate([(6.1, "2021"), ("6.22", "2022"), ("", None)], start=13):
        book["Revision"][f"B{row}"], book["Revision"][f"D{row}"] = number, when
    assert version_read(saved(book)) == "6.22"


def test_sheets_go_by_their_names_whatever_their_order_and_case():
    renamed = {"Declaration": " DECLARATION ", "Smelter List": "smelter list", "Product List": "Product list "}
    book = openpyxl.load_workbook(io.BytesIO(cmrt({"D8": "Example Ltd"}, {"A5": "CID000920"}, renamed=renamed)))
    book.move_sheet(book.worksheets[-1], -4)
    reading = read_cmrt(saved(book), "")
    assert reading.findings == ()
    assert reading.declaration
    assert reading.declaration.smelters[0].cid == "CID000920"


def test_a_cmrt_without_its_smelter_list_is_refused():
    assert only_finding(cmrt(without=("Smelter List",))).rule == "F14"


@pytest.mark.parametrize("sheet", ["Product List", "Smelter Look-up"])
def test_a_missing_sheet_that_can_be_done_without_is_a_warning(sheet: str):
    reading = read_cmrt(cmrt(without=(sheet,)), "")
    assert reading.declaration
    (finding,) = reading.findings
    assert (finding.rule, finding.severity) == ("F18", Severity.WARNING)
    assert sheet in finding.message


def test_questions_that_moved_are_not_guessed_at():
    finding = only_finding(cmrt({"B25": "1) added?", "B37": "2) remains?"}))
    assert (finding.rule, finding.cell) == ("F15", "B37")


def test_questions_in_their_places_in_any_script_are_read():
    assert version_read(cmrt({"B25": "１）追加", "B37": " 3) sourced?"})) == "6.5"
