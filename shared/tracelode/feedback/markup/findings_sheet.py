"""The sheet in front of a marked-up workbook: every finding, worst first, with links to the cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from tracelode.feedback.markup.labels import Labels
from tracelode.feedback.markup.styles import COLOURS, Styles
from tracelode.findings import Finding, Severity, worst_first
from tracelode.ooxml.book import quoted
from tracelode.ooxml.places import parse_cells
from tracelode.ooxml.xml import xml_text
from tracelode.printing.printable import looks_like_formula, printable
from tracelode.workbooks.addresses import column_letters

HEADING_ROW = 4

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAX_LINKS = 60_000
"""Excel takes 65,530 links on a sheet."""

_WIDTHS = (11, 18, 9, 9, 52, 32, 60)
"""Of the columns in characters. What was found is not in column E: with CIDs in it, the sheet would look like a
Smelter Look-up tab (CMRT 6.5, column E) to whoever reads a workbook that lost its own.
"""

_INTRODUCTION_CHARACTERS_A_LINE = 170
_LINE_HEIGHT = 13
_MAX_HEIGHT = 400
_FAMILY = '<name val="Arial"/><family val="2"/>'
_FONT = f'<font><sz val="10"/>{_FAMILY}</font>'
_BOLD = f'<font><b/><sz val="10"/>{_FAMILY}</font>'
_HEADING = f'<font><b/><sz val="10"/><color rgb="FFFFFFFF"/>{_FAMILY}</font>'
_TITLE = f'<font><b/><sz val="14"/>{_FAMILY}</font>'
_LINK = f'<font><u/><sz val="10"/><color rgb="FF0563C1"/>{_FAMILY}</font>'
_EDGE = '<{0} style="thin"><color rgb="FFBFBFBF"/></{0}>'
_BORDER = (
    "<border>" + "".join(_EDGE.format(side) for side in ("left", "right", "top", "bottom")) + "<diagonal/></border>"
)
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_PLAIN = '<alignment vertical="top"/>'
_HEADING_FILL = "FF1F3A5F"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a finding's cell is: the tab as the supplier has named it, and whether it can be gone to."""

    tab: str
    reachable: bool


def findings_sheet(
    findings: Sequence[Finding], links: Mapping[Finding, Link], styles: Styles, labels: Labels, namespace: str = _MAIN
) -> bytes:
    """The worksheet part that lists the findings; `links` has the place of each cell that there is.

    All text is inline text: nothing on the sheet is a formula, whatever it begins with.
    """
    look = _Look(styles)
    rows = [
        _row(1, [_text("A1", labels.title, look.title)]),
        _row(2, [_text("A2", labels.introduction if findings else labels.nothing_found, look.wrapped)],
             height=_height([labels.introduction], [_INTRODUCTION_CHARACTERS_A_LINE])),
    ]  # fmt: skip
    headings = (
        labels.severity, labels.sheet, labels.cell, labels.rule, labels.meaning, labels.found, labels.remedy,
    )  # fmt: skip
    rows.append(_row(HEADING_ROW, [
        _text(f"{column_letters(column)}{HEADING_ROW}", heading, look.heading)
        for column, heading in enumerate(headings, start=1)
    ]))  # fmt: skip
    hyperlinks: list[bytes] = []
    for number, finding in enumerate(worst_first(findings), start=HEADING_ROW + 1):
        link = links.get(finding)
        target = _target(finding, link) if len(hyperlinks) < _MAX_LINKS else None
        rows.append(_finding_row(number, finding, link, look, labels, linked=target is not None))
        if target:
            hyperlinks.append(b'<hyperlink ref="C%d" location="%s"/>' % (number, xml_text(target)))
    return _sheet(rows, hyperlinks, HEADING_ROW + len(findings), namespace)


class _Look:
    """The formats of the sheet."""

    def __init__(self, styles: Styles) -> None:
        self.title = styles.format(font=_TITLE, alignment=_PLAIN)
        self.wrapped = styles.format(font=_FONT, alignment=_WRAPPED)
        self.heading = styles.format(font=_HEADING, fill=_HEADING_FILL, border=_BORDER, alignment=_WRAPPED)
        self.text = styles.format(font=_FONT, border=_BORDER, alignment=_WRAPPED)
        self.quoted = styles.format(font=_FONT, border=_BORDER, alignment=_WRAPPED, quoted=True)
        self.link = styles.format(font=_LINK, border=_BORDER, alignment=_WRAPPED)
        self.severity = {
            severity: styles.format(font=_BOLD, fill=COLOURS[severity], border=_BORDER, alignment=_WRAPPED)
            for severity in Severity
        }


def severity_word(severity: Severity, labels: Labels) -> str:
    """A severity in the language of the labels."""
    return {Severity.ERROR: labels.error, Severity.WARNING: labels.warning, Severity.NOTICE: labels.notice}[severity]


def _finding_row(
    number: int, finding: Finding, link: Link | None, look: _Look, labels: Labels, *, linked: bool
) -> bytes:
    sheet = link.tab if link else finding.sheet or labels.whole_file
    texts = (
        severity_word(finding.severity, labels), sheet, finding.cell or "", finding.rule, finding.message,
        finding.found, finding.remedy,
    )  # fmt: skip
    cells = []
    shown_texts = [printable(text) for text in texts]
    for column, shown in enumerate(shown_texts, start=1):
        format_ = look.quoted if looks_like_formula(shown) else look.text
        if column == 1:
            format_ = look.severity[finding.severity]
        elif column == 3 and linked:
            format_ = look.link
        cells.append(_text(f"{column_letters(column)}{number}", shown, format_))
    return _row(number, cells, _height(shown_texts, _WIDTHS))


def _height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """The height in points of a row whose texts wrap within columns of these widths in characters.

    Programs that open the file do not fit rows by themselves; letters of East Asian scripts are two characters wide.
    """
    lines = (
        1 + sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text) // width
        for text, width in zip(texts, widths, strict=True)
    )
    return min(_LINE_HEIGHT * max(lines) + 2, _MAX_HEIGHT)


def _target(finding: Finding, link: Link | None) -> str | None:
    cells = parse_cells(finding.cell) if finding.cell else ()
    return f"{quoted(link.tab)}!{cells[0].address}" if link and link.reachable and cells else None


def _text(address: str, text: str, format_: int) -> bytes:
    content = b'<is><t xml:space="preserve">' + xml_text(text) + b"</t></is>"
    if not text:
        return f'<c r="{address}" s="{format_}"/>'.encode()
    return f'<c r="{address}" s="{format_}" t="inlineStr">'.encode() + content + b"</c>"


def _row(number: int, cells: Sequence[bytes], height: int | None = None) -> bytes:
    size = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{size}>'.encode() + b"".join(cells) + b"</row>"


def _sheet(rows: Sequence[bytes], hyperlinks: Sequence[bytes], last_row: int, namespace: str) -> bytes:
    last = column_letters(len(_WIDTHS))
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, start=1)
    )
    below = HEADING_ROW + 1
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}{last_row}"/><sheetViews><sheetView showGridLines="0" tabSelected="1"'
        f' workbookViewId="0"><pane ySplit="{HEADING_ROW}" topLeftCell="A{below}" activePane="bottomLeft"'
        f' state="frozen"/><selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )
    tail = (
        '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;A, &amp;P</oddFooter></headerFooter></worksheet>"
    )
    links = b"<hyperlinks>" + b"".join(hyperlinks) + b"</hyperlinks>" if hyperlinks else b""
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="A2:{last}2"/></mergeCells>'
    return head.encode() + b"".join(rows) + merged.encode() + links + tail.encode()
