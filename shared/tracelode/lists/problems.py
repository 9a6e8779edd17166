"""Why a reference file was refused: file, row, column, what was found. Nothing of a refused file takes effect."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

ROWS_NAMED = 3
"""Rows that a problem of many rows names."""

PROBLEMS_AT_MOST = 100
"""Problems that a refusal tells; of more it says how many there are."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a reference file. `row` counts as a spreadsheet shows it (the heading is row 1).

    `more` are further rows that have the same, of which the first few are named.
    """

    message: str
    row: int | None = None
    column: str | None = None
    found: object = None
    more: tuple[int, ...] = ()

    def __str__(self) -> str:
        place = ", ".join(part for part in (self._rows(), f"column {self.column}" if self.column else "") if part)
        if self.row is None and self.column:
            place = self.column
        shown = repr(self.found[:80]) if isinstance(self.found, str) else str(self.found)[:80]
        found = "" if self.found in (None, "") else f" (found {shown}{' first' if self.more else ''})"
        return f"{place}: {self.message}{found}" if place else f"{self.message}{found}"

    def _rows(self) -> str:
        if self.row is None:
            return ""
        rows = (self.row, *self.more)
        if len(rows) == 1:
            return f"row {self.row}"
        named = ", ".join(map(str, rows[:ROWS_NAMED]))
        return f"rows {named} and {len(rows) - ROWS_NAMED:,} more" if len(rows) > ROWS_NAMED else f"rows {named}"


class ReferenceRefusedError(ValueError):
    """A reference file that cannot be taken; carries every problem, so that one round of corrections is enough.

    What is wrong in the same way in many rows of a column is one problem.
    """

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = in_few_words(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


def in_few_words(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems with those of one kind and column as one, and no more than `PROBLEMS_AT_MOST`."""
    first: dict[tuple[str, str | None, int | None], Problem] = {}
    rows: dict[tuple[str, str | None, int | None], list[int]] = {}
    for problem in problems:
        # Of a whole file or column each stands by itself.
        kind = (problem.message, problem.column, None if problem.row is not None else len(first))
        first.setdefault(kind, problem)
        if problem.row is not None:
            rows.setdefault(kind, []).append(problem.row)
    joined = [replace(problem, more=tuple(rows.get(kind, ())[1:])) for kind, problem in first.items()]
    if len(joined) > PROBLEMS_AT_MOST:
        left = len(joined) - PROBLEMS_AT_MOST
        joined = [*joined[:PROBLEMS_AT_MOST], Problem(f"and {left:,} more of other kinds")]
    return tuple(joined)
