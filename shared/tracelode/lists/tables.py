"""CSV files as rows of named columns, with errors that name the row and the column."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracelode.lists.problems import Problem, ReferenceRefusedError

MAX_LIST_ROWS = 200_000
"""More rows than any roster or list has; a file beyond it is refused, not read."""

MAX_LIST_CELLS = 3_000_000
"""Cells of a table, counted by what separates them before any of them is parsed."""

MAX_LIST_COLUMNS = 1_000
"""Columns of a table: each of them is looked for among what columns may be called."""

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a file begins that a spreadsheet program saved as "Unicode text"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: its number as a spreadsheet shows it, and its trimmed cells by lower-case column name."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(file: str, data: bytes, required: Sequence[str]) -> tuple[Row, ...]:
    """The non-empty rows of a CSV file, as `csv_cells` reads it, by the names in its first row.

    Raises ReferenceRefusedError when the file is not text, lacks one of the `required` columns, or a row is longer
    than the heading or ends before the last required column.
    """
    return _rows(file, csv_cells(file, data), required)


def csv_cells(file: str, data: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file, blank ones included: UTF-8 with or without byte order mark, or UTF-16 with one; comma,
    semicolon or tab, whichever the first line has most of.

    Raises ReferenceRefusedError, at once or while rows are taken, for what is not text or not CSV.
    """
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceRefusedError(file, (Problem(f"not UTF-8 text (byte {error.start})"),)) from error
    heading_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading_line.count)
    if text.count(delimiter) > MAX_LIST_CELLS:
        raise ReferenceRefusedError(file, (Problem(f"more than {MAX_LIST_CELLS:,} cells"),))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise ReferenceRefusedError(file, (Problem(f"not readable as CSV: {error}", row=reader.line_num),)) from error


def _rows(file: str, reader: Iterator[list[str]], required: Sequence[str]) -> tuple[Row, ...]:
    heading = [name.strip().lower() for name in next(reader, [])]
    if len(heading) > MAX_LIST_COLUMNS:
        raise ReferenceRefusedError(file, (Problem(f"more than {MAX_LIST_COLUMNS:,} columns", row=1),))
    missing = [name for name in required if name not in heading]
    if missing:
        wanted = ", ".join(required)
        raise ReferenceRefusedError(
            file, tuple(Problem(f"column is missing; the heading must have {wanted}", row=1, column=n) for n in missing)
        )
    repeated = sorted({name for name in heading if name and heading.count(name) > 1})
    if repeated:
        raise ReferenceRefusedError(file, tuple(Problem("column stands twice", row=1, column=n) for n in repeated))
    last_required = max(heading.index(name) for name in required)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in enumerate(reader, start=2):
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        if len(rows) >= MAX_LIST_ROWS:
            problems.append(Problem(f"more than {MAX_LIST_ROWS} rows", row=number))
            break
        if any(values[len(heading) :]) or len(values) <= last_required:
            problems.append(Problem(f"{len(values)} cells under {len(heading)} headings", row=number))
        rows.append(Row(number, dict(zip(heading, values, strict=False))))
    if problems:
        raise ReferenceRefusedError(file, tuple(problems))
    return tuple(rows)
