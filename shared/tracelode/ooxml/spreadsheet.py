"""Tables become a workbook: headings that stay in sight, filters, pages that print, and no cell that is a formula.

openpyxl makes the workbook with its headings; the rows below them are written into its sheets as text, because a cell
object for each of a million cells takes most of the time that a report takes.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracelode.ooxml.deterministic_archive import repack
from tracelode.printing.printable import looks_like_formula, printable

MAX_CELL_CHARACTERS = 32_767
"""What a cell of a workbook can hold (Excel specifications and limits)."""

TableValue = str | int | float

_PAGE_WIDTH = 260
"""Characters of column width on a printed page; a sheet that is wider takes several pages side by side."""
_ROWS_AT_ONCE = 500
_LINE = 15
"""Points of a line of text."""
_HIGHEST = 405
_BOLD, _ORDINARY = 1.25, 1.1
"""How much wider than a column's character a letter is, with what breaking between words takes."""
_LAST_NARROW = "\u10ff"
_LETTER = Worksheet.PAPERSIZE_LETTER
_HEADING = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="24505A")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_END_OF_ROWS = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings with column widths in characters, and its rows.

    The first `named_by` columns stay in sight; `wrapped` breaks long texts into lines, which suits sentences and not
    lists of a thousand names.
    """

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[TableValue]]
    named_by: int = 0
    wrapped: bool = False


def spreadsheet(sheets: Iterable[Sheet]) -> bytes:
    """The workbook's bytes, the same for the same sheets."""
    book = Workbook(write_only=True)
    headed = [_headed(book, sheet) for sheet in sheets]
    styles = {wrapped: _styles(book, wrapped) for wrapped in (False, True)}
    saved = io.BytesIO()
    book.save(saved)
    return repack(
        saved.getvalue(),
        {
            f"xl/worksheets/sheet{number}.xml": (_END_OF_ROWS, _rows_xml(sheet, rows, styles[sheet.wrapped]))
            for number, (sheet, rows) in enumerate(headed, start=1)
        },
    )


def _headed(book: Workbook, sheet: Sheet) -> tuple[Sheet, list[Sequence[TableValue]]]:
    """Add the sheet with its headings and its set-up to the book; it comes back with its rows, still to be written."""
    page: Any = book.create_sheet(sheet.title)
    rows = list(sheet.rows)
    page.freeze_panes = f"{get_column_letter(sheet.named_by + 1)}2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _LETTER
    page.page_setup.fitToWidth = ceil(sum(width for _, width in sheet.columns) / _PAGE_WIDTH)
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&A, page &P of &N"
    for number, (_, width) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.row_dimensions[1].height = _LINE * max(ceil(len(name) * _BOLD / width) for name, width in sheet.columns)
    page.append([_heading(page, name) for name, _ in sheet.columns])
    return sheet, rows


def _heading(page: Any, name: str) -> Any:
    cell = WriteOnlyCell(page, name)
    cell.font = _HEADING
    cell.fill = _HEADING_FILL
    cell.alignment = _WRAPPED
    return cell


@dataclass(frozen=True, slots=True)
class _Styles:
    """What stands in a cell for its look: of any cell, and of a text that looks like a formula.

    The latter stays a text when somebody edits the cell.
    """

    plain: str
    quoted: str


def _styles(book: Workbook, wrapped: bool) -> _Styles:
    numbers = []
    for quoted in (False, True):
        cell: Any = WriteOnlyCell(book.worksheets[0])
        cell.alignment = _WRAPPED if wrapped else Alignment()
        cell.quotePrefix = quoted
        numbers.append(cell.style_id)
    plain, prefixed = (f' s="{number}"' if number else "" for number in numbers)
    return _Styles(plain, prefixed)


def _rows_xml(sheet: Sheet, rows: Sequence[Sequence[TableValue]], styles: _Styles) -> Iterator[bytes]:
    """The rows below the headings as a sheet has them (ECMA-376 part 1, 18.3.1.73), some at a time."""
    letters = [get_column_letter(number) for number in range(1, len(sheet.columns) + 1)]
    # Names, statuses and sentences of ours stand in many cells.
    seen: dict[TableValue, str] = {}
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        lines = []
        for number, row in enumerate(rows[start : start + _ROWS_AT_ONCE], start=start + 2):
            cells = []
            for letter, value in zip(letters, row, strict=True):
                content = seen.get(value)
                if content is None:
                    content = seen[value] = _content(value, styles)
                if content:
                    cells.append(f'<c r="{letter}{number}"{content}')
            height = _height(sheet, row) if sheet.wrapped else ""
            lines.append(f'<row r="{number}"{height}>{"".join(cells)}</row>')
        yield "".join(lines).encode()


def _height(sheet: Sheet, row: Sequence[TableValue]) -> str:
    """The height that the longest text of a row takes: not every program finds it out by itself."""
    lines = max(
        ceil((len(text) + sum(map(_is_wide, text))) * _ORDINARY / width)
        for (_, width), text in zip(sheet.columns, map(str, row), strict=True)
    )
    return f' ht="{min(lines * _LINE, _HIGHEST)}" customHeight="1"' if lines > 1 else ""


def _is_wide(character: str) -> bool:
    return character > _LAST_NARROW and east_asian_width(character) in "WF"


def _content(value: TableValue, styles: _Styles) -> str:
    """A cell behind its place: a number, or a text that nothing can take for a formula; "" for an empty one."""
    if not isinstance(value, str):
        return f"{styles.plain}><v>{value}</v></c>"
    text = printable(value)[:MAX_CELL_CHARACTERS].rstrip()
    if not text:
        return ""
    style = styles.quoted if looks_like_formula(text) else styles.plain
    return f'{style} t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'
