"""What all everyday commands have in common: which system, which year, and what is said when AWS refuses."""

import argparse
import os
from functools import wraps
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.storage.results import ReportDamagedError
from tracelode_console.arguments.command import Run
from tracelode_console.desk.installation import Installation, NoInstallationError, chosen
from tracelode_console.desk.output_folder import OutputFolderError
from tracelode_console.desk.refusals import explained
from tracelode_console.desk.runs.chosen_runs import Home, NoSuchRunError, Runs, home

DONE: Final = 0
OPEN: Final = 1
"""Something is left for a person to do."""
REFUSED: Final = 2
"""The command line is in error, or the system could not be spoken to."""


class CommandRefusedError(Exception):
    """What was asked for cannot be done as asked; the message says what to do instead."""


_REFUSALS: Final = (
    NoInstallationError, CommandRefusedError, NoSuchRunError, OutputFolderError, ReportDamagedError,
)  # fmt: skip


def installation_of(options: argparse.Namespace) -> Installation:
    """The system that the command line names. Raises NoInstallationError where there is none."""
    return chosen(
        stack=options.stack,
        local=options.local,
        region=options.region,
        profile=options.profile,
        environment=os.environ,
    )


def year_of(options: argparse.Namespace, installation: Installation) -> int:
    """The program year asked for, or the newest. Raises CommandRefusedError where nothing was put in for any."""
    if options.year:
        return int(options.year)
    years = installation.years()
    if not years:
        raise CommandRefusedError(
            f"{installation.spoken} holds no program year yet: put suppliers.csv, program.toml and a status list into "
            f"s3://{installation.reference_bucket}/YEAR/"
        )
    return years[0]


def home_of(options: argparse.Namespace) -> Home:
    """Where the runs are that the command line names. Raises NoInstallationError where there are none."""
    return home(
        stack=options.stack,
        local=options.local,
        region=options.region,
        profile=options.profile,
        environment=os.environ,
    )


def year_among(options: argparse.Namespace, found: Home) -> int:
    """The program year asked for, or the newest. Raises CommandRefusedError where there is none."""
    if not (options.year or found.years):
        raise CommandRefusedError(f"{found.spoken} holds no program year yet")
    return int(options.year or found.years[0])


def runs_of(options: argparse.Namespace, found: Home) -> tuple[int, Runs]:
    """The year that the command line asks for, and its runs."""
    year = year_among(options, found)
    return year, found.of_year(year)


def refusals_told(run: Run) -> Run:
    """The command, which says in a sentence what keeps it from running, and returns REFUSED then."""

    @wraps(run)
    def telling(options: argparse.Namespace, out: Console, err: Console) -> int:
        try:
            return run(options, out, err)
        except _REFUSALS as error:
            text = str(error)
        except (ClientError, BotoCoreError) as error:
            text = explained(error)
        err.print(Text(printable(text), style="bold red"))
        return REFUSED

    return telling
