"""The headline figures of a report, in words: for the table after a run and for what changed in watch mode."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracelode.metals import ALPHABETICAL
from tracelode.picture.headline import facilities_in_one_line, responses, supplier_states
from tracelode.printing.printable import printable
from tracelode.printing.wording import grouped, pluralized
from tracelode.report.filing.filing import places_of
from tracelode.smelters.status import PRINTED, Status
from tracelode.sources.program import Program
from tracelode_console.commands.local.mirror import Report


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
        for metal in ALPHABETICAL
        if metal in rows
    )


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """What is different between two headlines, a line each."""
    return tuple(
        f"{label}: {before[label]} -> {text}" for label, text in after.items() if before.get(label, text) != text
    )


def print_summary(out: Console, report: Report, program: Program) -> None:
    """Print the headline figures, the metals by status, and where the report is."""
    title = f"{program.registrant.name or 'Conflict minerals report'}, {program.year}"
    lines = Table(box=box.SIMPLE if out.is_terminal else None, show_header=False)
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    for label, text in headline(report.figures, program).items():
        lines.add_row(label, Text(text))
    metals = Table(box=box.SIMPLE if out.is_terminal else None)
    words = PRINTED[program.vocabulary]
    for heading in ("Metal", "Total", *(words[status] for status in Status)):
        metals.add_column(heading, justify="left" if heading == "Metal" else "right")
    for row in by_metal(report.figures):
        metals.add_row(*row)
    out.print(Text(printable(f"{title}: {sentence(report.figures, program)}"), style="bold"))
    out.print(lines)
    out.print(metals)
    out.print(Text(f"Report: {report.folder / 'index.html'}"))
