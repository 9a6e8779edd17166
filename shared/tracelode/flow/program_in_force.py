"""The program profile that is in force for a year, for those who need a word of it before publish."""

from tracelode.ledger.ledger import Ledger
from tracelode.reference import program
from tracelode.reference.program import Program
from tracelode.storage.objects import DroppedObjects

MAX_FILE_BYTES = 1_000_000
"""A profile is a page of text; what was adopted is read up to here."""


def program_in_force(year: int, *, ledger: Ledger, reference: DroppedObjects) -> Program | None:
    """The profile in force, None while there is none yet, or when its version was erased from the bucket.

    What a supplier is told must not wait for the compliance team; publish fails loudly on an erased version.
    """
    snapshot = ledger.reference(year, program.FILE)
    data = reference.read(snapshot.key, snapshot.version_id, MAX_FILE_BYTES) if snapshot else None
    return program.parse_program(data) if data is not None else None
