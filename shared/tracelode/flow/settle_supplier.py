"""Which of a supplier's submissions count, from all that is recorded of it."""

from tracelode.ledger.ledger import Ledger
from tracelode.ledger.table import RACE_ATTEMPTS, LostRaceError
from tracelode.tally.current import Placement, place


def settle_current(year: int, supplier_id: str, ledger: Ledger) -> None:
    """Write which of a supplier's submissions count, from all that is recorded of the supplier at this moment.

    It looks again once it has written: somebody who recorded more meanwhile may have found that what stood there was
    right for that, and so have left no trace that this write could have stumbled over.

    Raises LostRaceError after too many rounds against others.
    """
    seat = ledger.groups.seat(year, supplier_id)
    for _ in range(RACE_ATTEMPTS):
        version = ledger.groups.current_version(year, supplier_id, seat)
        placement = _placement(year, supplier_id, ledger)
        written = ledger.groups.put_current(year, supplier_id, seat, version, placement)
        if written and _placement(year, supplier_id, ledger) == placement:
            return
    raise LostRaceError(f"current submissions of supplier {supplier_id} in {year}")


def _placement(year: int, supplier_id: str, ledger: Ledger) -> Placement:
    return place(ledger.submissions.receipts(year, supplier_id), ledger.submissions.withdrawals(year, supplier_id))
