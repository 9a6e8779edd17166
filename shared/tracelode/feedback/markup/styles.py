"""Formats that are added to the workbook: for the Findings sheet, and the colours of marked cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tracelode.findings import Severity
from tracelode.ooxml.schema import STYLESHEET
from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart, with_attribute

COLOURS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "FFFFB3B0", Severity.WARNING: "FFFFD27A", Severity.NOTICE: "FFB9D9F5"}
)
"""The colour of a marked cell by the worst severity found there: red, amber, blue, all light enough for black text."""

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

_FILL = '<fill><patternFill><bgColor rgb="{}"/></patternFill></fill>'
_TAG_NAME = re.compile(rb"(</?)(?=[a-zA-Z])")


@dataclass(slots=True)
class _Numbered:
    """A list of the styles part, whose items go by position: what is there, and what is to be added."""

    element: Element | None
    there: Mapping[bytes, int]
    length: int
    added: list[bytes] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.length + len(self.added)

    def add(self, item: bytes) -> int:
        if item in self.there:
            # Ours from an earlier round: the list does not grow when a workbook is marked again.
            return self.there[item]
        if item not in self.added:
            self.added.append(item)
        return self.length + self.added.index(item)


@dataclass(slots=True)
class Styles:
    """The styles part, to which formats are added; `write` makes the additions, once, at the end."""

    _part: XmlPart
    _lists: dict[str, _Numbered] = field(init=False, default_factory=dict)
    _highlights: Mapping[Severity, int] = field(init=False)

    def __post_init__(self) -> None:
        for name, (item, smallest) in _ITEMS.items():
            element = self._part.first(name)
            there = [self._part.text(each) for each in self._part.elements(item, element)] if element else []
            first = {text: number for number, text in reversed(list(enumerate(there)))}
            self._lists[name] = _Numbered(element, first, len(there), [] if there else list(smallest))
        # All of them, whatever is marked: then what an earlier round added is what this one adds.
        self._highlights = {
            severity: self._add("dxfs", f"<dxf>{_FILL.format(colour)}</dxf>".encode())
            for severity, colour in COLOURS.items()
        }

    def highlight(self, severity: Severity) -> int:
        """The number of the conditional format that paints a cell in the severity's colour."""
        return self._highlights[severity]

    def format(self, *, font: str, fill: str = "", border: str = "", alignment: str = "", quoted: bool = False) -> int:
        """The number of a format of our own. The parts are XML as the styles part has it, `fill` a colour (ARGB).

        Raises NotMarkableError when a workbook has as many formats as Excel takes.
        """
        numbers = {
            "fontId": self._add("fonts", font.encode()),
            "fillId": self._add("fills", _solid(fill)) if fill else 0,
            "borderId": self._add("borders", border.encode()) if border else 0,
        }
        attributes = "".join(f' {name}="{number}"' for name, number in numbers.items())
        parent = ' xfId="0"' if self._part.first("cellStyleXfs") else ""
        quote = ' quotePrefix="1"' if quoted else ""
        tag = f'<xf numFmtId="0"{attributes}{parent}{quote} applyFont="1" applyFill="1" applyBorder="1"'
        number = self._add("cellXfs", f'{tag} applyAlignment="1">{alignment}</xf>'.encode())
        if number >= _MAX_FORMATS:
            raise NotMarkableError("The workbook has so many cell formats that none can be added.")
        return number

    def write(self) -> None:
        """Make the additions in the part."""
        for name, numbered in self._lists.items():
            if not numbered.added:
                continue
            new = b"".join(numbered.added)
            if numbered.element is None:
                tag = self._part.prefix + name.encode()
                whole = b"<" + tag + b' count="%d">' % numbered.count + new + b"</" + tag + b">"
                self._part.insert_in_order(name, STYLESHEET, whole)
            else:
                tag = with_attribute(numbered.element.tag, b"count", b"%d" % numbered.count)
                self._part.append_inside(numbered.element, new, tag)

    def _add(self, name: str, item: bytes) -> int:
        return self._lists[name].add(self._named(item))

    def _named(self, item: bytes) -> bytes:
        return _TAG_NAME.sub(rb"\1" + self._part.prefix, item)


def _solid(colour: str) -> bytes:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
    ).encode()
