"""The headline figures of a report in words, from `figures.json` alone: for whoever is told of a report."""

from collections.abc import Mapping
from typing import Any

from tracelode.printing.wording import grouped, pluralized
from tracelode.smelters.status import PRINTED, Status, Vocabulary
from tracelode.submission import State


def responses(figures: Mapping[str, Any]) -> str:
    """For example `7 of 7`."""
    suppliers = figures["suppliers"]
    return f"{grouped(suppliers['responded'])} of {grouped(suppliers['surveyed'])}"


def facilities_in_one_line(figures: Mapping[str, Any]) -> str:
    """For example `310 facilities = 241 Compliant + 14 Active + 55 Indeterminable`."""
    smelters = figures["smelters"]
    words = PRINTED[Vocabulary(figures["vocabulary"])]
    parts = " + ".join(f"{grouped(smelters[status.value])} {words[status]}" for status in Status)
    return f"{grouped(smelters['total'])} {pluralized(smelters['total'], 'facility')} = {parts}"


def supplier_states(figures: Mapping[str, Any]) -> str:
    """For example `5 accepted, 1 needs correction, 0 rejected, 1 awaiting`."""
    suppliers = figures["suppliers"]
    states = (State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED, State.AWAITING)
    return ", ".join(f"{grouped(suppliers[state.value])} {state.value.replace('_', ' ')}" for state in states)
