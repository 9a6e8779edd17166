"""The suppliers surveyed, the program, and the languages that suppliers answer in, as the ledger has them now."""

from collections.abc import Container

from tracelode.flow.reference_in_force import content_of
from tracelode.review.telling import language_of
from tracelode.sources.program import Program
from tracelode.sources.roster import Supplier
from tracelode_console.desk.installation import Installation


def in_force(installation: Installation, year: int) -> tuple[tuple[Supplier, ...], Program | None]:
    """The roster's suppliers by id and the program profile of a year; nothing where none was taken.

    Raises ReferenceVanishedError where a version in force was erased from its bucket.
    """
    taken = [content_of(snapshot, installation.reference) for snapshot in installation.ledger.references(year).values()]
    suppliers = next((item.suppliers for item in taken if item.suppliers is not None), ())
    return suppliers, next((item.program for item in taken if item.program), None)


def languages_of(installation: Installation, year: int, supplier_ids: Container[str]) -> dict[str, str]:
    """The language (ISO 639-1) that each of these suppliers chose in the newest file that counts for it.

    Those who chose English, or sent nothing yet, are left out. One query for 64 suppliers, whoever is asked for.
    """
    ledger = installation.ledger
    newest = [
        (member.supplier_id, max(member.current))
        for group in ledger.groups(year)
        for member in ledger.members(year, group)
        if member.supplier_id in supplier_ids and member.current
    ]
    spoken = {summary.supplier_id: language_of(summary.language) for summary in ledger.summaries(year, newest).values()}
    return {supplier_id: language.code for supplier_id, language in spoken.items() if language}
