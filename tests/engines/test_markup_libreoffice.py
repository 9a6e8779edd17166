"""Official templates come back marked up: LibreOffice and openpyxl see what they saw before, and the marks."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from python_calamine import CalamineWorkbook

from tests.engines.declared import gapped
from tests.engines.libreoffice import incomplete_checker_rows, needs_libreoffice, recalculated
from tests.factories.archives import parts_of
from tests.factories.official import VERSIONS, find_template, missing_templates, official_template
from tests.unit.feedback.marked_workbooks import colour, finding, marked
from tests.unit.feedback.strictness import complaints
from tracelode.declarations.read import read_declaration
from tracelode.feedback.markup.styles import COLOURS
from tracelode.findings import Finding, Severity

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())]

FINDINGS: Sequence[Finding] = (
    finding("D8", found="=1+1"),
    finding("G9", severity=Severity.WARNING, rule="K02"),
    finding("D26", severity=Severity.NOTICE, rule="X01"),
    finding("P9", rule="X02"),
    finding("B5", "Smelter List", severity=Severity.WARNING, rule="K50"),
    *(finding(f"{column}{row}", "Smelter List", rule="X05") for row in range(6, 24) for column in "DE"),
    finding("AZ3000", "Smelter List", rule="X09"),
    finding("B6", "Product List"),
    finding(None, None, severity=Severity.NOTICE, rule="F12"),
)
MARKED = {
    ("Declaration", "D8"): Severity.ERROR,
    ("Declaration", "G9"): Severity.WARNING,
    ("Declaration", "D26"): Severity.NOTICE,
    ("Smelter List", "B5"): Severity.WARNING,
    ("Smelter List", "AZ3000"): Severity.ERROR,
    ("Product List", "B6"): Severity.ERROR,
}


def values(workbook: bytes) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
        if name != "Findings"
    }


def seen(workbook: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook))


def assert_marks(book: Any) -> None:
    assert book.sheetnames[0] == book.active.title == "Findings"
    for (sheet, cell), severity in MARKED.items():
        assert colour(book[sheet], cell) == COLOURS[severity], (sheet, cell)
        # A comment stands at the first cell of a merged area, here D9:G9.
        assert "What to do:" in book[sheet]["D9" if cell == "G9" else cell].comment.text
    assert book["Findings"]["F5"].value == "=1+1"
    assert book["Findings"]["F5"].data_type != "f"


def formula(cell: Any) -> Any:
    """A cell's value; of an array formula, which openpyxl compares by identity, its range and text."""
    value = cell.value
    return (value.ref, value.text) if isinstance(value, ArrayFormula) else value


def rules_of(sheet: Any) -> tuple[Any, ...]:
    choices = {(str(choice.sqref), choice.type, choice.formula1, choice.showErrorMessage)
               for choice in sheet.data_validations.dataValidation}  # fmt: skip
    protection = sheet.protection
    return (choices, protection.sheet, protection.hashValue, protection.saltValue, protection.formatRows,
            sheet.sheet_state, sorted(map(str, sheet.merged_cells.ranges)), sheet.print_area)  # fmt: skip


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows without empty cells and rows at their end: a marked cell beyond them widens the sheet."""
    cut = [[*row] for row in rows]
    for row in cut:
        while row and row[-1] == "":
            row.pop()
    while cut and not cut[-1]:
        cut.pop()
    return cut


@pytest.mark.parametrize("version", VERSIONS)
def test_an_official_template_is_marked_without_giving_excel_a_reason_to_complain(version: str):
    template = find_template(version)
    assert template
    before = template.read_bytes()
    after = marked(before, *FINDINGS)
    assert set(complaints(after)) <= set(complaints(before))
    # THEN it is read to the same declaration, and what is not about the marks is the same to the byte
    assert read_declaration(after, "a.xlsx").declaration == read_declaration(before, "a.xlsx").declaration
    old, new = parts_of(before), parts_of(after)
    changed = {name for name in old if old[name] != new[name]}
    assert not [name for name in changed if "customXml" in name or "media" in name or "calcChain" in name]
    assert {"xl/sharedStrings.xml", "xl/theme/theme1.xml", "docProps/core.xml"} <= old.keys() - changed


@pytest.mark.parametrize("version", ["6.01", "6.5"])
def test_openpyxl_sees_the_same_rules_before_and_after(version: str):
    template = find_template(version)
    assert template
    before, after = (seen(workbook) for workbook in (template.read_bytes(), marked(template.read_bytes(), *FINDINGS)))
    assert_marks(after)
    for sheet in before.worksheets:
        assert rules_of(after[sheet.title]) == rules_of(sheet)
        for old_row, new_row in zip(sheet.iter_rows(), after[sheet.title].iter_rows(), strict=False):
            assert [formula(cell) for cell in new_row[: len(old_row)]] == [formula(cell) for cell in old_row]
    assert after.security == before.security or repr(after.security) == repr(before.security)
    assert after.defined_names == before.defined_names


@needs_libreoffice
@pytest.mark.parametrize("version", ["6.01", "6.5"])
def test_libreoffice_computes_the_same_and_shows_the_marks(version: str):
    # GIVEN a declaration with gaps, marked up
    plain = official_template(version).fill(gapped(version, 3))
    # WHEN LibreOffice computes it with and without the marks
    without, with_marks = recalculated([plain, marked(plain, *FINDINGS)])
    # THEN every value is the same, RMI's Checker says the same, and the marks are there
    old, new = values(without), values(with_marks)
    assert old.keys() == new.keys()
    assert all(trimmed(old[name]) == trimmed(new[name]) for name in old)
    assert incomplete_checker_rows(with_marks) == incomplete_checker_rows(without) != set()
    book, other = seen(with_marks), seen(without)
    assert_marks(book)
    assert all(rules_of(book[sheet.title]) == rules_of(sheet) for sheet in other.worksheets)
    # AND what LibreOffice saved can be marked in its turn
    again = marked(without, *FINDINGS)
    assert set(complaints(again)) <= set(complaints(without))
    assert_marks(seen(again))


def comments_of(book: Any) -> dict[tuple[str, str], str]:
    """Every comment's text by sheet and cell. LibreOffice ends some runs with a line more."""
    return {
        (sheet.title, cell.coordinate): cell.comment.text.strip()
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def kinds(found: Sequence[str]) -> set[str]:
    """Complaints without the part that they are about: LibreOffice numbers the parts anew."""
    return {complaint.partition(": ")[2] or complaint for complaint in found}


@needs_libreoffice
@pytest.mark.parametrize("version", ["6.01", "6.5"])
def test_a_workbook_that_libreoffice_saved_with_our_marks_is_marked_as_if_it_bore_none(version: str):
    # GIVEN a marked workbook that a supplier opened in LibreOffice and saved, and the same without marks
    plain = official_template(version).fill(gapped(version, 3))
    without, first = recalculated([plain, marked(plain, *FINDINGS)])
    later = [each for each in FINDINGS if each.cell in ("D26", "B6")]
    # WHEN both are marked with what is left of the findings
    again, fresh = seen(marked(first, *later)), seen(marked(without, *later))
    # THEN there is one Findings sheet, and the same comments, colours, rules and values
    assert again.sheetnames == fresh.sheetnames
    assert [name for name in again.sheetnames if "Findings" in name] == ["Findings"]
    assert comments_of(again) == comments_of(fresh)
    assert comments_of(again).keys() >= {("Declaration", "D26"), ("Product List", "B6"), ("Declaration", "P9")}
    assert kinds(complaints(marked(first, *later))) <= kinds(complaints(without))
    for sheet in fresh.worksheets:
        assert rules_of(again[sheet.title]) == rules_of(sheet)
        for cell_sheet, cell in MARKED:
            if cell_sheet == sheet.title:
                assert colour(again[sheet.title], cell) == colour(sheet, cell)
        for new_row, row in zip(again[sheet.title].iter_rows(), sheet.iter_rows(), strict=False):
            assert [formula(cell) for cell in new_row[: len(row)]] == [formula(cell) for cell in row]
    # AND a third round through LibreOffice adds nothing
    (third,) = recalculated([marked(first, *later)])
    assert seen(marked(third, *later)).sheetnames == fresh.sheetnames
    assert comments_of(seen(marked(third, *later))) == comments_of(fresh)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_official_template_marked_again_is_marked_once_to_the_byte(version: str):
    template = find_template(version)
    assert template
    once = marked(template.read_bytes(), *FINDINGS)
    assert marked(once, *FINDINGS) == once
    assert marked(marked(once, *FINDINGS[:3]), *FINDINGS) == once
    assert read_declaration(once, "a.xlsx") == read_declaration(template.read_bytes(), "a.xlsx")
