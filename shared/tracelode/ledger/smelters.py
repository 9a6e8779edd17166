"""What a submission declares, kept so that a person can read it in the console: one entry a smelter as it is named.

It is a copy for people. What the tally folds is in the submission's summary, and nothing is counted from this one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tracelode.ledger import keys
from tracelode.ledger.table import Item, LedgerTable
from tracelode.submission import Rows, SubmissionSummary
from tracelode.tally.current import Receipt

MAX_SMELTER_BYTES = 350_000
"""Bytes of smelters kept in one readable item: some three thousand of a usual length. DynamoDB takes 400 KB."""
MAX_SMELTER_PARTS = 4
"""Readable items of one submission; an official Smelter List, full to its last row, needs one or two. The smelters
beyond are counted in the item and left to the workbook."""


@dataclass(frozen=True, slots=True, order=True)
class DeclaredSmelter:
    """A smelter as a submission names it, and the rows of its Smelter List on which it does.

    The texts are as in DeclaredIdentity: untrusted, "" where nothing could be read.
    """

    metal: str
    cid: str
    name: str
    country: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class DeclaredList:
    """The smelters of a submission by metal, CID, name and country, and how many more were too many to keep."""

    smelters: tuple[DeclaredSmelter, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DeclaredSmelters:
    """The smelters of each submission, beside its receipt."""

    table: LedgerTable

    def record(self, year: int, summary: SubmissionSummary) -> None:
        """Keep what a submission declares, once; nothing where it declares no smelter."""
        parts = list(_parts(smelters_of(summary)))
        kept, beyond = parts[:MAX_SMELTER_PARTS], parts[MAX_SMELTER_PARTS:]
        partition = keys.supplier_partition(year, summary.supplier_id)
        for number, smelters in enumerate(kept, start=1):
            self.table.put_once(
                {
                    "pk": partition,
                    "sk": keys.smelters(*summary.order, number),
                    "key": summary.key,
                    "received": summary.received,
                    "part": f"{number} of {len(kept)}",
                    "left_out": sum(map(len, beyond)),
                    "smelters": smelters,
                }
            )

    def declared(self, year: int, supplier_id: str, receipt: Receipt) -> DeclaredList:
        """What a submission declares, also one that a release before 0.2.0 recorded line by line."""
        partition = keys.supplier_partition(year, supplier_id)
        items = list(self.table.query(partition, keys.smelters_prefix(*receipt.order)))
        if not items:
            return DeclaredList(self._by_line(year, supplier_id, receipt))
        entries = (entry for item in items for entry in item["smelters"])
        return DeclaredList(tuple(map(_smelter, entries)), int(items[0]["left_out"]))

    def _by_line(self, year: int, supplier_id: str, receipt: Receipt) -> tuple[DeclaredSmelter, ...]:
        partition = keys.supplier_partition(year, supplier_id)
        kept = self.table.get(partition, keys.submission(*receipt.order), only=("sha256",))
        if kept is None:
            return ()
        lines = self.table.query(keys.lines_partition(year, supplier_id, kept["sha256"]), keys.LINE_PREFIX)
        return _grouped((_named(line), (int(line["sk"].removeprefix(keys.LINE_PREFIX)),)) for line in lines)


_Named = tuple[str, str, str, str]


def smelters_of(summary: SubmissionSummary) -> tuple[DeclaredSmelter, ...]:
    """The smelters of a summary; how their CIDs were found is no matter here."""
    return _grouped(
        ((identity.metal, identity.cid, identity.name, identity.country), rows)
        for identity, rows in summary.identities.items()
    )


def _grouped(named: Iterable[tuple[_Named, Rows]]) -> tuple[DeclaredSmelter, ...]:
    found: dict[_Named, set[int]] = defaultdict(set)
    for name, rows in named:
        found[name].update(rows)
    return tuple(DeclaredSmelter(*name, tuple(sorted(rows))) for name, rows in sorted(found.items()))


def _named(line: Item) -> _Named:
    return (line.get("metal", ""), line.get("cid", ""), line.get("name", ""), line.get("country", ""))


def _parts(smelters: Iterable[DeclaredSmelter]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    room = MAX_SMELTER_BYTES
    for smelter in smelters:
        entry = _entry(smelter)
        # As JSON it is never smaller than DynamoDB weighs it.
        size = len(json.dumps(entry, ensure_ascii=False).encode())
        if part and size > room:
            yield part
            part, room = [], MAX_SMELTER_BYTES
        part.append(entry)
        room -= size
    if part:
        yield part


def _entry(smelter: DeclaredSmelter) -> dict[str, Any]:
    return {
        "metal": smelter.metal,
        "cid": smelter.cid,
        "name": smelter.name,
        "country": smelter.country,
        "rows": list(smelter.rows),
    }


def _smelter(entry: Item) -> DeclaredSmelter:
    rows = tuple(int(row) for row in entry["rows"])
    return DeclaredSmelter(entry["metal"], entry["cid"], entry["name"], entry["country"], rows)
