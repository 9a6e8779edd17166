"""Aggregates as a fold over current submissions: whole, or by group. The fold is the specification; partials follow it.

Suppliers are dealt into groups of `GROUP_SIZE` seats. A partial is the fold of one group, an aggregate the union of
partials, so that `merge(fold_group(g) for g in groups) == fold(everything)` whatever the order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tracelode.submission import DeclaredIdentity, State, SubmissionSummary

GROUP_SIZE = 64
"""Seats in a group: what one tally has to read at most, and the width of an identity's bit mask."""


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """Where a supplier sits: group from 0, seat from 0 to 63. Dealt once, when the supplier is first seen."""

    group: int
    seat: int


def seat_number(number: int) -> Seat:
    """The seat dealt to the `number`-th supplier ever seen (from 0)."""
    return Seat(*divmod(number, GROUP_SIZE))


@dataclass(frozen=True, slots=True)
class Standing:
    """A supplier's current submissions, and the newest rejected one if nothing readable ever came after it.

    `current` is ordered by submission order; `rejected` is what the supplier is told about last, or None.
    """

    supplier_id: str
    seat: Seat
    current: tuple[SubmissionSummary, ...]
    rejected: SubmissionSummary | None = None

    @property
    def state(self) -> State:
        """Accepted if every current submission is; needs correction if one does; rejected if nothing is readable."""
        if not self.current:
            return State.REJECTED if self.rejected else State.AWAITING
        if all(submission.state is State.ACCEPTED for submission in self.current):
            return State.ACCEPTED
        return State.NEEDS_CORRECTION


@dataclass(frozen=True, slots=True)
class Naming:
    """Who names a declared identity within one group: a bit mask of seats, and the line count where it is not one.

    `partly` has, for a seat of which not every current submission names the identity, which of them do: places in the
    standing's `current`. `origins` has the seats by what they state about the origin of the mineral.
    """

    mask: int
    repeats: Mapping[int, int]
    partly: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    origins: Mapping[str, int] = field(default_factory=dict)

    def lines(self, seats: int) -> int:
        """Lines that the suppliers on the seats of the mask `seats` declare for this identity."""
        named = self.mask & seats
        extra = sum(count - 1 for seat, count in self.repeats.items() if named >> seat & 1)
        return named.bit_count() + extra


@dataclass(frozen=True, slots=True)
class Partial:
    """The aggregate of one group: its suppliers' standings without identities, and who names which identity.

    The identities are in order, so that a submission's `rows` belong to those of them that it names, one by one.
    """

    group: int
    standings: tuple[Standing, ...]
    identities: Mapping[DeclaredIdentity, Naming]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The aggregate of a program year: standings by supplier, and per identity the naming in each group."""

    standings: Mapping[str, Standing]
    identities: Mapping[DeclaredIdentity, Mapping[int, Naming]]


def fold_group(group: int, standings: Iterable[Standing]) -> Partial:
    """The partial of one group, from the standings of its suppliers in any order."""
    seated = sorted(standings, key=lambda standing: standing.seat)
    tallies: dict[DeclaredIdentity, _Tally] = defaultdict(_Tally)
    for standing in seated:
        for place, submission in enumerate(standing.current):
            for identity, rows in submission.identities.items():
                tallies[identity].count(standing.seat.seat, place, len(rows), submission.origins.get(identity, ()))
    submissions = {standing.seat.seat: len(standing.current) for standing in seated}
    return Partial(
        group=group,
        standings=tuple(_without_identities(standing) for standing in seated),
        identities={identity: tallies[identity].naming(submissions) for identity in sorted(tallies)},
    )


def merge(partials: Iterable[Partial]) -> Aggregate:
    """The aggregate that the partials of distinct groups make up together."""
    standings: dict[str, Standing] = {}
    identities: dict[DeclaredIdentity, dict[int, Naming]] = defaultdict(dict)
    for partial in sorted(partials, key=lambda partial: partial.group):
        standings.update((standing.supplier_id, standing) for standing in partial.standings)
        for identity, naming in partial.identities.items():
            identities[identity][partial.group] = naming
    return Aggregate(
        standings={supplier_id: standings[supplier_id] for supplier_id in sorted(standings)},
        identities={identity: identities[identity] for identity in sorted(identities)},
    )


def fold(standings: Iterable[Standing]) -> Aggregate:
    """The aggregate of all standings at once: the specification that the partials are held against."""
    groups: dict[int, list[Standing]] = defaultdict(list)
    for standing in standings:
        groups[standing.seat.group].append(standing)
    return merge(fold_group(group, members) for group, members in groups.items())


class _Tally:
    """What is counted of one identity while a group is folded."""

    def __init__(self) -> None:
        self._lines: dict[int, int] = defaultdict(int)
        self._places: dict[int, list[int]] = defaultdict(list)
        self._origins: dict[str, int] = defaultdict(int)

    def count(self, seat: int, place: int, lines: int, origins: Iterable[str]) -> None:
        self._lines[seat] += lines
        self._places[seat].append(place)
        for origin in origins:
            self._origins[origin] |= 1 << seat

    def naming(self, submissions: Mapping[int, int]) -> Naming:
        """What was counted; `submissions` has how many current ones each seat has."""
        return Naming(
            mask=sum(1 << seat for seat in self._lines),
            repeats={seat: lines for seat, lines in sorted(self._lines.items()) if lines != 1},
            partly={
                seat: tuple(places) for seat, places in sorted(self._places.items()) if len(places) < submissions[seat]
            },
            origins=dict(sorted(self._origins.items())),
        )


def _without_identities(standing: Standing) -> Standing:
    return replace(standing, current=tuple(map(_with_rows_alone, standing.current)))


def _with_rows_alone(submission: SubmissionSummary) -> SubmissionSummary:
    rows = tuple(submission.identities[identity] for identity in sorted(submission.identities))
    return replace(submission, identities={}, origins={}, rows=rows)
