"""CSV files as rows of cells, and rows of named columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracelode.lists.encodings import decoded_text
from tracelode.lists.problems import Problem, ReferenceRefusedError

MAX_LIST_ROWS = 200_000
"""More rows than any roster or list has; a file beyond it is refused, not read."""

MAX_LIST_CELLS = 3_000_000
"""Cells of a table, counted by what separates them before any of them is parsed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: its number as a spreadsheet shows it, and its trimmed cells by lower-case column name."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def csv_cells(file: str, data: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file, blank ones included: in any encoding of `decoded_text`; comma, semicolon or tab,
    whichever the first line has most of.

    Raises ReferenceRefusedError, at once or while rows are taken, for what is not text or not CSV.
    """
    text = decoded_text(file, data)
    heading_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading_line.count)
    if text.count(delimiter) > MAX_LIST_CELLS:
        raise ReferenceRefusedError(file, (Problem(f"more than {MAX_LIST_CELLS:,} cells"),))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise ReferenceRefusedError(file, (Problem(f"not readable as CSV: {error}", row=reader.line_num),)) from error
