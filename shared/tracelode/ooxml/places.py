"""Ranges of cells, and the cells that findings speak of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracelode.findings import CELLS_APART, Finding
from tracelode.workbooks.addresses import Cell, parse_cell
from tracelode.workbooks.grid import sheet_key


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both corners included."""

    first: Cell
    last: Cell

    @property
    def reference(self) -> str:
        """The area in A1 notation."""
        first, last = self.first.address, self.last.address
        return first if first == last else f"{first}:{last}"

    def __contains__(self, cell: Cell) -> bool:
        return self.first.row <= cell.row <= self.last.row and self.first.column <= cell.column <= self.last.column


def parse_area(reference: str) -> Area | None:
    """The cells of a reference such as A1 or D8:J8, None if it is none."""
    first, _, last = reference.partition(":")
    start, end = parse_cell(first), parse_cell(last or first)
    if start is None or end is None:
        return None
    return Area(
        Cell(min(start.row, end.row), min(start.column, end.column)),
        Cell(max(start.row, end.row), max(start.column, end.column)),
    )


def parse_cells(named: str) -> tuple[Cell, ...]:
    """The cells that a finding names, of each range the first; what is no address is left out."""
    areas = (parse_area(reference) for reference in named.split(CELLS_APART))
    return tuple(area.first for area in areas if area)


def surrounding(cells: Iterable[Cell], areas: Iterable[Area]) -> dict[Cell, Area]:
    """The first of the areas around each cell; a cell in none of them is left out."""
    by_column: dict[int, list[int]] = {}
    for cell in sorted(cells):
        by_column.setdefault(cell.column, []).append(cell.row)
    columns = sorted(by_column)
    around: dict[Cell, Area] = {}
    for area in areas:
        first, last = area.first, area.last
        for column in columns[bisect_left(columns, first.column) : bisect_right(columns, last.column)]:
            rows = by_column[column]
            start, stop = bisect_left(rows, first.row), bisect_right(rows, last.row)
            if start < stop:
                around |= {Cell(row, column): area for row in rows[start:stop]}
                del rows[start:stop]
    return around


def by_sheet(
    findings: Iterable[Finding], names: Sequence[str], renamed: Mapping[str, str]
) -> Mapping[int, Mapping[Cell, tuple[Finding, ...]]]:
    """The findings that name a cell of a sheet that there is, by the sheet's position and each cell named.

    A range is named for its first cell. Sheets go by name as the reader has them (`grid.sheet_key`), the
    first of two that only differ in case or blanks; `renamed` has the names, among `names`, of sheets that the findings
    call otherwise.
    """
    positions = {sheet_key(name): position for position, name in reversed(list(enumerate(names)))}
    grouped: dict[int, dict[Cell, tuple[Finding, ...]]] = {}
    for finding in findings:
        if finding.sheet is None or finding.cell is None:
            continue
        position = positions.get(sheet_key(renamed.get(finding.sheet, finding.sheet)))
        if position is None:
            continue
        for cell in parse_cells(finding.cell):
            of_sheet = grouped.setdefault(position, {})
            of_sheet[cell] = (*of_sheet.get(cell, ()), finding)
    return grouped
