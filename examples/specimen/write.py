"""Writes a specimen: the sheets, one after the other."""

import io
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from examples.specimen.content import SCOPES, CmrtSpecimen, SmelterRow
from examples.specimen.formulas import Formulas
from examples.specimen.layout import (
    COMPANY_LABELS,
    COMPANY_QUESTION_LABELS,
    EDITIONS,
    FIRST_LOOK_UP_ROW,
    FIRST_PRODUCT_ROW,
    FIRST_SMELTER_ROW,
    LOOK_UP_HEADERS,
    NOTICE,
    QUESTION_LABELS,
    SMELTER_HEADERS,
    TITLE,
    Edition,
)
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.ooxml.deterministic_archive import repack

CellValue: TypeAlias = str | int | float | date | None
_BOLD = Font(bold=True)
_HEADER_FILL = PatternFill("solid", start_color="FFD9E2EC")
_ENTRY_FILL = PatternFill("solid", start_color="FFFFF9DB")
_WRAP = Alignment(wrap_text=True, vertical="top")
_HIDDEN_ZERO = "General;;;@"


def write_cmrt(spec: CmrtSpecimen, *, version: str = "6.5") -> bytes:
    """The workbook that holds `spec` in the layout of a template version: the same content gives the same bytes.

    Texts are written as texts whatever they begin with, so a specimen can hold what a hostile supplier would type.

    Raises KeyError for a version that is not in EDITIONS, openpyxl's IllegalCharacterError for control characters.
    """
    edition = EDITIONS[version]
    workbook = Workbook()
    revision = workbook.active
    if not isinstance(revision, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    revision.title = "Revision"
    _write_revision(revision, version, edition)
    _write_declaration(workbook.create_sheet("Declaration"), spec, version, edition)
    _write_smelter_list(workbook.create_sheet("Smelter List"), spec, version, edition)
    _write_product_list(workbook.create_sheet("Product List"), spec, edition)
    _write_look_up(workbook.create_sheet("Smelter Look-up"), spec)
    workbook.active = 1
    written = io.BytesIO()
    workbook.save(written)
    return repack(written.getvalue())


def _write_revision(sheet: Worksheet, version: str, edition: Edition) -> None:
    _put(sheet, "B2", "DOCUMENT TITLE", bold=True)
    _put(sheet, "B3", TITLE)
    _put(sheet, "B5", NOTICE)
    sheet["B5"].alignment = _WRAP
    _put(sheet, "B12", "REVISION", bold=True)
    _put(sheet, "D12", "RELEASE DATE", bold=True)
    _put(sheet, "B13", float(version))
    _put(sheet, "D13", edition.released)
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["D"].width = 18


def _write_declaration(sheet: Worksheet, spec: CmrtSpecimen, version: str, edition: Edition) -> None:
    for column, width in (("A", 3), ("B", 58), ("D", 26), ("G", 30), ("J", 24)):
        sheet.column_dimensions[column].width = width
    label = _Labels(sheet, spec.cached)
    label("D2", f"{TITLE} (CMRT)", wrap=False)
    _put(sheet, "B3", "Language:")
    _put_entry(sheet, "D3", spec.language)
    _put(sheet, "J3", _revision_text(version, edition))
    sheet["J3"].alignment = _WRAP
    label("B7", "Company information")
    for name, (row, text) in COMPANY_LABELS.items():
        label(f"B{row}", text)
        value = getattr(spec.company, name)
        _put_entry(sheet, f"D{row}", SCOPES.get(value, value) if name == "scope" else value)
        sheet.merge_cells(f"D{row}:{'G' if name == 'scope' else 'J'}{row}")
    for number, text in enumerate(QUESTION_LABELS, start=1):
        _write_question(sheet, spec, number, text, edition)
    label("B74", "Questions at company level")
    label("D74", "Answer")
    label("G74", "Comment")
    for row, (letter, text) in zip(range(75, 91, 2), COMPANY_QUESTION_LABELS.items(), strict=True):
        label(f"B{row}", text)
        _put_answer(sheet, row, spec.company_answers.get(letter), spec.company_comments.get(letter))


def _write_question(sheet: Worksheet, spec: CmrtSpecimen, number: int, text: str, edition: Edition) -> None:
    first = 25 + 6 * (number - 1)
    label = _Labels(sheet, spec.cached)
    label(f"B{first}", text)
    label(f"D{first}", "Answer")
    label(f"G{first}", "Comment")
    for row, metal in enumerate(CONFLICT_MINERALS, start=first + 1):
        label(f"B{row}", metal.value, bold=False)
        answer = spec.answers.get(number, {}).get(metal)
        if number == 6 and answer == "100%":
            answer = edition.full_response
        _put_answer(sheet, row, answer, spec.comments.get(number, {}).get(metal))
        if number == 6:
            sheet[f"D{row}"].number_format = "0%"


def _write_smelter_list(sheet: Worksheet, spec: CmrtSpecimen, version: str, edition: Edition) -> None:
    _put(sheet, "Q3", _revision_text(version, edition))
    sheet["Q3"].alignment = _WRAP
    _write_headers(sheet, 4, SMELTER_HEADERS, spec.cached, constant=frozenset("RST"))
    for column in "RST":
        sheet.column_dimensions[column].hidden = True
    formulas = Formulas(spec.look_up, edition)
    for number, row in enumerate(spec.smelters, start=FIRST_SMELTER_ROW):
        cells: dict[str, str | int] = dict(formulas.shown(row)) if spec.cached else {}
        cells |= {column: value for column, value in _typed(row).items() if value != ""}
        for column, value in sorted(cells.items()):
            if value != "":
                _put(sheet, f"{column}{number}", value)
            if value == 0:
                sheet[f"{column}{number}"].number_format = _HIDDEN_ZERO
    sheet.freeze_panes = "A5"


def _typed(row: SmelterRow) -> dict[str, str | int]:
    return {
        "A": row.cid,
        "B": row.metal,
        "C": row.lookup,
        "D": row.name,
        "E": row.country,
        "F": row.identification,
        "I": row.city,
        "J": row.state,
        "N": row.mine,
        "O": row.mine_country,
        "P": row.recycled,
        "Q": row.comments,
    }


def _write_product_list(sheet: Worksheet, spec: CmrtSpecimen, edition: Edition) -> None:
    owner = edition.product_owner
    headers = (("B", f"{owner} Product Number (*)", 32), ("C", f"{owner} Product Name", 42), ("D", "Comments", 42))
    _write_headers(sheet, 5, headers, spec.cached)
    for number, product in enumerate(spec.products, start=FIRST_PRODUCT_ROW):
        for column, value in (("B", product.number), ("C", product.name), ("D", product.comments)):
            _put_entry(sheet, f"{column}{number}", value)
    if spec.cached:
        _put(sheet, f"B{edition.product_footer_row}", f"© {NOTICE}")
        sheet.merge_cells(f"B{edition.product_footer_row}:D{edition.product_footer_row}")


def _write_look_up(sheet: Worksheet, spec: CmrtSpecimen) -> None:
    _write_headers(sheet, 4, LOOK_UP_HEADERS, spec.cached, constant=frozenset("J"))
    for number, entry in enumerate(spec.look_up, start=FIRST_LOOK_UP_ROW):
        cells = (
            ("A", entry.metal),
            ("B", entry.alias),
            ("C", entry.name),
            ("D", entry.country),
            ("E", entry.cid),
            ("F", entry.source),
            ("H", entry.city),
            ("I", entry.state),
            ("J", entry.metal + entry.alias if spec.cached else ""),
        )
        for column, value in cells:
            if value:
                _put(sheet, f"{column}{number}", value)
    sheet.freeze_panes = "A5"


def _revision_text(version: str, edition: Edition) -> str:
    return f"Revision {version}\n{edition.released}"


class _Labels:
    """Writes labels, which the template computes from the display language; without calculation there are none."""

    def __init__(self, sheet: Worksheet, cached: bool) -> None:
        self._sheet = sheet
        self._cached = cached

    def __call__(self, cell: str, text: str, *, bold: bool = True, wrap: bool = True) -> None:
        if self._cached:
            _put(self._sheet, cell, text, bold=bold)
            self._sheet[cell].alignment = Alignment(wrap_text=wrap, vertical="top")


def _write_headers(
    sheet: Worksheet,
    row: int,
    headers: Iterable[tuple[str, str, int]],
    cached: bool,
    constant: frozenset[str] = frozenset(),
) -> None:
    for column, text, width in headers:
        sheet.column_dimensions[column].width = width
        if cached or column in constant:
            _put(sheet, f"{column}{row}", text, bold=True)
            sheet[f"{column}{row}"].alignment = _WRAP
            sheet[f"{column}{row}"].fill = _HEADER_FILL


def _put_answer(sheet: Worksheet, row: int, answer: str | float | None, comment: str | None) -> None:
    _put_entry(sheet, f"D{row}", answer)
    _put_entry(sheet, f"G{row}", comment)
    sheet.merge_cells(f"D{row}:E{row}")
    sheet.merge_cells(f"G{row}:J{row}")


def _put_entry(sheet: Worksheet, cell: str, value: CellValue) -> None:
    if value not in (None, ""):
        _put(sheet, cell, value)
    sheet[cell].fill = _ENTRY_FILL
    sheet[cell].alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _put(sheet: Worksheet, address: str, value: CellValue, *, bold: bool = False) -> None:
    cell = sheet[address]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "e" if value == "#N/A" else "s"
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = _BOLD
