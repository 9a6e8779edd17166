"""Dead letters: reading them without taking them away, and what each is about."""

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from tracelode.printing.printable import shortened

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

STREAM: Final = "DDBStreamBatchInfo"
"""What marks a letter that holds a position of the stream and not the change itself."""
_HIDDEN: Final = 600
"""Seconds that a letter stays hidden while the others are read, so that none is read twice."""
_BATCH: Final = 10


def messages_in(sqs: "SQSClient", queue_url: str, *, at_most: int | None = None) -> "list[MessageTypeDef]":
    """What waits in a queue, or the first of it; all of it is visible again afterwards."""
    messages: list[MessageTypeDef] = []
    try:
        while at_most is None or len(messages) < at_most:
            received = sqs.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_HIDDEN,
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["SentTimestamp"],
            ).get("Messages", [])
            if not received:
                break
            messages += received
    finally:
        for message in messages:
            sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
    return messages


def subject(body: str) -> str:
    """What a dead letter is about: the keys of an S3 notification, or the function that gave up on a stream's batch."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return shortened(body)
    if STREAM in document:
        function = str(document.get("requestContext", {}).get("functionArn", "")).rpartition(":")[2]
        return f"{document[STREAM].get('batchSize')} changes for {function}"
    keys = [record.get("s3", {}).get("object", {}).get("key", "") for record in document.get("Records", [])]
    return shortened(", ".join(unquote_plus(str(key)) for key in keys) or body)
