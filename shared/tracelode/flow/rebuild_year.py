"""Makes a year's partials and report again from the ledger's facts alone."""

from tracelode.flow.publish_report import Published, publish_report
from tracelode.flow.settle_supplier import settle_current
from tracelode.flow.stores import Stores
from tracelode.flow.tally_group import tally_group


def rebuild_year(year: int, stores: Stores, *, afresh: bool = False) -> Published:
    """Settle every supplier from its receipts and withdrawals, write every partial again, and publish.

    Nothing that was made of the facts is trusted, and everything is overwritten in place, so that it may run beside
    a live system. With `afresh` it is forgotten first, for a system at rest: a publish meanwhile would miss it.

    It scans the table once, for the suppliers. Raises LostRaceError after too many rounds against others, and AWS
    errors; it may be repeated.
    """
    ledger = stores.ledger
    if afresh:
        ledger.drop_aggregates(year)
    for supplier_id in ledger.submissions.suppliers(year):
        settle_current(year, supplier_id, ledger)
    for group in ledger.groups.numbers(year):
        tally_group(year, group, ledger, rewrite=True)
    return publish_report(year, stores)
