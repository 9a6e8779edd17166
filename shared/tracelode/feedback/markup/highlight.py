"""Marked cells are painted by conditional formats of ours, above those of the sheet.

A conditional format can be taken out again and nothing is left of it, however often the workbook was saved and cells
were copied in between: the cell's own format was never touched. It also shows where a fill would not: the template
paints each required field that is empty.
"""

import re
from collections.abc import Mapping, Sequence

from tracelode.feedback.markup.styles import Styles
from tracelode.findings import Severity
from tracelode.ooxml.places import Area
from tracelode.ooxml.schema import WORKSHEET
from tracelode.ooxml.xml import Element, XmlPart, decoded
from tracelode.workbooks.addresses import Cell

MARK = b'LEN("Tracelode")&gt;0'
"""The condition that always holds, by which our conditional formats are known again when the workbook comes back."""

SIGN = b"Tracelode"
"""Without these bytes in it, a sheet has no condition of ours, however its characters are escaped by a program."""

_MAX_REFERENCES = 500
"""References of one conditional format: Excel reads long lists of them, but writes none."""

_RULE = re.compile(rb"<(?:[\w.-]+:)?cfRule(?=[\s/>])[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*>")


def highlight(part: XmlPart, marked: Mapping[Cell, Severity], merged: Mapping[Cell, Area], styles: Styles) -> None:
    """Paint cells in the severities' colours, above the conditional formats that the sheet has.

    `merged` has the area of each cell that is the first of a merged area.
    """
    tail = _tail(part)
    if tail is None:
        return
    runs = [
        (severity, run)
        for severity in Severity
        for run in _batches(_references([cell for cell in sorted(marked) if marked[cell] is severity], merged))
    ]
    _renumber(part, _rules(part, tail), len(runs) + 1)
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


def take_out_highlights(part: XmlPart) -> None:
    """Take out our conditional formats, wherever a program or a supplier has copied them to."""
    tail = _tail(part)
    if tail is None:
        return
    gone: list[Element] = []
    for block in part.elements("conditionalFormatting", tail):
        rules = list(part.elements("cfRule", block))
        ours = [rule for rule in rules if _is_ours(part, rule)]
        gone += ours
        if ours and len(ours) == len(rules):
            part.remove(block)
            continue
        for rule in ours:
            part.remove(rule)
    if gone:
        starts = {rule.start for rule in gone}
        _renumber(part, [rule for rule in _rules(part, tail) if rule.start not in starts], 1)


def _tail(part: XmlPart) -> Element | None:
    """What stands behind the cells: a sheet's conditional formats do."""
    data = part.first("sheetData")
    end = len(part.content)
    return Element(data.end, data.end, end, end, b"") if data else None


def _is_ours(part: XmlPart, rule: Element) -> bool:
    formula = part.first("formula", rule)
    if formula is None:
        return False
    said = decoded(part.content[formula.inner : formula.close])
    return "".join(said.split()).casefold() == decoded(MARK).casefold()


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


def _rules(part: XmlPart, tail: Element) -> list[Element]:
    """The start tags of all conditional formats, those of extensions included."""
    return [
        Element(tail.start + rule.start(), tail.start + rule.end(), 0, 0, rule[0])
        for rule in _RULE.finditer(part.masked(tail))
    ]


def _renumber(part: XmlPart, rules: Sequence[Element], first: int) -> None:
    """Let the priorities of the rules begin with `first`; their order among themselves stays."""
    priorities = [priority for rule in rules if (priority := rule.number(b"priority")) is not None]
    step = first - min(priorities, default=first)
    for rule in rules if step else ():
        priority = rule.number(b"priority")
        if priority is not None:
            part.set_attribute(rule, b"priority", b"%d" % (priority + step))
