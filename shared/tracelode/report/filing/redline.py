"""What changed in the text between two editions of a document: one document that holds both, told apart.

The passages of a document (paragraphs, headings, items of lists, rows of tables) are put beside each other first, then
the words of those that became another. A document of some thousand rows costs seconds at most: what changed at once in
more passages than are compared one by one stands as deleted and inserted.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from tracelode.printing.templating import render
from tracelode.report.filing.html_grid import rows_of
from tracelode.report.filing.html_tree import BLOCKS, BREAK, HtmlElement, Run, collapsed, read_html, runs_of

INSERTED: Final = "inserted"
DELETED: Final = "deleted"

_PAIRS_AT_MOST: Final = 40_000
"""Pairs of passages that are held against each other where passages were replaced."""
_ALIKE: Final = 0.4
"""Part of their words that two passages share, from which the second is the first rewritten."""
_WORDS_AT_MOST: Final = 6_000
"""Words up to which a passage's own are told apart."""
_WORD: Final = re.compile(r"(?:\d[\d.,]*\d|\w+|[^\w\s])\s*|\s+")
_FRAMES: Final = frozenset({"html", "body", "div", "center", "blockquote", "section", "dl"})
_TAGS: Final = {
    "bold": "b", "italic": "i", "typewriter": "tt", "underline": "u", "strike": "strike", "sub": "sub", "sup": "sup",
    INSERTED: "ins", DELETED: "del",
}  # fmt: skip
_ESCAPED: Final = {"&": "&#38;", "<": "&#60;", ">": "&#62;", '"': "&#34;"}


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, heading, rule, item of a list or row of a table, as `element` shows it.

    `frame` is the list or table that it stands in; `cells` are what a row's cells hold, and one for anything else.
    """

    element: HtmlElement
    frame: HtmlElement | None
    cells: tuple[tuple[Run, ...], ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two passages the same: what they are, and their text."""
        return (self.element.tag, *("".join(run.text for run in cell) for cell in self.cells))

    def rewritten_as(self, other: "TextBlock") -> bool:
        """Whether the other can be the same passage with other words."""
        return self.element.tag == other.element.tag and len(self.cells) == len(other.cells)


@dataclass(frozen=True, slots=True)
class Redline:
    """Both editions in one HTML document, pure ASCII: `ins` and `del` around words, and passages that are wholly new or
    gone with the class "inserted" or "deleted". `changes` is how many passages differ."""

    document: bytes
    changes: int


def redline(before: bytes, after: bytes) -> Redline:
    """The second document with what it says otherwise than the first. Raises UnicodeDecodeError for what is not ASCII.

    Without what was inserted the text is the first document's, without what was deleted the second's.
    """
    shown: list[tuple[HtmlElement, TextBlock]] = []
    changes = 0
    for old, new in _side_by_side(text_blocks(before), text_blocks(after)):
        element, changed = _shown(old, new)
        changes += changed
        shown += [(element, passage) for passage in (new or old,) if passage]
    html = "".join(_written(shown))
    return Redline(f"<html>\n<body>\n{html}</body>\n</html>\n".encode("ascii", "xmlcharrefreplace"), changes)


def passages_that_differ(before: bytes, after: bytes) -> int:
    """How many passages `redline` would mark."""
    sides = _side_by_side(text_blocks(before), text_blocks(after))
    return sum(passage is None or other is None or passage.key != other.key for passage, other in sides)


def redline_page(title: str, note: str, documents: Iterable[tuple[str, Redline]]) -> bytes:
    """One page, in UTF-8, with the redline of each document below its name."""
    parts = [(name, lined.changes, _body_of(lined)) for name, lined in documents]
    return render("report/filing/redline.html.j2", title=title, note=note, parts=parts).encode("utf-8")


def text_blocks(document: bytes) -> list[TextBlock]:
    """The passages of a document from top to bottom."""
    return list(_passages(read_html(document.decode("ascii"))))


def _passages(element: HtmlElement) -> Iterator[TextBlock]:
    inline: list[HtmlElement | str] = []
    for child in (*element.children, HtmlElement("end")):
        block = isinstance(child, HtmlElement) and (child.tag in BLOCKS or child.tag == "end")
        if not block:
            inline.append(child)
            continue
        if any(isinstance(node, HtmlElement) or node.strip() for node in inline):
            yield _passage(HtmlElement("p", {}, inline))
        inline = []
        if isinstance(child, HtmlElement):
            yield from _of_block(child)


def _of_block(block: HtmlElement) -> Iterator[TextBlock]:
    match block.tag:
        case "head" | "end":
            return
        case "ul" | "ol" | "menu" | "dir":
            for item in block.elements("li"):
                yield _passage(item, block)
        case "table":
            for row in rows_of(block)[0]:
                cells = tuple(tuple(collapsed(runs_of(cell))) for cell in row.elements("td", "th"))
                yield TextBlock(row, block, cells)
        case tag if tag in _FRAMES:
            yield from _passages(block)
        case _:
            yield _passage(block)


def _passage(element: HtmlElement, frame: HtmlElement | None = None) -> TextBlock:
    return TextBlock(element, frame, (tuple(collapsed(runs_of(element))),))


_Sides = tuple[TextBlock | None, TextBlock | None]


def _side_by_side(old: Sequence[TextBlock], new: Sequence[TextBlock]) -> list[_Sides]:
    """Each passage of the first beside the one of the second that it became; None where there is none."""
    matcher = difflib.SequenceMatcher(None, [p.key for p in old], [p.key for p in new], autojunk=False)
    sides: list[_Sides] = []
    for tag, first, end, other_first, other_end in matcher.get_opcodes():
        gone, come = old[first:end], new[other_first:other_end]
        if tag == "equal":
            sides += zip(gone, come, strict=True)
        else:
            sides += _rewritten(gone, come)
    return sides


def _rewritten(gone: Sequence[TextBlock], come: Sequence[TextBlock]) -> list[_Sides]:
    """Passages that were replaced, in pairs where one is alike enough to be the other rewritten, both in order.

    Of all ways to pair them the one in which the pairs have most in common.
    """
    if len(gone) * len(come) > _PAIRS_AT_MOST:
        return [*((passage, None) for passage in gone), *((None, passage) for passage in come)]
    likeness = [[_likeness(a, b) for b in come] for a in gone]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for a in reversed(range(len(gone))):
        for b in reversed(range(len(come))):
            paired = likeness[a][b] + best[a + 1][b + 1] if likeness[a][b] else 0.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], paired)
    sides: list[_Sides] = []
    a = b = 0
    while a < len(gone) and b < len(come):
        if likeness[a][b] and best[a][b] == likeness[a][b] + best[a + 1][b + 1]:
            sides.append((gone[a], come[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            sides.append((gone[a], None))
            a += 1
        else:
            sides.append((None, come[b]))
            b += 1
    return [*sides, *((passage, None) for passage in gone[a:]), *((None, passage) for passage in come[b:])]


def _likeness(old: TextBlock, new: TextBlock) -> float:
    """How much of their words two passages have in common, 0 for too little to be the same."""
    if not old.rewritten_as(new):
        return 0.0
    first, second = (Counter(" ".join(passage.key[1:]).split()) for passage in (old, new))
    words = first.total() + second.total()
    shared = 2 * (first & second).total() / words if words else 1.0
    return shared if shared >= _ALIKE else 0.0


def _shown(old: TextBlock | None, new: TextBlock | None) -> tuple[HtmlElement, bool]:
    """A passage as the redline shows it, and whether it differs."""
    if old and new:
        if old.key == new.key:
            return new.element, False
        contents = [_words(a, b) for a, b in zip(old.cells, new.cells, strict=True)]
        return _refilled(new.element, contents), True
    present = new or old
    if present is None:
        raise ValueError("a redline shows a passage of one document at least")
    element = present.element
    return HtmlElement(
        element.tag, {**element.attributes, "class": INSERTED if new else DELETED}, element.children
    ), True


def _refilled(element: HtmlElement, contents: Sequence[list[HtmlElement | str]]) -> HtmlElement:
    """An element, or the cells of a row, with other contents."""
    if element.tag != "tr":
        return HtmlElement(element.tag, element.attributes, contents[0])
    cells: list[HtmlElement | str] = [
        HtmlElement(cell.tag, cell.attributes, content)
        for cell, content in zip(element.elements("td", "th"), contents, strict=True)
    ]
    return HtmlElement("tr", element.attributes, cells)


def _words(old: Sequence[Run], new: Sequence[Run]) -> list[HtmlElement | str]:
    """The words of two runs of text, with those marked that one alone has."""
    before, after = _in_words(old), _in_words(new)
    texts, others = ([run.text for run in words] for words in (before, after))
    if len(before) + len(after) > _WORDS_AT_MOST:
        codes = [("replace", 0, len(before), 0, len(after))]
    else:
        codes = list(difflib.SequenceMatcher(None, texts, others, autojunk=False).get_opcodes())
    marked: list[Run] = []
    for tag, first, end, other_first, other_end in codes:
        if tag == "equal":
            marked += after[other_first:other_end]
            continue
        marked += [replace(run, marks=run.marks | {DELETED}) for run in before[first:end]]
        marked += [replace(run, marks=run.marks | {INSERTED}) for run in after[other_first:other_end]]
    if marked and marked[-1] != BREAK:
        marked[-1] = replace(marked[-1], text=marked[-1].text.removesuffix(" "))
    return [
        _dressed("".join(run.text for run in runs), marks) for marks, runs in groupby(marked, lambda run: run.marks)
    ]


def _in_words(runs: Iterable[Run]) -> list[Run]:
    """Runs of one word each, with the space behind it: the last gets one, to be the same word wherever it stands."""
    words = [
        part
        for run in runs
        for part in ([run] if run == BREAK else [replace(run, text=found[0]) for found in _WORD.finditer(run.text)])
    ]
    if words and words[-1] != BREAK and not words[-1].text.endswith(" "):
        words[-1] = replace(words[-1], text=f"{words[-1].text} ")
    return words


def _dressed(text: str, marks: frozenset[str]) -> HtmlElement | str:
    if "break" in marks:
        node: HtmlElement | str = HtmlElement("span", {}, [HtmlElement("br") for _ in text])
    else:
        node = text
    for mark in _TAGS:
        if mark in marks:
            node = HtmlElement(_TAGS[mark], {}, [node])
    return node


def _written(shown: Iterable[tuple[HtmlElement, TextBlock]]) -> Iterator[str]:
    """The passages as HTML, those that follow each other in a list or in a table of as many columns in one frame."""
    group: list[tuple[HtmlElement, TextBlock]] = []
    for each in shown:
        if group and not _together(group[-1][1], each[1]):
            yield _framed(group)
            group = []
        group.append(each)
    if group:
        yield _framed(group)


def _together(one: TextBlock, next_: TextBlock) -> bool:
    if one.frame is None or next_.frame is None:
        return one.frame is next_.frame
    alike = (one.frame.tag, len(one.cells)) == (next_.frame.tag, len(next_.cells))
    return alike or one.frame is next_.frame


def _framed(group: Sequence[tuple[HtmlElement, TextBlock]]) -> str:
    inside = "".join(f"{_html(element)}\n" for element, _ in group)
    frame = group[-1][1].frame
    return inside if frame is None else f"<{frame.tag}{_attributes(frame)}>\n{inside}</{frame.tag}>\n"


def _html(node: HtmlElement | str) -> str:
    if isinstance(node, str):
        return "".join(_ESCAPED.get(char, char) for char in node)
    opened = f"<{node.tag}{_attributes(node)}>"
    if node.tag in ("br", "hr", "img"):
        return opened
    return f"{opened}{''.join(map(_html, node.children))}</{node.tag}>"


def _attributes(element: HtmlElement) -> str:
    return "".join(f' {name}="{_html(value)}"' for name, value in element.attributes.items())


def _body_of(lined: Redline) -> str:
    return lined.document.decode("ascii").partition("<body>\n")[2].rpartition("</body>")[0]
