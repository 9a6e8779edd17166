"""What suppliers say of their sourcing, held against what their own declarations name; and how old statuses are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from tracelode.picture.facilities import Facility
from tracelode.smelters.countries import countries
from tracelode.smelters.status import ASSESSED_BY_RMI, Listing, SmelterList, Status


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


def naming_not_conformant(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name a facility that is not conformant."""
    return _naming(facilities, not_conformant)


def naming_not_conformant_there(facilities: Iterable[Facility]) -> set[str]:
    """The suppliers that name a facility in a covered country that is not conformant."""
    return _naming(facilities, lambda facility: in_covered_country(facility) and not_conformant(facility))


AGAINST_NOT_SOURCING: Final[Mapping[str, Callable[[Iterable[Facility]], set[str]]]] = MappingProxyType(
    {"not_sourcing_but_naming_there": naming_there, "not_sourcing_but_stating_origin_there": stating_origin_there}
)
"""What stands against "does not source from the covered countries", by the figure that counts it."""
AGAINST_ATTESTING: Final[Mapping[str, Callable[[Iterable[Facility]], set[str]]]] = MappingProxyType(
    {
        "attesting_but_naming_not_conformant": naming_not_conformant,
        "attesting_but_naming_not_conformant_there": naming_not_conformant_there,
    }
)
"""What stands against, or beside, "from conformant facilities alone", by the figure that counts it."""


def contradictions(
    declining: Collection[str], attesting: Collection[str], facilities: Collection[Facility]
) -> dict[str, int]:
    """How many of those that say the one or the other declare what does not go with it, by the figure's name."""
    return {
        name: len(naming(facilities) & set(saying))
        for saying, against in ((declining, AGAINST_NOT_SOURCING), (attesting, AGAINST_ATTESTING))
        for name, naming in against.items()
    }


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


def status_dates(facilities: Iterable[Facility], smelter_list: SmelterList) -> dict[str, dict[str, str]]:
    """The first and last as-of date (ISO) of the facilities of each listed status; "" where none is dated."""
    found = tuple(facilities)
    dates: dict[str, dict[str, str]] = {}
    for status in (Status.CONFORMANT, Status.ACTIVE):
        days = [
            day.isoformat()
            for facility in found
            if facility.status is status and facility.listed and (day := facility.listed.as_of or smelter_list.as_of)
        ]
        dates[status.value] = {"first": min(days, default=""), "last": max(days, default="")}
    return dates


def _naming(facilities: Iterable[Facility], fits: Callable[[Facility], bool]) -> set[str]:
    return {supplier for facility in facilities if fits(facility) for supplier in facility.suppliers}
