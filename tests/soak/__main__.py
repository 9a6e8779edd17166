"""A soak of the local engine: mixed traffic with faults for hours, paced, watched and held against a fresh run.

    python -m tests.soak --seconds 7200 --seed 1 [--share 0.2] [--out DIR]
    python -m tests.soak --write-docs DIR/soak.json

It says every minute how far it is, writes `soak.json` and two plots into the folder, and exits with 1 if anything was
lost, grew, drifted, ended in a dead-letter queue without a reason, or is not what a fresh run makes of the same inputs.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.soak.gauges import Gauges
from tests.soak.page import write_page, write_plots
from tests.soak.processes import processor_seconds
from tests.soak.rest import Rests, depths
from tests.soak.traffic import LIKELIHOOD, SoakedSystem, Traffic
from tracelode_local.delivery.pump import Activity

_REST_EVERY: Final = 240.0
_TELL_EVERY: Final = 60.0
_BURST: Final = 9
_BETWEEN: Final = 1.2
"""Seconds between two things of a burst, at most."""


def say(text: str) -> None:
    """Tell the terminal, or the log, at once."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)  # noqa: T201 - the command's output


@dataclass
class Soak:
    """One soak: bursts of traffic while the pump works, pauses that keep to the share of a processor, times of rest."""

    system: SoakedSystem
    seed: int
    share: float
    folder: Path
    gauges: Gauges
    due: list[float] = field(default_factory=list)
    told: float = 0.0
    used_before: float = field(default_factory=processor_seconds)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.traffic = Traffic(self.system, self.seed)
        self.rests = Rests(self.system, self.traffic)

    def run(self, seconds: float) -> None:
        """Traffic for so long, at rest in the end."""
        self.traffic.begin()
        self._rest()
        rested = 0.0
        while self.gauges.elapsed < seconds:
            self.system.wire.likelihood = LIKELIHOOD
            self._burst()
            self._pause(min(seconds, rested + _REST_EVERY))
            if self.gauges.elapsed - rested >= _REST_EVERY:
                self._rest()
                rested = self.gauges.elapsed
        self._rest()
        self.traffic.close()

    def _burst(self) -> None:
        at = time.monotonic()
        self.due = []
        for _ in range(self.dice.randint(1, _BURST)):
            self.due.append(at)
            at += self.dice.uniform(0, _BETWEEN)
        while self.due:
            time.sleep(max(0.0, self.due[0] - time.monotonic()))
            self._act()
            self.system.drain(self._meanwhile, windows_pass=True)

    def _meanwhile(self, _activity: Activity) -> None:
        """Go on sending while the pump works on what was sent before."""
        self._act()
        self._look()

    def _act(self) -> None:
        while self.due and self.due[0] <= time.monotonic():
            self.due.pop(0)
            self.traffic.act()

    def _pause(self, until: float) -> None:
        while self.gauges.elapsed < until and self._used() > self.share * self.gauges.elapsed:
            time.sleep(0.5)
            self._look()

    def _look(self) -> None:
        self.gauges.look()
        if self.gauges.elapsed - self.told >= _TELL_EVERY:
            self.told = self.gauges.elapsed
            self.tell()

    def _rest(self) -> None:
        before = len(self.rests.wrong)
        self.rests.rest()
        for wrong in self.rests.wrong[before:]:
            say(f"WRONG: {wrong}")
        self._look()
        self.write({"finished": False})

    def _used(self) -> float:
        return processor_seconds() - self.used_before

    def tell(self) -> None:
        """Say how far it is."""
        sample, wire, rests = self.gauges.samples[-1], self.system.wire, self.rests
        say(
            f"{self.gauges.elapsed:5.0f} s  {self.traffic.counted.total()} deeds, {wire.struck.total()} faults in "
            f"{wire.requests} calls, {rests.count} rests, {rests.letters.total()} dead letters answered, "
            f"{len(rests.wrong)} wrong; MB: engine {sample.engine:.0f}, largest function {sample.largest:.0f}, "
            f"moto {sample.moto:.0f}; {self._used() / self.gauges.elapsed:.0%} of a processor"
        )

    def write(self, more: dict[str, Any]) -> Path:
        """Write what is known so far; returns the file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        document = {
            "seed": self.seed,
            "seconds": round(self.gauges.elapsed),
            "processor_seconds": round(self._used()),
            "deeds": dict(self.traffic.counted.most_common()),
            "dropped": len(self.traffic.deeds),
            "calls": self.system.wire.requests,
            "faults": dict(self.system.wire.struck.most_common()),
            "rests": self.rests.count,
            "dead_letters": dict(self.rests.letters.most_common()),
            "wrong": self.rests.wrong,
            "processes": self.gauges.oldest_processes(),
            **more,
            "samples": self.gauges.document(),
        }
        path = self.folder / "soak.json"
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        return path


def soak(seconds: float, seed: int, share: float, folder: Path) -> int:
    """Run a soak and write its figures; 1 if something was wrong."""
    date = time.strftime("%Y-%m-%d")
    # Whatever any process leaves behind lands where it is counted.
    with tempfile.TemporaryDirectory(prefix="tracelode-soak-") as kept:
        logs, temporary = Path(kept) / "logs", Path(kept) / "tmp"
        temporary.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        with SoakedSystem(seed, log_folder=logs) as system:
            run = Soak(system, seed, share, folder, Gauges(system, temporary))
            run.run(seconds)
            lasted = run.gauges.elapsed
            run.gauges.next_at = float("inf")
            run.rests.wrong += run.gauges.judge()
            items = run.rests.items_are_what_they_ought_to_be()
            say("traffic is over; the same inputs go through a fresh system now")
            files = run.rests.a_fresh_run_agrees(say)
            written = run.write(
                {
                    "finished": True,
                    "date": date,
                    "seconds": round(lasted),
                    "items": items,
                    "fresh_run_files": files,
                    "queues_at_the_end": depths(system),
                }
            )
    write_plots(json.loads(written.read_text(encoding="utf-8")), folder)
    for wrong in run.rests.wrong:
        say(f"WRONG: {wrong}")
    say(f"{'nothing is wrong' if not run.rests.wrong else 'something is wrong'}; {written}")
    return 1 if run.rests.wrong else 0


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=7200, help="how long traffic lasts")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn depends on it")
    parser.add_argument("--share", type=float, default=0.2, help="of one processor, to use on average")
    parser.add_argument("--out", type=Path, default=Path("build/soak"), help="folder for soak.json and the plots")
    parser.add_argument("--write-docs", type=Path, metavar="FILE", help="put a soak.json's figures into docs/SOAK.md")
    given = parser.parse_args(arguments)
    if given.write_docs:
        write_page(json.loads(given.write_docs.read_text(encoding="utf-8")))
        return 0
    return soak(given.seconds, given.seed, given.share, given.out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
