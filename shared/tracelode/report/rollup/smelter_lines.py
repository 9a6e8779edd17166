"""The lines of a roll-up's Smelter List: every facility once, and once a metal that some are not yet identified."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracelode.minerals import ANNEX_MINERALS, Mineral
from tracelode.picture.facilities import Facility
from tracelode.printing.printable import looks_like_formula, printable
from tracelode.printing.wording import counted
from tracelode.report.rollup.answers import UNKNOWN, MetalAnswers
from tracelode.smelters.countries import countries
from tracelode.smelters.origin import OriginKind
from tracelode.sources.official_template import LookedUp, OfficialTemplate

NOT_LISTED = "Smelter not listed"
NOT_YET_IDENTIFIED = "Smelter not yet identified"
RECYCLED_COUNTRY = "Recycled or scrap"
CONFIRMED = "RCOI confirmed as per RMI"
SOURCE = "RMI"
"""Who gives out CIDs (CMRT 6.x, Smelter Look-up column F)."""
_LONGEST = 255
_WILDCARDS = re.compile(r"[*?~]")


@dataclass(frozen=True, slots=True)
class SmelterEntry:
    """What is typed into a line of the Smelter List; "" leaves a cell to the template.

    `known` is the look-up tab's row for the CID in column A, None for a line that the tab does not complete.
    """

    metal: Mineral
    cid: str = ""
    look_up: str = ""
    name: str = ""
    country: str = ""
    identification: str = ""
    mine: str = ""
    mine_country: str = ""
    recycled: str = ""
    comments: str = ""
    known: LookedUp | None = None


def smelter_entries(
    facilities: Sequence[Facility], answers: Sequence[MetalAnswers], template: OfficialTemplate
) -> tuple[SmelterEntry, ...]:
    """The lines by metal and CID; a metal in the products without any smelter has a line that says so."""
    by_metal = {answer.metal: answer for answer in answers}
    lines: list[SmelterEntry] = []
    for metal in ANNEX_MINERALS:
        named = [facility for facility in facilities if facility.facility.metal == metal]
        lines += [_line(facility, template) for facility in sorted(named, key=lambda f: f.facility.cid)]
        if by_metal[metal].in_products:
            lines += _not_yet_identified(by_metal[metal], any_named=bool(named))
    return tuple(lines)


def cell_text(text: str) -> str:
    """Untrusted text for a cell: on one line, no longer than a name can be, and never beginning like a formula.

    CMRT 6.5, Instructions A3: no entry begins with "=" or "#".
    """
    plain = printable(text)[:_LONGEST]
    while plain and (looks_like_formula(plain) or plain[0] in "#＃'"):
        plain = plain[1:].lstrip()
    return plain


def _line(facility: Facility, template: OfficialTemplate) -> SmelterEntry:
    mine, mine_country, recycled = _origin(facility)
    metal, cid = facility.facility.metal, facility.facility.cid
    known = template.by_cid.get(cid)
    if known and known.metal == metal:
        return SmelterEntry(metal, cid, mine=mine, mine_country=mine_country, recycled=recycled, known=known)
    return SmelterEntry(
        metal,
        look_up=NOT_LISTED,
        name=_unlisted_name(facility, template),
        country=_country(facility, template),
        identification=cid,
        mine=mine,
        mine_country=mine_country,
        recycled=recycled,
    )


def _unlisted_name(facility: Facility, template: OfficialTemplate) -> str:
    """A facility's name; with its CID where the sheet's formula would take it for a smelter that it lists.

    From 6.22 on, column V looks such a name up, where `*`, `?` and `~` are wildcards.
    """
    name = cell_text(facility.name)
    if not name:
        return facility.facility.cid
    if (facility.facility.metal, name.casefold()) in template.names or _WILDCARDS.search(name):
        return f"{_WILDCARDS.sub(' ', name).strip()} ({facility.facility.cid})"
    return name


def _country(facility: Facility, template: OfficialTemplate) -> str:
    """The country in the template's spelling; as declared where it has none, because row 69 of the Checker asks."""
    listed_there = template.countries.get(facility.country.code, "") if facility.country else ""
    return listed_there or cell_text(facility.printed_country) or UNKNOWN


def _origin(facility: Facility) -> tuple[str, str, str]:
    """Columns N, O and P: the mine, its country, and whether all is recycled (CMRT 6.5, Instructions A63 to A65).

    That all of it is recycled has to be said by everybody who names the facility, and by nobody a country.
    """
    origins = facility.origins
    named = ", ".join(sorted(countries()[code].name for code in origins.countries))
    recycling = origins.statements.get(OriginKind.RECYCLED, ())
    if named:
        return "", named, UNKNOWN if recycling else "No"
    if recycling and set(recycling) == set(facility.suppliers):
        return RECYCLED_COUNTRY, RECYCLED_COUNTRY, "Yes"
    country = CONFIRMED if OriginKind.CONFIRMED_BY_RMI in origins.statements else UNKNOWN
    return "", country, UNKNOWN if recycling else ""


def _not_yet_identified(answers: MetalAnswers, *, any_named: bool) -> Iterator[SmelterEntry]:
    lines = answers.unidentified_lines
    if lines:
        verb = "names" if lines == 1 else "name"
        said = f"{counted(lines, 'line')} of suppliers' declarations {verb} no smelter that could be identified."
        yield SmelterEntry(answers.metal, look_up=NOT_YET_IDENTIFIED, comments=said[:1].upper() + said[1:])
    elif not any_named:
        said = "Suppliers' declarations name no smelter of this metal."
        yield SmelterEntry(answers.metal, look_up=NOT_YET_IDENTIFIED, comments=said)
