"""Aggregates as a fold over current submissions: whole, or by group. The fold is the specification; partials follow it.

Suppliers are dealt into groups of `GROUP_SIZE` seats. A partial is the fold of one group, an aggregate the union of
partials, so that `merge(fold_group(g) for g in groups) == fold(everything)` whatever the order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracelode.submission import RESPONDED, DeclaredIdentity, State, SubmissionSummary
from tracelode.tally.current import Counted

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

    `current` is ordered by submission order; `rejected` is what the supplier is told about last, or None. `day`,
    `before` and `withdrawn` are as in the supplier's Placement (tally/current.py): what changed on its newest day;
    so is `taken_back`, what it said before of covered countries and says no more.
    """

    supplier_id: str
    seat: Seat
    current: tuple[SubmissionSummary, ...]
    rejected: SubmissionSummary | None = None
    day: str = ""
    before: Counted[SubmissionSummary] | None = None
    withdrawn: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """As the worst of its current submissions; rejected if nothing is readable."""
        if not self.current:
            return State.REJECTED if self.rejected else State.AWAITING
        return max((submission.state for submission in self.current), key=RESPONDED.index)

    def as_of(self, day: str) -> "Standing | None":
        """Where the supplier stood before a day that is its newest or later; None where nothing had been received."""
        if self.day != day:
            return replace(self, day="", before=None, withdrawn=())
        return Standing(self.supplier_id, self.seat, self.before.current, self.before.rejected) if self.before else None

    @property
    def renewed(self) -> bool:
        """Whether other submissions were current before its newest day; not where none were."""
        earlier = self.before.current if self.before else ()
        return bool(earlier) and [item.order for item in earlier] != [item.order for item in self.current]


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

    def on(self, seats: int) -> "Naming":
        """What it says of the seats of a mask alone."""
        return Naming(
            mask=self.mask & seats,
            repeats={seat: lines for seat, lines in self.repeats.items() if seats >> seat & 1},
            partly={seat: places for seat, places in self.partly.items() if seats >> seat & 1},
            origins={stated: held & seats for stated, held in self.origins.items() if held & seats},
        )

    def beside(self, other: "Naming") -> "Naming":
        """What it and one of other seats say together."""
        stated = sorted({*self.origins, *other.origins})
        return Naming(
            mask=self.mask | other.mask,
            repeats=dict(sorted({**self.repeats, **other.repeats}.items())),
            partly=dict(sorted({**self.partly, **other.partly}.items())),
            origins={name: self.origins.get(name, 0) | other.origins.get(name, 0) for name in stated},
        )


NOBODY = Naming(0, {})
"""An identity that no supplier names."""


@dataclass(frozen=True, slots=True)
class Partial:
    """The aggregate of one group: its suppliers' standings without identities, and who names which identity.

    The identities are in order, so that a submission's `rows` belong to those of them that it names, one by one.

    `before` has how the renewed seats together named an identity before each one's newest day, for the identities that
    they named in any other way then; `NOBODY` where none of them did. A seat of which nothing was current before is
    not renewed: it named nothing.
    """

    group: int
    standings: tuple[Standing, ...]
    identities: Mapping[DeclaredIdentity, Naming]
    before: Mapping[DeclaredIdentity, Naming] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The aggregate of a program year: standings by supplier, and per identity the naming in each group.

    `before` is the partials', by identity and group.
    """

    standings: Mapping[str, Standing]
    identities: Mapping[DeclaredIdentity, Mapping[int, Naming]]
    before: Mapping[DeclaredIdentity, Mapping[int, Naming]] = field(default_factory=dict)


def fold_group(group: int, standings: Iterable[Standing]) -> Partial:
    """The partial of one group, from the standings of its suppliers in any order."""
    seated = sorted(standings, key=lambda standing: standing.seat)
    identities = _namings({standing.seat.seat: standing.current for standing in seated})
    return Partial(
        group=group,
        standings=tuple(_without_identities(standing) for standing in seated),
        identities=identities,
        before=_before([standing for standing in seated if standing.renewed], identities),
    )


def merge(partials: Iterable[Partial]) -> Aggregate:
    """The aggregate that the partials of distinct groups make up together."""
    standings: dict[str, Standing] = {}
    identities: dict[DeclaredIdentity, dict[int, Naming]] = defaultdict(dict)
    before: dict[DeclaredIdentity, dict[int, Naming]] = defaultdict(dict)
    for partial in sorted(partials, key=lambda partial: partial.group):
        standings.update((standing.supplier_id, standing) for standing in partial.standings)
        for identity, naming in partial.identities.items():
            identities[identity][partial.group] = naming
        for identity, naming in partial.before.items():
            before[identity][partial.group] = naming
    return Aggregate(
        standings={supplier_id: standings[supplier_id] for supplier_id in sorted(standings)},
        identities={identity: identities[identity] for identity in sorted(identities)},
        before={identity: before[identity] for identity in sorted(before)},
    )


def fold(standings: Iterable[Standing]) -> Aggregate:
    """The aggregate of all standings at once: the specification that the partials are held against."""
    groups: dict[int, list[Standing]] = defaultdict(list)
    for standing in standings:
        groups[standing.seat.group].append(standing)
    return merge(fold_group(group, members) for group, members in groups.items())


def without_silent(aggregate: Aggregate) -> Aggregate:
    """The aggregate without the suppliers that nothing ever came of, or nothing that was not erased for good.

    Such a supplier has a seat alone, and only where the ledger heard of it before it was erased.
    """
    heard = {name: each for name, each in aggregate.standings.items() if each.current or each.rejected or each.day}
    return replace(aggregate, standings=heard)


def newest_day(aggregate: Aggregate) -> str:
    """The UTC date of the newest event of any supplier, "" where none is known."""
    return max((standing.day for standing in aggregate.standings.values()), default="")


def as_of(aggregate: Aggregate, day: str) -> Aggregate:
    """The aggregate of what counted before `day`, which is the newest day of every supplier or later.

    It is the fold of each supplier's standing as of then, without what is known of the time before it.
    """
    then = {supplier_id: standing.as_of(day) for supplier_id, standing in aggregate.standings.items()}
    began: dict[int, int] = defaultdict(int)
    renewed: dict[int, int] = defaultdict(int)
    for standing in aggregate.standings.values():
        if standing.day == day and (standing.renewed or not (standing.before and standing.before.current)):
            changed = renewed if standing.renewed else began
            changed[standing.seat.group] |= 1 << standing.seat.seat
    identities = dict(aggregate.identities)
    for identity, namings in aggregate.identities.items():
        groups = [group for group in namings.keys() & began.keys() if namings[group].mask & began[group]]
        if groups:
            identities[identity] = {**namings, **{group: namings[group].on(~began[group]) for group in groups}}
    for identity, namings in aggregate.before.items():
        groups = sorted(namings.keys() & renewed.keys())
        now = identities.get(identity, {})
        identities[identity] = {
            **now,
            **{
                group: now.get(group, NOBODY).on(~renewed[group]).beside(namings[group].on(renewed[group]))
                for group in groups
            },
        }
    named = {identity: _named(identities[identity]) for identity in sorted(identities)}
    return Aggregate(
        standings={supplier_id: standing for supplier_id, standing in then.items() if standing},
        identities={identity: groups for identity, groups in named.items() if groups},
    )


def _named(groups: Mapping[int, Naming]) -> dict[int, Naming]:
    return {group: groups[group] for group in sorted(groups) if groups[group].mask}


def _namings(current: Mapping[int, Sequence[SubmissionSummary]]) -> dict[DeclaredIdentity, Naming]:
    """Who names which identity in the submissions on the seats of a group."""
    tallies: dict[DeclaredIdentity, _Tally] = defaultdict(_Tally)
    for seat, submissions in current.items():
        for place, submission in enumerate(submissions):
            for identity, rows in submission.identities.items():
                tallies[identity].count(seat, place, len(rows), submission.origins.get(identity, ()))
    numbers = {seat: len(submissions) for seat, submissions in current.items()}
    return {identity: tallies[identity].naming(numbers) for identity in sorted(tallies)}


def _before(renewed: Sequence[Standing], now: Mapping[DeclaredIdentity, Naming]) -> dict[DeclaredIdentity, Naming]:
    """How the renewed seats named what they name in another way now."""
    seats = sum(1 << standing.seat.seat for standing in renewed)
    then = _namings({standing.seat.seat: standing.before.current for standing in renewed if standing.before})
    touched = {*then, *(identity for identity, naming in now.items() if naming.mask & seats)}
    return {
        identity: then.get(identity, NOBODY)
        for identity in sorted(touched)
        if then.get(identity, NOBODY) != now.get(identity, NOBODY).on(seats)
    }


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
    before = standing.before
    return replace(
        standing,
        current=tuple(map(_with_rows_alone, standing.current)),
        # Nobody asks for the rows of what counts no more.
        before=Counted(tuple(map(_bare, before.current)), before.rejected) if before else None,
    )


def _with_rows_alone(submission: SubmissionSummary) -> SubmissionSummary:
    rows = tuple(submission.identities[identity] for identity in sorted(submission.identities))
    return replace(_bare(submission), rows=rows)


def _bare(submission: SubmissionSummary) -> SubmissionSummary:
    return replace(submission, identities={}, origins={})
