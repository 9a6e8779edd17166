"""moto with less work behind the same answers.

moto is written for tests of a few items. A run of a hundred workbooks puts thirty thousand smelter lines into one
table, and four of moto's ways grow with the table or the number of requests until they are all that a run waits for.
Everything here relies on requests being answered one at a time (cloud_process).
"""

import base64
import inspect
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto import backends
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

_LARGEST_ITEM: Final = 405_000
"""Bytes; moto's own limit for an item."""

_query: Final = Table.query
_SIGNATURE: Final = inspect.signature(_query)


def make_brisk() -> None:
    """Replace the slow ways, in this process and for good."""
    modules = tuple(backends.list_of_moto_modules())
    replacements: tuple[tuple[Any, str, Any], ...] = (
        (Table, "query", query_partition),
        (Item, "__init__", init_item),
        (DynamoDBStreamsHandler, "get_records", get_records),
        (backends, "list_of_moto_modules", lambda: modules),
    )
    for owner, name, replacement in replacements:
        setattr(owner, name, replacement)


def query_partition(table: Any, hash_key: Any, *arguments: Any, **options: Any) -> Any:
    """Table.query over the partition that is asked for; moto sorts all items of the table for each query."""
    if _SIGNATURE.bind(table, hash_key, *arguments, **options).arguments.get("index_name"):
        return _query(table, hash_key, *arguments, **options)
    everything = table.items
    table.items = {hash_key: everything[hash_key]} if hash_key in everything else {}
    try:
        return _query(table, hash_key, *arguments, **options)
    finally:
        table.items = everything


def init_item(item: Any, hash_key: Any, range_key: Any, attrs: Mapping[str, Any]) -> None:
    """Item.__init__ that weighs the item once; moto weighs all of it anew with each attribute."""
    item.hash_key = hash_key
    item.range_key = range_key
    item.attrs = LimitedSizeDict()
    size = 0
    for name, value in attrs.items():
        typed = DynamoType(value)
        size += bytesize(name) + typed.size()
        dict.__setitem__(item.attrs, name, typed)
    if size > _LARGEST_ITEM:
        raise ItemSizeTooLarge


def get_records(handler: Any) -> tuple[int, dict[str, str], str]:
    """GetRecords, its records passed through as moto keeps them, which is how they go over the wire; moto's general
    serialiser tries every spelling of every member of every attribute value."""
    result = handler.backend.get_records(handler._get_param("ShardIterator"), handler._get_param("Limit") or 1000)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(result, default=_wire)


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, DynamoType):
        return value.to_json()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} in a stream record")
