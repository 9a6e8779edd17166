"""What suppliers say of their sourcing, and what their own declarations name, so that one can be held to the other."""

from collections.abc import Callable, Iterable

from tracelode.declarations.answers import NO, YES, metals_in_products
from tracelode.declarations.templates.questions import Question
from tracelode.picture.facilities import Facility
from tracelode.picture.interpretation import SupplierView
from tracelode.smelters.countries import countries
from tracelode.smelters.status import ASSESSED_BY_RMI, Listing, Status


def answer_kind(answer: str) -> str:
    """How figures call an answer: `yes`, `no`, `unanswered`, or `unknown` for whatever else is said."""
    return {YES: "yes", NO: "no", "": "unanswered"}.get(answer, "unknown")


def does_not_source_from_covered_countries(view: SupplierView) -> bool:
    """Whether the supplier answers No on covered countries for every metal in its products, of at least one."""
    answers = [
        declaration.answer(Question.COVERED_COUNTRIES, metal)
        for declaration in view.current
        for metal in metals_in_products(declaration)
    ]
    return bool(answers) and all(answer == NO for answer in answers)


def in_covered_country(facility: Facility) -> bool:
    """Whether the facility itself lies in a covered country."""
    return facility.country is not None and facility.country.covered


def not_conformant(facility: Facility) -> bool:
    """Whether the status list has it as anything but conformant, or not at all."""
    return facility.status is not Status.CONFORMANT


def naming_there(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name a facility in a covered country."""
    return _naming(facilities, in_covered_country)


def stating_origin_there(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that state a covered country as where a facility's mineral comes from."""
    known = countries()
    return {
        supplier
        for facility in facilities
        for code, stating in facility.origins.countries.items()
        if known[code].covered
        for supplier in stating
    }


def perhaps_stating_origin_there(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that speak of covered countries as a mineral's origin, and leave it open."""
    return {supplier for facility in facilities for supplier in facility.origins.perhaps_covered}


def naming_indeterminable(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name an indeterminable facility."""
    return _naming(facilities, lambda facility: facility.status is Status.INDETERMINABLE)


def naming_not_conformant(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name a facility that is not conformant."""
    return _naming(facilities, not_conformant)


def naming_not_conformant_there(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name a facility in a covered country that is not conformant."""
    return _naming(facilities, lambda facility: in_covered_country(facility) and not_conformant(facility))


def is_recognized(facility: Facility) -> bool:
    """Whether it is conformant by another program's assessment, which RMI recognizes."""
    listed = facility.listed
    if listed is None or facility.status is not Status.CONFORMANT:
        return False
    basis = listed.assessment.basis
    return listed.listed_as is Listing.CROSS_RECOGNIZED or (bool(basis) and ASSESSED_BY_RMI not in basis.upper())


def recognized_programs(facilities: Iterable[Facility]) -> list[str]:
    """The programs that recognized facilities were assessed under, as far as the list names them."""
    bases = {facility.listed.assessment.basis for facility in facilities if facility.listed and is_recognized(facility)}
    return sorted(basis for basis in bases if basis and ASSESSED_BY_RMI not in basis.upper())


def _naming(facilities: Iterable[Facility], fits: Callable[[Facility], bool]) -> set[str]:
    return {supplier for facility in facilities if fits(facility) for supplier in facility.suppliers}
