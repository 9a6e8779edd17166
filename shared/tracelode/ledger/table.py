"""The one table: items under a partition and a sort key, each read as it stands and written by itself.

What is in an item is said in Python's own values; boto3's serializer makes DynamoDB's of them and back: a number comes
back as a Decimal, bytes as boto3's Binary.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = Mapping[str, Any]
Place = tuple[str, str]
"""The partition and the sort key of an item."""

BATCH_GET = 100
UNPROCESSED_ATTEMPTS = 8
"""Calls in a row that DynamoDB took nothing of. One call answers with 16 MB at most, so a batch of large items comes in
several, each with a part of it."""
RACE_ATTEMPTS = 20
"""Rounds of read, recompute and write against others at the same item before the message is tried again later."""
_ABSENT = "attribute_not_exists(pk)"
_SERIALIZER, _DESERIALIZER = TypeSerializer(), TypeDeserializer()


class LostRaceError(RuntimeError):
    """Others kept writing the same item; the message is tried again later."""


class StillUnprocessedError(RuntimeError):
    """DynamoDB kept handing back a part of a batch; the message is tried again later."""


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """The table of a name behind a client. Every read is consistent, every write one item's; raises AWS errors."""

    client: "DynamoDBClient"
    name: str
    sleep: Callable[[float], None] = time.sleep

    def get(self, partition: str, sort: str, *, only: Sequence[str] = ()) -> Item | None:
        """An item, or those of its attributes that are asked for; None where there is none."""
        key = _stored({"pk": partition, "sk": sort})
        answer = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True, **_projection(only))
        return _read(answer["Item"]) if "Item" in answer else None

    def get_many(self, places: Sequence[Place]) -> dict[Place, Item]:
        """The items of many places; one that is not there is left out.

        Raises StillUnprocessedError when DynamoDB does not hand them out within the attempts.
        """
        found: dict[Place, Item] = {}
        for start in range(0, len(places), BATCH_GET):
            wanted: Any = [_stored({"pk": pk, "sk": sk}) for pk, sk in places[start : start + BATCH_GET]]
            fruitless = 0
            while wanted:
                answer: Any = self.client.batch_get_item(
                    RequestItems={self.name: {"Keys": wanted, "ConsistentRead": True}}
                )
                for item in map(_read, answer["Responses"].get(self.name, [])):
                    found[item["pk"], item["sk"]] = item
                left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                fruitless = self._await_capacity(len(wanted), len(left), fruitless)
                wanted = left
        return found

    def query(self, partition: str, prefix: str = "", *, only: Sequence[str] = ()) -> Iterator[Item]:
        """The items of a partition, in order of sort key, whose sort key begins with a prefix."""
        condition, values = "pk = :pk", {":pk": partition}
        if prefix:
            condition, values = f"{condition} AND begins_with(sk, :prefix)", {**values, ":prefix": prefix}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=_stored(values),
            ConsistentRead=True,
            **_projection(only),
        )
        for page in pages:
            yield from map(_read, page["Items"])

    def scan_partitions(self, beginning: str, sorts: Sequence[str]) -> set[str]:
        """The partitions of a beginning that hold an item whose sort key begins with one of `sorts`.

        It reads the whole table.
        """
        names = {f":sort{number}": sort for number, sort in enumerate(sorts)}
        chosen = " OR ".join(f"begins_with(sk, {name})" for name in names)
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.name,
            FilterExpression=f"begins_with(pk, :pk) AND ({chosen})",
            ExpressionAttributeValues=_stored({":pk": beginning, **names}),
            ProjectionExpression="pk",
            ConsistentRead=True,
        )
        return {item["pk"] for page in pages for item in map(_read, page["Items"])}

    def put(self, item: Item) -> None:
        """Write an item over whatever stands there."""
        self.client.put_item(TableName=self.name, Item=_stored(item))

    def put_once(self, item: Item) -> bool:
        """Write an item unless one stands there; says whether it was written."""
        return self.put_unless(item) is None

    def put_version(self, item: Item, version: int) -> bool:
        """Write an item over the one whose attribute `version` was read (0 where none was), as the version after it.

        Says whether it was written: not if somebody else has since.
        """
        written = {**item, "version": version + 1}
        if version == 0:
            return self.put_once(written)
        names, values = {"#version": "version"}, {":version": version}
        return self.put_unless(written, "#version = :version", names, values) is None

    def put_unless(
        self,
        item: Item,
        condition: str = _ABSENT,
        names: Mapping[str, str] | None = None,
        values: Item | None = None,
    ) -> Item | None:
        """Write an item if a condition holds; what stands there where it does not, else None."""
        optional: dict[str, Any] = {}
        if names:
            optional["ExpressionAttributeNames"] = names
        if values:
            optional["ExpressionAttributeValues"] = _stored(values)
        try:
            self.client.put_item(
                TableName=self.name,
                Item=_stored(item),
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **optional,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            refused: Any = error.response
            return _read(refused.get("Item", {}))
        return None

    def count_up(self, partition: str, sort: str, counter: str) -> int:
        """Add one to a number of an item, which is made if there is none; returns what it is now."""
        answer = self.client.update_item(
            TableName=self.name,
            Key=_stored({"pk": partition, "sk": sort}),
            UpdateExpression=f"ADD {counter} :one",
            ExpressionAttributeValues=_stored({":one": 1}),
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"][counter]["N"])

    def delete(self, partition: str, sort: str) -> None:
        """Delete an item, if there is one."""
        self.client.delete_item(TableName=self.name, Key=_stored({"pk": partition, "sk": sort}))

    def _await_capacity(self, asked: int, left: int, fruitless: int) -> int:
        """Wait before the rest of a batch is asked for; returns how many calls in a row were of no use by now."""
        fruitless = 0 if left < asked else fruitless + 1
        if fruitless == UNPROCESSED_ATTEMPTS:
            raise StillUnprocessedError(f"{left} items of a batch were not taken")
        if left:
            self.sleep(0.05 * 2**fruitless)
        return fruitless


def _projection(only: Sequence[str]) -> dict[str, Any]:
    # Every name goes by another one, because many of ours are words that DynamoDB reserves.
    names = {f"#{name}": name for name in only}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names} if names else {}


def _stored(item: Item) -> dict[str, Any]:
    return {name: _SERIALIZER.serialize(value) for name, value in item.items()}


def _read(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}
