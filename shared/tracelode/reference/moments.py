"""Which status lists were in force at earlier dates."""

from collections.abc import Iterable

from tracelode.reference.kinds import kind_kept_as
from tracelode.reference.snapshot import ReferenceSnapshot, newest_of_each_kind

EARLIER_LISTS = 12
"""Earlier dates of status lists that a report looks back at."""

Moment = tuple[ReferenceSnapshot, ...]
"""The status lists that were in force at a date, ordered by kind."""


def earlier_moments(history: Iterable[ReferenceSnapshot]) -> tuple[Moment, ...]:
    """The status lists that were in force at each date of one before the newest date, oldest first.

    It is told by the lists' own dates, so that the order in which they arrived does not matter. At most
    `EARLIER_LISTS`, the latest.
    """
    lists = [snapshot for snapshot in history if _is_status_list(snapshot)]
    days = sorted({snapshot.as_of for snapshot in lists})[:-1]
    moments = (newest_of_each_kind(each for each in lists if each.as_of <= day) for day in days[-EARLIER_LISTS:])
    return tuple(tuple(newest[kind] for kind in sorted(newest)) for newest in moments)


def _is_status_list(snapshot: ReferenceSnapshot) -> bool:
    kind = kind_kept_as(snapshot.kind)
    return kind is not None and kind.is_status_list
