"""The HTML of a filing read back: its elements, and its text in runs with white space as a browser shows it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

_CELLS: Final = frozenset({"td", "th"})
_ROW_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
BLOCKS: Final = frozenset(
    {
        "address", "blockquote", "body", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "head",
        "hr", "html", "p", "pre", "section", "table", *_LISTS,
    }
)  # fmt: skip
_WITHOUT_CONTENT: Final = frozenset({"br", "hr", "img", "meta"})
_ENDED_BY: Final[Mapping[str, frozenset[str]]] = {
    "p": BLOCKS | _CELLS | _ROW_GROUPS | {"li", "tr"},
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": _CELLS | _ROW_GROUPS | {"tr"},
    "th": _CELLS | _ROW_GROUPS | {"tr"},
    "tr": _ROW_GROUPS | {"tr"},
    **dict.fromkeys(_ROW_GROUPS, _ROW_GROUPS),
    "head": frozenset({"body"}),
}
"""Elements whose end tag may be left out, and the start tags that end them (HTML 4.01, 1.3)."""

_MARK_OF: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite", "var", "dfn"), "italic"),
    **dict.fromkeys(("tt", "code", "samp", "kbd"), "typewriter"),
    "u": "underline",
    "strike": "strike",
    "sub": "sub",
    "sup": "sup",
    "ins": "inserted",
    "del": "deleted",
}
"""What an inline element does to a run. The others (links, font, span, big, small) leave text as it is."""
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class HtmlElement:
    """An element with its children in order; `#document` holds what stands outermost."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: "list[HtmlElement | str]" = field(default_factory=list)

    def elements(self, *tags: str) -> "Iterator[HtmlElement]":
        """The children that are elements of these names."""
        return (child for child in self.children if isinstance(child, HtmlElement) and child.tag in tags)


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is dressed alike: bold, italic, typewriter, underline, strike, sub, sup, or inserted and deleted."""

    text: str
    marks: frozenset[str] = frozenset()


BREAK: Final = Run("\n", frozenset({"break"}))
"""A line break."""


class _Reader(HTMLParser):
    """Reads a document into elements; end tags that HTML lets be left out may be missing."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [HtmlElement("#document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element in the innermost one that it does not end."""
        while tag in _ENDED_BY.get(self.open[-1].tag, ()):
            self.open.pop()
        element = HtmlElement(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _WITHOUT_CONTENT:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of this name, and what stands open in it."""
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Put text in the innermost element."""
        self.open[-1].children.append(data)


def read_html(text: str) -> HtmlElement:
    """The elements of a document. White space and character references are as they stand for, comments left out."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.open[0]


def descendants(element: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    """The elements of a name anywhere inside another, in the order of the text."""
    for child in element.children:
        if isinstance(child, HtmlElement):
            if child.tag == tag:
                yield child
            yield from descendants(child, tag)


def text_of(element: HtmlElement) -> str:
    """An element's text on one line."""
    return "".join(run.text for run in collapsed(runs_of(element))).replace("\n", " ")


def runs_of(node: HtmlElement | str, marks: frozenset[str] = frozenset()) -> Iterator[Run]:
    """The text of an inline element with its line breaks; of an image the alternative text."""
    if isinstance(node, str):
        yield Run(node, marks)
    elif node.tag == "br":
        yield BREAK
    elif node.tag == "img":
        yield Run(node.attributes.get("alt", ""), marks)
    else:
        if mark := _MARK_OF.get(node.tag):
            marks = (marks - {"sub", "sup"} if mark in ("sub", "sup") else marks) | {mark}
        for child in node.children:
            yield from runs_of(child, marks)


def collapsed(runs: Iterable[Run]) -> list[Run]:
    """The runs with white space as a browser shows it: one space between words, none at the ends of a line."""
    kept: list[Run] = []
    for run in runs:
        line_begins = not kept or kept[-1] == BREAK
        if run == BREAK:
            _end_line(kept)
            kept.append(run)
            continue
        text = _SPACE.sub(" ", run.text)
        if line_begins or kept[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            kept.append(replace(run, text=text))
    while kept and kept[-1] == BREAK:
        kept.pop()
    _end_line(kept)
    return kept


def _end_line(runs: list[Run]) -> None:
    """Take the space off the end of the last run, and the run away if nothing is left."""
    if runs and runs[-1] != BREAK and runs[-1].text.endswith(" "):
        last = runs.pop()
        if last.text != " ":
            runs.append(replace(last, text=last.text.removesuffix(" ")))
