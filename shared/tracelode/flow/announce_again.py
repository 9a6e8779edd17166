"""What the inbox has and nobody recorded is announced again, so that intake takes it as it would have before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracelode.flow.stores import Stores
from tracelode.queues.intake_queue import IntakeQueue
from tracelode.storage import places
from tracelode.storage.objects import DroppedObjects, ListedVersion, ObjectEvent, moment
from tracelode.storage.places import MisplacedObjectError
from tracelode.tally.current import Receipt, Withdrawal

GRACE = timedelta(days=1)
"""How old is what is taken for lost. A message is tried five times in an hour and then given up on; the rest of the day
is for a rush that intake has not caught up with, which has an alarm of its own."""
AGAIN = timedelta(days=14)
"""How long nothing is announced once more: as long as a message can lie in any queue, so that what intake cannot take
has one letter of ours among the dead ones at a time."""
MOST_NAMED = 20
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Who announces again: through intake's queue, at the moment that counts as now (UTC)."""

    queue: IntakeQueue
    now: datetime


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """How many versions and delete markers nobody recorded, and the first suppliers whose they are, by id."""

    count: int = 0
    suppliers: tuple[str, ...] = ()


def uploads_by_supplier(year: int, inbox: DroppedObjects) -> dict[str, list[ListedVersion]]:
    """Every version and delete marker of a year in the inbox, by the supplier in its key; a call for each thousand.

    What lies where no supplier is, and what only makes a folder, is nobody's.
    """
    found: dict[str, list[ListedVersion]] = defaultdict(list)
    for version in inbox.listed(f"{year}/"):
        try:
            where = places.inbox_place(version.key)
        except MisplacedObjectError:
            continue
        if not places.is_folder(version.key):
            found[where.supplier_id].append(version)
    return found


def without_receipt(
    listed: Iterable[ListedVersion], receipts: Iterable[Receipt], withdrawals: Iterable[Withdrawal]
) -> list[ListedVersion]:
    """Of a supplier's versions and delete markers those that no receipt and no withdrawal names."""
    recorded = _recorded(receipts, withdrawals)
    return [version for version in listed if (version.key, version.version_id) not in recorded]


def announce_again(
    year: int, suspects: Mapping[str, Sequence[ListedVersion]], stores: Stores, *, by: Announcer
) -> Unrecorded:
    """Announce what is in the inbox and not in the ledger, unless it is younger than GRACE; says how much there is.

    `suspects` are what was found without a receipt, by supplier. They are looked at again, so that what was recorded
    meanwhile is left alone. Nothing is announced twice within AGAIN. What was announced once and then deleted is over,
    and not counted any more: whatever it says, it does not count.

    Raises AWS errors; what was announced by then is remembered, and the next run goes on from there.
    """
    inbox, submissions = stores.inbox, stores.ledger.submissions
    due, forgotten = moment(by.now - GRACE), moment(by.now - AGAIN)
    count = 0
    suppliers: list[str] = []
    for supplier_id, suspected in sorted(suspects.items()):
        keys = sorted({version.key for version in suspected if version.modified < due})
        if not keys:
            continue
        announced = submissions.announced_again(year, supplier_id)
        receipts, withdrawals = (
            submissions.receipts(year, supplier_id),
            submissions.withdrawals(year, supplier_id),
        )
        found = [lost for key in keys for lost in _lost(inbox.history(key), receipts, withdrawals)]
        lost = [each for each in found if each.modified < due and not (each.taken_back and each.place in announced)]
        for each in lost:
            if announced.get(each.place, "") <= forgotten:
                by.queue.announce(inbox.bucket, each.event)
                submissions.note_announced_again(year, supplier_id, *each.place, moment(by.now))
        count += len(lost)
        suppliers += [supplier_id] if lost else []
    return Unrecorded(count, tuple(suppliers[:MOST_NAMED]))


@dataclass(frozen=True, slots=True)
class _Lost:
    """What nobody recorded: its key and version id, when its bucket says that it came, what S3 would have told of it,
    and whether its key was deleted since."""

    place: tuple[str, str]
    modified: str
    event: ObjectEvent
    taken_back: bool


def _lost(
    history: Sequence[ListedVersion], receipts: Iterable[Receipt], withdrawals: Sequence[Withdrawal]
) -> Iterator[_Lost]:
    """Of one key's history, oldest first, what nobody recorded.

    An event's time is the bucket's, to the second, moved by as little as is needed for it to lie after what is older in
    the bucket and before what is newer: so a deletion takes back what lies below it, and nothing above.
    """
    known = _known_times(history, receipts, withdrawals)
    bounds = _bounds(known)
    last = ""
    for place, version in enumerate(history):
        at = known[place] or _between(last, version.modified, bounds[place])
        last = max(last, at)
        if not known[place]:
            yield _Lost(
                (version.key, version.version_id),
                version.modified,
                _event(version, at),
                taken_back=any(newer.deleted for newer in history[place + 1 :]),
            )


def _event(version: ListedVersion, at: str) -> ObjectEvent:
    if version.deleted:
        return ObjectEvent(version.key, "", at, deleted=True, marker=version.version_id)
    return ObjectEvent(version.key, version.version_id, at, deleted=False)


def _known_times(
    history: Sequence[ListedVersion], receipts: Iterable[Receipt], withdrawals: Sequence[Withdrawal]
) -> list[str]:
    """When each of a key's history was received or deleted, as recorded; "" for what was not.

    Before delete markers were recorded by their ids (0.1.0), deletions were recorded without: one that took back what
    lies below a marker and nothing above is that marker's.
    """
    recorded = _recorded(receipts, withdrawals)
    times = [recorded.get((version.key, version.version_id), "") for version in history]
    nameless = [each for each in withdrawals if not each.version_id and not each.marker]
    for place, version in enumerate(history):
        if version.deleted and not times[place]:
            older = zip(times[:place], history[:place], strict=True)
            below = max((at for at, each in older if not each.deleted), default="")
            above = _earliest(times[place + 1 :])
            fitting = (each.at for each in nameless if each.key == version.key and below <= each.at)
            times[place] = next((at for at in fitting if not above or at < above), "")
    return times


def _recorded(receipts: Iterable[Receipt], withdrawals: Iterable[Withdrawal]) -> dict[tuple[str, str], str]:
    """When each version, and each delete marker whose id is known, was recorded to have come: the newest time of it."""
    times = {(receipt.key, receipt.version_id): receipt.received for receipt in receipts}
    return times | {(each.key, each.marker): each.at for each in withdrawals if each.marker}


def _earliest(times: Iterable[str]) -> str:
    return min(filter(None, times), default="")


def _bounds(known: Sequence[str]) -> list[str]:
    """What each of a history has to come before, so that there is room for all between it and what is known above it;
    "" where nothing is."""
    bounds: list[str] = []
    bound = ""
    for at in reversed(known):
        bounds.append(bound)
        bound = _earliest((bound, at)) if at else _moved(bound, -_TICK)
    return bounds[::-1]


def _between(after: str, wished: str, before: str) -> str:
    """The moment next to the one wished that lies after one and before another, "" for none; after counts for more."""
    return max(_moved(after, _TICK), min(wished, _moved(before, -_TICK) or wished))


def _moved(at: str, by: timedelta) -> str:
    return moment(datetime.fromisoformat(at) + by) if at else ""
