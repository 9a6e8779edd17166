"""Fuzz the reader and the reviewer with damaged workbooks.

    python tests/fuzz/run.py [--seconds 600] [--engine random|atheris] [--seed 1] [--keep FOLDER]

Every file must come back as a declaration, or with an error finding that says why not: within 10 seconds, within
512 MB, and without any exception. A file that breaks this is kept in FOLDER; the run goes on and
ends with exit code 1. `random` needs nothing else; `atheris` is guided by the coverage of our own code and needs the
package atheris, which is no dependency of the project (see docs/FUZZING.md).
"""

import argparse
import collections
import faulthandler
import random
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.factories.reviewing import review
from tests.fuzz.mutations import Choices, spoilt
from tests.fuzz.specimens import specimens
from tracelode.declarations.read import read_declaration
from tracelode.findings import Severity

MOST_SECONDS = 10.0
MOST_MEGABYTES = 512
_REPORTED_EVERY = 2_000


class Complaint(Exception):  # noqa: N818
    """A promise of the reader that a file broke."""


class RandomChoices:
    """Decisions by a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, least: int, most: int) -> int:
        """A whole number between these, both included."""
        return self._random.randint(least, most)


def outcome(data: bytes) -> str:
    """How a file ended: "read", or the rule that refused it. Raises Complaint for a broken promise."""
    started, before = time.process_time(), _most_megabytes()
    reading = read_declaration(data, "fuzz.xlsx")
    if reading.declaration is not None:
        review(reading.declaration, year=2025)
    seconds = time.process_time() - started
    if seconds > MOST_SECONDS:
        raise Complaint(f"took {seconds:.1f} s")
    megabytes = _most_megabytes() - before
    if megabytes > MOST_MEGABYTES:
        raise Complaint(f"took {megabytes} MB more")
    if reading.declaration is not None:
        return "read"
    if not any(finding.severity is Severity.ERROR for finding in reading.findings):
        raise Complaint("neither a declaration nor an error")
    return reading.findings[0].rule


def _most_megabytes() -> int:
    """The most memory that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Fuzzing:
    """A run: what it tries, counts and keeps."""

    def __init__(self, keep: Path) -> None:
        self.specimens = list(specimens().values())
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.slowest = 0.0
        self.complaints: dict[str, Path] = {}
        self._keep = keep
        self._tried = 0

    def once(self, choices: Choices) -> None:
        """Spoil a specimen and read it."""
        data = spoilt(self.specimens[choices.number(0, len(self.specimens) - 1)], choices)
        faulthandler.dump_traceback_later(6 * MOST_SECONDS, exit=True)
        started = time.perf_counter()
        try:
            self.outcomes[outcome(data)] += 1
        except Exception as error:  # noqa: BLE001  finding these is what the run is for
            self._complain(data, error)
        faulthandler.cancel_dump_traceback_later()
        self.slowest = max(self.slowest, time.perf_counter() - started)
        self._tried += 1
        if self._tried % _REPORTED_EVERY == 0:
            print(self.summary(), flush=True)

    def _complain(self, data: bytes, error: Exception) -> None:
        at = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"[:200]
        if kind not in self.complaints and len(self.complaints) < 50:
            self._keep.mkdir(parents=True, exist_ok=True)
            self.complaints[kind] = self._keep / f"complaint-{len(self.complaints) + 1}.bin"
            self.complaints[kind].write_bytes(data)
            print(kind, "->", self.complaints[kind], flush=True)

    def summary(self) -> str:
        """What the run did."""
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return (
            f"{self.outcomes.total()} files, {len(self.complaints)} kinds of complaint, slowest {self.slowest:.2f} s, "
            f"at most {_most_megabytes()} MB; {counts}"
        )


def run_random(fuzzing: Fuzzing, seconds: float, seed: int) -> None:
    """Decisions by chance, a new seed for each file."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fuzzing.once(RandomChoices(seed))
        seed += 1


def run_atheris(fuzzing: Fuzzing, seconds: float, seed: int) -> None:
    """Decisions by a fuzzer that keeps those which reach new code."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    for name in [name for name in sys.modules if name.startswith(("tracelode.declarations", "tracelode.workbooks"))]:
        for function in vars(sys.modules[name]).values():
            if getattr(function, "__module__", None) == name and hasattr(function, "__code__"):
                atheris.instrument_func(function)

    class Guided:
        def __init__(self, data: bytes) -> None:
            self._provider = atheris.FuzzedDataProvider(data)

        def number(self, least: int, most: int) -> int:
            return int(self._provider.ConsumeIntInRange(least, most))

    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={int(seconds)}",
            f"-seed={seed}",
            "-rss_limit_mb=2048",
            "-max_len=400",
            "-len_control=0",
        ],
        lambda data: fuzzing.once(Guided(data)),
    )
    atheris.Fuzz()


def main() -> int:
    """Run, print, and say by the exit code whether every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--engine", choices=("random", "atheris"), default="random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("out") / "fuzz")
    arguments = parser.parse_args()
    fuzzing = Fuzzing(arguments.keep)
    for specimen in fuzzing.specimens:
        if outcome(specimen) != "read":
            sys.exit("a sound specimen is not read")
    run = run_atheris if arguments.engine == "atheris" else run_random
    try:
        run(fuzzing, arguments.seconds, arguments.seed)
    finally:
        print(fuzzing.summary(), flush=True)
    return 1 if fuzzing.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
