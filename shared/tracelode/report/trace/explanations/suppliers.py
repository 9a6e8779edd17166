"""How figures of the suppliers came about."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tracelode.picture.facilities import Facility
from tracelode.picture.interpretation import SupplierView
from tracelode.picture.statements import (
    does_not_source_from_covered_countries,
    naming_not_conformant,
    naming_not_conformant_there,
    naming_there,
    stating_origin_there,
)
from tracelode.report.trace import evidence
from tracelode.report.trace.evidence import Evidence, Finder, Kind, Values
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import SCOPES, Explanation, Reckoning
from tracelode.report.trace.traced import Traced
from tracelode.submission import RESPONDED


def _saying(says: Callable[[SupplierView], bool], naming: Callable[[Iterable[Facility]], set[str]]) -> Finder:
    """Surveyed suppliers that say something and declare what does not go with it."""

    def find(traced: Traced, _: Values) -> Sequence[Evidence]:
        declaring = naming(traced.facilities)
        found = (number for number in traced.surveyed if says(traced.suppliers[number]))
        return [Evidence(Kind.SUPPLIERS, tuple(n for n in found if traced.suppliers[n].supplier_id in declaring))]

    return find


def _attests(view: SupplierView) -> bool:
    return view.attests_conformant_sourcing


OF_SUPPLIERS: Final[tuple[Explanation, ...]] = (
    Explanation("suppliers.surveyed", "Suppliers on the roster that are in scope.", rules.SURVEY, evidence.surveyed),
    Explanation(
        "suppliers.responded", "Surveyed suppliers that sent a declaration that can be read.", rules.COUNTS,
        evidence.in_state(*RESPONDED),
    ),
    Explanation(
        "suppliers.response_rate", "Suppliers that responded, over those surveyed, to four decimals.", rules.SURVEY,
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
        f"{rules.QUESTIONS_1_AND_2} {rules.QUESTION_3}", evidence.not_sourcing,
    ),
    Explanation(
        "suppliers.attesting_conformant_sourcing",
        "Surveyed suppliers that attest that what they source from there comes from conformant facilities alone.",
        "The roster: suppliers.csv, column attestation.", evidence.attesting,
    ),
    Explanation(
        "suppliers.attesting_but_not_sourcing_there",
        "Attesting suppliers that also answer No on Covered Countries for every metal in their products.",
        f"suppliers.csv, column attestation. {rules.QUESTION_3}", evidence.attesting_but_not_sourcing,
    ),
    Explanation(
        "suppliers.not_sourcing_but_naming_there",
        "Suppliers that say they do not source from the Covered Countries, and name a facility in one.",
        f"{rules.QUESTION_3} The place is the facility's own.",
        _saying(does_not_source_from_covered_countries, naming_there),
    ),
    Explanation(
        "suppliers.not_sourcing_but_stating_origin_there",
        "Suppliers that say they do not source from the Covered Countries, and state one as a mineral's origin.",
        f"{rules.QUESTION_3} CMRT 6.5, Smelter List, location of the mine.",
        _saying(does_not_source_from_covered_countries, stating_origin_there),
    ),
    Explanation(
        "suppliers.attesting_but_naming_not_conformant",
        "Attesting suppliers that name a facility, wherever it lies, that is not conformant.",
        f"suppliers.csv, column attestation. {rules.STATUS}", _saying(_attests, naming_not_conformant),
    ),
    Explanation(
        "suppliers.attesting_but_naming_not_conformant_there",
        "Attesting suppliers that name a facility in a Covered Country that is not conformant.",
        f"suppliers.csv, column attestation. {rules.STATUS}", _saying(_attests, naming_not_conformant_there),
    ),
    Explanation(
        "suppliers.naming_indeterminable", "Surveyed suppliers that name an indeterminable facility.", rules.STATUS,
        evidence.surveyed_naming_indeterminable,
    ),
    Explanation(
        "suppliers.out_of_scope", "Suppliers on the roster that are not in scope.", rules.SURVEY,
        evidence.out_of_scope,
    ),
    Explanation(
        "suppliers.not_on_roster", "Suppliers that sent files and are not on the roster; they count nowhere else.",
        rules.SURVEY, evidence.not_on_roster,
    ),
    Explanation(
        "suppliers.{state}", "Surveyed suppliers whose state is: {state}.", rules.SEVERITY, evidence.in_state()
    ),
    *(
        Explanation(
            f"suppliers.{name}",
            f"Surveyed suppliers with a declaration for {covered}.", rules.SCOPE_RULE,
            evidence.suppliers_with_scope(scope),
        )
        for name, (scope, covered) in SCOPES.items()
    ),
)  # fmt: skip
