"""The reference data in force, and the languages that suppliers answer in, as the ledger has them now."""

from collections.abc import Container

from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.review.telling import language_of
from tracelode.storage.reference_files import ReferenceFiles
from tracelode_console.desk.installation import Installation


def in_force(installation: Installation, year: int) -> ReferenceInForce:
    """The reference data in force for a year; empty where none was taken.

    Raises ReferenceVanishedError where a version in force was erased from its bucket.
    """
    snapshots = installation.ledger.references.in_force(year).values()
    return ReferenceFiles(installation.reference).in_force(snapshots)


def languages_of(installation: Installation, year: int, supplier_ids: Container[str]) -> dict[str, str]:
    """The language (ISO 639-1) that each of these suppliers chose in the newest file that counts for it.

    Those who chose English, or sent nothing yet, are left out. One query for 64 suppliers, whoever is asked for.
    """
    ledger = installation.ledger
    newest = [
        (member.supplier_id, max(member.current))
        for group in ledger.groups.numbers(year)
        for member in ledger.groups.members(year, group)
        if member.supplier_id in supplier_ids and member.current
    ]
    spoken = {
        summary.supplier_id: language_of(summary.language)
        for summary in ledger.submissions.summaries(year, newest).values()
    }
    return {supplier_id: language.code for supplier_id, language in spoken.items() if language}
