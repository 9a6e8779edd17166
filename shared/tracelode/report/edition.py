"""What an edition calls things, and how its Form SD numbers its items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracelode.metals import Metal
from tracelode.reference.program import Vocabulary
from tracelode.smelters.countries import Country, country_of


@dataclass(frozen=True, slots=True)
class Words:
    """The names of an edition: who runs the assessment program, what it is called, what it calls a good result."""

    initiative: str
    initiative_short: str
    program: str
    program_short: str
    conformant: str


WORDS: Mapping[Vocabulary, Words] = {
    Vocabulary.CFSP_2016: Words(
        initiative="Conflict-Free Sourcing Initiative",
        initiative_short="CFSI",
        program="Conflict-Free Smelter Program",
        program_short="CFSP",
        conformant="compliant",
    ),
    Vocabulary.RMAP: Words(
        initiative="Responsible Minerals Initiative",
        initiative_short="RMI",
        program="Responsible Minerals Assurance Process",
        program_short="RMAP",
        conformant="conformant",
    ),
}

ORES: Mapping[Metal, str] = {
    Metal.GOLD: "gold",
    Metal.TANTALUM: "columbite-tantalite (coltan)",
    Metal.TIN: "cassiterite",
    Metal.TUNGSTEN: "wolframite",
}
"""What the metals are won from, in the order of the statute (Dodd-Frank Act, section 1502(e)(4))."""


@dataclass(frozen=True, slots=True)
class Items:
    """The numbering of a Form SD: where the exhibits stand, and whether the form knows resource extraction."""

    exhibits_section: int
    exhibits_item: str
    resource_extraction: bool


_RESOURCE_EXTRACTION_SINCE = 2020
"""Reports for this year and later are filed on the form with Rule 13q-1 (in effect since March 16, 2021)."""


def items(year: int) -> Items:
    """The numbering for a report on `year` (Form SD, general instruction B; exhibits moved from 2.01 to 3.01)."""
    if year < _RESOURCE_EXTRACTION_SINCE:
        return Items(exhibits_section=2, exhibits_item="2.01", resource_extraction=False)
    return Items(exhibits_section=3, exhibits_item="3.01", resource_extraction=True)


def country_name(country: Country, vocabulary: Vocabulary) -> str:
    """The form in which an edition's lists print a country."""
    return country.name_2016 if vocabulary is Vocabulary.CFSP_2016 else country.name


def printed_country(spellings: Sequence[str], vocabulary: Vocabulary) -> str:
    """The country that the first spelling understood names, as an edition prints it; else the first text there is."""
    country = next(filter(None, map(country_of, spellings)), None)
    return country_name(country, vocabulary) if country else next(filter(None, spellings), "")
