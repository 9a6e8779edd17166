"""`tracelode doctor`: whether everything is set up and works as the template says."""

import argparse
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode_console.commands.everyday.which_system import (
    DONE,
    OPEN,
    CommandRefusedError,
    installation_of,
    refusals_told,
)
from tracelode_console.desk.doctor.check import Diagnosis, Outcome
from tracelode_console.desk.doctor.examine import CHECKS, examination, examine
from tracelode_console.desk.installation import Installation
from tracelode_console.json_output import print_json
from tracelode_console.local_extra import what_to_install
from tracelode_local.template.own import own_translation

_STYLES: Final = {
    Outcome.OK: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "bold red",
    Outcome.UNCHECKED: "cyan",
}


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
    """Examine the system and print what is wrong; returns the exit status."""
    installation = installation_of(options)
    template = _template(options.template or installation.template)
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


def _template(path: Path | None) -> Mapping[str, Any]:
    """The translated template of a file, or the project's own. Raises CommandRefusedError where there is none."""
    try:
        if path is None:
            return own_translation()
        # Imported here, because it takes a second, and libraries of the extra `local`.
        from tracelode_local.template.translation import translate

        return translate(path, {})
    except ImportError as error:
        raise CommandRefusedError(f"the template cannot be read: {what_to_install()}") from error
    # A template that cannot be translated is a ValueError (TranslationError).
    except (OSError, ValueError) as error:
        raise CommandRefusedError(f"{path}: {error}") from error


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
