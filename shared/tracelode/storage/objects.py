"""Objects that were dropped: the inbox and the reference bucket, read by version."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})
"""What S3 answers for a version that was deleted for good, or that is a delete marker."""


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """An object version as it stands in its bucket; `size` in bytes."""

    key: str
    version_id: str
    size: int


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """An object was dropped or deleted: a hint at what to look at.

    `time` is ISO 8601 in UTC with milliseconds. For a deletion, `version_id` is "" when the key was deleted (a delete
    marker was put) and names the version when one version was erased.
    """

    key: str
    version_id: str
    time: str
    deleted: bool


class DroppedObjects:
    """One bucket's objects, named by key and version."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def head(self, key: str, version_id: str) -> ObjectVersion | None:
        """The version asked for, or the newest when `version_id` is ""; None when it is gone."""
        try:
            if version_id:
                answer = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=version_id)
            else:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        return ObjectVersion(key, answer.get("VersionId", version_id), answer["ContentLength"])

    def read(self, key: str, version_id: str, limit: int) -> bytes | None:
        """At most `limit` bytes of a version; None when it is gone."""
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=key, VersionId=version_id, Range=f"bytes=0-{limit - 1}"
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _GONE:
                return None
            if code in ("InvalidRange", "416"):
                return b""
            raise
        return answer["Body"].read()
