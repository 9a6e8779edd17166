"""A dropped reference file becomes the one in force, or is answered with its errors while the old one stays."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracelode.ledger.ledger import Ledger, ReferenceSnapshot
from tracelode.reference import program, roster
from tracelode.reference.problems import Problem, ReferenceRefusedError
from tracelode.smelters import status
from tracelode.storage import places
from tracelode.storage.objects import DroppedObjects, ObjectEvent
from tracelode.storage.results import Results

MAX_FILE_BYTES = 30_000_000
"""Larger than any list or roster; a file beyond it is refused."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a reference file; `problems` is empty unless it was refused."""

    file: str
    in_force: bool
    problems: tuple[str, ...] = ()


def adopt_reference(event: ObjectEvent, *, ledger: Ledger, reference: DroppedObjects, results: Results) -> Adopted:
    """Validate a dropped reference file, keep it as a snapshot, and put it in force if it is the newest.

    A file with errors takes no effect at all; its problems stand in the answer, with row and column. Deleting a file
    takes no effect either: what was in force stays in force until something newer comes.

    Raises MisplacedObjectError for a key of another shape and AWS errors for what is worth another try.
    """
    where = places.reference_place(event.key)
    version = None if event.deleted else reference.head(event.key, event.version_id)
    data = reference.read(event.key, version.version_id, MAX_FILE_BYTES + 1) if version else None
    if version is None or data is None:
        return Adopted(where.file, in_force=False)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        as_of = validate(where.year, where.file, data) or event.time[:10]
    except ReferenceRefusedError as refusal:
        problems = tuple(str(problem) for problem in refusal.problems)
        _answer(results, where, sha256, {"status": "refused", "problems": problems})
        return Adopted(where.file, in_force=False, problems=problems)
    in_force = ledger.put_snapshot(
        where.year, ReferenceSnapshot(where.file, event.key, version.version_id, sha256, event.time, as_of)
    )
    _answer(results, where, sha256, {"status": "taken", "as_of": as_of, "problems": []})
    return Adopted(where.file, in_force)


def validate(year: int, file: str, data: bytes) -> str:
    """Check a reference file for a program year; returns its as-of date (ISO), "" when the file states none.

    Raises ReferenceRefusedError with every problem, also for a file name that nothing reads.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ReferenceRefusedError(file, (Problem(f"larger than {MAX_FILE_BYTES} bytes"),))
    if file not in _CHECKS:
        raise ReferenceRefusedError(file, (Problem(f"not a reference file; known are {', '.join(_CHECKS)}"),))
    return _CHECKS[file](year, data)


def _check_program(year: int, data: bytes) -> str:
    stated = program.parse_program(data).year
    if stated != year:
        raise ReferenceRefusedError(
            program.FILE, (Problem(f"stands in the folder of {year}", column="year", found=stated),)
        )
    return ""


def _check_roster(_year: int, data: bytes) -> str:
    roster.parse_roster(data)
    return ""


def _check_smelter_list(_year: int, data: bytes) -> str:
    as_of = status.parse_smelter_list(data).as_of
    return as_of.isoformat() if as_of else ""


_CHECKS: Mapping[str, Callable[[int, bytes], str]] = {
    program.FILE: _check_program,
    roster.FILE: _check_roster,
    status.FILE: _check_smelter_list,
}


def _answer(results: Results, where: places.ReferencePlace, sha256: str, answer: Mapping[str, object]) -> None:
    document = {"file": where.file, "sha256": sha256, **answer}
    body = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    results.put(places.reference_answer(where.year, where.file), body.encode())
