"""`report.xlsx`: the report for those who filter and sort. No cell of it is ever a formula."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracelode.cmrt.declaration import Question, Scope
from tracelode.metals import Metal
from tracelode.reference.program import Vocabulary
from tracelode.report.changes import NOT_COMPARED, Changes
from tracelode.report.changes_told import CHANGE_COLUMNS, change_rows
from tracelode.report.declared import decisions_in_force
from tracelode.report.deterministic_archive import repack
from tracelode.report.edition import WORDS, country_name
from tracelode.report.facilities import DeclaredOrigins, lapses_before_filing
from tracelode.report.figures import Figures, current_submissions
from tracelode.report.interpretation import Interpretation
from tracelode.report.manifest import inputs
from tracelode.report.printable import looks_like_formula, printable
from tracelode.report.tables import SUPPLIER_COLUMNS, supplier_rows, yes_or_no
from tracelode.report.to_ask import shown, to_ask
from tracelode.smelters.countries import countries
from tracelode.smelters.identity import Step
from tracelode.smelters.status import NOT_STATED, PRINTED, PRINTED_LISTING

MAX_CELL_CHARACTERS = 32_767
"""What a cell of a workbook can hold (Excel specifications and limits)."""

Value = str | int | float

_PAGE_WIDTH = 260
"""Characters of column width on a printed page; a sheet that is wider takes several pages side by side."""
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


def workbook(interpretation: Interpretation, figures: Figures, changes: Changes = NOT_COMPARED) -> bytes:
    """The workbook's bytes, the same for the same report."""
    book = Workbook(write_only=True)
    for sheet in _sheets(interpretation, figures, changes):
        _write(book, sheet)
    saved = io.BytesIO()
    book.save(saved)
    return repack(saved.getvalue())


def _sheets(interpretation: Interpretation, figures: Figures, changes: Changes) -> Iterator[Sheet]:
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
    yield Sheet("To ask", _TO_ASK_COLUMNS, _to_ask(interpretation))
    yield Sheet("Facilities", _FACILITY_COLUMNS, _facilities(interpretation))
    yield Sheet("Unresolved", _UNRESOLVED_COLUMNS, _unresolved(interpretation))
    yield Sheet("Decisions", _DECISION_COLUMNS, _decisions(interpretation))
    yield Sheet(
        "Comparisons",
        (("Rule", 8), ("Severity", 11), ("What was found", 60), ("Found", 40), ("Suppliers", 50), ("What to do", 60)),
        (
            (item.rule, item.severity.value, item.message, item.found, ", ".join(item.suppliers), item.remedy)
            for item in interpretation.comparisons
        ),
    )
    yield Sheet("Changes", CHANGE_COLUMNS, change_rows(changes))
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


_SUPPLIER_WIDTHS = (18, 34, 10, 18, 12, 9, 11, 13, 12, 11, 14, 9, 10, 26, 13)
_TO_ASK_COLUMNS = (
    ("Supplier id", 18), ("Supplier", 34), ("Why", 26), ("Metal", 12), ("Status", 16), ("How many", 10),
    ("Which", 90), ("Lines", 9), ("What to ask", 90),
)  # fmt: skip
_FACILITY_COLUMNS = (
    ("Metal", 12), ("CID", 13), ("Name", 56), ("Country", 36), ("Status", 16), ("Listed as", 24), ("Basis", 12),
    ("List as of", 12), ("Last assessed", 12), ("Lapses on", 12), ("Lapses before filing", 12), ("At risk", 10),
    ("Covered country", 11), ("High-risk lists", 28), ("Declared origins", 36), ("Covered countries of origin", 30),
    ("Other statements of origin", 36), ("Suppliers", 11), ("At company level", 11), ("At product level", 11),
    ("User-defined", 11), ("Only named by", 18), ("First named", 12), ("Last named", 12), ("Status before", 16),
    ("Status changed on", 12), ("How identified", 40), ("Doubts", 60), ("Named by", 50),
)  # fmt: skip
_UNRESOLVED_COLUMNS = (
    ("Metal", 12), ("CID as declared", 13), ("Name as declared", 50), ("Country as declared", 30), ("Lines", 9),
    ("Suppliers", 11), ("Best suggestion", 56), ("Score", 9), ("Second", 56), ("Third", 56), ("Why not identified", 60),
    ("Named by", 50),
)  # fmt: skip
_DECISION_COLUMNS = (
    ("Metal", 12), ("CID as declared", 13), ("Name as declared", 50), ("Country as declared", 30), ("Decision", 16),
    ("CID", 13), ("Facility", 50), ("Decided by", 26), ("Decided on", 12), ("Reason", 60), ("Names touched", 11),
    ("Lines touched", 11), ("Suppliers touched", 11),
)  # fmt: skip

_HOW: Mapping[Step, str] = {
    Step.DISPOSITION: "decided by the team",
    Step.CID: "CID as declared",
    Step.WORKBOOK: "name in the supplier's own workbook",
    Step.REFERENCE_LIST: "name on a list",
    Step.TEMPLATE: "name in a template",
    Step.UNRESOLVED: "not identified",
}
"""How a step reads in a table."""
_LOOKED_AT = frozenset(_HOW) - {Step.DISPOSITION, Step.UNRESOLVED}
"""The steps whose outcome says why a name is not identified: the others say so of every one."""


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
    program = interpretation.facts.program
    for facility in interpretation.facilities:
        listed, change = facility.listed, facility.status_change
        assessment = listed.assessment if listed else NOT_STATED
        covered = facility.country is not None and facility.country.covered
        steps = {resolution.step for resolution in facility.resolutions}
        yield (
            facility.facility.metal.value, facility.facility.cid, facility.name, facility.printed_country,
            facility.printed_status, PRINTED_LISTING[program.vocabulary][listed.listed_as] if listed else "not listed",
            assessment.basis, _day(listed.as_of if listed else None), _day(assessment.assessed_on),
            _day(facility.lapses_on), yes_or_no(lapses_before_filing(facility, program)), yes_or_no(facility.at_risk),
            yes_or_no(covered), ", ".join(facility.risk_lists),
            *_origins(facility.origins, program.vocabulary),
            len(facility.suppliers), *(len(facility.scopes.get(scope, ())) for scope in Scope), facility.sole_supplier,
            facility.first_named[:10], facility.last_named[:10],
            PRINTED[program.vocabulary][change.before] if change else "", _day(change.on if change else None),
            "; ".join(words for step, words in _HOW.items() if step in steps), " ".join(facility.doubts),
            ", ".join(facility.suppliers),
        )  # fmt: skip


def _origins(origins: DeclaredOrigins, vocabulary: Vocabulary) -> tuple[str, str, str]:
    """The countries declared as origin, the covered ones among them, and what is stated instead by how many."""
    named = [countries()[code] for code in origins.countries]
    other = {kind.value: suppliers for kind, suppliers in origins.statements.items()}
    unread = {f'not understood: "{text}"': suppliers for text, suppliers in origins.not_understood.items()}
    return (
        "; ".join(country_name(country, vocabulary) for country in named),
        "; ".join(country_name(country, vocabulary) for country in named if country.covered),
        "; ".join(f"{statement} ({len(suppliers)})" for statement, suppliers in (other | unread).items()),
    )


def _to_ask(interpretation: Interpretation) -> Iterator[tuple[Value, ...]]:
    for item in to_ask(interpretation):
        yield (
            item.supplier_id, item.supplier, item.matter.value, item.metal, item.status, item.count, item.which,
            item.lines or "", item.ask,
        )  # fmt: skip


def _unresolved(interpretation: Interpretation) -> Iterator[tuple[Value, ...]]:
    for item in interpretation.unidentified:
        resolution = item.resolution
        suggestions = [*(resolution.suggestions if resolution else ()), None, None, None][:3]
        best, *others = suggestions
        yield (
            item.metal, item.cid, item.name, item.country, item.lines, len(item.suppliers),
            shown(best) if best else "", best.score if best else "",
            *(f"{shown(other)}, {other.score}" if other else "" for other in others),
            " ".join(trace.said for trace in resolution.trace if trace.step in _LOOKED_AT) if resolution else "",
            ", ".join(item.suppliers),
        )  # fmt: skip


def _decisions(interpretation: Interpretation) -> Iterator[tuple[Value, ...]]:
    named = {facility.facility: facility.name for facility in interpretation.facilities}
    for item in decisions_in_force(interpretation):
        decision = item.disposition
        yield (
            decision.metal, decision.declared_cid, decision.declared_name, decision.declared_country,
            decision.decision.value, decision.facility.cid if decision.facility else "",
            named.get(decision.facility, "") if decision.facility else "", decision.decided_by,
            _day(decision.decided_on), decision.reason, item.names, item.lines, item.suppliers,
        )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


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
    page.page_setup.fitToWidth = ceil(sum(width for _, width in sheet.columns) / _PAGE_WIDTH)
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
