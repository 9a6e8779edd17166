"""Objects that were dropped: the inbox and the reference bucket, read by version."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectVersionsOutputTypeDef

_GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed"})
"""What S3 answers for a version that was deleted for good, or that is a delete marker."""
SCAN_TAG = "GuardDutyMalwareScanStatus"
CLEAN = "NO_THREATS_FOUND"
"""What GuardDuty tags a scanned object with (GuardDuty User Guide, "Monitoring S3 object scans")."""
RECEIVED = "received"
"""Metadata in which a feed that sets its own receipt times states them (ISO 8601, UTC, milliseconds)."""


def moment(time: datetime) -> str:
    """A time as events and receipts state it: ISO 8601 in UTC with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class NotScannedYetError(RuntimeError):
    """A version that no scan has come to an end for: worth another try, which may be the last."""


class NotFoundCleanError(RuntimeError):
    """A version that was scanned and not found clean; nobody may read it, and somebody has to look at it."""


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
    marker was put) and names the version when one version was erased. `marker` is the delete marker's own version id,
    "" where it is not known.
    """

    key: str
    version_id: str
    time: str
    deleted: bool
    marker: str = ""


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version, or a delete marker, as its bucket lists it; `modified` is the bucket's own time, to the second."""

    key: str
    version_id: str
    modified: str
    deleted: bool


class DroppedObjects:
    """One bucket's objects, named by key and version. With `scanned`, GuardDuty has to find one clean first."""

    def __init__(self, client: "S3Client", bucket: str, *, scanned: bool = False) -> None:
        self._client = client
        self._bucket = bucket
        self._scanned = scanned

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self._bucket

    def head(self, key: str, version_id: str) -> ObjectVersion | None:
        """The version asked for, or the newest when `version_id` is ""; None when it is gone.

        Raises NotScannedYetError and NotFoundCleanError where uploads are scanned.
        """
        try:
            if self._scanned:
                version_id = self._found_clean(key, version_id)
            if version_id:
                answer = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=version_id)
            else:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        return ObjectVersion(key, answer.get("VersionId", version_id), answer["ContentLength"])

    def _found_clean(self, key: str, version_id: str) -> str:
        """The id of the version, or of the newest for "", once it is tagged as clean."""
        if version_id:
            answer = self._client.get_object_tagging(Bucket=self._bucket, Key=key, VersionId=version_id)
        else:
            answer = self._client.get_object_tagging(Bucket=self._bucket, Key=key)
        results = [tag["Value"] for tag in answer["TagSet"] if tag["Key"] == SCAN_TAG]
        if not results:
            raise NotScannedYetError("no scan of the upload has come to an end")
        if results != [CLEAN]:
            raise NotFoundCleanError("the upload was scanned and not found clean")
        return answer.get("VersionId", version_id)

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

    def listed(self, prefix: str) -> Iterator[ListedVersion]:
        """Every version and delete marker below a prefix, key by key, a key's newest first as far as seconds tell; a
        call for each thousand."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            yield from _listed(page)

    def versions(self, prefix: str) -> Iterator[tuple[ListedVersion, ...]]:
        """The history of every key below a prefix, key by key: its versions and delete markers, oldest first."""
        for key, entries in groupby(self.listed(prefix), key=lambda version: version.key):
            history = list(entries)
            yield tuple(reversed(self._one_by_one(key) if _ambiguous(history) else history))

    def history(self, key: str) -> tuple[ListedVersion, ...]:
        """One key's versions and delete markers, oldest first; none where nothing of it is left."""
        return next((history for history in self.versions(key) if history[0].key == key), ())

    def stated_receipt(self, key: str, version_id: str) -> str:
        """The receipt time that a version's metadata states, "" for none.

        Whoever may upload may state what they like: to be believed only of a feed that is one's own.
        """
        metadata = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=version_id)["Metadata"]
        return metadata.get(RECEIVED, "")

    def _one_by_one(self, key: str) -> list[ListedVersion]:
        """A key's history, newest first, a call for each entry: the only way to see how S3 has versions and markers of
        one second in order, because the client library hands them out as two lists."""
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket, Prefix=key, PaginationConfig={"PageSize": 1}
        )
        history: list[ListedVersion] = []
        for page in pages:
            entries = _listed(page)
            if any(entry.key != key for entry in entries):
                break
            history += entries
        return history


def _listed(page: "ListObjectVersionsOutputTypeDef") -> list[ListedVersion]:
    """A page's versions and delete markers by key, each key's newest first as far as their seconds tell."""
    versions = [
        ListedVersion(entry["Key"], entry["VersionId"], moment(entry["LastModified"]), deleted=False)
        for entry in page.get("Versions", [])
    ]
    markers = [
        ListedVersion(entry["Key"], entry["VersionId"], moment(entry["LastModified"]), deleted=True)
        for entry in page.get("DeleteMarkers", [])
    ]
    newest_first = sorted(versions + markers, key=lambda version: version.modified, reverse=True)
    return sorted(newest_first, key=lambda version: version.key)


def _ambiguous(history: list[ListedVersion]) -> bool:
    """Whether a version and a delete marker share a second."""
    kinds = Counter(modified for modified, _ in {(version.modified, version.deleted) for version in history})
    return any(count > 1 for count in kinds.values())
