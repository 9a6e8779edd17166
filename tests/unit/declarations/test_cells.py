"""Where a workbook's statements stand is told from its template version, and from what it has elsewhere."""

import pytest
from openpyxl.utils import column_index_from_string, coordinate_to_tuple

from tests.fuzz.specimens import family_sheets, xlsx
from tests.unit.declarations.test_places import labelled, moved
from tracelode.declarations.cells import Cells, cells_of, elsewhere
from tracelode.declarations.declaration import Reading
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import Question
from tracelode.template_kind import CMRT


def told(reading: Reading) -> Cells:
    """The cells of a workbook, from nothing but what is kept of it."""
    assert reading.declaration, reading.findings
    return cells_of(reading.declaration.kind, reading.declaration.template_version, elsewhere(reading))


def assert_cells_hold_what_was_read(sheets: dict, reading: Reading) -> None:
    cells, declaration = told(reading), reading.declaration
    assert declaration
    for question, by_metal in declaration.answers.items():
        for metal, answer in by_metal.items():
            cell = cells.answer(question, metal)
            assert cell == answer.entry.cell
            assert str(sheets[cells.declaration].get(cell, "")) == answer.entry.text if cell else not answer.entry.text
    smelters = sheets[cells.smelter_list]
    for line in declaration.smelters:
        for field, typed in (("cid", line.typed_cid), ("metal", line.typed_metal), ("name", line.typed_name)):
            if cells.column(field):
                assert str(smelters.get(f"{cells.column(field)}{line.row}", "")) == typed


@pytest.mark.parametrize("version", [layout.version.stated for layout in TEMPLATES.of_kind(CMRT)])
def test_a_workbook_that_keeps_to_its_template_has_nothing_elsewhere(version: str) -> None:
    sheets = family_sheets(version)
    reading = read_declaration(xlsx(sheets), "supplied.xlsx")
    assert elsewhere(reading) == {}
    assert_cells_hold_what_was_read(sheets, reading)


def test_moved_rows_moved_columns_and_a_renamed_sheet_are_told() -> None:
    # GIVEN a workbook with a row inserted above the second question, its list moved sideways and renamed
    sheets = labelled()
    sheets["Declaration"] = moved(sheets["Declaration"], at=31, rows=1)
    sheets["Schmelzen"] = moved(sheets.pop("Smelter List"), at=1, columns=1)
    # WHEN it is read
    reading = read_declaration(xlsx(sheets), "supplied.xlsx")
    # THEN its cells are its own
    usual = cells_of(CMRT, "6.5", {})
    cells = told(reading)
    assert (cells.declaration, cells.smelter_list) == ("Declaration", "Schmelzen")
    assert column_index_from_string(cells.column("cid")) == column_index_from_string(usual.column("cid")) + 1
    question = Question.COVERED_COUNTRIES
    for metal in reading.declaration.answers[question] if reading.declaration else ():
        own, templates = cells.answer(question, metal), usual.answer(question, metal)
        assert coordinate_to_tuple(own)[0] == coordinate_to_tuple(templates)[0] + 1
    assert_cells_hold_what_was_read(sheets, reading)


def test_nothing_is_known_of_a_file_that_was_not_read() -> None:
    reading = read_declaration(b"no workbook", "supplied.xlsx")
    assert elsewhere(reading) == {}
    assert cells_of(CMRT, "", {}).smelter_list == ""
