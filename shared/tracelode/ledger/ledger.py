"""The ledger: the only place that speaks DynamoDB.

Every write is one conditional write to one item, safe to repeat: facts are put under keys that their content decides,
and what is recomputed is written only if nobody else has written it since it was read. There are no transactions.
"""

import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tracelode.declarations.declaration import SmelterLine
from tracelode.ledger import keys
from tracelode.ledger.codec import SCHEMA, decode_partial, decode_summary, encode_partial, encode_summary
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Partial, Seat, Standing, seat_number
from tracelode.tally.current import Counted, Placement, Receipt, Withdrawal
from tracelode.template_kind import CMRT, TemplateKind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

BATCH_WRITE = 25
BATCH_GET = 100
BLOB_PART = 350_000
"""Bytes of a value kept in one item; an item may hold 400 KB with its keys."""
UNPROCESSED_ATTEMPTS = 8
"""Calls in a row that DynamoDB took nothing of. One call answers with 16 MB at most, so a batch of large items comes in
several, each with a part of it."""
PROGRAM_YEARS = range(2010, 2101)
"""Every program year that an object's key can name (storage/places.py)."""


RACE_ATTEMPTS = 20
"""Rounds of read, recompute and write against others at the same item before the message is tried again later."""


class LostRaceError(RuntimeError):
    """Others kept writing the same item; the message is tried again later."""


class StillUnprocessedError(RuntimeError):
    """DynamoDB kept handing back a part of a batch; the message is tried again later."""


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """A reference file that was taken: where its bytes lie, and what decides which snapshot is in force.

    `kind` is what a newer file replaces (reference/kinds.py: `kept_as`), whatever it is called; `as_of` an ISO date.
    """

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

    @property
    def file(self) -> str:
        """The file's name."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier of a group: its seat, and the sort keys of the summaries that count.

    `day`, `before` and `withdrawn` are as in its Placement; `day` is "" as well where a release recorded what is
    current that kept nothing of the time before: a full reconciliation settles it.
    """

    supplier_id: str
    seat: Seat
    current: tuple[str, ...]
    rejected: str
    day: str = ""
    before: Counted[str] | None = None
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartialVersion:
    """How often a group's partial was written, and the digest of what was written last.

    `parts` names where the parts of a large one lie, `before` where those of the one that it replaced do; "" for none.
    """

    number: int
    digest: str
    parts: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class GroupState:
    """What is current in a group, and what its partial says that it was folded from.

    `covers` is "" and `version` 0 where there is no partial.
    """

    members: tuple[Member, ...]
    covers: str
    version: int

    @property
    def stale(self) -> bool:
        """Whether the partial was folded from anything else than what is current now."""
        return bool(self.members or self.covers) and self.covers != _covers(self.members)


@dataclass(frozen=True, slots=True)
class StoredPartial:
    """A partial as it lies in the table; `partial` is None where its bytes say nothing that can be read."""

    covers: str
    partial: Partial | None


_Ordered = Receipt | SubmissionSummary


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
                "template_kind": _s(summary.template_kind),
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
                "marker": _s(withdrawal.marker),
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
                # A release that read CMRTs alone wrote none.
                TemplateKind(_text(item, "template_kind")) if "template_kind" in item else CMRT,
            )
            for item in items
        )

    def withdrawals(self, year: int, supplier_id: str) -> tuple[Withdrawal, ...]:
        """All deletions of a supplier's objects, oldest first."""
        items = self._query(keys.supplier_partition(year, supplier_id), keys.WITHDRAWAL_PREFIX)
        return tuple(
            Withdrawal(
                _text(item, "received"),
                _text(item, "key"),
                _text(item, "version_id"),
                _text(item, "marker") if "marker" in item else "",
            )
            for item in items
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
        attributes = _member_attributes(member_of(supplier_id, seat, placement))
        standing = self._get(partition, keys.current(supplier_id))
        if standing and all(standing.get(name) == value for name, value in attributes.items()):
            return int(standing["version"]["N"]) == version
        item = {"pk": _s(partition), "sk": _s(keys.current(supplier_id)), **attributes}
        return self._put_version(item, version)

    def members(self, year: int, group: int) -> tuple[Member, ...]:
        """The suppliers of a group with what is current of each, ordered by id."""
        items = self._query(keys.group_partition(year, group), keys.CURRENT_PREFIX)
        return tuple(_member(group, item) for item in items)

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
        asked = ("version", "digest", "blob_sha256", "blob_before")
        item = self._get(keys.group_partition(year, group), keys.PARTIAL, projection=asked)
        if item is None:
            return PartialVersion(0, "")
        parts, before = (_text(item, name) if name in item else "" for name in asked[2:])
        return PartialVersion(int(item["version"]["N"]), _text(item, "digest"), parts, before)

    def put_partial(self, year: int, partial: Partial, seen: PartialVersion) -> bool:
        """Write a group's partial, unless somebody has since `seen` was read; says whether it stands there now.

        A partial that stands there is announced, once. Writing what was seen there is no write at all, so that a
        repeated event triggers no publish; but if its writer died before it was announced, it is announced now.

        The parts of a large one are kept until the one that replaced it is replaced, for those who read it meanwhile.
        They lie under a hash of version and content, so that nobody can come to need what is deleted here.
        """
        encoded = encode_partial(partial)
        digest = hashlib.sha256(encoded).hexdigest()
        if digest == seen.digest:
            self._announce_partial(year, partial.group, seen.number)
            return True
        if seen.before:
            self._delete_parts(year, seen.before)
        item = {
            "pk": _s(keys.group_partition(year, partial.group)),
            "sk": _s(keys.PARTIAL),
            "digest": _s(digest),
            "covers": _s(_covers(member_of(s.supplier_id, s.seat, s) for s in partial.standings)),
            **self._blob_attributes(year, encoded, written_as=f"{partial.group} {seen.number + 1} "),
            **({"blob_before": _s(seen.parts)} if seen.parts else {}),
        }
        if not self._put_version(item, seen.number):
            return False
        self._announce_new_partial(year, partial.group, seen.number + 1)
        return True

    def partials(self, year: int) -> tuple[Partial, ...]:
        """The partials of a year, by group."""
        found = self._get_many([(keys.group_partition(year, group), keys.PARTIAL) for group in self.groups(year)])
        return tuple(self._partial(year, found[place])[1] for place in sorted(found))

    def _partial(self, year: int, item: Item) -> tuple[Item, Partial]:
        """The partial of an item, and the item: read again if its parts went, because it was replaced twice meanwhile.

        Raises zlib.error for damaged bytes.
        """
        while True:
            try:
                return item, decode_partial(self._blob(year, item))
            except zlib.error:
                now = self._get(_text(item, "pk"), keys.PARTIAL)
                if now is None or now == item:
                    raise
                item = now

    # ---- reference data ----------------------------------------------------------------------------------------

    def put_snapshot(self, year: int, snapshot: ReferenceSnapshot) -> ReferenceSnapshot:
        """Keep a snapshot and put it in force unless a newer one is; returns the one in force.

        It is announced once, also if it comes too late to be in force: earlier lists are in the report, too.
        """
        attributes: Item = {
            name: _s(getattr(snapshot, name)) for name in ("kind", "key", "version_id", "sha256", "received", "as_of")
        }
        partition = keys.year_partition(year)
        history = keys.snapshot(snapshot.kind, snapshot.received, snapshot.key, snapshot.version_id)
        kept = {"pk": _s(partition), "sk": _s(history), **attributes}
        standing = self._put_or_read(kept, "attribute_not_exists(pk)", {}, {})
        in_force = {"pk": _s(partition), "sk": _s(keys.reference(snapshot.kind)), **attributes}
        newer = self._put_or_read(
            {**in_force, "order": _s(snapshot.order)},
            "attribute_not_exists(pk) OR #order < :order",
            {"#order": "order"},
            {":order": _s(snapshot.order)},
        )
        if standing is None or "announced" not in standing:
            self._announce(year)
            self._client.put_item(TableName=self._table, Item={**kept, "announced": {"BOOL": True}})
        return snapshot if newer is None else _snapshot(newer)

    def reference(self, year: int, kind: str) -> ReferenceSnapshot | None:
        """The reference data of one kind in force, None while there is none."""
        item = self._get(keys.year_partition(year), keys.reference(kind))
        return _snapshot(item) if item else None

    def references(self, year: int) -> dict[str, ReferenceSnapshot]:
        """The reference data in force, by kind."""
        items = self._query(keys.year_partition(year), keys.REFERENCE_PREFIX)
        return {snapshot.kind: snapshot for snapshot in map(_snapshot, items)}

    def snapshots(self, year: int) -> tuple[ReferenceSnapshot, ...]:
        """Every reference file that was ever taken for a year, by kind, oldest date first."""
        items = self._query(keys.year_partition(year), keys.SNAPSHOT_PREFIX)
        return tuple(sorted(map(_snapshot, items), key=lambda snapshot: (snapshot.kind, snapshot.order)))

    # ---- what reconciling and rebuilding ask ---------------------------------------------------------------------

    def years(self) -> tuple[int, ...]:
        """The program years in which a seat was dealt or anything was announced, the newest first."""
        told_by = (keys.SEATS, keys.CHANGED)
        found = self._get_many([(keys.year_partition(year), sort) for year in PROGRAM_YEARS for sort in told_by])
        return tuple(sorted({keys.year_of(partition) for partition, _ in found}, reverse=True))

    def group_state(self, year: int, group: int) -> GroupState:
        """What is current in a group and what its partial covers, in one query that carries no partial."""
        read = ("sk", "seat", "current", "rejected", "day", "before", "withdrawn", "covers", "version")
        names = {f"#{name}": name for name in read}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": _s(keys.group_partition(year, group))},
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
            ConsistentRead=True,
        )
        items = [item for page in pages for item in page["Items"]]
        partial: Item = next((item for item in items if _text(item, "sk") == keys.PARTIAL), {})
        return GroupState(
            members=tuple(_member(group, item) for item in items if _text(item, "sk").startswith(keys.CURRENT_PREFIX)),
            covers=_text(partial, "covers") if "covers" in partial else "",
            version=int(partial["version"]["N"]) if partial else 0,
        )

    def stored_partial(self, year: int, group: int) -> StoredPartial:
        """A group's partial with what it says that it covers; damaged bytes are told and no error."""
        item = self._get(keys.group_partition(year, group), keys.PARTIAL)
        if item is None:
            return StoredPartial("", None)
        partial: Partial | None = None
        with suppress(zlib.error, ValueError, LookupError, TypeError):
            item, partial = self._partial(year, item)
        return StoredPartial(_text(item, "covers") if "covers" in item else "", partial)

    def verified(self, year: int) -> str:
        """What the latest report was last held against (see `put_verified`), "" when it never was."""
        item = self._get(keys.year_partition(year), keys.VERIFIED)
        return _text(item, "digest") if item else ""

    def put_verified(self, year: int, digest: str) -> None:
        """Remember what the latest report was held against, so that it is not held against the same again.

        The last one to write counts: an older digest costs one more comparison and hides nothing, because versions
        only ever grow.
        """
        item = {"pk": _s(keys.year_partition(year)), "sk": _s(keys.VERIFIED), "digest": _s(digest)}
        self._client.put_item(TableName=self._table, Item=item)

    def announced_again(self, year: int, supplier_id: str) -> dict[tuple[str, str], str]:
        """When each of a supplier's versions and delete markers was last announced again, by key and version id."""
        items = self._query(keys.supplier_partition(year, supplier_id), keys.ANNOUNCED_AGAIN_PREFIX)
        return {(_text(item, "key"), _text(item, "version_id")): _text(item, "at") for item in items}

    def put_announced_again(self, year: int, supplier_id: str, key: str, version_id: str, at: str) -> None:
        """Remember that a version, or a delete marker, was announced again, in place of the time before."""
        self._client.put_item(
            TableName=self._table,
            Item={
                "pk": _s(keys.supplier_partition(year, supplier_id)),
                "sk": _s(keys.announced_again(key, version_id)),
                "key": _s(key),
                "version_id": _s(version_id),
                "at": _s(at),
            },
        )

    def suppliers(self, year: int) -> tuple[str, ...]:
        """Every supplier that something was recorded of, by id.

        The one scan there is, for rebuilding alone: it reads the whole table.
        """
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression=(
                "begins_with(pk, :year) AND (begins_with(sk, :submission) OR begins_with(sk, :withdrawal))"
            ),
            ExpressionAttributeValues={
                ":year": _s(keys.supplier_partition(year, "")),
                ":submission": _s(keys.SUBMISSION_PREFIX),
                ":withdrawal": _s(keys.WITHDRAWAL_PREFIX),
            },
            ProjectionExpression="pk",
            ConsistentRead=True,
        )
        return tuple(sorted({_text(item, "pk").split("#", 2)[2] for page in pages for item in page["Items"]}))

    def receipt_times(self, year: int) -> dict[tuple[str, str], str]:
        """When each object version of a year was received, and each delete marker that is known by its version id, by
        key and version id; it scans (see `suppliers`)."""
        times = {(snapshot.key, snapshot.version_id): snapshot.received for snapshot in self.snapshots(year)}
        for supplier_id in self.suppliers(year):
            times |= {(item.key, item.version_id): item.received for item in self.receipts(year, supplier_id)}
            times |= {(item.key, item.marker): item.at for item in self.withdrawals(year, supplier_id) if item.marker}
        return times

    def drop_aggregates(self, year: int) -> None:
        """Forget what is current and all partials of a year; the facts that they were made of stay.

        Whoever publishes before they are made again publishes a hole.
        """
        # What was verified goes first, because it speaks of versions that start over.
        places = [(keys.year_partition(year), keys.VERIFIED)]
        for group in self.groups(year):
            partition = keys.group_partition(year, group)
            places += [(partition, keys.current(member.supplier_id)) for member in self.members(year, group)]
            # The versions that were announced start over, too.
            places += [(partition, keys.ANNOUNCED), (partition, keys.PARTIAL)]
            stands = self.partial_version(year, group)
            for parts in filter(None, (stands.parts, stands.before)):
                self._delete_parts(year, parts)
        for partition, sort in places:
            self._client.delete_item(TableName=self._table, Key={"pk": _s(partition), "sk": _s(sort)})

    # ---- what a report is made of has changed --------------------------------------------------------------------

    def _announce(self, year: int) -> None:
        """Say that something which a report is made of has changed, after the change was written.

        The one item that publish listens to: its changes lie in one shard of the stream, however many there are, so
        that they are gathered in one window and no two publishes of a year begin at once.
        """
        self._client.update_item(
            TableName=self._table,
            Key={"pk": _s(keys.year_partition(year)), "sk": _s(keys.CHANGED)},
            UpdateExpression="ADD changed :one",
            ExpressionAttributeValues={":one": _n(1)},
        )

    def _announce_partial(self, year: int, group: int, version: int) -> None:
        """Announce a partial that was found as it should be, unless somebody did after it was written."""
        item = self._get(keys.group_partition(year, group), keys.ANNOUNCED)
        if item is None or int(item["partial"]["N"]) != version:
            self._announce_new_partial(year, group, version)

    def _announce_new_partial(self, year: int, group: int, version: int) -> None:
        self._announce(year)
        # A slower writer may put an older version over a newer one: the newer is then announced once more if asked.
        place = {"pk": _s(keys.group_partition(year, group)), "sk": _s(keys.ANNOUNCED)}
        self._client.put_item(TableName=self._table, Item={**place, "partial": _n(version)})

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
            fruitless = 0
            while wanted:
                answer: Any = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
                )
                for item in answer["Responses"].get(self._table, []):
                    found[(item["pk"]["S"], item["sk"]["S"])] = item
                left = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
                fruitless = self._await_capacity(len(wanted), len(left), fruitless)
                wanted = left
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
        fruitless = 0
        while unwritten:
            answer = self._client.batch_write_item(RequestItems={self._table: unwritten})
            left = answer.get("UnprocessedItems", {}).get(self._table, [])
            fruitless = self._await_capacity(len(unwritten), len(left), fruitless)
            unwritten = left

    def _await_capacity(self, asked: int, left: int, fruitless: int) -> int:
        """Wait before the rest of a batch is asked for; returns how many calls in a row were of no use by now."""
        fruitless = 0 if left < asked else fruitless + 1
        if fruitless == UNPROCESSED_ATTEMPTS:
            raise StillUnprocessedError(f"{left} items of a batch were not taken")
        if left:
            self._sleep(0.05 * 2**fruitless)
        return fruitless

    def _put_once(self, item: Item) -> bool:
        return self._put_if(item, "attribute_not_exists(pk)", {}, {})

    def _put_version(self, item: Item, version: int) -> bool:
        written = {**item, "version": _n(version + 1)}
        if version == 0:
            return self._put_once(written)
        return self._put_if(written, "#version = :version", {"#version": "version"}, {":version": _n(version)})

    def _put_if(self, item: Item, condition: str, names: dict[str, str], values: Item) -> bool:
        return self._put_or_read(item, condition, names, values) is None

    def _put_or_read(self, item: Item, condition: str, names: dict[str, str], values: Item) -> Item | None:
        """Write an item on a condition; the item that stands there where the condition does not hold, else None."""
        optional: dict[str, Any] = {}
        if names:
            optional["ExpressionAttributeNames"] = names
        if values:
            optional["ExpressionAttributeValues"] = values
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **optional,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            refused: Any = error.response
            standing: Item = refused.get("Item", {})
            return standing
        return None

    # ---- values that may be larger than an item ----------------------------------------------------------------

    def _blob_attributes(self, year: int, blob: bytes, *, written_as: str = "") -> Item:
        if len(blob) <= BLOB_PART:
            return {"blob": {"B": blob}}
        digest = hashlib.sha256(written_as.encode() + blob).hexdigest()
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

    def _delete_parts(self, year: int, digest: str) -> None:
        partition = keys.blob_partition(year, digest)
        for part in self._query(partition, keys.PART_PREFIX):
            self._client.delete_item(TableName=self._table, Key={"pk": _s(partition), "sk": part["sk"]})


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


def _member(group: int, item: Item) -> Member:
    before: Item = item.get("before", {}).get("M", {})
    return Member(
        supplier_id=_text(item, "sk").removeprefix(keys.CURRENT_PREFIX),
        seat=Seat(group, int(item["seat"]["N"])),
        current=_listed(item, "current"),
        rejected=_text(item, "rejected"),
        day=_text(item, "day") if "day" in item else "",
        before=Counted(_listed(before, "current"), _text(before, "rejected") or None) if before else None,
        withdrawn=_listed(item, "withdrawn") if "withdrawn" in item else (),
    )


def member_of(supplier_id: str, seat: Seat, placed: Placement | Standing) -> Member:
    """The member of a group that a supplier so placed is."""
    now = _sort_keys(placed.current, placed.rejected)
    return Member(
        supplier_id=supplier_id,
        seat=seat,
        current=now.current,
        rejected=now.rejected or "",
        day=placed.day,
        before=_sort_keys(placed.before.current, placed.before.rejected) if placed.before else None,
        withdrawn=placed.withdrawn,
    )


def _sort_keys(current: Sequence[_Ordered], rejected: _Ordered | None) -> Counted[str]:
    return Counted(
        tuple(keys.summary(*submission.order) for submission in current),
        keys.summary(*rejected.order) if rejected else None,
    )


def _member_attributes(member: Member) -> Item:
    before: Item = {"NULL": True}
    if member.before:
        before = {"M": {"current": _texts(member.before.current), "rejected": _s(member.before.rejected or "")}}
    return {
        "seat": _n(member.seat.seat),
        "current": _texts(member.current),
        "rejected": _s(member.rejected),
        "day": _s(member.day),
        "before": before,
        "withdrawn": _texts(member.withdrawn),
    }


def _covers(members: Iterable[Member]) -> str:
    # The schema is part of it: a release that folds more out of the same submissions makes every partial stale.
    counted = sorted((astuple(member) for member in members), key=lambda member: str(member[0]))
    return hashlib.sha256(json.dumps([SCHEMA, counted]).encode()).hexdigest()


def _snapshot(item: Item) -> ReferenceSnapshot:
    return ReferenceSnapshot(**{name: _text(item, name) for name in ReferenceSnapshot.__dataclass_fields__})


def _text(item: Item, name: str) -> str:
    return str(item[name]["S"])


def _listed(item: Item, name: str) -> tuple[str, ...]:
    return tuple(entry["S"] for entry in item[name]["L"])


def _texts(values: Iterable[str]) -> Item:
    return {"L": [_s(value) for value in values]}


def _s(value: str) -> Item:
    return {"S": str(value)}


def _n(value: int) -> Item:
    return {"N": str(value)}
