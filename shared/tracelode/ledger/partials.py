"""The aggregate of each group: recomputed, and written only over the one that was seen."""

import hashlib
import zlib
from contextlib import suppress
from dataclasses import dataclass

from tracelode.ledger import keys
from tracelode.ledger.blobs import blob_attributes, delete_parts, read_blob
from tracelode.ledger.changes import ReportChanges
from tracelode.ledger.codec import decode_partial, encode_partial
from tracelode.ledger.groups import Groups, covered, member_of
from tracelode.ledger.table import Item, LedgerTable
from tracelode.tally.aggregate import Partial


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
class StoredPartial:
    """A partial as it lies in the table; `partial` is None where its bytes say nothing that can be read."""

    covers: str
    partial: Partial | None


@dataclass(frozen=True, slots=True)
class Partials:
    """The partials of all years."""

    table: LedgerTable
    groups: Groups
    changes: ReportChanges

    def version(self, year: int, group: int) -> PartialVersion:
        """Which partial of a group stands there; read it before what the next one is computed from."""
        asked = ("version", "digest", "blob_sha256", "blob_before")
        item = self.table.get(keys.group_partition(year, group), keys.PARTIAL, only=asked)
        if item is None:
            return PartialVersion(0, "")
        parts, before = (item.get(name, "") for name in asked[2:])
        return PartialVersion(int(item["version"]), item["digest"], parts, before)

    def put(self, year: int, partial: Partial, seen: PartialVersion) -> bool:
        """Write a group's partial, unless somebody has since `seen` was read; says whether it stands there now.

        A partial that stands there is announced, once. Writing what was seen there is no write at all, so that a
        repeated event triggers no publish; but if its writer died before it was announced, it is announced now.

        The parts of a large one are kept until the one that replaced it is replaced, for those who read it meanwhile.
        They lie under a hash of version and content, so that nobody can come to need what is deleted here.
        """
        encoded = encode_partial(partial)
        digest = hashlib.sha256(encoded).hexdigest()
        if digest == seen.digest:
            self.changes.announce_partial(year, partial.group, seen.number)
            return True
        if seen.before:
            delete_parts(self.table, year, seen.before)
        item = {
            "pk": keys.group_partition(year, partial.group),
            "sk": keys.PARTIAL,
            "digest": digest,
            "covers": covered(member_of(s.supplier_id, s.seat, s) for s in partial.standings),
            **blob_attributes(self.table, year, encoded, written_as=f"{partial.group} {seen.number + 1} "),
            **({"blob_before": seen.parts} if seen.parts else {}),
        }
        if not self.table.put_version(item, seen.number):
            return False
        self.changes.announce_new_partial(year, partial.group, seen.number + 1)
        return True

    def of_year(self, year: int) -> tuple[Partial, ...]:
        """The partials of a year, by group."""
        places = [(keys.group_partition(year, group), keys.PARTIAL) for group in self.groups.numbers(year)]
        found = self.table.get_many(places)
        return tuple(self._decoded(year, found[place])[1] for place in sorted(found))

    def stored(self, year: int, group: int) -> StoredPartial:
        """A group's partial with what it says that it covers; damaged bytes are told and no error."""
        item = self.table.get(keys.group_partition(year, group), keys.PARTIAL)
        if item is None:
            return StoredPartial("", None)
        partial: Partial | None = None
        with suppress(zlib.error, ValueError, LookupError, TypeError):
            item, partial = self._decoded(year, item)
        return StoredPartial(item.get("covers", ""), partial)

    def forget(self, year: int, group: int) -> None:
        """Delete a group's partial with its parts, and those of the one before it."""
        stands = self.version(year, group)
        for parts in filter(None, (stands.parts, stands.before)):
            delete_parts(self.table, year, parts)
        self.table.delete(keys.group_partition(year, group), keys.PARTIAL)

    def _decoded(self, year: int, item: Item) -> tuple[Item, Partial]:
        """The partial of an item, and the item: read again if its parts went, because it was replaced twice meanwhile.

        Raises zlib.error for damaged bytes.
        """
        while True:
            try:
                return item, decode_partial(read_blob(self.table, year, item))
            except zlib.error:
                now = self.table.get(item["pk"], keys.PARTIAL)
                if now is None or now == item:
                    raise
                item = now
