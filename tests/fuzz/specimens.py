"""Sound workbooks of every family and format, small, for the mutations to spoil and for tests to read.

Laid out by the facts of cmrt.toml, with made-up content. The .xls writer knows no more than a reader needs.
"""

import io
import struct
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from examples.specimen import complete_specimen, write_cmrt
from tests.factories.archives import saved
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.layouts import Layout
from tracelode.template_kind import CMRT
from tracelode.workbooks.legacy import compound_file
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD

Cells = Mapping[str, Any]
Sheets = Mapping[str, Cells]

_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  a workbook's dates know no zone
_DATE_FORMAT, _GENERAL = 14, 0
_LONGEST_RECORD = 8_224


def layout_of(version: str) -> Layout:
    """The layout of exactly this version. Raises StopIteration for a version that has none."""
    return next(
        layout for layout in TEMPLATES.of_kind(CMRT) if version in (layout.version.stated, _as_rmi_writes(layout))
    )


def _as_rmi_writes(layout: Layout) -> str:
    return f"{layout.version.number:.2f}{layout.version.letter}"


def family_sheets(version: str) -> dict[str, dict[str, Any]]:
    """The cells of a filled CMRT of a version: labels, answers, two smelters, a product, its look-up tabs."""
    return filled_sheets(layout_of(version), version, "Conflict Minerals Reporting Template (CMRT)")


def filled_sheets(layout: Layout, version: str, title: str) -> dict[str, dict[str, Any]]:
    """The cells of a filled workbook by a layout, which calls itself by a version and a title."""
    label, answer, comment = layout.label_column, layout.answer_column, layout.comment_column
    declaration: dict[str, Any] = {"D2": title, "D3": "English"}
    declaration["J3"] = f"Revision {version}\nApril 1, 2014"
    for name, row in layout.company.items():
        declaration[f"{answer}{row}"] = {
            "name": "Example Ltd",
            "scope": next(iter(layout.scopes), ""),
            "effective_date": date(2014, 6, 30),
        }.get(name, f"{name}@example.com")
    for cell, value in zip(layout.date_cells.values(), (30, "June", 2014), strict=False):
        declaration[cell] = value
    for question in layout.asked.values():
        declaration[f"{label}{question.row}"] = f"{question.number}) Question?"
        for metal, row in zip(layout.minerals, question.metal_rows, strict=True):
            declaration[f"{label}{row}"] = f"{metal.value} (*)"
            declaration[f"{answer}{row}"] = question.choices[0]
            declaration[f"{comment}{row}"] = f"comment {row}"
    for letter, company_question in layout.company_questions.items():
        declaration[f"{label}{company_question.row}"] = f"{letter}. Question?"
        declaration[f"{answer}{company_question.row}"] = company_question.choices[0]
    return {
        "Revision": {"B3": "Conflict Minerals Reporting Template"},
        "Declaration": declaration,
        layout.smelter_list.sheet: _smelters(layout),
        **({layout.product_list.sheet: {"B6": "P-1", "C6": "Widget"}} if layout.product_list.sheet else {}),
        **_look_ups(layout),
    }


def _smelters(layout: Layout) -> dict[str, Any]:
    place = layout.smelter_list
    cells: dict[str, Any] = {}
    for offset, (metal, name) in enumerate([("Gold", "Example Gold"), ("Tin", "Example Tin")]):
        row = place.first_row + offset
        fields = {"metal": metal, "look_up": name, "comments": f"line {row}"}
        if layout.shows_names:
            fields |= {"name": name, "country": "GERMANY"}
        cells |= {f"{place.columns[field]}{row}": text for field, text in fields.items() if field in place.columns}
    return cells


def _look_ups(layout: Layout) -> dict[str, dict[str, Any]]:
    listed = {"metal": "Gold", "alias": "Example Gold", "name": "Example Gold Refinery", "country": "GERMANY"}
    listed |= {"cid": "CID900001", "old_id": "1DEU001", "aliases": "Example Gold, EG"}
    return {
        place.sheet: {
            f"{column}{place.first_row}": listed[field] for field, column in place.columns.items() if field in listed
        }
        for place in layout.look_ups
    }


def xlsx(sheets: Sheets, *, date1904: bool = False) -> bytes:
    """These cells as an .xlsx workbook. Texts stay texts whatever they begin with."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if date1904:
        book.epoch = _EPOCH[True]
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for cell, value in cells.items():
            sheet[cell] = value
            if isinstance(value, str):
                sheet[cell].data_type = "s"
            if isinstance(value, date):
                sheet[cell].number_format = "d-mmm-yyyy"
    return saved(book)


def xls(sheets: Sheets, *, date1904: bool = False) -> bytes:
    """These cells as an .xls workbook ([MS-XLS], BIFF8)."""
    return compound_file(xls_stream(sheets, date1904=date1904))


def xls_stream(sheets: Sheets, *, date1904: bool = False) -> bytes:
    """The stream that an .xls workbook consists of."""
    texts = list(dict.fromkeys(v for cells in sheets.values() for v in cells.values() if isinstance(v, str)))
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + record(0x0022, struct.pack("<H", date1904))
    head += record(0x00E0, struct.pack("<HH16x", 0, _GENERAL)) + record(0x00E0, struct.pack("<HH16x", 0, _DATE_FORMAT))
    table = _string_table(texts) + record(0x000A)
    names = [struct.pack("<BBBB", 0, 0, len(name), 0) + name.encode("latin-1") for name in sheets]
    bodies = [_sheet(cells, texts, date1904=date1904) for cells in sheets.values()]
    position = len(head) + sum(8 + len(name) for name in names) + len(table)
    entries = b""
    for name, body in zip(names, bodies, strict=True):
        entries += record(0x0085, struct.pack("<I", position) + name)
        position += len(body)
    return head + entries + table + b"".join(bodies)


def record(number: int, body: bytes = b"") -> bytes:
    """One record of such a stream."""
    return struct.pack("<HH", number, len(body)) + body


def sealed(workbook: bytes) -> bytes:
    """An .xlsx workbook encrypted under the password that Excel sets by itself."""
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(BUILT_IN_PASSWORD, stream)
    return stream.getvalue()


def _sheet(cells: Cells, texts: list[str], *, date1904: bool) -> bytes:
    written = [_cell(name, value, texts, date1904=date1904) for name, value in cells.items() if value is not None]
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    return start + b"".join(written) + record(0x000A)


def _cell(name: str, value: Any, texts: list[str], *, date1904: bool) -> bytes:
    letter, row = coordinate_from_string(name)
    place = struct.pack("<HH", row - 1, column_index_from_string(letter) - 1)
    if isinstance(value, str):
        return record(0x00FD, place + struct.pack("<HI", 0, texts.index(value)))
    if isinstance(value, date):
        days = (datetime(value.year, value.month, value.day) - _EPOCH[date1904]).days  # noqa: DTZ001
        return record(0x0203, place + struct.pack("<Hd", 1, days))
    return record(0x0203, place + struct.pack("<Hd", 0, value))


def _string(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<HB", len(encoded) // 2, 1) + encoded


def _string_table(texts: list[str]) -> bytes:
    """The table of shared strings; a record holds whole strings only, so that none is cut by a continuation."""
    bodies = [struct.pack("<II", len(texts), len(texts))]
    for text in map(_string, texts):
        if len(bodies[-1]) + len(text) > _LONGEST_RECORD:
            bodies.append(b"")
        bodies[-1] += text
    return b"".join(record(0x003C if at else 0x00FC, body) for at, body in enumerate(bodies))


def specimens() -> dict[str, bytes]:
    """One sound workbook for each family and format, by name."""
    newest = {"6.5.xlsx": write_cmrt(complete_specimen()), "6.01.xlsx": write_cmrt(complete_specimen(), version="6.01")}
    older = {
        f"{version}.xlsx": xlsx(family_sheets(version), date1904=True) for version in ("1.00", "2.03a", "3.01", "5.12")
    }
    legacy = {"3.01.xls": xls(family_sheets("3.01"), date1904=True)}
    return newest | older | legacy | {"sealed.xlsx": sealed(write_cmrt(complete_specimen()))}
