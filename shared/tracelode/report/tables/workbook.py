"""`report.xlsx`: the report for those who filter and sort. No cell of it is ever a formula."""

from collections.abc import Iterator, Mapping
from datetime import date

from tracelode.declarations.templates.questions import Question, Scope
from tracelode.feedback.to_ask import shown, to_ask
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.ooxml.spreadsheet import Sheet, TableValue, spreadsheet
from tracelode.picture.declared import decisions_in_force
from tracelode.picture.edition import WORDS, country_name
from tracelode.picture.facilities import DeclaredOrigins, lapses_before_filing
from tracelode.picture.figures.by_name import Named, figures_by_name
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.picture.year_on_year import year_on_year
from tracelode.report.manifest import inputs
from tracelode.report.tables.tables import (
    COUNTED_COLUMNS,
    NOT_COUNTED,
    SUPPLIER_COLUMNS,
    printed_yes_or_no,
    supplier_rows,
)
from tracelode.report.trace.changes import NOT_COMPARED, Changes
from tracelode.report.trace.changes_told import CHANGE_COLUMNS, change_rows
from tracelode.review.in_general import rule_in_general
from tracelode.review.policy import FoundUnder, findings_under
from tracelode.smelters.countries import countries
from tracelode.smelters.identity import Step
from tracelode.smelters.status import NOT_STATED, PRINTED, PRINTED_LISTING, Vocabulary


def workbook(interpretation: Interpretation, figures: Figures, changes: Changes = NOT_COMPARED) -> bytes:
    """The workbook's bytes, the same for the same report."""
    return spreadsheet(_sheets(interpretation, figures, changes))


def _sheets(interpretation: Interpretation, figures: Figures, changes: Changes) -> Iterator[Sheet]:
    yield Sheet("Summary", (("Figure", 62), ("Value", 24)), _summary(interpretation, figures))
    yield Sheet(
        "Suppliers",
        [(_title(column), width) for column, width in zip(SUPPLIER_COLUMNS, _SUPPLIER_WIDTHS, strict=True)],
        _suppliers(interpretation),
        named_by=2,
    )
    yield Sheet("Answers", _ANSWER_COLUMNS, _answers(interpretation), named_by=2)
    yield Sheet("Findings", _FINDING_COLUMNS, _findings(interpretation), named_by=2, wrapped=True)
    yield Sheet("To ask", _TO_ASK_COLUMNS, _to_ask(interpretation), named_by=2)
    yield Sheet("Facilities", _FACILITY_COLUMNS, _facilities(interpretation), named_by=3)
    yield Sheet("Unresolved", _UNRESOLVED_COLUMNS, _unresolved(interpretation), named_by=3)
    yield Sheet("Decisions", _DECISION_COLUMNS, _decisions(interpretation))
    yield Sheet(
        "Comparisons",
        (("Rule", 8), ("Severity", 11), ("What was found", 60), ("Found", 40), ("Suppliers", 50), ("What to do", 60)),
        (
            (item.rule, item.severity.value, item.message, item.found, ", ".join(item.suppliers), item.remedy)
            for item in interpretation.comparisons
        ),
        wrapped=True,
    )
    yield Sheet("Changes", CHANGE_COLUMNS, change_rows(changes))
    yield Sheet("Last year", _LAST_YEAR_COLUMNS, _last_year(interpretation), named_by=3)
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
_ASKED = [(question, metal) for question in Question for metal in CONFLICT_MINERALS]
_COMPANY_LETTERS = "ABCDEFGHIJ"
_ANSWER_COLUMNS = (
    ("Supplier id", 18), ("Supplier", 34), ("File", 34), ("Received", 12), ("Scope", 8), ("Version", 9),
    *((f"{question.value.replace('_', ' ').capitalize()}: {metal.value}", 15) for question, metal in _ASKED),
    *((f"Company question {letter}", 15) for letter in _COMPANY_LETTERS),
)  # fmt: skip
_FINDING_COLUMNS = (
    ("Supplier id", 18), ("Supplier", 32), ("File", 32), ("Received", 12), ("State of the supplier", 16), ("Rule", 8),
    ("Severity", 10), ("How often", 9), ("What is wrong or doubtful", 60), ("What the supplier should do", 60),
)  # fmt: skip
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
_LAST_YEAR_COLUMNS = (
    ("Metal", 12), ("CID", 13), ("Name", 56), ("Status then", 16), ("Status now", 16), ("What became of it", 18),
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


def _summary(interpretation: Interpretation, figures: Figures) -> Iterator[tuple[str, TableValue]]:
    words = WORDS[interpretation.facts.program.vocabulary]
    yield from (
        ("Program year", figures.year),
        ("Vocabulary", figures.vocabulary.value),
        ("Responses received through", figures.data_cut_off),
        (f"{words.initiative_short} lists as of", figures.smelter_list.as_of),
    )
    yield from _flat("Suppliers", figures_by_name(figures.suppliers))
    yield from _flat("Declarations", figures_by_name(figures.declarations))
    yield from _flat("Smelters", figures_by_name(figures.smelters))
    yield "Metals: in products", ", ".join(figures.metals.in_products)
    for metal, declared in figures.metals.by_metal.items():
        yield from _flat(f"Declared: {metal}", figures_by_name(declared))


def _flat(label: str, named: Named) -> Iterator[tuple[str, TableValue]]:
    if isinstance(named, dict):
        for name, figure in named.items():
            yield from _flat(f"{label}: {name.replace('_', ' ')}", figure)
    else:
        yield label, ", ".join(named) if isinstance(named, list) else named


def _suppliers(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    """The rows of `suppliers.csv`, which say in words what they leave empty because it is not counted."""
    for view, row in zip(interpretation.suppliers, supplier_rows(interpretation), strict=True):
        counts = zip(SUPPLIER_COLUMNS, row, strict=True)
        yield tuple(
            NOT_COUNTED if column in COUNTED_COLUMNS and not view.counts else _number_or_text(cell)
            for column, cell in counts
        )


def _answers(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    """A row for each declaration, an answer in each column: declarations stand side by side, by question and metal."""
    for view in interpretation.suppliers:
        for submission in view.current:
            yield (
                view.supplier_id, view.name, submission.key.rsplit("/", 1)[-1], submission.received[:10],
                submission.scope, submission.template_version,
                *(submission.answer(question, metal) for question, metal in _ASKED),
                *(submission.company_answers.get(letter, "") for letter in _COMPANY_LETTERS),
            )  # fmt: skip


def _findings(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    """A row for each rule that a document breaks, as the program weighs it, the worst first."""
    program = interpretation.facts.program
    for view in interpretation.suppliers:
        for submission in view.sent:
            for found in sorted(findings_under(program, submission), key=_worst_first):
                told = rule_in_general(found.rule, submission.template_version, submission.template_kind)
                yield (
                    view.supplier_id, view.name, submission.key.rsplit("/", 1)[-1], submission.received[:10],
                    view.state.value, found.rule, found.severity.value, found.count, told.message, told.remedy,
                )  # fmt: skip


def _worst_first(found: FoundUnder) -> tuple[int, str]:
    return list(Severity).index(found.severity), found.rule


def _facilities(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
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
            _day(facility.lapses_on), printed_yes_or_no(lapses_before_filing(facility, program)),
            printed_yes_or_no(facility.at_risk), printed_yes_or_no(covered), ", ".join(facility.risk_lists),
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


def _to_ask(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    for item in to_ask(interpretation):
        yield (
            item.supplier_id, item.supplier, item.matter.value, item.metal, item.status, item.count, item.which,
            item.lines or "", item.ask,
        )  # fmt: skip


def _unresolved(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
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


def _decisions(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    named = {facility.facility: facility.name for facility in interpretation.facilities}
    for item in decisions_in_force(interpretation):
        decision = item.disposition
        yield (
            decision.metal, decision.declared_cid, decision.declared_name, decision.declared_country,
            decision.decision.value, decision.facility.cid if decision.facility else "",
            named.get(decision.facility, "") if decision.facility else "", decision.decided_by,
            _day(decision.decided_on), decision.reason, item.names, item.lines, item.suppliers,
        )  # fmt: skip


def _last_year(interpretation: Interpretation) -> Iterator[tuple[TableValue, ...]]:
    """The facilities that are not as last year's report lists them: what the figures under `last_year` count."""
    if interpretation.facts.last_year is None:
        yield ("", "", "Last year's facilities are not known, so there is nothing to compare with.", "", "", "")
    for each in year_on_year(interpretation):
        then, now = each.printed(interpretation.facts.program.vocabulary)
        yield (each.facility.metal.value, each.facility.cid, each.name, then, now, each.became.value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _number_or_text(cell: str) -> TableValue:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 and str(int(cell)) == cell else cell
