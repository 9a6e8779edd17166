"""The inbox and reference buckets' front: puts or deletes an object and sends the notification that S3 would send.

moto's own notifications lack the version id and the sequencer, and it sends none for a delete marker.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

from tracelode.storage.objects import RECEIVED, moment
from tracelode_local.cloud.account import ACCOUNT, REGION
from tracelode_local.cloud.clients import Clients
from tracelode_local.template.stack import Bucket, Stack

PUT: Final = "ObjectCreated:Put"
POST: Final = "ObjectCreated:Post"
DELETE_MARKER: Final = "ObjectRemoved:DeleteMarkerCreated"
_SEND_LIMIT: Final = 10
"""The most messages that one batch call can carry."""
_EMPTY_ETAG: Final = hashlib.md5(b"", usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class FoundObject:
    """The newest version of a key that somebody else has put; `size` in bytes, `modified` as the bucket has it."""

    bucket: str
    key: str
    version_id: str
    size: int
    etag: str
    modified: datetime


class BucketFront:
    """Uploads and deletions, each followed by its notification, in the order of the calls."""

    def __init__(self, stack: Stack, clients: Clients) -> None:
        self._stack = stack
        self._clients = clients
        self._buckets = {bucket.name: bucket for bucket in stack.buckets.values()}
        self._sequence = count(1)
        self._announced: set[tuple[str, str]] = set()
        self._kept: list[tuple[str, str]] | None = None

    @contextmanager
    def telling_later(self) -> Iterator[None]:
        """Keep the notifications of what is put or deleted meanwhile, and send them in the end, in their order."""
        self._kept = []
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            for queue_url, together in groupby(kept, key=itemgetter(0)):
                messages = [message for _, message in together]
                for start in range(0, len(messages), _SEND_LIMIT):
                    self._clients.sqs.send_message_batch(
                        QueueUrl=queue_url,
                        Entries=[
                            {"Id": str(number), "MessageBody": message}
                            for number, message in enumerate(messages[start : start + _SEND_LIMIT])
                        ],
                    )

    def upload(self, bucket: str, key: str, content: Path | bytes, received: datetime) -> str:
        """Store a new version of the object, received at that moment; returns its version id.

        The moment stands in the version's metadata as well, so that a replay of the bucket knows it.

        Raises OSError where the file cannot be read.
        """
        data = content if isinstance(content, bytes) else content.read_bytes()
        answer = self._clients.s3.put_object(Bucket=bucket, Key=key, Body=data, Metadata={RECEIVED: moment(received)})
        version = answer.get("VersionId", "null")
        described = {"size": len(data), "eTag": answer["ETag"].strip('"'), "versionId": version}
        self._announced.add((bucket, version))
        self._notify(bucket, key, PUT, described, received)
        return version

    def unannounced(self, bucket: str) -> tuple[FoundObject, ...]:
        """The newest versions in a bucket of which nobody was told, in the order of their keys."""
        pages = self._clients.s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        return tuple(
            FoundObject(
                bucket, item["Key"], item["VersionId"], item["Size"], item["ETag"].strip('"'), item["LastModified"]
            )
            for page in pages
            for item in page.get("Versions", [])
            if item["IsLatest"] and (bucket, item["VersionId"]) not in self._announced
        )

    def announce(self, found: FoundObject, received: datetime) -> None:
        """Send the notification of an object that was put by somebody else, received at that moment."""
        self._announced.add((found.bucket, found.version_id))
        described = {"size": found.size, "eTag": found.etag, "versionId": found.version_id}
        self._notify(found.bucket, found.key, POST, described, received)

    def delete(self, bucket: str, key: str, received: datetime) -> str:
        """Put a delete marker on the object; returns the marker's version id."""
        version = self._clients.s3.delete_object(Bucket=bucket, Key=key).get("VersionId", "null")
        self._notify(bucket, key, DELETE_MARKER, {"eTag": _EMPTY_ETAG, "versionId": version}, received)
        return version

    def _notify(self, bucket: str, key: str, event: str, described: Mapping[str, Any], received: datetime) -> None:
        message = None
        for notification in self._buckets[bucket].notifications:
            wanted = notification.event.removeprefix("s3:")
            heard = event == wanted or (wanted.endswith("*") and event.startswith(wanted[:-1]))
            if heard and key.startswith(notification.prefix) and key.endswith(notification.suffix):
                message = message or self._message(self._buckets[bucket], key, event, described, received)
                queue = self._stack.queue(notification.queue_arn)
                if self._kept is None:
                    self._clients.sqs.send_message(QueueUrl=queue.url, MessageBody=message)
                else:
                    self._kept.append((queue.url, message))

    def _message(self, bucket: Bucket, key: str, event: str, described: Mapping[str, Any], received: datetime) -> str:
        sequence = next(self._sequence)
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": REGION,
            "eventTime": moment(received),
            "eventName": event,
            "userIdentity": {"principalId": "AWS:LOCAL"},
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": f"{sequence:016X}", "x-amz-id-2": f"local{sequence}"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "local",
                "bucket": {
                    "name": bucket.name,
                    "ownerIdentity": {"principalId": ACCOUNT},
                    "arn": f"arn:aws:s3:::{bucket.name}",
                },
                "object": {"key": quote_plus(key, safe="/"), **described, "sequencer": f"{sequence:018X}"},
            },
        }
        return json.dumps({"Records": [record]})
