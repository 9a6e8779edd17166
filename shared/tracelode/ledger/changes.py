"""What a report is made of has changed, said once after each change, and what the report was last held against."""

from dataclasses import dataclass

from tracelode.ledger import keys
from tracelode.ledger.table import LedgerTable

PROGRAM_YEARS = range(2010, 2101)
"""Every program year that an object's key can name (storage/places.py)."""


@dataclass(frozen=True, slots=True)
class ReportChanges:
    """The changes of all years that a report has to be made for."""

    table: LedgerTable

    def announce(self, year: int) -> None:
        """Say that something which a report is made of has changed, after the change was written.

        The one item that publish listens to: its changes lie in one shard of the stream, however many there are, so
        that they are gathered in one window and no two publishes of a year begin at once.
        """
        self.table.count_up(keys.year_partition(year), keys.CHANGED, "changed")

    def announce_partial(self, year: int, group: int, version: int) -> None:
        """Announce a partial that was found as it should be, unless somebody did after it was written."""
        item = self.table.get(keys.group_partition(year, group), keys.ANNOUNCED)
        if item is None or int(item["partial"]) != version:
            self.announce_new_partial(year, group, version)

    def announce_new_partial(self, year: int, group: int, version: int) -> None:
        """Announce a partial that was written."""
        self.announce(year)
        # A slower writer may put an older version over a newer one: the newer is then announced once more if asked.
        self.table.put({"pk": keys.group_partition(year, group), "sk": keys.ANNOUNCED, "partial": version})

    def years(self) -> tuple[int, ...]:
        """The program years in which a seat was dealt or anything was announced, the newest first."""
        told_by = (keys.SEATS, keys.CHANGED)
        found = self.table.get_many([(keys.year_partition(year), sort) for year in PROGRAM_YEARS for sort in told_by])
        return tuple(sorted({keys.year_of(partition) for partition, _ in found}, reverse=True))

    def verified(self, year: int) -> str:
        """What the latest report was last held against (see `note_verified`), "" when it never was."""
        item = self.table.get(keys.year_partition(year), keys.VERIFIED)
        return str(item["digest"]) if item else ""

    def note_verified(self, year: int, digest: str) -> None:
        """Remember what the latest report was held against, so that it is not held against the same again.

        The last one to write counts: an older digest costs one more comparison and hides nothing, because versions
        only ever grow.
        """
        self.table.put({"pk": keys.year_partition(year), "sk": keys.VERIFIED, "digest": digest})
