"""Reference files that were taken: which is in force, and all that ever were."""

from dataclasses import asdict, dataclass

from tracelode.ledger import keys
from tracelode.ledger.changes import ReportChanges
from tracelode.ledger.table import Item, LedgerTable
from tracelode.reference.snapshot import ReferenceSnapshot


@dataclass(frozen=True, slots=True)
class References:
    """The reference files of all years."""

    table: LedgerTable
    changes: ReportChanges

    def put(self, year: int, snapshot: ReferenceSnapshot) -> ReferenceSnapshot:
        """Keep a snapshot and put it in force unless a newer one is; returns the one in force.

        It is announced once, also if it comes too late to be in force: earlier lists are in the report, too.
        """
        partition, attributes = keys.year_partition(year), asdict(snapshot)
        history = keys.snapshot(snapshot.kind, snapshot.received, snapshot.key, snapshot.version_id)
        kept = {"pk": partition, "sk": history, **attributes}
        standing = self.table.put_unless(kept)
        newer = self.table.put_unless(
            {"pk": partition, "sk": keys.reference(snapshot.kind), **attributes, "order": snapshot.order},
            "attribute_not_exists(pk) OR #order < :order",
            {"#order": "order"},
            {":order": snapshot.order},
        )
        if standing is None or "announced" not in standing:
            self.changes.announce(year)
            self.table.put({**kept, "announced": True})
        return snapshot if newer is None else _snapshot(newer)

    def in_force(self, year: int) -> dict[str, ReferenceSnapshot]:
        """The reference data in force, by kind."""
        items = self.table.query(keys.year_partition(year), keys.REFERENCE_PREFIX)
        return {snapshot.kind: snapshot for snapshot in map(_snapshot, items)}

    def history(self, year: int) -> tuple[ReferenceSnapshot, ...]:
        """Every reference file that was ever taken for a year, by kind, oldest date first."""
        items = self.table.query(keys.year_partition(year), keys.SNAPSHOT_PREFIX)
        return tuple(sorted(map(_snapshot, items), key=lambda snapshot: (snapshot.kind, snapshot.order)))


def _snapshot(item: Item) -> ReferenceSnapshot:
    return ReferenceSnapshot(**{name: item[name] for name in ReferenceSnapshot.__dataclass_fields__})
