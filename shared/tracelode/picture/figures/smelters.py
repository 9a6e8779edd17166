"""Figures of the facilities that suppliers name: by status and metal, where they lie, how surely they are known."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.templates.questions import Scope
from tracelode.minerals import Mineral
from tracelode.picture.conclusion import of_undeclared_metals
from tracelode.picture.declared import Decided, count_by_step
from tracelode.picture.facilities import (
    Facility,
    changed_with_newest_list,
    lapses_before_filing,
    revised_away,
)
from tracelode.picture.figures.origins import OriginFigures, count_origins
from tracelode.picture.figures.shares import whole_percent
from tracelode.picture.interpretation import Interpretation
from tracelode.picture.statements import in_covered_country, is_recognized
from tracelode.smelters.identity import Step
from tracelode.smelters.status import Status


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Numbers of facilities, in all and by status."""

    total: int
    conformant: int
    active: int
    indeterminable: int

    def with_status(self, status: Status) -> int:
        """How many have a status."""
        return {
            Status.CONFORMANT: self.conformant,
            Status.ACTIVE: self.active,
            Status.INDETERMINABLE: self.indeterminable,
        }[status]


@dataclass(frozen=True, slots=True)
class ScopeCounts:
    """Numbers of facilities that declarations of each scope name; one that two scopes name counts under both."""

    company_level: int
    product_level: int
    user_defined: int


@dataclass(frozen=True, slots=True)
class SmelterFigures(StatusCounts):
    """Numbers of facilities by status, and by what else is known of them; and of names and lines that name none.

    Indeterminable facilities are at risk (in a covered country or one of the program's risk places), without a known
    country, or elsewhere. `of_undeclared_metals` are those that nobody names who has their metal in the products;
    `revised_away` those that RMI's revisions say are gone from its reference list.
    `by_metal` has every metal of the report, in the annex's order, also at 0; risk lists are by their name.
    """

    conformant_or_active_percent: int
    indeterminable_at_risk: int
    indeterminable_at_risk_in_covered_countries: int
    in_covered_countries: StatusCounts
    of_undeclared_metals: int
    revised_away: int
    indeterminable_without_country: int
    indeterminable_elsewhere: int
    indeterminable_elsewhere_on_risk_lists: Mapping[str, int]
    recognized: int
    by_metal: Mapping[Mineral, StatusCounts]
    countries: int
    extended_corrective_action: int
    named_by_one_supplier: int
    unidentified_lines: int
    unidentified_names: int
    dismissed_names: int
    resolved_by: Mapping[Step, Decided]
    with_doubts: int
    lapsing_before_filing: int
    status_changed: int
    on_risk_lists: Mapping[str, int]
    declared_origins: OriginFigures
    named_by: ScopeCounts


def count_smelters(interpretation: Interpretation, metals: Iterable[Mineral]) -> SmelterFigures:
    """The figures of the facilities, with those of each of these metals apart."""
    facilities, program = interpretation.facilities, interpretation.facts.program
    counts = count_statuses(facilities)
    indeterminable = [facility for facility in facilities if facility.status is Status.INDETERMINABLE]
    at_risk = [facility for facility in indeterminable if facility.at_risk]
    placed = [facility for facility in indeterminable if not facility.at_risk and facility.country]
    return SmelterFigures(
        total=counts.total,
        conformant=counts.conformant,
        active=counts.active,
        indeterminable=counts.indeterminable,
        conformant_or_active_percent=whole_percent(counts.conformant + counts.active, counts.total),
        indeterminable_at_risk=len(at_risk),
        indeterminable_at_risk_in_covered_countries=sum(map(in_covered_country, at_risk)),
        in_covered_countries=count_statuses(filter(in_covered_country, facilities)),
        of_undeclared_metals=len(of_undeclared_metals(interpretation)),
        revised_away=len(revised_away(facilities, interpretation.facts.revisions)),
        indeterminable_without_country=len(indeterminable) - len(at_risk) - len(placed),
        indeterminable_elsewhere=len(placed),
        indeterminable_elsewhere_on_risk_lists=_on_lists(placed, program.risk.lists),
        recognized=sum(map(is_recognized, facilities)),
        by_metal={metal: count_statuses(_of_metal(facilities, metal)) for metal in metals},
        countries=len({facility.country.code for facility in facilities if facility.country}),
        extended_corrective_action=sum(facility.extended_corrective_action for facility in facilities),
        named_by_one_supplier=sum(bool(facility.sole_supplier) for facility in facilities),
        unidentified_lines=interpretation.unidentified_lines,
        unidentified_names=len(interpretation.unidentified),
        dismissed_names=len(interpretation.dismissed),
        resolved_by=count_by_step(interpretation),
        with_doubts=sum(bool(facility.doubts) for facility in facilities),
        lapsing_before_filing=sum(lapses_before_filing(facility, program) for facility in facilities),
        status_changed=len(changed_with_newest_list(facilities, interpretation.facts.smelter_list)),
        on_risk_lists=_on_lists(facilities, program.risk.lists),
        declared_origins=count_origins(facilities),
        named_by=ScopeCounts(
            company_level=_named_for(Scope.COMPANY, facilities),
            product_level=_named_for(Scope.PRODUCT, facilities),
            user_defined=_named_for(Scope.USER_DEFINED, facilities),
        ),
    )


def count_statuses(facilities: Iterable[Facility]) -> StatusCounts:
    """Facilities by status."""
    counts = Counter(facility.status for facility in facilities)
    return StatusCounts(counts.total(), counts[Status.CONFORMANT], counts[Status.ACTIVE], counts[Status.INDETERMINABLE])


def _of_metal(facilities: Iterable[Facility], metal: Mineral) -> list[Facility]:
    return [facility for facility in facilities if facility.facility.metal == metal]


def _on_lists(facilities: Collection[Facility], lists: Iterable[str]) -> dict[str, int]:
    return {name: sum(name in facility.risk_lists for facility in facilities) for name in sorted(lists)}


def _named_for(scope: Scope, facilities: Iterable[Facility]) -> int:
    return sum(scope in facility.scopes for facility in facilities)
