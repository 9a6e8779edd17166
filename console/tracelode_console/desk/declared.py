"""What the files that count for a supplier declare, as the ledger keeps it for people."""

from dataclasses import dataclass

from tracelode.ledger.smelters import DeclaredSmelter
from tracelode.storage import places
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
