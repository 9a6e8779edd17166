"""Who names what: the bit masks of an aggregate turned back into suppliers and submissions, for those that count.

At ten thousand suppliers of three hundred lines that is three million names. They are put in order once, group by
group: the few submissions of a group fit a processor's cache, those of all groups do not.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, repeat

from tracelode.submission import DeclaredIdentity, Rows, SubmissionSummary
from tracelode.tally.aggregate import GROUP_SIZE, Aggregate, Naming

_AS_FLAGS = bytes.maketrans(b"01", b"\0\1")
_NONE = range(0)
_Numbers = MutableSequence[int]


@dataclass(slots=True)
class _Group:
    """Who sits on which seat of a group, and the numbers of the submissions that are current there.

    `mask` has the seats of suppliers that count; the others are empty. `several` has those with more than one
    submission.
    """

    mask: int = 0
    several: int = 0
    suppliers: list[str] = field(default_factory=lambda: [""] * GROUP_SIZE)
    current: list[range] = field(default_factory=lambda: [_NONE] * GROUP_SIZE)

    def naming(self, mask: int) -> Iterator[str]:
        """The suppliers that count among those on the seats of a mask."""
        return compress(self.suppliers, _flags(mask & self.mask))


class Seating:
    """Who names what, among the suppliers of `counted` alone.

    `current` are their current submissions in the order of the suppliers' ids, of each in its own order; a
    submission's number is its place in it.
    """

    def __init__(self, aggregate: Aggregate, counted: Collection[str]) -> None:
        self._aggregate = aggregate
        self._groups: dict[int, _Group] = defaultdict(_Group)
        self._senders: list[str] = []
        current: list[SubmissionSummary] = []
        for supplier_id in sorted(aggregate.standings.keys() & counted):
            standing = aggregate.standings[supplier_id]
            group, seat = self._groups[standing.seat.group], standing.seat.seat
            group.mask |= 1 << seat
            group.several |= (len(standing.current) > 1) << seat
            group.suppliers[seat] = supplier_id
            group.current[seat] = range(len(current), len(current) + len(standing.current))
            current.extend(standing.current)
            self._senders.extend(repeat(supplier_id, len(standing.current)))
        self.current = tuple(current)
        identities = sorted(aggregate.identities)
        self._named = self._named_by_submission(identities)
        self._naming: dict[DeclaredIdentity, _Numbers] = {identity: _numbers() for identity in identities}
        naming = [*self._naming.values()]
        for number, places in enumerate(self._named):
            for place in places:
                naming[place].append(number)

    def named(self, identity: DeclaredIdentity) -> bool:
        """Whether any supplier that counts declares an identity."""
        return bool(self._naming[identity])

    def submissions(self, identity: DeclaredIdentity) -> Sequence[int]:
        """The numbers of the current submissions that carry an identity, ascending."""
        return self._naming[identity]

    def senders(self, submissions: Iterable[int]) -> tuple[str, ...]:
        """The suppliers of submissions, each once; ordered if the numbers ascend."""
        return tuple(dict.fromkeys(map(self._senders.__getitem__, submissions)))

    def suppliers(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """The suppliers that declare an identity, ordered."""
        return self.senders(self._naming[identity])

    def supplier_count(self, identity: DeclaredIdentity) -> int:
        """How many suppliers declare an identity."""
        return sum((naming.mask & group.mask).bit_count() for group, naming in self._namings(identity))

    def lines(self, identity: DeclaredIdentity) -> dict[str, int]:
        """How many lines each supplier declares for an identity, by supplier in their order."""
        counted = dict.fromkeys(self.suppliers(identity), 1)
        for group, naming in self._namings(identity):
            counted.update((group.suppliers[seat], naming.repeats[seat]) for seat in _held(naming.repeats, group.mask))
        return counted

    def origins(self, identity: DeclaredIdentity) -> dict[str, set[str]]:
        """What is stated about the origin of the mineral, and which suppliers state it."""
        stated: dict[str, set[str]] = defaultdict(set)
        for group, naming in self._namings(identity):
            for text, mask in naming.origins.items():
                if mask & group.mask:
                    stated[text].update(group.naming(mask))
        return dict(stated)

    def rows(self) -> Iterator[tuple[DeclaredIdentity, Sequence[int], Sequence[Rows]]]:
        """Every identity that counts, in order, with the submissions that carry it and, for each, its rows there.

        Rows are () where the partial is of a release that did not keep them.
        """
        rows: list[list[Rows]] = [[] for _ in self._naming]
        for submission, places in zip(self.current, self._named, strict=True):
            for place, found in zip(places, chain(submission.rows, repeat(())), strict=False):
                rows[place].append(found)
        for (identity, numbers), found_there in zip(self._naming.items(), rows, strict=True):
            if numbers:
                yield identity, numbers, found_there

    def _named_by_submission(self, identities: Sequence[DeclaredIdentity]) -> list[_Numbers]:
        """By submission, the places of the identities that it carries, ascending."""
        named = [_numbers() for _ in self.current]
        by_group: dict[int, list[tuple[int, Naming]]] = defaultdict(list)
        for place, identity in enumerate(identities):
            for number, naming in self._aggregate.identities[identity].items():
                by_group[number].append((place, naming))
        for number in self._groups.keys() & by_group.keys():
            group = self._groups[number]
            alone = [named[numbers[0]] if len(numbers) == 1 else _numbers() for numbers in group.current]
            for place, naming in by_group[number]:
                for names in compress(alone, _flags(naming.mask & ~group.several)):
                    names.append(place)
                for seat in _seats(naming.mask & group.several):
                    numbers = group.current[seat]
                    for carrying in naming.partly.get(seat, range(len(numbers))):
                        named[numbers[carrying]].append(place)
        return named

    def _namings(self, identity: DeclaredIdentity) -> Iterator[tuple[_Group, Naming]]:
        """Where an identity is named, in groups of which any supplier counts."""
        for number, naming in self._aggregate.identities[identity].items():
            if number in self._groups:
                yield self._groups[number], naming


def _numbers() -> _Numbers:
    """No numbers yet. In an array they take four bytes each, which for three million names twice is worth it."""
    return array("I")


def _held(seats: Iterable[int], mask: int) -> Iterator[int]:
    return (seat for seat in seats if mask >> seat & 1)


def _seats(mask: int) -> Iterable[int]:
    """The seats of a mask, ascending."""
    return compress(range(GROUP_SIZE), _flags(mask)) if mask else ()


def _flags(mask: int) -> bytes:
    """A mask as one byte for each seat, the lowest first."""
    return format(mask, "b").encode().translate(_AS_FLAGS)[::-1]
