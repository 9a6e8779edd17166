"""`form-sd.docx`, `exhibit-1-01.docx`: the filing for the lawyer who edits it, made from the HTML that is filed.

WordprocessingML in its transitional form (ECMA-376 part 4). What is not text (styles, numbering, settings) stands in
`word_package/`.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tracelode.ooxml.deterministic_archive import repack
from tracelode.printing.printable import printable
from tracelode.printing.templating import render
from tracelode.report.filing.html_grid import Slot, column_widths, laid_out, rows_of, share_of, whole_number
from tracelode.report.filing.html_tree import (
    BLOCKS,
    BREAK,
    HtmlElement,
    Run,
    collapsed,
    descendants,
    read_html,
    runs_of,
    text_of,
)

TEXT_WIDTH: Final = 9360
"""Width of the text in twentieths of a point: US Letter between margins of an inch."""

_KEPT_WHOLE: Final = 12
"""Rows up to which a table stays on one page."""
_INDENT: Final = 360
_LEVELS: Final = 9
_HEADINGS: Final = (
    (1, 28, 120, 160, False),
    (2, 24, 280, 120, False),
    (3, 22, 200, 100, True),
    (4, 22, 160, 80, True),
    (5, 22, 160, 80, True),
    (6, 22, 160, 80, True),
)
"""Level, size in half-points, space before and after in twentieths of a point, and whether italic."""
_PARTS: Final = {
    "[Content_Types].xml": "report/filing/word_package/content_types.xml.j2",
    "_rels/.rels": "report/filing/word_package/package.rels.j2",
    # Not docProps/core.xml, which `repack` writes anew without a title: a package finds its parts by relationship.
    "docProps/title.xml": "report/filing/word_package/title.xml.j2",
    "word/_rels/document.xml.rels": "report/filing/word_package/document.rels.j2",
    "word/footer.xml": "report/filing/word_package/footer.xml.j2",
    "word/numbering.xml": "report/filing/word_package/numbering.xml.j2",
    "word/settings.xml": "report/filing/word_package/settings.xml.j2",
    "word/styles.xml": "report/filing/word_package/styles.xml.j2",
}

_ALIGNMENT: Final = {"left": "left", "center": "center", "right": "right", "justify": "both"}
_INTRODUCED: Final = frozenset({"ul", "ol", "menu", "dir", "dl", "table"})
"""Elements that begin on the page of the paragraph before them."""
_VERTICAL: Final = {"middle": "center", "bottom": "bottom"}
_RUN_PROPERTIES: Final = {
    "typewriter": '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>',
    "bold": "<w:b/><w:bCs/>",
    "italic": "<w:i/><w:iCs/>",
    "strike": "<w:strike/>",
    "blank": '<w:highlight w:val="yellow"/>',
    "underline": '<w:u w:val="single"/>',
    "sub": '<w:vertAlign w:val="subscript"/>',
    "sup": '<w:vertAlign w:val="superscript"/>',
    "rtl": "<w:rtl/>",
}
"""In the order that the schema asks of run properties."""

_TRACKED: Final = {"inserted": "ins", "deleted": "del"}
"""What is tracked, by its mark, and the element that tracks it."""

_WORD: Final = re.compile(r"[^ \xa0]+")
_RTL_LETTER: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT: Final = re.compile(rf"([{_RTL_LETTER}]+(?:[^\w{_RTL_LETTER}]+[{_RTL_LETTER}]+)*)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paragraph stands: style, alignment, marks, depth in lists, width, whether it stays with what follows,
    and whether all of it is "inserted" or "deleted"."""

    style: str = "BodyText"
    align: str = ""
    marks: frozenset[str] = frozenset()
    depth: int = 0
    width: int = TEXT_WIDTH
    keep: bool = False
    change: str = ""

    def within(self, element: HtmlElement) -> "_Place":
        change = element.attributes.get("class", "")
        return replace(
            self,
            align=_ALIGNMENT.get(element.attributes.get("align", "").lower(), self.align),
            change=change if change in _TRACKED else self.change,
        )


def word(document: bytes, *, blanks: Collection[str] = ()) -> bytes:
    """The Word document of a filing document, the same bytes for the same document.

    Its text is the document's, in order. Elements of EDGAR's HTML (EDGAR Filer Manual, volume II, 5.2.2) become
    headings 1 to 6, paragraphs, lists and tables; a table's rows of headings stand on each of its pages, and no row is
    divided between pages. A rule before a heading becomes a new page, before one of the first level a line; of an image
    the alternative text stays, of a link its text. Fonts, sizes and colours are the styles' own. Nothing leads out of
    the document or runs, and its properties name no date and no person. `blanks` are texts that are highlighted
    wherever they stand.

    An element `section` becomes a bookmark around what it holds, `ins` and `del` become tracked changes; so does a
    whole paragraph, item or row whose class is "inserted" or "deleted".

    Raises UnicodeDecodeError if the document is not ASCII, which EDGAR would refuse.
    """
    root = read_html(document.decode("ascii"))
    body = _Body(blanks)
    body.flow(root, _Place())
    title = " ".join(text_of(element) for element in descendants(root, "title"))
    names = {"title": title, "indent": _INDENT, "headings": _HEADINGS, "numbered": body.numbered}
    parts = {part: render(template, **names) for part, template in _PARTS.items()}
    parts["word/document.xml"] = _DOCUMENT.format(body="".join(body.written))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content.encode())
    return repack(packed.getvalue())


_DOCUMENT: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>\n{body}'
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="12240" w:h="15840"/>'
    '<w:pgMar w:top="1440" w:right="1440" w:bottom="1296" w:left="1440" w:header="720" w:footer="648" w:gutter="0"/>'
    "</w:sectPr></w:body></w:document>"
)


class _Body:
    """The document's body, written from top to bottom."""

    def __init__(self, blanks: Collection[str]) -> None:
        self.written: list[str] = []
        self._blanks = re.compile(f"({'|'.join(map(re.escape, blanks))})") if blanks else None
        self._marks = self._open = 0
        self.numbered: list[int] = []
        self._marker = ""
        self._rule = False
        self._heading = ""

    def flow(self, element: HtmlElement, place: _Place) -> None:
        """Write what an element holds: its blocks, and as paragraphs what stands between them."""
        runs: list[Run] = []
        children = list(_without_sections(element.children))
        for number, child in enumerate(children, start=1):
            if isinstance(child, _Bookmark):
                self._paragraph(runs, place)
                runs = []
                self.written.append(self._bookmark(child))
            elif isinstance(child, HtmlElement) and child.tag in BLOCKS:
                self._paragraph(runs, place)
                runs = []
                self._block(child, replace(place, keep=_begins_with(children[number:], _INTRODUCED)))
            else:
                runs += runs_of(child, place.marks)
        self._paragraph(runs, place)

    def _block(self, element: HtmlElement, place: _Place) -> None:
        inner = place.within(element)
        match element.tag:
            case "head":
                pass
            case "hr":
                self._draw_rule()
                self._rule = True
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6" as tag:
                self._heading = text_of(element)
                self.flow(element, replace(inner, style=f"Heading{tag[1]}"))
            case "ul" | "ol" | "menu" | "dir":
                self._list(element, inner)
            case "table":
                self._table(element, inner)
            case "pre":
                self._preformatted(element, inner)
            case _:
                self.flow(element, _dressed(element.tag, inner))

    def _list(self, element: HtmlElement, place: _Place) -> None:
        number = 1
        if element.tag == "ol":
            self.numbered.append(whole_number(element.attributes.get("start", ""), most=9999))
            number = 1 + len(self.numbered)
        style = "ListNumber" if element.tag == "ol" else "ListBullet"
        inner = replace(place, style=style, depth=min(place.depth + 1, _LEVELS))
        for item in element.elements("li"):
            self._marker = f'<w:numPr><w:ilvl w:val="{inner.depth - 1}"/><w:numId w:val="{number}"/></w:numPr>'
            self.flow(item, inner.within(item))
            self._marker = ""

    def _preformatted(self, element: HtmlElement, place: _Place) -> None:
        lines = "".join(run.text for run in runs_of(element)).strip("\n").split("\n")
        runs = [part for line in lines for part in (BREAK, Run(line.replace("\t", " ")))][1:]
        self._write(runs, replace(place, style="Preformatted"))

    def _table(self, element: HtmlElement, place: _Place) -> None:
        self._draw_rule()
        self._marker = ""
        for caption in element.elements("caption"):
            self.flow(caption, replace(place.within(caption), style="Caption"))
        rows, heads = rows_of(element)
        laid = laid_out(rows)
        if not laid:
            return
        columns = sum(slot.span for slot in laid[0])
        widths = column_widths(laid, columns, round(place.width * (share_of(element.attributes.get("width", "")) or 1)))
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        style = "TableNormal" if element.attributes.get("border", "0").strip() == "0" else "BorderedTable"
        told = printable(element.attributes.get("summary", "") or self._heading)
        self.written.append(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0020" w:firstRow="{int(heads > 0)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
            ' w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(told)}/></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>\n"
        )
        for number, (row, slots) in enumerate(zip(rows, laid, strict=True)):
            repeated = "<w:tblHeader/>" if number < heads else ""
            tracked = self._tracked(place.within(row).change)
            self.written.append(f"<w:tr><w:trPr><w:cantSplit/>{repeated}{tracked}</w:trPr>")
            left = iter(widths)
            for slot in slots:
                width, last = sum(islice(left, slot.span)), number == len(rows) - 1
                self._cell(slot, row, replace(place, width=width, keep=len(rows) <= _KEPT_WHOLE and not last))
            self.written.append("</w:tr>\n")
        self.written.append('</w:tbl>\n<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>\n')

    def _cell(self, slot: Slot, row: HtmlElement, place: _Place) -> None:
        cell = slot.cell or HtmlElement("td")
        vertical = cell.attributes.get("valign") or row.attributes.get("valign") or ""
        self.written.append(f'<w:tc><w:tcPr><w:tcW w:w="{place.width}" w:type="dxa"/>')
        if slot.span > 1:
            self.written.append(f'<w:gridSpan w:val="{slot.span}"/>')
        if slot.merge:
            self.written.append(f'<w:vMerge w:val="{slot.merge}"/>')
        if vertical.lower() in _VERTICAL:
            self.written.append(f'<w:vAlign w:val="{_VERTICAL[vertical.lower()]}"/>')
        self.written.append("</w:tcPr>")
        begun = len(self.written)
        style = "TableHeading" if cell.tag == "th" else "TableText"
        self.flow(cell, replace(place.within(row).within(cell), style=style, depth=0))
        self._draw_rule()
        if len(self.written) == begun:
            self.written.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>')
        self.written.append("</w:tc>")

    def _paragraph(self, runs: Iterable[Run], place: _Place) -> None:
        if kept := collapsed(runs):
            self._write(kept, place)

    def _write(self, runs: Iterable[Run], place: _Place) -> None:
        heading = place.style.startswith("Heading")
        new_page = self._rule and heading and place.style != "Heading1"
        if not new_page:
            self._draw_rule()
        style = place.style
        before = f"{'<w:keepNext/>' if place.keep else ''}{'<w:pageBreakBefore/>' if new_page else ''}"
        beside = f'<w:jc w:val="{place.align}"/>' if place.align else ""
        if place.depth and not self._marker:
            style = "ListContinue" if style.startswith("List") else style
            beside = f'<w:ind w:left="{_INDENT * place.depth}"/>{beside}'
        mark = f"<w:rPr>{self._tracked(place.change)}</w:rPr>" if place.change else ""
        self.written.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{before}{self._marker}{beside}{mark}</w:pPr>')
        whole = {place.change} if place.change else set()
        self.written += [self._run(replace(run, marks=run.marks | whole)) for run in runs]
        self.written.append("</w:p>\n")
        self._marker, self._rule = "", False

    def _run(self, run: Run) -> str:
        parts = self._blanks.split(run.text) if self._blanks else (run.text,)
        runs = [
            replace(run, text=text, marks=run.marks | {"blank"} if n % 2 else run.marks) for n, text in enumerate(parts)
        ]
        written = "".join(map(_run, runs))
        for change in _TRACKED:
            if change in run.marks and written:
                return f"{self._tracked(change)[:-2]}>{written}</w:{_TRACKED[change]}>"
        return written

    def _tracked(self, change: str) -> str:
        """The mark of a tracked change, "" for none. Word asks for an author, and can do without a date."""
        return f'<w:{_TRACKED[change]} w:id="{self._numbered()}" w:author="Tracelode"/>' if change else ""

    def _bookmark(self, mark: "_Bookmark") -> str:
        if not mark.name:
            return f'<w:bookmarkEnd w:id="{self._open}"/>'
        self._open = self._numbered()
        return f'<w:bookmarkStart w:id="{self._open}" w:name={quoteattr(bookmark_of(mark.name))}/>'

    def _numbered(self) -> int:
        self._marks += 1
        return self._marks

    def _draw_rule(self) -> None:
        if self._rule:
            self.written.append('<w:p><w:pPr><w:pStyle w:val="Rule"/></w:pPr></w:p>\n')
        self._rule = False


@dataclass(frozen=True, slots=True)
class _Bookmark:
    """Where a section begins, by its name, or ends, for "". Sections do not stand within each other."""

    name: str = ""


def bookmark_of(section: str) -> str:
    """What the bookmark around a section is called: Word takes letters, digits and underscores, at most 40."""
    return f"section_{section.replace('-', '_')}"


def _without_sections(children: Iterable[HtmlElement | str]) -> Iterator["HtmlElement | str | _Bookmark"]:
    for child in children:
        if isinstance(child, HtmlElement) and child.tag == "section":
            yield _Bookmark(child.attributes["id"])
            yield from child.children
            yield _Bookmark()
        else:
            yield child


def _begins_with(children: Sequence["HtmlElement | str | _Bookmark"], tags: Collection[str]) -> bool:
    content = (child for child in children if not isinstance(child, _Bookmark))
    following = next((child for child in content if isinstance(child, HtmlElement) or child.strip()), "")
    return isinstance(following, HtmlElement) and following.tag in tags


def _dressed(tag: str, place: _Place) -> _Place:
    match tag:
        case "center":
            return replace(place, align="center")
        case "blockquote":
            return replace(place, style="Quote")
        case "dt":
            return replace(place, marks=place.marks | {"bold"})
        case "dd":
            return replace(place, depth=min(place.depth + 1, _LEVELS))
        case "address":
            return replace(place, marks=place.marks | {"italic"})
        case _:
            return place


def _run(run: Run) -> str:
    if BREAK.marks <= run.marks:
        return "<w:r><w:br/></w:r>"
    written = []
    text = "delText" if "deleted" in run.marks else "t"
    for place, part in enumerate(_RIGHT_TO_LEFT.split(_WORD.sub(lambda found: printable(found[0]), run.text))):
        marks = run.marks | {"rtl"} if place % 2 else run.marks
        properties = "".join(xml for mark, xml in _RUN_PROPERTIES.items() if mark in marks)
        if part:
            properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
            written.append(f'<w:r>{properties}<w:{text} xml:space="preserve">{escape(part)}</w:{text}></w:r>')
    return "".join(written)
