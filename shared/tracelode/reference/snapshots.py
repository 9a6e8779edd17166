"""Reference files that were taken, as the ledger remembers them: which is in force now, and which were at a date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracelode.reference.kinds import kind_kept_as

EARLIER_LISTS = 12
"""Earlier dates of status lists that a report looks back at."""


class ReferenceVanishedError(RuntimeError):
    """A reference version in force was erased from its bucket, which no retry mends."""


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """A reference file that was taken: where its bytes lie, and what decides which snapshot is in force.

    `kind` is what a newer file replaces (reference/kinds.py: `kept_as`), whatever it is called; `as_of` an ISO date.
    """

    kind: str
    key: str
    version_id: str
    sha256: str
    received: str
    as_of: str

    @property
    def order(self) -> str:
        """The newest as-of date is in force, then the newest receipt."""
        return "|".join((self.as_of, self.received, self.key, self.version_id))

    @property
    def file(self) -> str:
        """The file's name."""
        return self.key.rpartition("/")[2]

    @property
    def is_status_list(self) -> bool:
        """Whether it says what an assessment program thinks of facilities."""
        kind = kind_kept_as(self.kind)
        return kind is not None and kind.is_status_list


Moment = tuple[ReferenceSnapshot, ...]
"""The status lists that were in force at a date, ordered by kind."""


def newest_of_each_kind(history: Iterable[ReferenceSnapshot]) -> Mapping[str, ReferenceSnapshot]:
    """Of each kind the snapshot that is in force when nothing else was ever taken."""
    return {snapshot.kind: snapshot for snapshot in sorted(history, key=lambda snapshot: snapshot.order)}


def earlier_moments(history: Iterable[ReferenceSnapshot]) -> tuple[Moment, ...]:
    """The status lists that were in force at each date of one before the newest date, oldest first.

    It is told by the lists' own dates, so that the order in which they arrived does not matter. At most
    `EARLIER_LISTS`, the latest.
    """
    lists = [snapshot for snapshot in history if snapshot.is_status_list]
    days = sorted({snapshot.as_of for snapshot in lists})[:-1]
    moments = (newest_of_each_kind(each for each in lists if each.as_of <= day) for day in days[-EARLIER_LISTS:])
    return tuple(tuple(newest[kind] for kind in sorted(newest)) for newest in moments)
