"""An aggregate as far as one template kind goes: what a filing rests on is never moved by another template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tracelode.submission import DeclaredIdentity, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Naming, Standing
from tracelode.tally.current import Counted
from tracelode.template_kind import TemplateKind


def of_kind(aggregate: Aggregate, kind: TemplateKind) -> Aggregate:
    """The aggregate of the submissions of a template kind alone.

    It is the fold of these, but for what one supplier says of one identity in templates of two kinds: the lines and
    the stated origins of both are then counted. Kinds ask about different minerals, so that this concerns lines alone
    whose metal is unreadable. A supplier of which only other kinds came stays, with nothing current.
    """
    now = _kept_places({each: standing.current for each, standing in aggregate.standings.items()}, kind)
    then = _kept_places(
        {each: standing.before.current for each, standing in aggregate.standings.items() if standing.before}, kind
    )
    if not now and not then:
        return aggregate
    standings = aggregate.standings
    return Aggregate(
        standings={supplier_id: _standing(standing, kind) for supplier_id, standing in standings.items()},
        identities=_identities(aggregate.identities, _by_seat(standings, now)),
        before=_identities(aggregate.before, _by_seat(standings, then), keep_nobody=True),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which of a seat's submissions remain: their new places by the old ones, and how many there were."""

    places: Mapping[int, int]
    of: int


_Seats = Mapping[int, Mapping[int, _Kept]]


def _kept_places(current: Mapping[str, tuple[SubmissionSummary, ...]], kind: TemplateKind) -> Mapping[str, _Kept]:
    """What remains for the suppliers of which not everything does."""
    kept = {}
    for supplier_id, submissions in current.items():
        places = [place for place, submission in enumerate(submissions) if submission.template_kind == kind]
        if len(places) < len(submissions):
            kept[supplier_id] = _Kept({old: new for new, old in enumerate(places)}, len(submissions))
    return kept


def _by_seat(standings: Mapping[str, Standing], kept: Mapping[str, _Kept]) -> _Seats:
    seats: dict[int, dict[int, _Kept]] = {}
    for supplier_id, remaining in kept.items():
        seat = standings[supplier_id].seat
        seats.setdefault(seat.group, {})[seat.seat] = remaining
    return seats


def _identities(
    identities: Mapping[DeclaredIdentity, Mapping[int, Naming]], seats: _Seats, *, keep_nobody: bool = False
) -> dict[DeclaredIdentity, Mapping[int, Naming]]:
    """The namings without what is gone; those of nobody are kept only where they say that nobody named it before."""
    remaining: dict[DeclaredIdentity, Mapping[int, Naming]] = {}
    for identity, by_group in identities.items():
        namings = {group: _naming(naming, seats.get(group, {})) for group, naming in by_group.items()}
        namings = {group: naming for group, naming in namings.items() if naming.mask or keep_nobody}
        if namings:
            remaining[identity] = namings
    return remaining


def _naming(naming: Naming, seats: Mapping[int, _Kept]) -> Naming:
    partly = dict(naming.partly)
    gone = 0
    for seat in _named(naming, seats):
        kept = seats[seat]
        carrying = [kept.places[place] for place in partly.pop(seat, range(kept.of)) if place in kept.places]
        if not carrying:
            gone |= 1 << seat
        elif len(carrying) < len(kept.places):
            partly[seat] = tuple(carrying)
    return replace(naming, partly=dict(sorted(partly.items()))).on(~gone)


def _named(naming: Naming, seats: Iterable[int]) -> Iterable[int]:
    return (seat for seat in seats if naming.mask >> seat & 1)


def _standing(standing: Standing, kind: TemplateKind) -> Standing:
    def kept(submissions: Iterable[SubmissionSummary]) -> tuple[SubmissionSummary, ...]:
        return tuple(submission for submission in submissions if submission.template_kind == kind)

    before = standing.before
    return replace(
        standing,
        current=kept(standing.current),
        before=Counted(kept(before.current), before.rejected) if before else None,
    )
