"""A supplier's own workbook, marked up with what was found in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracelode.feedback.markup.comments import Note, comment, signed
from tracelode.feedback.markup.findings_sheet import HEADING_ROW, Link, findings_sheet, severity_word
from tracelode.feedback.markup.geometry import Geometry
from tracelode.feedback.markup.highlight import highlight
from tracelode.feedback.markup.labels import ENGLISH, Labels
from tracelode.feedback.markup.styles import EMPTY_STYLES, Styles
from tracelode.feedback.markup.unmark import unmark
from tracelode.findings import Finding, worst_first
from tracelode.ooxml.active import take_out_active
from tracelode.ooxml.archive import Parts, open_parts
from tracelode.ooxml.book import WORKBOOK, Tab, deselect, free_tab, put_in_front, sheets
from tracelode.ooxml.package import declare, relate, relationship_base, relationships
from tracelode.ooxml.places import Area, by_sheet, surrounding
from tracelode.ooxml.xml import NotMarkableError
from tracelode.printing.printable import printable
from tracelode.workbooks.addresses import Cell
from tracelode.workbooks.file_rules import RefusedError

MAX_MARKED_CELLS = 5_000
"""Cells that are painted and commented; findings on more cells are listed only."""

MAX_COMMENT_CHARACTERS = 4_000
"""Text of one comment; what does not fit stands on the Findings sheet."""

_STYLES = "xl/styles.xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BOX_WIDTH = 300
_BOX_CHARACTERS_A_LINE = 44
_BOX_LINE_HEIGHT = 15
_BOX_MAX_HEIGHT = 420
_BOX_MAX_STEPS = 30


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked-up workbook, or the reason in plain English why there is none: exactly one of the two is given."""

    workbook: bytes | None
    reason: str = ""


def mark_up(
    data: bytes,
    findings: Sequence[Finding],
    *,
    labels: Labels = ENGLISH,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Marked:
    """The workbook `data` with its findings in it; the same input gives the same bytes.

    Each cell with findings is painted by the worst severity and commented; a sheet "Findings" in front lists all
    findings, worst first, with links to the cells. What comes alive when a workbook is opened or clicked is left out
    (`take_out_active`); all else is as it was, most parts to the byte. A workbook under
    Excel's built-in password comes back decrypted. Nothing from the workbook or a finding becomes a formula or markup.

    Marks that the workbook still carries from earlier rounds are taken out first, so that marking again with the same
    findings changes nothing. `renamed` has the workbook's own names of sheets by those that the findings use.
    """
    try:
        parts = open_parts(data)
        unmark(parts)
        take_out_active(parts)
        return Marked(_marked_up(parts, findings, labels, renamed))
    except RefusedError as refused:
        return Marked(None, refused.finding.message)
    except NotMarkableError as unsuitable:
        return Marked(None, str(unsuitable))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a foreign workbook does to its editor, the document is at fault
        return Marked(None, "The workbook could be read, but its inner structure is too unusual to write into.")


def _marked_up(parts: Parts, findings: Sequence[Finding], labels: Labels, renamed: Mapping[str, str]) -> bytes:
    tabs = sheets(parts)
    styles = _open_styles(parts)
    links: dict[Finding, Link] = {}
    left = MAX_MARKED_CELLS
    by_tab = by_sheet(worst_first(findings), [tab.name if tab.worksheet else "" for tab in tabs], renamed)
    for position, by_cell in sorted(by_tab.items()):
        tab = tabs[position]
        links |= {finding: Link(tab.name, not tab.hidden) for of_cell in by_cell.values() for finding in of_cell}
        marked = dict(list(by_cell.items())[:left])
        left -= len(marked)
        if marked:
            _mark_sheet(parts, tab, marked, styles, labels)
    deselect(parts, tabs)
    namespace = parts.xml(WORKBOOK).namespace
    listed = findings_sheet(findings, links, styles, labels, namespace)
    put_in_front(parts, free_tab([tab.name for tab in tabs]), listed, HEADING_ROW)
    styles.write()
    return parts.packed()


def _open_styles(parts: Parts) -> Styles:
    name = next((link.part for link in relationships(parts, WORKBOOK) if link.kind == "styles"), None)
    if name is None:
        name = parts.unused("xl/styles{}.xml") if _STYLES in parts else _STYLES
        base = relationship_base(parts.xml(WORKBOOK))
        parts.put(name, EMPTY_STYLES)
        declare(parts, name, _STYLES_TYPE)
        relate(parts, WORKBOOK, base, "styles", name)
    return Styles(parts.xml(name))


def _mark_sheet(
    parts: Parts, tab: Tab, by_cell: Mapping[Cell, Sequence[Finding]], styles: Styles, labels: Labels
) -> None:
    part = parts.xml(tab.part)
    relationship_base(part)
    geometry = Geometry(part, {cell.row for cell in by_cell})
    areas = surrounding(by_cell, geometry.merged())
    shown: dict[Cell, list[Finding]] = {}
    for cell, of_cell in by_cell.items():
        shown.setdefault(areas[cell].first if cell in areas else cell, []).extend(of_cell)
    marked = {cell: worst_first(of_cell)[0].severity for cell, of_cell in shown.items()}
    merged = {area.first: area for area in areas.values()}
    highlight(part, marked, merged, styles)
    notes = {}
    for cell, of_cell in shown.items():
        paragraphs = signed(_paragraphs(worst_first(of_cell), labels))
        notes[cell] = Note(paragraphs, _anchor(geometry, merged.get(cell, Area(cell, cell)), paragraphs))
    comment(parts, tab.part, notes)


def _paragraphs(findings: Sequence[Finding], labels: Labels) -> list[tuple[bool, str]]:
    """What a comment says of the findings on its cell, as far as there is room."""
    paragraphs: list[tuple[bool, str]] = []
    room = MAX_COMMENT_CHARACTERS
    for finding in findings:
        heading = printable(f"{severity_word(finding.severity, labels)} ({finding.rule})")
        texts = (printable(finding.message), f"{labels.remedy}: {printable(finding.remedy)}")
        room -= len(heading) + sum(map(len, texts))
        if room < 0:
            paragraphs.append((False, "…"))
            break
        paragraphs += [(True, heading), *((False, text) for text in texts)]
    return paragraphs


def _anchor(geometry: Geometry, area: Area, paragraphs: Sequence[tuple[bool, str]]) -> str:
    """Where the box of a comment stands, as the drawing has it: right of the cell, large enough for the text."""
    lines = sum(1 + len(text) // _BOX_CHARACTERS_A_LINE for _, text in paragraphs)
    height = min(lines * _BOX_LINE_HEIGHT + 2 * _BOX_LINE_HEIGHT, _BOX_MAX_HEIGHT)
    left, top = area.last.column + 1, max(area.first.row - 1, 1)
    right, into_right = _far_edge(geometry.column_width, left, 15 + _BOX_WIDTH)
    bottom, into_bottom = _far_edge(geometry.row_height, top, 5 + height)
    return f"{left - 1}, 15, {top - 1}, 5, {right - 1}, {into_right}, {bottom - 1}, {into_bottom}"


def _far_edge(size: Callable[[int], int], first: int, length: int) -> tuple[int, int]:
    """The column or row in which a length ends that begins with the first one, and how far into it, in pixels."""
    for number in range(first, first + _BOX_MAX_STEPS):
        if length <= size(number):
            return number, length
        length -= size(number)
    return first + _BOX_MAX_STEPS, 0
