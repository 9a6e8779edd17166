"""The headline figures of a report, in words: for the table after a run and for what changed in watch mode."""

from collections.abc import Mapping
from typing import Any

from tracelode.minerals import ANNEX_MINERALS
from tracelode.picture.headline import facilities_in_one_line, responses, supplier_states
from tracelode.printing.wording import grouped, pluralized
from tracelode.report.filing.filing import places_of
from tracelode.smelters.status import Status
from tracelode.sources.program import Program


def at_risk(figures: Mapping[str, Any], program: Program) -> str:
    """For example `4 indeterminable in Africa`."""
    places = ", ".join(places_of(program.risk)) or "no place"
    return f"{figures['smelters']['indeterminable_at_risk']} indeterminable in {places}"


def sentence(figures: Mapping[str, Any], program: Program) -> str:
    """For example `7 of 7 responses, 310 facilities = 241 + 14 + 55, 4 indeterminable in Africa`."""
    smelters = figures["smelters"]
    sum_of = " + ".join(grouped(smelters[status.value]) for status in Status)
    named = f"{grouped(smelters['total'])} {pluralized(smelters['total'], 'facility')}"
    return f"{responses(figures)} responses, {named} = {sum_of}, {at_risk(figures, program)}"


def headline(figures: Mapping[str, Any], program: Program) -> Mapping[str, str]:
    """The lines of the summary by their label, in order."""
    return {
        "Responses": responses(figures),
        "Facilities": facilities_in_one_line(figures),
        "At greater risk": at_risk(figures, program),
        "Suppliers": supplier_states(figures),
        "Unidentified lines": str(figures["smelters"]["unidentified_lines"]),
    }


def by_metal(figures: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """A row for each metal: its name, total, and the count for each status in the order of Status."""
    rows = figures["smelters"]["by_metal"]
    return tuple(
        (metal.value, str(rows[metal]["total"]), *(str(rows[metal][status.value]) for status in Status))
        for metal in ANNEX_MINERALS
        if metal in rows
    )


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """What is different between two headlines, a line each."""
    return tuple(
        f"{label}: {before[label]} -> {text}" for label, text in after.items() if before.get(label, text) != text
    )
