"""Copies what the results bucket holds for a year into a folder: the latest report, the feedback, the answers."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tracelode.picture.headline import FiguresDocument
from tracelode.storage import places
from tracelode.storage.results import Pointer, Results
from tracelode_local.engine import LocalSystem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LAST: Final = "manifest.json"
"""Put in place last: whoever reads it first and follows its hashes finds the files of its run, or notices."""


class OutputFolderError(OSError):
    """The output folder cannot be written, or something in it points elsewhere."""


class ReportDamagedError(RuntimeError):
    """A file of the latest run is not what the pointer says."""


@dataclass(frozen=True, slots=True)
class Report:
    """A published report as it lies in the folder. `changed` says whether this mirroring brought a new run."""

    run: str
    folder: Path
    figures: FiguresDocument
    changed: bool


class Mirror:
    """Mirrors one year into `<out>/<year>/latest`, `feedback` and `reference`; nothing else there is touched.

    Files are replaced whole, files that are no longer in the bucket are removed, symbolic links are never followed.
    """

    def __init__(self, system: LocalSystem, out: Path, year: int) -> None:
        self._s3 = system.clients.s3
        self._bucket = system.results_bucket
        self._root = out / str(year)
        self._year = year
        self._etags: dict[Path, str] = {}
        self._report: Report | None = None

    def refresh(self) -> Report | None:
        """Bring the folder up to date; returns the latest report, None if there is none yet.

        Raises OutputFolderError where the folder cannot be written safely, ReportDamagedError where a file does not
        have the hash that the pointer gives it.
        """
        for part in ("feedback", "reference"):
            self._refresh_tree(f"{self._year}/{part}/", self._root / part)
        return self._refresh_latest()

    def behind(self) -> bool:
        """Whether somebody has published another run since the last refresh."""
        run = Results(self._s3, self._bucket).pointer(self._year).run
        return run != (self._report.run if self._report else Pointer().run)

    def _refresh_latest(self) -> Report | None:
        pointer = Results(self._s3, self._bucket).pointer(self._year)
        if not pointer.number:
            return None
        run = pointer.run
        if self._report and self._report.run == run:
            self._report = Report(run, self._report.folder, self._report.figures, changed=False)
            return self._report
        contents = read_run(self._s3, self._bucket, self._year, run, pointer.files)
        folder = self._root / "latest"
        write_tree(folder, contents)
        remove_others(folder, contents)
        self._report = Report(run, folder, json.loads(contents["figures.json"]), changed=True)
        return self._report

    def _refresh_tree(self, prefix: str, folder: Path) -> None:
        found: dict[str, str] = {}
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                found[entry["Key"].removeprefix(prefix)] = entry["ETag"]
        new = {name: etag for name, etag in found.items() if self._etags.get(folder / name) != etag}
        write_tree(folder, {name: self._read(prefix + name) for name in new})
        self._etags.update({folder / name: etag for name, etag in new.items()})
        remove_others(folder, found)

    def _read(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()


def read_run(
    s3: "S3Client",
    bucket: str,
    year: int,
    run: str,
    files: Mapping[str, str],
    observe: Callable[[str, int], None] = lambda _name, _size: None,
) -> dict[str, bytes]:
    """A run's files by name, each held against the SHA-256 that `files` gives it; `observe` hears of each with its
    size in bytes. Raises ReportDamagedError for one that is another or is not there."""
    contents: dict[str, bytes] = {}
    for name, sha256 in files.items():
        try:
            contents[name] = s3.get_object(Bucket=bucket, Key=places.run_file(year, run, name))["Body"].read()
        except s3.exceptions.NoSuchKey as error:
            raise ReportDamagedError(f"{name} of run {run} is not in the bucket any more") from error
        if hashlib.sha256(contents[name]).hexdigest() != sha256:
            raise ReportDamagedError(f"{name} of run {run} does not have the hash that the pointer gives it")
        observe(name, len(contents[name]))
    return contents


def write_tree(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files below a folder, named with `/` between folders; each appears whole or not at all, the manifest last.

    Raises OutputFolderError for a name that leads out of the folder, a symbolic link on the way, or a failing disk.
    """
    parts: dict[Path, Path] = {}
    try:
        for name in sorted(contents, key=lambda name: (name == _LAST, name)):
            target = _inside(folder, name)
            _make_folders(folder, target.parent)
            if target.is_dir() and not target.is_symlink():
                raise OutputFolderError(f"{target} is a folder and should be a file")
            parts[target] = target.with_name(f".{target.name}.part")
            _write_new(parts[target], contents[name])
        for target, part in parts.items():
            part.replace(target)
    except OutputFolderError:
        raise
    except OSError as error:
        raise OutputFolderError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def remove_others(folder: Path, names: Iterable[str]) -> None:
    """Remove every file below the folder that is not among the names, and every folder that is empty then."""
    keep = {_inside(folder, name) for name in names}
    if folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink():
        _prune(folder, keep)


def _prune(folder: Path, keep: set[Path]) -> None:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            _prune(path, keep)
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in keep:
            path.unlink()


def _inside(folder: Path, name: str) -> Path:
    unsafe = any(part in ("", ".", "..") or "\\" in part or not part.isprintable() for part in name.split("/"))
    if unsafe:
        raise OutputFolderError("an object's name leads out of the output folder")
    return folder / name


def _make_folders(top: Path, folder: Path) -> None:
    """Make a folder below `<out>/<year>/<part>`, which is `top`; what is there already may be no symbolic link, because
    what is written through one lands elsewhere."""
    top.parent.parent.mkdir(parents=True, exist_ok=True)
    below = [folder, *folder.parents]
    for path in reversed(below[: below.index(top) + 2]):
        if path.is_symlink():
            raise OutputFolderError(f"{path} is a symbolic link; reports are only written to real folders")
        path.mkdir(exist_ok=True)


def _write_new(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
