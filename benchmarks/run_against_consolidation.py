"""The whole of `tracelode run` against a plain consolidation script, on the same official workbooks in one run.

    python benchmarks/run_against_consolidation.py [--files 100] [--smelters 300]

Promise: at most 0.15 of the script's time. Both are whole processes, from start to exit; the run shares its work among
the processors that there are (two are counted on), the script is one process. The processor time that both take with
all that they start is printed beside. Needs the official CMRT 6.5 template (folder named by TRACELODE_CMRT_TEMPLATES);
the filled workbooks are kept in the temporary folder.
Exits with 1 when the promise is broken, or when the two do not find the same number of smelters.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.factories import cases, official  # noqa: E402 - the project's root is on the path only from here on

PROMISE = 0.15
YEAR = 2024


def prepared_case(files: int, smelters: int) -> Path:
    """A case of that many official workbooks, made once for each state of the code that makes it."""
    sources = [Path(str(module.__file__)) for module in (cases, official)]
    sources += sorted((ROOT / "examples" / "specimen").glob("*.py"))
    state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / "tracelode-benchmarks" / f"run-{files}x{smelters}-{state}"
    done = folder / "done"
    if not done.exists():
        print(f"filling {files} official workbooks ...", flush=True)
        cases.official_case(folder / "case", suppliers=files, smelters=smelters, year=YEAR)
        done.touch()
    return folder / "case"


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took from start to exit, in seconds: of time, and of the processors with all that it started."""

    wall: float
    processor: float

    def told(self, files: int) -> str:
        """Both, and the time for each of so many files."""
        return f"{self.wall:8.1f} s  {self.wall / files:6.3f} s a file  {self.processor:6.1f} s of processors"


def timed(command: Sequence[str | Path]) -> tuple[Took, str]:
    """What a process takes, and what it prints. Raises CalledProcessError if it fails."""
    start, used = time.perf_counter(), _processor_seconds()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return Took(time.perf_counter() - start, _processor_seconds() - used), done.stdout


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description="Time `tracelode run` against a plain consolidation script.")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--smelters", type=int, default=300)
    arguments = parser.parse_args()
    case = prepared_case(arguments.files, arguments.smelters)
    for path in case.rglob("*.xlsx"):
        path.read_bytes()
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "out"
        script = ROOT / "benchmarks" / "plain_consolidation.py"
        plain, printed = timed([sys.executable, script, case / "inbox", Path(work) / "smelters.xlsx"])
        ours, _ = timed([Path(sys.executable).with_name("tracelode"), "run", case, "--out", out])
        figures = json.loads((out / str(YEAR) / "latest" / "figures.json").read_text(encoding="utf-8"))
    merged, reported = int(printed), figures["smelters"]["total"]
    ratio = ours.wall / plain.wall
    print(f"{arguments.files} official workbooks of {arguments.smelters} smelters, {merged} smelters in all")
    print(f"plain consolidation  {plain.told(arguments.files)}")
    print(f"tracelode run        {ours.told(arguments.files)}")
    print(f"ratio                {ratio:8.3f}    promised: at most {PROMISE}")
    if merged != reported:
        print(f"tracelode reports {reported} smelters, the script {merged}", file=sys.stderr)
    return 0 if ratio <= PROMISE and merged == reported else 1


if __name__ == "__main__":
    sys.exit(main())
