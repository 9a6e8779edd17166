"""Groups of suppliers: who sits where, and which submissions of each supplier count."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from tracelode.ledger import keys
from tracelode.ledger.codec import SCHEMA
from tracelode.ledger.table import Item, LedgerTable, StillUnprocessedError
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Seat, Standing, seat_number
from tracelode.tally.current import Counted, Placement, Receipt

_STATE = ("sk", "seat", "current", "rejected", "day", "before", "withdrawn", "taken_back", "covers", "version")
_Ordered = Receipt | SubmissionSummary


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier of a group: its seat, and the sort keys of the summaries that count.

    `day`, `before`, `withdrawn` and `taken_back` are as in its Placement; `day` is "" as well where a release recorded
    what is current that kept nothing of the time before: a full reconciliation settles it.
    """

    supplier_id: str
    seat: Seat
    current: tuple[str, ...]
    rejected: str
    day: str = ""
    before: Counted[str] | None = None
    withdrawn: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()


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
        return bool(self.members or self.covers) and self.covers != covered(self.members)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of all years."""

    table: LedgerTable

    def seat(self, year: int, supplier_id: str) -> Seat:
        """The supplier's seat, dealt now if it has none.

        Two callers at once get the same seat; a seat dealt to the loser of that race, or to a caller that died, stays
        empty, so a group may hold fewer suppliers than seats but never more.
        """
        partition = keys.supplier_partition(year, supplier_id)
        item = self.table.get(partition, keys.SEAT)
        if item is None:
            dealt = self.table.count_up(keys.year_partition(year), keys.SEATS, "dealt")
            self.table.put_once({"pk": partition, "sk": keys.SEAT, "number": dealt - 1})
            item = self.table.get(partition, keys.SEAT)
        if item is None:
            raise StillUnprocessedError(f"the seat of {partition} was written and is not there")
        return seat_number(int(item["number"]))

    def numbers(self, year: int) -> range:
        """The numbers of the groups that seats were dealt in."""
        item = self.table.get(keys.year_partition(year), keys.SEATS)
        dealt = int(item["dealt"]) if item else 0
        return range(seat_number(dealt - 1).group + 1) if dealt else range(0)

    def current_version(self, year: int, supplier_id: str, seat: Seat) -> int:
        """How often a supplier's current submissions were written; read it before what they are computed from."""
        item = self.table.get(keys.group_partition(year, seat.group), keys.current(supplier_id))
        return int(item["version"]) if item else 0

    def put_current(self, year: int, supplier_id: str, seat: Seat, version: int, placement: Placement) -> bool:
        """Write which submissions count, unless somebody has since `version` was read; says whether it was written.

        Writing what stands there already is no write at all, so that a repeated event triggers nothing.
        """
        partition = keys.group_partition(year, seat.group)
        attributes = _attributes(member_of(supplier_id, seat, placement))
        standing = self.table.get(partition, keys.current(supplier_id))
        if standing and all(standing.get(name) == value for name, value in attributes.items()):
            return int(standing["version"]) == version
        return self.table.put_version({"pk": partition, "sk": keys.current(supplier_id), **attributes}, version)

    def members(self, year: int, group: int) -> tuple[Member, ...]:
        """The suppliers of a group with what is current of each, ordered by id."""
        items = self.table.query(keys.group_partition(year, group), keys.CURRENT_PREFIX)
        return tuple(_member(group, item) for item in items)

    def state(self, year: int, group: int) -> GroupState:
        """What is current in a group and what its partial covers, in one query that carries no partial."""
        items = list(self.table.query(keys.group_partition(year, group), only=_STATE))
        partial: Item = next((item for item in items if item["sk"] == keys.PARTIAL), {})
        return GroupState(
            members=tuple(_member(group, item) for item in items if item["sk"].startswith(keys.CURRENT_PREFIX)),
            covers=partial.get("covers", ""),
            version=int(partial.get("version", 0)),
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
        taken_back=placed.taken_back,
    )


def covered(members: Iterable[Member]) -> str:
    """A digest of which submissions of which suppliers a partial is folded from."""
    # The schema is part of it: a release that folds more out of the same submissions makes every partial stale.
    counted = sorted((astuple(member) for member in members), key=lambda member: str(member[0]))
    return hashlib.sha256(json.dumps([SCHEMA, counted]).encode()).hexdigest()


def _sort_keys(current: Sequence[_Ordered], rejected: _Ordered | None) -> Counted[str]:
    return Counted(
        tuple(keys.summary(*submission.order) for submission in current),
        keys.summary(*rejected.order) if rejected else None,
    )


def _member(group: int, item: Item) -> Member:
    before: Item = item.get("before") or {}
    return Member(
        supplier_id=item["sk"].removeprefix(keys.CURRENT_PREFIX),
        seat=Seat(group, int(item["seat"])),
        current=tuple(item["current"]),
        rejected=item["rejected"],
        # A release before 0.2.0 recorded nothing of the time before.
        day=item.get("day", ""),
        before=Counted(tuple(before["current"]), before["rejected"] or None) if before else None,
        withdrawn=tuple(item.get("withdrawn", ())),
        # Nor one before 0.3.0 what was taken back.
        taken_back=tuple(item.get("taken_back", ())),
    )


def _attributes(member: Member) -> dict[str, Any]:
    before = member.before
    return {
        "seat": member.seat.seat,
        "current": list(member.current),
        "rejected": member.rejected,
        "day": member.day,
        "before": {"current": list(before.current), "rejected": before.rejected or ""} if before else None,
        "withdrawn": list(member.withdrawn),
        "taken_back": list(member.taken_back),
    }
