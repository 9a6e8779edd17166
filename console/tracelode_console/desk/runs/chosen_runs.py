"""The runs of a year and which of them is meant: those of a system, or what an output folder keeps of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tracelode.report.frozen_run import FrozenReport, FrozenRun
from tracelode.storage import places
from tracelode.storage.results import Pointer, Results
from tracelode_console.desk.choices import DEFAULT_FOLDER, STACK_VARIABLE
from tracelode_console.desk.installation import chosen
from tracelode_console.desk.running import answers, running_in
from tracelode_console.desk.runs.kept_runs import KeptRuns

LATEST: Final = "latest"
FROZEN: Final = "frozen"


class NoSuchRunError(Exception):
    """No run, or more than one, goes by the name that was given; the message says what to give."""


class Runs(Protocol):
    """The runs of one year."""

    def runs(self) -> tuple[str, ...]:
        """The names of the runs, in the order of their numbers."""

    def pointer(self) -> Pointer:
        """The latest run; number 0 where there is none."""

    def run_named(self, run: str) -> Pointer | None:
        """A run as a pointer would name it; None where none is whole."""

    def read_whole_run(self, run: str, names: Mapping[str, str]) -> dict[str, bytes]:
        """Files of a run. Raises ReportDamagedError where one is not what it was."""

    def frozen(self) -> FrozenRun | None:
        """Which run is the one to file; None while nobody has said."""

    def frozen_report(self) -> FrozenReport | None:
        """The run to file with what a later report is held against; None while nobody has named one."""

    def freeze(self, frozen: FrozenRun) -> bool:
        """Name the run to file unless somebody has since `frozen.etag` was read; says whether it was named."""


@dataclass(frozen=True, slots=True)
class SystemRuns:
    """The runs of a year in a results bucket."""

    results: Results
    year: int

    def runs(self) -> tuple[str, ...]:
        """The names of the runs."""
        return self.results.runs(self.year)

    def pointer(self) -> Pointer:
        """The latest run."""
        return self.results.pointer(self.year)

    def run_named(self, run: str) -> Pointer | None:
        """A run, where it is whole."""
        return self.results.run_named(self.year, run)

    def read_whole_run(self, run: str, names: Mapping[str, str]) -> dict[str, bytes]:
        """Files of a run."""
        return self.results.read_whole_run(self.year, run, names)

    def frozen(self) -> FrozenRun | None:
        """Which run is the one to file."""
        return self.results.frozen(self.year)

    def frozen_report(self) -> FrozenReport | None:
        """The run to file with what a later report is held against."""
        return self.results.frozen_report(self.year)

    def freeze(self, frozen: FrozenRun) -> bool:
        """Name the run to file."""
        return self.results.freeze(self.year, frozen)


@dataclass(frozen=True, slots=True)
class Home:
    """Where runs are: what to call it, the years that it has, newest first, and the runs of a year."""

    spoken: str
    years: tuple[int, ...]
    of_year: Callable[[int], Runs]


def home(
    *,
    stack: str | None,
    local: Path | None,
    region: str | None,
    profile: str | None,
    environment: Mapping[str, str],
) -> Home:
    """Where the runs are that were asked for: a stack, a running local system, or the output folder of one that ended.

    Raises NoInstallationError, which says what to give, where there are none.
    """
    if not (stack or (environment.get(STACK_VARIABLE) and local is None)):
        folder = local or DEFAULT_FOLDER
        running = running_in(folder)
        if not (running and answers(running)) and (years := _years_in(folder)):
            return Home(f"the output folder {folder}", years, lambda year: KeptRuns(folder, year))
    installation = chosen(stack=stack, local=local, region=region, profile=profile, environment=environment)
    results = installation.results
    return Home(installation.spoken, installation.years(), lambda year: SystemRuns(results, year))


def _years_in(folder: Path) -> tuple[int, ...]:
    found = [path.name for path in folder.iterdir() if places.is_year(path.name)] if folder.is_dir() else []
    return tuple(sorted((int(year) for year in found if KeptRuns(folder, int(year)).runs()), reverse=True))


def run_meant(runs: Runs, text: str) -> str:
    """The name of the run that is meant: `latest`, `frozen`, a number, a name or its beginning.

    Raises NoSuchRunError.
    """
    if text == LATEST:
        if not runs.pointer().number:
            raise NoSuchRunError("no report is published yet")
        return runs.pointer().run
    if text == FROZEN:
        frozen = runs.frozen()
        if frozen is None or not frozen.run:
            raise NoSuchRunError("no run is named as the one to file: tracelode freeze names one")
        return frozen.run
    beginning = f"{int(text):06}-" if text.isascii() and text.isdigit() else text
    known = runs.runs()
    found = [run for run in known if run.startswith(beginning)]
    if len(found) == 1 or text in found:
        return text if text in found else found[0]
    if not found:
        newest = f"; the newest is {known[-1]}" if known else ""
        raise NoSuchRunError(f"there is no run {text!r}{newest}")
    raise NoSuchRunError(f"{text!r} may be any of {', '.join(found)}: say which")
