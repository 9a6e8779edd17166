"""What DynamoDB documents as its limits, held against every request of the ledger before it is sent.

The stand-ins each miss some of them: dynalite measures text in UTF-16 units, moto knows no largest request. Sources:
"Quotas and constraints in Amazon DynamoDB" and "DynamoDB item sizes and formats" in the DynamoDB developer guide, and
the reference of each operation in the DynamoDB API.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HASH_KEY = 2048
RANGE_KEY = 1024
ITEM = 400 * 1024
REQUEST = 16 * 1024 * 1024
EXPRESSION = 4096
NESTING = 32
BATCH = {"BatchWriteItem": 25, "BatchGetItem": 100}
KEY_SIZES = {"pk": HASH_KEY, "sk": RANGE_KEY}
"""Largest values of key attributes in UTF-8 bytes."""
READS = ("GetItem", "BatchGetItem", "Query", "Scan")


class BrokenLimitError(AssertionError):
    """A request that DynamoDB refuses, or a read that may see what is no longer so."""


def hold_limits(client: "DynamoDBClient") -> None:
    """Let every request of a client pass `check_request` first."""

    def check(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        check_request(model.name, params)

    client.meta.events.register("provide-client-params.dynamodb", check)


def check_request(operation: str, params: Mapping[str, Any]) -> None:
    """Raises BrokenLimitError for a request beyond a limit, for a text that is not Unicode, and for a stale read."""
    for item in _items(operation, params):
        _check_item(item)
    for name, value in params.items():
        if name.endswith("Expression"):
            _hold(len(value.encode()) <= EXPRESSION, f"{name} of {len(value)} characters")
    for value in params.get("ExpressionAttributeValues", {}).values():
        _size(value)
    if operation in BATCH:
        _check_batch(operation, params)
    if operation in READS:
        _check_consistency(operation, params)


def item_size(item: Mapping[str, Any]) -> int:
    """Bytes of an item as DynamoDB counts them: names and values, text as UTF-8, a number by its digits."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _items(operation: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if operation == "BatchWriteItem":
        entries = [entry for requests in params["RequestItems"].values() for entry in requests]
        return [
            entry["PutRequest"]["Item"] if "PutRequest" in entry else entry["DeleteRequest"]["Key"] for entry in entries
        ]
    if operation == "BatchGetItem":
        return [key for wanted in params["RequestItems"].values() for key in wanted["Keys"]]
    return [params[name] for name in ("Item", "Key") if name in params]


def _check_item(item: Mapping[str, Any]) -> None:
    for name, limit in KEY_SIZES.items():
        if name in item:
            size = _size(item[name])
            _hold(size > 0, f"key attribute {name} is empty")
            _hold(size <= limit, f"key attribute {name} has {size} bytes")
    _hold(item_size(item) <= ITEM, f"an item of {item_size(item)} bytes")


def _check_batch(operation: str, params: Mapping[str, Any]) -> None:
    keys = [(item["pk"]["S"], item["sk"]["S"]) for item in _items(operation, params)]
    _hold(0 < len(keys) <= BATCH[operation], f"a batch of {len(keys)}")
    _hold(len(set(keys)) == len(keys), "a batch that names an item twice")
    sent = json.dumps(params["RequestItems"], default=lambda blob: "=" * (len(blob) * 4 // 3 + 4))
    _hold(len(sent.encode()) <= REQUEST, f"a request of {len(sent)} characters")


def _check_consistency(operation: str, params: Mapping[str, Any]) -> None:
    asked = params["RequestItems"].values() if operation == "BatchGetItem" else [params]
    for wanted in asked:
        _hold(bool(wanted.get("ConsistentRead")), f"{operation} without consistency")


def _size(value: Mapping[str, Any], depth: int = 1) -> int:
    _hold(len(value) == 1, "a value of no type or of several")
    _hold(depth <= NESTING, "nested too deeply")
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(_utf8(content))
        case "B":
            return len(content)
        case "N":
            return _number_size(content)
        case "L":
            return 3 + sum(1 + _size(entry, depth + 1) for entry in content)
        case "M":
            return 3 + sum(1 + len(_utf8(name)) + _size(entry, depth + 1) for name, entry in content.items())
        case "BOOL" | "NULL":
            return 1
    raise BrokenLimitError(f"the ledger has no values of type {kind}")


def _number_size(text: str) -> int:
    digits = text.lstrip("-")
    _hold(digits.isascii() and digits.isdigit(), "a number that is not an integer in decimal digits")
    _hold(len(digits.lstrip("0")) <= 38, "a number of more than 38 digits")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BrokenLimitError("a text that UTF-8 cannot say") from error


def _hold(kept: bool, otherwise: str) -> None:
    if not kept:
        raise BrokenLimitError(otherwise)
