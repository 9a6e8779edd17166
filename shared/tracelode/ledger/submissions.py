"""What suppliers sent and took back: facts, recorded once under keys that their content decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.declarations.answers import sourcing_there
from tracelode.ledger import keys
from tracelode.ledger.blobs import blob_attributes, read_blob
from tracelode.ledger.codec import decode_summary, encode_summary
from tracelode.ledger.smelters import DeclaredSmelters
from tracelode.ledger.table import LedgerTable
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.current import Receipt, Withdrawal
from tracelode.template_kind import CMRT, TemplateKind


@dataclass(frozen=True, slots=True)
class Submissions:
    """The submissions and withdrawals of all suppliers."""

    table: LedgerTable
    smelters: DeclaredSmelters

    def record(self, year: int, summary: SubmissionSummary) -> None:
        """Record a submission once: its summary, its smelters for people, then the receipt that makes it count."""
        partition = keys.supplier_partition(year, summary.supplier_id)
        blob = blob_attributes(self.table, year, encode_summary(summary))
        self.table.put_once({"pk": partition, "sk": keys.summary(*summary.order), **blob})
        self.smelters.record(year, summary)
        self.table.put_once(
            {
                "pk": partition,
                "sk": keys.submission(*summary.order),
                "received": summary.received,
                "key": summary.key,
                "version_id": summary.version_id,
                "state": summary.state.value,
                "scope": summary.scope,
                "template_kind": summary.template_kind,
                "sourcing_there": list(sourcing_there(summary)),
                "sha256": summary.sha256,
                "submission_id": summary.submission_id,
            }
        )

    def record_withdrawal(self, year: int, supplier_id: str, withdrawal: Withdrawal) -> None:
        """Record that an object, or one version of it, was deleted."""
        self.table.put_once(
            {
                "pk": keys.supplier_partition(year, supplier_id),
                "sk": keys.withdrawal(withdrawal.at, withdrawal.key, withdrawal.version_id),
                "received": withdrawal.at,
                "key": withdrawal.key,
                "version_id": withdrawal.version_id,
                "marker": withdrawal.marker,
            }
        )

    def receipts(self, year: int, supplier_id: str) -> tuple[Receipt, ...]:
        """All of a supplier's submissions, oldest first, as they stand at this moment."""
        items = self.table.query(keys.supplier_partition(year, supplier_id), keys.SUBMISSION_PREFIX)
        return tuple(
            Receipt(
                item["received"],
                item["key"],
                item["version_id"],
                State(item["state"]),
                item["scope"],
                # A release before 0.2.0 read CMRTs alone, and did not say so.
                TemplateKind(item.get("template_kind", CMRT)),
                # Nor before 0.3.0 what it says of covered countries.
                tuple(item.get("sourcing_there", ())),
            )
            for item in items
        )

    def withdrawals(self, year: int, supplier_id: str) -> tuple[Withdrawal, ...]:
        """All deletions of a supplier's objects, oldest first."""
        items = self.table.query(keys.supplier_partition(year, supplier_id), keys.WITHDRAWAL_PREFIX)
        return tuple(
            # A release before 0.2.0 recorded no markers.
            Withdrawal(item["received"], item["key"], item["version_id"], item.get("marker", ""))
            for item in items
        )

    def summaries(self, year: int, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SubmissionSummary]:
        """The summaries under (supplier id, sort key); one that is not there is left out."""
        found = self.table.get_many(
            [(keys.supplier_partition(year, supplier_id), sort) for supplier_id, sort in wanted]
        )
        return {
            (keys.supplier_of(partition), sort): decode_summary(read_blob(self.table, year, item))
            for (partition, sort), item in found.items()
        }

    def suppliers(self, year: int) -> tuple[str, ...]:
        """Every supplier that something was recorded of, by id.

        The one scan there is, for rebuilding alone: it reads the whole table.
        """
        facts = (keys.SUBMISSION_PREFIX, keys.WITHDRAWAL_PREFIX)
        found = self.table.scan_partitions(keys.supplier_partition(year, ""), facts)
        return tuple(sorted(map(keys.supplier_of, found)))

    def announced_again(self, year: int, supplier_id: str) -> dict[tuple[str, str], str]:
        """When each of a supplier's versions and delete markers was last announced again, by key and version id."""
        items = self.table.query(keys.supplier_partition(year, supplier_id), keys.ANNOUNCED_AGAIN_PREFIX)
        return {(item["key"], item["version_id"]): item["at"] for item in items}

    def note_announced_again(self, year: int, supplier_id: str, key: str, version_id: str, at: str) -> None:
        """Remember that a version, or a delete marker, was announced again, in place of the time before."""
        self.table.put(
            {
                "pk": keys.supplier_partition(year, supplier_id),
                "sk": keys.announced_again(key, version_id),
                "key": key,
                "version_id": version_id,
                "at": at,
            }
        )
