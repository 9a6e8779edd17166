"""Cells of a template's worksheet, written at the XML level: style, validation and protection stay as they are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart, decoded, opened, with_attribute, xml_text
from tracelode.workbooks.addresses import Cell, column_letters, parse_cell

_FORMULA = re.compile(rb"<f(?=[\s/>])[^>]*?(?:/>|>.*?</f>)", re.DOTALL)
_SHARED_BY_OTHERS = re.compile(rb"<f(?=\s)[^>]*\s(?:ref|t=\"dataTable\")")
_TYPED = re.compile(rb"<(?:v|is)(?=[\s>])")
_FORMULA_TEXT = re.compile(rb"<f(?=[\s>])[^>]*>(.*?)</f>", re.DOTALL)

ERROR = "#N/A"


@dataclass(slots=True)
class SheetCells:
    """The cells of one worksheet by address, with the writing that waits in its part.

    Each cell is written once at most. Raises NotMarkableError for a cell that the template does not have, and for one
    whose formula other cells share.
    """

    part: XmlPart
    _cells: dict[str, Element] = field(init=False, default_factory=dict)
    _written: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        data = self.part.first("sheetData")
        if self.part.prefix or data is None:
            raise NotMarkableError("A sheet of the template is written in an unusual way.")
        for element in self.part.elements("c", data):
            self._cells[decoded(element.attribute(b"r"))] = element

    def write(self, address: str, value: str | int) -> None:
        """Put a text, or a whole number, in place of what the cell holds."""
        content = b"<v>%d</v>" % value if isinstance(value, int) else _inline(value)
        self._put(address, b"inlineStr" if isinstance(value, str) else None, content)

    def clear(self, addresses: Iterable[str]) -> list[str]:
        """Empty those of the cells that hold something typed, and return them; formulas stay."""
        cleared = []
        for address in addresses:
            if address not in self._written and self.is_typed(address):
                self._put(address, None, b"")
                cleared.append(address)
        return cleared

    def is_typed(self, address: str) -> bool:
        """Whether a cell holds a value that no formula computes."""
        inner = self._inner(address)
        return bool(_TYPED.search(inner)) and not _FORMULA.search(inner)

    def has_formula(self, address: str) -> bool:
        """Whether a cell's value is computed."""
        return bool(_FORMULA.search(self._inner(address)))

    def formula(self, address: str) -> str | None:
        """The text of a cell's formula; None where it has none of its own."""
        found = _FORMULA_TEXT.search(self._inner(address))
        return decoded(found[1]) if found else None

    def show(self, address: str, value: str | int | None) -> None:
        """Put another value beside a cell's formula, ERROR for a failed one, or none: programs then compute it."""
        formula = _FORMULA.search(self._inner(address))
        if formula is None or address in self._written:
            return
        kind, shown = None, b""
        if isinstance(value, int):
            shown = b"<v>%d</v>" % value
        elif value is not None:
            kind, shown = (b"e" if value == ERROR else b"str"), b"<v>" + xml_text(value) + b"</v>"
        self._put(address, kind, formula[0] + shown)

    def formulas(self) -> Iterable[str]:
        """The addresses of all cells with a formula, in the sheet's order."""
        return [address for address in self._cells if self.has_formula(address)]

    def __contains__(self, address: str) -> bool:
        return address in self._cells

    def _inner(self, address: str) -> bytes:
        element = self._cells.get(address)
        return self.part.content[element.inner : element.close] if element else b""

    def _put(self, address: str, kind: bytes | None, content: bytes) -> None:
        element = self._cells.get(address)
        if element is None:
            raise NotMarkableError(f"The template has no cell {address} where something has to be written.")
        formula = _FORMULA.search(self._inner(address))
        if formula and _SHARED_BY_OTHERS.match(formula[0]) and not content.startswith(formula[0]):
            raise NotMarkableError(f"Other cells of the template share the formula of {address}.")
        tag = with_attribute(element.tag, b"t", kind)
        if formula and not content.startswith(formula[0]):
            tag = with_attribute(with_attribute(tag, b"cm", None), b"vm", None)
        self._written.add(address)
        self.part.replace(element.start, element.end, opened(tag) + content + b"</c>")


def cells_between(first: str, last: str) -> Iterable[str]:
    """The addresses of a rectangle, row by row."""
    start, end = parse_cell(first), parse_cell(last)
    if start is None or end is None:
        return
    for row in range(start.row, end.row + 1):
        for column in range(start.column, end.column + 1):
            yield Cell(row, column).address


def address(column: str | int, row: int) -> str:
    """The address of a column, by letters or number, and a row."""
    return f"{column if isinstance(column, str) else column_letters(column)}{row}"


def _inline(text: str) -> bytes:
    return b'<is><t xml:space="preserve">' + xml_text(text) + b"</t></is>"
