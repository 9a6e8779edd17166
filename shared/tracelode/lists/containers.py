"""A list's rows, whatever it was saved as: SpreadsheetML, an Excel workbook or CSV, told by content, not by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.lists.encodings import UTF_16_MARKS
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.spreadsheetml import read_spreadsheetml
from tracelode.lists.tables import MAX_LIST_ROWS, csv_cells
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid, Workbook
from tracelode.workbooks.limits import MAX_COLUMN, MAX_ROW, MAX_SHEETS_PROBED
from tracelode.workbooks.preflight import open_package

_ARCHIVES = (b"PK", b"\xd0\xcf\x11\xe0")
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that has something in it: its number as a spreadsheet shows it, and its cells as trimmed text."""

    number: int
    cells: tuple[str, ...]


def read_sheets(file: str, data: bytes) -> tuple[tuple[SheetRow, ...], ...]:
    """The sheets of a file, at least one, each as its rows that have something in them.

    A workbook passes the same checks as a supplier's before a parser sees it. Raises ReferenceRefusedError for what is
    none of the three containers, is damaged, unsafe, or larger than any list.
    """
    if data.startswith(_ARCHIVES):
        return _workbook(file, data)
    start = _beginning(data)
    if start.startswith(("<?xml", "<Workbook", "<ss:Workbook")):
        return tuple(_rows(sheet) for sheet in read_spreadsheetml(file, data)) or ((),)
    if start.startswith("<"):
        raise ReferenceRefusedError(file, (Problem("a web page or other markup, not a list"),))
    lines = enumerate(csv_cells(file, data), start=1)
    return (_bounded(file, ((number, tuple(map(str.strip, cells[:MAX_COLUMN]))) for number, cells in lines)),)


def _beginning(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(UTF_16_MARKS) else "utf-8-sig"
    return data[:_LOOKED_AT].decode(encoding, "replace").lstrip()


def _workbook(file: str, data: bytes) -> tuple[tuple[SheetRow, ...], ...]:
    try:
        book = Workbook(open_package(data))
        names = book.sheet_names[:MAX_SHEETS_PROBED]
        opened = book.open_sheets(names)
        grids = [grid for name in names if (grid := opened.grid(name)) is not None]
    except RefusedError as refused:
        raise ReferenceRefusedError(file, (Problem(refused.finding.message),)) from None
    if any(len(grid.rows) >= MAX_ROW for grid in grids):
        raise ReferenceRefusedError(file, (Problem(f"a workbook of {MAX_ROW} rows or more; save it as CSV"),))
    return tuple(_rows(_texts(grid)) for grid in grids) or ((),)


def _texts(grid: Grid) -> Iterable[tuple[int, tuple[str, ...]]]:
    for number, values in enumerate(grid.rows, start=1):
        yield number, tuple(grid.text(number, column) for column in range(1, len(values) + 1))


def _bounded(file: str, rows: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[SheetRow, ...]:
    kept: list[SheetRow] = []
    for number, cells in rows:
        if any(cells):
            if len(kept) > MAX_LIST_ROWS:
                raise ReferenceRefusedError(file, (Problem(f"more than {MAX_LIST_ROWS} rows", row=number),))
            kept.append(SheetRow(number, cells))
    return tuple(kept)


def _rows(rows: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[SheetRow, ...]:
    return tuple(SheetRow(number, cells) for number, cells in rows if any(cells))
