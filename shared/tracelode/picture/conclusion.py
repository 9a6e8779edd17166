"""What can be concluded on the origin of the minerals, and every fact that stands against ruling covered countries out.

Form SD parts those who determine, or have no reason to believe otherwise, that nothing originated in a covered country
(Item 1.01(b)) from those who have reason to believe that it may have (Item 1.01(c)). Between them lies what is not
known.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracelode.declarations.answers import leaves_metal_open, leaves_origin_open, metals_in_products, sourcing_there
from tracelode.minerals import ANNEX_MINERALS, Mineral
from tracelode.picture.facilities import Facility
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.statements import naming_there, perhaps_stating_origin_there, stating_origin_there
from tracelode.submission import State, SubmissionSummary


class OriginConclusion(StrEnum):
    """How far the declarations carry. Values are figures: `origin.conclusion`."""

    NOBODY_ASKED = "nobody asked"
    NOBODY_ANSWERED = "nobody answered"
    NO_MINERAL = "no mineral declared"
    """No declaration has one of the minerals in the products as necessary: perhaps no Form SD is called for at all."""
    REASON_TO_BELIEVE = "reason to believe"
    """A supplier says that a mineral in its products comes from covered countries, or names one as its origin."""
    OPEN = "open"
    """Nothing says so, and something keeps it from being ruled out."""
    RULED_OUT = "ruled out"


class Against(StrEnum):
    """What stands against ruling covered countries out, by supplier. Values are figures: `origin.against.{value}`."""

    NOT_ANSWERED = "not_answered"
    """Nothing readable came."""
    CORRECTION_OPEN = "correction_open"
    """The declaration has errors."""
    ANSWER_YES = "answer_yes"
    """It says of a mineral in its products that it comes from covered countries, and not that all of it is scrap."""
    ANSWER_OPEN = "answer_open"
    """It says neither Yes nor No of a mineral in its products, and not that all of it is scrap."""
    ANSWER_TAKEN_BACK = "answer_taken_back"
    """It said Yes of a mineral in an earlier declaration, and does not say so any more."""
    ORIGIN_THERE = "origin_there"
    """It names a covered country as where a facility's minerals come from."""
    ORIGIN_PERHAPS_THERE = "origin_perhaps_there"
    """It speaks of a covered country, or of a group that holds some, as a mineral's origin, and leaves it open."""
    FACILITY_THERE = "facility_there"
    """It names a facility that lies in a covered country: a warning sign, no proof."""
    OTHER_YEAR = "other_year"
    """Its declaration is dated before the year, or after the day on which it came."""
    METAL_NOT_DECLARED = "metal_not_declared"
    """It names facilities of a metal that it does not declare to be in its products."""
    METAL_OPEN = "metal_open"
    """It does not say of each of the metals whether it is in its products."""
    NOT_IDENTIFIED = "not_identified"
    """It names smelters that nobody knows, so that nobody knows where they lie."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The conclusion, and the suppliers that each fact against it is about, by id; facts about nobody are left out."""

    on_origin: OriginConclusion
    against: Mapping[Against, tuple[str, ...]]


def conclude(interpretation: Interpretation) -> Conclusion:
    """What the declarations in force allow to conclude, under everything that is known of them."""
    against = _against(interpretation)
    return Conclusion(_on_origin(interpretation, against), against)


def _on_origin(interpretation: Interpretation, against: Mapping[Against, tuple[str, ...]]) -> OriginConclusion:
    if not interpretation.surveyed:
        return OriginConclusion.NOBODY_ASKED
    if not interpretation.declarations:
        return OriginConclusion.NOBODY_ANSWERED
    if not any(map(metals_in_products, interpretation.declarations)):
        return OriginConclusion.NO_MINERAL
    if Against.ANSWER_YES in against or Against.ORIGIN_THERE in against:
        return OriginConclusion.REASON_TO_BELIEVE
    return OriginConclusion.OPEN if against else OriginConclusion.RULED_OUT


def dated_before(declaration: SubmissionSummary, year: int) -> bool:
    """Whether a declaration is dated before the year that it is to be about."""
    return "" < declaration.effective_date < f"{year}-01-01"


def dated_ahead(declaration: SubmissionSummary) -> bool:
    """Whether a declaration is dated after the day on which it came."""
    return declaration.effective_date > declaration.received[:10]


def undeclared_facilities(interpretation: Interpretation) -> dict[str, list[Facility]]:
    """By supplier, the facilities that it names of metals that it does not declare to be in its products."""
    declared = _declared(interpretation)
    found: dict[str, list[Facility]] = defaultdict(list)
    for facility in interpretation.facilities:
        for supplier in facility.suppliers:
            if facility.facility.metal not in declared.get(supplier, ()):
                found[supplier].append(facility)
    return dict(found)


def of_undeclared_metals(interpretation: Interpretation) -> list[Facility]:
    """The facilities that nobody names who declares their metal to be in its products."""
    declared = _declared(interpretation)
    return [
        facility
        for facility in interpretation.facilities
        if not any(facility.facility.metal in declared.get(supplier, ()) for supplier in facility.suppliers)
    ]


def _declared(interpretation: Interpretation) -> dict[str, set[Mineral]]:
    return {
        view.supplier_id: {metal for declaration in view.current for metal in metals_in_products(declaration)}
        for view in interpretation.surveyed
    }


def _against(interpretation: Interpretation) -> dict[Against, tuple[str, ...]]:
    found = interpretation.facilities
    year = interpretation.facts.program.year
    there, origin = naming_there(found), stating_origin_there(found)
    perhaps = perhaps_stating_origin_there(found)
    undeclared = undeclared_facilities(interpretation)
    holds: dict[Against, Callable[[SupplierView], bool]] = {
        Against.NOT_ANSWERED: lambda view: not view.current,
        Against.CORRECTION_OPEN: lambda view: view.state is State.NEEDS_CORRECTION,
        Against.ANSWER_YES: lambda view: any(map(sourcing_there, view.current)),
        Against.ANSWER_OPEN: lambda view: any(map(_leaves_open, view.current)),
        Against.ANSWER_TAKEN_BACK: lambda view: bool(view.standing and view.standing.taken_back),
        Against.ORIGIN_THERE: lambda view: view.supplier_id in origin,
        Against.ORIGIN_PERHAPS_THERE: lambda view: view.supplier_id in perhaps,
        Against.FACILITY_THERE: lambda view: view.supplier_id in there,
        Against.OTHER_YEAR: lambda view: any(dated_before(d, year) or dated_ahead(d) for d in view.current),
        Against.METAL_NOT_DECLARED: lambda view: view.supplier_id in undeclared,
        Against.METAL_OPEN: lambda view: any(
            leaves_metal_open(declaration, metal) for declaration in view.current for metal in ANNEX_MINERALS
        ),
        Against.NOT_IDENTIFIED: lambda view: bool(view.unidentified_lines),
    }
    by_fact = {
        fact: tuple(view.supplier_id for view in interpretation.surveyed if stands(view))
        for fact, stands in holds.items()
    }
    return {fact: suppliers for fact, suppliers in by_fact.items() if suppliers}


def _leaves_open(declaration: SubmissionSummary) -> bool:
    return any(
        leaves_origin_open(declaration, metal) and metal not in sourcing_there(declaration)
        for metal in metals_in_products(declaration)
    )
