"""Excel 97-2003 workbooks: cells as they stand, within bounds, whatever their records claim."""

import struct
from datetime import date
from typing import Any

import pytest

from tests.fuzz.specimens import family_sheets, record, xls, xls_stream
from tests.unit.declarations.workbooks import cmrt
from tracelode.declarations.read import read_declaration
from tracelode.workbooks import limits
from tracelode.workbooks.legacy import LegacyWorkbook, compound_file

BOF = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
SHEET_BOF = struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)
CELL = struct.pack("<HHH", 0, 0, 0)


def wide(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def one_sheet(*cells: bytes, head: bytes = b"") -> bytes:
    """A workbook whose only sheet, "S", has these records."""
    start = record(0x0809, BOF) + head
    name = struct.pack("<BBBB", 0, 0, 1, 0) + b"S"
    position = len(start) + 8 + len(name) + 4
    sheet = record(0x0809, SHEET_BOF) + b"".join(cells) + record(0x000A)
    return compound_file(start + record(0x0085, struct.pack("<I", position) + name) + record(0x000A) + sheet)


def rows(workbook: bytes) -> list[list[Any]]:
    grid = LegacyWorkbook(workbook).open_sheets(["S"]).grid("S")
    assert grid
    return [list(row) for row in grid.rows]


def rule(workbook: bytes) -> str:
    reading = read_declaration(workbook, "supplied.xls")
    assert reading.declaration is None
    return reading.findings[0].rule


def place(row: int, column: int) -> bytes:
    return struct.pack("<HHH", row, column, 0)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (record(0x0203, CELL + struct.pack("<d", 2.5)), 2.5),
        (record(0x027E, CELL + struct.pack("<I", (7 << 2) | 2)), 7.0),
        (record(0x0204, CELL + wide("Zürich 東京")), "Zürich 東京"),
        (record(0x0204, CELL + struct.pack("<HB", 3, 0) + b"abc"), "abc"),
        (record(0x0205, CELL + b"\x01\x00"), True),
        (record(0x0006, CELL + struct.pack("<dHI", 4.5, 0, 0) + b"\x05\x00\x44\x00\x00\x00\x00"), 4.5),
        (record(0x0006, CELL + b"\x00\x00\x00\x00\x00\x00\xff\xff" + bytes(6) + b"\x00\x00")
         + record(0x04BC, bytes(10)) + record(0x0207, wide("shown")), "shown"),
    ],
    ids=["number", "packed", "wide", "narrow", "truth", "formula", "text of a formula"],
)  # fmt: skip
def test_a_cell_is_read_as_its_last_value(cell: bytes, value: object):
    assert rows(one_sheet(cell)) == [[value]]


def test_numbers_side_by_side_in_one_record_are_cells_each():
    numbers = b"".join(struct.pack("<HI", 0, (number << 2) | 2) for number in (1, 2, 3))
    many = record(0x00BD, struct.pack("<HH", 0, 0) + numbers + struct.pack("<H", 2))
    assert rows(one_sheet(many)) == [[1.0, 2.0, 3.0]]


def test_a_shared_string_that_is_cut_by_a_continuation_is_put_together():
    # GIVEN a string whose first half is wide and whose second half is narrow, formatted, with phonetic text behind it
    table = struct.pack("<II", 2, 2) + struct.pack("<HBHI", 8, 0x0D, 1, 3) + "東京ab".encode("utf-16-le")
    rest = b"\x00cdef" + bytes(4) + bytes(3) + struct.pack("<HB", 2, 0) + b"ok"
    head = record(0x00FC, table) + record(0x003C, rest)
    cells = [record(0x00FD, place(0, column) + struct.pack("<I", column)) for column in (0, 1)]
    assert rows(one_sheet(*cells, head=head)) == [["東京abcdef", "ok"]]


def test_a_shared_string_that_does_not_exist_is_empty():
    assert rows(one_sheet(record(0x00FD, CELL + struct.pack("<I", 99)), record(0x0203, place(0, 1) + bytes(8)))) == [
        ["", 0]
    ]


def test_cells_out_of_bounds_are_left_out():
    far = [
        record(0x0203, place(row, column) + bytes(8)) for row, column in ((65_535, 0), (0, 255), (limits.MAX_ROW, 0))
    ]
    assert rows(one_sheet(record(0x0203, CELL + struct.pack("<d", 1)), *far)) == [[1.0]]


@pytest.mark.parametrize("date1904", [True, False])
def test_dates_count_in_the_workbooks_date_system(date1904: bool):
    reading = read_declaration(xls(family_sheets("3.01"), date1904=date1904), "")
    assert reading.declaration
    assert reading.declaration.company.effective_date == date(2014, 6, 30)


@pytest.mark.parametrize("name", ["cmrt.xlsx", "cmrt.xls", "cmrt.pdf"])
def test_the_content_decides_and_not_the_name(name: str):
    legacy, newer = xls(family_sheets("6.5")), cmrt({"D8": "Example Ltd"})
    assert read_declaration(legacy, name).declaration
    assert read_declaration(newer, name).declaration


def test_hidden_sheets_are_data():
    stream = bytearray(xls_stream(family_sheets("3.01")))
    at = stream.index(b"Smelter List")
    stream[at - 4] = 2
    reading = read_declaration(compound_file(bytes(stream)), "")
    assert reading.declaration
    assert len(reading.declaration.smelters) == 2


def test_sheets_that_are_large_together_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 1_000)
    assert rule(xls(family_sheets("3.01"))) == "F07"


def test_countless_cells_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_LEGACY_CELLS", 50)
    assert rule(xls(family_sheets("3.01"))) == "F07"


def test_text_that_is_repeated_too_often_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_REFERENCED_TEXT_BYTES", 1_000)
    assert rule(xls(family_sheets("3.01"))) == "F07"


def test_countless_records_before_the_sheets_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_LEGACY_RECORDS", 5)
    assert rule(xls(family_sheets("3.01"))) == "F07"


def test_a_stream_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_LEGACY_BYTES", 1_000)
    assert rule(xls(family_sheets("3.01"))) == "F07"


def test_a_legacy_workbook_of_another_age_is_refused():
    stream = xls_stream(family_sheets("3.01")).replace(
        struct.pack("<HHH", 0x0809, 16, 0x0600), b"\x09\x08\x10\x00\x00\x05"
    )
    assert rule(compound_file(stream)) == "F16"


def test_another_old_document_is_called_what_it_is():
    # GIVEN a container whose stream, with its length of name, is that of a text document
    name = "Workbook\x00".encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 18)
    other = "WordDocument\x00".encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 26)
    word = xls(family_sheets("3.01")).replace(name, other)
    (finding,) = read_declaration(word, "").findings
    assert (finding.rule, "a Word document" in finding.message) == ("F08", True)


def test_a_legacy_workbook_that_cannot_be_decrypted_is_refused():
    stream = xls_stream(family_sheets("3.01"))
    assert rule(compound_file(stream[:20] + record(0x002F, bytes(54)) + stream[20:])) == "F05"
