"""RMI's exports as tests need them: any rows in any of the three containers. All facilities are invented."""

from collections.abc import Callable, Sequence
from datetime import date
from xml.sax.saxutils import escape

import openpyxl

from tests.factories.archives import saved

Cell = str | date | None
Rows = Sequence[Sequence[Cell]]

HEADING = (
    "Metal",
    "Smelter ID",
    "Standard Smelter Name",
    "Country",
    "Last Audit Date",
    "Audit Cycle",
    "Re-audit in progress",
)
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def spreadsheetml(rows: Rows, *, before: str = "", encoding: str = "utf-8") -> bytes:
    """SpreadsheetML 2003 as a program writes it that leaves empty cells out and says so with ss:Index."""
    lines = [
        f'<?xml version="1.0" encoding="{encoding}"?>',
        '<?mso-application progid="Excel.Sheet"?>',
        before,
        f'<Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}" xmlns:o="urn:schemas-microsoft-com:office:office">',
        "<o:DocumentProperties><o:Author>Example</o:Author></o:DocumentProperties>",
        '<Worksheet ss:Name="Facilities"><Table>',
        *(f"<Row>{_cells(row)}</Row>" for row in rows),
        "</Table></Worksheet></Workbook>",
    ]
    return "\n".join(lines).encode(encoding)


def _cells(row: Sequence[Cell]) -> str:
    cells, left_out = [], False
    for column, value in enumerate(row, start=1):
        if value in (None, ""):
            left_out = True
            continue
        index = f' ss:Index="{column}"' if left_out else ""
        kind = "DateTime" if isinstance(value, date) else "String"
        text = f"{value.isoformat()}T00:00:00.000" if isinstance(value, date) else escape(str(value))
        cells.append(f'<Cell{index}><Data ss:Type="{kind}">{text}</Data></Cell>')
        left_out = False
    return "".join(cells)


def xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def csv_with_semicolons(rows: Rows) -> bytes:
    """CSV as a German Excel saves it: byte order mark, semicolons, CR LF."""
    lines = (";".join(_csv_cell(cell) for cell in row) for row in rows)
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def unicode_text(rows: Rows) -> bytes:
    """What Excel calls Unicode text: UTF-16 and tabs."""
    return "\r\n".join("\t".join(_csv_cell(cell) for cell in row) for row in rows).encode("utf-16")


def _csv_cell(cell: Cell) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else cell


CONTAINERS: dict[str, Callable[[Rows], bytes]] = {
    "spreadsheetml": spreadsheetml,
    "xlsx": xlsx,
    "csv": csv_with_semicolons,
    "unicode text": unicode_text,
}


def facility(number: int, metal: str = "Gold", country: Cell = "JAPAN", *more: Cell) -> tuple[Cell, ...]:
    """A row under HEADING."""
    return (metal, f"CID{number:06}", f"Example {metal} Works {number}", country, *more)
