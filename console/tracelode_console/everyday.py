"""What all everyday commands have in common: which system, which year, and what is said when AWS refuses."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.storage import places
from tracelode_console.desk.installation import (
    DEFAULT_FOLDER,
    STACK_VARIABLE,
    Installation,
    NoInstallationError,
    chosen,
)
from tracelode_console.desk.refusals import explained
from tracelode_local.mirror import OutputFolderError, ReportDamagedError

DONE: Final = 0
OPEN: Final = 1
"""Something is left for a person to do."""
REFUSED: Final = 2
"""The command line is in error, or the system could not be spoken to."""

WHICH_SYSTEM: Final = "which system"
"""Title of the options that all everyday commands share."""

Run = Callable[[argparse.Namespace, Console, Console], int]


class CommandRefusedError(Exception):
    """What was asked for cannot be done as asked; the message says what to do instead."""


def add_installation(command: argparse.ArgumentParser) -> None:
    """Add the options that say which system and which program year."""
    group = command.add_argument_group(WHICH_SYSTEM)
    which = group.add_mutually_exclusive_group()
    which.add_argument("--stack", metavar="NAME", help=f"a deployed stack (default: {STACK_VARIABLE}, if it is set)")
    which.add_argument(
        "--local",
        metavar="DIR",
        type=Path,
        nargs="?",
        const=DEFAULT_FOLDER,
        help=f"the running `tracelode watch` with this output folder (default: {DEFAULT_FOLDER}, if one runs there)",
    )
    group.add_argument("--region", help="the stack's region (default: the one that is configured)")
    group.add_argument("--profile", help="the profile of the AWS configuration to use")
    group.add_argument("--year", type=program_year, help="the program year (default: the newest that there is)")


def program_year(text: str) -> int:
    """A program year of the command line; argparse prints the error that this raises."""
    if not places.is_year(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no program year")
    return int(text)


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


def carried_out(run: Run, options: argparse.Namespace, out: Console, err: Console) -> int:
    """Run a command and return its exit status; what keeps it from running is said in a sentence, not a traceback."""
    try:
        return run(options, out, err)
    except (NoInstallationError, CommandRefusedError, OutputFolderError, ReportDamagedError) as error:
        text = str(error)
    except (ClientError, BotoCoreError) as error:
        text = explained(error)
    err.print(Text(printable(text), style="bold red"))
    return REFUSED
