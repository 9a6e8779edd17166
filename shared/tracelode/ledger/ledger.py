"""The ledger: the only room that speaks DynamoDB, a part for each subject, all of them in one table.

Every write is one conditional write to one item, safe to repeat: facts are put under keys that their content decides,
and what is recomputed is written only if nobody else has written it since it was read. There are no transactions.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracelode.ledger import keys
from tracelode.ledger.changes import ReportChanges
from tracelode.ledger.groups import Groups
from tracelode.ledger.partials import Partials
from tracelode.ledger.references import References
from tracelode.ledger.smelters import DeclaredSmelters
from tracelode.ledger.submissions import Submissions
from tracelode.ledger.table import LedgerTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Ledger:
    """The facts and aggregates of all program years: what suppliers sent, what it comes to, what is in force."""

    table: LedgerTable
    submissions: Submissions
    smelters: DeclaredSmelters
    groups: Groups
    partials: Partials
    references: References
    changes: ReportChanges

    @classmethod
    def in_table(cls, client: "DynamoDBClient", name: str, *, sleep: Callable[[float], None] = time.sleep) -> "Ledger":
        """The ledger in the table of this name."""
        table = LedgerTable(client, name, sleep)
        smelters, groups, changes = DeclaredSmelters(table), Groups(table), ReportChanges(table)
        return cls(
            table=table,
            submissions=Submissions(table, smelters),
            smelters=smelters,
            groups=groups,
            partials=Partials(table, groups, changes),
            references=References(table, changes),
            changes=changes,
        )

    def receipt_times(self, year: int) -> dict[tuple[str, str], str]:
        """When each object version of a year was received, and each delete marker that is known by its version id, by
        key and version id; it scans (see `Submissions.suppliers`)."""
        times = {(snapshot.key, snapshot.version_id): snapshot.received for snapshot in self.references.history(year)}
        facts = self.submissions
        for supplier_id in facts.suppliers(year):
            times |= {(item.key, item.version_id): item.received for item in facts.receipts(year, supplier_id)}
            times |= {(item.key, item.marker): item.at for item in facts.withdrawals(year, supplier_id) if item.marker}
        return times

    def drop_aggregates(self, year: int) -> None:
        """Forget what is current and all partials of a year; the facts that they were made of stay.

        Whoever publishes before they are made again publishes a hole.
        """
        # What was verified goes first, because it speaks of versions that start over.
        self.table.delete(keys.year_partition(year), keys.VERIFIED)
        for group in self.groups.numbers(year):
            partition = keys.group_partition(year, group)
            for member in self.groups.members(year, group):
                self.table.delete(partition, keys.current(member.supplier_id))
            # The versions that were announced start over, too.
            self.table.delete(partition, keys.ANNOUNCED)
            self.partials.forget(year, group)
