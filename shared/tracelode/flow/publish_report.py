"""Partials and reference data become the latest report set."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from tracelode import __version__
from tracelode.ledger.ledger import RACE_ATTEMPTS, Ledger, LostRaceError, ReferenceSnapshot
from tracelode.reference import program, roster
from tracelode.report.facts import Facts, ReferenceInput
from tracelode.report.interpretation import interpret
from tracelode.report.report_set import build_report_set, content_hash
from tracelode.smelters import status
from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Pointer, Results
from tracelode.tally.aggregate import merge

REQUIRED = (program.FILE, roster.FILE, status.FILE)
MAX_REFERENCE_BYTES = 30_000_001


class ReferenceVanishedError(RuntimeError):
    """A reference version in force was erased from its bucket, which no retry mends."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of a publish: the run that is the latest now, whether it is new, or what is missing for a report."""

    run: str = ""
    new: bool = False
    missing: tuple[str, ...] = ()


def publish_report(year: int, *, ledger: Ledger, reference: DroppedObjects, results: Results) -> Published:
    """Publish what the ledger says now, unless the latest run says it already.

    The pointer is read first and moved last, and only if nobody moved it meanwhile; so a slow publisher starts over
    instead of replacing a newer report with an older one.

    Raises LostRaceError after too many rounds against others, and AWS errors for what is worth another try.
    """
    for _ in range(RACE_ATTEMPTS):
        seen = results.pointer(year)
        in_force = ledger.references(year)
        missing = tuple(name for name in REQUIRED if name not in in_force)
        if missing:
            return Published(missing=missing)
        files = build_report_set(interpret(_facts(year, in_force, ledger, reference)), software_version=__version__)
        digest = content_hash(files)
        if digest == seen.content_hash:
            return Published(results.settle_latest(year).run)
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        pointer = Pointer(seen.number + 1, digest, hashes)
        results.write_run(year, pointer.run, files)
        if results.move_pointer(year, pointer, seen):
            results.settle_latest(year)
            return Published(pointer.run, new=True)
    raise LostRaceError(f"latest report of {year}")


def _facts(year: int, in_force: Mapping[str, ReferenceSnapshot], ledger: Ledger, reference: DroppedObjects) -> Facts:
    data = {name: _read(reference, in_force[name]) for name in REQUIRED}
    return Facts(
        program=program.parse_program(data[program.FILE]),
        roster=roster.parse_roster(data[roster.FILE]),
        smelter_list=status.parse_smelter_list(data[status.FILE]),
        aggregate=merge(ledger.partials(year)),
        references=tuple(
            ReferenceInput(
                name,
                in_force[name].key,
                in_force[name].version_id,
                in_force[name].sha256,
                in_force[name].received,
                in_force[name].as_of,
            )
            for name in sorted(in_force)
        ),
    )


def _read(reference: DroppedObjects, snapshot: ReferenceSnapshot) -> bytes:
    data = reference.read(snapshot.key, snapshot.version_id, MAX_REFERENCE_BYTES)
    if data is None:
        raise ReferenceVanishedError(f"{snapshot.key} version {snapshot.version_id}")
    return data
