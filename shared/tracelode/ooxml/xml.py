"""Edits in the bytes of an XML part: what is not edited stays as it was, to the byte.

Parsing and writing a part anew would lose what spreadsheet programs depend on: namespace declarations that only an
attribute's value refers to (`mc:Ignorable`), the order and quoting of attributes, character references.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from xml.parsers import expat
from xml.sax.saxutils import escape

from tracelode.printing.printable import printable
from tracelode.workbooks.budget import Budget, OverBudgetError
from tracelode.workbooks.limits import MAX_EDITING_STEPS

_ATTRIBUTES = rb"[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*"
_ATTRIBUTE = re.compile(rb"([^\s=<>/\"']+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG = re.compile(rb"<(/?)([^\s/>]+)" + _ATTRIBUTES + rb">")
_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(rb"[0-9]{1,9}")
_MAX_CELL_CHARACTERS = 32_000


TOO_MUCH_TO_EDIT = "The workbook holds more comments, merged cells and formats than can be edited."


class NotMarkableError(Exception):
    """A workbook that cannot be written into. Carries the reason in plain English; `mark_up` and `roll_up` catch it."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands in its part: its start tag is `start` to `inner`, its content `inner` to `close`."""

    start: int
    inner: int
    close: int
    end: int
    tag: bytes

    @property
    def empty(self) -> bool:
        """Whether it is written without an end tag (`<c/>`)."""
        return self.close == self.end

    def number(self, name: bytes) -> int | None:
        """An attribute's value as a whole number, None if there is none."""
        value = self.attribute(name)
        return int(value) if value is not None and _NUMBER.fullmatch(value) else None

    def attribute(self, name: bytes) -> bytes | None:
        """An attribute's value as it is written, None if it is absent."""
        for found in _ATTRIBUTE.finditer(self.tag):
            if found[1] == name:
                return found[2][1:-1]
        return None


@dataclass(slots=True)
class XmlPart:
    """A well-formed part of a package, with the edits that wait to be made in it.

    Raises NotMarkableError if the content is not well-formed. Elements are found by local name, in the namespace
    prefix of the root element; each one that is looked at is taken from `work`.
    """

    content: bytes
    work: Budget = field(default_factory=lambda: Budget(MAX_EDITING_STEPS), repr=False)
    namespace: str = field(init=False)
    prefix: bytes = field(init=False)
    _mask: bytes = field(init=False, repr=False)
    _edits: list[tuple[int, int, bytes]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.namespace = _root_namespace(self.content)
        # In well-formed XML without comments, CDATA and processing instructions, every "<" begins a tag.
        self._mask = _OPAQUE.sub(lambda opaque: b" " * len(opaque[0]), self.content)
        root = _TAG.search(self._mask)
        if root is None:
            raise NotMarkableError("A part of the workbook is empty.")
        prefix, colon, _ = root[2].rpartition(b":")
        self.prefix = prefix + colon
        if root[0].endswith(b"/>"):
            # Written with an end tag, an empty root can take content any number of times.
            end_tag = b"</" + root[2] + b">"
            self.content = self.content[: root.start()] + opened(root[0]) + end_tag + self.content[root.end() :]
            self._mask = self._mask[: root.start()] + opened(root[0]) + end_tag + self._mask[root.end() :]

    @property
    def root(self) -> Element:
        """The outermost element."""
        found = _TAG.search(self._mask)
        if found is None or found[1]:
            raise NotMarkableError("A part of the workbook is empty.")
        end = self._mask.rindex(b">") + 1
        return Element(found.start(), found.end(), self._mask.rindex(b"</"), end, found[0])

    def elements(self, name: str, within: Element | None = None) -> Iterator[Element]:
        """The elements of a name, in order; none of them may contain another of that name."""
        start, stop = (within.inner, within.close) if within else (0, len(self._mask))
        opening, closing = _patterns(self.prefix + name.encode())
        while found := opening.search(self._mask, start, stop):
            self._look_at_one()
            element = self._element(found, closing)
            yield element
            start = element.end

    def tagged(self, name: str) -> Iterator[Element]:
        """The elements of a local name, under whatever prefix, whose content is text alone; empty ones are left out."""
        for found in _any_prefix(name.encode()).finditer(self._mask):
            self._look_at_one()
            close = self._mask.find(b"<", found.end())
            if self._mask.startswith(b"</", close):
                yield Element(found.start(), found.end(), close, self._mask.index(b">", close) + 1, found[0])

    def start_tags(self, name: str, within: Element) -> Iterator[re.Match[bytes]]:
        """The start tags of a name: quicker than `elements` where few of many elements are wanted."""
        for found in _patterns(self.prefix + name.encode())[0].finditer(self._mask, within.inner, within.close):
            self._look_at_one()
            yield found

    def element(self, start_tag: re.Match[bytes], name: str) -> Element:
        """The element that begins with a start tag."""
        return self._element(start_tag, _patterns(self.prefix + name.encode())[1])

    def first(self, name: str, within: Element | None = None) -> Element | None:
        """The first element of a name, None if there is none."""
        return next(self.elements(name, within), None)

    def children(self, parent: Element) -> Iterator[tuple[str, Element]]:
        """The elements directly inside another, each with its local name."""
        position = parent.inner
        while found := _TAG.search(self._mask, position, parent.close):
            element = self._long_element(found) or self._nested_element(found)
            yield found[2].rpartition(b":")[2].decode("utf-8", "replace"), element
            position = element.end

    def masked(self, element: Element) -> bytes:
        """An element's bytes with comments and the like blanked out, at the same positions."""
        return self._mask[element.start : element.end]

    def text(self, element: Element) -> bytes:
        """An element's bytes as they stand."""
        return self.content[element.start : element.end]

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put other bytes in place of those from `start` to `end`."""
        self._edits.append((start, end, new))

    def insert(self, position: int, new: bytes) -> None:
        """Put bytes in front of a position, after what was inserted there before."""
        self._edits.append((position, position, new))

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self.replace(element.start, element.end, b"")

    def set_attribute(self, element: Element, name: bytes, value: bytes) -> None:
        """Give an element's attribute a value. At most one change of a start tag is possible."""
        self.replace(element.start, element.inner, with_attribute(element.tag, name, value))

    def append_inside(self, element: Element, new: bytes, tag: bytes | None = None) -> None:
        """Put bytes at the end of an element's content, and another start tag in place of its own if one is given."""
        tag = tag or element.tag
        if element.empty:
            name = _name(element.tag)
            self.replace(element.start, element.end, opened(tag) + new + b"</" + name + b">")
            return
        if tag != element.tag:
            self.replace(element.start, element.inner, tag)
        self.insert(element.close, new)

    def insert_in_order(self, name: str, order: Sequence[str], new: bytes) -> None:
        """Put a child of the root where the schema's order of children has it (after its own kind)."""
        root = self.root
        allowed = set(order[: order.index(name) + 1])
        position = root.inner
        for child, element in self.children(root):
            if child in allowed:
                position = element.end
        self.insert(position, new)

    @property
    def changed(self) -> bool:
        """Whether any edit waits."""
        return bool(self._edits)

    def edited(self) -> bytes:
        """The content with all edits made. Raises ValueError if two of them overlap: that is a bug of the caller."""
        pieces, position = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            if start < position:
                raise ValueError("edits overlap")
            pieces += [self.content[position:start], new]
            position = end
        return b"".join([*pieces, self.content[position:]])

    def _look_at_one(self) -> None:
        try:
            self.work.spend()
        except OverBudgetError:
            raise NotMarkableError(TOO_MUCH_TO_EDIT) from None

    def _element(self, found: re.Match[bytes], closing: re.Pattern[bytes]) -> Element:
        if found[0].endswith(b"/>"):
            return Element(found.start(), found.end(), found.end(), found.end(), found[0])
        close = closing.search(self._mask, found.end())
        if close is None:
            raise NotMarkableError("A part of the workbook is not well-formed.")
        return Element(found.start(), found.end(), close.start(), close.end(), found[0])

    def _long_element(self, found: re.Match[bytes]) -> Element | None:
        if found[2] != self.prefix + b"sheetData":
            return None
        return self._element(found, _patterns(found[2])[1])

    def _nested_element(self, found: re.Match[bytes]) -> Element:
        depth, tag, position = 0, found, found.end()
        while True:
            self._look_at_one()
            depth += -1 if tag[1] else 0 if tag[0].endswith(b"/>") else 1
            if depth == 0:
                close = tag.start() if tag is not found else found.end()
                return Element(found.start(), found.end(), close, tag.end(), found[0])
            following = _TAG.search(self._mask, position)
            if following is None:
                raise NotMarkableError("A part of the workbook is not well-formed.")
            tag, position = following, following.end()


def with_attribute(tag: bytes, name: bytes, value: bytes | None) -> bytes:
    """A start tag with an attribute set to a value (that is already escaped), or without it."""
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name:
            if value is None:
                return tag[: found.start()].rstrip() + tag[found.end() :]
            return tag[: found.start(2)] + b'"' + value + b'"' + tag[found.end(2) :]
    if value is None:
        return tag
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + name + b'="' + value + b'"' + tag[end:]


def opened(tag: bytes) -> bytes:
    """A start tag that content can follow."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


def decoded(value: bytes | None) -> str:
    """An attribute's value, or text, as the characters that it stands for; "" where there is none."""
    return unescape((value or b"").decode("utf-8", "replace"))


def xml_text(text: str) -> bytes:
    """Text as XML, in ASCII, so that it is right in a part of any encoding; unprintable characters are dropped.

    The part of SpreadsheetML that reads `_x0041_` as a character (ECMA-376 part 1, 22.9.2.19) is kept from doing so.
    """
    lines = "\n".join(printable(line) for line in text[:_MAX_CELL_CHARACTERS].split("\n"))
    return escape(_ESCAPE_LOOKALIKE.sub("_x005F_", lines), {'"': "&quot;"}).encode("ascii", "xmlcharrefreplace")


def _name(tag: bytes) -> bytes:
    found = _TAG.match(tag)
    if found is None:
        raise ValueError("not a tag")
    return found[2]


@cache
def _patterns(name: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    quoted = re.escape(name)
    return (
        re.compile(rb"<" + quoted + rb"(?=[\s/>])" + _ATTRIBUTES + rb">"),
        re.compile(rb"</" + quoted + rb"\s*>"),
    )


@cache
def _any_prefix(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:[\w.-]+:)?" + re.escape(name) + rb"(?=[\s>])" + _ATTRIBUTES + rb"(?<!/)>")


def _root_namespace(content: bytes) -> str:
    names: list[str] = []
    # Pre-flight has refused every part with a document type definition, so there are no entities to expand.
    parser = expat.ParserCreate(namespace_separator=" ")

    def first_element(name: str, _: dict[str, str]) -> None:
        names.append(name)
        parser.StartElementHandler = None

    parser.StartElementHandler = first_element
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotMarkableError("A part of the workbook is not well-formed.") from None
    namespace, _, _ = names[0].rpartition(" ")
    return namespace
