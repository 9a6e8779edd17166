"""An account in memory that counts: what the flows ask of DynamoDB and S3, by function, in calls and request units.

`MemoryTable` and `MemoryBuckets` answer what the ledger and the buckets' adapters ask, and raise NotImplementedError
for anything else, so that a new kind of call cannot go uncounted. `Meter` stands between an adapter and either of them,
or between it and boto3's own client on moto: benchmarks/scale.py holds the two against each other.

Units are counted as DynamoDB bills them (developer guide, "Read and write operations" and "Item sizes and formats"): a
write is 1 unit for each begun KB of the larger of the old and the new item, a refused one of the item that stands
there; a consistent read 1 unit for each begun 4 KB, where a query rounds the sum of a page and a batch each item; an
index entry that comes, goes or changes is a write of its own.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]

KB = 1024
PAGE = 1024 * KB
"""Bytes of items that a query, before projection, answers with at once."""
ANSWER = 16 * 1024 * KB
"""Bytes that a BatchGetItem answers with at once; the rest comes back as unprocessed keys."""
LARGEST_ITEM = 400 * KB

READS = frozenset({"GetItem", "Query", "BatchGetItem"})


@dataclass(frozen=True, slots=True)
class Write:
    """Units that an item's write takes of its partition."""

    partition: str
    sort: str
    units: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request: by which function, what, how many units it read and wrote, how many bytes went over the wire."""

    function: str
    service: str
    action: str
    reads: float = 0.0
    writes: tuple[Write, ...] = ()
    size: int = 0
    places: tuple[Key, ...] = ()


def item_size(item: Mapping[str, Any]) -> int:
    """Bytes of an item as DynamoDB weighs it."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of an attribute's value."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return 1 + ceil(len(content.lstrip("-").replace(".", "")) / 2) + content.startswith("-")
    if kind == "B":
        return len(bytes(content))
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "L":
        return 3 + sum(1 + value_size(entry) for entry in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_size(entry) for name, entry in content.items())
    raise NotImplementedError(f"an attribute of type {kind}")


class MemoryTable:
    """A table in memory behind the DynamoDB calls that the ledger makes.

    Of items whose sort key begins with `weighed` only the size is kept: what people read in the console is written and
    never read by intake, tally and publish, and there is too much of it to keep.
    """

    def __init__(self, *, weighed: str = "") -> None:
        self.partitions: dict[str, dict[str, Item]] = {}
        self._weighed = weighed
        self.weighed_bytes = 0

    def items(self, prefix: str) -> Iterator[Item]:
        """The items that were kept whose sort key begins with a prefix, without a call."""
        return (
            item
            for partition in self.partitions.values()
            for sort, item in partition.items()
            if sort.startswith(prefix)
        )

    def peek(self, key: Key) -> Item | None:
        """An item, without a call."""
        return self.partitions.get(key[0], {}).get(key[1])

    def get_item(self, *, TableName: str, Key: Item, ConsistentRead: bool, **optional: Any) -> Item:  # noqa: N803, ARG002
        item = self.peek(_key(Key))
        return {"Item": _projected(item, optional)} if item else {}

    def query(self, *, TableName: str, KeyConditionExpression: str, **options: Any) -> Item:  # noqa: N803, ARG002
        values = options["ExpressionAttributeValues"]
        if KeyConditionExpression not in ("pk = :pk", "pk = :pk AND begins_with(sk, :prefix)"):
            raise NotImplementedError(KeyConditionExpression)
        prefix = values.get(":prefix", {"S": ""})["S"]
        after = options.get("ExclusiveStartKey", {"sk": {"S": ""}})["sk"]["S"]
        partition = self.partitions.get(values[":pk"]["S"], {})
        found: list[Item] = []
        read = 0
        for sort in sorted(sort for sort in partition if sort.startswith(prefix) and sort > after):
            if read >= PAGE:
                last = found[-1]
                return {"Items": [_projected(item, options) for item in found], "LastEvaluatedKey": _keys_of(last)}
            found.append(partition[sort])
            read += item_size(partition[sort])
        return {"Items": [_projected(item, options) for item in found]}

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Item:  # noqa: N803
        ((table, request),) = RequestItems.items()
        wanted = request["Keys"]
        if len(wanted) > 100:
            raise ValueError("more than 100 keys")
        found: list[Item] = []
        read = 0
        for place, key in enumerate(wanted):
            if read >= ANSWER:
                rest = {"Keys": wanted[place:], "ConsistentRead": True}
                return {"Responses": {table: found}, "UnprocessedKeys": {table: rest}}
            item = self.peek(_key(key))
            if item:
                found.append(item)
                read += item_size(item)
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def put_item(self, *, TableName: str, Item: Item, **options: Any) -> Item:  # noqa: N803, ARG002
        standing = self.peek(_key(Item))
        if not _holds(options.get("ConditionExpression", ""), standing, options):
            raise _refused("PutItem", standing if options.get("ReturnValuesOnConditionCheckFailure") else None)
        self._put(Item)
        return {}

    def update_item(self, *, TableName: str, Key: Item, UpdateExpression: str, **options: Any) -> Item:  # noqa: N803, ARG002
        counted = {"ADD dealt :one": "dealt", "ADD changed :one": "changed"}.get(UpdateExpression)
        if counted is None:
            raise NotImplementedError(UpdateExpression)
        standing = self.peek(_key(Key)) or {**Key, counted: {"N": "0"}}
        number = {"N": str(int(standing[counted]["N"]) + 1)}
        self._put({**standing, counted: number})
        return {"Attributes": {counted: number}}

    def _put(self, item: Item) -> None:
        partition, sort = _key(item)
        size = item_size(item)
        if size > LARGEST_ITEM:
            raise ValueError(f"an item of {size} bytes")
        if self._weighed and sort.startswith(self._weighed):
            self.weighed_bytes += size
        else:
            self.partitions.setdefault(partition, {})[sort] = item


class MemoryBuckets:
    """Buckets in memory behind the S3 calls that intake, reference and publish make; every bucket is versioned."""

    def __init__(self) -> None:
        self.versions: dict[Key, list[tuple[str, bytes, Mapping[str, str]]]] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **options: Any) -> Item:  # noqa: N803
        versions = self.versions.setdefault((Bucket, Key), [])
        etag = _etag(versions[-1][1]) if versions else ""
        if options.get("IfMatch", etag) != etag or ("IfNoneMatch" in options and versions):
            raise ClientError({"Error": {"Code": "PreconditionFailed", "Message": ""}}, "PutObject")
        version = hashlib.sha256(f"{Bucket} {Key} {len(versions)}".encode()).hexdigest()[:36]
        versions.append((version, bytes(Body), options.get("Metadata", {})))
        return {"VersionId": version, "ETag": _etag(Body)}

    def get_object(self, *, Bucket: str, Key: str, VersionId: str = "", Range: str = "") -> Item:  # noqa: N803
        version, body, metadata = self._version("GetObject", Bucket, Key, VersionId)
        body = body[: int(Range.rpartition("-")[2]) + 1] if Range else body
        return {
            "Body": _Body(body), "VersionId": version, "ETag": _etag(body), "ContentLength": len(body),
            "Metadata": dict(metadata),
        }  # fmt: skip

    def head_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> Item:  # noqa: N803
        version, body, metadata = self._version("HeadObject", Bucket, Key, VersionId)
        return {"VersionId": version, "ContentLength": len(body), "ETag": _etag(body), "Metadata": dict(metadata)}

    def body(self, bucket: str, key: str) -> bytes:
        """The newest version's bytes, without a call."""
        return self.versions[bucket, key][-1][1]

    def _version(self, action: str, bucket: str, key: str, wanted: str) -> tuple[str, bytes, Mapping[str, str]]:
        for version in reversed(self.versions.get((bucket, key), [])):
            if wanted in ("", version[0]):
                return version
        raise ClientError({"Error": {"Code": "404" if action == "HeadObject" else "NoSuchKey", "Message": ""}}, action)


class _Body:
    """What boto3 hands out as an object's body."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


class Meter:
    """Counts what is asked of a DynamoDB client and an S3 client, under the name of the function that is set.

    `peek` looks an item up without being counted: what a write replaces decides what it costs.
    """

    def __init__(self, dynamodb: Any, s3: Any, peek: Callable[[Key], Item | None]) -> None:
        self.function = ""
        self.calls: list[Call] = []
        self.on_write: Callable[[str, str], None] = lambda _partition, _sort: None
        self.dynamodb = _MeteredTable(dynamodb, peek, self)
        self.s3 = _MeteredBuckets(s3, self)

    def count(self, service: str, action: str, **details: Any) -> None:
        self.calls.append(Call(self.function, service, action, **details))

    def take(self) -> list[Call]:
        """The calls since they were last taken."""
        taken, self.calls = self.calls, []
        return taken


class _MeteredTable:
    """A DynamoDB client that counts."""

    def __init__(self, client: Any, peek: Callable[[Key], Item | None], meter: Meter) -> None:
        self._client, self._peek, self._meter = client, peek, meter

    def get_item(self, **request: Any) -> Item:
        key = _key(request["Key"])
        size = _size_of(self._peek(key))
        self._meter.count("dynamodb", "GetItem", reads=read_units(size), size=size, places=(key,))
        return self._client.get_item(**request)

    def query(self, **request: Any) -> Item:
        answer = self._client.query(**request)
        # What a projection leaves out is read and paid for all the same.
        whole = self._client.query(**{n: v for n, v in request.items() if n not in _PROJECTION})["Items"]
        size = sum(map(item_size, whole))
        self._meter.count(
            "dynamodb", "Query", reads=read_units(size), size=size, places=tuple(_key(item) for item in whole)
        )
        return answer

    def batch_get_item(self, **request: Any) -> Item:
        answer = self._client.batch_get_item(**request)
        ((_, found),) = answer["Responses"].items() if answer["Responses"] else (("", []),)
        ((_, asked),) = request["RequestItems"].items()
        left = sum(len(rest["Keys"]) for rest in answer.get("UnprocessedKeys", {}).values())
        missing = len(asked["Keys"]) - left - len(found)
        sizes = [item_size(item) for item in found]
        self._meter.count(
            "dynamodb", "BatchGetItem", reads=sum(map(read_units, sizes)) + missing, size=sum(sizes),
            places=tuple(_key(item) for item in found),
        )  # fmt: skip
        return answer

    def put_item(self, **request: Any) -> Item:
        item = request["Item"]
        standing = self._peek(_key(item))
        try:
            answer = self._client.put_item(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                self._wrote("PutItem", standing or {}, standing)
            raise
        self._wrote("PutItem", item, standing)
        return answer

    def update_item(self, **request: Any) -> Item:
        key = _key(request["Key"])
        standing = self._peek(key)
        answer = self._client.update_item(**request)
        self._wrote("UpdateItem", self._peek(key) or {}, standing)
        return answer

    def get_paginator(self, name: str) -> "_Pages":
        if name != "query":
            raise NotImplementedError(name)
        return _Pages(self)

    def _wrote(self, action: str, new: Item, old: Item | None) -> None:
        write = _write(new, old)
        self._meter.count("dynamodb", action, writes=(write,), size=write.size)
        if new and new != old:
            self._meter.on_write(*_key(new))


class _Pages:
    """A query's pages, each of them a call."""

    def __init__(self, table: _MeteredTable) -> None:
        self._table = table

    def paginate(self, **request: Any) -> Iterator[Item]:
        start: Item = {}
        while True:
            page = self._table.query(**request, **start)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


class _MeteredBuckets:
    """An S3 client that counts."""

    def __init__(self, client: Any, meter: Meter) -> None:
        self._client, self._meter = client, meter

    def put_object(self, **request: Any) -> Item:
        return self._counted("PutObject", self._client.put_object, request, size=len(request["Body"]))

    def get_object(self, **request: Any) -> Item:
        return self._counted("GetObject", self._client.get_object, request)

    def head_object(self, **request: Any) -> Item:
        return self._counted("HeadObject", self._client.head_object, request)

    def _counted(self, action: str, call: Callable[..., Item], request: Item, *, size: int = 0) -> Item:
        place = ((request["Bucket"], request["Key"]),)
        try:
            answer = call(**request)
        except ClientError:
            self._meter.count("s3", action, places=place)
            raise
        length = answer.get("ContentLength", 0) if action == "GetObject" else size
        self._meter.count("s3", action, size=length, places=place)
        return answer


_PROJECTION = ("ProjectionExpression", "ExpressionAttributeNames")


def _write(new: Item, old: Item | None) -> Write:
    size = _size_of(new)
    partition, sort = _key(new) if new else ("", "")
    return Write(partition, sort, _units(max(size, _size_of(old)), KB), size)


def read_units(size: int) -> int:
    """Units that a consistent read of so many bytes takes."""
    return _units(size, 4 * KB)


def _units(size: int, step: int) -> int:
    return max(1, ceil(size / step))


def _size_of(item: Item | None) -> int:
    return item_size(item) if item else 0


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _keys_of(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _projected(item: Item, options: Mapping[str, Any]) -> Item:
    expression = options.get("ProjectionExpression")
    if not expression:
        return item
    names = [options["ExpressionAttributeNames"][name.strip()] for name in expression.split(",")]
    return {name: item[name] for name in names if name in item}


def _holds(condition: str, standing: Item | None, options: Mapping[str, Any]) -> bool:
    values = options.get("ExpressionAttributeValues", {})
    match condition:
        case "":
            return True
        case "attribute_not_exists(pk)":
            return standing is None
        case "#version = :version":
            return standing is not None and standing.get("version") == values[":version"]
        case "attribute_not_exists(pk) OR #order < :order":
            return standing is None or standing["order"]["S"] < values[":order"]["S"]
    raise NotImplementedError(condition)


def _refused(action: str, standing: Item | None) -> ClientError:
    response: Any = {"Error": {"Code": "ConditionalCheckFailedException", "Message": "the condition does not hold"}}
    return ClientError({**response, "Item": standing} if standing else response, action)


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
