"""A file that was read, reviewed: one finding for each problem, at the places of this very workbook."""

import re
from typing import Any

import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.factories.reviewing import review_reading
from tests.fuzz.specimens import family_sheets, xlsx
from tracelode.declarations.declaration import Reading
from tracelode.declarations.read import read_declaration
from tracelode.findings import Finding, Severity
from tracelode.review.reading import under_own_names
from tracelode.review.telling import language, language_codes
from tracelode.review.wording import TERMS
from tracelode.workbooks.file_rules import CONFIDENCES, FILE_RULES
from tracelode.workbooks.limits import MAX_FOUND

OUTDATED = {"F12", "X26", "X43"}
HEADERS = {"A": "Smelter Identification Number Input Column", "B": "Metal (*)", "C": "Smelter Look-up (*)",
           "D": "Smelter Name (1)", "E": "Smelter Country (*)", "N": "Name of Mine(s) or if recycled",
           "Q": "Comments"}  # fmt: skip
NUMBERS = {"version", "newest", "layout", "last_row", "fitting", "expected", "limit"}
TITLES = {"sheet_name"}
"""Words of file rules that are the same in every language: numbers, and titles as they stand in the workbook."""
TOLD_RULES = [rule for rule in FILE_RULES if rule.severity is not Severity.ERROR]
"""A file that could not be read shows no language, so its errors are told in English alone."""


def sheets_of(version: str) -> dict[str, dict[str, Any]]:
    sheets = family_sheets(version)
    sheets["Smelter List"] |= {f"{column}4": text for column, text in HEADERS.items()}
    return sheets


def read(sheets: dict[str, dict[str, Any]]) -> Reading:
    reading = read_declaration(xlsx(sheets), "supplied.xlsx")
    assert reading.declaration, reading.findings
    return reading


def outdated(version: str, **settings: Any) -> list[str]:
    found = review_reading(read(family_sheets(version)), year=2014, **settings)
    return [finding.rule for finding in found if finding.rule in OUTDATED]


def shifted(cells: dict[str, Any], columns: int) -> dict[str, Any]:
    moved = {}
    for cell, value in cells.items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        moved[f"{get_column_letter(column_index_from_string(letters) + columns)}{row}"] = value
    return moved


@pytest.mark.parametrize(
    ("version", "settings", "speaks"),
    [
        ("6.5", {}, []),
        ("6.4", {}, ["X43"]),
        ("6.4", {"minimum_version": "6.5"}, ["X26"]),
        ("6.4", {"minimum_version": "6.22"}, ["X43"]),
        ("3.01", {}, ["F12"]),
        ("3.01", {"minimum_version": "2.03"}, ["F12"]),
        ("3.01", {"minimum_version": "6.22"}, ["X26"]),
        ("3.01", {"minimum_version": "6.22", "severities": {"X26": None}}, ["F12"]),
        ("4.20", {}, ["F12"]),
    ],
)
def test_that_a_template_is_outdated_is_said_once(version: str, settings: dict[str, Any], speaks: list[str]) -> None:
    assert outdated(version, **settings) == speaks


def test_a_version_is_printed_as_the_initiative_prints_it() -> None:
    found = review_reading(read(family_sheets("4.20")), year=2014)
    printed = {finding.rule: finding.words["version"] for finding in found if "version" in finding.words}
    assert printed == {"F12": "4.20", "F21": "4.20", "X45": "4.20"}
    (outdated_,) = [
        finding
        for finding in review_reading(read(family_sheets("3.00")), year=2026, minimum_version="4.2")
        if finding.rule == "X26"
    ]
    assert (outdated_.words, outdated_.found) == ({"version": "3.00", "wanted": "4.20"}, "3.00")


@pytest.mark.parametrize(
    ("date", "settings", "speaks"),
    [
        ("03/04/2026", {}, ["X25"]),
        ("03/04/2026", {"severities": {"X25": None}}, ["F22"]),
        ("2024-05-01", {}, ["X46"]),
        ("2024-05-01", {"severities": {"X46": None}}, ["X45"]),
        ("2025-05-01", {}, ["X46"]),
    ],
)
def test_what_is_wrong_with_the_date_is_said_once(date: str, settings: dict[str, Any], speaks: list[str]) -> None:
    sheets = sheets_of("6.5")
    sheets["Declaration"]["D22"] = date
    found = review_reading(read(sheets), year=2026, **settings)
    assert [finding.rule for finding in found if finding.cell == "D22"] == speaks


def test_a_finding_names_the_cell_where_the_thing_stands_in_this_workbook() -> None:
    # GIVEN a line "Smelter not listed" without a name, on a Smelter List one column further right
    sheets = sheets_of("6.5")
    sheets["Smelter List"] |= {"B9": "Tin", "C9": "Smelter not listed", "E9": "PERU"}
    moved = sheets | {"Smelter List": shifted(sheets["Smelter List"], 1)}
    # WHEN both are read and reviewed
    usual, found = (
        [finding for finding in review_reading(read(book), year=2025) if finding.sheet == "Smelter List"]
        for book in (sheets, moved)
    )
    # THEN every finding points one column further right
    assert ("K56", "D9") in {(finding.rule, finding.cell) for finding in usual}
    assert {(finding.rule, finding.cell) for finding in found if finding.rule != "F20"} == {
        (finding.rule, next(iter(shifted({str(finding.cell): 1}, 1)))) for finding in usual
    }


def test_a_file_that_could_not_be_read_is_not_reviewed() -> None:
    reading = read_declaration(b"%PDF-1.7", "cmrt.xlsx")
    assert review_reading(reading, year=2025) == reading.findings != ()


def test_what_the_workbook_calls_its_sheets_is_what_its_findings_are_shown_with() -> None:
    # GIVEN a workbook whose Smelter List has another name
    sheets = sheets_of("6.5")
    renamed = {("Fundiciones" if name == "Smelter List" else name): cells for name, cells in sheets.items()}
    reading = read(renamed)
    found = review_reading(reading, year=2025)
    # THEN findings go by the template's title, and are shown with the workbook's own name
    assert {"F25", "X34"} <= {finding.rule for finding in found if finding.sheet == "Smelter List"}
    shown = under_own_names(found, reading.renamed)
    assert [finding.sheet or "" for finding in shown] == [
        (finding.sheet or "").replace("Smelter List", "Fundiciones") for finding in found
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Lista\x1b[31m\u202e", "Lista [31m"), ("x" * 1000, "x" * MAX_FOUND), ("\u200b", "Smelter List")],
)
def test_a_sheets_own_name_is_made_fit_to_be_shown(name: str, shown: str) -> None:
    finding = Finding("X01", Severity.NOTICE, "m", "r", "Smelter List", "B5")
    whole = Finding("F12", Severity.NOTICE, "m", "r")
    assert [told.sheet for told in under_own_names([finding, whole], {"Smelter List": name})] == [shown, None]


@pytest.mark.parametrize("rule", TOLD_RULES, ids=lambda rule: rule.id)
def test_every_word_of_a_file_rule_is_a_number_a_title_or_a_term_that_translators_know(rule) -> None:
    names = set(re.findall(r"\{(\w+)\}", rule.message + rule.remedy))
    assert names <= NUMBERS | TITLES | set(rule.terms)
    assert all(set(terms) <= set(TERMS[name]) for name, terms in rule.terms.items())


@pytest.mark.parametrize("code", language_codes())
def test_no_english_word_is_left_in_what_is_told_of_a_file_that_lacks_sheets(code: str) -> None:
    # GIVEN a workbook of a version whose layout is guessed, without two of its sheets
    sheets = family_sheets("5.12")
    del sheets["Product List"]
    del sheets["Smelter Look-up"]
    # WHEN its findings are told in another language
    found = [finding for finding in read(sheets).findings if finding.rule in ("F18", "F21")]
    assert [finding.rule for finding in found] == ["F21", "F18", "F18"]
    told = [language(code).told(finding) for finding in found]
    # THEN each of their words that is no number and no title is a term in that language
    for english, finding in zip(found, told, strict=True):
        words = {word for name, word in english.words.items() if name in ("confidence", "consequence")}
        assert words
        assert not [word for word in words if f" {word}" in finding.message or f"({word})" in finding.message]


def test_terms_differ_from_english_in_every_language() -> None:
    for code in language_codes():
        for name in ("confidence", "consequence"):
            terms = language(code).terms[name]
            assert set(terms) == set(TERMS[name])
            assert all(told and told != english for english, told in terms.items())
            assert len(set(terms.values())) == len(terms)
    assert TERMS["confidence"] == CONFIDENCES
