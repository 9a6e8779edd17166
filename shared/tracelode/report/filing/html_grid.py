"""The grid of an HTML table: which cell stands where, and how wide its columns are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from typing import Final

from tracelode.report.filing.html_tree import HtmlElement

MAX_GRID_COLUMNS: Final = 63
"""Columns that a table of Word can have."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a row of a table's grid: a cell, or (None) what a cell above reaches into, or nothing."""

    cell: HtmlElement | None = None
    span: int = 1
    merge: str = ""


def rows_of(table: HtmlElement) -> tuple[list[HtmlElement], int]:
    """A table's rows from top to bottom, and how many at its head hold headings only."""
    heads = [row for group in table.elements("thead") for row in group.elements("tr")]
    feet = [row for group in table.elements("tfoot") for row in group.elements("tr")]
    rows = [
        row
        for part in table.elements("tr", "tbody")
        for row in ([part] if part.tag == "tr" else part.elements("tr"))
    ]  # fmt: skip
    if not heads:
        heads = list(takewhile(lambda row: not any(row.elements("td")), rows))
        rows = rows[len(heads) :]
    heads, rows, feet = ([row for row in part if any(row.elements("td", "th"))] for part in (heads, rows, feet))
    every = [*heads, *rows, *feet]
    # A table of headings alone has no rows that its head could be repeated over.
    return every, len(heads) if len(every) > len(heads) else 0


def laid_out(rows: Sequence[HtmlElement]) -> list[list[Slot]]:
    """Each row's slots, every row over the whole width of the grid, with what cells of rows above reach into."""
    reaching: dict[int, tuple[int, int]] = {}
    laid = []
    for number, row in enumerate(rows):
        slots: list[Slot] = []
        cells = row.elements("td", "th")
        while (cell := _next_cell(slots, reaching, cells)) is not None:
            start = sum(slot.span for slot in slots)
            span = whole_number(cell.attributes.get("colspan", ""), most=MAX_GRID_COLUMNS - start)
            below = whole_number(cell.attributes.get("rowspan", ""), most=len(rows) - number) - 1
            slots.append(Slot(cell, span, "restart" if below else ""))
            for overlapped in range(start, start + span):
                reaching.pop(overlapped, None)
            if below:
                reaching[start] = (below + 1, span)
        laid.append(slots)
        reaching = {column: (rest - 1, span) for column, (rest, span) in reaching.items() if rest > 1}
    columns = max((sum(slot.span for slot in slots) for slots in laid), default=0)
    return [slots + [Slot()] * (columns - sum(slot.span for slot in slots)) for slots in laid]


def _next_cell(
    slots: list[Slot], reaching: Mapping[int, tuple[int, int]], cells: Iterator[HtmlElement]
) -> HtmlElement | None:
    """The row's next cell, None if there is none; before it, `slots` gets what reaches into the row from above."""
    column = sum(slot.span for slot in slots)
    while column in reaching:
        slots.append(Slot(span=reaching[column][1], merge="continue"))
        column += reaching[column][1]
    cell = next(cells, None) if column < MAX_GRID_COLUMNS else None
    further = [start for start in reaching if start > column]
    if cell is None and further:
        slots += [Slot()] * (min(further) - column)
        return _next_cell(slots, reaching, cells)
    return cell


def column_widths(rows: Iterable[Sequence[Slot]], columns: int, total: int) -> list[int]:
    """The columns' widths, which add up to `total`: as the first undivided row asks in percent, else alike."""
    undivided: Sequence[Slot] = next((slots for slots in rows if len(slots) == columns), ())
    asked = [share_of(slot.cell.attributes.get("width", "")) if slot.cell else 0.0 for slot in undivided]
    asked = asked or [0.0] * columns
    left = max(1 - sum(asked), 0.05 * asked.count(0.0))
    shares = [share or left / asked.count(0.0) for share in asked]
    ends = [round(total * part / sum(shares)) for part in accumulate(shares)]
    return [end - start for start, end in pairwise([0, *ends])]


def share_of(width: str) -> float:
    """A width in percent as a part of the whole; 0.0 if it is not given so."""
    percent = width.strip().removesuffix("%") if width.strip().endswith("%") else ""
    return whole_number(percent, least=0, most=100, otherwise=0) / 100


def whole_number(text: str, *, least: int = 1, most: int, otherwise: int = 1) -> int:
    """The number that an attribute states, within bounds; `otherwise` if it states none."""
    digits = text.strip()
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else otherwise
    return max(least, min(number, most))
