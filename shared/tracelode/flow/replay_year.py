"""Makes a year's ledger and report from the object versions of the inbox and the reference bucket alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import Published, publish_report
from tracelode.flow.record_submission import record_submission
from tracelode.flow.stores import Stores
from tracelode.flow.tally_group import tally_group
from tracelode.storage.objects import DroppedObjects, ListedVersion, ObjectEvent, moment
from tracelode.storage.places import MisplacedObjectError, is_folder

_NEXT = timedelta(milliseconds=1)

Known = Callable[[DroppedObjects, ListedVersion], str]
"""The time of a version, or of a delete marker, that is known better than from its bucket's clock, "" where none is."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many versions and deletions were replayed, how many keys name no supplier or file, and what was published."""

    events: int
    misplaced: int
    published: Published


def replay_year(year: int, stores: Stores, *, known: Known = lambda _, __: "") -> Replayed:
    """Record every version of a year in a ledger that knows nothing of it, in order of time, and publish.

    A version's receipt time is the one that `known` has, or else its bucket's own time, which has seconds where the
    notification had milliseconds: a report then differs in its receipt times. A deletion whose time is not known came
    as long after what it took back as the bucket's clock says. Within one key the bucket's order always holds. A
    version that was erased from its bucket is as if it had never come.

    Raises LostRaceError after too many rounds against others, and AWS errors; it may be repeated.
    """
    prefix, misplaced = f"{year}/", 0
    references, uploads = (
        [event for history in bucket.versions(prefix) for event in _events(history, bucket, known)]
        for bucket in (stores.reference, stores.inbox)
    )
    for event in sorted(references, key=_order):
        try:
            adopt_reference(event, stores)
        except MisplacedObjectError:
            misplaced += 1
    for event in sorted(uploads, key=_order):
        try:
            record_submission(event, stores)
        except MisplacedObjectError:
            misplaced += 1
    for group in stores.ledger.groups.numbers(year):
        tally_group(year, group, stores.ledger)
    published = publish_report(year, stores)
    return Replayed(len(references) + len(uploads), misplaced, published)


def stated_receipt(bucket: DroppedObjects, version: ListedVersion) -> str:
    """The receipt time in the version's metadata: for a feed of one's own, never where suppliers upload themselves.

    A delete marker has no metadata.
    """
    return "" if version.deleted else bucket.stated_receipt(version.key, version.version_id)


def recorded(times: Mapping[tuple[str, str], str]) -> Known:
    """The times that another ledger of the same buckets recorded (Ledger.receipt_times)."""
    return lambda _, version: times.get((version.key, version.version_id), "")


def _events(history: Sequence[ListedVersion], bucket: DroppedObjects, known: Known) -> Iterator[ObjectEvent]:
    """The events of one key, from its versions and delete markers, oldest first; none of a folder that a console shows.

    A marker takes back what lies below it in the bucket and nothing above, whatever the two clocks say; one with
    nothing below takes nothing back.
    """
    if is_folder(history[0].key):
        return
    received: dict[str, str] = {}
    last = ""
    for version in history:
        if not version.deleted:
            after = _later(last) if last else ""
            last = received[version.version_id] = known(bucket, version) or max(version.modified, after)
    for place, version in enumerate(history):
        if not version.deleted:
            yield ObjectEvent(version.key, version.version_id, received[version.version_id], deleted=False)
            continue
        below = [older for older in history[:place] if not older.deleted]
        above = min((received[newer.version_id] for newer in history[place:] if not newer.deleted), default="")
        if below:
            newest = max(below, key=lambda older: received[older.version_id])
            at = known(bucket, version) or _deleted_at(version, newest, received[newest.version_id], above)
            yield ObjectEvent(version.key, "", at, deleted=True, marker=version.version_id)


def _deleted_at(marker: ListedVersion, newest: ListedVersion, received: str, above: str) -> str:
    """When a marker took back what had been received, as long after the newest of it as the bucket's clock says; the
    receipt time itself where that cannot be."""
    passed = datetime.fromisoformat(marker.modified) - datetime.fromisoformat(newest.modified)
    at = moment(datetime.fromisoformat(received) + passed)
    return at if received <= at and (not above or at < above) else received


def _later(at: str) -> str:
    return moment(datetime.fromisoformat(at) + _NEXT)


def _order(event: ObjectEvent) -> tuple[str, str, str]:
    return (event.time, event.key, event.version_id)
