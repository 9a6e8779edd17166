"""Puts a case's files into the local buckets, with receipt times that depend on nothing but the files."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tracelode_local.engine import LocalSystem

_NEXT: Final = timedelta(milliseconds=1)


class Feed:
    """Uploads and deletions of one program year.

    The receipt time of an upload is the file's modification time; of a key that was there before, at least a
    millisecond later than its last receipt. A deletion is received a millisecond after the last receipt of its key.
    """

    def __init__(self, system: LocalSystem, year: int) -> None:
        self._system = system
        self._year = year
        self._received: dict[tuple[str, str], datetime] = {}

    def reference(self, name: str, content: Path | bytes, modified: datetime) -> None:
        """Upload a reference file."""
        self._upload(self._system.reference_bucket, name, content, modified)

    def document(self, name: str, content: Path | bytes, modified: datetime) -> None:
        """Upload a supplier's file, named `<supplier_id>/<file>`. Raises OSError where it cannot be read."""
        self._upload(self._system.inbox_bucket, name, content, modified)

    def withdraw(self, name: str) -> None:
        """Delete a supplier's file that was uploaded before."""
        bucket, key = self._system.inbox_bucket, f"{self._year}/{name}"
        moment = self._received[bucket, key] + _NEXT
        self._system.delete(bucket, key, moment)
        self._received[bucket, key] = moment

    def take_in(self) -> tuple[str, ...]:
        """Hand on what somebody else has put into the buckets; returns their keys."""
        buckets = (self._system.reference_bucket, self._system.inbox_bucket)
        found = [item for bucket in buckets for item in self._system.unannounced(bucket)]
        for item in found:
            moment = self._moment(item.bucket, item.key, item.modified)
            self._system.announce(item, moment)
            self._received[item.bucket, item.key] = moment
        return tuple(item.key for item in found)

    def _upload(self, bucket: str, name: str, content: Path | bytes, modified: datetime) -> None:
        key = f"{self._year}/{name}"
        moment = self._moment(bucket, key, modified)
        self._system.upload(bucket, key, content, moment)
        self._received[bucket, key] = moment

    def _moment(self, bucket: str, key: str, modified: datetime) -> datetime:
        last = self._received.get((bucket, key))
        return modified if last is None else max(modified, last + _NEXT)
