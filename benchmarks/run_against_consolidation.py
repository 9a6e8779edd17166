"""The whole of `tracelode run` against a plain consolidation script, on the same official workbooks in one run.

    python benchmarks/run_against_consolidation.py [--files 100] [--smelters 300]

Promise: at most 0.4 of the script's time. Both are whole processes, from start to exit. Needs the official CMRT 6.5
template (folder named by TRACELODE_CMRT_TEMPLATES); the filled workbooks are kept in the temporary folder.
Exits with 1 when the promise is broken, or when the two do not find the same number of smelters.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.factories import cases, official  # noqa: E402 - the project's root is on the path only from here on

PROMISE = 0.4
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


def seconds(command: Sequence[str | Path]) -> tuple[float, str]:
    """How long a process takes from start to exit, and what it prints. Raises CalledProcessError if it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return time.perf_counter() - start, done.stdout


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
        plain, printed = seconds([sys.executable, script, case / "inbox", Path(work) / "smelters.xlsx"])
        ours, _ = seconds([Path(sys.executable).with_name("tracelode"), "run", case, "--out", out])
        figures = json.loads((out / str(YEAR) / "latest" / "figures.json").read_text(encoding="utf-8"))
    merged, reported = int(printed), figures["smelters"]["total"]
    ratio = ours / plain
    print(f"{arguments.files} official workbooks of {arguments.smelters} smelters, {merged} smelters in all")
    print(f"plain consolidation  {plain:8.1f} s  {plain / arguments.files:6.3f} s a file")
    print(f"tracelode run        {ours:8.1f} s  {ours / arguments.files:6.3f} s a file")
    print(f"ratio                {ratio:8.3f}    promised: at most {PROMISE}")
    if merged != reported:
        print(f"tracelode reports {reported} smelters, the script {merged}", file=sys.stderr)
    return 0 if ratio <= PROMISE and merged == reported else 1


if __name__ == "__main__":
    sys.exit(main())
