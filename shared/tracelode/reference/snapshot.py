"""Reference files that were taken, as the ledger remembers them, and which of them is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


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


def newest_of_each_kind(history: Iterable[ReferenceSnapshot]) -> Mapping[str, ReferenceSnapshot]:
    """Of each kind the snapshot that is in force when nothing else was ever taken."""
    return {snapshot.kind: snapshot for snapshot in sorted(history, key=lambda snapshot: snapshot.order)}
