"""How figures of where minerals are declared to come from came about."""

from typing import Final

from tracelode.report.trace import evidence
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import Explanation

OF_ORIGINS: Final[tuple[Explanation, ...]] = (
    Explanation(
        "smelters.declared_origins.facilities", "Facilities for whose mineral a supplier declares a country of origin.",
        rules.ORIGIN, evidence.those(lambda facility, _: bool(facility.origins.countries), "column:mine_country"),
    ),
    Explanation(
        "smelters.declared_origins.countries", "Countries that suppliers declare as origin of the mineral.",
        rules.ORIGIN, evidence.origins,
    ),
    Explanation(
        "smelters.declared_origins.covered_countries",
        "Covered Countries that suppliers declare as origin of the mineral.", rules.ORIGIN, evidence.covered_origins,
    ),
    Explanation(
        "smelters.declared_origins.facilities_from_covered_countries",
        "Facilities for which a supplier declares a Covered Country as origin of the mineral.", rules.ORIGIN,
        evidence.from_covered_countries,
    ),
    Explanation(
        "smelters.declared_origins.by_country.{country}",
        "Facilities for which a supplier declares {country} as origin of the mineral.", rules.ORIGIN, evidence.those(
            lambda facility, values: values["country"] in facility.origins.countries, "column:mine_country"
        ),
    ),
    Explanation(
        "smelters.declared_origins.statements.{statement}",
        "Facilities of whose mineral a supplier states, instead of a country: {statement}.", rules.ORIGIN,
        evidence.with_statement,
    ),
)  # fmt: skip
