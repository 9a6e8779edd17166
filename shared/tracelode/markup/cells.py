"""Cells of a sheet: those with findings get another format; those that are not there yet are made."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracelode.markup.places import Area, Cell, parse_area, parse_cell
from tracelode.markup.xml import Element, NotMarkableError, XmlPart, with_attribute

_DEFAULT_HEIGHT = 15.0
_DEFAULT_WIDTH = 8.43
_MAX_HEIGHT = 409.5
_MAX_WIDTH = 255.0
_ROWS_MEASURED = 40
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]{1,7})[\"']")


@dataclass(frozen=True, slots=True)
class _Columns:
    """What a sheet says about a run of columns."""

    first: int
    last: int
    style: int
    width: float


@dataclass(slots=True)
class Grid:
    """The rows and columns of a sheet, in which cells can be given other formats.

    Raises NotMarkableError if the sheet has no place for cells.
    """

    _part: XmlPart
    _data: Element = field(init=False)
    _columns: list[_Columns] = field(init=False)
    _default_height: float = field(init=False)
    _default_width: float = field(init=False)
    _heights: dict[int, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        data = self._part.first("sheetData")
        if data is None:
            raise NotMarkableError("A sheet of the workbook has no place for cells.")
        self._data = data
        head = Element(0, 0, data.start, data.start, b"")
        self._columns = [
            _Columns(
                column.number(b"min") or 0, column.number(b"max") or 0, column.number(b"style") or 0, _width(column)
            )
            for column in self._part.elements("col", head)
        ]
        formats = self._part.first("sheetFormatPr", head)
        self._default_height = _measure(formats, b"defaultRowHeight", _DEFAULT_HEIGHT, _MAX_HEIGHT)
        self._default_width = _measure(formats, b"defaultColWidth", _DEFAULT_WIDTH, _MAX_WIDTH)

    def merged(self) -> Iterator[Area]:
        """The merged areas."""
        tail = Element(self._data.end, self._data.end, len(self._part.content), len(self._part.content), b"")
        holder = self._part.first("mergeCells", tail)
        for element in self._part.elements("mergeCell", holder) if holder else ():
            area = parse_area((element.attribute(b"ref") or b"").decode("ascii", "replace"))
            if area:
                yield area

    def reformat(self, wanted: Mapping[Cell, Callable[[int], int]]) -> None:
        """Give each cell the format that its function makes of the number of the format that it has.

        A cell that is not there is made, empty, with what its row or column would have given it.
        """
        cells: dict[int, list[Cell]] = {}
        for cell in sorted(wanted):
            cells.setdefault(cell.row, []).append(cell)
        rows, followers = self._find_rows(sorted(cells))
        made: list[Cell] = []
        at_end = b""
        for number, in_row in cells.items():
            if number in rows:
                made += self._reformat_row(rows[number], in_row, wanted)
                continue
            new = self._new_row(number, in_row, wanted)
            made += in_row
            if number in followers:
                self._part.insert(followers[number], new)
            else:
                at_end += new
        if at_end:
            self._part.append_inside(self._data, at_end)
        self._extend_dimension(made)

    def column_width(self, column: int) -> int:
        """A column's width in pixels, as Excel draws it with a digit of seven pixels; 0 if hidden."""
        width = next((run.width for run in self._columns if run.first <= column <= run.last), self._default_width)
        return int(width * 7 + 5) if width else 0

    def row_height(self, row: int) -> int:
        """A row's height in pixels, 0 if hidden; after `reformat`, near the cells that it was given."""
        return int(self._heights.get(row, self._default_height) * 4 / 3)

    def _find_rows(self, wanted: Sequence[int]) -> tuple[dict[int, Element], dict[int, int]]:
        """The rows with these numbers, and for those that are missing, where the first greater row begins."""
        near = {row + distance for row in wanted for distance in range(_ROWS_MEASURED)}
        rows: dict[int, Element] = {}
        followers: dict[int, int] = {}
        of_interest = set(wanted)
        waiting, number = 0, 0
        for tag in self._part.start_tags("row", self._data):
            said = _ROW_NUMBER.search(tag[0])
            number = int(said[1]) if said else number + 1
            while waiting < len(wanted) and wanted[waiting] < number:
                followers[wanted[waiting]] = tag.start()
                waiting += 1
            if number in near:
                row = self._part.element(tag, "row")
                height = _measure(row, b"ht", self._default_height, _MAX_HEIGHT)
                self._heights[number] = 0.0 if _truth(row, b"hidden") else height
                if number in of_interest:
                    rows.setdefault(number, row)
        return rows, followers

    def _reformat_row(
        self, row: Element, wanted: Sequence[Cell], formats: Mapping[Cell, Callable[[int], int]]
    ) -> list[Cell]:
        """Reformat cells of a row that is there; returns those that had to be made."""
        waiting, column, end = 0, 0, row.inner
        pieces: list[tuple[int, bytes]] = []
        made: list[Cell] = []
        for element in self._part.elements("c", row):
            place = parse_cell((element.attribute(b"r") or b"").decode("ascii", "replace"))
            column = place.column if place else column + 1
            end = element.end
            while waiting < len(wanted) and wanted[waiting].column < column:
                made.append(wanted[waiting])
                pieces.append((element.start, self._new_cell(wanted[waiting], row, formats)))
                waiting += 1
            if waiting < len(wanted) and wanted[waiting].column == column:
                number = formats[wanted[waiting]](element.number(b"s") or 0)
                self._part.set_attribute(element, b"s", b"%d" % number)
                waiting += 1
        for cell in wanted[waiting:]:
            made.append(cell)
            pieces.append((end, self._new_cell(cell, row, formats)))
        if made:
            self._put_into_row(row, pieces, _with_span(row.tag, made))
        return made

    def _put_into_row(self, row: Element, pieces: Sequence[tuple[int, bytes]], tag: bytes) -> None:
        if row.empty:
            self._part.append_inside(row, b"".join(piece for _, piece in pieces), tag)
            return
        if tag != row.tag:
            self._part.replace(row.start, row.inner, tag)
        for position, piece in pieces:
            self._part.insert(position, piece)

    def _new_row(self, number: int, wanted: Iterable[Cell], formats: Mapping[Cell, Callable[[int], int]]) -> bytes:
        tag = self._part.prefix + b"row"
        cells = b"".join(self._new_cell(cell, None, formats) for cell in wanted)
        return b"<" + tag + b' r="%d">' % number + cells + b"</" + tag + b">"

    def _new_cell(self, cell: Cell, row: Element | None, formats: Mapping[Cell, Callable[[int], int]]) -> bytes:
        styled = row.number(b"s") if row and _truth(row, b"customFormat") else None
        if styled is None:
            styled = next((run.style for run in self._columns if run.first <= cell.column <= run.last), 0)
        number = formats[cell](styled)
        return b"<" + self._part.prefix + b'c r="%s" s="%d"/>' % (cell.address.encode(), number)

    def _extend_dimension(self, made: Sequence[Cell]) -> None:
        dimension = self._part.first("dimension", Element(0, 0, self._data.start, self._data.start, b""))
        area = parse_area((dimension.attribute(b"ref") or b"").decode("ascii", "replace")) if dimension else None
        if not made or dimension is None or area is None:
            return
        rows = [area.first.row, area.last.row, *(cell.row for cell in made)]
        columns = [area.first.column, area.last.column, *(cell.column for cell in made)]
        first, last = Cell(min(rows), min(columns)), Cell(max(rows), max(columns))
        if (first, last) != (area.first, area.last):
            self._part.set_attribute(dimension, b"ref", f"{first.address}:{last.address}".encode())


def _with_span(tag: bytes, made: Sequence[Cell]) -> bytes:
    """A row's start tag whose hint about its columns, if it gives one, holds for the new cells as well."""
    spans = Element(0, len(tag), len(tag), len(tag), tag).attribute(b"spans")
    if spans is None:
        return tag
    found = re.fullmatch(rb"([0-9]{1,5}):([0-9]{1,5})", spans)
    if found is None:
        return with_attribute(tag, b"spans", None)
    columns = [int(found[1]), int(found[2]), *(cell.column for cell in made)]
    return with_attribute(tag, b"spans", b"%d:%d" % (min(columns), max(columns)))


def _width(column: Element) -> float:
    return 0.0 if _truth(column, b"hidden") else _measure(column, b"width", _DEFAULT_WIDTH, _MAX_WIDTH)


def _measure(element: Element | None, name: bytes, default: float, most: float) -> float:
    value = (element.attribute(name) if element else None) or b""
    return min(float(value), most) if re.fullmatch(rb"[0-9]{1,6}(?:\.[0-9]{1,20})?", value) else default


def _truth(element: Element, name: bytes) -> bool:
    return element.attribute(name) in (b"1", b"true")
