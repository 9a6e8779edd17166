"""What reference files say, read from their bucket once in the life of a process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.reference.assembly import assemble, status_picture
from tracelode.reference.content import Content, OfficialNames
from tracelode.reference.kinds import MAX_REFERENCE_BYTES, take
from tracelode.reference.moments import Moment
from tracelode.reference.snapshot import ReferenceSnapshot, ReferenceVanishedError
from tracelode.smelters.status import SmelterList
from tracelode.storage.objects import DroppedObjects

FILES_REMEMBERED = 64
"""Files whose content a process remembers: those in force, and what the earlier pictures are made of."""
YEARS_REMEMBERED = 8
"""Program years whose reference data a process remembers, put together."""
ROLLUP_FAMILY = 6
"""The family of templates that a roll-up can be written into."""


@dataclass(frozen=True, slots=True)
class ReferenceFiles:
    """The reference bucket, read by snapshot. Each method raises ReferenceVanishedError where a version is gone."""

    bucket: DroppedObjects

    def content(self, snapshot: ReferenceSnapshot) -> Content:
        """What the snapshot's file says; fetched and parsed if no file of that name and content was before."""
        return _parsed(snapshot.file, _Bytes(snapshot.sha256, self._fetching(snapshot)))

    def readable(self, snapshots: Iterable[ReferenceSnapshot]) -> tuple[ReferenceSnapshot, ...]:
        """Those of the snapshots whose versions nobody has erased."""
        return tuple(snapshot for snapshot in snapshots if self._is_readable(snapshot))

    def in_force(self, snapshots: Iterable[ReferenceSnapshot]) -> ReferenceInForce:
        """What the snapshots say together, in the order of their kinds."""
        ordered = sorted(snapshots, key=lambda snapshot: snapshot.kind)
        return _assembled(_Readable(tuple(ordered), self.content))

    def earlier_pictures(self, moments: Iterable[Moment], now: SmelterList) -> tuple[SmelterList, ...]:
        """The pictures that counted before the one that does now, oldest first, each once.

        An incomplete one is left out where the one that counts now is complete: facilities that are missing from half
        a picture would seem to have changed.
        """
        pictures: list[SmelterList] = []
        for moment in moments:
            then = status_picture((date.fromisoformat(snapshot.as_of), self.content(snapshot)) for snapshot in moment)
            if (then.complete or not now.complete) and then not in (now, *pictures[-1:]):
                pictures.append(then)
        return tuple(pictures)

    def newest_template(self, snapshots: Iterable[ReferenceSnapshot]) -> bytes:
        """The newest official CMRT 6.x among the snapshots, empty where there is none; of one version the first."""
        current = []
        for snapshot in sorted(snapshots, key=lambda snapshot: snapshot.kind, reverse=True):
            content = self.content(snapshot)
            version = content.version if isinstance(content, OfficialNames) else None
            if version and version.family == ROLLUP_FAMILY:
                current.append((version, snapshot))
        if not current:
            return b""
        _, newest = max(current, key=lambda item: item[0])
        return _template(_Bytes(newest.sha256, self._fetching(newest)))

    def _is_readable(self, snapshot: ReferenceSnapshot) -> bool:
        try:
            self.content(snapshot)
        except ReferenceVanishedError:
            return False
        return True

    def _fetching(self, snapshot: ReferenceSnapshot) -> Callable[[], bytes]:
        def fetch() -> bytes:
            data = self.bucket.read(snapshot.key, snapshot.version_id, MAX_REFERENCE_BYTES + 1)
            if data is None:
                raise ReferenceVanishedError("a reference file in force was erased from its bucket")
            return data

        return fetch


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A file's bytes, known by their hash; they are only fetched if that hash was not met before."""

    sha256: str
    fetch: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Readable:
    """Snapshots, known by what they are and not by where they are read from."""

    snapshots: tuple[ReferenceSnapshot, ...]
    content: Callable[[ReferenceSnapshot], Content] = field(compare=False, repr=False)


@lru_cache(maxsize=FILES_REMEMBERED)
def _parsed(file: str, data: _Bytes) -> Content:
    return take(file, data.fetch()).content


@lru_cache(maxsize=1)
def _template(data: _Bytes) -> bytes:
    return data.fetch()


@lru_cache(maxsize=YEARS_REMEMBERED)
def _assembled(readable: _Readable) -> ReferenceInForce:
    return assemble((date.fromisoformat(each.as_of), readable.content(each)) for each in readable.snapshots)
