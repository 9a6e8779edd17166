"""`report.xlsx`: the report for those who filter and sort. No cell of it is ever a formula."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracelode.cmrt.declaration import Question
from tracelode.metals import Metal
from tracelode.report.deterministic_archive import repack
from tracelode.report.edition import WORDS
from tracelode.report.figures import Figures, current_submissions
from tracelode.report.interpretation import Interpretation
from tracelode.report.manifest import inputs
from tracelode.report.printable import looks_like_formula, printable
from tracelode.report.tables import SUPPLIER_COLUMNS, supplier_rows, yes_or_no

MAX_CELL_CHARACTERS = 32_767
"""What a cell of a workbook can hold (Excel specifications and limits)."""

Value = str | int | float

_LETTER = Worksheet.PAPERSIZE_LETTER
_HEADING = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="24505A")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings with column widths in characters, and its rows."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]


def workbook(interpretation: Interpretation, figures: Figures) -> bytes:
    """The workbook's bytes, the same for the same report."""
    book = Workbook(write_only=True)
    for sheet in _sheets(interpretation, figures):
        _write(book, sheet)
    saved = io.BytesIO()
    book.save(saved)
    return repack(saved.getvalue())


def _sheets(interpretation: Interpretation, figures: Figures) -> Iterator[Sheet]:
    yield Sheet("Summary", (("Figure", 62), ("Value", 24)), _summary(interpretation, figures))
    yield Sheet(
        "Suppliers",
        [(_title(column), width) for column, width in zip(SUPPLIER_COLUMNS, _SUPPLIER_WIDTHS, strict=True)],
        ([_number_or_text(cell) for cell in row] for row in supplier_rows(interpretation)),
    )
    yield Sheet(
        "Answers",
        (
            ("Supplier id", 18), ("Supplier", 34), ("File", 44), ("Received", 26), ("Question", 34),
            *((metal.value, 22) for metal in Metal),
        ),
        _answers(interpretation),
    )  # fmt: skip
    yield Sheet(
        "Facilities",
        (
            ("Metal", 12), ("CID", 13), ("Name", 56), ("Country", 36), ("Status", 16), ("On status list", 14),
            ("At risk", 10), ("Covered country", 16), ("Suppliers", 11), ("Named by", 50),
        ),
        _facilities(interpretation),
    )  # fmt: skip
    yield Sheet(
        "Unresolved",
        (("Metal", 12), ("Name as declared", 56), ("Country as declared", 36), ("Lines", 9), ("Named by", 50)),
        (
            (item.metal, item.name, item.country, item.lines, ", ".join(item.suppliers))
            for item in interpretation.unidentified
        ),
    )
    yield Sheet(
        "Comparisons",
        (("Rule", 8), ("Severity", 11), ("What was found", 60), ("Found", 40), ("Suppliers", 50), ("What to do", 60)),
        (
            (item.rule, item.severity.value, item.message, item.found, ", ".join(item.suppliers), item.remedy)
            for item in interpretation.comparisons
        ),
    )
    yield Sheet(
        "Sources",
        (("Kind", 14), ("Key", 56), ("Received", 26), ("SHA-256", 68), ("Supplier id", 18), ("State or as of", 18)),
        (
            (
                item.kind, item.key, item.received, item.sha256, item.details.get("supplier_id", ""),
                item.details.get("state", item.details.get("as_of", "")),
            )
            for item in inputs(interpretation)
        ),
    )  # fmt: skip


_SUPPLIER_WIDTHS = (18, 34, 10, 18, 12, 9, 11, 13, 12, 11, 14, 9, 10, 26)


def _summary(interpretation: Interpretation, figures: Figures) -> Iterator[tuple[str, Value]]:
    words = WORDS[interpretation.facts.program.vocabulary]
    yield from (
        ("Program year", figures["year"]),
        ("Vocabulary", figures["vocabulary"]),
        ("Responses received through", figures["data_cut_off"]),
        (f"{words.initiative_short} lists as of", figures["smelter_list"]["as_of"]),
    )
    for group in ("suppliers", "declarations", "smelters"):
        yield from _flat(_title(group), figures[group])
    yield "Metals: in products", ", ".join(figures["metals"]["in_products"])
    for metal, counts in figures["metals"]["by_metal"].items():
        yield from _flat(f"Declared: {metal}", counts)


def _flat(name: str, figures: Figures) -> Iterator[tuple[str, Value]]:
    for key, value in figures.items():
        label = f"{name}: {key.replace('_', ' ')}"
        if isinstance(value, dict):
            yield from _flat(label, value)
        else:
            yield label, value


def _answers(interpretation: Interpretation) -> Iterator[tuple[Value, ...]]:
    for view in interpretation.suppliers:
        for submission in current_submissions(view):
            for question in Question:
                by_metal = submission.answers.get(question.value, {})
                yield (
                    view.supplier_id, view.name, submission.key, submission.received, _title(question.value),
                    *(by_metal.get(metal.value, "") for metal in Metal),
                )  # fmt: skip
            for name in sorted(submission.company_answers):
                yield (
                    view.supplier_id, view.name, submission.key, submission.received,
                    f"Company question {name}", submission.company_answers[name], "", "", "",
                )  # fmt: skip


def _facilities(interpretation: Interpretation) -> Iterator[tuple[Value, ...]]:
    for facility in interpretation.facilities:
        covered = facility.country is not None and facility.country.covered
        yield (
            facility.facility.metal.value, facility.facility.cid, facility.name, facility.printed_country,
            facility.printed_status, yes_or_no(facility.on_list), yes_or_no(facility.at_risk), yes_or_no(covered),
            len(facility.suppliers), ", ".join(facility.suppliers),
        )  # fmt: skip


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _number_or_text(cell: str) -> Value:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 and str(int(cell)) == cell else cell


def _write(book: Workbook, sheet: Sheet) -> None:
    page: Any = book.create_sheet(sheet.title)
    rows = [tuple(row) for row in sheet.rows]
    last = get_column_letter(len(sheet.columns))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _LETTER
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&A, page &P of &N"
    for number, (_, width) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_heading(page, name) for name, _ in sheet.columns])
    for row in rows:
        page.append([_cell(page, value) for value in row])


def _heading(page: Any, name: str) -> Any:
    cell = WriteOnlyCell(page, name)
    cell.font = _HEADING
    cell.fill = _HEADING_FILL
    cell.alignment = _WRAPPED
    return cell


def _cell(page: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    text = printable(value)[:MAX_CELL_CHARACTERS]
    if not text:
        return None
    # openpyxl takes a leading = for a formula and a leading # for an error; any other text it writes as it is.
    if not looks_like_formula(text) and not text.startswith("#"):
        return text
    cell = WriteOnlyCell(page)
    cell.value = text
    cell.data_type = "s"
    if looks_like_formula(text):
        cell.quotePrefix = True
    return cell
