"""What DynamoDB refuses, and who of those that stand in for it knows: none knows all, so no one is enough.

Each refusal is asked of every engine. An engine that is listed as blind has to be blind, so that a release that learned
to see shows here; what both stand-ins are blind to, the limits have to hold (tests/contract/limits.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.limits import HASH_KEY, ITEM, RANGE_KEY, BrokenLimitError, check_request

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
MOTO = frozenset({"moto"})
DYNALITE = frozenset({"dynalite"})
WIDE = "鉱"
"""A character of three bytes in UTF-8 and one unit in UTF-16."""


@dataclass(frozen=True)
class Refused:
    """A request that DynamoDB refuses, without its table; `blind` accept it, and the limits see it unless `unseen`."""

    what: str
    operation: str
    request: Mapping[str, Any]
    blind: frozenset[str] = frozenset()
    unseen: bool = False


def put(**attributes: Any) -> dict[str, Any]:
    return {"Item": {**KEY, **attributes}}


def puts(*items: Mapping[str, Any]) -> dict[str, Any]:
    return {"RequestItems": {"": [{"PutRequest": {"Item": item}} for item in items]}}


def gets(*keys: Mapping[str, Any]) -> dict[str, Any]:
    return {"RequestItems": {"": {"Keys": list(keys), "ConsistentRead": True}}}


def text(value: str) -> dict[str, str]:
    return {"S": value}


def with_value(request: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    return {**request, "ExpressionAttributeValues": {":v": value}}


ONCE = "attribute_not_exists(pk)"
OVER = ITEM - len("pkaskbx") + 1
READ = {"Key": KEY, "ConsistentRead": True}
LIST = {"KeyConditionExpression": "pk = :v", "ConsistentRead": True}

REFUSED = (
    Refused("an empty partition key", "PutItem", put(pk=text(""))),
    Refused("an empty sort key", "PutItem", put(sk=text(""))),
    Refused("an empty key to read", "GetItem", {**READ, "Key": {**KEY, "pk": text("")}}),
    Refused("an empty key in a batch to read", "BatchGetItem", gets({**KEY, "sk": text("")}), MOTO),
    Refused("an empty key in a batch to write", "BatchWriteItem", puts({**KEY, "pk": text("")})),
    Refused("an empty key to ask for", "Query", with_value(LIST, text("")), DYNALITE, unseen=True),
    Refused("too long a partition key", "PutItem", put(pk=text("a" * (HASH_KEY + 1)))),
    Refused("too long a sort key", "PutItem", put(sk=text("a" * (RANGE_KEY + 1)))),
    Refused("too long a sort key in bytes", "PutItem", put(sk=text(WIDE * (RANGE_KEY // 3 + 1))), DYNALITE),
    Refused("too long a sort key to read", "GetItem", {**READ, "Key": {**KEY, "sk": text("a" * 1025)}}, MOTO),
    Refused("too long a sort key in a batch", "BatchGetItem", gets({**KEY, "sk": text("a" * 1025)}), MOTO),
    Refused("an item beyond 400 KB", "PutItem", put(x={"B": b"x" * OVER})),
    Refused("an item beyond 400 KB in bytes", "PutItem", put(x=text(WIDE * (OVER // 3 + 1))), DYNALITE),
    Refused("an item beyond 400 KB in a batch", "BatchWriteItem", puts({**KEY, "x": text("x" * OVER)})),
    Refused("a batch of 26", "BatchWriteItem", puts(*({**KEY, "sk": text(f"{n}")} for n in range(26))), MOTO),
    Refused("a batch that writes an item twice", "BatchWriteItem", puts(KEY, {**KEY, "x": text("")}), MOTO),
    Refused("a batch of 101 to read", "BatchGetItem", gets(*({**KEY, "sk": text(f"{n}")} for n in range(101)))),
    Refused("a batch that reads an item twice", "BatchGetItem", gets(KEY, KEY)),
    Refused("a reserved word to project", "GetItem", {**READ, "ProjectionExpression": "seat, current"}, unseen=True),
    Refused(
        "a reserved word in a condition",
        "PutItem",
        with_value({**put(), "ConditionExpression": "order < :v"}, text("a")),
        unseen=True,
    ),
    Refused(
        "a value that is not used",
        "PutItem",
        with_value({**put(), "ConditionExpression": ONCE}, text("a")),
        MOTO,
        unseen=True,
    ),
    Refused(
        "a name that is not used",
        "PutItem",
        {**put(), "ConditionExpression": ONCE, "ExpressionAttributeNames": {"#x": "x"}},
        unseen=True,
    ),
    Refused(
        "no names where names are given",
        "PutItem",
        {**put(), "ConditionExpression": ONCE, "ExpressionAttributeNames": {}},
        MOTO,
        unseen=True,
    ),
    Refused(
        "a filter on a key",
        "Query",
        with_value({**LIST, "FilterExpression": "begins_with(sk, :v)"}, text("a")),
        MOTO,
        unseen=True,
    ),
    Refused("a number that is none", "PutItem", put(x={"N": "one"})),
    Refused("an empty number", "PutItem", put(x={"N": ""})),
    Refused("a number of 39 digits", "PutItem", put(x={"N": "1" * 39}), MOTO),
)


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.what.replace(" ", "-"))
def test_what_dynamodb_refuses_is_refused_but_by_those_known_to_be_blind(table, refused) -> None:
    # GIVEN
    request = dict(refused.request)
    if "RequestItems" in request:
        request = {"RequestItems": {table.name: request["RequestItems"][""]}}
    else:
        request["TableName"] = table.name
    # WHEN
    try:
        getattr(table.client, METHODS[refused.operation])(**request)
        refusal = ""
    except ClientError as error:
        refusal = error.response["Error"]["Code"]
    # THEN
    assert refusal == ("" if table.engine in refused.blind else "ValidationException")


METHODS = {
    "PutItem": "put_item",
    "GetItem": "get_item",
    "Query": "query",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
}


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.what.replace(" ", "-"))
def test_what_dynamodb_refuses_is_seen_by_the_limits_or_by_both_stand_ins(refused) -> None:
    if refused.unseen:
        check_request(refused.operation, refused.request)
        assert (MOTO | DYNALITE) - refused.blind
    else:
        with pytest.raises(BrokenLimitError):
            check_request(refused.operation, refused.request)


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("PutItem", put(x={"B": b"x" * (OVER - 1)})),
        ("PutItem", put(pk=text("a" * RANGE_KEY), sk=text("a" * RANGE_KEY))),
        ("PutItem", put(x=text(""), y={"L": []}, z={"N": "1" * 38})),
        ("BatchWriteItem", puts(*({**KEY, "sk": text(f"{n}")} for n in range(25)))),
        ("BatchGetItem", gets(*({**KEY, "sk": text(f"{n}")} for n in range(100)))),
    ],
    ids=["400-KB", "longest-keys", "empty-values", "25-to-write", "100-to-read"],
)
def test_the_limits_let_pass_what_just_fits(operation, request_) -> None:
    check_request(operation, request_)


@pytest.mark.parametrize(
    ("operation", "request_", "said"),
    [
        ("GetItem", {"Key": KEY}, "consistency"),
        ("BatchGetItem", {"RequestItems": {"": {"Keys": [KEY]}}}, "consistency"),
        ("Query", with_value({"KeyConditionExpression": "pk = :v"}, text("a")), "consistency"),
        ("Scan", {}, "consistency"),
        ("PutItem", put(x=text("a\ud800")), "UTF-8"),
        ("PutItem", put(x={"N": "1", "S": "1"}), "of several"),
        ("PutItem", {**put(), "ConditionExpression": "x" * 4097}, "4097"),
        (
            "BatchWriteItem",
            puts(*({**KEY, "sk": text(f"{n}"), "x": text("é" * 150_000)} for n in range(25))),
            "request",
        ),
    ],
    ids=["get", "batch", "query", "scan", "no-unicode", "two-types", "expression", "request"],
)
def test_the_limits_see_what_no_stand_in_does(operation, request_, said) -> None:
    with pytest.raises(BrokenLimitError, match=said):
        check_request(operation, request_)
