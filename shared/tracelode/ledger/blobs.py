"""Values that may be larger than an item: bytes in an item's own attribute, or in parts under their hash."""

import hashlib
from typing import Any

from tracelode.ledger import keys
from tracelode.ledger.table import Item, LedgerTable

BLOB_PART = 350_000
"""Bytes of a value kept in one item; an item may hold 400 KB with its keys."""


def blob_attributes(table: LedgerTable, year: int, blob: bytes, *, written_as: str = "") -> dict[str, Any]:
    """The attributes of an item that holds a value; the parts of a large one are written now, unless they are there.

    What it is `written_as` tells the parts apart from those of the same value that somebody else may delete.
    """
    if len(blob) <= BLOB_PART:
        return {"blob": blob}
    digest = hashlib.sha256(written_as.encode() + blob).hexdigest()
    for number, start in enumerate(range(0, len(blob), BLOB_PART)):
        place = {"pk": keys.blob_partition(year, digest), "sk": keys.blob_part(number)}
        table.put_once({**place, "blob": blob[start : start + BLOB_PART]})
    return {"blob_sha256": digest}


def read_blob(table: LedgerTable, year: int, item: Item) -> bytes:
    """The value that an item holds, from its parts if it has any; a part that is gone is missing from the bytes."""
    if "blob" in item:
        return bytes(item["blob"])
    parts = table.query(keys.blob_partition(year, item["blob_sha256"]), keys.PART_PREFIX)
    return b"".join(bytes(part["blob"]) for part in parts)


def delete_parts(table: LedgerTable, year: int, digest: str) -> None:
    """Delete the parts under a hash."""
    partition = keys.blob_partition(year, digest)
    for part in table.query(partition, keys.PART_PREFIX):
        table.delete(partition, part["sk"])
