"""A sheet costs its bounded time and memory, whatever cells it claims to have."""

import re
import tracemalloc

import pytest
import python_calamine

from tests.factories.archives import parts_of, with_part, zipped
from tests.unit.declarations.workbooks import cmrt, sheet_part
from tracelode.declarations.declaration import Declaration
from tracelode.declarations.read import read_declaration
from tracelode.workbooks import limits
from tracelode.workbooks.sheet_xml import without_trailing_rows

SMELTERS = sheet_part(3)
LISTED = cmrt(
    {"D8": "Example Ltd"}, {"A5": "CID000920", "B6": "Gold", "C6": "Dowa", "B7": "Tin", "C7": "Alpha", "Q7": "note"}
)


def read(data: bytes) -> Declaration:
    reading = read_declaration(data, "supplied.xlsx")
    assert reading.declaration, reading.findings
    return reading.declaration


def rejected(data: bytes) -> str:
    reading = read_declaration(data, "supplied.xlsx")
    assert reading.declaration is None
    return reading.findings[0].rule


def with_rows(rows: bytes) -> bytes:
    return with_part(LISTED, SMELTERS, lambda content: content.replace(b"</sheetData>", rows + b"</sheetData>"))


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="2600"><c r="A2600"><v>1</v></c><c r="XFD2600"><v>1</v></c></row>',
        b'<row r="2600"><c><v>1</v></c></row>',
        b"<row><c r='Q2600'><v>1</v></c></row>",
        b'<x:row xmlns:x="y" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        b"".join(b'<row r="%d"/>' % row for row in range(2600, 50_000)),
    ],
    ids=["far corner", "far row", "far column", "nowhere", "single quotes", "prefixed", "many rows"],
)
def test_cells_out_of_bounds_change_nothing_and_cost_little(rows: bytes):
    # GIVEN a Smelter List with cells that a dense grid up to them could not hold
    spoilt = with_rows(rows)
    expected = read(LISTED)
    # WHEN it is read
    tracemalloc.start()
    declaration = read(spoilt)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # THEN the lines within bounds are there, for a few megabytes
    assert declaration == expected
    assert peak < 40_000_000


def test_a_row_of_countless_cells_without_positions_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_STREAMED_CELLS", 1_000)
    assert rejected(with_rows(b"<row>" + b"<c><v>1</v></c>" * 1_001 + b"</row>")) == "F07"


def test_a_row_of_countless_cells_within_bounds_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 1_000)
    assert rejected(with_rows(b'<row r="9">' + b'<c r="A9"><v>1</v></c>' * 1_001 + b"</row>")) == "F07"


def test_a_streamed_sheet_of_countless_tags_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_STREAMED_TAGS", 1_000)
    assert rejected(with_rows(b"<row><c/>" + b"<f/>" * 1_000 + b"</row>")) == "F07"


def test_a_streamed_sheet_with_an_endless_tag_is_refused():
    attributes = b"".join(b'x%d="1" ' % number for number in range(1_000))
    assert rejected(with_rows(b"<row><c " + attributes + b"/></row>")) == "F07"


def test_a_streamed_sheet_that_is_damaged_is_refused():
    assert rejected(with_rows(b'<row r="2600"><c><v>1</v></row>')) == "F16"


def test_a_sheet_that_is_damaged_is_refused():
    assert rejected(with_part(LISTED, SMELTERS, lambda content: content[: len(content) // 2])) == "F16"


def test_a_parser_that_panics_refuses_the_document(monkeypatch: pytest.MonkeyPatch):
    # GIVEN a parser that fails as Rust does: with something that is no Exception
    class PanicException(BaseException):
        pass

    class Panicking:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Panicking)
    # THEN the document is at fault
    assert rejected(LISTED) == "F16"


def test_an_interrupt_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch):
    class Interrupted:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_declaration(LISTED, "supplied.xlsx")


def test_a_string_that_thousands_of_cells_repeat_is_refused():
    # GIVEN one long shared string, and a sheet that refers to it from every cell
    long = b"<si><t>" + b"x" * 1_000_000 + b"</t></si>"
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + long + b"</sst>"
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (row, row, row)
        for row in range(8, 2000)
    )
    parts = parts_of(with_rows(cells))
    parts["xl/sharedStrings.xml"] = strings
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings"/></Relationships>',
    )
    # THEN it is not unfolded
    assert rejected(zipped(parts)) == "F07"


def test_a_sheet_whose_cells_have_prefixes_is_read():
    def prefixed(content: bytes) -> bytes:
        renamed = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", content)
        return renamed.replace(b"xmlns=", b"xmlns:x=", 1)

    assert read(with_part(LISTED, SMELTERS, prefixed)) == read(LISTED)


def test_a_cell_is_never_longer_than_the_limit():
    declaration = read(cmrt({"D8": "x" * 30_000}))
    assert declaration.company.name.text == "x" * limits.MAX_TEXT


FORMULA = b'<f ca="1">IF(LEN(A19)=0,&quot;&quot;,1)</f>'


@pytest.mark.parametrize("blank", [b"<v></v>", b"<v/>", b"<v />", b""])
def test_trailing_rows_whose_formulas_come_to_nothing_are_not_parsed(blank: bytes):
    # GIVEN a row that a supplier left alone, with technical values to the right
    row = b'<row r="19" spans="1:28"><c r="A19" s="1"/><c r="B19" s="2" t="str">%s%s</c>' % (FORMULA, blank)
    row += b'<c r="D19" s="1" t="n" /><c r="F19" t="str">%s%s</c><c r="V19" t="e"><v>#N/A</v></c></row>' % (
        FORMULA,
        blank,
    )
    before = parts_of(LISTED)[SMELTERS]
    # THEN it is cut off, and nothing else is
    assert without_trailing_rows(parts_of(with_rows(row))[SMELTERS]) == before
    assert without_trailing_rows(before) == before


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A19"><v>1</v></c>',
        b'<c r="B19" t="str">%s<v>Gold</v></c>' % FORMULA,
        b'<c r="C19" t="s"><v>0</v></c>',
        b'<c r="D19" t="inlineStr"><is><t>x</t></is></c>',
        b'<c r="A19"/><c r="F19" t="inlineStr"><is><t>CID000401</t></is></c>',
        b"<c><v>1</v></c>",
        b"\n<c r='A19'><v>1</v></c>",
        b'<x:c r="A19"><x:v>1</x:v></x:c>',
    ],
)
def test_a_row_with_anything_in_its_first_columns_is_parsed(cell: bytes):
    part = parts_of(with_rows(b'<row r="19">' + cell + b"</row>"))[SMELTERS]
    assert without_trailing_rows(part) == part


def test_the_rows_of_the_heading_are_parsed_even_if_no_line_follows():
    part = parts_of(cmrt(smelters={"Q3": "Revision 6.5"}))[SMELTERS]
    assert without_trailing_rows(part) == part
