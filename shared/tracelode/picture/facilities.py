"""The risk view of a facility: its status and its basis, where it lies, who names it, what is said of its origin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tracelode.picture.edition import printed_country
from tracelode.picture.facts import Facts
from tracelode.picture.seating import Seating
from tracelode.smelters.countries import Country, country_of, risk_lists
from tracelode.smelters.identity import Resolution
from tracelode.smelters.names import plain_name
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.origins import origin_of
from tracelode.smelters.status import PRINTED, FacilityId, ListedFacility, Listing, SmelterList, Status
from tracelode.sources.program import Program, due_date
from tracelode.sources.rmi_exports import Revision
from tracelode.submission import DeclaredIdentity


@dataclass(frozen=True, slots=True)
class DeclaredOrigins:
    """What suppliers state about where a facility's mineral comes from: never where the facility itself lies.

    `countries` has the stating suppliers by ISO 3166 code, `statements` by what they state instead of a country, and
    `not_understood` by text; `perhaps_covered` are those that speak of covered countries and leave it open.
    All are ordered.
    """

    countries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statements: Mapping[OriginKind, tuple[str, ...]] = field(default_factory=dict)
    not_understood: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    perhaps_covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The last change of a status between two lists: what it was, and the day from which the changing list counts."""

    before: Status
    on: date


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility that in-scope suppliers name.

    `country` is None where no spelling was understood; `printed_country` is then the text as declared (or empty).
    `suppliers` are the ids of the in-scope suppliers that name it, ordered, and `scopes` the same by the scope of the
    declarations that do (a Scope's value, "" for none stated). `at_risk` is only ever true for an indeterminable
    facility in a covered country or one of the program's risk places; `risk_lists` are the program's high-risk lists
    that its country is on. `first_named` and `last_named` are receipt times of the oldest and newest current
    submission that names it.
    `resolutions` say how each declared identity came to be this facility.
    """

    facility: FacilityId
    name: str
    country: Country | None
    printed_country: str
    status: Status
    printed_status: str
    suppliers: tuple[str, ...]
    at_risk: bool
    listed: ListedFacility | None = None
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    risk_lists: tuple[str, ...] = ()
    origins: DeclaredOrigins = DeclaredOrigins()
    first_named: str = ""
    last_named: str = ""
    status_change: StatusChange | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def on_list(self) -> bool:
        """Whether the status list has it at all."""
        return self.listed is not None

    @property
    def extended_corrective_action(self) -> bool:
        """Whether it is active under an extended corrective action plan."""
        return self.listed is not None and self.listed.listed_as is Listing.EXTENDED_CORRECTIVE_ACTION_PLAN

    @property
    def lapses_on(self) -> date | None:
        """The day its status lapses unless it is assessed again, None where nothing is known or that is under way."""
        return self.listed.assessment.lapses_on if self.listed and self.status is Status.CONFORMANT else None

    @property
    def sole_supplier(self) -> str:
        """The one supplier that names it, "" if there are several."""
        return self.suppliers[0] if len(self.suppliers) == 1 else ""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What contradicts the resolutions, each once."""
        return tuple(dict.fromkeys(doubt for resolution in self.resolutions for doubt in resolution.doubts))


def lapses_before_filing(facility: Facility, program: Program) -> bool:
    """Whether a conformant facility's assessment runs out before the report is due."""
    return facility.lapses_on is not None and facility.lapses_on < due_date(program.year)


def lapsing_before_filing(found: Iterable[Facility], program: Program) -> list[Facility]:
    """The conformant facilities whose assessment runs out before the report is due, the first to lapse first."""
    lapsing = [facility for facility in found if lapses_before_filing(facility, program)]
    return sorted(lapsing, key=lambda facility: (facility.lapses_on, facility.facility))


def changed_with_newest_list(found: Iterable[Facility], newest: SmelterList) -> list[Facility]:
    """The facilities whose status the newest list changed."""
    return [
        facility for facility in found if facility.status_change and facility.status_change.on == newest.counts_from
    ]


_REMOVED = ("removed", "merged", "duplicate", "replaced", "withdrawn")
"""What the basis of a revision says of a facility that is gone from the reference list."""


def revised_away(found: Iterable[Facility], revisions: Iterable[Revision]) -> list[tuple[Facility, Revision]]:
    """The facilities that the newest revision of them says are gone from the reference list, with that revision."""
    newest = {revision.facility: revision for revision in sorted(revisions, key=_revised)}
    gone = ((facility, newest[facility.facility]) for facility in found if facility.facility in newest)
    return [(facility, revision) for facility, revision in gone if _says_gone(revision)]


def _revised(revision: Revision) -> tuple[date, int]:
    return (revision.revised_on or date.min, revision.row)


def _says_gone(revision: Revision) -> bool:
    return any(word in revision.basis.casefold() for word in _REMOVED)


def facilities(facts: Facts, seating: Seating, named: Iterable[Resolution]) -> tuple[Facility, ...]:
    """The facilities that the resolutions name, in the annex's order: metal, printed status, CID."""
    grouped: dict[FacilityId, list[Resolution]] = defaultdict(list)
    for resolution in named:
        if resolution.facility:
            grouped[resolution.facility].append(resolution)
    changes = _status_changes(facts)
    found = [
        _facility(facts, seating, facility, resolutions, changes.get(facility))
        for facility, resolutions in grouped.items()
    ]
    return tuple(sorted(found, key=lambda f: (f.facility.metal.value, f.printed_status, f.facility.cid)))


def _facility(
    facts: Facts, seating: Seating, facility: FacilityId, resolutions: list[Resolution], change: StatusChange | None
) -> Facility:
    identities = [resolution.identity for resolution in resolutions]
    best = _most_used(seating, resolutions)
    listed = facts.smelter_list.facilities.get(facility)
    known = facts.known.facility(facility)
    spellings = [
        listed.country if listed else "",
        known.country if known else "",
        best.country,
        *(identity.country for identity in identities),
    ]
    country = next(filter(None, map(country_of, spellings)), None)
    status = facts.smelter_list.status(facility)
    program = facts.program
    numbers = sorted({number for identity in identities for number in seating.submissions(identity)})
    scopes: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        scopes[seating.current[number].scope].append(number)
    received = [seating.current[number].received for number in numbers]
    return Facility(
        facility=facility,
        name=listed.name if listed else known.standard_name if known else best.name,
        country=country,
        printed_country=printed_country(spellings, program.vocabulary),
        status=status,
        printed_status=PRINTED[program.vocabulary][status],
        suppliers=seating.senders(numbers),
        at_risk=status is Status.INDETERMINABLE
        and country is not None
        and (country.covered or country.continent in program.risk.continents or country.code in program.risk.countries),
        listed=listed,
        scopes={scope: seating.senders(scopes[scope]) for scope in sorted(scopes)},
        risk_lists=risk_lists(country, program.risk) if country else (),
        origins=_origins(seating, resolutions),
        first_named=min(received),
        last_named=max(received),
        status_change=change,
        resolutions=tuple(sorted(resolutions, key=lambda resolution: resolution.identity)),
    )


def _most_used(seating: Seating, resolutions: Iterable[Resolution]) -> DeclaredIdentity:
    """The identity whose name most suppliers use, so that one supplier's odd spelling never decides.

    Names are counted over all identities that bear them, but for what `plain_name` ignores. Of names that equally many
    use one goes first that did not take a decision of the team's to be understood, then the alphabet decides; among
    the identities of the name the same, one by one.
    """
    by_name: dict[str, list[Resolution]] = defaultdict(list)
    for resolution in resolutions:
        name = resolution.identity.name
        by_name[plain_name(name) or name].append(resolution)

    def rank(same: Iterable[Resolution]) -> tuple[bool, int, bool, DeclaredIdentity]:
        told = list(same)
        suppliers = {each for resolution in told for each in seating.suppliers(resolution.identity)}
        first = min(resolution.identity for resolution in told)
        return (not first.name, -len(suppliers), all(resolution.disposition for resolution in told), first)

    return min(min(by_name.values(), key=rank), key=lambda one: rank([one])).identity


def _origins(seating: Seating, resolutions: Iterable[Resolution]) -> DeclaredOrigins:
    countries: dict[str, set[str]] = defaultdict(set)
    statements: dict[OriginKind, set[str]] = defaultdict(set)
    not_understood: dict[str, set[str]] = defaultdict(set)
    perhaps: set[str] = set()
    for resolution in resolutions:
        for text, suppliers in seating.origins(resolution.identity).items():
            origin = origin_of(text)
            if origin.perhaps_covered:
                perhaps |= suppliers
            for country in origin.countries:
                countries[country.code] |= suppliers
            for unread in origin.not_understood:
                not_understood[unread] |= suppliers
            for statement in set(origin.statements) - {OriginKind.NOTHING}:
                statements[statement] |= suppliers
    return DeclaredOrigins(
        countries={code: tuple(sorted(countries[code])) for code in sorted(countries)},
        statements={kind: tuple(sorted(statements[kind])) for kind in sorted(statements)},
        not_understood={text: tuple(sorted(not_understood[text])) for text in sorted(not_understood)},
        perhaps_covered=tuple(sorted(perhaps)),
    )


def _status_changes(facts: Facts) -> dict[FacilityId, StatusChange]:
    """The last change of each facility's status over the lists known, oldest first; facilities without one left out."""
    changes: dict[FacilityId, StatusChange] = {}
    older = [smelter_list for smelter_list in facts.earlier_lists if smelter_list.counts_from]
    lists = [*sorted(older, key=lambda smelter_list: smelter_list.counts_from or date.min), facts.smelter_list]
    for before, after in pairwise(lists):
        for facility in before.facilities.keys() | after.facilities.keys():
            if before.status(facility) is not after.status(facility) and after.counts_from:
                changes[facility] = StatusChange(before.status(facility), after.counts_from)
    return changes
