"""One case, one output folder, one local system: what `run` and `watch` have in common."""

import argparse
from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.sources import roster
from tracelode.sources.program import Program
from tracelode_console.arguments.command import Run
from tracelode_console.commands.local.feeding import feed_case
from tracelode_console.commands.local.mirror import Mirror, Report
from tracelode_console.commands.local.summary import print_summary
from tracelode_console.desk.output_folder import OutputFolderError
from tracelode_local.case import INBOX, Case, CaseRefusedError, Listing, list_case, load_case
from tracelode_local.engine import DeadLetter, LocalSystem
from tracelode_local.feed import Feed
from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.template.own import TEMPLATE

QUIET: Final = 0
GAVE_UP: Final = 1
REFUSED: Final = 2


def refusals_told(run: Run) -> Run:
    """The command, which says in sentences what keeps a case from being run, and returns REFUSED then."""

    @wraps(run)
    def telling(options: argparse.Namespace, out: Console, err: Console) -> int:
        try:
            return run(options, out, err)
        except CaseRefusedError as refusal:
            err.print(Text(f"{options.case}: this case cannot be run", style="bold red"))
            for problem in refusal.problems:
                err.print(Text(f"  {printable(problem)}"))
        except (UnresolvableError, OutputFolderError) as error:
            err.print(Text(printable(str(error)), style="bold red"))
        return REFUSED

    return telling


class Session:
    """A case that can be run, what lies in it, and what was said of it so far.

    Making one raises CaseRefusedError for a case, a template or an output folder that cannot be used, and warns of what
    is passed over.
    """

    def __init__(self, options: argparse.Namespace, out: Console, err: Console) -> None:
        self.out = out
        self.err = err
        self.folder: Path = options.case
        self.target: Path = options.out
        self.template: Path = options.template or TEMPLATE
        self._logs: Path | None = options.logs
        self._case: Case = load_case(self.folder)
        self.listing: Listing = list_case(self.folder, self._case.suppliers)
        self._told: set[str] = set()
        if not self.template.is_file():
            raise CaseRefusedError((f"{self.template}: no such template; name it with --template",))
        _check_target(self.folder, self.target)
        self._warn_of_listing()

    @property
    def program(self) -> Program:
        """The program profile as the session found it."""
        return self._case.program

    def system(self) -> LocalSystem:
        """The system that the template describes."""
        return LocalSystem(self.template, log_folder=self._logs)

    def first_report(self, system: LocalSystem, feed: Feed, mirror: Mirror) -> Report | None:
        """Feed the case until the system is quiet, and print what came of it; None where nothing was published."""
        if not self.out.is_terminal:
            self.out.print(f"Feeding {len(self.listing.inbox)} files of {self.folder} for {self.program.year}")
        feed_case(self.listing, system, feed, self.out, self.warn, mirror.put_back, mirror.refresh_answers)
        report = mirror.refresh()
        if report:
            print_summary(self.out, report, self.program)
        return report

    def tell_dead_letters(self, system: LocalSystem) -> tuple[DeadLetter, ...]:
        """Print what the system gave up on since the last time; returns it."""
        letters = tuple(letter for letter in system.dead_letters() if letter.message_id not in self._told)
        for letter in letters:
            self._told.add(letter.message_id)
            text = f"gave up on {letter.subject} (in {letter.queue}): {letter.error or 'no error is known'}"
            self.err.print(Text(printable(text), style="bold red"))
        if letters and self._logs is None:
            self.err.print("  run again with --logs DIR to keep what the functions log")
        return letters

    def warn(self, warnings: Sequence[str]) -> None:
        """Print warnings, a line each."""
        for warning in warnings:
            self.err.print(Text(f"warning: {printable(warning)}", style="yellow"))

    def _warn_of_listing(self) -> None:
        self.warn(self.listing.warnings)
        senders = {name.partition("/")[0] for name in self.listing.inbox}
        for supplier_id in sorted(senders - self._case.suppliers):
            self.warn((f"{INBOX}/{supplier_id}/ is of no supplier in {roster.ROSTER_FILE}",))


def _check_target(folder: Path, out: Path) -> None:
    inbox, target = (folder / INBOX).resolve(), out.resolve()
    if target == inbox or inbox in target.parents:
        raise CaseRefusedError((f"--out {out}: may not lie in the case's inbox",))
    if target.exists() and not target.is_dir():
        raise CaseRefusedError((f"--out {out}: is not a folder",))
