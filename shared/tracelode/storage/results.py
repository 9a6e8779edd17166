"""The results bucket: immutable runs, one pointer that only moves forward, and copies of what it points at."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tracelode.report.files import MANIFEST, content_hash
from tracelode.report.frozen_run import FrozenReport, FrozenRun, frozen_json, read_frozen
from tracelode.storage import places

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "htm": "text/html; charset=us-ascii",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ABSENT = frozenset({"NoSuchKey", "404"})
_LOST_RACE = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
"""Somebody else wrote the object since it was read; a 404 to If-Match would be a deleted pointer and is an error."""


class ReportDamagedError(RuntimeError):
    """A file of a published run is not what the pointer says."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which run is the latest: its number, the hash of its content, and its files by name with their SHA-256.

    `confirmed` is how often somebody has found since that there is nothing newer to publish. `etag` is what the next
    move has to match; it is "" while no run was ever published. `named` is the run's name as it was published, "" where
    it is not published yet.
    """

    number: int = 0
    content_hash: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    confirmed: int = 0
    etag: str = ""
    named: str = ""

    @property
    def run(self) -> str:
        """The run's name: its number and the beginning of a hash over all of its files.

        Two publishers at once may have another `sources.json` beside the same content: so neither replaces a file that
        the other's pointer names.
        """
        if self.named:
            return self.named
        files = "".join(f"{name}\0{self.files[name]}\0" for name in sorted(self.files))
        return f"{self.number:06}-{hashlib.sha256(files.encode()).hexdigest()[:12]}"


def pointer_of(run: str, files: Mapping[str, bytes]) -> Pointer | None:
    """The pointer to a run of this name with these files; None where the name is not theirs."""
    number = run.partition("-")[0]
    if not (number.isascii() and number.isdigit()):
        return None
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    pointer = Pointer(int(number), content_hash(files), hashes)
    return pointer if pointer.run == run else None


@dataclass(frozen=True, slots=True)
class ToldRun:
    """Which run the compliance team was told about last, "" for none; `etag` is what the next note has to match."""

    run: str = ""
    etag: str = ""

    @property
    def number(self) -> int:
        """The run's number, 0 for none."""
        return int(self.run.partition("-")[0] or 0)


class Results:
    """What the compliance team and the suppliers read."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self._bucket

    def put(self, key: str, body: bytes) -> None:
        """Write an object, replacing what was there."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, **_described(key, body))

    def put_unless_newer(self, key: str, body: bytes, moment: str) -> bool:
        """Write an object that is of a moment, unless one of a later moment stands there; says whether it was written.

        Moments are ASCII, and order as text does. The body has to tell two moments apart: S3 compares by content.
        """
        while True:
            seen = self._copy_seen(key)
            if seen.moment > moment:
                return False
            if self._put_over(key, body, seen.etag, moment):
                return True

    def pointer(self, year: int) -> Pointer:
        """The pointer as it stands; number 0 when nothing was published yet."""
        found = self._read(places.pointer(year))
        if found is None:
            return Pointer()
        document = json.loads(found.body)
        return Pointer(
            number=document["number"],
            content_hash=document["content_hash"],
            files=document["files"],
            confirmed=document.get("confirmed", 0),
            etag=found.etag,
            named=document["run"],
        )

    def told(self, year: int) -> ToldRun:
        """Which run the compliance team was told about last."""
        found = self._read(places.latest_told(year))
        return ToldRun(json.loads(found.body)["run"], found.etag) if found else ToldRun()

    def note_told(self, year: int, told: ToldRun) -> bool:
        """Note that a run was told of, unless somebody has noted another since; says whether it was noted."""
        return self._put_over(places.latest_told(year), json.dumps({"run": told.run}).encode(), told.etag)

    def write_run(self, year: int, run: str, files: Mapping[str, bytes]) -> None:
        """Write a run's files, none over another. Runs are named by what is in them: one that was written before, whole
        or in part, is completed.

        Raises ReportDamagedError where something else stands in a file's place, which has to be looked at.
        """
        for name in sorted(files):
            key = places.run_file(year, run, name)
            while not self._put_over(key, files[name], ""):
                seen = self._copy_seen(key)
                if seen.sha256 == hashlib.sha256(files[name]).hexdigest():
                    break
                if seen.etag:
                    raise ReportDamagedError(f"{name} of run {run} is there and is another")

    def runs(self, year: int) -> tuple[str, ...]:
        """The names of the runs that were written, in the order of their numbers; not all of them became the latest."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=places.runs(year), Delimiter="/"
        )
        folders = [folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", [])]
        return tuple(sorted(folder.removeprefix(places.runs(year)).removesuffix("/") for folder in folders))

    def run_named(self, year: int, run: str) -> Pointer | None:
        """A run as a pointer would name it, None where none is whole: one that somebody is writing, or has damaged.

        It reads the run: its name is a hash of all of its files.
        """
        prefix = places.run_file(year, run, "")
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        names = [entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", [])]
        return pointer_of(run, {name: self.read_run(year, run, name) or b"" for name in names})

    def frozen(self, year: int) -> FrozenRun | None:
        """Which run is the one to file; None while nobody has said."""
        found = self._read(places.frozen(year))
        return read_frozen(found.body, found.etag) if found else None

    def freeze(self, year: int, frozen: FrozenRun) -> bool:
        """Name the run to file, unless somebody has since `frozen.etag` was read; says whether it was named."""
        return self._put_over(places.frozen(year), frozen_json(frozen), frozen.etag)

    def frozen_report(self, year: int) -> FrozenReport | None:
        """The run to file, with what a later report is held against; None while nobody has named one."""
        frozen = self.frozen(year)
        if frozen is None:
            return None
        try:
            return FrozenReport(frozen, self.read_whole_run(year, frozen.run, frozen.held))
        except (ReportDamagedError, KeyError):
            return FrozenReport(frozen, None)

    def read_run(self, year: int, run: str, name: str) -> bytes | None:
        """A file of a run; None when it is gone."""
        found = self._read(places.run_file(year, run, name))
        return found.body if found else None

    def read_whole_run(
        self,
        year: int,
        run: str,
        files: Mapping[str, str],
        observe: Callable[[str], None] = lambda _name: None,
    ) -> dict[str, bytes]:
        """A run's files by name, each held against the SHA-256 that `files` gives it; `observe` hears of each.

        Raises ReportDamagedError for one that is another or is not there.
        """
        contents: dict[str, bytes] = {}
        for name, sha256 in files.items():
            body = self.read_run(year, run, name)
            if body is None:
                raise ReportDamagedError(f"{name} of run {run} is not in the bucket any more")
            if hashlib.sha256(body).hexdigest() != sha256:
                raise ReportDamagedError(f"{name} of run {run} does not have the hash that the pointer gives it")
            contents[name] = body
            observe(name)
        return contents

    def move_pointer(self, year: int, pointer: Pointer, seen: Pointer) -> bool:
        """Make `pointer` the latest if the latest is still the one `seen`; says whether it was moved."""
        document = {name: value for name, value in asdict(pointer).items() if name not in ("etag", "named")}
        body = json.dumps({**document, "run": pointer.run}, indent=2, sort_keys=True).encode()
        return self._put_over(places.pointer(year), body, seen.etag)

    def confirm(self, year: int, seen: Pointer) -> bool:
        """Say that the latest run still is what there is to publish, if it is still the one `seen`; says whether it is.

        Whoever has read the pointer before cannot move it any more, and so cannot publish what was taken back since.
        """
        return self.move_pointer(year, replace(seen, confirmed=seen.confirmed + 1), seen)

    def settle_latest(self, year: int) -> Pointer:
        """Make `latest/` hold the files of the run that the pointer names, and say which that is.

        A file is replaced only if it is still the one that was seen before the pointer was last read. So a publisher
        that was overtaken puts nothing old over what a newer one has copied, not even for a moment; it starts over and
        helps with the newer run. The manifest goes last: whoever reads it first and follows its hashes finds the files
        of its run, or notices.
        """
        while True:
            named = self.pointer(year)
            seen = {name: self._copy_seen(places.latest_file(year, name)) for name in named.files}
            pointer = self.pointer(year)
            if pointer.etag != named.etag:
                continue
            behind = [name for name in pointer.files if seen[name].sha256 != pointer.files[name]]
            if not behind:
                return pointer
            behind.sort(key=lambda name: (name == MANIFEST, name))
            replaced = all(self._replace(year, pointer.run, name, seen[name]) for name in behind)
            if replaced and self.pointer(year).etag == pointer.etag:
                return pointer

    def _replace(self, year: int, run: str, name: str, seen: "_Copy") -> bool:
        """Copy a run's file to `latest/` unless somebody has replaced it since it was `seen`; says whether it was."""
        body = self._client.get_object(Bucket=self._bucket, Key=places.run_file(year, run, name))["Body"].read()
        return self._put_over(places.latest_file(year, name), body, seen.etag)

    def _read(self, key: str) -> "_Object | None":
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return _Object(answer["Body"].read(), answer["ETag"])

    def _copy_seen(self, key: str) -> "_Copy":
        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return _Copy()
            raise
        metadata = answer["Metadata"]
        return _Copy(metadata.get("sha256", ""), answer["ETag"], metadata.get("moment", ""))

    def _put_over(self, key: str, body: bytes, etag: str, moment: str = "") -> bool:
        """Write an object if it still has that ETag, or still is not there for ""; says whether it was written."""
        described = _described(key, body)
        if moment:
            described["Metadata"]["moment"] = moment
        try:
            if etag:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=body, IfMatch=etag, **described)
            else:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*", **described)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LOST_RACE:
                return False
            raise
        return True


@dataclass(frozen=True, slots=True)
class _Object:
    """An object as it was read."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class _Copy:
    """An object as it was seen; all are "" where there was none. `moment` is "" where it says none."""

    sha256: str = ""
    etag: str = ""
    moment: str = ""


def _described(key: str, body: bytes) -> dict[str, Any]:
    return {
        "ContentType": _CONTENT_TYPES.get(key.rpartition(".")[2], "application/octet-stream"),
        "Metadata": {"sha256": hashlib.sha256(body).hexdigest()},
    }
