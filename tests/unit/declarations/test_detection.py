import io

import openpyxl
import pytest

from tests.factories.archives import saved
from tests.unit.declarations.workbooks import cmrt
from tracelode.declarations.read import read_declaration
from tracelode.findings import Finding, Severity


def only_finding(data: bytes) -> Finding:
    reading = read_declaration(data, "supplied.xlsx")
    assert reading.declaration is None
    (finding,) = reading.findings
    assert finding.severity is Severity.ERROR
    return finding


def version_read(data: bytes) -> str:
    reading = read_declaration(data, "supplied.xlsx")
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


@pytest.mark.parametrize(("other_sheet", "name"), [("Mine List", "EMRT"), ("Minerals Scope", "AMRT")])
def test_a_workbook_without_titles_is_known_by_the_sheets_that_only_another_template_has(other_sheet: str, name: str):
    book = openpyxl.load_workbook(io.BytesIO(cmrt(title=None, first_title=None)))
    book.create_sheet(other_sheet)
    finding = only_finding(saved(book))
    assert finding.rule == "F11"
    assert name in finding.message


@pytest.mark.parametrize(("minerals", "name"), [(["Cobalt"], "CRT"), (["Cobalt", "Mica"], "EMRT")])
def test_a_workbook_without_titles_is_known_by_the_minerals_of_its_look_up(minerals: list[str], name: str):
    book = openpyxl.load_workbook(io.BytesIO(cmrt(title=None, first_title=None, without=("Smelter Look-up",))))
    sheet = book.create_sheet("Smelter Look-up")
    for row, mineral in enumerate(minerals, start=5):
        sheet[f"A{row}"] = mineral
    assert f"({name}" in only_finding(saved(book)).message


def test_a_typed_title_of_another_template_wins_over_a_computed_one():
    # GIVEN a cobalt template that shows the CMRT's title in a language that it does not offer
    finding = only_finding(cmrt(first_title="Cobalt Reporting Template", revision="Revision 2.2 October 28, 2020"))
    assert finding.rule == "F11"
    assert "(CRT), version 2.2" in finding.message


def test_a_newer_six_is_read_with_a_warning():
    reading = read_declaration(cmrt({"D8": "Example Ltd"}, revision="Revision 6.7\nMay 5, 2027"), "")
    assert reading.declaration
    assert (reading.declaration.template_version, reading.declaration.company.name.text) == ("6.7", "Example Ltd")
    (finding,) = reading.findings
    assert (finding.rule, finding.severity) == ("F17", Severity.WARNING)


@pytest.mark.parametrize("revision", ["Revision 7.0", "Revised edition", "Revision 0.9", None])
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
    reading = read_declaration(saved(book), "")
    assert reading.findings == ()
    assert reading.declaration
    assert reading.declaration.smelters[0].cid == "CID000920"


def test_a_cmrt_without_its_smelter_list_is_refused():
    assert only_finding(cmrt(without=("Smelter List",))).rule == "F14"


@pytest.mark.parametrize("sheet", ["Product List", "Smelter Look-up"])
def test_a_missing_sheet_that_can_be_done_without_is_a_warning(sheet: str):
    reading = read_declaration(cmrt(without=(sheet,)), "")
    assert reading.declaration
    (finding,) = reading.findings
    assert (finding.rule, finding.severity) == ("F18", Severity.WARNING)
    assert sheet in finding.message


def test_questions_that_moved_are_not_guessed_at():
    finding = only_finding(cmrt({"B25": "1) added?", "B37": "2) remains?"}))
    assert (finding.rule, finding.cell) == ("F15", "B37")


def test_questions_in_their_places_in_any_script_are_read():
    assert version_read(cmrt({"B25": "１）追加", "B37": " 3) sourced?"})) == "6.5"
