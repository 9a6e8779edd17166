"""The workbook part: which sheets there are, and the Findings sheet in front of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from tracelode.markup import schema
from tracelode.markup.archive import Parts
from tracelode.markup.package import declare, relate, relationship_base, relationships
from tracelode.markup.xml import Element, NotMarkableError, XmlPart, with_attribute, xml_text

WORKBOOK = "xl/workbook.xml"
FINDINGS_TAB = "Findings"

_APP = "docProps/app.xml"
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MAX_SHEET_ID = 65_534
_VECTOR = re.compile(
    rb"<vt:vector\b([^>]*)>((?:(?!</vt:vector>).)*)</vt:vector>",
    re.DOTALL,
)
_TITLE = re.compile(rb"<vt:lpstr>([^<]*)</vt:lpstr>|<vt:lpstr/>")
_HEADING = re.compile(rb"<vt:variant>\s*<vt:lpstr>[^<]*</vt:lpstr>\s*</vt:variant>\s*"
                      rb"<vt:variant>\s*<vt:i4>([0-9]{1,6})</vt:i4>\s*</vt:variant>")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab of the workbook: its name, the part that holds it, and whether it is a worksheet that can be seen."""

    name: str
    part: str
    worksheet: bool
    hidden: bool


def sheets(parts: Parts) -> tuple[Sheet, ...]:
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
        found.append(Sheet(_decoded(element, b"name"), link.part, link.kind == "worksheet", state != b"visible"))
    return tuple(found)


def free_tab(names: Sequence[str]) -> str:
    """The name of the Findings sheet: with a number if the supplier has a sheet of that name."""
    taken = {name.strip().casefold() for name in names}
    numbered = (f"{FINDINGS_TAB} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (FINDINGS_TAB, *numbered) if name.casefold() not in taken)


def put_in_front(parts: Parts, name: str, content: bytes, title_row: int) -> None:
    """Add a worksheet before all others and make it the active one; row `title_row` is printed on each page.

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


def deselect(parts: Parts, tabs: Sequence[Sheet]) -> None:
    """Take the selection from the sheets: two selected sheets are a group, and what is typed goes into both."""
    for tab in tabs:
        part = parts.xml(tab.part)
        for view in part.elements("sheetView"):
            if view.attribute(b"tabSelected") in (b"1", b"true"):
                part.replace(view.start, view.inner, with_attribute(view.tag, b"tabSelected", None))


def quoted(name: str) -> str:
    """A sheet's name as a reference has it."""
    return "'" + name.replace("'", "''") + "'"


def _shift_names(book: XmlPart, name: str, title_row: int) -> None:
    titles = (
        b"<" + book.prefix + b'definedName name="_xlnm.Print_Titles" localSheetId="0">'
        + xml_text(f"{quoted(name)}!${title_row}:${title_row}") + b"</" + book.prefix + b"definedName>"
    )  # fmt: skip
    holder = book.first("definedNames")
    if holder is None:
        tag = book.prefix + b"definedNames>"
        book.insert_in_order("definedNames", schema.WORKBOOK, b"<" + tag + titles + b"</" + tag)
        return
    for element in book.elements("definedName", holder):
        position = element.number(b"localSheetId")
        if position is not None:
            book.set_attribute(element, b"localSheetId", str(position + 1).encode())
    book.append_inside(holder, titles)


def _add_title(parts: Parts, names: Sequence[str], name: str) -> None:
    """Name the sheet in the file's properties, if they list the worksheets as Excel does; else leave them."""
    if _APP not in parts:
        return
    app = parts.xml(_APP)
    vectors = list(_VECTOR.finditer(app.content))
    if len(vectors) != 2:
        return
    headings, titles = vectors
    listed = list(_TITLE.finditer(titles[2]))
    position = 0
    for heading in _HEADING.finditer(headings[2]):
        count = int(heading[1])
        values = [
            unescape((title[1] or b"").decode("utf-8", "replace")) for title in listed[position : position + count]
        ]
        if values == list(names) and values:
            start = headings.start(2) + heading.start(1)
            app.replace(start, start + len(heading[1]), str(count + 1).encode())
            size = Element(
                titles.start(),
                titles.start(2),
                titles.start(2),
                titles.end(),
                app.content[titles.start() : titles.start(2)],
            )
            app.set_attribute(size, b"size", str(len(listed) + 1).encode())
            app.insert(titles.start(2) + listed[position].start(), b"<vt:lpstr>" + xml_text(name) + b"</vt:lpstr>")
            return
        position += count


def _sheets_element(book: XmlPart) -> Element:
    holder = book.first("sheets")
    if holder is None or book.first("sheet", holder) is None:
        raise NotMarkableError("The workbook does not say which sheets it has.")
    return holder


def _relationship_id(element: Element) -> str:
    found = re.search(rb"\s[\w.-]+:id\s*=\s*[\"']([^\"']*)", element.tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _decoded(element: Element, name: bytes) -> str:
    return unescape((element.attribute(name) or b"").decode("utf-8", "replace"))
