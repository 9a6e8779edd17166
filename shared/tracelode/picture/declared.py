"""How every declared identity that counts was resolved, and what the team's decisions came to."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.dispositions import Disposition
from tracelode.smelters.identity import Resolution, Step
from tracelode.submission import DeclaredIdentity


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared identity of in-scope suppliers: who it is and why, on how many lines of how many suppliers."""

    resolution: Resolution
    lines: int
    suppliers: int


@dataclass(frozen=True, slots=True)
class DecisionInForce:
    """A disposition with what it decides today: declared identities, their lines and their suppliers, or none."""

    disposition: Disposition
    names: int
    lines: int
    suppliers: int


@dataclass(frozen=True, slots=True)
class Decided:
    """How many declared names, and lines of them, a step of the resolution decided."""

    names: int
    lines: int


def declared(interpretation: Interpretation) -> tuple[Declared, ...]:
    """Every declared identity that counts, with its resolution, ordered by the identity."""
    resolutions = [
        *(resolution for facility in interpretation.facilities for resolution in facility.resolutions),
        *(name.resolution for name in interpretation.unidentified if name.resolution),
        *(name.resolution for name in interpretation.dismissed),
    ]
    seats = _counted_seats(interpretation)
    return tuple(
        _counted(interpretation, resolution, seats)
        for resolution in sorted(resolutions, key=lambda resolution: resolution.identity)
    )


def decisions_in_force(interpretation: Interpretation) -> tuple[DecisionInForce, ...]:
    """The team's decisions in the order of their file, those that decide nothing today included."""
    register = interpretation.facts.dispositions
    decided: dict[Disposition, list[Declared]] = defaultdict(list)
    for item in declared(interpretation):
        if item.resolution.disposition:
            decided[item.resolution.disposition].append(item)
    seats = _counted_seats(interpretation)
    return tuple(
        DecisionInForce(
            disposition,
            names=len(decided[disposition]),
            lines=sum(item.lines for item in decided[disposition]),
            suppliers=_suppliers(interpretation, [item.resolution.identity for item in decided[disposition]], seats),
        )
        for disposition in register.decisions
    )


def evidence(resolution: Resolution) -> str:
    """What the steps of a resolution came to, on one line."""
    return " | ".join(f"{trace.step.value}: {trace.said}" for trace in resolution.trace)


def count_by_step(interpretation: Interpretation) -> dict[Step, Decided]:
    """What each step decided."""
    names: Counter[Step] = Counter()
    lines: Counter[Step] = Counter()
    for item in declared(interpretation):
        names[item.resolution.step] += 1
        lines[item.resolution.step] += item.lines
    return {step: Decided(names[step], lines[step]) for step in Step}


def _counted_seats(interpretation: Interpretation) -> dict[int, int]:
    """The bit mask of each group's seats on which suppliers sit that count."""
    in_scope = {supplier.supplier_id for supplier in interpretation.facts.roster if supplier.in_scope}
    seats: dict[int, int] = defaultdict(int)
    for standing in interpretation.facts.aggregate.standings.values():
        if standing.supplier_id in in_scope:
            seats[standing.seat.group] |= 1 << standing.seat.seat
    return seats


def _counted(interpretation: Interpretation, resolution: Resolution, seats: dict[int, int]) -> Declared:
    namings = interpretation.facts.aggregate.identities[resolution.identity]
    return Declared(
        resolution,
        lines=sum(naming.lines(seats.get(group, 0)) for group, naming in namings.items()),
        suppliers=_suppliers(interpretation, [resolution.identity], seats),
    )


def _suppliers(interpretation: Interpretation, identities: list[DeclaredIdentity], seats: dict[int, int]) -> int:
    masks: dict[int, int] = defaultdict(int)
    for identity in identities:
        for group, naming in interpretation.facts.aggregate.identities[identity].items():
            masks[group] |= naming.mask & seats.get(group, 0)
    return sum(mask.bit_count() for mask in masks.values())
