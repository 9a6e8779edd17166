"""A list as rows of columns that are known by what they mean, not by their place or their exact heading."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tracelode.lists.containers import SheetRow, read_sheets
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import Row
from tracelode.workbooks.text import matching_key

_HEADING_WITHIN = 30
"""Rows with something in them among which the heading is looked for: people put a title above it."""


@dataclass(frozen=True, slots=True)
class ListTable:
    """The rows below a heading, by meaning (the names in `headings.toml`).

    `headings` has the file's own heading of each meaning, for telling a person where something stands; `above` what
    stands above the heading.
    """

    rows: tuple[Row, ...]
    headings: Mapping[str, str]
    above: tuple[str, ...]


def read_list(file: str, data: bytes, required: Sequence[str]) -> ListTable:
    """The first sheet of a file that has a heading with all `required` meanings.

    Raises ReferenceRefusedError where no sheet has one: it names the columns that are missing from the most likely
    heading, and what they may be called.
    """
    nearest: tuple[int, int, tuple[str, ...]] = (0, 1, tuple(required))
    for sheet in read_sheets(file, data):
        for place, row in enumerate(sheet[:_HEADING_WITHIN]):
            columns = _columns(row)
            missing = tuple(meaning for meaning in required if meaning not in columns)
            if not missing:
                return _table(sheet, place, columns)
            nearest = max(nearest, (len(required) - len(missing), row.number, missing), key=lambda found: found[0])
    _, number, missing = nearest
    problems = (
        Problem(f"column is missing; it is headed {_choices(meaning)}", row=number, column=meaning)
        for meaning in missing
    )
    raise ReferenceRefusedError(file, tuple(problems))


def _table(sheet: Sequence[SheetRow], place: int, columns: Mapping[str, int]) -> ListTable:
    heading = sheet[place]
    rows = tuple(
        Row(row.number, {name: row.cells[column] for name, column in columns.items() if column < len(row.cells)})
        for row in sheet[place + 1 :]
    )
    above = tuple(cell for row in sheet[:place] for cell in row.cells if cell)
    return ListTable(rows, {name: heading.cells[column] for name, column in columns.items()}, above)


def _columns(row: SheetRow) -> Mapping[str, int]:
    """Where each meaning stands; of several columns that could carry it, the one headed most specifically."""
    by_key: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        by_key.setdefault(matching_key(cell), column)
    return {
        meaning: next(by_key[key] for key in keys if key in by_key)
        for meaning, keys in _keys().items()
        if any(key in by_key for key in keys)
    }


def _choices(meaning: str) -> str:
    return " or ".join(f'"{heading}"' for heading in _headings()[meaning][:3])


@cache
def _headings() -> Mapping[str, list[str]]:
    return tomllib.loads(files("tracelode.lists").joinpath("headings.toml").read_text(encoding="utf-8"))


@cache
def _keys() -> Mapping[str, tuple[str, ...]]:
    return {meaning: tuple(map(matching_key, headings)) for meaning, headings in _headings().items()}
