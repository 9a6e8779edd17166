"""What reference files say, read from their bucket once in the life of a process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from tracelode.ledger.ledger import ReferenceSnapshot
from tracelode.reference.kinds import MAX_REFERENCE_BYTES, Taken, kind_kept_as, take
from tracelode.smelters.status import SmelterList, combine, dated
from tracelode.storage.objects import DroppedObjects

EARLIER_LISTS = 12
"""Earlier dates of status lists that a report looks back at."""
REMEMBERED = 64
"""Files whose content a process remembers: those in force, and what the earlier pictures are made of."""

ROLLUP_FAMILY = 6
"""The family of templates that a roll-up can be written into."""

_Said = TypeVar("_Said")

Moment = tuple[ReferenceSnapshot, ...]
"""The status lists that were in force at a date."""


class ReferenceVanishedError(RuntimeError):
    """A reference version in force was erased from its bucket, which no retry mends."""


class ReferenceUnreadError(RuntimeError):
    """A reference file in force was read by what is for another kind: a bug."""


@dataclass(frozen=True, slots=True)
class _Content:
    """A file's content, known by its hash; it is only fetched if that hash was not met before."""

    sha256: str
    fetch: Callable[[], bytes] = field(compare=False, repr=False)


def content_of(snapshot: ReferenceSnapshot, reference: DroppedObjects) -> Taken:
    """What the snapshot's file says; fetched and parsed if no file of that name and content was before.

    Raises ReferenceVanishedError when it has to be fetched and is gone.
    """
    return _taken(snapshot.file, _Content(snapshot.sha256, _fetching(snapshot, reference)))


def newest_template(in_force: Iterable[ReferenceSnapshot], reference: DroppedObjects) -> bytes:
    """The newest official CMRT 6.x among the files in force, empty where there is none; of one version the first kept.

    Raises ReferenceVanishedError when it has to be fetched and is gone.
    """
    versions = [(content_of(snapshot, reference).template, snapshot) for snapshot in in_force]
    current = [(version, snapshot) for version, snapshot in versions if version and version.family == ROLLUP_FAMILY]
    if not current:
        return b""
    _, newest = max(sorted(current, key=lambda item: item[1].kind, reverse=True), key=lambda item: item[0])
    return _template(_Content(newest.sha256, _fetching(newest, reference)))


@lru_cache(maxsize=1)
def _template(content: _Content) -> bytes:
    return content.fetch()


def _fetching(snapshot: ReferenceSnapshot, reference: DroppedObjects) -> Callable[[], bytes]:
    def fetch() -> bytes:
        data = reference.read(snapshot.key, snapshot.version_id, MAX_REFERENCE_BYTES + 1)
        if data is None:
            raise ReferenceVanishedError(f"{snapshot.key} version {snapshot.version_id}")
        return data

    return fetch


@lru_cache(maxsize=REMEMBERED)
def _taken(file: str, content: _Content) -> Taken:
    return take(file, content.fetch())


def always_stated(what: _Said | None) -> _Said:
    """What a file of its kind always says. Raises ReferenceUnreadError, a bug, where it does not."""
    if what is None:
        raise ReferenceUnreadError("a reference file was taken and does not say what its kind says")
    return what


def picture(lists: Iterable[ReferenceSnapshot], reference: DroppedObjects) -> SmelterList:
    """The picture of the facilities' status that counts among status lists; other kinds are passed over."""
    read = ((snapshot, content_of(snapshot, reference).smelter_list) for snapshot in lists if _is_status(snapshot))
    return combine(*(dated(listed, date.fromisoformat(snapshot.as_of)) for snapshot, listed in read if listed))


def earlier_moments(history: Iterable[ReferenceSnapshot]) -> tuple[Moment, ...]:
    """The status lists that were in force at each date of one before the newest date, oldest first.

    It is told by the lists' own dates, so that the order in which they arrived does not matter. At most
    `EARLIER_LISTS`, the latest.
    """
    lists = sorted((snapshot for snapshot in history if _is_status(snapshot)), key=lambda snapshot: snapshot.order)
    days = sorted({snapshot.as_of for snapshot in lists})[:-1]
    return tuple(_newest(snapshot for snapshot in lists if snapshot.as_of <= day) for day in days[-EARLIER_LISTS:])


def earlier_pictures(moments: Iterable[Moment], now: SmelterList, reference: DroppedObjects) -> tuple[SmelterList, ...]:
    """The pictures that counted before the one that does now, oldest first, each once.

    An incomplete one is left out where the one that counts now is complete: facilities that are missing from half a
    picture would seem to have changed.
    """
    pictures: list[SmelterList] = []
    for moment in moments:
        then = picture(moment, reference)
        if (then.complete or not now.complete) and then not in (now, *pictures[-1:]):
            pictures.append(then)
    return tuple(pictures)


def _is_status(snapshot: ReferenceSnapshot) -> bool:
    kind = kind_kept_as(snapshot.kind)
    return kind is not None and kind.is_status_list


def _newest(snapshots: Iterable[ReferenceSnapshot]) -> Moment:
    newest = {snapshot.kind: snapshot for snapshot in snapshots}
    return tuple(newest[kind] for kind in sorted(newest))
