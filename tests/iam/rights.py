"""What a call needs: the actions that AWS asks for and the resources that it asks for them on.

Source: Service Authorization Reference (Amazon S3, Amazon DynamoDB, Amazon SQS) and the operations' own pages in the
API references.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.iam.recording import Call
from tracelode_local.cloud.account import ACCOUNT, REGION

Parameters = Mapping[str, Any]


class UnlistedOperationError(LookupError):
    """A function made a call that nobody has said the rights of."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """An action on one resource, or, as a grant, on whatever a resource pattern matches."""

    action: str
    resource: str

    def allows(self, other: "Right") -> bool:
        """Whether this right, taken as a grant, covers the other (IAM: `*` any characters, `?` any one)."""
        return _matches(self.action.lower(), other.action.lower()) and _matches(self.resource, other.resource)

    @property
    def wide(self) -> bool:
        """Whether it names more than one resource."""
        return bool({"*", "?"} & set(self.resource))


def needed(call: Call) -> tuple[Right, ...]:
    """The rights without which AWS would have refused the call, or answered it otherwise.

    Raises UnlistedOperationError for an operation that is not listed here.
    """
    rights = _NEEDS.get((call.service, call.operation))
    if rights is None:
        raise UnlistedOperationError(f"{call.function} calls {call.service} {call.operation}")
    return tuple(rights(call.parameters, call.status))


def table_arn(name: str) -> str:
    """ARN of a table."""
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def queue_arn(url: str) -> str:
    """ARN of the queue at an address."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def bucket_arn(name: str) -> str:
    """ARN of a bucket."""
    return f"arn:aws:s3:::{name}"


def _read_object(parameters: Parameters, status: int) -> Iterable[Right]:
    bucket = bucket_arn(parameters["Bucket"])
    # With a version id S3 asks for the right to that version, and for no other.
    action = "s3:GetObjectVersion" if "VersionId" in parameters else "s3:GetObject"
    yield Right(action, f"{bucket}/{parameters['Key']}")
    if status == 404:
        # Who may not list is told 403 for what is not there.
        yield Right("s3:ListBucket", bucket)


def _write_object(parameters: Parameters, _: int) -> Iterable[Right]:
    place = f"{bucket_arn(parameters['Bucket'])}/{parameters['Key']}"
    yield Right("s3:PutObject", place)
    if "IfMatch" in parameters:
        # To compare the ETag is to read it.
        yield Right("s3:GetObject", place)


def _in_bucket(action: str) -> Callable[[Parameters, int], Iterable[Right]]:
    def rights(parameters: Parameters, _: int) -> Iterable[Right]:
        yield Right(action, bucket_arn(parameters["Bucket"]))

    return rights


def _on_topic(action: str) -> Callable[[Parameters, int], Iterable[Right]]:
    def rights(parameters: Parameters, _: int) -> Iterable[Right]:
        yield Right(action, parameters["TopicArn"])

    return rights


def _to_queue(action: str) -> Callable[[Parameters, int], Iterable[Right]]:
    def rights(parameters: Parameters, _: int) -> Iterable[Right]:
        yield Right(action, queue_arn(parameters["QueueUrl"]))

    return rights


def _on_table(action: str) -> Callable[[Parameters, int], Iterable[Right]]:
    def rights(parameters: Parameters, _: int) -> Iterable[Right]:
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        yield Right(action, table_arn(parameters["TableName"]) + index)

    return rights


def _on_tables(action: str) -> Callable[[Parameters, int], Iterable[Right]]:
    def rights(parameters: Parameters, _: int) -> Iterable[Right]:
        for table in parameters["RequestItems"]:
            yield Right(action, table_arn(table))

    return rights


_NEEDS: Mapping[tuple[str, str], Callable[[Parameters, int], Iterable[Right]]] = {
    ("s3", "HeadObject"): _read_object,
    ("s3", "GetObject"): _read_object,
    ("s3", "PutObject"): _write_object,
    ("s3", "ListObjectsV2"): _in_bucket("s3:ListBucket"),
    ("s3", "ListObjectVersions"): _in_bucket("s3:ListBucketVersions"),
    ("sns", "Publish"): _on_topic("sns:Publish"),
    ("sqs", "SendMessage"): _to_queue("sqs:SendMessage"),
    **{
        ("dynamodb", name): _on_table(f"dynamodb:{name}")
        for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")
    },
    **{("dynamodb", name): _on_tables(f"dynamodb:{name}") for name in ("BatchGetItem", "BatchWriteItem")},
}


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = ({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.compile("".join(parts), re.DOTALL)
