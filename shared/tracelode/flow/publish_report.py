"""Partials and reference data become the latest report set."""

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tracelode import __version__
from tracelode.flow.reference_in_force import (
    always_stated,
    content_of,
    earlier_moments,
    earlier_pictures,
    newest_template,
    picture,
)
from tracelode.flow.what_changed import in_force, what_changed
from tracelode.flow.year_before import YearBefore, facilities_of_the_year_before
from tracelode.ledger.ledger import RACE_ATTEMPTS, Ledger, LostRaceError, ReferenceSnapshot
from tracelode.picture.facts import Facts, ReferenceInput
from tracelode.picture.interpretation import interpret
from tracelode.reference.kinds import missing_for_report
from tracelode.report.report_set import build_report_set, content_hash
from tracelode.smelters.dispositions import NOTHING_DECIDED
from tracelode.smelters.known import known_facilities
from tracelode.sources import program, roster
from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Pointer, Results
from tracelode.tally.aggregate import Aggregate, merge, without_silent
from tracelode.tally.by_kind import of_kind
from tracelode.template_kind import CMRT


@dataclass(frozen=True, slots=True)
class Published:
    """What came of a publish: the run that is the latest now, whether it is new, or what is missing for a report.

    `missing` names a file for each thing that a report cannot do without and that was never taken.
    """

    run: str = ""
    new: bool = False
    missing: tuple[str, ...] = ()


def publish_report(year: int, *, ledger: Ledger, reference: DroppedObjects, results: Results) -> Published:
    """Publish what the ledger says now, unless the latest run says it already.

    A report is about what a filing rests on: declarations of other templates than the CMRT move nothing in it.

    The pointer is read first and moved last, and only if nobody moved it meanwhile; so a slow publisher starts over
    instead of replacing a newer report with an older one. To find that the latest run is right already is a move, too.

    Raises LostRaceError after too many rounds against others, and AWS errors for what is worth another try.
    """
    for _ in range(RACE_ATTEMPTS):
        seen = results.pointer(year)
        standing = ledger.references(year)
        missing = missing_for_report(standing)
        if missing:
            return Published(missing=tuple(kind.example for kind in missing))
        before = facilities_of_the_year_before(year, standing, results)
        with _garbage_kept():
            aggregate = without_silent(of_kind(merge(ledger.partials(year)), CMRT))
            files = _report_set(standing, ledger.snapshots(year), aggregate, before, reference)
        digest = content_hash(files)
        if digest == seen.content_hash:
            if results.confirm(year, seen):
                return Published(results.settle_latest(year).run)
            continue
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        pointer = Pointer(seen.number + 1, digest, hashes)
        results.write_run(year, pointer.run, files)
        if results.move_pointer(year, pointer, seen):
            results.settle_latest(year)
            return Published(pointer.run, new=True)
    raise LostRaceError(f"latest report of {year}")


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Collect no cycles meanwhile: almost all that a report is made of lives until it is written.

    Looking through these millions of values again and again takes a quarter of a publish of ten thousand suppliers, and
    finds next to nothing. Publishers on other threads may do the same at the same time: whoever began first ends it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _report_set(
    standing: Mapping[str, ReferenceSnapshot],
    history: Sequence[ReferenceSnapshot],
    aggregate: Aggregate,
    before: YearBefore | None,
    reference: DroppedObjects,
) -> dict[str, bytes]:
    def facts_of(known: Sequence[ReferenceSnapshot], then: Aggregate) -> Facts:
        return _facts(in_force(known), known, then, before, reference)

    now = interpret(_facts(standing, history, aggregate, before, reference))
    changes = what_changed(now, history, aggregate, facts_of)
    return build_report_set(now, changes, software_version=__version__)


def _facts(
    standing: Mapping[str, ReferenceSnapshot],
    history: Iterable[ReferenceSnapshot],
    aggregate: Aggregate,
    before: YearBefore | None,
    reference: DroppedObjects,
) -> Facts:
    """The facts that the reference data in force, `standing` by kind, and an aggregate make.

    Last year's facilities are those of the file that was dropped, else of the latest report of the year `before`, which
    is None where the file that was dropped is in force now.
    """
    moments = earlier_moments(history)
    content = {kind: content_of(standing[kind], reference) for kind in sorted(standing)}
    smelter_list = picture(standing.values(), reference)
    earlier = {snapshot for moment in moments for snapshot in moment} - set(standing.values())
    dropped = next((taken.last_year for taken in content.values() if taken.last_year), None)
    return Facts(
        program=always_stated(content[program.PROGRAM_FILE].program),
        roster=always_stated(content[roster.ROSTER_FILE].suppliers),
        smelter_list=smelter_list,
        aggregate=aggregate,
        references=(
            *(_input(standing[kind], in_force=True) for kind in sorted(standing)),
            *(_input(snapshot, in_force=False) for snapshot in sorted(earlier, key=lambda s: (s.kind, s.order))),
            *((before.source,) if before else ()),
        ),
        known=known_facilities(name for taken in content.values() for name in taken.names),
        dispositions=next((taken.dispositions for taken in content.values() if taken.dispositions), NOTHING_DECIDED),
        earlier_lists=earlier_pictures(moments, smelter_list, reference),
        revisions=tuple(revision for taken in content.values() for revision in taken.revisions),
        last_year=dropped or (before.listed if before else None),
        sections=tuple(taken.section for taken in content.values() if taken.section),
        template=newest_template((standing[kind] for kind in sorted(standing)), reference),
    )


def _input(snapshot: ReferenceSnapshot, *, in_force: bool) -> ReferenceInput:
    return ReferenceInput(
        name=snapshot.file,
        key=snapshot.key,
        version_id=snapshot.version_id,
        sha256=snapshot.sha256,
        received=snapshot.received,
        as_of=snapshot.as_of,
        kind=snapshot.kind,
        in_force=in_force,
    )
