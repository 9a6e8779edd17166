"""Cell formats: each marked cell gets a copy of its own with another fill, so that all else about it stays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tracelode.findings import Severity
from tracelode.markup.schema import STYLESHEET
from tracelode.markup.xml import Element, NotMarkableError, XmlPart, with_attribute

COLOURS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "FFFFB3B0", Severity.WARNING: "FFFFD27A", Severity.NOTICE: "FFB9D9F5"}
)
"""The fill of a marked cell by the worst severity found there: red, amber, blue, all light enough for black text."""

_MAX_FORMATS = 64_000
"""Excel takes 65,490 cell formats."""

_ITEMS: Mapping[str, tuple[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        "fonts": ("font", (b"<font/>",)),
        "fills": (
            "fill",
            (b'<fill><patternFill patternType="none"/></fill>', b'<fill><patternFill patternType="gray125"/></fill>'),
        ),
        "borders": ("border", (b"<border/>",)),
        "cellXfs": ("xf", (b"<xf/>",)),
        "dxfs": ("dxf", ()),
    }
)
"""What the lists to which something is added consist of, and what each must begin with where it is missing."""

EMPTY_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></styleSheet>'
)
"""For a workbook without a styles part, which the format allows."""

_TAG_NAME = re.compile(rb"(</?)(?=[a-zA-Z])")


@dataclass(slots=True)
class _Numbered:
    """A list of the styles part, whose items go by position: what is there, and what is to be added."""

    element: Element | None
    there: Sequence[Element]
    added: list[bytes] = field(default_factory=list)

    def add(self, item: bytes) -> int:
        if item not in self.added:
            self.added.append(item)
        return len(self.there) + self.added.index(item)


@dataclass(slots=True)
class Styles:
    """The styles part, to which formats are added; `write` makes the additions, once, at the end."""

    _part: XmlPart
    _lists: dict[str, _Numbered] = field(init=False, default_factory=dict)
    _coloured: dict[tuple[int, Severity], int] = field(init=False, default_factory=dict)
    _highlights: dict[Severity, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, (item, smallest) in _ITEMS.items():
            element = self._part.first(name)
            there = tuple(self._part.elements(item, element)) if element else ()
            self._lists[name] = _Numbered(element, there, [] if there else list(smallest))

    def coloured(self, number: int, severity: Severity) -> int:
        """The number of the format that is format `number` with the severity's fill.

        A number that the workbook has no format for counts as 0. Raises NotMarkableError when a workbook has as many
        formats as Excel takes.
        """
        formats = self._lists["cellXfs"].there
        if number >= len(formats):
            number = 0
        key = (number, severity)
        if key not in self._coloured:
            fill = self._add("fills", _solid(COLOURS[severity]))
            plain = self._part.text(formats[number]) if formats else self._named(b"<xf/>")
            end = plain.index(b">") + 1 if not formats else len(formats[number].tag)
            tag = with_attribute(with_attribute(plain[:end], b"fillId", b"%d" % fill), b"applyFill", b"1")
            self._coloured[key] = self._add_format(tag + plain[end:])
        return self._coloured[key]

    def highlight(self, severity: Severity) -> int:
        """The number of the conditional format that paints a cell in the severity's colour."""
        if severity not in self._highlights:
            fill = f'<fill><patternFill><bgColor rgb="{COLOURS[severity]}"/></patternFill></fill>'
            self._highlights[severity] = self._add("dxfs", f"<dxf>{fill}</dxf>".encode())
        return self._highlights[severity]

    def format(self, *, font: str, fill: str = "", border: str = "", alignment: str = "", quoted: bool = False) -> int:
        """The number of a format of our own. The parts are XML as the styles part has it, `fill` a colour (ARGB)."""
        numbers = {
            "fontId": self._add("fonts", font.encode()),
            "fillId": self._add("fills", _solid(fill)) if fill else 0,
            "borderId": self._add("borders", border.encode()) if border else 0,
        }
        attributes = "".join(f' {name}="{number}"' for name, number in numbers.items())
        parent = ' xfId="0"' if self._part.first("cellStyleXfs") else ""
        quote = ' quotePrefix="1"' if quoted else ""
        tag = f'<xf numFmtId="0"{attributes}{parent}{quote} applyFont="1" applyFill="1" applyBorder="1"'
        return self._add_format(self._named(f'{tag} applyAlignment="1">{alignment}</xf>'.encode()))

    def write(self) -> None:
        """Make the additions in the part."""
        for name, numbered in self._lists.items():
            if not numbered.added:
                continue
            new = b"".join(numbered.added)
            count = len(numbered.there) + len(numbered.added)
            if numbered.element is None:
                tag = self._part.prefix + name.encode()
                whole = b"<" + tag + b' count="%d">' % count + new + b"</" + tag + b">"
                self._part.insert_in_order(name, STYLESHEET, whole)
            else:
                tag = with_attribute(numbered.element.tag, b"count", b"%d" % count)
                self._part.append_inside(numbered.element, new, tag)

    def _add(self, name: str, item: bytes) -> int:
        return self._lists[name].add(self._named(item))

    def _add_format(self, item: bytes) -> int:
        number = self._lists["cellXfs"].add(item)
        if number >= _MAX_FORMATS:
            raise NotMarkableError("The workbook has so many cell formats that none can be added.")
        return number

    def _named(self, item: bytes) -> bytes:
        return _TAG_NAME.sub(rb"\1" + self._part.prefix, item)


def _solid(colour: str) -> bytes:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
    ).encode()
