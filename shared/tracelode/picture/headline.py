"""The headline figures of a report in words, from its `figures.json` alone: for whoever is told of a report."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracelode.printing.wording import grouped, pluralized
from tracelode.smelters.status import PRINTED, Status, Vocabulary
from tracelode.submission import RESPONDED, State

FiguresDocument = Mapping[str, Any]
"""The content of a `figures.json` that was published, perhaps by an earlier release, which may have had fewer figures.

Whoever makes a report has `Figures`; this is for whoever reads one.
"""


def tell_headline(document: FiguresDocument, places: Sequence[str] | None = None) -> dict[str, str]:
    """The lines by their label, in order, as far as the document has their figures; `places` as in `tell_risk`."""
    lines: Mapping[str, Callable[[FiguresDocument], str]] = {
        "Responses": tell_responses,
        "Facilities": tell_facilities,
        "At greater risk": lambda told: tell_risk(told, places),
        "Suppliers": tell_states,
        "Unidentified lines": lambda told: str(told["smelters"]["unidentified_lines"]),
    }
    found: dict[str, str] = {}
    for label, tell in lines.items():
        try:
            found[label] = tell(document)
        except (KeyError, ValueError):
            continue
    return found


def tell_responses(document: FiguresDocument) -> str:
    """For example `7 of 7`."""
    suppliers = document["suppliers"]
    return f"{grouped(suppliers['responded'])} of {grouped(suppliers['surveyed'])}"


def tell_facilities(document: FiguresDocument, *, words: bool = True) -> str:
    """For example `310 facilities = 241 Compliant + 14 Active + 55 Indeterminable`, or without the words."""
    smelters, printed = document["smelters"], PRINTED[Vocabulary(document["vocabulary"])]
    counts = {status: grouped(smelters[status.value]) for status in Status}
    parts = " + ".join(f"{counts[status]} {printed[status]}" if words else counts[status] for status in Status)
    return f"{grouped(smelters['total'])} {pluralized(smelters['total'], 'facility')} = {parts}"


def tell_risk(document: FiguresDocument, places: Sequence[str] | None = None) -> str:
    """For example `4 indeterminable in Africa`; without the places where they are not given."""
    number = f"{document['smelters']['indeterminable_at_risk']} indeterminable"
    return number if places is None else f"{number} in {', '.join(places) or 'no place'}"


def tell_states(document: FiguresDocument) -> str:
    """For example `4 accepted, 1 accepted with remarks, 1 needs correction, 0 rejected, 1 awaiting`."""
    suppliers = document["suppliers"]
    states = (*RESPONDED, State.REJECTED, State.AWAITING)
    # A release before 0.3.0 counted with the accepted who had remarks.
    told = (state for state in states if state in suppliers or state is not State.ACCEPTED_WITH_REMARKS)
    return ", ".join(f"{grouped(suppliers[state.value])} {state.words}" for state in told)
