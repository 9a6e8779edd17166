"""Cell addresses in A1 notation. They are read and written at every start, for which openpyxl's are slow to load."""

import re
from dataclasses import dataclass

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A cell by row and column, both counted from 1."""

    row: int
    column: int

    @property
    def address(self) -> str:
        """The cell in A1 notation."""
        return f"{column_letters(self.column)}{self.row}"


def column_letters(column: int) -> str:
    """A column's letters: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """A column's number by its letters, of either case: A is 1, aa is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def parse_cell(address: str) -> Cell | None:
    """The cell of an address in A1 notation, None if it is no address of one cell."""
    found = _ADDRESS.fullmatch(address.strip())
    if not found:
        return None
    column, row = column_number(found[1]), int(found[2])
    return Cell(row, column) if 1 <= row <= MAX_ROWS and column <= MAX_COLUMNS else None
