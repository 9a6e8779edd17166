"""`tracelode run`: a case once through the system on this machine."""

import argparse

from rich.console import Console
from rich.text import Text

from tracelode_console.commands.local.mirror import Mirror
from tracelode_console.commands.local.session import GAVE_UP, QUIET, Session, refusals_told
from tracelode_local.feed import Feed


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Feed the case until the system is quiet, and print the summary; returns the exit status."""
    session = Session(options, out, err)
    year = session.program.year
    with session.system() as system:
        report = session.first_report(system, Feed(system, year), Mirror(system, session.target, year))
        letters = session.tell_dead_letters(system)
    if report is None:
        err.print(Text("No report was published.", style="bold red"))
    return GAVE_UP if letters or report is None else QUIET
