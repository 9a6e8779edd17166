"""`tracelode doctor`: whether everything is set up and works as the template says."""

import argparse
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from botocore.exceptions import ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode_console.desk.doctor.check import Diagnosis, Outcome
from tracelode_console.desk.doctor.examine import CHECKS, examination, examine
from tracelode_console.desk.installation import Installation
from tracelode_console.everyday import DONE, OPEN, CommandRefusedError, add_installation, installation_of
from tracelode_console.json_output import print_json
from tracelode_local.engine import TEMPLATE

_STYLES: Final = {
    Outcome.OK: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "bold red",
    Outcome.UNCHECKED: "cyan",
}
_HELP: Final = """\
Every check compares what is there with the template and the stack's own parameters. It changes nothing. A check is ok,
warn, fail, or unchecked: not to be seen on this machine, or not by you; then the right that you lack is named.

exit status: 0 nothing failed, 1 something failed, 2 the system cannot be spoken to
"""


def add_doctor(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to a command line."""
    text = "say whether everything is set up and works as it should, and how to mend what is not"
    command = commands.add_parser(
        "doctor",
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_installation(command)
    command.add_argument(
        "--template", metavar="FILE", type=Path, default=None, help="the SAM template (default: the project's)"
    )
    command.add_argument("--all", action="store_true", help="print what is in order as well")
    command.add_argument("--json", action="store_true", help="print JSON: every check on every subject")


def run_doctor(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
    """Examine the system and print what is wrong; returns the exit status."""
    # Imported here, because it takes a second that other commands need not wait for.
    from tracelode_local.template.translation import TranslationError, translate

    installation = installation_of(options)
    path: Path = options.template or installation.template or TEMPLATE
    try:
        template = translate(path, {})
    except (OSError, TranslationError) as error:
        raise CommandRefusedError(f"{path}: {error}") from error
    year = options.year or _newest_year(installation)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, transient=True, disable=options.json or not out.is_terminal) as progress:
        task = progress.add_task("looking", total=len(CHECKS))
        patient = examination(installation, template, year=year, now=datetime.now(UTC))
        found = list(examine(patient, lambda name: progress.update(task, advance=1, description=name)))
    if options.json:
        print_json(out, [asdict(item) for item in found])
    else:
        out.print(Text(printable(f"{installation.spoken}, {year or 'no year'}"), style="bold"))
        _print(out, found, everything=options.all)
    return OPEN if any(item.outcome is Outcome.FAIL for item in found) else DONE


def _newest_year(installation: Installation) -> int | None:
    """The newest year that there is; None also where a bucket cannot be listed, which the checks say themselves."""
    try:
        return next(iter(installation.years()), None)
    except ClientError:
        return None


def _print(out: Console, found: list[Diagnosis], *, everything: bool) -> None:
    for outcome in (Outcome.FAIL, Outcome.WARN, Outcome.UNCHECKED, Outcome.OK):
        items = [item for item in found if item.outcome is outcome]
        if outcome in (Outcome.FAIL, Outcome.WARN) or everything:
            for item in items:
                _print_one(out, item)
        elif outcome is Outcome.UNCHECKED and items:
            _print_unchecked(out, items)
    counts = Counter(item.outcome for item in found)
    out.print(", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]))


def _print_one(out: Console, item: Diagnosis) -> None:
    said = f": {item.found}" if item.found else f": {item.holds}"
    out.print(
        Text.assemble(
            (f"{item.outcome.value:<10}", _STYLES[item.outcome]),
            printable(f"{item.check:<22}{item.subject}{said}"),
        )
    )
    if item.mend:
        out.print(Text(f"          should be: {item.holds}"))
        out.print(Text(printable(f"          to mend:   {item.mend}")))


def _print_unchecked(out: Console, items: list[Diagnosis]) -> None:
    """A line for each reason, naming the checks."""
    reasons: dict[str, dict[str, None]] = {}
    for item in items:
        reasons.setdefault(item.found, {})[item.check] = None
    for reason, names in reasons.items():
        out.print(
            Text.assemble(
                (f"{Outcome.UNCHECKED.value:<10}", _STYLES[Outcome.UNCHECKED]),
                printable(f"{', '.join(names)}: {reason}"),
            )
        )
