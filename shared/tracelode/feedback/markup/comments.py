"""Comments on cells: their text stands in one part, the box that shows it in a drawing of an older kind (VML)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from xml.sax.saxutils import escape

from tracelode.ooxml.archive import Parts
from tracelode.ooxml.package import Discard, declare, declare_by_extension, relate, relationship_base, relationships
from tracelode.ooxml.schema import WORKSHEET
from tracelode.ooxml.xml import TOO_MUCH_TO_EDIT, Element, NotMarkableError, XmlPart, decoded, xml_text
from tracelode.workbooks.addresses import Cell, parse_cell
from tracelode.workbooks.budget import Budget, OverBudgetError

AUTHOR = "Tracelode"

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BLOCK = 1024
"""Shapes are numbered in blocks of 1,024; a drawing says which blocks are its own ([MS-OI29500], o:idmap)."""

_RUN_FORMAT = b'<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/>'
_BOLD, _PLAIN = b"<rPr><b/>" + _RUN_FORMAT + b"</rPr>", b"<rPr>" + _RUN_FORMAT + b"</rPr>"
_TAG_NAME = re.compile(rb"(</?)(?=[a-zA-Z])")

_OPENING, _CLOSING = f"{AUTHOR}:", f"— {AUTHOR}"
_SIGNED_LINE = re.compile(rf"^[ \t]*({_OPENING}|{_CLOSING})[ \t\r]*(?:_x000D_)?$", re.MULTILINE)

_SHAPE_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?shape(?=[\s/>])[^<>]*+>")
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"']Note[\"']")
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([a-zA-Z][\w.-]*)(?=[\s/>])")
_DEFINITIONS = frozenset(
    (b"xml", b"shapelayout", b"idmap", b"shapetype", b"stroke", b"path", b"formulas", b"f", b"lock", b"fill")
)
_NOTE_ROW = re.compile(rb"<(?:[\w.-]+:)?Row>\s*([0-9]{1,7})\s*</")
_NOTE_COLUMN = re.compile(rb"<(?:[\w.-]+:)?Column>\s*([0-9]{1,5})\s*</")
_ANCHOR = re.compile(rb"(?<=Anchor>)[\s0-9,]*(?=</)")
_SHAPE_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
_BLOCKS = re.compile(rb"(<(?:[\w.-]+:)?idmap\b[^<>]*?\bdata=[\"'])([0-9, ]*)")
_ROOT = re.compile(rb"<xml\b[^<>]*+>")
_NAMESPACES = (
    (b"xmlns:v", b"urn:schemas-microsoft-com:vml"),
    (b"xmlns:o", b"urn:schemas-microsoft-com:office:office"),
    (b"xmlns:x", b"urn:schemas-microsoft-com:office:excel"),
)
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NEW_DRAWING = (
    b"<xml " + b" ".join(name + b'="' + uri + b'"' for name, uri in _NAMESPACES) + b">"
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>' + _SHAPE_TYPE + b"</xml>"
)


@dataclass(frozen=True, slots=True)
class Note:
    """What a comment says: each paragraph in bold or plain; and where its box stands (`x:Anchor` of the drawing)."""

    paragraphs: Sequence[tuple[bool, str]]
    anchor: str


def comment(parts: Parts, sheet: str, notes: Mapping[Cell, Note]) -> None:
    """Put comments on cells of a sheet, after what any comment there says already."""
    part = parts.xml(sheet)
    base = relationship_base(part)
    by_kind = {link.kind: link.part for link in relationships(parts, sheet)}
    texts = by_kind.get("comments")
    if texts is None:
        texts = parts.unused("xl/comments{}.xml")
        parts.put(texts, _no_comments(part.namespace))
        declare(parts, texts, _COMMENTS_TYPE)
        relate(parts, sheet, base, "comments", texts)
    before = _write_texts(parts.xml(texts), notes)
    anchors = {cell: notes[cell].anchor if cell in notes else _plain_anchor(cell) for cell in {*before, *notes}}
    _draw(parts, sheet, anchors, before & notes.keys())


def signed(paragraphs: Sequence[tuple[bool, str]]) -> Sequence[tuple[bool, str]]:
    """Paragraphs between our opening and our closing line, by which they are found again.

    The author of a comment is no sign to rely on: LibreOffice forgets it when it saves a workbook.
    """
    return ((True, _OPENING), *paragraphs, (False, _CLOSING))


def take_out_comments(parts: Parts, sheet: str, discard: Discard) -> None:
    """Take out our comments with their boxes, and what we wrote into comments of others.

    Ours are those of author "Tracelode" and those that consist of signed paragraphs. Parts that hold nothing any more
    go too. Without a sign of ours in them, a sheet's comments are not looked at.
    """
    links = relationships(parts, sheet)
    of_texts = next((link for link in links if link.kind == "comments"), None)
    if of_texts is None or of_texts.part not in parts or AUTHOR.encode() not in parts.current(of_texts.part):
        return
    emptied, left = _take_out_texts(parts.xml(of_texts.part))
    name = _drawing_of(parts, sheet)
    if name is not None and emptied:
        drawing = _Drawing(parts.current(name), set(), parts.work)
        drawing.take_out(emptied)
        parts.put(name, drawing.content)
        of_drawing = next((link for link in links if link.part == name), None)
        element = _legacy_drawing(parts.xml(sheet))
        if left == 0 and drawing.empty and of_drawing and element:
            discard.part(sheet, of_drawing)
            parts.xml(sheet).remove(element)
    if left == 0:
        discard.part(sheet, of_texts)


def _no_comments(namespace: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{namespace}"><authors></authors><commentList></commentList></comments>'
    ).encode()


def _write_texts(part: XmlPart, notes: Mapping[Cell, Note]) -> set[Cell]:
    """Write the texts; returns the cells that had a comment before."""
    authors, holder = part.first("authors"), part.first("commentList")
    if authors is None or holder is None:
        raise NotMarkableError("The workbook's comments are not as the format has them.")
    there: dict[Cell, Element] = {}
    for element in part.elements("comment", holder):
        cell = parse_cell(decoded(element.attribute(b"ref")))
        if cell:
            there.setdefault(cell, element)
    author = len(list(part.elements("author", authors)))
    new: list[bytes] = []
    for cell in sorted(notes):
        note = notes[cell]
        if cell in there:
            _append_text(part, there[cell], _runs(part, note, after=True))
        else:
            start = f'<comment ref="{cell.address}" authorId="{author}" shapeId="0"><text>'.encode()
            new += [_named(part, start), _runs(part, note), _named(part, b"</text></comment>")]
    if new:
        part.append_inside(authors, _named(part, f"<author>{AUTHOR}</author>".encode()))
        part.append_inside(holder, b"".join(new))
    return set(there)


def _take_out_texts(part: XmlPart) -> tuple[set[Cell], int]:
    """Take out our texts; returns the cells that have no comment any more, and how many comments are left."""
    authors, holder = part.first("authors"), part.first("commentList")
    if authors is None or holder is None:
        raise NotMarkableError("The workbook's comments are not as the format has them.")
    by_number = list(part.elements("author", authors))
    ours = [decoded(part.content[author.inner : author.close]).strip() == AUTHOR for author in by_number]
    for author, is_ours in zip(by_number, ours, strict=True):
        if is_ours:
            part.remove(author)
    emptied: set[Cell] = set()
    commented: set[Cell] = set()
    left = 0
    # Of the authors before each, those that go.
    fewer = [0, *accumulate(ours)]
    for element in part.elements("comment", holder):
        cell = parse_cell(decoded(element.attribute(b"ref")))
        author_number = element.number(b"authorId") or 0
        known = author_number < len(ours)
        if (known and ours[author_number]) or _take_out_paragraphs(part, element):
            part.remove(element)
            emptied |= {cell} if cell else set()
            continue
        left += 1
        commented |= {cell} if cell else set()
        if known and fewer[author_number]:
            part.set_attribute(element, b"authorId", b"%d" % (author_number - fewer[author_number]))
    return emptied - commented, left


def _take_out_paragraphs(part: XmlPart, comment: Element) -> bool:
    """Take signed paragraphs out of a comment, unless nothing else is in it: then the answer is yes."""
    text = part.first("text", comment)
    pieces: list[tuple[Element, Element]] = []
    for name, child in part.children(text) if text else ():
        holder = child if name == "t" else part.first("t", child) if name == "r" else None
        if holder:
            pieces.append((holder, child))
    texts = [decoded(part.content[holder.inner : holder.close]) for holder, _ in pieces]
    spans = _signed_spans("".join(texts))
    if not spans:
        return False
    kept = _outside(texts, spans)
    if not "".join(kept).strip():
        return True
    runs = []
    for (holder, run), before, after in zip(pieces, texts, kept, strict=True):
        if before and not after:
            part.remove(run)
            continue
        runs.append((holder, run))
        if after != before:
            part.replace(
                holder.inner, holder.close, escape(after, {"\r": "&#13;"}).encode("ascii", "xmlcharrefreplace")
            )
    if len(runs) == 1:
        holder, run = runs[0]
        if run is not holder and (run.inner, run.close) == (holder.start, holder.end):
            # A run without a format is what `_append_text` made of plain text.
            part.replace(run.start, run.inner, b"")
            part.replace(run.close, run.end, b"")
    return False


def _signed_spans(text: str) -> list[tuple[int, int]]:
    """Where signed paragraphs stand in a text, with the blank line before them; what has no closing line is none."""
    spans: list[tuple[int, int]] = []
    opening: int | None = None
    for line in _SIGNED_LINE.finditer(text):
        if line[1] == _OPENING:
            opening = line.start()
        elif opening is not None:
            for _ in range(2):
                opening -= text[opening - 1 : opening] == "\n"
            spans.append((opening, line.end()))
            opening = None
    return spans


def _outside(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    """The texts without what lies in the spans, which are positions in all of them together, in order."""
    kept = []
    start, waiting = 0, 0
    for text in texts:
        end = start + len(text)
        position, pieces = start, []
        while waiting < len(spans) and spans[waiting][0] < end:
            pieces.append(text[position - start : max(spans[waiting][0], position) - start])
            position = max(position, min(spans[waiting][1], end))
            if spans[waiting][1] > end:
                break
            waiting += 1
        kept.append("".join([*pieces, text[position - start :]]))
        start = end
    return kept


def _append_text(part: XmlPart, element: Element, runs: bytes) -> None:
    text = part.first("text", element)
    if text is None:
        part.append_inside(element, _named(part, b"<text>") + runs + _named(part, b"</text>"))
        return
    position = text.close
    for name, child in part.children(text):
        if name == "t":
            # Text without a format of its own becomes a run: only runs can stand side by side.
            part.insert(child.start, _named(part, b"<r>"))
            part.insert(child.end, _named(part, b"</r>"))
        elif name in ("rPh", "phoneticPr"):
            position = min(position, child.start)
    if text.empty:
        part.append_inside(text, runs)
    else:
        part.insert(position, runs)


def _runs(part: XmlPart, note: Note, *, after: bool = False) -> bytes:
    runs = []
    for number, (bold, paragraph) in enumerate(note.paragraphs):
        line = ("\n\n" if after and number == 0 else "\n" if number else "") + paragraph
        text = b'<t xml:space="preserve">' + xml_text(line) + b"</t>"
        runs.append(b"<r>" + (_BOLD if bold else _PLAIN) + text + b"</r>")
    return _named(part, b"".join(runs))


def _named(part: XmlPart, xml: bytes) -> bytes:
    return _TAG_NAME.sub(rb"\1" + part.prefix, xml)


@dataclass(slots=True)
class _Drawing:
    """A VML drawing: XML by intention, not always in fact, so it is searched and added to as text."""

    content: bytes
    others: set[int]
    work: Budget
    shapes: set[Cell] = field(init=False)
    _used: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = {cell for start, end in self._shapes() if (cell := _cell_of(self.content[start:end]))}
        self._used = set()
        for number in _SHAPE_NUMBER.finditer(self.content):
            self._look_at_one()
            self._used.add(int(number[1]))

    def add(self, anchors: Mapping[Cell, str]) -> None:
        """Draw a box for each cell that has none."""
        end = self.content.rfind(b"</xml>")
        root = _ROOT.search(self.content)
        if end < 0 or root is None:
            raise NotMarkableError("The drawing that shows the workbook's comments is damaged.")
        said = (name + b'="' + uri + b'"' for name, uri in _NAMESPACES)
        declared = b"".join(b" " + word for word in said if word not in root[0])
        new: list[bytes] = []
        if b'"_x0000_t202"' not in self.content:
            new.append(_SHAPE_TYPE.replace(b"<v:shapetype", b"<v:shapetype" + declared))
        numbers = self._free_numbers(len(anchors))
        for number, (cell, anchor) in zip(numbers, sorted(anchors.items()), strict=True):
            new.append(_shape(number, cell, anchor, declared))
        self.content = b"".join([self.content[:end], *new, self.content[end:]])
        self._say_blocks(numbers)

    def take_out(self, cells: Collection[Cell]) -> None:
        """Take out the boxes of comments on these cells."""
        pieces, position = [], 0
        for start, end in self._shapes():
            shape = self.content[start:end]
            if _NOTE.search(shape) and _cell_of(shape) in cells:
                pieces.append(self.content[position:start])
                position = end
        self.content = b"".join([*pieces, self.content[position:]])

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it but definitions: no box, and nothing that is drawn otherwise."""
        return {name[1] for name in _ELEMENT.finditer(self.content)} <= _DEFINITIONS

    def resize(self, anchors: Mapping[Cell, str]) -> None:
        """Give the first box of each of these cells another place and size."""
        waiting = dict(anchors)
        pieces, position = [], 0
        for start, end in self._shapes():
            cell = _cell_of(self.content[start:end])
            anchor = waiting.pop(cell, None) if cell else None
            if anchor is not None:
                moved = _ANCHOR.sub(anchor.encode(), self.content[start:end])
                pieces += [self.content[position:start], moved]
                position = end
        self.content = b"".join([*pieces, self.content[position:]])

    def _shapes(self) -> Iterator[tuple[int, int]]:
        """Where the shapes stand, from start tag to end tag."""
        start: int | None = None
        for tag in _SHAPE_TAG.finditer(self.content):
            self._look_at_one()
            if tag[1] and start is not None:
                yield start, tag.end()
                start = None
            elif not tag[1] and not tag[0].endswith(b"/>"):
                start = tag.start()

    def _look_at_one(self) -> None:
        try:
            self.work.spend()
        except OverBudgetError:
            raise NotMarkableError(TOO_MUCH_TO_EDIT) from None

    def _free_numbers(self, count: int) -> list[int]:
        blocks = sorted(_blocks(self.content))
        numbers: list[int] = []
        fresh = max({0, *self.others, *blocks, *(number // _BLOCK for number in self._used)})
        while len(numbers) < count:
            block = blocks.pop(0) if blocks else (fresh := fresh + 1)
            free = (number for number in range(block * _BLOCK + 1, (block + 1) * _BLOCK) if number not in self._used)
            numbers += list(free)[: count - len(numbers)]
        return numbers

    def _say_blocks(self, numbers: Sequence[int]) -> None:
        blocks = sorted(_blocks(self.content) | {number // _BLOCK for number in numbers})
        data = ",".join(map(str, blocks)).encode()
        self.content = _BLOCKS.sub(lambda found: found[1] + data, self.content, count=1)


def _cell_of(shape: bytes) -> Cell | None:
    row, column = _NOTE_ROW.search(shape), _NOTE_COLUMN.search(shape)
    return Cell(int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _draw(parts: Parts, sheet: str, anchors: Mapping[Cell, str], grown: Collection[Cell]) -> None:
    """See to it that each of the cells has a box, and that those whose text has grown have a larger one."""
    part = parts.xml(sheet)
    name = _drawing_of(parts, sheet)
    others = {block for other in parts.names() if other.casefold().endswith(".vml") and other != name
              for block in _blocks(parts.current(other))}  # fmt: skip
    if name is None:
        name = parts.unused("xl/drawings/vmlDrawing{}.vml")
        parts.put(name, _NEW_DRAWING % (max(others, default=0) + 1))
        declare_by_extension(parts, name, _VML_TYPE)
        base = relationship_base(part)
        link = relate(parts, sheet, base, "vmlDrawing", name)
        element = f'legacyDrawing xmlns:r="{base}" r:id="{link}"/>'.encode()
        part.insert_in_order("legacyDrawing", WORKSHEET, b"<" + part.prefix + element)
    drawing = _Drawing(parts.current(name), others, parts.work)
    drawing.resize({cell: anchors[cell] for cell in drawing.shapes & set(grown)})
    drawing.add({cell: anchor for cell, anchor in anchors.items() if cell not in drawing.shapes})
    parts.put(name, drawing.content)


def _drawing_of(parts: Parts, sheet: str) -> str | None:
    legacy = _legacy_drawing(parts.xml(sheet))
    if legacy is None:
        return None
    by_id = {link.id: link.part for link in relationships(parts, sheet)}
    found = re.search(rb":id\s*=\s*[\"']([^\"']*)", legacy.tag)
    name = by_id.get(found[1].decode("utf-8", "replace")) if found else None
    if name is None or name not in parts:
        raise NotMarkableError("The drawing that shows the workbook's comments is missing.")
    return name


def _legacy_drawing(part: XmlPart) -> Element | None:
    return next((element for name, element in part.children(part.root) if name == "legacyDrawing"), None)


def _blocks(drawing: bytes) -> set[int]:
    found = _BLOCKS.search(drawing)
    return {int(block) for block in re.findall(rb"[0-9]{1,6}", found[2])} if found else set()


def _plain_anchor(cell: Cell) -> str:
    return f"{cell.column}, 15, {max(cell.row - 2, 0)}, 10, {cell.column + 2}, 15, {cell.row + 3}, 4"


def _shape(number: int, cell: Cell, anchor: str, declared: bytes) -> bytes:
    return (
        b'<v:shape%s id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:1.5pt;'
        b'width:200pt;height:100pt;z-index:%d;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        b'<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor>'
        b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
        % (declared, number, number % _BLOCK, anchor.encode(), cell.row - 1, cell.column - 1)
    )
