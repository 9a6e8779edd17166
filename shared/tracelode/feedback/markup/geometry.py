"""Where the rows and columns of a sheet lie: boxes of comments are placed in pixels from their edges."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import InitVar, dataclass, field

from tracelode.ooxml.places import Area, parse_area
from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart
from tracelode.workbooks.limits import MAX_COLUMN

_DEFAULT_HEIGHT = 15.0
_DEFAULT_WIDTH = 8.43
_MAX_HEIGHT = 409.5
_MAX_WIDTH = 255.0
_ROWS_MEASURED = 40
_COLUMNS_MEASURED = MAX_COLUMN + 40
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]{1,7})[\"']")


@dataclass(slots=True)
class Geometry:
    """The sizes of a sheet's columns, and of the rows `near` which they are asked for; its merged areas.

    Raises NotMarkableError if the sheet has no place for cells.
    """

    _part: XmlPart
    near: InitVar[Iterable[int]]
    _data: Element = field(init=False)
    _widths: dict[int, float] = field(init=False, default_factory=dict)
    _default_height: float = field(init=False)
    _default_width: float = field(init=False)
    _heights: dict[int, float] = field(init=False, default_factory=dict)

    def __post_init__(self, near: Iterable[int]) -> None:
        data = self._part.first("sheetData")
        if data is None:
            raise NotMarkableError("A sheet of the workbook has no place for cells.")
        self._data = data
        head = Element(0, 0, data.start, data.start, b"")
        for run in self._part.elements("col", head):
            first, last = run.number(b"min") or 0, run.number(b"max") or 0
            for column in range(max(first, 1), min(last, _COLUMNS_MEASURED) + 1):
                self._widths.setdefault(column, _width(run))
        formats = self._part.first("sheetFormatPr", head)
        self._default_height = _measure(formats, b"defaultRowHeight", _DEFAULT_HEIGHT, _MAX_HEIGHT)
        self._default_width = _measure(formats, b"defaultColWidth", _DEFAULT_WIDTH, _MAX_WIDTH)
        self._measure_rows(near)

    def merged(self) -> Iterator[Area]:
        """The merged areas."""
        tail = Element(self._data.end, self._data.end, len(self._part.content), len(self._part.content), b"")
        holder = self._part.first("mergeCells", tail)
        for element in self._part.elements("mergeCell", holder) if holder else ():
            area = parse_area((element.attribute(b"ref") or b"").decode("ascii", "replace"))
            if area:
                yield area

    def column_width(self, column: int) -> int:
        """A column's width in pixels, as Excel draws it with a digit of seven pixels; 0 if hidden."""
        width = self._widths.get(column, self._default_width)
        return int(width * 7 + 5) if width else 0

    def row_height(self, row: int) -> int:
        """A row's height in pixels, 0 if hidden."""
        return int(self._heights.get(row, self._default_height) * 4 / 3)

    def _measure_rows(self, near: Iterable[int]) -> None:
        wanted = {row + distance for row in near for distance in range(_ROWS_MEASURED)}
        number = 0
        for tag in self._part.start_tags("row", self._data):
            said = _ROW_NUMBER.search(tag[0])
            number = int(said[1]) if said else number + 1
            if number in wanted:
                row = Element(tag.start(), tag.end(), tag.end(), tag.end(), tag[0])
                height = _measure(row, b"ht", self._default_height, _MAX_HEIGHT)
                self._heights[number] = 0.0 if _truth(row, b"hidden") else height


def _width(column: Element) -> float:
    return 0.0 if _truth(column, b"hidden") else _measure(column, b"width", _DEFAULT_WIDTH, _MAX_WIDTH)


def _measure(element: Element | None, name: bytes, default: float, most: float) -> float:
    value = (element.attribute(name) if element else None) or b""
    return min(float(value), most) if re.fullmatch(rb"[0-9]{1,6}(?:\.[0-9]{1,20})?", value) else default


def _truth(element: Element, name: bytes) -> bool:
    return element.attribute(name) in (b"1", b"true")
