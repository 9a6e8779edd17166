"""The runs that lie in an output folder, `<out>/<year>/runs/`, and which of them is to be filed: what a local system
keeps over restarts. Nothing in it is followed out of the folder, and a run that is not whole is none.
"""

from collections.abc import Mapping
from pathlib import Path

from tracelode.report.frozen_run import FrozenReport, FrozenRun, frozen_json, read_frozen
from tracelode.storage import places
from tracelode.storage.results import Pointer, ReportDamagedError, Results, pointer_of
from tracelode_console.desk.output_folder import write_once, write_tree


class KeptRuns:
    """The runs of a year in an output folder, with the answers that `Results` gives for a bucket."""

    def __init__(self, out: Path, year: int) -> None:
        self._out = out
        self._year = year
        self._folder = out / places.runs(year)

    def runs(self) -> tuple[str, ...]:
        """The names of the runs, in the order of their numbers."""
        if not self._folder.is_dir() or self._folder.is_symlink():
            return ()
        return tuple(sorted(path.name for path in self._folder.iterdir() if path.is_dir() and not path.is_symlink()))

    def read(self, run: str) -> dict[str, bytes]:
        """A run's files by name; none for a run that is not there."""
        folder = self._folder / run
        if run not in self.runs():
            return {}
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.is_symlink()}

    def pointer(self) -> Pointer:
        """The newest run that is whole; number 0 where there is none."""
        for run in reversed(self.runs()):
            if found := self.run_named(run):
                return found
        return Pointer()

    def run_named(self, run: str) -> Pointer | None:
        """A run as a pointer would name it; None where none is whole."""
        return pointer_of(run, self.read(run))

    def read_whole_run(self, run: str, names: Mapping[str, str]) -> dict[str, bytes]:
        """Files of a run. Raises ReportDamagedError where the run is not what its name says."""
        files = self.read(run)
        if pointer_of(run, files) is None:
            raise ReportDamagedError(f"run {run} in {self._folder} is not whole, or somebody has changed a file of it")
        return {name: files[name] for name in names}

    def keep(self, run: str, files: Mapping[str, bytes]) -> None:
        """Keep a run; one that is there whole is left as it is. Raises OutputFolderError."""
        if self.run_named(run) is None:
            write_tree(self._folder / run, files)

    def frozen(self) -> FrozenRun | None:
        """Which run is the one to file; None while nobody has said. `etag` is "frozen" where somebody has."""
        path = self._out / places.frozen(self._year)
        if not path.is_file() or path.is_symlink():
            return None
        return read_frozen(path.read_bytes(), "frozen")

    def freeze(self, frozen: FrozenRun) -> bool:
        """Name the run to file, where `frozen.etag` is "" unless somebody has named one; says whether it was named."""
        return write_once(self._out / places.frozen(self._year), frozen_json(frozen), replacing=bool(frozen.etag))

    def frozen_report(self) -> FrozenReport | None:
        """The run to file with what a later report is held against; None while nobody has named one."""
        frozen = self.frozen()
        if frozen is None:
            return None
        try:
            return FrozenReport(frozen, self.read_whole_run(frozen.run, frozen.held))
        except (ReportDamagedError, KeyError):
            return FrozenReport(frozen, None)

    def put_back(self, results: Results) -> None:
        """Let a fresh system go on where the last one ended: its newest run, and the one that is to be filed."""
        latest, frozen = self.pointer(), self.frozen()
        for run in {latest.run, frozen.run if frozen else latest.run} if latest.number else set():
            results.write_run(self._year, run, self.read(run))
        if latest.number and results.move_pointer(self._year, latest, results.pointer(self._year)):
            results.settle_latest(self._year)
        if frozen:
            results.put(places.frozen(self._year), frozen_json(frozen))
