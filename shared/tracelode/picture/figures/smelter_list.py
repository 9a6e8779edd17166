"""Figures of the status list in force, and how old the statuses are that the report prints."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import Status


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last of some days, in ISO 8601; both "" of none."""

    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class StatusDays:
    """The as-of days of the facilities that the report names, by status: the row's own, else the list's."""

    conformant: Days
    active: Days
    indeterminable: Days


@dataclass(frozen=True, slots=True)
class SmelterListFigures:
    """The list's own date ("" for none), how many facilities it has, and the dates of those that are named.

    `undated` counts named facilities on it that neither it nor their row dates. `tells_conformant` and `tells_active`
    say whether the facilities of that status are known: RMI has a list of each, of which one may not have been read.
    """

    as_of: str
    facilities: int
    undated: int
    tells_conformant: bool
    tells_active: bool
    dates: StatusDays


def count_smelter_list(interpretation: Interpretation) -> SmelterListFigures:
    """The figures of the status list that counts."""
    smelter_list = interpretation.facts.smelter_list
    return SmelterListFigures(
        as_of=smelter_list.as_of.isoformat() if smelter_list.as_of else "",
        facilities=len(smelter_list.facilities),
        undated=sum(
            facility.listed is not None and not (facility.listed.as_of or smelter_list.as_of)
            for facility in interpretation.facilities
        ),
        tells_conformant=smelter_list.tells(Status.CONFORMANT),
        tells_active=smelter_list.tells(Status.ACTIVE),
        dates=StatusDays(
            conformant=_listed_as_of(interpretation, Status.CONFORMANT),
            active=_listed_as_of(interpretation, Status.ACTIVE),
            indeterminable=_listed_as_of(interpretation, Status.INDETERMINABLE),
        ),
    )


def days_of(days: Iterable[str]) -> Days:
    """The first and the last of days in ISO 8601."""
    ordered = sorted(days)
    return Days(ordered[0], ordered[-1]) if ordered else Days()


def _listed_as_of(interpretation: Interpretation, status: Status) -> Days:
    """The as-of days of the named facilities of a status: the row's own, else the list's."""
    of_list = interpretation.facts.smelter_list.as_of
    return days_of(
        day.isoformat()
        for facility in interpretation.facilities
        if facility.status is status and facility.listed and (day := facility.listed.as_of or of_list)
    )
