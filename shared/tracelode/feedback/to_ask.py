"""What the compliance team has to ask each supplier about its smelters: the next round of outreach, line by line."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracelode.feedback.smelter_notes import knows_unlisted
from tracelode.picture.edition import WORDS
from tracelode.picture.facilities import Facility, lapses_before_filing
from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.identity import Resolution
from tracelode.smelters.status import FacilityId, Status
from tracelode.smelters.suggestions import Suggestion
from tracelode.sources.program import due_date


class AskedAbout(StrEnum):
    """Why a supplier is asked, in the order in which it is."""

    NOT_RECOGNISED = "smelter not recognised"
    NOT_A_SMELTER = "decided: not a smelter"
    NOT_CONFORMANT = "not conformant"
    LAPSES = "status lapses before filing"


@dataclass(frozen=True, slots=True)
class ToAsk:
    """One thing to ask a supplier, about one name as declared or about all facilities of which the same is asked.

    `which` names them, `count` says how many they are; `lines` is 0 for facilities, of which lines tell nothing.
    """

    supplier_id: str
    supplier: str
    matter: AskedAbout
    metal: str
    status: str
    count: int
    which: str
    lines: int
    ask: str


def to_ask(interpretation: Interpretation) -> tuple[ToAsk, ...]:
    """What to ask the suppliers in scope, by supplier; in each the names to clear up first, then its facilities."""
    names = {view.supplier_id: view.name for view in interpretation.suppliers}
    order = list(AskedAbout)
    asked = [*_unclear(interpretation, names), *_about_facilities(interpretation, names)]
    return tuple(
        sorted(
            asked,
            key=lambda item: (
                item.supplier_id,
                order.index(item.matter),
                item.metal,
                item.status,
                item.ask,
                item.which,
            ),
        )
    )


def _unclear(interpretation: Interpretation, names: dict[str, str]) -> Iterator[ToAsk]:
    resolutions = [name.resolution for name in interpretation.unidentified if name.resolution]
    for matter, resolution in [
        *((AskedAbout.NOT_RECOGNISED, resolution) for resolution in resolutions),
        *((AskedAbout.NOT_A_SMELTER, name.resolution) for name in interpretation.dismissed),
    ]:
        identity = resolution.identity
        ask = _which(resolution) if matter is AskedAbout.NOT_RECOGNISED else _INSTEAD
        declared = ", ".join(filter(None, (identity.name, identity.cid, identity.country)))
        for supplier_id, lines in interpretation.seating.lines(identity).items():
            supplier = names.get(supplier_id, supplier_id)
            yield ToAsk(supplier_id, supplier, matter, identity.metal, "", 1, declared, lines, ask)


def _about_facilities(interpretation: Interpretation, names: dict[str, str]) -> Iterator[ToAsk]:
    program = interpretation.facts.program
    due = due_date(program.year).isoformat()
    nowhere = unheard_of(interpretation)
    together: dict[tuple[AskedAbout, str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for facility in interpretation.facilities:
        which = f"{facility.facility.cid} {facility.name}"
        if facility.status is not Status.CONFORMANT:
            matter = AskedAbout.NOT_CONFORMANT
            ask = _status(facility, WORDS[program.vocabulary].conformant, facility.facility not in nowhere)
        elif lapses_before_filing(facility, program) and facility.lapses_on:
            matter, ask = AskedAbout.LAPSES, _LAPSES.format(due=due)
            which = f"{which} ({facility.lapses_on.isoformat()})"
        else:
            continue
        of_supplier = together[matter, facility.facility.metal.value, facility.printed_status, ask]
        for supplier_id in facility.suppliers:
            of_supplier[supplier_id].append(which)
    for (matter, metal, status, ask), by_supplier in together.items():
        for supplier_id, which_ones in by_supplier.items():
            yield ToAsk(
                supplier_id, names.get(supplier_id, supplier_id), matter, metal, status, len(which_ones),
                "; ".join(which_ones), 0, ask,
            )  # fmt: skip


_INSTEAD = "Ask which facility processes the metal: the name is not a smelter's."
_LAPSES = "Ask whether assessments are planned: the present ones run out on the days given, before {due}."
_ACTIVE = "Ask when the results are expected, and whether the metal can come from a {word} facility."
_NOT_ASSESSED = (
    "Ask whether these are really in the supply chain; if so, to have them assessed or to move to a {word} facility; "
    "if not, to delete them."
)
_NOT_LISTED = "Ask to check the CIDs, which no loaded list or template has, and where the facilities lie."


def _status(facility: Facility, conformant: str, known: bool) -> str:
    not_assessed = _NOT_ASSESSED if known else f"{_NOT_LISTED} {_NOT_ASSESSED}"
    ask = _ACTIVE if facility.status is Status.ACTIVE else not_assessed
    return ask.format(word=conformant)


def unheard_of(interpretation: Interpretation) -> frozenset[FacilityId]:
    """The facilities that no loaded list or template has; none where nothing is loaded that could tell."""
    facts = interpretation.facts
    if not knows_unlisted(facts.known, facts.smelter_list):
        return frozenset()
    return frozenset(
        facility.facility
        for facility in interpretation.facilities
        if not facility.on_list and not facts.known.facility(facility.facility)
    )


def _which(resolution: Resolution) -> str:
    if not resolution.suggestions:
        return "Ask for the CID and the standard name of the facility that is meant; no known name comes close."
    meant = " or ".join(f'{item.facility.cid} "{item.name}"{item.authority}' for item in resolution.suggestions)
    return f"Ask which facility is meant: {meant}?"


def shown(suggestion: Suggestion) -> str:
    """A suggestion on one line: CID, name and country, and whether only suppliers know it."""
    country = f" ({suggestion.country})" if suggestion.country else ""
    return f"{suggestion.facility.cid} {suggestion.name}{country}{suggestion.authority}"
