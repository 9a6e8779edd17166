"""The workbook part: which sheets there are, and the Findings sheet in front of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from xml.sax.saxutils import escape

from tracelode.ooxml import schema
from tracelode.ooxml.archive import Parts
from tracelode.ooxml.package import Discard, declare, relate, relationship_base, relationships
from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart, decoded, with_attribute, xml_text

WORKBOOK = "xl/workbook.xml"
FINDINGS_TAB = "Findings"

_SIGN = "Tracelode.Findings"
"""The hidden name of the Findings sheet, by which it is known again when the workbook comes back."""

_MAX_SIGNED = 8
"""Findings sheets that are looked for: there is one, and a copy or two where a supplier has copied it."""

_SELECTED = b"tabSelected"
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")
_APP = "docProps/app.xml"
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MAX_SHEET_ID = 65_534
_VECTOR_TAG = re.compile(rb"<(/?)vt:vector\b[^<>]*+>")
_TITLE = re.compile(rb"<vt:lpstr>([^<]*)</vt:lpstr>|<vt:lpstr/>")
_HEADING = re.compile(rb"<vt:variant>\s*<vt:lpstr>[^<]*</vt:lpstr>\s*</vt:variant>\s*"
                      rb"<vt:variant>\s*<vt:i4>([0-9]{1,6})</vt:i4>\s*</vt:variant>")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the workbook: its name, the part that holds it, and whether it is a worksheet that can be seen."""

    name: str
    part: str
    worksheet: bool
    hidden: bool


def sheets(parts: Parts) -> tuple[Tab, ...]:
    """The tabs in their order.

    Raises NotMarkableError if the workbook part does not say which parts hold them.
    """
    book = parts.xml(WORKBOOK)
    relationship_base(book)
    by_id = {link.id: link for link in relationships(parts, WORKBOOK)}
    found = []
    for element in book.elements("sheet", _sheets_element(book)):
        link = by_id.get(_relationship_id(element))
        if link is None or link.part not in parts:
            raise NotMarkableError("The workbook names a sheet that is not in it.")
        state = element.attribute(b"state") or b"visible"
        found.append(Tab(decoded(element.attribute(b"name")), link.part, link.kind == "worksheet", state != b"visible"))
    return tuple(found)


def free_tab(names: Sequence[str]) -> str:
    """The name of the Findings sheet: with a number if the supplier has a sheet of that name."""
    taken = {name.strip().casefold() for name in names}
    numbered = (f"{FINDINGS_TAB} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (FINDINGS_TAB, *numbered) if name.casefold() not in taken)


def put_in_front(parts: Parts, name: str, content: bytes, title_row: int) -> None:
    """Add the Findings sheet before all others and make it the active one; row `title_row` is printed on each page.

    What names sheets by position (names that belong to a sheet, the active tab, the list of titles in the file's
    properties) follows. The caller deselects the other sheets, which `deselect` does.
    """
    book = parts.xml(WORKBOOK)
    names = [sheet.name for sheet in sheets(parts) if sheet.worksheet]
    part = parts.unused("xl/worksheets/sheet{}.xml")
    parts.put(part, content)
    declare(parts, part, _WORKSHEET_TYPE)
    base = relationship_base(book)
    link = relate(parts, WORKBOOK, base, "worksheet", part)
    holder = _sheets_element(book)
    used = {element.number(b"sheetId") or 0 for element in book.elements("sheet", holder)}
    sheet_id = max(used) + 1 if max(used) < _MAX_SHEET_ID else min(set(range(1, _MAX_SHEET_ID)) - used)
    book.insert(
        holder.inner,
        b"<" + book.prefix + b'sheet xmlns:r="' + base.encode() + b'" name="' + xml_text(name) + b'"'
        + f' sheetId="{sheet_id}" r:id="{link}"/>'.encode(),
    )  # fmt: skip
    for view in book.elements("workbookView"):
        tag = with_attribute(view.tag, b"firstSheet", None)
        book.replace(view.start, view.inner, with_attribute(tag, b"activeTab", b"0"))
    _shift_names(book, name, title_row)
    _add_title(parts, names, name)


def take_out_findings(parts: Parts, discard: Discard) -> None:
    """Take out the Findings sheets of earlier rounds, wherever they stand and whatever they are called now.

    Such a sheet bears our hidden name: programs that save the workbook keep it, and it is copied with a whole sheet
    only, never with cells. It stays if it has come to hold a formula, or if a formula or name elsewhere refers to it:
    it is the supplier's by then. What names sheets by position follows. The caller puts a new sheet in front.
    """
    tabs = sheets(parts)
    ours = _without_loss(parts, tabs, _signed(parts.xml(WORKBOOK)))
    if not ours or len(ours) == len(tabs):
        return
    take_out_tabs(parts, tabs, ours, discard)


def take_out_tabs(parts: Parts, tabs: Sequence[Tab], positions: Sequence[int], discard: Discard) -> None:
    """Take out the tabs at some of the positions of `tabs`, which are all that there are; `discard` their parts.

    What names sheets by position follows. Raises NotMarkableError where none would be left.
    """
    if not positions:
        return
    if len(positions) == len(tabs):
        raise NotMarkableError("The workbook holds no sheet that can be kept.")
    book = parts.xml(WORKBOOK)
    by_id = {link.id: link for link in relationships(parts, WORKBOOK)}
    elements = list(book.elements("sheet", _sheets_element(book)))
    for position in positions:
        book.remove(elements[position])
        discard.part(WORKBOOK, by_id[_relationship_id(elements[position])])
    for element, position in _names_of_sheets(book):
        if position in positions:
            book.remove(element)
        elif before := sum(taken < position for taken in positions):
            book.set_attribute(element, b"localSheetId", b"%d" % (position - before))
    _drop_titles(parts, tabs, positions)


def deselect(parts: Parts, tabs: Sequence[Tab]) -> None:
    """Take the selection from the sheets: two selected sheets are a group, and what is typed goes into both."""
    for tab in tabs:
        content = parts.current(tab.part)
        # Views stand before the cells. Parsing large sheets to leave them as they are is most of a marking's time.
        if content.find(_SELECTED, 0, content.find(b"sheetData")) < 0:
            continue
        part = parts.xml(tab.part)
        for view in part.elements("sheetView"):
            if view.attribute(_SELECTED) in (b"1", b"true"):
                part.replace(view.start, view.inner, with_attribute(view.tag, _SELECTED, None))


def quoted(name: str) -> str:
    """A sheet's name as a reference has it."""
    return "'" + name.replace("'", "''") + "'"


def _signed(book: XmlPart) -> list[int]:
    """The positions of the sheets that bear our name, in order."""
    found = {position for element, position in _names_of_sheets(book)
             if decoded(element.attribute(b"name")).casefold() == _SIGN.casefold()}  # fmt: skip
    return sorted(found)[:_MAX_SIGNED]


def _without_loss(parts: Parts, tabs: Sequence[Tab], signed: Iterable[int]) -> list[int]:
    """Those of the sheets that bear our name that can go: no formula stands on them, and nothing that stays refers."""
    used = Counter(tab.part for tab in tabs)
    ours = [position for position in signed if position < len(tabs) and tabs[position].worksheet
            and used[tabs[position].part] == 1 and not _FORMULA.search(parts.current(tabs[position].part))]  # fmt: skip
    if not ours:
        return []
    book = parts.xml(WORKBOOK)
    # Each text with the tab that it goes with, if it goes with one.
    texts = [(each.number(b"localSheetId"), book.text(each)) for each in book.elements("definedName")]
    texts += [(position, parts.current(tab.part)) for position, tab in enumerate(tabs)]
    referring = {position: _referring(texts, tabs[position].name) for position in ours}
    while held := [position for position in ours if referring[position] - set(ours)]:
        ours = [position for position in ours if position not in held]
    return ours


def _referring(texts: Iterable[tuple[int | None, bytes]], name: str) -> set[int | None]:
    """The tabs with which those of the texts go in which a formula refers to the sheet of a name."""
    reference = re.compile(re.escape(escape(name.replace("'", "''")).encode()) + rb"(?:'|&apos;|&#39;)?!")
    return {position for position, text in texts if reference.search(text)}


def _names_of_sheets(book: XmlPart) -> Iterator[tuple[Element, int]]:
    """The names that belong to a sheet each, with its position."""
    for element in book.elements("definedName"):
        position = element.number(b"localSheetId")
        if position is not None:
            yield element, position


def _shift_names(book: XmlPart, name: str, title_row: int) -> None:
    tag = book.prefix + b"definedName"
    sign = (
        b"<" + tag + f' name="{_SIGN}" localSheetId="0" hidden="1">'.encode()
        + xml_text(f"{quoted(name)}!$A$1") + b"</" + tag + b">"
    )  # fmt: skip
    titles = (
        b"<" + tag + b' name="_xlnm.Print_Titles" localSheetId="0">'
        + xml_text(f"{quoted(name)}!${title_row}:${title_row}") + b"</" + tag + b">"
    )  # fmt: skip
    holder = book.first("definedNames")
    if holder is None:
        tag += b"s>"
        book.insert_in_order("definedNames", schema.WORKBOOK_ORDER, b"<" + tag + titles + sign + b"</" + tag)
        return
    for element, position in _names_of_sheets(book):
        book.set_attribute(element, b"localSheetId", str(position + 1).encode())
    book.append_inside(holder, titles + sign)


@dataclass(frozen=True, slots=True)
class _Listing:
    """The worksheets' titles in the file's properties: their number, the list's start tag and length, the titles."""

    number: tuple[int, int]
    list_tag: Element
    listed: int
    titles: Sequence[tuple[int, int]]

    def resize(self, app: XmlPart, by: int) -> None:
        start, end = self.number
        app.replace(start, end, str(len(self.titles) + by).encode())
        app.set_attribute(self.list_tag, b"size", str(self.listed + by).encode())


def _listing(app: XmlPart, names: Sequence[str]) -> _Listing | None:
    """The titles of the worksheets, if the properties list them as Excel does and by these names."""
    tags = list(islice(_VECTOR_TAG.finditer(app.masked(app.root)), 5))
    if [tag[1] for tag in tags] != [b"", b"/", b"", b"/"]:
        return None
    base = app.root.start
    headings, heading_end, titles, titles_end = tags
    start, end = base + titles.end(), base + titles_end.start()
    listed = list(_TITLE.finditer(app.content, start, end))
    position = 0
    for heading in _HEADING.finditer(app.content, base + headings.end(), base + heading_end.start()):
        of_heading = listed[position : position + int(heading[1])]
        if names and [decoded(title[1]) for title in of_heading] == list(names):
            return _Listing(
                heading.span(1),
                Element(base + titles.start(), start, start, base + titles_end.end(), titles[0]),
                len(listed),
                [title.span() for title in of_heading],
            )
        position += int(heading[1])
    return None


def _add_title(parts: Parts, names: Sequence[str], name: str) -> None:
    """Name the sheet in the file's properties, if they list the worksheets as Excel does; else leave them."""
    app = parts.xml(_APP) if _APP in parts else None
    listing = _listing(app, names) if app else None
    if app and listing:
        listing.resize(app, 1)
        app.insert(listing.titles[0][0], b"<vt:lpstr>" + xml_text(name) + b"</vt:lpstr>")


def _drop_titles(parts: Parts, tabs: Sequence[Tab], positions: Sequence[int]) -> None:
    app = parts.xml(_APP) if _APP in parts else None
    kept = [number not in positions for number, tab in enumerate(tabs) if tab.worksheet]
    listing = _listing(app, [tab.name for tab in tabs if tab.worksheet]) if app else None
    if app and listing:
        listing.resize(app, -len(positions))
        for (start, end), stays in zip(listing.titles, kept, strict=True):
            if not stays:
                app.replace(start, end, b"")


def _sheets_element(book: XmlPart) -> Element:
    holder = book.first("sheets")
    if holder is None or book.first("sheet", holder) is None:
        raise NotMarkableError("The workbook does not say which sheets it has.")
    return holder


def _relationship_id(element: Element) -> str:
    found = re.search(rb"\s[\w.-]+:id\s*=\s*[\"']([^\"']*)", element.tag)
    return decoded(found[1]) if found else ""
