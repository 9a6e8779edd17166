"""What an edition calls things, and how its Form SD numbers its items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracelode.minerals import ANNEX_MINERALS, Mineral
from tracelode.smelters.countries import Country, country_of
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import Program


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

ORES: Mapping[Mineral, str] = {
    Mineral.GOLD: "gold",
    Mineral.TANTALUM: "columbite-tantalite (coltan)",
    Mineral.TIN: "cassiterite",
    Mineral.TUNGSTEN: "wolframite",
}
"""What the metals are won from, in the order of the statute (Dodd-Frank Act, section 1502(e)(4))."""


def reported_metals(_: Program) -> tuple[Mineral, ...]:
    """The metals that a program's report is about, in the annex's order: those of which figures are counted apart.

    A Conflict Minerals Report is about these four, whatever else suppliers declare (Form SD, Item 1.01(d)(3)).
    """
    return ANNEX_MINERALS


@dataclass(frozen=True, slots=True)
class Items:
    """The numbering of a Form SD: where the exhibits stand, and whether Section 2 is on resource extraction.

    `both_rules` says whether the cover has the box of Rule 13q-1 beside that of Rule 13p-1.
    """

    exhibits_section: int
    exhibits_item: str
    resource_extraction: bool
    both_rules: bool


_RESOURCE_EXTRACTION_SINCE = 2020
"""Reports for this year and later are filed on the form with Rule 13q-1 (in effect since March 16, 2021)."""


def items(year: int, exhibits_item: str = "") -> Items:
    """The numbering for a report on `year` (Form SD, general instruction B; exhibits moved from 2.01 to 3.01).

    An `exhibits_item` that is not "" counts whatever the year is: some registrants kept 2.01.
    """
    both_rules = year >= _RESOURCE_EXTRACTION_SINCE
    item = exhibits_item or ("3.01" if both_rules else "2.01")
    section = int(item.partition(".")[0])
    return Items(exhibits_section=section, exhibits_item=item, resource_extraction=section > 2, both_rules=both_rules)


def country_name(country: Country, vocabulary: Vocabulary) -> str:
    """The form in which an edition's lists print a country."""
    return country.name_2016 if vocabulary is Vocabulary.CFSP_2016 else country.name


def printed_country(spellings: Sequence[str], vocabulary: Vocabulary) -> str:
    """The country that the first spelling understood names, as an edition prints it; else the first text there is."""
    country = next(filter(None, map(country_of, spellings)), None)
    return country_name(country, vocabulary) if country else next(filter(None, spellings), "")
