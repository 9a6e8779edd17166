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

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracelode.report.deterministic_archive import repack
from tracelode.report.printable import looks_like_formula, printable

MAX_CELL_CHARACTERS = 32_767
"""What a cell of a workbook can hold (Excel specifications and limits)."""

Value = str | int | float

_PAGE_WIDTH = 260
"""Characters of column width on a printed page; a sheet that is wider takes several pages side by side."""
_ROWS_AT_ONCE = 500
_LETTER = Worksheet.PAPERSIZE_LETTER
_HEADING = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="24505A")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_END_OF_ROWS = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings with column widths in characters, and its rows; `named_by` columns stay in sight."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    named_by: int = 0


def spreadsheet(sheets: Iterable[Sheet]) -> bytes:
    """The workbook's bytes, the same for the same sheets."""
    book = Workbook(write_only=True)
    rows = [_headed(book, sheet) for sheet in sheets]
    quoted = _quoted_style(book)
    saved = io.BytesIO()
    book.save(saved)
    return repack(
        saved.getvalue(),
        {
            f"xl/worksheets/sheet{number}.xml": (_END_OF_ROWS, _rows_xml(of_sheet, quoted))
            for number, of_sheet in enumerate(rows, start=1)
        },
    )


def _headed(book: Workbook, sheet: Sheet) -> list[Sequence[Value]]:
    """Add the sheet with its headings and its set-up to the book; its rows, which are still to be written."""
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
    page.append([_heading(page, name) for name, _ in sheet.columns])
    return rows


def _heading(page: Any, name: str) -> Any:
    cell = WriteOnlyCell(page, name)
    cell.font = _HEADING
    cell.fill = _HEADING_FILL
    cell.alignment = _WRAPPED
    return cell


def _quoted_style(book: Workbook) -> int:
    """The number of the style of a text that looks like a formula: it stays text when somebody edits the cell."""
    cell: Any = WriteOnlyCell(book.worksheets[0])
    cell.quotePrefix = True
    return int(cell.style_id)


def _rows_xml(rows: Sequence[Sequence[Value]], quoted: int) -> Iterator[bytes]:
    """The rows below the headings as a sheet has them (ECMA-376 part 1, 18.3.1.73), some at a time."""
    letters = [get_column_letter(number) for number in range(1, max(map(len, rows), default=0) + 1)]
    # Names, statuses and sentences of ours stand in many cells.
    seen: dict[Value, str] = {}
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        lines = []
        for number, row in enumerate(rows[start : start + _ROWS_AT_ONCE], start=start + 2):
            cells = []
            for letter, value in zip(letters, row, strict=False):
                content = seen.get(value)
                if content is None:
                    content = seen[value] = _content(value, quoted)
                if content:
                    cells.append(f'<c r="{letter}{number}"{content}')
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        yield "".join(lines).encode()


def _content(value: Value, quoted: int) -> str:
    """A cell behind its place: a number, or a text that nothing can take for a formula; "" for an empty one."""
    if not isinstance(value, str):
        return f"><v>{value}</v></c>"
    text = printable(value)[:MAX_CELL_CHARACTERS].rstrip()
    if not text:
        return ""
    style = f' s="{quoted}"' if looks_like_formula(text) else ""
    return f'{style} t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'
