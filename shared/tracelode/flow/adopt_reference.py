"""A dropped reference file becomes the one in force, or is answered with its errors while the old one stays."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracelode.flow.stores import Stores
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.printing.canonical_json import to_json
from tracelode.reference.content import Taken
from tracelode.reference.kinds import MAX_REFERENCE_BYTES, recognised, take
from tracelode.reference.snapshot import ReferenceSnapshot
from tracelode.sources.program import Program
from tracelode.storage import places
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.results import Results

LATEST_AS_OF = timedelta(days=366)
"""How long after its receipt a file may be dated: beyond it is a slip, and would be in force for as long."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a reference file.

    `kind` is what the ledger keeps it as, "" for a refused or vanished one; `problems` is empty unless it was refused.
    """

    file: str
    in_force: bool
    problems: tuple[str, ...] = ()
    kind: str = ""


def adopt_reference(event: ObjectEvent, stores: Stores) -> Adopted:
    """Validate a dropped reference file, keep it as a snapshot, and put it in force if it is the newest of its kind.

    A file with errors takes no effect at all; its problems stand in the answer, with row and column. The answer is that
    to the newest file of its name, in whatever order they come. An older one than
    the one in force is kept as history. Deleting a file takes no effect either: what was in force stays in force until
    something newer comes.

    Raises MisplacedObjectError for a key of another shape and AWS errors for what is worth another try.
    """
    reference, results = stores.reference, stores.results
    where = places.reference_place(event.key)
    version = None if event.deleted else reference.head(event.key, event.version_id)
    data = reference.read(event.key, version.version_id, MAX_REFERENCE_BYTES + 1) if version else None
    if version is None or data is None:
        return Adopted(where.file, in_force=False)
    sha256 = hashlib.sha256(data).hexdigest()
    received = date.fromisoformat(event.time[:10])
    try:
        kind = recognised(where.file)
        taken = validate(where.year, where.file, data, received)
    except ReferenceRefusedError as refusal:
        problems = tuple(str(problem) for problem in refusal.problems)
        _answer(results, where, event.time, sha256, _refused(problems))
        return Adopted(where.file, in_force=False, problems=problems)
    as_of = (taken.as_of or received).isoformat()
    kept_as = kind.kept_as(where.file)
    snapshot = ReferenceSnapshot(kept_as, event.key, version.version_id, sha256, event.time, as_of)
    newest = stores.ledger.references.put(where.year, snapshot)
    _answer(results, where, event.time, sha256, _accepted(snapshot, taken, newest))
    return Adopted(where.file, in_force=newest == snapshot, kind=kept_as)


def validate(year: int, file: str, data: bytes, received: date) -> Taken:
    """What a reference file for a program year says.

    Raises ReferenceRefusedError with every problem, also for a file name that nothing reads, a profile of another
    year, and a date far beyond the receipt.
    """
    taken = take(file, data)
    if isinstance(taken.content, Program) and taken.content.year != year:
        problem = Problem(f"stands in the folder of {year}", column="year", found=taken.content.year)
        raise ReferenceRefusedError(file, (problem,))
    if taken.as_of and taken.as_of > received + LATEST_AS_OF:
        raise ReferenceRefusedError(file, (Problem("dated more than a year ahead", found=taken.as_of),))
    return taken


def _accepted(snapshot: ReferenceSnapshot, taken: Taken, newest: ReferenceSnapshot) -> Mapping[str, object]:
    in_force = newest == snapshot
    return {
        "status": "taken",
        "kind": snapshot.kind,
        "as_of": snapshot.as_of,
        "in_force": in_force,
        "result": "in force" if in_force else f"kept as history: a newer one of {newest.as_of} is in force",
        "counted": dict(taken.counted),
        "notes": taken.notes,
        "problems": [],
    }


def _refused(problems: tuple[str, ...]) -> Mapping[str, object]:
    return {
        "status": "refused",
        "in_force": False,
        "result": "refused: what was in force stays in force",
        "problems": problems,
    }


def _answer(
    results: Results, where: places.ReferencePlace, received: str, sha256: str, answer: Mapping[str, object]
) -> None:
    """Answer a file, unless a newer one of its name was answered: an event that comes late or again hides nothing."""
    document = {"file": where.file, "received": received, "sha256": sha256, **answer}
    key = places.reference_answer(where.year, where.file)
    results.put_unless_newer(key, to_json(document), f"{received} {sha256}")
