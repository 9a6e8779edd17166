"""Partials and reference data become the latest report set."""

import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tracelode import __version__
from tracelode.flow.cut_off import count_through
from tracelode.flow.stores import Stores
from tracelode.ledger.table import RACE_ATTEMPTS, LostRaceError
from tracelode.picture.facts import Facts, ReferenceInput
from tracelode.picture.interpretation import interpret
from tracelode.reference.kinds import missing_for_report
from tracelode.reference.moments import earlier_moments
from tracelode.reference.snapshot import ReferenceSnapshot, newest_of_each_kind
from tracelode.report.files import content_hash
from tracelode.report.frozen_run import FrozenReport
from tracelode.report.report_set import build_report_set
from tracelode.report.trace.newest_day import what_changed
from tracelode.storage.reference_files import ReferenceFiles
from tracelode.storage.results import Pointer
from tracelode.storage.year_before import YearBefore, facilities_of_the_year_before
from tracelode.tally.aggregate import Aggregate, without_silent
from tracelode.tally.by_kind import of_kind
from tracelode.template_kind import CMRT


class ReferenceUnreadError(RuntimeError):
    """A reference file in force was read by what is for another kind: a bug."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of a publish: the run that is the latest now, whether it is new, or what is missing for a report.

    `missing` names a file for each thing that a report cannot do without and that was never taken.
    """

    run: str = ""
    new: bool = False
    missing: tuple[str, ...] = ()


def publish_report(year: int, stores: Stores) -> Published:
    """Publish what the ledger says now, unless the latest run says it already.

    A report is about what a filing rests on: declarations of other templates than the CMRT move nothing in it.

    The pointer is read first and moved last, and only if nobody moved it meanwhile; so a slow publisher starts over
    instead of replacing a newer report with an older one. To find that the latest run is right already is a move, too.

    Raises LostRaceError after too many rounds against others, and AWS errors for what is worth another try.
    """
    ledger, results = stores.ledger, stores.results
    for _ in range(RACE_ATTEMPTS):
        seen = results.pointer(year)
        standing = ledger.references.in_force(year)
        missing = missing_for_report(standing)
        if missing:
            return Published(missing=tuple(kind.example for kind in missing))
        before = facilities_of_the_year_before(year, standing, results)
        with _garbage_kept():
            references = ReferenceFiles(stores.reference)
            program = references.in_force(standing.values()).program
            through = program.edition.counted_through if program else ""
            counted = count_through(year, ledger.partials.of_year(year), through, ledger)
            made_of = _Sources(ledger.references.history(year), before, references, counted.late)
            aggregate = without_silent(of_kind(counted.aggregate, CMRT))
            files = _report_set(standing, aggregate, made_of, results.frozen_report(year))
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


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a report's facts are read from, whatever counts: every file that was taken, the year before, who is late."""

    history: Sequence[ReferenceSnapshot]
    before: YearBefore | None
    files: ReferenceFiles
    late: Mapping[str, str]


def _report_set(
    standing: Mapping[str, ReferenceSnapshot], aggregate: Aggregate, sources: _Sources, frozen: FrozenReport | None
) -> dict[str, bytes]:
    def facts_of(known: Sequence[ReferenceSnapshot], then: Aggregate) -> Facts:
        return _facts(newest_of_each_kind(known), then, replace(sources, history=known))

    now = interpret(_facts(standing, aggregate, sources))
    changes = what_changed(now, sources.history, aggregate, facts_of)
    return build_report_set(now, changes, frozen=frozen, software_version=__version__)


def _facts(standing: Mapping[str, ReferenceSnapshot], aggregate: Aggregate, sources: _Sources) -> Facts:
    """The facts that the reference data in force, `standing` by kind, and an aggregate make.

    Last year's facilities are those of the file that was dropped, else of the latest report of the year before, which
    is None where the file that was dropped is in force now. Raises ReferenceUnreadError, a bug, where the profile does
    not say what a profile says.
    """
    in_force = sources.files.in_force(standing.values())
    if in_force.program is None:
        raise ReferenceUnreadError("a reference file was taken and does not say what its kind says")
    moments = earlier_moments(sources.history)
    earlier = {snapshot for moment in moments for snapshot in moment} - set(standing.values())
    return Facts(
        program=in_force.program,
        roster=in_force.suppliers,
        smelter_list=in_force.smelter_list,
        aggregate=aggregate,
        references=(
            *(_input(standing[kind], in_force=True) for kind in sorted(standing)),
            *(_input(snapshot, in_force=False) for snapshot in sorted(earlier, key=lambda s: (s.kind, s.order))),
            *((sources.before.source,) if sources.before else ()),
        ),
        known=in_force.known,
        dispositions=in_force.dispositions,
        earlier_lists=sources.files.earlier_pictures(moments, in_force.smelter_list),
        revisions=in_force.revisions,
        last_year=in_force.last_year or (sources.before.listed if sources.before else None),
        sections=in_force.sections,
        late=sources.late,
        template=sources.files.newest_template(standing.values()),
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
