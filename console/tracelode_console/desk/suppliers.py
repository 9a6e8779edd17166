"""What the ledger has now of a year and its suppliers: reference data in force, languages, and what each declares."""

from collections.abc import Container
from dataclasses import dataclass

from tracelode.ledger.smelters import DeclaredSmelter
from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.review.telling import language_of
from tracelode.storage import places
from tracelode.storage.reference_files import ReferenceFiles
from tracelode.tally.current import Receipt, place
from tracelode_console.desk.installation import Installation


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """A supplier's file that counts, when it came (ISO 8601, UTC), and the smelters that it names.

    `left_out` counts smelters beyond those that are kept for people; the file itself has them.
    """

    file: str
    received: str
    smelters: tuple[DeclaredSmelter, ...]
    left_out: int


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


def declared_files(installation: Installation, year: int, supplier_id: str) -> tuple[DeclaredFile, ...] | None:
    """The files that count for a supplier, oldest first; None where nothing was ever received from it."""
    facts = installation.ledger.submissions
    receipts = facts.receipts(year, supplier_id)
    if not receipts:
        return None
    counted = place(receipts, facts.withdrawals(year, supplier_id)).current
    return tuple(_declared(installation, year, supplier_id, receipt) for receipt in counted)


def _declared(installation: Installation, year: int, supplier_id: str, receipt: Receipt) -> DeclaredFile:
    found = installation.ledger.smelters.declared(year, supplier_id, receipt)
    return DeclaredFile(places.inbox_place(receipt.key).file, receipt.received, found.smelters, found.left_out)
