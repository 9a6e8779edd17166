"""The suppliers surveyed and the program, as they are in force: also before anything is published."""

from tracelode.flow.reference_in_force import content_of
from tracelode.reference.program import Program
from tracelode.reference.roster import Supplier
from tracelode_local.desk.installation import Installation


def in_force(installation: Installation, year: int) -> tuple[tuple[Supplier, ...], Program | None]:
    """The roster's suppliers by id and the program profile of a year; nothing where none was taken.

    Raises ReferenceVanishedError where a version in force was erased from its bucket.
    """
    taken = [content_of(snapshot, installation.reference) for snapshot in installation.ledger.references(year).values()]
    suppliers = next((item.suppliers for item in taken if item.suppliers is not None), ())
    return suppliers, next((item.program for item in taken if item.program), None)
