"""Figures of what became of last year's facilities."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tracelode.minerals import Mineral
from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import FacilityId, Status


@dataclass(frozen=True, slots=True)
class FacilityChanges:
    """Last year's facilities (`total`), and what is otherwise now, by metal and CID; statuses by what they mean."""

    total: int
    added: int
    removed: int
    status_changed: int


@dataclass(frozen=True, slots=True)
class LastYearFigures(FacilityChanges):
    """What is otherwise than in the report of `year`; `changed_to` counts changed statuses by what they are now."""

    year: int
    changed_to: Mapping[Status, int]
    by_metal: Mapping[Mineral, FacilityChanges]


def count_since_last_year(interpretation: Interpretation, metals: Iterable[Mineral]) -> LastYearFigures | None:
    """The figures, with those of each of these metals apart; None where last year's facilities are not known."""
    facts = interpretation.facts
    if facts.last_year is None:
        return None
    before = facts.last_year.facilities
    now = {facility.facility: facility.status for facility in interpretation.facilities}
    changed = {facility for facility in now.keys() & before.keys() if now[facility] is not before[facility]}

    def count(fits: Callable[[FacilityId], bool]) -> FacilityChanges:
        return FacilityChanges(
            total=sum(map(fits, before)),
            added=sum(map(fits, now.keys() - before.keys())),
            removed=sum(map(fits, before.keys() - now.keys())),
            status_changed=sum(map(fits, changed)),
        )

    together = count(lambda _: True)
    return LastYearFigures(
        total=together.total,
        added=together.added,
        removed=together.removed,
        status_changed=together.status_changed,
        year=facts.program.year - 1,
        changed_to={status: sum(now[facility] is status for facility in changed) for status in Status},
        by_metal={metal: count(_is_of(metal)) for metal in metals},
    )


def _is_of(metal: Mineral) -> Callable[[FacilityId], bool]:
    return lambda facility: facility.metal == metal
