"""The command line: a case on this machine, files by themselves, and the everyday commands to a system that is up."""

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TextIO, TypeAlias

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from tracelode import __version__
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.printing.printable import printable
from tracelode.report.tables.notice import Notice
from tracelode.smelters.status import PRINTED, Status
from tracelode.sources import program as profile
from tracelode.sources import roster
from tracelode.sources.program import Program
from tracelode_console import summary
from tracelode_console.commands.everyday.doctor import add_doctor, run_doctor
from tracelode_console.commands.everyday.invite import add_invite, run_invite
from tracelode_console.commands.everyday.latest import add_latest, run_latest
from tracelode_console.commands.everyday.redrive import add_redrive, run_redrive
from tracelode_console.commands.everyday.remind import add_remind, run_remind
from tracelode_console.commands.everyday.status import add_status, run_status
from tracelode_console.commands.files.edgar import add_lint_edgar, run_lint_edgar
from tracelode_console.commands.files.explain import add_explain, run_explain
from tracelode_console.commands.files.recount import add_recount, run_recount
from tracelode_console.commands.files.review import add_review, run_review
from tracelode_console.commands.local.remake import add_remake, run_remake
from tracelode_console.completion import add_completion, completion
from tracelode_console.desk.running import Running, announced
from tracelode_console.everyday import Run, carried_out
from tracelode_local.case import (
    INBOX,
    Case,
    CaseFile,
    CaseRefusedError,
    Listing,
    check_reference,
    list_case,
    load_case,
    reference_problems,
)
from tracelode_local.delivery.pump import Activity
from tracelode_local.engine import TEMPLATE, DeadLetter, LocalSystem
from tracelode_local.feed import Feed
from tracelode_local.mirror import Mirror, OutputFolderError, Report
from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.watch import Changes, FolderWatch

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
QUIET: Final = 0
GAVE_UP: Final = 1
REFUSED: Final = 2
INTERRUPTED: Final = 130
_PLAIN_WIDTH: Final = 200
_OUTSIDE: Final = 1.0
"""Seconds after which `watch` looks for what came in by another way than the case directory."""

_CASE_HELP: Final = """\
a case directory holds
  program.toml       the program year, its vocabulary and what the registrant says about itself
  suppliers.csv      the suppliers surveyed: supplier_id,name,contact_email,in_scope
  smelter-list.csv   the smelters' status: metal,cid,name,country,status
  conformant*, active*, reference-list*, revision*   RMI's own lists, as .xml, .xlsx or .csv, if you have them
  cmrt-template*.xlsx   official templates, whose look-up tabs say which names mean which smelter
  section-*.txt      your own texts for sections of the filing (docs/FILING.md)
  last-year.csv      smelters.csv of last year's report, to compare with
  dispositions.csv   what the team has decided about names (to-decide.csv of the report, filled in)
  inbox/             a folder for each supplier, named by its id, with the CMRT files it sent

the output folder gets, for the program year,
  <year>/latest/     the report: index.html first, then form-sd.htm, exhibit-1-01.htm, report.xlsx, ...
  <year>/feedback/   what each supplier is told about its files
  <year>/reference/  what became of the reference files

exit status: 0 done, 1 something ended in a dead-letter queue, 2 the case or the command line is in error
"""


_ALONE: Final[Mapping[str, Run]] = {
    "review": run_review,
    "lint-edgar": run_lint_edgar,
    "recount": run_recount,
    "explain": run_explain,
}
"""Commands that need no system: files in, findings out."""
_EVERYDAY: Final[Mapping[str, tuple[Callable[[Commands], None], Run]]] = {
    "status": (add_status, run_status),
    "latest": (add_latest, run_latest),
    "invite": (add_invite, run_invite),
    "remind": (add_remind, run_remind),
    "redrive": (add_redrive, run_redrive),
    "doctor": (add_doctor, run_doctor),
}
"""Commands to a system that is up, deployed or on this machine."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = parser().parse_args(arguments)
    out, err = _console(sys.stdout), _console(sys.stderr)
    if options.command == "completion":
        return completion(parser)(options, out, err)
    if options.command in _ALONE:
        return _ALONE[options.command](options, out, err)
    # A termination request ends the program the way Ctrl-C does, so that no process is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.command in _EVERYDAY:
            return carried_out(_EVERYDAY[options.command][1], options, out, err)
        if options.command in ("rebuild", "replay"):
            return run_remake(options, out, err)
        session = _Session(options, out, err)
        return session.watch() if options.command == "watch" else session.run()
    except CaseRefusedError as refusal:
        err.print(Text(f"{options.case}: this case cannot be run", style="bold red"))
        for problem in refusal.problems:
            err.print(Text(f"  {printable(problem)}"))
        return REFUSED
    except (UnresolvableError, OutputFolderError) as error:
        err.print(Text(printable(str(error)), style="bold red"))
        return REFUSED
    except KeyboardInterrupt:
        out.print("stopped")
        return QUIET if options.command == "watch" else INTERRUPTED


def _console(stream: TextIO) -> Console:
    """A console that prints what it is given: in a pipe or a file plainly, and a line as a line whatever its length."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        width=None if terminal else _PLAIN_WIDTH,
    )


def parser() -> argparse.ArgumentParser:
    """The whole command line: docs/COMMANDS.md and the completions of shells are made of it."""
    whole = argparse.ArgumentParser(
        prog="tracelode",
        description="Suppliers' CMRT workbooks become an up-to-date conflict minerals report.",
    )
    whole.add_argument("--version", action="version", version=f"tracelode {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (
        ("run", "feed a case through the local system until it is quiet, and say where the report is"),
        ("watch", "stay up: what changes in the case shows up in the report within seconds; Ctrl-C stops"),
    ):
        command = commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_CASE_HELP,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("case", metavar="CASE_DIR", type=Path, help="the case directory")
        command.add_argument("--out", metavar="OUT_DIR", type=Path, required=True, help="where the report goes")
        command.add_argument(
            "--template", metavar="FILE", type=Path, default=TEMPLATE, help="the SAM template (default: the project's)"
        )
        command.add_argument(
            "--logs", metavar="DIR", type=Path, default=None, help="keep the functions' logs in this folder"
        )
    add_review(commands)
    add_lint_edgar(commands)
    add_recount(commands)
    add_explain(commands)
    add_remake(commands)
    for add, _ in _EVERYDAY.values():
        add(commands)
    add_completion(commands)
    return whole


class _Session:
    """One case, one output folder, one local system."""

    def __init__(self, options: argparse.Namespace, out: Console, err: Console) -> None:
        self._out = out
        self._err = err
        self._folder: Path = options.case
        self._target: Path = options.out
        self._template: Path = options.template
        self._logs: Path | None = options.logs
        self._case: Case = load_case(self._folder)
        self._listing: Listing = list_case(self._folder)
        self._program: Program = self._case.program
        self._told: set[str] = set()
        self._noticed: Counter[Notice] = Counter()
        self._headline: dict[str, str] = {}
        if not self._template.is_file():
            raise CaseRefusedError((f"{self._template}: no such template; name it with --template",))
        self._check_target()

    def run(self) -> int:
        """Feed the case until the system is quiet; print the summary."""
        self._warn_of_listing()
        with self._system() as system:
            feed, mirror = Feed(system, self._program.year), Mirror(system, self._target, self._program.year)
            report = self._first(system, feed, mirror)
            letters = self._tell_dead_letters(system)
        if report is None:
            self._err.print(Text("No report was published.", style="bold red"))
        return GAVE_UP if letters or report is None else QUIET

    def watch(self) -> int:
        """Feed the case, then whatever changes in it, until interrupted."""
        self._warn_of_listing()
        with self._system() as system, FolderWatch(self._folder, self._listing) as folder, self._announced(system):
            feed, mirror = Feed(system, self._program.year), Mirror(system, self._target, self._program.year)
            self._first(system, feed, mirror)
            self._tell_dead_letters(system)
            self._tell_notices(system)
            self._out.print(f"Watching {self._folder} - Ctrl-C stops")
            while True:
                # While a message of our own waits, one that was sent back cannot be told from it: the next look can.
                if self._hand_on(folder.wait(_OUTSIDE), feed) or self._taken_in(system, feed) or mirror.behind():
                    system.drain(windows_pass=True)
                    self._tell_change(mirror.refresh())
                    self._tell_dead_letters(system)
                    self._tell_notices(system)

    def _announced(self, system: LocalSystem) -> AbstractContextManager[None]:
        template = str(self._template.resolve())
        running = Running(system.endpoint, self._program.year, template, system.resources)
        return announced(self._target, running)

    def _taken_in(self, system: LocalSystem, feed: Feed) -> bool:
        """Hand on what came in by an upload link, or was sent back to a queue; returns whether anything did."""
        keys = feed.take_in()
        for key in keys:
            self._out.print(Text(printable(f"received  {key} (by a link)")))
        if not keys and system.waiting():
            self._out.print("received  messages that were sent back")
            system.stir()
            return True
        return bool(keys)

    def _system(self) -> LocalSystem:
        return LocalSystem(self._template, log_folder=self._logs)

    def _first(self, system: LocalSystem, feed: Feed, mirror: Mirror) -> Report | None:
        files, references = self._listing.inbox.values(), self._listing.references.values()
        total = len(files)
        intake = {mapping.function.name for mapping in system.stack.queue_mappings}
        spoken = {function.name: function.folder.name for function in system.stack.functions.values()}
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        shown = self._out.is_terminal
        if not shown:
            self._out.print(f"Feeding {total} files of {self._folder} for {self._program.year}")
        with Progress(*columns, console=self._out, transient=True, disable=not shown) as progress:
            task = progress.add_task("feeding", total=total + len(references))

            def settled(activity: Activity) -> int:
                return sum(activity.settled.get(name, 0) for name in intake)

            def observe(activity: Activity) -> None:
                working = ", ".join(spoken[name] for name in activity.running)
                progress.update(task, completed=settled(activity), description=working or "settling")

            for reference in references:
                feed.reference(reference.name, reference.path, reference.stamp.modified)
            # What a supplier is told speaks of the reference data, so these have to be in force by then. Everything is
            # in its bucket before any function works, so that two runs of a case give it the same version ids.
            with system.telling_later():
                for file in files:
                    self._drop(feed, file)
                system.drain(observe, until=lambda activity: settled(activity) >= len(references))
            system.drain(observe)
        report = mirror.refresh()
        if report:
            self._headline = dict(summary.headline(report.figures, self._program))
            self._print_summary(report)
        return report

    def _drop(self, feed: Feed, file: CaseFile) -> None:
        try:
            feed.document(file.name, file.path, file.stamp.modified)
        except FileNotFoundError:
            self._warn((f"{INBOX}/{file.name} was gone before it could be read",))
        except OSError as error:
            raise CaseRefusedError((f"{INBOX}/{file.name}: cannot be read: {error.strerror}",)) from error

    def _hand_on(self, changes: Changes, feed: Feed) -> bool:
        """Feed what changed; returns whether anything was fed."""
        self._warn(changes.warnings)
        for name in changes.missing_references:
            self._warn((f"{name} is gone; what it said last stays in force",))
        fed = [self._hand_on_reference(file, feed) for file in changes.references]
        for file in changes.dropped:
            self._out.print(Text(f"received  {INBOX}/{file.name}"))
            try:
                feed.document(file.name, file.path, file.stamp.modified)
                fed.append(True)
            except OSError as error:
                self._warn((f"{INBOX}/{file.name} cannot be read: {error.strerror}",))
        for name in changes.deleted:
            self._out.print(Text(f"deleted   {INBOX}/{name}"))
            feed.withdraw(name)
            fed.append(True)
        return any(fed)

    def _hand_on_reference(self, file: CaseFile, feed: Feed) -> bool:
        try:
            data = file.path.read_bytes()
        except OSError as error:
            self._warn((f"{file.name} cannot be read: {error.strerror}; what it said last stays in force",))
            return False
        self._out.print(Text(f"received  {file.name}"))
        try:
            stated = check_reference(file.name, data)
        except ReferenceRefusedError as refusal:
            for problem in reference_problems(refusal):
                self._err.print(Text(f"  {printable(problem)}", style="red"))
            self._err.print(Text(f"  {file.name} is refused; what it said last stays in force", style="red"))
        else:
            if file.name == profile.PROGRAM_FILE and isinstance(stated, Program):
                if stated.year != self._program.year:
                    self._warn((f"{file.name} is about {stated.year} now; stop and start again for another year",))
                    return False
                self._program = stated
        feed.reference(file.name, data, file.stamp.modified)
        return True

    def _tell_change(self, report: Report | None) -> None:
        if report is None or not report.changed:
            self._out.print("the report stays as it is")
            return
        headline = dict(summary.headline(report.figures, self._program))
        changed = summary.changes(self._headline, headline)
        self._headline = headline
        self._out.print(Text(f"report    {report.run}: " + ("; ".join(changed) or "the headline figures stay")))

    def _tell_dead_letters(self, system: LocalSystem) -> tuple[DeadLetter, ...]:
        letters = tuple(letter for letter in system.dead_letters() if letter.message_id not in self._told)
        for letter in letters:
            self._told.add(letter.message_id)
            text = f"gave up on {letter.subject} (in {letter.queue}): {letter.error or 'no error is known'}"
            self._err.print(Text(printable(text), style="bold red"))
        if letters and self._logs is None:
            self._err.print("  run again with --logs DIR to keep what the functions log")
        return letters

    def _tell_notices(self, system: LocalSystem) -> None:
        """Print the subjects of what the team was sent since the last time."""
        sent: Counter[Notice] = Counter()
        for notice in system.notices():
            sent[notice] += 1
            if sent[notice] > self._noticed[notice]:
                self._out.print(Text(f"notice    {printable(notice.subject)}"))
        self._noticed = sent

    def _print_summary(self, report: Report) -> None:
        title = f"{self._program.registrant.name or 'Conflict minerals report'}, {self._program.year}"
        lines = Table(box=box.SIMPLE if self._out.is_terminal else None, show_header=False)
        lines.add_column(style="bold", no_wrap=True)
        lines.add_column(overflow="fold")
        for label, text in summary.headline(report.figures, self._program).items():
            lines.add_row(label, Text(text))
        metals = Table(box=box.SIMPLE if self._out.is_terminal else None)
        words = PRINTED[self._program.vocabulary]
        for heading in ("Metal", "Total", *(words[status] for status in Status)):
            metals.add_column(heading, justify="left" if heading == "Metal" else "right")
        for row in summary.by_metal(report.figures):
            metals.add_row(*row)
        self._out.print(Text(printable(f"{title}: {summary.sentence(report.figures, self._program)}"), style="bold"))
        self._out.print(lines)
        self._out.print(metals)
        self._out.print(Text(f"Report: {report.folder / 'index.html'}"))

    def _warn(self, warnings: Sequence[str]) -> None:
        for warning in warnings:
            self._err.print(Text(f"warning: {printable(warning)}", style="yellow"))

    def _warn_of_listing(self) -> None:
        self._warn(self._listing.warnings)
        senders = {name.partition("/")[0] for name in self._listing.inbox}
        for supplier_id in sorted(senders - self._case.suppliers):
            self._warn((f"{INBOX}/{supplier_id}/ is of no supplier in {roster.ROSTER_FILE}",))

    def _check_target(self) -> None:
        inbox = (self._folder / INBOX).resolve()
        target = self._target.resolve()
        if target == inbox or inbox in target.parents:
            raise CaseRefusedError((f"--out {self._target}: may not lie in the case's inbox",))
        if target.exists() and not target.is_dir():
            raise CaseRefusedError((f"--out {self._target}: is not a folder",))


if __name__ == "__main__":
    sys.exit(main())
