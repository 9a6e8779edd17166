"""The ledger: the only place that speaks DynamoDB.

Every write is one conditional write to one item, safe to repeat: facts are put under keys that their content decides,
and what is recomputed is written only if nobody else has written it since it was read. There are no transactions.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tracelode.cmrt.declaration import SmelterLine
from tracelode.ledger import keys
from tracelode.ledger.codec import decode_partial, decode_summary, encode_partial, encode_summary
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Partial, Seat, seat_number
from tracelode.tally.current import Placement, Receipt, Withdrawal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

BATCH_WRITE = 25
BATCH_GET = 100
BLOB_PART = 350_000
"""Bytes of a value kept in one item; an item may hold 400 KB with its keys."""
UNPROCESSED_ATTEMPTS = 8


RACE_ATTEMPTS = 20
"""Rounds of read, recompute and write against others at the same item before the message is tried again later."""


class LostRaceError(RuntimeError):
    """Others kept writing the same item; the message is tried again later."""


class StillUnprocessedError(RuntimeError):
    """DynamoDB kept handing back a part of a batch; the message is tried again later."""


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """A reference file that was taken: where its bytes lie, and what decides which snapshot is in force."""

    kind: str
    key: str
    version_id: str
    sha256: str
    received: str
    as_of: str

    @property
    def order(self) -> str:
        """The newest as-of date is in force, then the newest receipt."""
        return "|".join((self.as_of, self.received, self.key, self.version_id))


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier of a group: its seat, and the sort keys of the summaries that count."""

    supplier_id: str
    seat: Seat
    current: tuple[str, ...]
    rejected: str


@dataclass(frozen=True, slots=True)
class PartialVersion:
    """How often a group's partial was written, and the digest of what was written last."""

    number: int
    digest: str


class Ledger:
    """The facts and aggregates of all program years in one table."""

    def __init__(self, client: "DynamoDBClient", table: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self._sleep = sleep

    # ---- a submission ------------------------------------------------------------------------------------------

    def put_lines(self, year: int, supplier_id: str, sha256: str, lines: Sequence[SmelterLine]) -> None:
        """Keep a workbook's smelter lines; lines that are there already are not written again.

        Raises StillUnprocessedError when DynamoDB does not take them within the attempts.
        """
        partition = keys.lines_partition(year, supplier_id, sha256)
        complete = {"pk": _s(partition), "sk": _s(keys.LINES_COMPLETE)}
        if self._get(partition, keys.LINES_COMPLETE):
            return
        items = [_line_item(partition, year, line) for line in lines]
        for start in range(0, len(items), BATCH_WRITE):
            self._write_batch(items[start : start + BATCH_WRITE])
        self._client.put_item(TableName=self._table, Item={**complete, "lines": _n(len(items))})

    def lines(self, year: int, supplier_id: str, sha256: str) -> Iterator[Mapping[str, str]]:
        """A workbook's smelter lines in row order, each as the non-empty attributes it was kept with."""
        for item in self._query(keys.lines_partition(year, supplier_id, sha256), keys.LINE_PREFIX):
            yield {name: next(iter(value.values())) for name, value in item.items() if name not in ("pk", "sk")}

    def put_submission(self, year: int, summary: SubmissionSummary) -> None:
        """Record a submission once: its summary, then the receipt that makes it count."""
        partition = keys.supplier_partition(year, summary.supplier_id)
        blob = self._blob_attributes(year, encode_summary(summary))
        self._put_once({"pk": _s(partition), "sk": _s(keys.summary(*summary.order)), **blob})
        self._put_once(
            {
                "pk": _s(partition),
                "sk": _s(keys.submission(*summary.order)),
                "received": _s(summary.received),
                "key": _s(summary.key),
                "version_id": _s(summary.version_id),
                "state": _s(summary.state),
                "scope": _s(summary.scope),
                "sha256": _s(summary.sha256),
                "submission_id": _s(summary.submission_id),
            }
        )

    def put_withdrawal(self, year: int, supplier_id: str, withdrawal: Withdrawal) -> None:
        """Record that an object, or one version of it, was deleted."""
        self._put_once(
            {
                "pk": _s(keys.supplier_partition(year, supplier_id)),
                "sk": _s(keys.withdrawal(withdrawal.at, withdrawal.key, withdrawal.version_id)),
                "received": _s(withdrawal.at),
                "key": _s(withdrawal.key),
                "version_id": _s(withdrawal.version_id),
            }
        )

    def receipts(self, year: int, supplier_id: str) -> tuple[Receipt, ...]:
        """All of a supplier's submissions, oldest first, as they stand at this moment."""
        items = self._query(keys.supplier_partition(year, supplier_id), keys.SUBMISSION_PREFIX)
        return tuple(
            Receipt(
                _text(item, "received"),
                _text(item, "key"),
                _text(item, "version_id"),
                State(_text(item, "state")),
                _text(item, "scope"),
            )
            for item in items
        )

    def withdrawals(self, year: int, supplier_id: str) -> tuple[Withdrawal, ...]:
        """All deletions of a supplier's objects, oldest first."""
        items = self._query(keys.supplier_partition(year, supplier_id), keys.WITHDRAWAL_PREFIX)
        return tuple(
            Withdrawal(_text(item, "received"), _text(item, "key"), _text(item, "version_id")) for item in items
        )

    # ---- seats and what is current -----------------------------------------------------------------------------

    def seat(self, year: int, supplier_id: str) -> Seat:
        """The supplier's seat, dealt now if it has none.

        Two callers at once get the same seat; a seat dealt to the loser of that race, or to a caller that died, stays
        empty, so a group may hold fewer suppliers than seats but never more.
        """
        partition = keys.supplier_partition(year, supplier_id)
        item = self._get(partition, keys.SEAT)
        if item is None:
            dealt = self._client.update_item(
                TableName=self._table,
                Key={"pk": _s(keys.year_partition(year)), "sk": _s(keys.SEATS)},
                UpdateExpression="ADD dealt :one",
                ExpressionAttributeValues={":one": _n(1)},
                ReturnValues="UPDATED_NEW",
            )["Attributes"]["dealt"]["N"]
            self._put_once({"pk": _s(partition), "sk": _s(keys.SEAT), "number": _n(int(dealt) - 1)})
            item = self._get(partition, keys.SEAT)
        if item is None:
            raise StillUnprocessedError(f"the seat of {partition} was written and is not there")
        return seat_number(int(item["number"]["N"]))

    def groups(self, year: int) -> range:
        """The numbers of the groups that seats were dealt in."""
        item = self._get(keys.year_partition(year), keys.SEATS)
        dealt = int(item["dealt"]["N"]) if item else 0
        return range(seat_number(dealt - 1).group + 1) if dealt else range(0)

    def current_version(self, year: int, supplier_id: str, seat: Seat) -> int:
        """How often a supplier's current submissions were written; read it before what they are computed from."""
        item = self._get(keys.group_partition(year, seat.group), keys.current(supplier_id))
        return int(item["version"]["N"]) if item else 0

    def put_current(self, year: int, supplier_id: str, seat: Seat, version: int, placement: Placement) -> bool:
        """Write which submissions count, unless somebody has since `version` was read; says whether it was written.

        Writing what stands there already is no write at all, so that a repeated event triggers nothing.
        """
        partition = keys.group_partition(year, seat.group)
        attributes: Item = {
            "seat": _n(seat.seat),
            "current": {"L": [_s(keys.summary(*receipt.order)) for receipt in placement.current]},
            "rejected": _s(keys.summary(*placement.rejected.order) if placement.rejected else ""),
        }
        standing = self._get(partition, keys.current(supplier_id))
        if standing and all(standing.get(name) == value for name, value in attributes.items()):
            return int(standing["version"]["N"]) == version
        item = {"pk": _s(partition), "sk": _s(keys.current(supplier_id)), **attributes}
        return self._put_version(item, version)

    def members(self, year: int, group: int) -> tuple[Member, ...]:
        """The suppliers of a group with what is current of each, ordered by id."""
        items = self._query(keys.group_partition(year, group), keys.CURRENT_PREFIX)
        return tuple(
            Member(
                supplier_id=_text(item, "sk").removeprefix(keys.CURRENT_PREFIX),
                seat=Seat(group, int(item["seat"]["N"])),
                current=tuple(entry["S"] for entry in item["current"]["L"]),
                rejected=_text(item, "rejected"),
            )
            for item in items
        )

    def summaries(self, year: int, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SubmissionSummary]:
        """The summaries under (supplier id, sort key); one that is not there is left out."""
        places = [(keys.supplier_partition(year, supplier_id), sort) for supplier_id, sort in wanted]
        found = self._get_many(places)
        return {
            (partition.split("#", 2)[2], sort): decode_summary(self._blob(year, item))
            for (partition, sort), item in found.items()
        }

    # ---- partials ----------------------------------------------------------------------------------------------

    def partial_version(self, year: int, group: int) -> PartialVersion:
        """Which partial of a group stands there; read it before what the next one is computed from."""
        item = self._get(keys.group_partition(year, group), keys.PARTIAL, projection=("version", "digest"))
        return PartialVersion(int(item["version"]["N"]), _text(item, "digest")) if item else PartialVersion(0, "")

    def put_partial(self, year: int, partial: Partial, seen: PartialVersion) -> bool:
        """Write a group's partial, unless somebody has since `seen` was read; says whether it stands there now.

        Writing what was seen there is no write at all, so that a repeated event triggers no publish.
        """
        encoded = encode_partial(partial)
        digest = hashlib.sha256(encoded).hexdigest()
        if digest == seen.digest:
            return True
        item = {
            "pk": _s(keys.group_partition(year, partial.group)),
            "sk": _s(keys.PARTIAL),
            "digest": _s(digest),
            **self._blob_attributes(year, encoded),
        }
        return self._put_version(item, seen.number)

    def partials(self, year: int) -> tuple[Partial, ...]:
        """The partials of a year, by group."""
        found = self._get_many([(keys.group_partition(year, group), keys.PARTIAL) for group in self.groups(year)])
        return tuple(decode_partial(self._blob(year, found[place])) for place in sorted(found))

    # ---- reference data ----------------------------------------------------------------------------------------

    def put_snapshot(self, year: int, snapshot: ReferenceSnapshot) -> bool:
        """Keep a snapshot and put it in force unless a newer one is; says whether it is the one in force."""
        attributes: Item = {
            name: _s(getattr(snapshot, name)) for name in ("kind", "key", "version_id", "sha256", "received", "as_of")
        }
        partition = keys.year_partition(year)
        history = keys.snapshot(snapshot.kind, snapshot.received, snapshot.key, snapshot.version_id)
        self._put_once({"pk": _s(partition), "sk": _s(history), **attributes})
        in_force = {"pk": _s(partition), "sk": _s(keys.reference(snapshot.kind)), **attributes}
        return self._put_if(
            {**in_force, "order": _s(snapshot.order)},
            "attribute_not_exists(pk) OR #order < :order",
            {"#order": "order"},
            {":order": _s(snapshot.order)},
        )

    def reference(self, year: int, kind: str) -> ReferenceSnapshot | None:
        """The reference data of one kind in force, None while there is none."""
        item = self._get(keys.year_partition(year), keys.reference(kind))
        return _snapshot(item) if item else None

    def references(self, year: int) -> dict[str, ReferenceSnapshot]:
        """The reference data in force, by kind."""
        items = self._query(keys.year_partition(year), keys.REFERENCE_PREFIX)
        return {snapshot.kind: snapshot for snapshot in map(_snapshot, items)}

    # ---- who names a facility ----------------------------------------------------------------------------------

    def suppliers_naming(self, year: int, metal: str, cid: str) -> tuple[str, ...]:
        """Every supplier that ever named a facility this year, from the index; what is current is its standing's."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=keys.FACILITY_INDEX,
            KeyConditionExpression="facility = :facility",
            ExpressionAttributeValues={":facility": _s(keys.facility(year, metal, cid))},
        )
        return tuple(sorted({item["pk"]["S"].split("#")[2] for page in pages for item in page["Items"]}))

    # ---- the table ---------------------------------------------------------------------------------------------

    def _get(self, partition: str, sort: str, *, projection: tuple[str, ...] = ()) -> Item | None:
        narrowed: dict[str, Any] = {}
        if projection:
            names = {f"#{name}": name for name in projection}
            narrowed = {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
        answer = self._client.get_item(
            TableName=self._table, Key={"pk": _s(partition), "sk": _s(sort)}, ConsistentRead=True, **narrowed
        )
        return answer.get("Item")

    def _get_many(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(places), BATCH_GET):
            wanted: Any = [{"pk": _s(pk), "sk": _s(sk)} for pk, sk in places[start : start + BATCH_GET]]
            for attempt in range(UNPROCESSED_ATTEMPTS):
                answer: Any = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
                )
                for item in answer["Responses"].get(self._table, []):
                    found[(item["pk"]["S"], item["sk"]["S"])] = item
                wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
                if not wanted:
                    break
                self._sleep(0.05 * 2**attempt)
            else:
                raise StillUnprocessedError(f"{len(wanted)} items of a batch were not read")
        return found

    def _query(self, partition: str, prefix: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": _s(partition), ":prefix": _s(prefix)},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def _write_batch(self, items: Sequence[Item]) -> None:
        unwritten: Any = [{"PutRequest": {"Item": item}} for item in items]
        for attempt in range(UNPROCESSED_ATTEMPTS):
            answer = self._client.batch_write_item(RequestItems={self._table: unwritten})
            unwritten = answer.get("UnprocessedItems", {}).get(self._table, [])
            if not unwritten:
                return
            self._sleep(0.05 * 2**attempt)
        raise StillUnprocessedError(f"{len(unwritten)} items of a batch were not written")

    def _put_once(self, item: Item) -> bool:
        return self._put_if(item, "attribute_not_exists(pk)", {}, {})

    def _put_version(self, item: Item, version: int) -> bool:
        written = {**item, "version": _n(version + 1)}
        if version == 0:
            return self._put_once(written)
        return self._put_if(written, "#version = :version", {"#version": "version"}, {":version": _n(version)})

    def _put_if(self, item: Item, condition: str, names: dict[str, str], values: Item) -> bool:
        optional: dict[str, Any] = {}
        if names:
            optional["ExpressionAttributeNames"] = names
        if values:
            optional["ExpressionAttributeValues"] = values
        try:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **optional)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    # ---- values that may be larger than an item ----------------------------------------------------------------

    def _blob_attributes(self, year: int, blob: bytes) -> Item:
        if len(blob) <= BLOB_PART:
            return {"blob": {"B": blob}}
        digest = hashlib.sha256(blob).hexdigest()
        parts = [blob[start : start + BLOB_PART] for start in range(0, len(blob), BLOB_PART)]
        for number, part in enumerate(parts):
            place = {"pk": _s(keys.blob_partition(year, digest)), "sk": _s(f"{keys.PART_PREFIX}{number:05}")}
            self._put_once({**place, "blob": {"B": part}})
        return {"blob_sha256": _s(digest)}

    def _blob(self, year: int, item: Item) -> bytes:
        if "blob" in item:
            return bytes(item["blob"]["B"])
        parts = self._query(keys.blob_partition(year, _text(item, "blob_sha256")), keys.PART_PREFIX)
        return b"".join(bytes(part["blob"]["B"]) for part in parts)


_LINE_TEXTS = (
    "typed_cid", "typed_metal", "typed_lookup", "typed_name", "typed_country", "typed_identification",
    "name", "country", "mine", "mine_country", "recycled", "comments",
)  # fmt: skip


def _line_item(partition: str, year: int, line: SmelterLine) -> Item:
    item: Item = {
        "pk": _s(partition),
        "sk": _s(keys.line(line.row)),
        "kind": _s(line.kind),
        "cid_source": _s(line.cid_source),
    }
    item.update((name, _s(getattr(line, name))) for name in _LINE_TEXTS if getattr(line, name))
    if line.metal:
        item["metal"] = _s(line.metal)
    if line.cid:
        item["cid"] = _s(line.cid)
    if line.metal and line.cid:
        item["facility"] = _s(keys.facility(year, line.metal, line.cid))
    return item


def _snapshot(item: Item) -> ReferenceSnapshot:
    return ReferenceSnapshot(**{name: _text(item, name) for name in ReferenceSnapshot.__dataclass_fields__})


def _text(item: Item, name: str) -> str:
    return str(item[name]["S"])


def _s(value: str) -> Item:
    return {"S": str(value)}


def _n(value: int) -> Item:
    return {"N": str(value)}
