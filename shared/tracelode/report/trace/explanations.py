"""How each figure came about: what it counts in a sentence, whose rule that is, and what it was counted from.

One entry a figure. A segment of a name in braces stands for any value: `smelters.by_metal.{metal}.total`. A test holds
that every figure has an entry, and that counting its evidence again gives the figure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracelode.declarations.templates.questions import Question, Scope
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.picture.facilities import Facility
from tracelode.picture.figures import SCOPES, does_not_source_from_covered_countries
from tracelode.picture.interpretation import SupplierView
from tracelode.picture.statements import (
    is_recognized,
    naming_not_conformant,
    naming_not_conformant_there,
    naming_there,
    stating_origin_there,
)
from tracelode.report.trace import evidence
from tracelode.report.trace.evidence import Evidence, Finder, Kind, Values
from tracelode.report.trace.traced import Traced
from tracelode.smelters.identity import Outcome, Step
from tracelode.smelters.status import Status
from tracelode.submission import State


class Reckoning(StrEnum):
    """What makes a figure of its evidence."""

    COUNT = "count"
    """How many there are, in all pieces of evidence together."""
    LINES = "lines"
    """How many lines declare the names."""
    LISTED = "listed"
    """The texts themselves."""
    NEWEST = "newest"
    """The day on which the newest of the files was received."""
    SHARE = "share"
    """The sum of other figures over another one."""
    STATED = "stated"
    """What the lists themselves say."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure's entry. For a share, `parts` are the figures that are added up and `whole` the one beneath."""

    figure: str
    says: str
    rule: str
    evidence: Finder
    reckoning: Reckoning = Reckoning.COUNT
    parts: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with its explanation; `name` is its keys joined by points, `values` what its entry's braces stand for.

    An `explanation` of None says that nobody has written one.
    """

    name: str
    value: Any
    explanation: Explanation | None
    values: Mapping[str, str]

    @property
    def says(self) -> str:
        """The sentence, with the values in it."""
        return self.explanation.says.format_map(self.values) if self.explanation else ""


def explained(figures: Mapping[str, Any]) -> tuple[Explained, ...]:
    """Every figure with its explanation, in the order of their names."""
    return tuple(sorted((_explained(path, value) for path, value in _leaves(figures)), key=lambda each: each.name))


def recount(explanation: Explanation, pieces: Sequence[Evidence], traced: Traced) -> Any:
    """The figure once more, from its evidence alone; None where it is not counted but read or divided."""
    numbers = [number for piece in pieces for number in piece.numbers]
    texts = [text for piece in pieces for text in piece.texts]
    match explanation.reckoning:
        case Reckoning.COUNT:
            return len(numbers) + len(texts)
        case Reckoning.LINES:
            return sum(traced.names[number].lines for number in numbers)
        case Reckoning.LISTED:
            return texts
        case Reckoning.NEWEST:
            return max((traced.files[number].submission.received[:10] for number in numbers), default="")
        case _:
            return None


def _leaves(figures: Mapping[str, Any], *path: str) -> list[tuple[tuple[str, ...], Any]]:
    leaves: list[tuple[tuple[str, ...], Any]] = []
    for key, value in figures.items():
        leaves += _leaves(value, *path, key) if isinstance(value, Mapping) else [((*path, key), value)]
    return leaves


def _explained(path: tuple[str, ...], value: Any) -> Explained:
    name = ".".join(path)
    for pattern, explanation in _BY_LENGTH.get(len(path), ()):
        values = _values(pattern, path)
        if values is not None:
            return Explained(name, value, explanation, values)
    return Explained(name, value, None, {})


def _values(pattern: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, key in zip(pattern, path, strict=True):
        if expected.startswith("{") and key in _ALLOWED.get(expected[1:-1], (key,)):
            values[expected[1:-1]] = key
        elif expected != key:
            return None
    return values


_ALLOWED: Mapping[str, Collection[str]] = {
    "metal": frozenset(CONFLICT_MINERALS),
    "status": frozenset(Status),
    "state": frozenset(State),
    "step": frozenset(Step),
    "answer": frozenset(("yes", "no", "unknown", "unanswered")),
    "end": frozenset(("first", "last")),
    "action": frozenset(("corrections_requested", "indeterminable_followed_up", "product_level_encouraged")),
}
"""What a segment in braces may stand for, where that is not anything: a new figure must not pass for another."""

# ---- the figures -----------------------------------------------------------------------------------------------------

_SURVEY = "The roster: suppliers.csv, column in_scope."
_COUNTS = "Of a supplier's files the newest that can be read counts: one for the company, one for each product file."
_SEVERITY = "docs/RULES.md, with the severities of program.toml; a supplier's feedback names each cell."
_QUESTIONS_1_AND_2 = "CMRT 6.5, Declaration, questions 1 and 2: a metal is in the products if both say Yes."
_QUESTION_3 = "CMRT 6.5, Declaration, question 3 (Covered Countries)."
_QUESTION_5 = "CMRT 6.5, Declaration, question 5 (recycled or scrap sources)."
_ONE_FACILITY = "A facility is one metal and one CID, however often it is named."
_STATUS = "The status list in force, by metal and CID; a facility that it lacks is indeterminable."
_RISK = "program.toml, [risk]: continents and countries; the place is the facility's own."
_IDENTITY = "The first step that has an answer decides: decision, CID, the workbook's look-up, lists, templates."
_ORIGIN = "CMRT 6.5, Smelter List, columns of the mine's country and of recycled sources; never the smelter's country."
_LAST_YEAR = "last-year.csv, else smelters.csv of the latest report on the year before; by metal and CID."
_SCOPE_RULE = "CMRT 6.5, Declaration, Declaration Scope or Class."

_COVERED = {Scope.COMPANY: "their company", Scope.PRODUCT: "products", Scope.USER_DEFINED: "a class of their own"}
"""What a declaration of a scope is for."""


def _indeterminable(facility: Facility, *, at_risk: bool) -> bool:
    return facility.status is Status.INDETERMINABLE and facility.at_risk is at_risk


def _saying(says: Callable[[SupplierView], bool], naming: Callable[[Iterable[Facility]], set[str]]) -> Finder:
    """Surveyed suppliers that say something and declare what does not go with it."""

    def find(traced: Traced, _: Values) -> Sequence[Evidence]:
        declaring = naming(traced.facilities)
        found = (number for number in traced.surveyed if says(traced.suppliers[number]))
        return [Evidence(Kind.SUPPLIERS, tuple(n for n in found if traced.suppliers[n].supplier_id in declaring))]

    return find


def _attests(view: SupplierView) -> bool:
    return view.attests_conformant_sourcing


EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        "year", "The calendar year that the report is about.", "program.toml, year.", evidence.lists("program.toml"),
        Reckoning.STATED,
    ),
    Explanation(
        "vocabulary", "The words that the report uses for a status.", "program.toml, vocabulary.",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "data_cut_off", "The day on which the newest declaration that counts was received.", _COUNTS,
        evidence.newest_declarations, Reckoning.NEWEST,
    ),
    Explanation(
        "smelter_list.as_of", "The date that the status list in force is as of.",
        "The date in the list's name, else in its rows, else of its receipt.", evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.dates.{status}.{end}", "The {end} date that a facility counted as {status} is listed as of.",
        "The status list in force: its date, or the row's own.", evidence.lists(), Reckoning.STATED,
    ),
    Explanation(
        "smelter_list.facilities", "Facilities on the status list in force.", _ONE_FACILITY, evidence.lists(),
        Reckoning.STATED,
    ),
    Explanation("suppliers.surveyed", "Suppliers on the roster that are in scope.", _SURVEY, evidence.surveyed),
    Explanation(
        "suppliers.responded", "Surveyed suppliers that sent a declaration that can be read.", _COUNTS,
        evidence.in_state(State.ACCEPTED, State.NEEDS_CORRECTION),
    ),
    Explanation(
        "suppliers.response_rate", "Suppliers that responded, over those surveyed, to four decimals.", _SURVEY,
        evidence.nothing, Reckoning.SHARE, ("suppliers.responded",), "suppliers.surveyed",
    ),
    Explanation(
        "suppliers.response_rate_percent", "Suppliers that responded, over those surveyed, in whole percent.",
        "Rounded half up, but 100 only for all and 0 only for none.",
        evidence.nothing, Reckoning.SHARE, ("suppliers.responded",), "suppliers.surveyed",
    ),
    Explanation(
        "suppliers.not_sourcing_from_covered_countries",
        "Surveyed suppliers that answer No on Covered Countries for every metal in their products.",
        f"{_QUESTIONS_1_AND_2} {_QUESTION_3}", evidence.not_sourcing,
    ),
    Explanation(
        "suppliers.attesting_conformant_sourcing",
        "Surveyed suppliers that attest that what they source from there comes from conformant facilities alone.",
        "The roster: suppliers.csv, column attestation.", evidence.attesting,
    ),
    Explanation(
        "suppliers.attesting_but_not_sourcing_there",
        "Attesting suppliers that also answer No on Covered Countries for every metal in their products.",
        f"suppliers.csv, column attestation. {_QUESTION_3}", evidence.attesting_but_not_sourcing,
    ),
    Explanation(
        "suppliers.not_sourcing_but_naming_there",
        "Suppliers that say they do not source from the Covered Countries, and name a facility in one.",
        f"{_QUESTION_3} The place is the facility's own.",
        _saying(does_not_source_from_covered_countries, naming_there),
    ),
    Explanation(
        "suppliers.not_sourcing_but_stating_origin_there",
        "Suppliers that say they do not source from the Covered Countries, and state one as a mineral's origin.",
        f"{_QUESTION_3} CMRT 6.5, Smelter List, location of the mine.",
        _saying(does_not_source_from_covered_countries, stating_origin_there),
    ),
    Explanation(
        "suppliers.attesting_but_naming_not_conformant",
        "Attesting suppliers that name a facility, wherever it lies, that is not conformant.",
        f"suppliers.csv, column attestation. {_STATUS}", _saying(_attests, naming_not_conformant),
    ),
    Explanation(
        "suppliers.attesting_but_naming_not_conformant_there",
        "Attesting suppliers that name a facility in a Covered Country that is not conformant.",
        f"suppliers.csv, column attestation. {_STATUS}", _saying(_attests, naming_not_conformant_there),
    ),
    Explanation(
        "suppliers.naming_indeterminable", "Surveyed suppliers that name an indeterminable facility.", _STATUS,
        evidence.naming_indeterminable,
    ),
    Explanation(
        "suppliers.out_of_scope", "Suppliers on the roster that are not in scope.", _SURVEY,
        evidence.out_of_scope,
    ),
    Explanation(
        "suppliers.not_on_roster", "Suppliers that sent files and are not on the roster; they count nowhere else.",
        _SURVEY, evidence.not_on_roster,
    ),
    Explanation(
        "declarations.current", "Declarations of surveyed suppliers that count.", _COUNTS,
        evidence.declarations,
    ),
    Explanation(
        "declarations.scope_not_stated", "Declarations that count and state no scope.", _SCOPE_RULE,
        evidence.declarations_without_scope,
    ),
    Explanation(
        "declarations.template_versions.{version}", "Declarations that count and are of CMRT {version}.",
        "The revision that the workbook itself states.", evidence.declarations_of_version,
    ),
    *(
        explanation
        for name, scope in SCOPES.items()
        for explanation in (
            Explanation(
                f"suppliers.{name}",
                f"Surveyed suppliers with a declaration for {_COVERED[scope]}.", _SCOPE_RULE,
                evidence.suppliers_with_scope(scope),
            ),
            Explanation(
                f"declarations.{name}", f"Declarations that count and are for {_COVERED[scope]}.", _SCOPE_RULE,
                evidence.declarations_with_scope(scope),
            ),
            Explanation(
                f"smelters.named_by.{name}",
                f"Facilities that are named in a declaration for {_COVERED[scope]}.", _SCOPE_RULE,
                evidence.named_with_scope(scope),
            ),
        )
    ),
    Explanation("suppliers.{state}", "Surveyed suppliers whose state is: {state}.", _SEVERITY, evidence.in_state()),
    Explanation(
        "metals.in_products", "The metals that a declaration says are in the products.", _QUESTIONS_1_AND_2,
        evidence.metals_in_products, Reckoning.LISTED,
    ),
    Explanation(
        "metals.in_products_count", "How many metals a declaration says are in the products.", _QUESTIONS_1_AND_2,
        evidence.metals_in_products,
    ),
    Explanation(
        "metals.possibly_from_covered_countries",
        "Metals of declarations for which neither Covered Countries nor newly mined ore are ruled out.",
        f"{_QUESTION_3} {_QUESTION_5}", evidence.possibly_from_covered_countries,
    ),
    Explanation(
        "metals.by_metal.{metal}.declarations", "Declarations that say that {metal} is in the products.",
        _QUESTIONS_1_AND_2, evidence.declaring_metal,
    ),
    Explanation(
        "metals.by_metal.{metal}.covered_countries.{answer}",
        "Declarations with {metal} in the products whose answer on Covered Countries is: {answer}.", _QUESTION_3,
        evidence.answering(Question.COVERED_COUNTRIES),
    ),
    Explanation(
        "metals.by_metal.{metal}.recycled_or_scrap.{answer}",
        "Declarations with {metal} in the products whose answer on recycled or scrap sources is: {answer}.",
        _QUESTION_5, evidence.answering(Question.RECYCLED_OR_SCRAP),
    ),
    Explanation(
        "smelters.total", "Facilities that surveyed suppliers name.", _ONE_FACILITY,
        evidence.those(lambda *_: True),
    ),
    Explanation(
        "smelters.conformant_or_active_percent", "Facilities that are conformant or active, in whole percent of all.",
        "Rounded half up, but 100 only for all and 0 only for none.", evidence.nothing, Reckoning.SHARE,
        ("smelters.conformant", "smelters.active"), "smelters.total",
    ),
    Explanation(
        "smelters.indeterminable_at_risk", "Indeterminable facilities that lie in a risk place.", _RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=True)),
    ),
    Explanation(
        "smelters.indeterminable_at_risk_in_covered_countries",
        "Indeterminable facilities in a risk place that is a Covered Country.",
        "Dodd-Frank Act, section 1502: the DRC and the countries that adjoin it.",
        evidence.those(
            lambda facility, _: _indeterminable(facility, at_risk=True)
            and facility.country is not None
            and facility.country.covered
        ),
    ),
    Explanation(
        "smelters.indeterminable_without_country", "Indeterminable facilities whose country is not known.", _RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=False) and facility.country is None),
    ),
    Explanation(
        "smelters.indeterminable_elsewhere", "Indeterminable facilities that lie outside the risk places.", _RISK,
        evidence.those(lambda facility, _: _indeterminable(facility, at_risk=False) and facility.country is not None),
    ),
    Explanation(
        "smelters.countries", "Countries that the facilities lie in.",
        "The status list's country, else a reference list's, else the suppliers'.", evidence.countries,
    ),
    Explanation(
        "smelters.named_by_one_supplier", "Facilities that one supplier alone names.", _ONE_FACILITY,
        evidence.those(lambda facility, _: len(facility.suppliers) == 1),
    ),
    Explanation(
        "smelters.unidentified_lines", "Lines of surveyed suppliers that name no known facility.", _IDENTITY,
        evidence.with_outcome(Outcome.UNRESOLVED), Reckoning.LINES,
    ),
    Explanation(
        "smelters.unidentified_names", "Names of surveyed suppliers that no step identifies.", _IDENTITY,
        evidence.with_outcome(Outcome.UNRESOLVED),
    ),
    Explanation(
        "smelters.dismissed_names", "Names that the team has decided are no smelter's.", "dispositions.csv.",
        evidence.with_outcome(Outcome.NOT_A_SMELTER),
    ),
    Explanation(
        "smelters.resolved_by.{step}.names", "Declared names that this step decides: {step}.", _IDENTITY,
        evidence.decided_by_step,
    ),
    Explanation(
        "smelters.resolved_by.{step}.lines", "Lines whose name this step decides: {step}.", _IDENTITY,
        evidence.decided_by_step,
        Reckoning.LINES,
    ),
    Explanation(
        "smelters.with_doubts", "Facilities of which a line says something that contradicts what is known.", _IDENTITY,
        evidence.those(lambda facility, _: bool(facility.doubts)),
    ),
    Explanation(
        "smelters.lapsing_before_filing", "Conformant facilities whose assessment lapses before the report is due.",
        "Last assessment and cycle of the status list; due on 31 May after the year (Form SD).", evidence.lapsing,
    ),
    Explanation(
        "smelters.status_changed", "Facilities whose status the newest list changed.",
        "The status list in force, held against the one that counted before it.", evidence.changed,
    ),
    Explanation(
        "smelters.on_risk_lists.{list}", "Facilities that lie in a country of {list}.",
        "program.toml, [risk.lists]; the place is the facility's own.",
        evidence.those(lambda facility, values: values["list"] in facility.risk_lists),
    ),
    Explanation(
        "smelters.indeterminable_elsewhere_on_risk_lists.{list}",
        "Indeterminable facilities outside the risk places that lie in a country of {list}.",
        "program.toml, [risk]; the place is the facility's own.",
        evidence.those(
            lambda facility, values: _indeterminable(facility, at_risk=False) and values["list"] in facility.risk_lists
        ),
    ),
    Explanation(
        "smelters.recognized", "Conformant facilities that another program assessed, which RMI recognizes.",
        "The status list in force: status, or who assessed it.",
        evidence.those(lambda facility, _: is_recognized(facility)),
    ),
    Explanation(
        "smelters.extended_corrective_action", "Active facilities under an extended corrective action plan.", _STATUS,
        evidence.those(lambda facility, _: facility.extended_corrective_action),
    ),
    Explanation(
        "actions.contracts_ended", "Suppliers with whom contracts were ended.", "program.toml, [actions].",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "actions.{action}", "What the profile says was done about suppliers.", "program.toml, [actions].",
        evidence.lists("program.toml"), Reckoning.STATED,
    ),
    Explanation(
        "last_year.year", "The year that this one is compared with.", _LAST_YEAR, evidence.year_before,
        Reckoning.STATED,
    ),
    *(
        explanation
        for of, metal in (("last_year", ""), ("last_year.by_metal.{metal}", " for {metal}"))
        for explanation in (
            Explanation(
                f"{of}.total", f"Facilities{metal} that last year's report lists.", _LAST_YEAR, evidence.year_before,
                Reckoning.STATED,
            ),
            Explanation(
                f"{of}.added", f"Facilities{metal} that last year's report does not list.", _LAST_YEAR, evidence.added,
            ),
            Explanation(
                f"{of}.removed", f"Facilities{metal} that last year's report lists and this one does not.",
                _LAST_YEAR, evidence.removed,
            ),
            Explanation(
                f"{of}.status_changed", f"Facilities{metal} with another status than in last year's report.",
                _LAST_YEAR, evidence.changed_since_last_year,
            ),
        )
    ),
    Explanation(
        "last_year.changed_to.{status}", "Facilities whose status was another in last year's report and is {status}.",
        _LAST_YEAR, evidence.changed_since_last_year,
    ),
    Explanation(
        "smelters.declared_origins.facilities", "Facilities for whose mineral a supplier declares a country of origin.",
        _ORIGIN, evidence.those(lambda facility, _: bool(facility.origins.countries), "column:mine_country"),
    ),
    Explanation(
        "smelters.declared_origins.countries", "Countries that suppliers declare as origin of the mineral.", _ORIGIN,
        evidence.origins,
    ),
    Explanation(
        "smelters.declared_origins.covered_countries",
        "Covered Countries that suppliers declare as origin of the mineral.", _ORIGIN, evidence.covered_origins,
    ),
    Explanation(
        "smelters.declared_origins.by_country.{country}",
        "Facilities for which a supplier declares {country} as origin of the mineral.", _ORIGIN, evidence.those(
            lambda facility, values: values["country"] in facility.origins.countries, "column:mine_country"
        ),
    ),
    Explanation(
        "smelters.declared_origins.statements.{statement}",
        "Facilities of whose mineral a supplier states, instead of a country: {statement}.", _ORIGIN,
        evidence.with_statement,
    ),
    Explanation(
        "smelters.by_metal.{metal}.total", "Facilities for {metal} that surveyed suppliers name.", _ONE_FACILITY,
        evidence.those(lambda facility, values: facility.facility.metal == values["metal"]),
    ),
    Explanation(
        "smelters.by_metal.{metal}.{status}", "Facilities for {metal} whose status is {status}.", _STATUS,
        evidence.those(
            lambda facility, values: facility.facility.metal == values["metal"]
            and facility.status == values["status"]
        ),
    ),
    Explanation(
        "smelters.{status}", "Facilities that surveyed suppliers name and whose status is {status}.", _STATUS,
        evidence.those(lambda facility, values: facility.status == values["status"]),
    ),
)  # fmt: skip
"""Every figure's entry; of several that a name fits the first counts."""

_BY_LENGTH: dict[int, list[tuple[tuple[str, ...], Explanation]]] = {}
for _each in EXPLANATIONS:
    _pattern = tuple(_each.figure.split("."))
    _BY_LENGTH.setdefault(len(_pattern), []).append((_pattern, _each))
