"""The command line as a user has it: a process of its own, from start to exit."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "tracelode_console.cli")
PATIENCE = 60.0
"""Seconds; far more than anything takes, for a machine that is busy with something else."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished `tracelode run`."""

    status: int
    out: str
    err: str
    folder: Path

    def latest(self, year: int = 2016) -> Path:
        return self.folder / str(year) / "latest"

    def figures(self, year: int = 2016) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.latest(year) / "figures.json").read_text())
        return found


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Ran]:
    """Run a case into a folder of its own (`out`, or the one named)."""

    def run_case(case: Path, *more: str, out: str = "out") -> Ran:
        folder = tmp_path / out
        done = subprocess.run(
            [*COMMAND, "run", str(case), "--out", str(folder), *more],
            capture_output=True,
            text=True,
            timeout=10 * PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr, folder)

    return run_case


@dataclass
class Watching:
    """A `tracelode watch` that is up."""

    process: subprocess.Popen[str]
    folder: Path
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)
    said: list[str] = field(default_factory=list)

    def wait_for(self, text: str) -> str:
        """The next line, of those not yet waited for, that has the text in it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                line = self.lines.get(timeout=0.1)
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            self.said.append(line)
            if text in line:
                return line
        pytest.fail(f"{text!r} was never said, but:\n" + "".join(self.said))

    def figures(self, year: int = 2016) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / str(year) / "latest" / "figures.json").read_text())
        return found

    def listen(self) -> None:
        """Collect what is said until the process closes its output."""
        for line in self.process.stdout or ():
            self.lines.put(line)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[Path], Watching]]:
    """Start watching a case; whatever still runs in the end is stopped."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Tests that a script runs in the background inherit that Ctrl-C is ignored, and so would what they start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    started: list[Watching] = []

    def watch_case(case: Path) -> Watching:
        folder = tmp_path / "out"
        process = subprocess.Popen(
            [*COMMAND, "watch", str(case), "--out", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        watching = Watching(process, folder)
        started.append(watching)
        threading.Thread(target=watching.listen, daemon=True).start()
        watching.wait_for("Watching")
        return watching

    yield watch_case
    for watching in started:
        if watching.process.poll() is None:
            watching.process.send_signal(signal.SIGTERM)
            try:
                watching.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                watching.process.kill()
                watching.process.wait()
