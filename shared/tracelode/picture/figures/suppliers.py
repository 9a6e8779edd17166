"""Figures of the suppliers: who was asked, who answered, and what their answers say of their sourcing."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from tracelode.declarations.templates.questions import Scope
from tracelode.picture.figures.shares import rate, whole_percent
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.statements import (
    does_not_source_from_covered_countries,
    naming_indeterminable,
    naming_not_conformant,
    naming_not_conformant_there,
    naming_there,
    stating_origin_there,
)
from tracelode.submission import RESPONDED, State


@dataclass(frozen=True, slots=True)
class SupplierFigures:
    """Numbers of suppliers that are surveyed (on the roster and in scope), but for the last two.

    `accepted`, `accepted_with_remarks` and `needs_correction` have responded. `response_rate` is to four decimals.
    Those "not sourcing" answer No on covered countries for every metal in their products; "there" is in covered
    countries.
    """

    surveyed: int
    responded: int
    response_rate: float
    response_rate_percent: int
    awaiting: int
    rejected: int
    needs_correction: int
    accepted_with_remarks: int
    accepted: int
    not_sourcing_from_covered_countries: int
    attesting_conformant_sourcing: int
    attesting_but_not_sourcing_there: int
    not_sourcing_but_naming_there: int
    not_sourcing_but_stating_origin_there: int
    attesting_but_naming_not_conformant: int
    attesting_but_naming_not_conformant_there: int
    company_level: int
    product_level: int
    user_defined: int
    naming_indeterminable: int
    out_of_scope: int
    not_on_roster: int

    def in_state(self, state: State) -> int:
        """How many stand so."""
        return {
            State.AWAITING: self.awaiting,
            State.REJECTED: self.rejected,
            State.NEEDS_CORRECTION: self.needs_correction,
            State.ACCEPTED_WITH_REMARKS: self.accepted_with_remarks,
            State.ACCEPTED: self.accepted,
        }[state]


def count_suppliers(interpretation: Interpretation) -> SupplierFigures:
    """The figures of the suppliers."""
    surveyed, facilities = interpretation.surveyed, interpretation.facilities
    states = Counter(view.state for view in surveyed)
    responded = sum(states[state] for state in RESPONDED)
    declining = {view.supplier_id for view in surveyed if does_not_source_from_covered_countries(view)}
    attesting = {view.supplier_id for view in surveyed if view.attests_conformant_sourcing}
    return SupplierFigures(
        surveyed=len(surveyed),
        responded=responded,
        response_rate=rate(responded, len(surveyed)),
        response_rate_percent=whole_percent(responded, len(surveyed)),
        awaiting=states[State.AWAITING],
        rejected=states[State.REJECTED],
        needs_correction=states[State.NEEDS_CORRECTION],
        accepted_with_remarks=states[State.ACCEPTED_WITH_REMARKS],
        accepted=states[State.ACCEPTED],
        not_sourcing_from_covered_countries=len(declining),
        attesting_conformant_sourcing=len(attesting),
        attesting_but_not_sourcing_there=len(attesting & declining),
        not_sourcing_but_naming_there=len(declining & naming_there(facilities)),
        not_sourcing_but_stating_origin_there=len(declining & stating_origin_there(facilities)),
        attesting_but_naming_not_conformant=len(attesting & naming_not_conformant(facilities)),
        attesting_but_naming_not_conformant_there=len(attesting & naming_not_conformant_there(facilities)),
        company_level=_declaring_for(Scope.COMPANY, surveyed),
        product_level=_declaring_for(Scope.PRODUCT, surveyed),
        user_defined=_declaring_for(Scope.USER_DEFINED, surveyed),
        naming_indeterminable=len(naming_indeterminable(facilities) & {view.supplier_id for view in surveyed}),
        out_of_scope=sum(view.on_roster and not view.in_scope for view in interpretation.suppliers),
        not_on_roster=sum(not view.on_roster for view in interpretation.suppliers),
    )


def _declaring_for(scope: Scope, surveyed: Collection[SupplierView]) -> int:
    return sum(any(submission.scope == scope for submission in view.current) for view in surveyed)
