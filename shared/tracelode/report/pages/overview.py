"""`index.html`: what the compliance team opens first. One file, no script, nothing loaded from elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracelode.feedback.to_ask import unheard_of
from tracelode.findings import Severity
from tracelode.own_text.claims import Claims
from tracelode.own_text.own_sections import NOTHING_PLACED, PlacedSections
from tracelode.picture.edition import WORDS
from tracelode.picture.facilities import Facility, changed_with_newest_list, lapsing_before_filing
from tracelode.picture.figures.figures import Figures
from tracelode.picture.figures.smelters import StatusCounts
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.year_on_year import Became, YearOnYear, year_on_year
from tracelode.printing.templating import render
from tracelode.printing.wording import counted
from tracelode.report.files import (
    CHANGES,
    EXHIBIT,
    EXHIBIT_IN_WORD,
    FACILITIES,
    FIGURES,
    FORM_SD,
    FORM_SD_IN_WORD,
    MANIFEST,
    PROVENANCE,
    REPORT_WORKBOOK,
    RESOLUTIONS,
    ROLLUP_FILE,
    SOURCES,
    SUPPLIERS,
    TO_DECIDE,
)
from tracelode.report.filing.filing import list_dates, places_watched, report_is_filed
from tracelode.report.manifest import inputs
from tracelode.report.pages.facility_tasks import most_named_first
from tracelode.report.pages.task import feedback_address
from tracelode.report.pages.tasks import tasks
from tracelode.report.rollup.roll_up import Rollup
from tracelode.report.trace.changes import NOT_COMPARED, Changes
from tracelode.report.trace.changes_told import changes_page, difference_tables
from tracelode.report.trace.since_frozen import SinceFrozen
from tracelode.smelters.countries import countries
from tracelode.smelters.status import PRINTED, FacilityId, Status
from tracelode.sources.program import Program, due_date
from tracelode.submission import RESPONDED, State, SubmissionSummary

_FORM = (
    (FORM_SD, "Form SD", "main document for EDGAR"),
    (FORM_SD_IN_WORD, "Form SD in Word", "the same text, to edit"),
)
_REPORT = (
    (EXHIBIT, "Exhibit 1.01", "the Conflict Minerals Report"),
    (EXHIBIT_IN_WORD, "Exhibit 1.01 in Word", "the same text, to edit"),
)
FILED_WITH_REPORT = (("To file", (*_FORM, *_REPORT)),)
"""What goes to EDGAR where the report is an exhibit of the form."""
FILED_ALONE = (
    ("To file", _FORM),
    (
        "For your files, and not part of the filing",
        tuple((name, "Conflict Minerals Report", "not filed; " + says) for name, _, says in _REPORT),
    ),
)
"""What goes to EDGAR where the form names no report."""
DOWNLOADS = (
    (
        "To work with",
        (
            (REPORT_WORKBOOK, "Workbook", "everything, to filter and sort"),
            (TO_DECIDE, "To decide", "names to identify, to fill in and hand back"),
        ),
    ),
    (
        "For auditors and programs",
        (
            (FACILITIES, "Facilities", "Annex I with identification numbers"),
            (SUPPLIERS, "Suppliers", "who stands where"),
            (RESOLUTIONS, "Resolutions", "how every declared name was identified"),
            (FIGURES, "Figures", "every number of the report by name"),
            (CHANGES, "Changes", "what changed on the newest day, and through what"),
            (PROVENANCE, "Provenance", "what each number was counted from, down to cells"),
            (MANIFEST, "Manifest", "inputs and outputs with their hashes"),
            (SOURCES, "Sources", "where each input is stored"),
        ),
    ),
)
"""The files of the set by what they are for: name, title and purpose of each."""

ROLLUP_DOWNLOADS = (("For your customers", ((ROLLUP_FILE, "Roll-up CMRT", "your own declaration, to pass on"),)),)
"""What there is beside, once an official template has been dropped."""

NO_ROLLUP = Rollup(None)

ROWS_SHOWN_AT_MOST = 200
"""Rows of a list that the page shows; the workbook holds the rest."""

OPEN_AT_MOST = 8
"""Rows of a folded list up to which the page shows it unfolded."""

SUPPLIERS_OPEN_AT_MOST = 25
"""Suppliers that the page shows unfolded, those that need somebody first."""

NAMED_IN_A_ROW_AT_MOST = 4
"""Suppliers, or facilities of a supplier, that a row names; of more it says how many there are."""

SUBJECTS_AT_MOST = 6
"""Suppliers, names or facilities that a task shows where all of them stand elsewhere."""

_STATE_ORDER = (State.REJECTED, State.NEEDS_CORRECTION, State.AWAITING, State.ACCEPTED_WITH_REMARKS, State.ACCEPTED)
"""What needs a person comes first."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a stacked bar: its name, how many, and where it lies on a scale of 0 to 100."""

    kind: str
    label: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Document:
    """A submission as the page shows it, with the address of its feedback relative to the page."""

    name: str
    feedback: str
    received: str
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier and what it sent."""

    view: SupplierView
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class AloneNaming:
    """A supplier that is the only one to name some facilities, `not_conformant` of them not conformant."""

    supplier_id: str
    facilities: tuple[Facility, ...]
    not_conformant: int


def overview(
    interpretation: Interpretation,
    figures: Figures,
    *,
    changes: Changes = NOT_COMPARED,
    since: SinceFrozen | None = None,
    rolled: Rollup = NO_ROLLUP,
    own: PlacedSections = NOTHING_PLACED,
    software_version: str,
) -> bytes:
    """The page, in UTF-8. Links lead to the files beside it and to `../feedback/{supplier}/{submission}/`."""
    program = interpretation.facts.program
    printed = PRINTED[program.vocabulary]
    aside = [view for view in interpretation.suppliers if not view.counts]
    html = render(
        "report/pages/index.html.j2",
        program=program,
        figures=figures,
        changes=changes_page(changes),
        since=since,
        since_texts=_passages(since.texts if since else {}),
        since_tables=difference_tables(since.differences) if since else (),
        claim=Claims(figures),
        words=WORDS[program.vocabulary],
        printed={status.value: printed[status] for status in Status},
        response_bar=_bar(
            [(state.value, name, figures.suppliers.in_state(state)) for state, name in _STATE_NAMES.items()]
        ),
        facility_bar=_status_bar(figures.smelters, printed),
        metals=_metal_bars(figures, printed),
        state_names={state.value: name for state, name in _STATE_NAMES.items()},
        rows=[_row(view) for view in sorted(interpretation.surveyed, key=_worst_first)],
        aside=[_row(view) for view in aside],
        at_risk=[facility for facility in interpretation.facilities if facility.at_risk],
        risk_places=places_watched(program.risk),
        list_dates=list_dates(figures),
        tasks=tasks(interpretation, figures, rolled.problems, own.left_out),
        subjects_at_most=SUBJECTS_AT_MOST,
        unidentified=most_named_first(interpretation.unidentified),
        dismissed=interpretation.dismissed,
        risk=_risk(interpretation),
        due=due_date(program.year),
        open_at_most=OPEN_AT_MOST,
        named_at_most=NAMED_IN_A_ROW_AT_MOST,
        comparisons=interpretation.comparisons,
        untold=_untold(program, own),
        inputs=inputs(interpretation),
        downloads=(FILED_WITH_REPORT if report_is_filed(interpretation, figures, own) else FILED_ALONE)
        + DOWNLOADS
        + (ROLLUP_DOWNLOADS if rolled.workbook else ()),
        shown_at_most=ROWS_SHOWN_AT_MOST,
        suppliers_open_at_most=SUPPLIERS_OPEN_AT_MOST,
        software_version=software_version,
    )
    return html.encode("utf-8")


def _passages(texts: Mapping[str, int]) -> list[str]:
    return [f"{counted(count, 'passage')} of {title}" for title, count in texts.items()]


_STATE_NAMES = {state: state.words for state in (*RESPONDED, State.REJECTED, State.AWAITING)}
_NARRATIVES = {
    "company_overview": "the company",
    "covered_products": "the covered products",
    "policy": "the policy",
    "grievance": "the grievance mechanism",
    "future_steps": "future steps",
}
_SECTION_OF = {
    "company_overview": "company",
    "covered_products": "products",
    "policy": "step-1-management-systems",
    "grievance": "step-1-management-systems",
    "future_steps": "future-steps",
}
"""Where a text of the profile prints, so that the team's own text for that section makes it needless."""


def _untold(program: Program, own: PlacedSections) -> list[str]:
    return [
        label
        for name, label in _NARRATIVES.items()
        if not getattr(program.narrative, name) and _SECTION_OF[name] not in own.texts
    ]


def _worst_first(view: SupplierView) -> tuple[int, str]:
    return (_STATE_ORDER.index(view.state), view.supplier_id)


def _risk(interpretation: Interpretation) -> dict[str, Any]:
    """The facilities that the page singles out, each list in the order in which one would look at it."""
    program = interpretation.facts.program
    known = countries()
    found = interpretation.facilities
    unknown = unheard_of(interpretation)
    in_places = [
        facility for facility in found if facility.country and (facility.country.covered or facility.risk_lists)
    ]
    origins = {
        facility.facility: [known[code].in_prose for code in facility.origins.countries if known[code].covered]
        for facility in found
    }
    return {
        "doubtful": [facility for facility in found if facility.doubts],
        "unknown": [facility for facility in found if facility.facility in unknown],
        "lapsing": lapsing_before_filing(found, program),
        "changed": changed_with_newest_list(found, interpretation.facts.smelter_list),
        "in_places": sorted(in_places, key=_least_known_first),
        "origins": [(facility, origins[facility.facility]) for facility in found if origins[facility.facility]],
        "alone": _alone(found),
        "since": _since_last_year(interpretation),
    }


def _since_last_year(interpretation: Interpretation) -> list[tuple[Became, list[YearOnYear]]]:
    """The facilities that are not as last year's report lists them, by what became of them; only what there is."""
    found = year_on_year(interpretation)
    by_kind = [(became, [each for each in found if each.became is became]) for became in Became]
    return [(became, facilities) for became, facilities in by_kind if facilities]


def _least_known_first(facility: Facility) -> tuple[int, str, FacilityId]:
    return (-list(Status).index(facility.status), facility.printed_country, facility.facility)


def _alone(found: Iterable[Facility]) -> list[AloneNaming]:
    alone: dict[str, list[Facility]] = defaultdict(list)
    for facility in found:
        if facility.sole_supplier:
            alone[facility.sole_supplier].append(facility)
    rows = [
        AloneNaming(
            supplier_id,
            tuple(sorted(facilities, key=lambda facility: (facility.status is Status.CONFORMANT, facility.facility))),
            sum(facility.status is not Status.CONFORMANT for facility in facilities),
        )
        for supplier_id, facilities in alone.items()
    ]
    return sorted(rows, key=lambda row: (-row.not_conformant, -len(row.facilities), row.supplier_id))


def _row(view: SupplierView) -> SupplierRow:
    return SupplierRow(view, tuple(map(_document, view.sent)))


def _document(submission: SubmissionSummary) -> Document:
    return Document(
        name=submission.key.rsplit("/", 1)[-1],
        feedback=feedback_address(submission),
        received=submission.received[:10],
        errors=submission.findings.get(Severity.ERROR, 0),
        warnings=submission.findings.get(Severity.WARNING, 0),
    )


def _metal_bars(figures: Figures, printed: Mapping[Status, str]) -> list[dict[str, Any]]:
    by_metal = figures.smelters.by_metal
    largest = max((counts.total for counts in by_metal.values()), default=0)
    return [
        {"name": metal.value, "figures": counts, "bar": _status_bar(counts, printed, of=largest)}
        for metal, counts in by_metal.items()
    ]


def _status_bar(counts: StatusCounts, printed: Mapping[Status, str], of: int = 0) -> list[Bar]:
    return _bar([(status.value, printed[status], counts.with_status(status)) for status in Status], of)


def _bar(parts: list[tuple[str, str, int]], of: int = 0) -> list[Bar]:
    whole = of or sum(count for _, _, count in parts) or 1
    bars: list[Bar] = []
    before = 0
    for kind, label, count in parts:
        if count:
            bars.append(Bar(kind, label, count, round(100 * before / whole, 3), round(100 * count / whole, 3)))
        before += count
    return bars
