"""Figures of where minerals are declared to come from. Where a facility lies is never among them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracelode.picture.facilities import Facility
from tracelode.smelters.countries import countries
from tracelode.smelters.origin import OriginKind


@dataclass(frozen=True, slots=True)
class OriginFigures:
    """For how many facilities an origin of the mineral is declared, and for how many one in a covered country.

    `by_country` counts facilities by ISO 3166 code; `statements` by what is stated instead of a country, which is an
    OriginKind's name in small letters; both have what occurs alone.
    """

    facilities: int
    countries: int
    covered_countries: int
    facilities_from_covered_countries: int
    by_country: Mapping[str, int]
    statements: Mapping[str, int]


def count_origins(facilities: Collection[Facility]) -> OriginFigures:
    """The figures of declared origins."""
    named = Counter(code for facility in facilities for code in facility.origins.countries)
    stated = Counter(kind for facility in facilities for kind in facility.origins.statements)
    known = countries()
    return OriginFigures(
        facilities=sum(bool(facility.origins.countries) for facility in facilities),
        countries=len(named),
        covered_countries=sum(known[code].covered for code in named),
        facilities_from_covered_countries=sum(
            any(known[code].covered for code in facility.origins.countries) for facility in facilities
        ),
        by_country={code: named[code] for code in sorted(named)},
        statements={kind.name.lower(): stated[kind] for kind in OriginKind if stated[kind]},
    )
