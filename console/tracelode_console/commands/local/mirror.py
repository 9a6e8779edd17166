"""Copies what the results bucket holds for a year into a folder: the latest report, the feedback, the answers."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from tracelode.picture.headline import FiguresDocument
from tracelode.report.files import FIGURES
from tracelode.storage.results import Pointer, Results
from tracelode_console.desk.output_folder import remove_others, write_tree
from tracelode_console.desk.runs.kept_runs import KeptRuns
from tracelode_local.engine import LocalSystem


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
    Each report that is mirrored is kept as a run in `runs/`, where nothing is ever removed or replaced, and so is which
    run is the one to file.
    """

    def __init__(self, system: LocalSystem, out: Path, year: int) -> None:
        self._s3 = system.clients.s3
        self._bucket = system.results_bucket
        self._results = Results(self._s3, self._bucket)
        self._root = out / str(year)
        self._year = year
        self._etags: dict[Path, str] = {}
        self._kept = KeptRuns(out, year)
        self._report: Report | None = None

    def put_back(self) -> None:
        """Give a system that has just begun the runs that the folder keeps. Raises OutputFolderError."""
        self._kept.put_back(self._results)

    def refresh(self) -> Report | None:
        """Bring the folder up to date; returns the latest report, None if there is none yet.

        Raises OutputFolderError where the folder cannot be written safely, ReportDamagedError where a file does not
        have the hash that the pointer gives it.
        """
        self.refresh_answers()
        return self._refresh_latest()

    def refresh_answers(self) -> None:
        """Bring up to date what was answered to files, and leave the report as it is. Raises OutputFolderError."""
        for part in ("feedback", "reference"):
            self._refresh_tree(f"{self._year}/{part}/", self._root / part)

    def behind(self) -> bool:
        """Whether somebody has published another run since the last refresh."""
        run = self._results.pointer(self._year).run
        return run != (self._report.run if self._report else Pointer().run)

    def refresh_frozen(self) -> None:
        """Bring up to date which run is the one to file, and keep that run. Raises OutputFolderError."""
        frozen, known = self._results.frozen(self._year), self._kept.frozen()
        if frozen is None or (known and known.freeze == frozen.freeze):
            return
        self._kept.keep(frozen.run, self._results.read_whole_run(self._year, frozen.run, frozen.files))
        self._kept.freeze(replace(frozen, etag="frozen" if known else ""))

    def _refresh_latest(self) -> Report | None:
        pointer = self._results.pointer(self._year)
        if not pointer.number:
            return None
        run = pointer.run
        if self._report and self._report.run == run:
            self._report = Report(run, self._report.folder, self._report.figures, changed=False)
            return self._report
        contents = self._results.read_whole_run(self._year, run, pointer.files)
        self._kept.keep(run, contents)
        folder = self._root / "latest"
        write_tree(folder, contents)
        remove_others(folder, contents)
        self._report = Report(run, folder, json.loads(contents[FIGURES]), changed=True)
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
