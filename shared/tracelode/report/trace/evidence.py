"""What figures are counted from: the suppliers, files, facilities and declared names that each of them counts.

A function here gives the evidence of one figure, or makes one that does (a `Finder`). They look at single suppliers,
files and facilities, never at a figure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracelode.declarations.answers import leaves_metal_open, leaves_origin_open
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.picture import conclusion, statements
from tracelode.picture.facilities import Facility, changed_with_newest_list, lapses_before_filing, revised_away
from tracelode.picture.year_on_year import year_on_year
from tracelode.printing.printable import printable
from tracelode.report.trace.traced import Traced
from tracelode.smelters.countries import countries
from tracelode.smelters.identity import Outcome
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.status import FacilityId, Status
from tracelode.sources import last_year
from tracelode.submission import State


class Kind(StrEnum):
    """What a piece of evidence consists of."""

    SUPPLIERS = "suppliers"
    FILES = "files"
    FACILITIES = "facilities"
    FORMER = "former facilities"
    """Facilities of last year's report that are none of this one's, by metal, CID, name and status."""
    NAMES = "names"
    """Declared names of smelters, each with the lines that declare it."""
    COUNTRIES = "countries"
    METALS = "metals"
    LISTS = "lists"
    """Reference files, by name."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a figure was counted from: numbers of a `Traced`, or texts; and in which cells of their files it stands.

    `cells` are places of `tracelode.declarations.cells.Cells`: of the Declaration, or columns of the Smelter List.
    """

    of: Kind
    numbers: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


Values = Mapping[str, str]
"""What the braces of a figure's entry stand for."""
Finder = Callable[[Traced, Values], Sequence[Evidence]]

_IN_PRODUCTS = (Question.INTENTIONALLY_ADDED, Question.REMAINS_IN_PRODUCT)
_SCOPE_CELL = ("company:scope",)
_DATE_CELL = ("company:effective_date",)


def nothing(_: Traced, __: Values) -> Sequence[Evidence]:
    """No evidence of its own: the figure is made of others."""
    return ()


def lists(*names: str) -> Finder:
    """The reference files of these names; without any, those that the status list in force was read from."""
    return lambda traced, _: [
        Evidence(Kind.LISTS, texts=names or tuple(traced.interpretation.facts.smelter_list.files))
    ]  # fmt: skip


# ---- suppliers -------------------------------------------------------------------------------------------------------


def surveyed(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Suppliers that are on the roster and in scope."""
    return _suppliers(traced.surveyed)


def out_of_scope(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Suppliers on the roster that are not in scope."""
    return _suppliers(n for n, view in enumerate(traced.suppliers) if view.on_roster and not view.in_scope)


def not_on_roster(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Suppliers that sent something and are not on the roster."""
    return _suppliers(n for n, view in enumerate(traced.suppliers) if not view.on_roster)


def in_state(*states: State) -> Finder:
    """Surveyed suppliers in one of these states, of none given the one that the figure's name says."""
    return lambda traced, values: _suppliers(
        n for n in traced.surveyed if traced.suppliers[n].state in (states or (values["state"],))
    )


def not_sourcing(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Surveyed suppliers that do not source from covered countries."""
    return _suppliers((n for n in traced.surveyed if _declines(traced, n)), _sourcing_cells(traced))


def attesting(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Surveyed suppliers that attest conformant sourcing."""
    return _suppliers(n for n in traced.surveyed if traced.suppliers[n].attests_conformant_sourcing)


def attesting_but_not_sourcing(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Surveyed suppliers that attest conformant sourcing and do not source from covered countries."""
    attest = (n for n in traced.surveyed if traced.suppliers[n].attests_conformant_sourcing)
    return _suppliers((n for n in attest if _declines(traced, n)), _sourcing_cells(traced))


def suppliers_against(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Surveyed suppliers that a fact against ruling covered countries out is about."""
    about = set(conclusion.conclude(traced.interpretation).against.get(conclusion.Against(values["against"]), ()))
    return _suppliers(n for n in traced.surveyed if traced.suppliers[n].supplier_id in about)


def suppliers_with_scope(scope: Scope) -> Finder:
    """Surveyed suppliers with a declaration of that scope."""

    def find(traced: Traced, _: Values) -> Sequence[Evidence]:
        files = (traced.files[number] for number in traced.declarations)
        sending = {file.supplier for file in files if file.submission.scope == scope}
        return _suppliers(sorted(sending), _SCOPE_CELL)

    return find


def surveyed_naming_indeterminable(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Surveyed suppliers that name an indeterminable facility."""
    naming = statements.naming_indeterminable(traced.facilities)
    return _suppliers(n for n in traced.surveyed if traced.suppliers[n].supplier_id in naming)


# ---- files -----------------------------------------------------------------------------------------------------------


def declarations(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Declarations that count."""
    return _files(traced.declarations)


def newest_declarations(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Declarations that count and were received on the last day on which any was."""
    days = {number: traced.files[number].submission.received[:10] for number in traced.declarations}
    newest = max(days.values(), default="")
    return _files(number for number, day in days.items() if day == newest)


def dated_before_the_year(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Declarations that count and are dated before the year."""
    year = traced.interpretation.facts.program.year
    return _files(
        (n for n in traced.declarations if conclusion.dated_before(traced.files[n].submission, year)), _DATE_CELL
    )


def dated_after_receipt(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Declarations that count and are dated after the day on which they came."""
    return _files((n for n in traced.declarations if conclusion.dated_ahead(traced.files[n].submission)), _DATE_CELL)


def declarations_with_scope(scope: Scope) -> Finder:
    """Declarations that count and are of that scope."""
    return lambda traced, _: _files(
        (n for n in traced.declarations if traced.files[n].submission.scope == scope), _SCOPE_CELL
    )


def declarations_without_scope(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Declarations that count and state no scope."""
    return _files((n for n in traced.declarations if traced.files[n].submission.scope not in set(Scope)), _SCOPE_CELL)


def declarations_of_version(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Declarations that count and are of a version of the template."""
    return _files(n for n in traced.declarations if traced.files[n].submission.template_version == values["version"])


def declared_metals(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Metals that a declaration says are in the products."""
    return [Evidence(Kind.METALS, texts=tuple(metal for metal, files in traced.with_metal.items() if files))]


def declaring_metal(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Declarations that say that a metal is in the products."""
    return _files(traced.with_metal[values["metal"]], _cells(values["metal"], *_IN_PRODUCTS))


def leaving_metal_open(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Declarations that count and do not say whether a metal is in the products."""
    silent = (n for n in traced.declarations if leaves_metal_open(traced.files[n].submission, values["metal"]))
    return _files(silent, _cells(values["metal"], Question.INTENTIONALLY_ADDED))


def answering(question: Question) -> Finder:
    """Declarations that give an answer to a question about a metal in their products."""

    def find(traced: Traced, values: Values) -> Sequence[Evidence]:
        metal, asked = values["metal"], values["answer"]
        given = (
            (number, traced.files[number].submission.answer(question, metal)) for number in traced.with_metal[metal]
        )
        return _files((n for n, text in given if statements.answer_kind(text) == asked), _cells(metal, question))

    return find


def possibly_from_covered_countries(traced: Traced, _: Values) -> Sequence[Evidence]:
    """By metal, declarations that rule out neither the covered countries nor newly mined ore."""
    return [
        Evidence(
            Kind.FILES,
            tuple(n for n in files if leaves_origin_open(traced.files[n].submission, metal)),
            cells=_cells(metal, Question.COVERED_COUNTRIES, Question.RECYCLED_OR_SCRAP),
        )
        for metal, files in traced.with_metal.items()
    ]


# ---- facilities ------------------------------------------------------------------------------------------------------


def those(fits: Callable[[Facility, Values], bool], *cells: str) -> Finder:
    """Facilities of which something is true."""

    def find(traced: Traced, values: Values) -> Sequence[Evidence]:
        numbers = tuple(number for number, facility in enumerate(traced.facilities) if fits(facility, values))
        return [Evidence(Kind.FACILITIES, numbers, cells=cells)]

    return find


def named_with_scope(scope: Scope) -> Finder:
    """Facilities that a declaration of that scope names."""
    return those(lambda facility, _: scope in facility.scopes, *_SCOPE_CELL)


def undated(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities on the status list that neither it nor their row dates."""
    of_list = traced.interpretation.facts.smelter_list.as_of
    return those(lambda facility, _: facility.listed is not None and not (facility.listed.as_of or of_list))(
        traced, values
    )


def with_undeclared_metal(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities that nobody names who has their metal in the products."""
    undeclared = {facility.facility for facility in conclusion.of_undeclared_metals(traced.interpretation)}
    return those(lambda facility, _: facility.facility in undeclared)(traced, values)


def gone_by_revision(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities that revisions say are gone from the reference list."""
    gone = revised_away(traced.facilities, traced.interpretation.facts.revisions)
    facilities = {facility.facility for facility, _ in gone}
    return those(lambda facility, _: facility.facility in facilities)(traced, values)


def lapsing(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Conformant facilities whose assessment lapses before the report is due."""
    program = traced.interpretation.facts.program
    return those(lambda facility, _: lapses_before_filing(facility, program))(traced, values)


def changed(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities whose status the newest list changed."""
    newest = traced.interpretation.facts.smelter_list
    facilities = {facility.facility for facility in changed_with_newest_list(traced.facilities, newest)}
    return those(lambda facility, _: facility.facility in facilities)(traced, values)


def added(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities, of the metal that the figure's name says or of any, that last year's report does not list."""
    before = _last_year(traced)
    return those(lambda facility, of: _is_of_metal(facility, of) and facility.facility not in before)(traced, values)


def removed(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities, of the metal that the figure's name says or of any, of last year's report and not of this one."""
    vocabulary = traced.interpretation.facts.program.vocabulary
    gone = (
        each
        for each in year_on_year(traced.interpretation)
        if each.now is None and each.facility.metal == values.get("metal", each.facility.metal)
    )
    texts = (
        f"{' '.join(filter(None, (each.facility.metal, each.facility.cid, printable(each.name))))}: "
        f"{each.printed(vocabulary)[0]}"
        for each in gone
    )
    return [Evidence(Kind.FORMER, texts=tuple(texts))]


def changed_since_last_year(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities with another status than in last year's report, of the metal, or now of the status, that is said."""
    before = _last_year(traced)
    return those(
        lambda facility, of: (
            _is_of_metal(facility, of)
            and facility.status == of.get("status", facility.status)
            and before.get(facility.facility, facility.status) is not facility.status
        )
    )(traced, values)


def year_before(traced: Traced, _: Values) -> Sequence[Evidence]:
    """The list of last year's facilities."""
    named = {each.name for each in traced.interpretation.facts.references if each.kind == last_year.LAST_YEAR_FILE}
    return [Evidence(Kind.LISTS, texts=tuple(sorted(named)) or (last_year.LAST_YEAR_FILE,))]


def _last_year(traced: Traced) -> Mapping[FacilityId, Status]:
    known = traced.interpretation.facts.last_year
    return known.facilities if known else {}


def _is_of_metal(facility: Facility, values: Values) -> bool:
    return facility.facility.metal == values.get("metal", facility.facility.metal)


def with_statement(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities of whose mineral's origin a supplier states something that is no country."""
    kind = OriginKind[values["statement"].upper()]
    column = "recycled" if kind is OriginKind.RECYCLED else "mine_country"
    return those(lambda facility, _: kind in facility.origins.statements, f"column:{column}")(traced, values)


# ---- names and countries ---------------------------------------------------------------------------------------------


def with_outcome(outcome: Outcome) -> Finder:
    """Declared names that came to this."""
    return lambda traced, _: [
        Evidence(Kind.NAMES, tuple(n for n, name in enumerate(traced.names) if name.outcome is outcome))
    ]


def decided_by_step(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Declared names that one step of the resolution decided."""
    resolved = ((number, name.resolution) for number, name in enumerate(traced.names) if name.resolution)
    return [Evidence(Kind.NAMES, tuple(n for n, resolution in resolved if resolution.step == values["step"]))]


def facility_countries(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Countries in which the facilities lie, by code."""
    return _countries(facility.country.code for facility in traced.facilities if facility.country)


def origins(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Countries that are declared as origin of the mineral, by code."""
    return _countries(code for facility in traced.facilities for code in facility.origins.countries)


def from_covered_countries(traced: Traced, values: Values) -> Sequence[Evidence]:
    """Facilities for which a covered country is declared as origin of the mineral."""
    known = countries()
    return those(lambda facility, _: any(known[c].covered for c in facility.origins.countries), "column:mine_country")(
        traced, values
    )


def covered_origins(traced: Traced, _: Values) -> Sequence[Evidence]:
    """Covered countries that are declared as origin of the mineral, by code."""
    known = countries()
    codes = (code for facility in traced.facilities for code in facility.origins.countries)
    return _countries(code for code in codes if known[code].covered)


def _suppliers(numbers: Iterable[int], cells: tuple[str, ...] = ()) -> Sequence[Evidence]:
    return [Evidence(Kind.SUPPLIERS, tuple(numbers), cells=cells)]


def _files(numbers: Iterable[int], cells: tuple[str, ...] = ()) -> Sequence[Evidence]:
    return [Evidence(Kind.FILES, tuple(numbers), cells=cells)]


def _countries(codes: Iterable[str]) -> Sequence[Evidence]:
    return [Evidence(Kind.COUNTRIES, texts=tuple(sorted(set(codes))))]


def _cells(metal: str, *questions: Question) -> tuple[str, ...]:
    return tuple(f"answer:{question.value}:{metal}" for question in questions)


def _declines(traced: Traced, number: int) -> bool:
    return statements.does_not_source_from_covered_countries(traced.suppliers[number])


def _sourcing_cells(traced: Traced) -> tuple[str, ...]:
    """The cells that say whether a supplier sources from covered countries."""
    return tuple(
        cell for metal in traced.with_metal for cell in _cells(metal, *_IN_PRODUCTS, Question.COVERED_COUNTRIES)
    )
