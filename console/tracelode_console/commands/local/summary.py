"""The headline figures of a report, in words: for the table after a run and for what changed in watch mode."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracelode.picture.headline import FiguresDocument, tell_facilities, tell_headline, tell_responses, tell_risk
from tracelode.printing.printable import printable
from tracelode.report.filing.filing import places_of
from tracelode.smelters.status import PRINTED, Status
from tracelode.sources.program import Program
from tracelode_console.commands.local.mirror import Report


def sentence(figures: FiguresDocument, program: Program) -> str:
    """For example `7 of 7 responses, 310 facilities = 241 + 14 + 55, 4 indeterminable in Africa`."""
    named, at_risk = tell_facilities(figures, words=False), tell_risk(figures, places_of(program.risk))
    return f"{tell_responses(figures)} responses, {named}, {at_risk}"


def headline(figures: FiguresDocument, program: Program) -> Mapping[str, str]:
    """The lines of the summary by their label, in order."""
    return tell_headline(figures, places_of(program.risk))


def by_metal(figures: FiguresDocument) -> tuple[tuple[str, ...], ...]:
    """A row for each metal: its name, total, and the count for each status in the order of Status."""
    return tuple(
        (metal, str(counts["total"]), *(str(counts[status.value]) for status in Status))
        for metal, counts in sorted(figures["smelters"]["by_metal"].items())
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
