"""Older families, read by their layouts; 4.x and 5.x by their labels, with a stated confidence."""

from datetime import date
from typing import Any

import pytest

from tests.factories.reviewing import review
from tests.fuzz.specimens import family_sheets, layout_of, xls, xlsx
from tracelode.declarations.declaration import CidSource, Declaration
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.findings import Finding, Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral

OLDER = [layout.version.stated for layout in TEMPLATES.layouts if layout.version.family < 6]


def read(sheets: dict[str, dict[str, Any]], *, date1904: bool = True) -> tuple[Declaration, list[Finding]]:
    reading = read_declaration(xlsx(sheets, date1904=date1904), "supplied.xlsx")
    assert reading.declaration, reading.findings
    return reading.declaration, list(reading.findings)


@pytest.mark.parametrize("version", OLDER)
def test_an_older_workbook_is_read_with_the_finding_that_it_is_outdated(version: str):
    declaration, findings = read(family_sheets(version))
    assert declaration.template_version == version
    assert declaration.company.name.text == "Example Ltd"
    assert declaration.company.effective_date == date(2014, 6, 30)
    outdated = [finding for finding in findings if finding.rule == "F12"]
    assert [(finding.severity, version in finding.message) for finding in outdated] == [(Severity.WARNING, True)]


@pytest.mark.parametrize("version", OLDER)
def test_the_answers_of_an_older_workbook_go_by_their_meaning(version: str):
    # GIVEN a workbook in which every answer has a comment that names its row
    declaration, _ = read(family_sheets(version))
    asked = layout_of(version).asked
    # THEN each question that the family asks has its own cells, and any other has none
    for question, by_metal in declaration.answers.items():
        rows = asked[question].metal_rows if question in asked else ()
        assert list(by_metal) == list(CONFLICT_MINERALS)
        assert [answer.comment.text for answer in by_metal.values() if answer.comment] == [
            f"comment {row}" for row in rows
        ]
        assert all(bool(answer.entry.cell) == (question in asked) for answer in by_metal.values())
    assert set(declaration.company_answers) == set(layout_of(version).company_questions)
    assert all(answer.value for answer in declaration.company_answers.values())


@pytest.mark.parametrize("version", OLDER)
def test_an_older_declaration_can_be_reviewed(version: str):
    declaration, _ = read(family_sheets(version))
    review(declaration, year=2014)
    assert declaration.in_scope(Mineral.GOLD)


@pytest.mark.parametrize("version", OLDER)
def test_the_lines_of_an_older_workbook_are_read(version: str):
    declaration, _ = read(family_sheets(version))
    gold, tin = declaration.smelters
    assert (gold.metal, tin.metal) == (Mineral.GOLD, Mineral.TIN)
    assert (gold.comments, tin.comments) == tuple(f"line {line.row}" for line in declaration.smelters)
    with_cids = any("cid" in place.columns for place in layout_of(version).look_ups)
    assert (gold.cid, gold.cid_source) == (("CID900001", CidSource.LOOK_UP) if with_cids else (None, CidSource.NONE))


def test_a_name_that_a_line_shows_is_its_name_and_one_it_lacks_is_looked_up():
    # GIVEN a 3.01 workbook whose first line shows a name, and whose second leaves it to the formulas
    sheets = family_sheets("3.01")
    sheets["Smelter List"] |= {"B7": "Gold", "C7": "example gold"}
    declaration, _ = read(sheets)
    shown, _, looked_up = declaration.smelters
    assert (shown.name, shown.cid) == ("Example Gold", "CID900001")
    assert (looked_up.name, looked_up.country, looked_up.cid) == ("Example Gold Refinery", "GERMANY", "CID900001")


def test_aliases_of_a_2_x_look_up_stand_in_one_cell():
    sheets = family_sheets("2.02")
    sheets["Smelter List"] |= {"B7": "Gold", "C7": "EG"}
    declaration, _ = read(sheets)
    found = declaration.smelters[2]
    assert (found.name, found.country, found.cid) == ("Example Gold Refinery", "GERMANY", None)


def test_the_tab_of_3_01_translates_an_older_identification():
    sheets = family_sheets("3.01")
    sheets["Smelter List"] |= {"B7": "Gold", "C7": "Another name", "F7": "1deu001"}
    found = read(sheets)[0].smelters[2]
    assert (found.cid, found.cid_source, found.typed_identification) == ("CID900001", CidSource.COLUMN_F, "1deu001")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("A. Company Level", Scope.COMPANY),
        ("B. Division Level [Specify in 'Description of scope']", Scope.USER_DEFINED),
        ("D. Product Level", Scope.PRODUCT),
    ],
)
def test_a_scope_letter_of_2_x_means_what_it_meant(text: str, scope: Scope):
    sheets = family_sheets("2.03")
    sheets["Declaration"]["D9"] = text
    company = read(sheets)[0].company
    assert (company.scope, company.scope_entry.text) == (scope, text)


def test_older_words_come_to_those_of_today():
    sheets = family_sheets("2.03")
    sheets["Declaration"] |= {"D28": "Uncertain or Unknown", "D40": "Yes", "D41": "No but < 25%", "D42": "No - none"}
    answers = read(sheets)[0].answers
    assert answers[Question.COVERED_COUNTRIES][Mineral.TANTALUM].value == "Unknown"
    assert answers[Question.COVERED_COUNTRIES][Mineral.TANTALUM].entry.text == "Uncertain or Unknown"
    shares = [answer.value for answer in answers[Question.SUPPLIER_RESPONSE].values()]
    assert shares == ["100%", "50% or less", "None", "100%"]


@pytest.mark.parametrize("cells", [{"E17": 30, "H17": "June", "J17": 2014}, {"E17": "30", "H17": "Jun", "J17": "2014"}])
def test_the_date_of_1_00_stands_in_three_cells(cells: dict[str, object]):
    sheets = family_sheets("1.00")
    sheets["Declaration"] |= cells
    company = read(sheets)[0].company
    assert (company.effective_date, company.effective_date_entry.cell) == (date(2014, 6, 30), "E17")


def test_a_date_of_1_00_that_lacks_its_month_is_none():
    sheets = family_sheets("1.00")
    del sheets["Declaration"]["H17"]
    assert read(sheets)[0].company.effective_date is None


@pytest.mark.parametrize(("date1904", "day"), [(True, date(2014, 6, 1)), (False, date(2010, 5, 31))])
def test_a_bare_serial_counts_in_the_date_system_of_the_workbook(date1904: bool, day: date):
    sheets = family_sheets("3.01")
    sheets["Declaration"]["D22"] = 40329
    assert read(sheets, date1904=date1904)[0].company.effective_date == day


@pytest.mark.parametrize("version", ["4.0", "4.2", "5.0", "5.12"])
def test_an_undocumented_family_is_read_with_a_stated_confidence(version: str):
    _, findings = read(family_sheets(version))
    (stated,) = (finding for finding in findings if finding.rule == "F21")
    assert stated.severity is Severity.WARNING
    assert "high confidence" in stated.message


def test_without_labels_the_confidence_is_low():
    sheets = family_sheets("5.12")
    sheets["Declaration"] = {cell: value for cell, value in sheets["Declaration"].items() if cell[0] != "B"}
    _, findings = read(sheets)
    (stated,) = (finding for finding in findings if finding.rule == "F21")
    assert "low confidence" in stated.message


def test_what_lies_below_the_list_of_2_x_is_no_line():
    sheets = family_sheets("2.02")
    sheets["Smelter List"] |= {"D2524": "full name", "D2525": "ALBANIA", "E2525": "ALB", "G2526": "AGR Matthey"}
    declaration, findings = read(sheets)
    assert len(declaration.smelters) == 2
    assert [finding.rule for finding in findings] == ["F12"]


def test_a_seven_whose_labels_fit_is_read_with_a_warning():
    sheets = family_sheets("6.5")
    sheets["Declaration"]["J3"] = "Revision 7.0\nApril 30, 2027"
    declaration, findings = read(sheets, date1904=False)
    assert (declaration.template_version, [finding.rule for finding in findings]) == ("7.0", ["F17"])


def test_a_seven_whose_labels_do_not_fit_is_refused():
    sheets = family_sheets("6.5")
    sheets["Declaration"] |= {"J3": "Revision 7.0", "B67": "Something else"}
    reading = read_declaration(xlsx(sheets), "")
    assert (reading.declaration, [finding.rule for finding in reading.findings]) in ((None, ["F13"]), (None, ["F15"]))


@pytest.mark.parametrize("version", ["1.00", "2.03a", "3.01", "6.5"])
def test_the_format_makes_no_difference(version: str):
    sheets, date1904 = family_sheets(version), version != "6.5"
    assert read_declaration(xls(sheets, date1904=date1904), "") == read_declaration(xlsx(sheets, date1904=date1904), "")
