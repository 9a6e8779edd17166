"""Form SD and its Exhibit 1.01, the Conflict Minerals Report (17 CFR 240.13p-1; 17 CFR 249b.400).

Both are pure ASCII with numeric entities, in plain HTML 3.2 tags without script, style sheet, nested table or link, as
EDGAR takes them (EDGAR Filer Manual, volume II, 5.2.2).
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.minerals import Mineral
from tracelode.own_text.blanks import filled
from tracelode.own_text.claims import Claims
from tracelode.own_text.language import Block
from tracelode.own_text.own_sections import PlacedSections, placed_sections
from tracelode.own_text.sections import SECTIONS
from tracelode.picture.conclusion import of_undeclared_metals
from tracelode.picture.edition import ORES, WORDS, items
from tracelode.picture.facilities import Facility, revised_away
from tracelode.picture.figures.figures import Figures
from tracelode.picture.figures.smelter_list import Days, days_of
from tracelode.picture.interpretation import Interpretation
from tracelode.picture.statements import in_covered_country, recognized_programs
from tracelode.printing.templating import render
from tracelode.printing.wording import in_words, listed, pluralized, singular_of
from tracelode.report.filing.origin_told import answers_by_metal, metals_left_open, standing_against
from tracelode.smelters.countries import Country, countries, covered_countries
from tracelode.smelters.status import PRINTED_LISTING, Status
from tracelode.sources.program import Risk
from tracelode.template_kind import CMRT

FACILITIES_NAMED_AT_MOST = 10
"""At-risk facilities that the exhibit names in a sentence; of more it names the countries."""

_NAMES_THE_REPORT = re.compile(r"\b1\.01\b|conflict\s+minerals\s+report", re.IGNORECASE)
_SECTION_TAGS = re.compile(rb'<section id="[a-z0-9-]+">\n|\n</section>')
_NAMED_ENTITIES = {"&amp;": "&#38;", "&lt;": "&#60;", "&gt;": "&#62;", "&quot;": "&#34;"}


def form_sd(interpretation: Interpretation, figures: Figures, own: PlacedSections | None = None) -> bytes:
    """The main document, `form-sd.htm`, with the team's own sections: `own`, or else those of the interpretation."""
    return as_filed(form_sd_by_section(interpretation, figures, own))


def exhibit(interpretation: Interpretation, figures: Figures, own: PlacedSections | None = None) -> bytes:
    """The Conflict Minerals Report, `exhibit-1-01.htm`, with the team's own sections as in `form_sd`."""
    return as_filed(exhibit_by_section(interpretation, figures, own))


def form_sd_by_section(interpretation: Interpretation, figures: Figures, own: PlacedSections | None = None) -> bytes:
    """`form_sd` before it is filed: each section stands in an element `section`, whose id is the section's name."""
    return _document("report/filing/form_sd/form-sd.htm.j2", interpretation, figures, own)


def exhibit_by_section(interpretation: Interpretation, figures: Figures, own: PlacedSections | None = None) -> bytes:
    """`exhibit` before it is filed, as `form_sd_by_section`."""
    return _document("report/filing/exhibit/exhibit-1-01.htm.j2", interpretation, figures, own)


def as_filed(document: bytes) -> bytes:
    """A document without the elements that part its sections, which HTML 3.2 does not have."""
    return _SECTION_TAGS.sub(b"", document)


def _document(
    template: str, interpretation: Interpretation, figures: Figures, own: PlacedSections | None = None
) -> bytes:
    placed = placed_sections(interpretation, figures) if own is None else own
    filed = report_is_filed(interpretation, figures, placed)
    html = render(template, **_names(interpretation, figures), report_filed=filed, own_texts=placed.texts)
    for named, numeric in _NAMED_ENTITIES.items():
        html = html.replace(named, numeric)
    return html.encode("ascii", "xmlcharrefreplace")


def determined_without_report(interpretation: Interpretation, figures: Figures) -> bool:
    """Whether the form determines that no report is called for (Item 1.01(b)): as stated, while it can be."""
    return interpretation.facts.program.edition.without_report and Claims(figures).origin_ruled_out


def report_is_filed(interpretation: Interpretation, figures: Figures, own: PlacedSections) -> bool:
    """Whether the Conflict Minerals Report is an exhibit of the form: not if the form determines that none is called
    for, nor if the team's own text on the exhibits names none."""
    if determined_without_report(interpretation, figures):
        return False
    exhibits = own.texts.get("exhibits")
    return exhibits is None or any(
        _NAMES_THE_REPORT.search(sentence) for block in exhibits for sentence in block.sentences
    )


def risk_places(interpretation: Interpretation) -> tuple[str, ...]:
    """The places that the profile treats as presenting a greater risk, as they read in a sentence."""
    return places_of(interpretation.facts.program.risk)


def places_watched(risk: Risk) -> tuple[str, ...]:
    """Where an indeterminable facility counts as being at greater risk, as it reads in a sentence: the profile's places
    of risk, and the covered countries, unless they all lie in one of these."""
    covered = {country.continent for country in covered_countries()} <= set(risk.continents)
    return (*places_of(risk), *(() if covered else ("the Covered Countries",)))


def places_of(risk: Risk) -> tuple[str, ...]:
    """Places of risk as they read in a sentence: continents, then countries, none by its code."""
    known = countries()
    return (*risk.continents, *(known[code].in_prose if code in known else code for code in risk.countries))


def _names(interpretation: Interpretation, figures: Figures) -> dict[str, Any]:
    program = interpretation.facts.program
    known = countries()
    at_risk = [facility for facility in interpretation.facilities if facility.at_risk]
    there = [facility for facility in interpretation.facilities if in_covered_country(facility)]
    revised = revised_away(interpretation.facilities, interpretation.facts.revisions)
    terms = program.narrative.supplier_term or "suppliers"
    in_products = [metal for metal in ORES if metal in figures.metals.in_products]
    printed = filled(program)
    return {
        **printed,
        "year": program.year,
        "figures": figures,
        "claim": Claims(figures),
        "words": WORDS[program.vocabulary],
        "edition": program.edition,
        "amendment": printed["edition"] if program.edition.amends else None,
        "items": items(program.year, program.edition.exhibits_item),
        "section": _section,
        "narrative": program.narrative,
        "covered_products": printed["narrative"]["covered_products"],
        "supplier": singular_of(terms),
        "suppliers": terms,
        "ores": list(ORES.values()),
        "ores_in_products": [ORES[metal] for metal in in_products],
        "minerals_in_products": _minerals(in_products),
        "metals_left_open": metals_left_open(figures),
        "answers_by_metal": answers_by_metal(figures),
        "against": standing_against(figures, singular_of(terms), terms),
        "determined_without_report": determined_without_report(interpretation, figures),
        "covered_countries": [country.in_prose for country in covered_countries()],
        "risk_places": risk_places(interpretation),
        "places_watched": places_watched(program.risk),
        "facilities_there": [_named_with_status(facility) for facility in there]
        if len(there) <= FACILITIES_NAMED_AT_MOST
        else [],
        "places_there": _country_names(there),
        "covered_origins": sorted(
            known[code].in_prose for code in figures.smelters.declared_origins.by_country if known[code].covered
        ),
        "undeclared_metals": sorted(
            {facility.facility.metal.lower() for facility in of_undeclared_metals(interpretation)}
        ),
        "revised_away": [f"{facility.name} ({facility.facility.cid})" for facility, _ in revised],
        "revised_away_named": len(revised) <= FACILITIES_NAMED_AT_MOST,
        "on_lists_elsewhere": _on_lists(figures),
        "list_dates": list_dates(figures),
        "recognized_programs": recognized_programs(interpretation.facilities),
        "risk_places_found": _places_found(interpretation, at_risk),
        "facilities_at_risk": [_named(facility) for facility in at_risk]
        if len(at_risk) <= FACILITIES_NAMED_AT_MOST
        else [],
        "countries_at_risk": _country_names(at_risk),
        "covered_countries_at_risk": _country_names(
            [facility for facility in at_risk if facility.country and facility.country.covered]
        ),
        "facilities": interpretation.facilities,
        "metals": sorted(ORES),
        "printed_listings": PRINTED_LISTING[program.vocabulary],
        "template_versions": _newest_first(figures.declarations.template_versions),
        "declared_origins": _most_stated_first(figures.smelters.declared_origins.by_country),
        "changes_to": _changes_to(figures, WORDS[program.vocabulary].conformant),
    }


@pass_context
def _section(context: Context, name: str) -> Markup:
    """The text of a section: the team's own where it is in place, else the section's template filled."""
    own: Mapping[str, tuple[Block, ...]] = context["own_texts"]
    if name in own:
        html = render("report/filing/own_text.j2", blocks=own[name])
    else:
        html = context.environment.get_template(SECTIONS[name]).render(context.get_all())
    # Either template has escaped what it was filled with.
    return Markup(f'<section id="{name}">\n{html.strip()}\n</section>' if html.strip() else "")  # noqa: S704


def _newest_first(versions: Mapping[str, int]) -> list[tuple[str, int]]:
    """Template versions with their numbers, the newest first, what is no version last."""

    def age(version: str) -> tuple[bool, TemplateVersion, str]:
        parsed = TemplateVersion.parse(CMRT, version)
        return (parsed is not None, parsed or TemplateVersion(CMRT, Decimal(0)), version)

    return sorted(versions.items(), key=lambda item: age(item[0]), reverse=True)


def _most_stated_first(numbers: Mapping[str, int]) -> list[tuple[Country, int]]:
    known = countries()
    return [(known[code], numbers[code]) for code in sorted(numbers, key=lambda c: (-numbers[c], known[c].in_prose))]


def _changes_to(figures: Figures, conformant: str) -> list[str]:
    """What the facilities whose status changed since last year are now, as parts of a sentence."""
    numbers = figures.last_year.changed_to if figures.last_year else {}
    return [
        f"{in_words(number)} {pluralized(number, 'is', 'are')} now "
        f"{conformant if status is Status.CONFORMANT else status.value}"
        for status, number in numbers.items()
        if number
    ]


def _on_lists(figures: Figures) -> dict[str, str]:
    """By each list's quoted name, how many facilities outside of the risk places lie in a country of it, in words."""
    numbers = figures.smelters.indeterminable_elsewhere_on_risk_lists
    return {
        f"“{name}”": f"{in_words(number)} {pluralized(number, 'lies', 'lie')} in a country on “{name}”"
        for name, number in numbers.items()
        if number
    }


def list_dates(figures: Figures) -> Days:
    """The first and last date of the rows of every facility that is printed, and of the list's own date."""
    dates, as_of = figures.smelter_list.dates, figures.smelter_list.as_of
    used = (dates.conformant, dates.active, dates.indeterminable, Days(as_of, as_of))
    return days_of(day for days in used for day in (days.first, days.last) if day)


def _minerals(metals: Sequence[Mineral]) -> str:
    """The ores of metals, and the metals that are derived from one of them: minerals of the Rule as well."""
    derived = [metal for metal in metals if metal != Mineral.GOLD]
    if len(metals) == 1:
        return ", or ".join([ORES[metals[0]], *(f"{metal.lower()} derived from it" for metal in derived)])
    sources = [f"{metal.lower()} derived from {ORES[metal].partition(' (')[0]}" for metal in derived]
    return ", or ".join(filter(None, (listed([ORES[metal] for metal in metals]), listed(sources, "or"))))


def _named_with_status(facility: Facility) -> str:
    return f"{_named(facility).removesuffix(')')}; {facility.printed_status.lower()})"


def _named(facility: Facility) -> str:
    place = facility.country.in_prose if facility.country else facility.printed_country
    return f"{facility.name} ({facility.facility.metal.lower()}, {place})"


def _places_found(interpretation: Interpretation, at_risk: list[Facility]) -> list[str]:
    lying_in = [facility.country for facility in at_risk if facility.country]
    continents = [
        continent
        for continent in interpretation.facts.program.risk.continents
        if any(country.continent == continent for country in lying_in)
    ]
    return [*continents, *sorted({country.in_prose for country in lying_in if country.continent not in continents})]


def _country_names(facilities: list[Facility]) -> list[str]:
    return sorted({facility.country.in_prose for facility in facilities if facility.country})
