"""Our own tables (roster, status list, decisions, last year), as people save them and under their headings."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from tracelode.lists.containers import SheetRow, read_sheets
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import Row
from tracelode.workbooks.text import matching_key

_HEADING_WITHIN = 30
"""Rows with something in them among which the heading is looked for: people put a title above it."""

_NEAR = 60
"""Likeness (0 to 100) from which a heading is asked about."""


def read_table(file: str, data: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> tuple[Row, ...]:
    """The rows below the heading of a table: CSV in any encoding that Excel saves it in, an Excel workbook, or XML.

    A column goes by its own name, or else by what people call it (own_headings.toml); whatever else there is goes by
    its heading in small letters. Raises ReferenceRefusedError for what is no table, where a `required` column is
    missing (it names what is there instead), where one stands twice, or a row is longer than the heading or ends
    before the last required column.
    """
    nearest: tuple[int, SheetRow, dict[str, int]] | None = None
    for sheet in read_sheets(file, data):
        for place, row in enumerate(sheet[:_HEADING_WITHIN]):
            columns = _columns(row, (*required, *optional))
            if all(name in columns for name in required):
                return _rows(file, row, columns, sheet[place + 1 :], required)
            found = sum(name in columns for name in required)
            if nearest is None or found > nearest[0]:
                nearest = (found, row, columns)
    if nearest is None:
        raise ReferenceRefusedError(file, (Problem("the file is empty"),))
    _, heading, columns = nearest
    missing = [name for name in required if name not in columns]
    raise ReferenceRefusedError(file, [_missing(name, heading, required) for name in missing])


def _columns(row: SheetRow, wanted: Sequence[str]) -> dict[str, int]:
    """Where each column stands: by our own name, else by the first other heading that means it."""
    headings = [cell.lower() for cell in row.cells]
    columns = {name: place for place, name in reversed(list(enumerate(headings))) if name}
    by_key = {matching_key(name): place for name, place in reversed(columns.items())}
    for name in wanted:
        if name not in columns:
            place = next((by_key[key] for key in _other_headings(name) if key in by_key), None)
            if place is not None and headings[place] not in wanted:
                columns[name] = place
    return columns


def _rows(
    file: str, heading: SheetRow, columns: Mapping[str, int], below: Sequence[SheetRow], required: Sequence[str]
) -> tuple[Row, ...]:
    names = [name.lower() for name in heading.cells]
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise ReferenceRefusedError(file, [Problem("column stands twice", heading.number, name) for name in repeated])
    last_required = max(columns[name] for name in required)
    problems = [
        Problem(f"{len(row.cells)} cells under {len(names)} headings", row=row.number)
        for row in below
        if any(row.cells[len(names) :]) or len(row.cells) <= last_required
    ]
    if problems:
        raise ReferenceRefusedError(file, problems)
    return tuple(
        Row(row.number, {name: row.cells[place] for name, place in columns.items() if place < len(row.cells)})
        for row in below
    )


def _missing(name: str, heading: SheetRow, required: Sequence[str]) -> Problem:
    there = [cell for cell in heading.cells if cell]
    unknown = [cell for cell in there if cell.lower() not in required]
    near = _nearest(name, unknown)
    asked = f'; is it the one headed "{near}"?' if near else "."
    others = ", ".join(f'"{cell[:40]}"' for cell in there[:8])
    return Problem(
        f"column is missing; the heading must have {', '.join(required)}{asked} There are {others or 'no headings'}",
        row=heading.number,
        column=name,
    )


def _nearest(name: str, headings: Sequence[str]) -> str:
    from rapidfuzz import fuzz, process

    words = {heading: matching_key(heading)[:100] for heading in headings}
    choices = [matching_key(name), *_other_headings(name)]
    scored = [
        (found[1], heading)
        for heading, key in words.items()
        if key and (found := process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=_NEAR))
    ]
    return max(scored, key=lambda item: item[0])[1] if scored else ""


@cache
def _other_headings(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((matching_key(name), *map(matching_key, _said().get(name, ())))))


@cache
def _said() -> Mapping[str, list[str]]:
    return tomllib.loads(files("tracelode.lists").joinpath("own_headings.toml").read_text(encoding="utf-8"))
