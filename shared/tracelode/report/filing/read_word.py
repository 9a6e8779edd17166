"""A Word document that somebody has edited, read back: its paragraphs, items of lists and tables, and nothing else.

Nothing of it is followed, run or unpacked but the one part that holds the text (ECMA-376 part 1, 17.2), within bounds.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

MAX_WORD_BYTES: Final = 20_000_000
"""Bytes of a document that is read."""
_MAX_TEXT_BYTES: Final = 60_000_000
"""Bytes of the part that holds the text, unpacked."""
_MAX_ELEMENTS: Final = 1_000_000
_MAX_DEPTH: Final = 200
_MAX_PARTS: Final = 2_000
_DOCUMENT: Final = "word/document.xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BOOKMARK: Final = "section_"
_NOT_TEXT: Final = frozenset(
    {"del", "moveFrom", "drawing", "pict", "object", "instrText", "delText", "rPr", "pPr", "Fallback"}
)
"""What is no text of the document as it reads with all tracked changes accepted."""
_NOTED: Final = {
    "ins": "tracked changes, taken as accepted",
    "del": "tracked changes, taken as accepted",
    "moveFrom": "tracked changes, taken as accepted",
    "drawing": "pictures or drawn boxes",
    "pict": "pictures or drawn boxes",
    "object": "embedded objects",
    "footnoteReference": "footnotes",
    "endnoteReference": "footnotes",
    "commentReference": "comments",
    "hyperlink": "links, of which the text alone is taken",
}
_DRESSED: Final = frozenset({"b", "i", "u", "strike", "color", "vertAlign", "caps", "smallCaps"})


class NotAWordDocumentError(ValueError):
    """A file that is no Word document, or one beyond what is read; the message says which."""


@dataclass(frozen=True, slots=True)
class WordBlock:
    """A paragraph ("p"), item of a list ("li"), heading ("h") or table ("table") with its text on one line.

    `section` is the section of the filing that it stands in by our own bookmarks, "" for none: to be believed of a
    document that we have made. `dressed` says that some of its text has a format of its own.
    """

    kind: str
    text: str
    section: str = ""
    dressed: bool = False


@dataclass(slots=True)
class WordText:
    """What a document says, and what else there is in it that is no text."""

    blocks: list[WordBlock] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)


def read_word(data: bytes) -> WordText:
    """The text of a Word document. Raises NotAWordDocumentError for what is none, is damaged or beyond the bounds."""
    found = WordText()
    section = ""
    try:
        for element in _top_level(_text_part(data)):
            name = _local(element)
            if name in ("bookmarkStart", "bookmarkEnd"):
                section = _section(element) if name == "bookmarkStart" else ""
                continue
            for block in _blocks(element, found.noted):
                if block.text:
                    found.blocks.append(WordBlock(block.kind, block.text, section, block.dressed))
    except (ParseError, DefusedXmlException) as error:
        raise NotAWordDocumentError("its text is no sound XML") from error
    return found


def _text_part(data: bytes) -> bytes:
    if len(data) > MAX_WORD_BYTES:
        raise NotAWordDocumentError(f"larger than {MAX_WORD_BYTES // 1_000_000} MB")
    if not data.startswith(b"PK") or data.count(b"PK\x01\x02") > _MAX_PARTS:
        raise NotAWordDocumentError("no Word document (.docx)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_DOCUMENT) as part:
            text = part.read(_MAX_TEXT_BYTES + 1)
    except KeyError:
        raise NotAWordDocumentError("no Word document (.docx)") from None
    except MemoryError:
        raise
    except Exception as error:
        raise NotAWordDocumentError("damaged, or protected by a password") from error
    if len(text) > _MAX_TEXT_BYTES:
        raise NotAWordDocumentError("its text is too large")
    return text


def _top_level(part: bytes) -> Iterator[Element]:
    """The elements of the body one by one, each forgotten after the next was asked for."""
    depth = elements = 0
    for event, element in iterparse(io.BytesIO(part), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth, elements = depth + 1, elements + 1
            if depth > _MAX_DEPTH or elements > _MAX_ELEMENTS:
                raise NotAWordDocumentError("it is nested too deep, or has too many parts")
            continue
        depth -= 1
        if depth == 2:
            yield element
            element.clear()


def _blocks(element: Element, noted: set[str]) -> Iterator[WordBlock]:
    """The blocks of an element of the body: itself, or what a content control or a change around it holds."""
    match _local(element):
        case "p":
            text = _text(element, noted)
            yield WordBlock(_kind(element), text, dressed=_dressed(element))
        case "tbl":
            cells = [_text(cell, noted) for cell in element.iter(f"{_W}tc")]
            yield WordBlock("table", " | ".join(cells))
        case "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag":
            for child in element:
                yield from _blocks(child, noted)


def _text(element: Element, noted: set[str]) -> str:
    written: list[str] = []
    waiting = [element]
    while waiting:
        each = waiting.pop()
        name = _local(each)
        if name in _NOTED:
            noted.add(_NOTED[name])
        if name in _NOT_TEXT:
            continue
        if name == "t":
            written.append(each.text or "")
        elif name in ("tab", "br", "cr", "p"):
            written.append(" ")
        elif name == "noBreakHyphen":
            written.append("-")
        waiting += reversed(each)
    return " ".join("".join(written).split())


def _kind(paragraph: Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    named = "" if style is None else style.get(f"{_W}val", "")
    if named.startswith(("Heading", "Title")) or paragraph.find(f"{_W}pPr/{_W}outlineLvl") is not None:
        return "h"
    number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    listed = named.startswith("List") if number is None else number.get(f"{_W}val") != "0"
    return "li" if listed else "p"


def _dressed(paragraph: Element) -> bool:
    return any(_local(mark) in _DRESSED for run in paragraph.iter(f"{_W}r") for mark in run.iterfind(f"{_W}rPr/*"))


def _section(mark: Element) -> str:
    name = mark.get(f"{_W}name", "")
    return name.removeprefix(_BOOKMARK).replace("_", "-") if name.startswith(_BOOKMARK) else ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
