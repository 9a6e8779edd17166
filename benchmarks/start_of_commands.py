"""How long `tracelode --help` takes from start to exit, against `python -c pass`: what a command costs before it works.

python benchmarks/start_of_commands.py [--runs 40] [--program PATH]
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

PROMISE = 0.2
"""Seconds of the whole process, on a machine that does nothing else."""


def once(command: Sequence[str | Path]) -> tuple[float, float]:
    """Seconds of wall and of processor that a process takes. Raises CalledProcessError if it fails."""
    before, start = _processor(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    """Seconds of processor that all children have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure both in turn, so that whatever else the machine does falls on both, and print the medians."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=40)
    arguments.add_argument("--program", type=Path, default=Path(sys.executable).with_name("tracelode"))
    options = arguments.parse_args()
    commands = {"python -c pass": (sys.executable, "-c", "pass"), "tracelode --help": (options.program, "--help")}
    for command in commands.values():
        once(command)
    measured = {name: [once(commands[name])] for name in commands}
    for _ in range(options.runs - 1):
        for name, command in commands.items():
            measured[name].append(once(command))
    least = {}
    for name, figures in measured.items():
        walls, used = ([pair[part] for pair in figures] for part in (0, 1))
        least[name] = min(walls), min(used)
        print(f"{name:<18} wall {median(walls):.3f} s (least {min(walls):.3f}), ", end="")
        print(f"processor {median(used):.3f} s (least {min(used):.3f})")
    bare, whole = least.values()
    print(f"least against least: wall {whole[0] / bare[0]:.1f}, processor {whole[1] / bare[1]:.1f}")
    print(f"promised: at most {PROMISE} s; measured: {whole[0]:.3f} s")


if __name__ == "__main__":
    main()
