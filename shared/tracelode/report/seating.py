"""Turns the bit masks of an aggregate back into suppliers and submissions, for the suppliers that count."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from tracelode.submission import DeclaredIdentity, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing


class Seating:
    """Who names what, among the suppliers of `counted` alone."""

    def __init__(self, aggregate: Aggregate, counted: Collection[str]) -> None:
        self._aggregate = aggregate
        self._standings: dict[int, dict[int, Standing]] = defaultdict(dict)
        self._masks: dict[int, int] = defaultdict(int)
        for standing in aggregate.standings.values():
            if standing.supplier_id in counted:
                self._standings[standing.seat.group][standing.seat.seat] = standing
                self._masks[standing.seat.group] |= 1 << standing.seat.seat

    def suppliers(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """The suppliers that declare an identity, ordered."""
        return tuple(sorted(self.lines(identity)))

    def lines(self, identity: DeclaredIdentity) -> dict[str, int]:
        """How many lines each supplier declares for an identity."""
        return {
            self._standings[group][seat].supplier_id: naming.repeats.get(seat, 1)
            for group, naming in self._aggregate.identities[identity].items()
            for seat in self._seats(group, naming.mask)
        }

    def submissions(self, identity: DeclaredIdentity) -> Iterator[SubmissionSummary]:
        """The current submissions that carry an identity."""
        for group, naming in self._aggregate.identities[identity].items():
            for seat in self._seats(group, naming.mask):
                current = self._standings[group][seat].current
                for place in naming.partly.get(seat, range(len(current))):
                    yield current[place]

    def origins(self, identity: DeclaredIdentity) -> dict[str, set[str]]:
        """What is stated about the origin of the mineral, and which suppliers state it."""
        stated: dict[str, set[str]] = defaultdict(set)
        for group, naming in self._aggregate.identities[identity].items():
            for text, mask in naming.origins.items():
                for seat in self._seats(group, mask):
                    stated[text].add(self._standings[group][seat].supplier_id)
        return dict(stated)

    def _seats(self, group: int, mask: int) -> Iterator[int]:
        mask &= self._masks[group]
        while mask:
            lowest = mask & -mask
            yield lowest.bit_length() - 1
            mask ^= lowest
