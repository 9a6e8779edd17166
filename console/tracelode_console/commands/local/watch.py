"""`tracelode watch`: the system on this machine stays up, and the report follows what changes in the case."""

import argparse
from collections import Counter
from typing import Final, NoReturn

from rich.console import Console
from rich.text import Text

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.printing.printable import printable
from tracelode.report.tables.notice import Notice
from tracelode.sources import program as profile
from tracelode.sources.program import Program
from tracelode_console.commands.local import summary
from tracelode_console.commands.local.mirror import Mirror, Report
from tracelode_console.commands.local.session import QUIET, Session, refusals_told
from tracelode_console.desk.running import Running, announced
from tracelode_local.case import INBOX, CaseFile, check_reference, reference_problems
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed
from tracelode_local.watch import Changes, FolderWatch

_OUTSIDE: Final = 1.0
"""Seconds after which it is looked for what came in by another way than the case directory."""


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Feed the case, then whatever changes in it, until interrupted; returns the exit status."""
    try:
        session = Session(options, out, err)
        with session.system() as system, FolderWatch(session.folder, session.listing) as folder:
            template = str(session.template.resolve())
            running = Running(system.endpoint, session.program.year, template, system.resources)
            with announced(session.target, running):
                _Watch(session, system).follow(folder)
    except KeyboardInterrupt:
        out.print("stopped")
    return QUIET


class _Watch:
    """What is fed after the whole case was, and what is said of it."""

    def __init__(self, session: Session, system: LocalSystem) -> None:
        self._session = session
        self._system = system
        self._out = session.out
        self._program = session.program
        self._feed = Feed(system, self._program.year)
        self._mirror = Mirror(system, session.target, self._program.year)
        self._headline: dict[str, str] = {}
        self._noticed: Counter[Notice] = Counter()

    def follow(self, folder: FolderWatch) -> NoReturn:
        """Feed the whole case, then what changes; ends by KeyboardInterrupt alone."""
        report = self._session.first_report(self._system, self._feed, self._mirror)
        if report:
            self._headline = dict(summary.headline(report.figures, self._program))
        self._session.tell_dead_letters(self._system)
        self._tell_notices()
        self._out.print(f"Watching {self._session.folder} - Ctrl-C stops")
        while True:
            self._mirror.refresh_frozen()
            # While a message of our own waits, one that was sent back cannot be told from it: the next look can.
            if self._hand_on(folder.wait(_OUTSIDE)) or self._taken_in() or self._mirror.behind():
                self._system.drain(windows_pass=True)
                self._tell_change(self._mirror.refresh())
                self._session.tell_dead_letters(self._system)
                self._tell_notices()

    def _taken_in(self) -> bool:
        """Hand on what came in by an upload link, or was sent back to a queue; returns whether anything did."""
        keys = self._feed.take_in()
        for key in keys:
            self._out.print(Text(printable(f"received  {key} (by a link)")))
        if not keys and self._system.waiting():
            self._out.print("received  messages that were sent back")
            self._system.stir()
            return True
        return bool(keys)

    def _hand_on(self, changes: Changes) -> bool:
        """Feed what changed; returns whether anything was fed."""
        self._session.warn(changes.warnings)
        for name in changes.missing_references:
            self._session.warn((f"{name} is gone; what it said last stays in force",))
        fed = [self._hand_on_reference(file) for file in changes.references]
        for file in changes.dropped:
            self._out.print(Text(f"received  {INBOX}/{file.name}"))
            try:
                self._feed.document(file.name, file.path, file.stamp.modified)
                fed.append(True)
            except OSError as error:
                self._session.warn((f"{INBOX}/{file.name} cannot be read: {error.strerror}",))
        for name in changes.deleted:
            self._out.print(Text(f"deleted   {INBOX}/{name}"))
            self._feed.withdraw(name)
            fed.append(True)
        return any(fed)

    def _hand_on_reference(self, file: CaseFile) -> bool:
        """Feed a reference file, also one that is refused: the system answers it. Returns whether it was fed."""
        try:
            data = file.path.read_bytes()
        except OSError as error:
            self._session.warn((f"{file.name} cannot be read: {error.strerror}; what it said last stays in force",))
            return False
        self._out.print(Text(f"received  {file.name}"))
        try:
            stated = check_reference(file.name, data)
        except ReferenceRefusedError as refusal:
            for problem in reference_problems(refusal):
                self._session.err.print(Text(f"  {printable(problem)}", style="red"))
            text = f"  {file.name} is refused; what it said last stays in force"
            self._session.err.print(Text(text, style="red"))
        else:
            if file.name == profile.PROGRAM_FILE and isinstance(stated, Program):
                if stated.year != self._program.year:
                    text = f"{file.name} is about {stated.year} now; stop and start again for another year"
                    self._session.warn((text,))
                    return False
                self._program = stated
        self._feed.reference(file.name, data, file.stamp.modified)
        return True

    def _tell_change(self, report: Report | None) -> None:
        if report is None or not report.changed:
            self._out.print("the report stays as it is")
            return
        headline = dict(summary.headline(report.figures, self._program))
        changed = summary.changes(self._headline, headline)
        self._headline = headline
        self._out.print(Text(f"report    {report.run}: " + ("; ".join(changed) or "the headline figures stay")))

    def _tell_notices(self) -> None:
        """Print the subjects of what the team was sent since the last time."""
        sent: Counter[Notice] = Counter()
        for notice in self._system.notices():
            sent[notice] += 1
            if sent[notice] > self._noticed[notice]:
                self._out.print(Text(f"notice    {printable(notice.subject)}"))
        self._noticed = sent
