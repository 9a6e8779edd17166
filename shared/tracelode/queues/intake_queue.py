"""The queue that the inbox tells of uploads, and how somebody else tells it the same."""

import json
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tracelode.storage.objects import ObjectEvent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SENDER = "tracelode-reconcile"
"""Who a message says that it is from, where S3 names who made the request."""


class IntakeQueue:
    """Intake's queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def announce(self, bucket: str, event: ObjectEvent) -> None:
        """Tell of an upload, or of a key that was deleted, as S3 does: intake cannot tell the one from the other.

        Source: "Event message structure", Amazon S3 User Guide; what only S3 knows (size, ETag, sequencer) is left out.
        """
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self._client.meta.region_name,
            "eventTime": event.time,
            "eventName": "ObjectRemoved:DeleteMarkerCreated" if event.deleted else "ObjectCreated:Put",
            "userIdentity": {"principalId": SENDER},
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                "object": {
                    "key": quote_plus(event.key, safe="/"),
                    "versionId": event.marker if event.deleted else event.version_id,
                },
            },
        }
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps({"Records": [record]}))
