"""A new report is told to the compliance team: once in general, again rather than never."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from tracelode.flow.publish_report import Published, publish_report
from tracelode.flow.stores import Stores
from tracelode.notices.topic import NoticeNotSentError
from tracelode.report.files import FIGURES, MANIFEST
from tracelode.report.tables.notice import PublishedRun, news, notice_of_report
from tracelode.storage.results import Results


@dataclass(frozen=True, slots=True)
class TeamTold:
    """What came of telling: the report that the team knows of now.

    `newest_received` is the receipt time of the newest input that this telling was about, "" where it was about none.
    `not_sent` says why a notice could not be sent; the next publish or sweep tries again.
    """

    run: str = ""
    newest_received: str = ""
    not_sent: str = ""

    def lag(self, now: datetime) -> float | None:
        """Seconds from the receipt of the newest input to `now`, when its report was out; None for no new input."""
        if not self.newest_received:
            return None
        return max(0.0, (now - datetime.fromisoformat(self.newest_received)).total_seconds())


def publish_and_tell(year: int, stores: Stores) -> tuple[Published, TeamTold]:
    """Publish what the ledger says now, then tell of the latest report whatever was not told of it yet.

    Raises what publish_report raises. That a notice cannot be sent is no error: the report is out.
    """
    published = publish_report(year, stores)
    return published, tell_team(year, stores)


def tell_team(year: int, stores: Stores) -> TeamTold:
    """Tell of the latest report, unless it was told of before; without a topic, only note that it is known.

    It is compared with the report that was told of last, so that one notice makes up for those that were lost. The
    note is made after the notice is sent: who dies in between sends it again. Of two that tell at the same time both
    may send; the note never goes back to an older report.

    Raises AWS errors of the results bucket for what is worth another try.
    """
    results = stores.results
    told = results.told(year)
    latest = results.pointer(year)
    if latest.number <= told.number:
        return TeamTold(told.run)
    now = _edition(year, latest.run, results)
    if now is None:
        # Somebody erased files of the run: the pointer's move, or settling `latest/`, has to fail for that, not this.
        return TeamTold(told.run)
    before = _edition(year, told.run, results) if told.run else None
    about = TeamTold(latest.run, news(before, now).newest_received)
    if stores.notices:
        try:
            stores.notices.send(notice_of_report(year, before, now, bucket=results.bucket))
        except NoticeNotSentError as error:
            return TeamTold(told.run, not_sent=str(error))
    results.note_told(year, replace(told, run=latest.run))
    return about


def _edition(year: int, run: str, results: Results) -> PublishedRun | None:
    figures, manifest = (results.read_run(year, run, name) for name in (FIGURES, MANIFEST))
    if figures is None or manifest is None:
        return None
    return PublishedRun(run, json.loads(figures), tuple(json.loads(manifest)["inputs"]))
