"""`tracelode status`: who answered, what is open, and what is still on its way."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.printing.wording import listed
from tracelode.submission import State
from tracelode_console.commands.everyday.which_system import DONE, OPEN, installation_of, refusals_told, year_of
from tracelode_console.desk.status import Status, SupplierLine, status_of
from tracelode_console.json_output import print_json

_STYLES: Final = {
    State.ACCEPTED: "green",
    State.ACCEPTED_WITH_REMARKS: "green",
    State.NEEDS_CORRECTION: "yellow",
    State.REJECTED: "bold red",
    State.AWAITING: "cyan",
}


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
    """Print the status; returns the exit status."""
    installation = installation_of(options)
    status = status_of(installation, year_of(options, installation), now=datetime.now(UTC))
    shown = [line for line in status.suppliers if line.next_step] if options.open else list(status.suppliers)
    if options.json:
        print_json(out, {**asdict(status), "suppliers": [asdict(line) for line in shown]})
    else:
        _print_head(out, status, installation.spoken)
        _print_suppliers(out, shown)
    return DONE if status.run else OPEN


def _print_head(out: Console, status: Status, spoken: str) -> None:
    out.print(Text(printable(f"{status.year}, {spoken}"), style="bold"))
    lines = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    for label, text, style in _head(status):
        lines.add_row(label, Text(text, style=style))
    out.print(lines)


def _head(status: Status) -> list[tuple[str, str, str]]:
    rows = [
        ("Responses", f"{status.responded} of {status.surveyed}", ""),
        ("Report", f"run {status.run}, made {_ago(status.age)}" if status.run else "none yet", ""),
        ("Due", _due(status), "bold red" if status.days_left < 0 else ""),
    ]
    rows += _frozen(status)
    for count, label, text in (
        (status.open_names, "Names to decide", "{} that no list knows: fill in to-decide.csv and drop it back"),
        (status.lapsing, "Lapsing", "{} conformant facilities whose audit runs out before the filing"),
        (status.status_changed, "Changed", "{} facilities whose status the newest list changed"),
        (status.groups_behind, "On its way", "{} groups of suppliers have something newer than the report"),
    ):
        if count:
            rows.append((label, text.format(count), ""))
    rows += [("Waiting", f"{count} notices of {about}", "") for about, count in status.pending.items() if count]
    rows += [
        ("Given up on", f"{count} in {name}: tracelode redrive", "bold red")
        for name, count in status.dead_letters.items()
        if count
    ]
    return rows


def _frozen(status: Status) -> list[tuple[str, str, str]]:
    frozen = status.frozen
    if frozen is None:
        return []
    if not frozen.readable:
        return [("To file", f"run {frozen.run or '?'}: a file of it is gone or damaged", "bold red")]
    named = f"run {frozen.run}, named on {frozen.at[:10]}{f' by {frozen.by}' if frozen.by else ''}"
    rows = [("To file", printable(f"{named}{f': {frozen.note}' if frozen.note else ''}"), "")]
    counts = (
        (frozen.figures, "figure", "figures"),
        (frozen.suppliers, "supplier", "suppliers"),
        (frozen.facilities, "facility", "facilities"),
        (frozen.passages, "passage of the text", "passages of the text"),
    )
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    if told:
        rows.append(("Since then", f"the report says otherwise in {listed(told)}: tracelode redline", ""))
    return rows


def _print_suppliers(out: Console, lines: list[SupplierLine]) -> None:
    if not lines:
        out.print("no supplier to show")
        return
    table = Table(box=box.SIMPLE if out.is_terminal else None, padding=(0, 1))
    for heading in ("Supplier", "Name", "State", "Received", "Errors", "Next"):
        table.add_column(heading, justify="right" if heading == "Errors" else "left", overflow="fold")
    for line in lines:
        table.add_row(
            Text(printable(line.supplier_id)),
            Text(printable(line.name)),
            Text(line.state.replace("_", " "), style=_STYLES[State(line.state)]),
            line.received or "-",
            str(line.errors or ""),
            Text(line.next_step),
        )
    out.print(table)


def _due(status: Status) -> str:
    if status.days_left < 0:
        return f"{status.due}, {-status.days_left} days ago"
    return f"{status.due}, in {status.days_left} days"


def _ago(seconds: int) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
