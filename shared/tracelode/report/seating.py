"""Turns the bit masks of an aggregate back into suppliers and submissions, for the suppliers that count.

At ten thousand suppliers of three hundred lines a report looks at millions of seats, so masks are expanded by whole
groups and never seat by seat.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, compress

from tracelode.submission import DeclaredIdentity, Rows, SubmissionSummary
from tracelode.tally.aggregate import GROUP_SIZE, Aggregate, Naming

_Unread = tuple[int, list[tuple[str, int, Iterator[Rows]]]]
_AS_FLAGS = bytes.maketrans(b"01", b"\0\1")


@dataclass(slots=True)
class _Group:
    """Who sits on which seat of a group. `mask` has the seats of suppliers that count; the others are empty."""

    mask: int = 0
    suppliers: list[str] = field(default_factory=lambda: [""] * GROUP_SIZE)
    current: list[tuple[SubmissionSummary, ...]] = field(default_factory=lambda: [()] * GROUP_SIZE)

    def naming(self, mask: int) -> Iterator[str]:
        """The suppliers that count among those on the seats of a mask."""
        return compress(self.suppliers, _flags(mask & self.mask))

    def unread(self) -> list[_Unread]:
        """By seat, the submissions of the supplier that counts there, each at the rows of its first identity."""
        return [
            (seat, [(supplier, place, iter(submission.rows)) for place, submission in enumerate(current)])
            for seat, (supplier, current) in enumerate(zip(self.suppliers, self.current, strict=True))
        ]


class Seating:
    """Who names what, among the suppliers of `counted` alone."""

    def __init__(self, aggregate: Aggregate, counted: Collection[str]) -> None:
        self._aggregate = aggregate
        self._groups: dict[int, _Group] = defaultdict(_Group)
        for standing in aggregate.standings.values():
            if standing.supplier_id in counted:
                group, seat = self._groups[standing.seat.group], standing.seat.seat
                group.mask |= 1 << seat
                group.suppliers[seat] = standing.supplier_id
                group.current[seat] = standing.current

    def named(self, identity: DeclaredIdentity) -> bool:
        """Whether any supplier that counts declares an identity."""
        return any(naming.mask & group.mask for group, naming in self._namings(identity))

    def suppliers(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """The suppliers that declare an identity, ordered."""
        return tuple(sorted(self.unordered(identity)))

    def unordered(self, identity: DeclaredIdentity) -> Iterator[str]:
        """The suppliers that declare an identity, each once, in no order that means anything."""
        return chain.from_iterable(group.naming(naming.mask) for group, naming in self._namings(identity))

    def lines(self, identity: DeclaredIdentity) -> dict[str, int]:
        """How many lines each supplier declares for an identity."""
        counted = dict.fromkeys(self.unordered(identity), 1)
        for group, naming in self._namings(identity):
            counted.update((group.suppliers[seat], naming.repeats[seat]) for seat in _held(naming.repeats, group.mask))
        return counted

    def submissions(self, identity: DeclaredIdentity) -> Iterator[SubmissionSummary]:
        """The current submissions that carry an identity."""
        for group, naming in self._namings(identity):
            partly = dict.fromkeys(_held(naming.partly, group.mask))
            whole = naming.mask & group.mask & ~sum(1 << seat for seat in partly)
            yield from chain.from_iterable(compress(group.current, _flags(whole)))
            for seat in partly:
                yield from (group.current[seat][place] for place in naming.partly[seat])

    def origins(self, identity: DeclaredIdentity) -> dict[str, set[str]]:
        """What is stated about the origin of the mineral, and which suppliers state it."""
        stated: dict[str, set[str]] = defaultdict(set)
        for group, naming in self._namings(identity):
            for text, mask in naming.origins.items():
                if mask & group.mask:
                    stated[text].update(group.naming(mask))
        return dict(stated)

    def rows(self) -> Iterator[tuple[DeclaredIdentity, list[tuple[str, int, Rows]]]]:
        """Every identity, in order, with the rows on which it is declared: (supplier, place in its current ones, rows).

        Rows are () where the partial is of a release that did not keep them; identities that no supplier that counts
        declares are left out.
        """
        unread = {number: group.unread() for number, group in self._groups.items()}
        for identity in sorted(self._aggregate.identities):
            found: list[tuple[str, int, Rows]] = []
            for number, naming in self._aggregate.identities[identity].items():
                if number in unread:
                    found.extend(_next_rows(unread[number], naming, self._groups[number].mask))
            if found:
                yield identity, found

    def _namings(self, identity: DeclaredIdentity) -> Iterator[tuple[_Group, Naming]]:
        """Where an identity is named, in groups of which any supplier counts."""
        for number, naming in self._aggregate.identities[identity].items():
            if number in self._groups:
                yield self._groups[number], naming


def _next_rows(unread: list[_Unread], naming: Naming, mask: int) -> Iterator[tuple[str, int, Rows]]:
    """The rows of an identity in one group; each submission that names it moves on to its next identity."""
    for seat, submissions in compress(unread, _flags(naming.mask & mask)):
        places = naming.partly.get(seat)
        for supplier, place, rows in submissions:
            if places is None or place in places:
                yield supplier, place, next(rows, ())


def _held(seats: Iterable[int], mask: int) -> Iterator[int]:
    return (seat for seat in seats if mask >> seat & 1)


def _flags(mask: int) -> bytes:
    """A mask as one byte for each seat, the lowest first."""
    return format(mask, "b").encode().translate(_AS_FLAGS)[::-1]
