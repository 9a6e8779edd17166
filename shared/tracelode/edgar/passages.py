"""A filing's bytes as what a reader sees: paragraphs and tables in their order, each with its line in the file.

Reads HTML, plain text in columns, and the complete submission text file of EDGAR, which holds several documents
(Filer Manual, volume II, 5.1). Nothing of a file is executed or fetched, and the work grows with its length alone.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import Final

MAX_SPAN: Final = 500
"""Columns or rows that one cell may span."""
MAX_TABLE_CELLS: Final = 80
"""Columns of a row that are read."""
MAX_TABLE_ROWS: Final = 50_000
"""Rows of tables in a document; the longest annexes have some hundreds."""
MAX_TABLE_CELL_CHARACTERS: Final = 20_000
"""Characters of a cell that are read."""

_DOCUMENT = re.compile(r"<DOCUMENT>|</DOCUMENT>", re.IGNORECASE)
_TYPE = re.compile(r"<TYPE>([^\s<]{1,20})", re.IGNORECASE)
_ABOUT_MINERALS = ("SD", "EX-1.0", "EX-99")
_IS_HTML = re.compile(r"<(?:html|body|td|div|p)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"(/?)([a-zA-Z][\w:-]{0,40})")
_SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_BREAKS = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "hr", "blockquote",
        "center", "address", "pre", "body",
    }
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "ix:header"})
_COLUMNS = re.compile(r"\t|(?<=\S) {2,}(?=\S)")
_PAGE = re.compile(r"\s*(?:<PAGE>|\f|-?\s*\d{1,4}\s*-?)?\s*", re.IGNORECASE)
_RULE = re.compile(r"[\s|:=_-]*")
_SHORT_LINE = 60
_LONG_CELL = 120
_LINES_BETWEEN_ROWS = 4
_SENTENCE_CHARACTERS = 60
_TAG_CHARACTERS = 2_000


class FilingTooLargeError(ValueError):
    """A file that no filing resembles; its message says what there is too much of."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell's text, without surrounding space, in the grid of its table."""

    text: str
    column: int
    span: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row that hold something, from left to right; `line` counts from 1."""

    line: int
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with at least one cell each."""

    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with the line ends of the file; `line` is that of its first character."""

    line: int
    text: str


Passage = Paragraph | Table


def passages_of(data: bytes) -> tuple[Passage, ...]:
    """All passages of a file; of a complete submission those of Form SD and its exhibits.

    UTF-8 is assumed, and Windows-1252 where that fails. Raises FilingTooLargeError beyond MAX_ROWS.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: list[Passage] = []
    for line, document in _documents(text):
        found += _Html(line).read(document) if _IS_HTML.search(document) else _Plain().read(document, line)
    return tuple(found)


def _documents(text: str) -> list[tuple[int, str]]:
    """The documents that may be about minerals, each with its first line; the whole text if it is no submission."""
    found: list[tuple[str, int, str]] = []
    line, begin, last = 1, -1, 0
    for mark in _DOCUMENT.finditer(text):
        if begin >= 0:
            part = text[begin : mark.start()]
            kind = _TYPE.search(part[:1000])
            found.append((kind[1].upper() if kind else "", line, part))
        line += text.count("\n", last, mark.end())
        last = mark.end()
        begin = mark.end() if not mark[0].startswith("</") else -1
    chosen = [(at, part) for kind, at, part in found if kind.startswith(_ABOUT_MINERALS)]
    return chosen or [(at, part) for _, at, part in found] or [(1, text)]


class _Plain:
    """Reads plain text: paragraphs between blank lines, and tables, whose lines have little but blank lines between."""

    def __init__(self) -> None:
        self._found: list[Passage] = []
        self._paragraph: list[str] = []
        self._begin = 0
        self._rows: list[tuple[int, list[tuple[int, str]]]] = []
        self._between: list[tuple[int, str]] = []

    def read(self, text: str, line: int) -> list[Passage]:
        for number, written in enumerate(text.split("\n"), start=line):
            cells = _cells_of(written)
            if cells:
                self._add_row(number, cells)
            elif self._rows and (_PAGE.fullmatch(written) or _RULE.fullmatch(written)):
                continue
            elif self._rows and len(written.strip()) <= _SHORT_LINE and len(self._between) < _LINES_BETWEEN_ROWS:
                self._between.append((number, written))
            else:
                self._add_line(number, written)
        self._end_table()
        self._end_paragraph()
        return self._found

    def _add_row(self, number: int, cells: list[tuple[int, str]]) -> None:
        self._end_paragraph()
        self._rows += [(at, [(0, text.strip())]) for at, text in self._between]
        self._between.clear()
        self._rows.append((number, cells))
        if len(self._rows) > MAX_TABLE_ROWS:
            raise FilingTooLargeError(f"more than {MAX_TABLE_ROWS} rows of a table")

    def _add_line(self, number: int, written: str) -> None:
        self._end_table()
        if not written.strip():
            self._end_paragraph()
            return
        self._begin = self._begin if self._paragraph else number
        self._paragraph.append(written)

    def _end_table(self) -> None:
        if self._rows:
            self._found.append(Table(_in_columns(self._rows)))
        self._found += [Paragraph(at, text) for at, text in self._between]
        self._rows.clear()
        self._between.clear()

    def _end_paragraph(self) -> None:
        if self._paragraph:
            self._found.append(Paragraph(self._begin, "\n".join(self._paragraph)))
        self._paragraph.clear()


def _cells_of(line: str) -> list[tuple[int, str]]:
    """A line's cells with the places where they begin, none if it is no line of a table."""
    if "\t" in line.strip(" "):
        parts = line.split("\t")[:MAX_TABLE_CELLS]
        return [(place, part.strip()) for place, part in enumerate(parts)]
    if line.count("|") >= 2:
        parts = line.strip().strip("|").split("|")[:MAX_TABLE_CELLS]
        return [] if _RULE.fullmatch(line) else [(place, part.strip()) for place, part in enumerate(parts)]
    cells = []
    begin = len(line) - len(line.lstrip())
    for gap in _COLUMNS.finditer(line):
        cells.append((begin, line[begin : gap.start()].strip()))
        begin = gap.end()
    cells.append((begin, line[begin:].strip()))
    sound = 3 <= len(cells) <= MAX_TABLE_CELLS and all(len(text) <= _LONG_CELL for _, text in cells)
    return cells if sound else []


def _in_columns(rows: Sequence[tuple[int, list[tuple[int, str]]]]) -> tuple[TableRow, ...]:
    """Rows whose cells have found their columns: by their number, or in space-aligned text by where they begin."""
    aligned = any(place >= len(cells) for _, cells in rows for place, _ in cells)
    widest = max(len(cells) for _, cells in rows)
    begins: list[int] = []
    if aligned:
        full = [[place for place, _ in cells] for _, cells in rows if len(cells) == widest]
        begins = [median_low(places) for places in zip(*full, strict=True)]
    found = []
    for line, cells in rows:
        columns = list(range(len(cells)))
        if aligned and 1 < len(cells) < widest:
            columns = [min(range(widest), key=lambda index: (abs(begins[index] - place), index)) for place, _ in cells]
            columns = columns if len(set(columns)) == len(columns) else list(range(len(cells)))
        kept = tuple(TableCell(text, column) for column, (_, text) in zip(columns, cells, strict=True) if text)
        if kept:
            found.append(TableRow(line, kept))
    return tuple(found)


@dataclass(slots=True)
class _OpenTable:
    """A table while it is read.

    `held` says for how many more rows a column is taken by a cell from above, `holding` what this row adds to that.
    """

    rows: list[TableRow] = field(default_factory=list)
    line: int = 0
    cells: list[TableCell] = field(default_factory=list)
    column: int = 0
    held: dict[int, tuple[int, TableCell]] = field(default_factory=dict)
    holding: dict[int, tuple[int, TableCell]] = field(default_factory=dict)
    cell: list[str] | None = None
    cell_line: int = 0
    spans: dict[str, int] = field(default_factory=dict)


class _Html:
    """Reads HTML as tag soup, once from left to right. The standard library's parser may take quadratic time."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._found: list[Passage] = []
        self._tables: list[_OpenTable] = []
        self._text: list[str] = []
        self._text_line = line
        self._rows = 0
        self._unseen = ""
        self._last_comment_end = self._last_end = -1

    def read(self, text: str) -> list[Passage]:
        place = 0
        self._last_comment_end, self._last_end = text.rfind("-->"), text.rfind(">")
        while place < len(text):
            begin = text.find("<", place)
            if begin < 0 or begin > self._last_end:
                begin = len(text)
            self._say(text[place:begin])
            self._line += text.count("\n", place, begin)
            end = self._end_of(text, begin)
            self._take(text[begin:end])
            self._line += text.count("\n", begin, end)
            place = end
        while self._tables:
            self._end_table()
        self._end_paragraph()
        return self._found

    def _end_of(self, text: str, begin: int) -> int:
        """Where what begins with a < ends: a comment, a tag, or just the character."""
        if text.startswith("<!--", begin) and begin < self._last_comment_end:
            return text.find("-->", begin) + 3
        if _TAG.match(text, begin + 1) or text.startswith(("<!", "<?"), begin):
            return text.find(">", begin) + 1
        return min(begin + 1, len(text))

    def _take(self, markup: str) -> None:
        if markup == "<":
            self._say(markup)
        elif tag := _TAG.match(markup, 1):
            name, is_end = tag[2].lower(), bool(tag[1])
            if self._unseen:
                self._unseen = "" if is_end and name == self._unseen else self._unseen
            elif name in _UNSEEN and not is_end and not markup.endswith("/>"):
                self._unseen = name
            else:
                self._tag(name, markup[tag.end() : tag.end() + _TAG_CHARACTERS], is_end=is_end)

    def _say(self, raw: str) -> None:
        if self._unseen:
            return
        table = self._tables[-1] if self._tables else None
        if table is not None:
            if table.cell is not None:
                table.cell.append(raw)
            return
        if not self._text:
            stripped = raw.lstrip()
            if not stripped:
                return
            self._text_line = self._line + raw[: len(raw) - len(stripped)].count("\n")
            raw = stripped
        self._text.append(raw)

    def _tag(self, name: str, rest: str, *, is_end: bool) -> None:
        table = self._tables[-1] if self._tables else None
        if name == "table":
            if is_end:
                self._end_table()
            else:
                self._end_paragraph()
                self._tables.append(_OpenTable())
        elif table and name == "tr":
            self._end_row(table)
            table.line = self._line
        elif table and name in ("td", "th"):
            self._end_cell(table)
            if not is_end:
                table.line = table.line or self._line
                table.cell, table.cell_line = [], self._line
                table.spans = {key.lower(): min(int(value), MAX_SPAN) for key, value in _SPAN.findall(rest)}
        elif name in _BREAKS and not table:
            self._end_paragraph()
        elif name in _BREAKS or name == "br":
            self._say(" ")

    def _end_paragraph(self) -> None:
        text = html.unescape("".join(self._text)).rstrip()
        if text:
            self._found.append(Paragraph(self._text_line, text))
        self._text.clear()

    def _end_table(self) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        self._end_row(table)
        self._tables.pop()
        if table.rows:
            self._found.append(Table(tuple(table.rows)))

    def _end_row(self, table: _OpenTable) -> None:
        self._end_cell(table)
        if table.cells:
            above = {column: cell for column, (_, cell) in table.held.items()}
            cells = sorted([*table.cells, *above.values()], key=lambda cell: cell.column)
            kept = tuple(cell for cell in cells if cell.text)
            if kept:
                self._count_row()
                table.rows.append(TableRow(table.line, kept))
            table.held = {column: (rows - 1, cell) for column, (rows, cell) in table.held.items() if rows > 1}
            table.held.update(table.holding)
        table.cells, table.column, table.line, table.holding = [], 0, 0, {}

    def _count_row(self) -> None:
        self._rows += 1
        if self._rows > MAX_TABLE_ROWS:
            raise FilingTooLargeError(f"more than {MAX_TABLE_ROWS} rows of tables")

    def _end_cell(self, table: _OpenTable) -> None:
        if table.cell is None:
            return
        text = " ".join(html.unescape("".join(table.cell)[:MAX_TABLE_CELL_CHARACTERS]).split())
        table.cell = None
        while table.column < MAX_TABLE_CELLS and table.column in table.held:
            table.column += table.held[table.column][1].span
        if table.column >= MAX_TABLE_CELLS:
            return
        cell = TableCell(text, table.column, max(1, table.spans.get("colspan", 1)))
        table.cells.append(cell)
        if text and table.spans.get("rowspan", 1) > 1:
            table.holding[cell.column] = (table.spans["rowspan"] - 1, cell)
        table.column += cell.span
        if len(text) >= _SENTENCE_CHARACTERS and text.endswith((".", ";", ":", ",")):
            self._found.append(Paragraph(table.cell_line, text))
