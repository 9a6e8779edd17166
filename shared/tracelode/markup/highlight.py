"""Marked cells that the template's conditional formats paint over get one more conditional format, above the others.

Without it the colour would not show where it matters most: the template paints each required field that is empty.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from tracelode.findings import Severity
from tracelode.markup.places import Area, Cell, parse_area, surrounding
from tracelode.markup.schema import WORKSHEET
from tracelode.markup.styles import Styles
from tracelode.markup.xml import Element, XmlPart, with_attribute

MARK = b'LEN("Tracelode")&gt;0'
"""The condition that always holds, by which our conditional formats are known again when the workbook comes back."""

_MAX_REFERENCES = 500
"""References of one conditional format: Excel reads long lists of them, but writes none."""

_RULE = re.compile(rb"<(?:[\w.-]+:)?cfRule(?=[\s/>])[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*>")
_EXTENDED = re.compile(rb"<(?:[\w.-]+:)?sqref>([^<]*)</")


def highlight(part: XmlPart, marked: Mapping[Cell, Severity], merged: Mapping[Cell, Area], styles: Styles) -> None:
    """Put the severities' colours above the conditional formats of the sheet, in the cells that these cover.

    `merged` has the area of each cell that is the first of a merged area.
    """
    data = part.first("sheetData")
    if data is None:
        return
    tail = Element(data.end, data.end, len(part.content), len(part.content), b"")
    covered = _covered(part, tail, marked)
    if not covered:
        return
    runs = [
        (severity, run)
        for severity in Severity
        for run in _batches(_references([cell for cell in sorted(covered) if marked[cell] is severity], merged))
    ]
    _lower_priorities(part, tail, len(runs))
    new = b""
    for priority, (severity, run) in enumerate(runs, start=1):
        where = " ".join(run).encode()
        block, rule, formula = (part.prefix + name for name in (b"conditionalFormatting", b"cfRule", b"formula"))
        new += (
            b"<%s sqref=\"%s\"><%s type=\"expression\" dxfId=\"%d\" priority=\"%d\"><%s>%s</%s></%s></%s>"
            % (block, where, rule, styles.highlight(severity), priority, formula, MARK, formula, rule, block)
        )  # fmt: skip
    first = part.first("conditionalFormatting", tail)
    if first is None:
        part.insert_in_order("conditionalFormatting", WORKSHEET, new)
    else:
        # Excel goes by priority; LibreOffice takes the conditional format that comes first in the part.
        part.insert(first.start, new)


def _covered(part: XmlPart, tail: Element, marked: Mapping[Cell, Severity]) -> Collection[Cell]:
    references = [element.attribute(b"sqref") or b"" for element in part.elements("conditionalFormatting", tail)]
    references += [found[1] for found in _EXTENDED.finditer(part.masked(tail))]
    return surrounding(marked, _areas(references)).keys()


def _references(cells: Sequence[Cell], merged: Mapping[Cell, Area]) -> list[str]:
    """The cells as few references: those below one another become one."""
    areas = sorted(
        (merged.get(cell, Area(cell, cell)) for cell in cells),
        key=lambda area: (area.first.column, area.last.column, area.first.row),
    )
    joined: list[Area] = []
    for area in areas:
        above = joined[-1] if joined else None
        if above and (above.first.column, above.last) == (
            area.first.column,
            Cell(area.first.row - 1, area.last.column),
        ):
            joined[-1] = Area(above.first, area.last)
        else:
            joined.append(area)
    return [area.reference for area in joined]


def _batches(references: Sequence[str]) -> list[Sequence[str]]:
    return [references[start : start + _MAX_REFERENCES] for start in range(0, len(references), _MAX_REFERENCES)]


def _areas(references: list[bytes]) -> list[Area]:
    words = {word for reference in references for word in reference.decode("ascii", "replace").split()}
    return [area for word in sorted(words) if (area := parse_area(word))]


def _lower_priorities(part: XmlPart, tail: Element, by: int) -> None:
    """Make room above the rules of the sheet; their order among themselves stays."""
    rules = list(_RULE.finditer(part.masked(tail)))
    elements = [Element(tail.start + rule.start(), tail.start + rule.end(), 0, 0, rule[0]) for rule in rules]
    priorities = [priority for element in elements if (priority := element.number(b"priority")) is not None]
    step = by - min(priorities, default=by + 1) + 1
    if step <= 0:
        return
    for element in elements:
        priority = element.number(b"priority")
        if priority is not None:
            tag = with_attribute(element.tag, b"priority", b"%d" % (priority + step))
            part.replace(element.start, element.inner, tag)
