"""How long each function's module takes to import as it was built: what a cold start waits for.

    python benchmarks/cold_start.py BUILD [BEFORE] [--rounds N]

BUILD and BEFORE are what `make build` leaves (.aws-sam/build) in two checkouts; with both, the ratio is printed. Each
import has a fresh process of the functions' own Python, which sees the layers and nothing else and writes no bytecode,
as in Lambda, where no layer can be written to. Builds and functions take turns; of all rounds the least counts, in
processor time, because what a busy machine adds to it is no part of the code.
"""

import argparse
import json
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = ("Intake", "Reference", "Tally", "Publish", "Reconcile")
LAYERS = ("DependenciesLayer", "SharedLayer")
IMPORT = """
import json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
started, worked = time.perf_counter(), time.process_time()
import app
print(json.dumps([time.process_time() - worked, time.perf_counter() - started, len(sys.modules)]))
"""
SURROUNDINGS = {
    "AWS_REGION": "us-east-1",
    "POWERTOOLS_METRICS_NAMESPACE": "Tracelode",
    "POWERTOOLS_SERVICE_NAME": "any",
    "PATH": "/usr/bin:/bin",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="what make build left: .aws-sam/build")
    parser.add_argument("before", type=Path, nargs="?", help="the same of another checkout, to compare with")
    parser.add_argument("--rounds", type=int, default=7, help="imports of each function of each build")
    given = parser.parse_args()
    runtime = subprocess.run([ROOT / "layers/runtime-python"], capture_output=True, text=True, check=True)
    python = Path(runtime.stdout.strip()) / "python3.13"
    builds = [given.build, given.before] if given.before else [given.build]
    taken: dict[tuple[Path, str], list[tuple[float, float, int]]] = defaultdict(list)
    for _ in range(given.rounds):
        for function in FUNCTIONS:
            for build in builds:
                taken[build, function].append(imported(python, build.resolve(), function))
    for function in FUNCTIONS:
        print("  ".join([f"{function:10}", *(line(taken[build, function]) for build in builds)]), end="")
        if given.before:
            now, before = (min(taken[build, function])[0] for build in builds)
            print(f"  ratio {now / before:.2f}", end="")
        print()


def imported(python: Path, build: Path, function: str) -> tuple[float, float, int]:
    """Processor seconds and seconds that one import takes, and how many modules are loaded after it."""
    paths = [build / f"{function}Function", *(build / layer / "python" for layer in LAYERS)]
    ran = subprocess.run(
        [python, "-I", "-S", "-B", "-c", IMPORT, json.dumps([str(path) for path in paths])],
        env=SURROUNDINGS,
        capture_output=True,
        text=True,
        check=True,
    )
    worked, took, modules = json.loads(ran.stdout)
    return worked, took, modules


def line(rounds: list[tuple[float, float, int]]) -> str:
    """One function of one build: the least of each, and its modules."""
    worked, took, modules = min(rounds)[0], min(took for _, took, _ in rounds), rounds[0][2]
    return f"{worked * 1000:5.0f} ms of processor, {took * 1000:5.0f} ms, {modules:4} modules"


if __name__ == "__main__":
    main()
