"""Where the fields of this very workbook stand: the layout's positions, unless labels and headers say otherwise.

Questions are found by the number or letter that their labels begin with in every language of the template (domain
page, 3.4), columns of the lists by their texts in those languages, fields of the company block by their English ones. A
workbook saved without computed values shows no labels; then the layout is taken at its word, unless what stands in the
Smelter List says otherwise.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tracelode.declarations.identifier import cid_of
from tracelode.declarations.templates.layouts import DECLARATION, Layout, ListLayout
from tracelode.minerals import Mineral
from tracelode.workbooks import file_rules
from tracelode.workbooks.addresses import column_letters, column_number
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.text import matching_key

_HEADER_ROWS = 15
_HEADER_COLUMNS = 40
_LEAST_HEADERS = 3
_ROWS_BELOW = 15
"""Rows below the last question that are searched: further down, CMRT 2.00 to 2.02 keep the labels of all languages."""
_SAMPLED_ROWS = 60
_LEAST_METALS = 3
_NAMING = frozenset({"cid", "look_up", "name", "alias"})
_IDENTIFYING = ("cid", "look_up", "alias", "identification")
"""Columns of which a line fills one; the name is typed there only where a list has none of them."""
_MineralOf: TypeAlias = Callable[[str], Mineral | None]
_PREFIX = re.compile(r"(?:([1-9])\s?\)|([A-K])\s?\.)")


@dataclass(frozen=True, slots=True)
class Header:
    """A header row and, by field, the letters of the columns that it names."""

    row: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A layout whose rows are those of the workbook; whether they moved; and how many of its labels fit."""

    layout: Layout
    moved: bool
    fitting: int
    expected: int


@dataclass(frozen=True, slots=True)
class PlacedList:
    """A list whose rows and columns are those of the workbook, whether they moved, and how many headers fit."""

    place: ListLayout
    moved: bool
    fitting: int
    expected: int


def located_header(grid: Grid, headers: Mapping[str, Sequence[str]]) -> Header | None:
    """The row near the top that names most of a list's columns, if it names more than two."""
    spelled = {_spelling(text): name for name, texts in headers.items() for text in texts}
    best: dict[str, str] = {}
    at = 0
    for row in range(1, min(_HEADER_ROWS, len(grid.rows)) + 1):
        found: dict[str, str] = {}
        for column in range(1, min(len(grid.rows[row - 1]), _HEADER_COLUMNS) + 1):
            name = _named(grid.text(row, column), spelled)
            if name:
                found.setdefault(name, column_letters(column))
        if len(found) > len(best):
            best, at = found, row
    return Header(at, best) if len(best) >= _LEAST_HEADERS else None


def placed_list(grid: Grid, place: ListLayout, layout: Layout) -> PlacedList:
    """Where the columns of one of a layout's lists are.

    Raises RefusedError (F24) where its headers name other columns than it needs, or where they do not name the column
    of metals and what stands in the list does not fit the columns.
    """
    header = located_header(grid, place.headers)
    if header is None:
        return PlacedList(*_placed_by_metals(grid, place, layout.mineral_of), 0, 0)
    placed = _placed_by_header(header, place)
    named = "metal" in header.columns or "metal" not in place.columns
    if not named and _metal_columns(grid, placed.place, layout.mineral_of):
        raise RefusedError(file_rules.COLUMNS_MOVED.finding(sheet=place.sheet))
    return placed


def _placed_by_header(header: Header, place: ListLayout) -> PlacedList:
    named = {name: letter for name, letter in header.columns.items() if name in place.columns}
    fitting = sum(place.columns[name] == letter for name, letter in named.items())
    down = header.row - place.header_row
    if fitting == len(named) and not down:
        return PlacedList(place, False, fitting, len(named))
    shifts = {column_number(letter) - place.column(name) for name, letter in named.items()}
    if len(shifts) == 1:
        columns = _shifted(place, shifts.pop())
    else:
        columns = {**{n: c for n, c in place.columns.items() if c not in named.values()}, **named}
    if "metal" not in columns or not _NAMING & set(columns):
        raise RefusedError(file_rules.COLUMNS_MOVED.finding(sheet=place.sheet))
    moved = replace(place, first_row=place.first_row + down, last_row=place.last_row + down, columns=columns)
    return PlacedList(moved, True, fitting, len(named))


def placed_products(grid: Grid, place: ListLayout) -> ListLayout:
    """The Product List with the columns that its headings name, whatever its version has; else as the layout has it."""
    header = located_header(grid, place.headers)
    if header is None:
        return place
    down = header.row - place.header_row
    kept = {name: column for name, column in place.columns.items() if column not in header.columns.values()}
    return replace(
        place,
        header_row=header.row,
        first_row=place.first_row + down,
        last_row=place.last_row + down,
        columns={**kept, **header.columns},
    )


def placed_declaration(grid: Grid, layout: Layout) -> Placed:
    """Where the questions and the company block are. Raises RefusedError (F15) where that cannot be told."""
    column = column_number(layout.label_column)
    anchors = _anchors(layout)
    last = max(anchors.values()) + _ROWS_BELOW
    texts = [grid.text(row, column) for row in range(1, min(len(grid.rows), last) + 1)]
    fitting = sum(_prefix(texts, row) == prefix for prefix, row in anchors.items())
    if not _any_moved(texts, anchors):
        return Placed(layout, False, fitting, len(anchors))
    rows = _rows_of_anchors(texts, anchors, layout)
    company = _company_rows(texts, layout, rows["1"] - anchors["1"])
    moved = rows != anchors or company != layout.company
    return Placed(_with_rows(texts, layout, rows, company) if moved else layout, moved, fitting, len(anchors))


def _spelling(text: str) -> str:
    return matching_key(text) + ("*" if text.endswith("*") else "")


def _named(text: str, spelled: Mapping[str, str]) -> str | None:
    key = matching_key(text)
    if not key or key in spelled:
        return spelled.get(key)
    return next(
        (name for spelling, name in spelled.items() if spelling[-1] == "*" and key.startswith(spelling[:-1])), None
    )


def _shifted(place: ListLayout, shift: int) -> Mapping[str, str]:
    numbers = {name: place.column(name) + shift for name in place.columns}
    return {name: column_letters(number) for name, number in numbers.items() if number > 0}


def _placed_by_metals(grid: Grid, place: ListLayout, mineral_of: _MineralOf) -> tuple[ListLayout, bool]:
    """The list, moved sideways where another column than the metals' holds the metals and that one holds none.

    Raises RefusedError (F24) where what stands beside the metals is not what would stand there had the list moved.
    """
    found = _metal_columns(grid, place, mineral_of) if "metal" in place.columns else []
    if len(found) != 1:
        return place, False
    moved = replace(place, columns=_shifted(place, found[0] - place.column("metal")))
    if not _fits(grid, moved, mineral_of):
        raise RefusedError(file_rules.COLUMNS_MOVED.finding(sheet=place.sheet))
    return moved, True


def _sampled(grid: Grid, place: ListLayout) -> range:
    return range(place.first_row, min(place.first_row + _SAMPLED_ROWS, len(grid.rows)) + 1)


def _width(grid: Grid, rows: range) -> int:
    return min(max(map(len, grid.rows[rows[0] - 1 : rows[-1]]), default=0), _HEADER_COLUMNS) if rows else 0


def _metal_columns(grid: Grid, place: ListLayout, mineral_of: _MineralOf) -> list[int]:
    """The columns that hold metals where the one that should does not."""
    rows = _sampled(grid, place)

    def metals(column: int) -> int:
        return sum(mineral_of(grid.text(row, column)) is not None for row in rows)

    if metals(place.column("metal")):
        return []
    return [column for column in range(1, _width(grid, rows) + 1) if metals(column) >= _LEAST_METALS]


def _fits(grid: Grid, place: ListLayout, mineral_of: _MineralOf) -> bool:
    """Whether most rows with a metal name a smelter beside it, and CIDs stand where they belong, if there are any."""
    rows = [row for row in _sampled(grid, place) if mineral_of(grid.text(row, place.column("metal")))]
    identifying = [name for name in _IDENTIFYING if name in place.columns] or ["name"]
    naming = {place.column(name) for name in identifying if name in place.columns}
    own = {place.column(name) for name in ("cid", "identification") if name in place.columns}
    with_cids = {
        column
        for column in range(1, _width(grid, _sampled(grid, place)) + 1)
        if 2 * sum(cid_of(grid.text(row, column)) is not None for row in rows) > len(rows)
    }
    named = sum(any(grid.text(row, column) for column in naming) for row in rows)
    return 2 * named > len(rows) and (not with_cids or bool(with_cids & own))


def _anchors(layout: Layout) -> dict[str, int]:
    """The row of every question's label by the number or letter that it begins with, from top to bottom."""
    numbered = {str(question.number): question.row for question in layout.asked.values()}
    return numbered | {letter: question.row for letter, question in layout.company_questions.items()}


def _prefix(texts: Sequence[str], row: int) -> str:
    found = _PREFIX.match(texts[row - 1]) if 0 < row <= len(texts) else None
    return (found[1] or found[2]) if found else ""


def _any_moved(texts: Sequence[str], anchors: Mapping[str, int]) -> bool:
    present = {_prefix(texts, row) for row in range(1, len(texts) + 1)} - {""}
    for prefix, row in anchors.items():
        if _prefix(texts, row) == prefix:
            continue
        label = texts[row - 1] if row <= len(texts) else ""
        if prefix in present or (label and present & set(anchors)):
            return True
    return False


def _rows_of_anchors(texts: Sequence[str], anchors: Mapping[str, int], layout: Layout) -> dict[str, int]:
    found: dict[str, int] = {}
    last = 0
    for prefix in anchors:
        row = next((row for row in range(last + 1, len(texts) + 1) if _prefix(texts, row) == prefix), None)
        if row is not None:
            found[prefix] = last = row
    missing = _interpolated(anchors, found)
    if missing is None:
        lost = next(prefix for prefix, row in anchors.items() if found.get(prefix) != row)
        row = found.get(lost, anchors[lost])
        label = texts[row - 1] if row <= len(texts) else ""
        raise RefusedError(
            file_rules.ROWS_MOVED.finding(sheet=DECLARATION, cell=f"{layout.label_column}{row}", found=label)
        )
    return found | missing


def _interpolated(expected: Mapping[str, int], found: Mapping[str, int]) -> dict[str, int] | None:
    """Rows for what was not found, if what stands around it moved by the same number of rows; else None."""
    names = list(expected)
    rows: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in found:
            continue
        before = next((found[n] - expected[n] for n in reversed(names[:at]) if n in found), None)
        after = next((found[n] - expected[n] for n in names[at + 1 :] if n in found), None)
        if before is None or after is None or before != after:
            return None
        rows[name] = expected[name] + before
    return rows


def _company_rows(texts: Sequence[str], layout: Layout, shift: int) -> Mapping[str, int]:
    spelled = {
        _spelling(text): name for name, texts_ in layout.labels.items() for text in texts_ if name in layout.company
    }
    first = min(question.row for question in layout.asked.values()) + shift
    found: dict[str, int] = {}
    for row in range(1, min(first, len(texts) + 1)):
        name = spelled.get(matching_key(texts[row - 1]))
        if name:
            found.setdefault(name, row)
    shifts = {row - layout.company[name] for name, row in found.items()}
    if not shift and shifts <= {0}:
        return layout.company
    if len(shifts) == 1:
        moved = shifts.pop()
        return {name: row + moved for name, row in layout.company.items()}
    missing = _interpolated(layout.company, found) if found else None
    if missing is None:
        raise RefusedError(file_rules.ROWS_MOVED.finding(sheet=DECLARATION, cell=f"{layout.label_column}{first}"))
    return found | missing


def _with_rows(texts: Sequence[str], layout: Layout, rows: Mapping[str, int], company: Mapping[str, int]) -> Layout:
    ordered = sorted({*rows.values(), len(texts) + len(layout.minerals) + 2})
    questions = dict(layout.questions)
    for meaning, question in layout.asked.items():
        row = rows[str(question.number)]
        end = ordered[ordered.index(row) + 1]
        questions[meaning] = replace(question, row=row, metal_rows=_metal_rows(texts, layout, row, end))
    return replace(
        layout,
        company=company,
        questions=questions,
        company_questions={
            letter: replace(question, row=rows[letter]) for letter, question in layout.company_questions.items()
        },
    )


def _metal_rows(texts: Sequence[str], layout: Layout, row: int, end: int) -> tuple[int, ...]:
    named = {layout.mineral_of(texts[at - 1]): at for at in range(row + 1, min(end, len(texts) + 1))}
    if set(layout.minerals) <= set(named):
        return tuple(named[mineral] for mineral in layout.minerals)
    if set(named) & set(layout.minerals) or end - row <= len(layout.minerals):
        raise RefusedError(file_rules.ROWS_MOVED.finding(sheet=DECLARATION, cell=f"{layout.label_column}{row}"))
    return tuple(range(row + 1, row + 1 + len(layout.minerals)))
