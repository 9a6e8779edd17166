"""Memory, open files, queue depths and temporary files along the way, and whether any of it grows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.soak import processes
from tests.soak.rest import depths
from tests.soak.traffic import SoakedSystem

INTERVAL: Final = 10.0
"""Seconds between two samples."""
TOO_SHORT: Final = 1200.0
"""Seconds that a soak has to last for its growth to be judged."""
_GROWTH: Final = 0.15
_SPARE_MEGABYTES: Final = 12.0
_SPARE_FILES: Final = 8
_WARM: Final = 300.0
"""Seconds after which a process has done everything once and is as large as it ought to be."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A look at the system. Memory in megabytes; `functions` by environment, with the process that it was then."""

    at: float
    engine: float
    moto: float
    functions: dict[str, tuple[int, float]]
    files: dict[str, int]
    waiting: int
    dead: int
    temporary: int
    logs: float

    @property
    def largest(self) -> float:
        """The largest function's memory."""
        return max((memory for _, memory in self.functions.values()), default=0.0)


@dataclass
class Gauges:
    """Takes samples, and judges them. `folder` is where temporary files of all processes go."""

    system: SoakedSystem
    folder: Path
    began: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)
    next_at: float = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def look(self) -> None:
        """Take a sample if it is time."""
        if self.elapsed >= self.next_at:
            self.next_at = self.elapsed + INTERVAL
            self.samples.append(self._sample())

    def _sample(self) -> Sample:
        functions = processes.environment_pids()
        waiting = depths(self.system)
        dead = {
            name for name, queue in self.system.stack.queues.items() if queue in self.system.stack.dead_letter_queues
        }
        moto = processes.cloud_pids()[0]
        files = {"engine": processes.open_files(_me()), "moto": processes.open_files(moto)}
        files["function"] = max(map(processes.open_files, functions.values()), default=0)
        return Sample(
            at=round(self.elapsed, 1),
            engine=round(processes.memory(_me()), 1),
            moto=round(processes.memory(moto), 1),
            functions={_short(name): (pid, round(processes.memory(pid), 1)) for name, pid in functions.items()},
            files=files,
            waiting=sum(depth for name, depth in waiting.items() if name not in dead),
            dead=sum(depth for name, depth in waiting.items() if name in dead),
            temporary=sum(1 for _ in self.folder.rglob("*")),
            logs=round(sum(log.stat().st_size for log in self.system.log_folder.iterdir()) / 1e6, 2),
        )

    def judge(self) -> list[str]:
        """What has grown and ought not to; nothing is judged of a short soak."""
        if not self.samples or self.samples[-1].at < TOO_SHORT:
            return []
        early, late = self._part(0.25, 0.5), self._part(0.75, 1.0)
        of: dict[str, Callable[[Sample], float]] = {
            "engine": lambda s: s.engine,
            "largest function": lambda s: s.largest,
        }
        grown = [
            f"memory of the {name} grew from {median(map(get, early)):.0f} to {median(map(get, late)):.0f} MB"
            for name, get in of.items()
            if median(map(get, late)) > median(map(get, early)) * (1 + _GROWTH) + _SPARE_MEGABYTES
        ]
        for name in late[0].files:
            before, after = (max(sample.files[name] for sample in part) for part in (early, late))
            if after > before + _SPARE_FILES:
                grown.append(f"open files of {name} grew from {before} to {after}")
        before, after = (max(sample.temporary for sample in part) for part in (early, late))
        if after > before + _SPARE_FILES:
            grown.append(f"temporary files grew from {before} to {after}")
        return grown

    def oldest_processes(self) -> list[dict[str, Any]]:
        """Of each environment, the process that lived longest: its memory when it was warm, and at its end."""
        lives: dict[tuple[str, int], list[tuple[float, float]]] = {}
        for sample in self.samples:
            for name, (pid, megabytes) in sample.functions.items():
                lives.setdefault((name, pid), []).append((sample.at, megabytes))
        longest: dict[str, list[tuple[float, float]]] = {}
        for (name, _), life in lives.items():
            if name not in longest or life[-1][0] - life[0][0] > longest[name][-1][0] - longest[name][0][0]:
                longest[name] = life
        return [_life(name, life) for name, life in sorted(longest.items())]

    def document(self) -> list[dict[str, Any]]:
        """The samples as JSON takes them."""
        return [asdict(sample) | {"largest": sample.largest} for sample in self.samples]

    def _part(self, begin: float, end: float) -> Sequence[Sample]:
        last = self.samples[-1].at
        return [sample for sample in self.samples if begin * last <= sample.at <= end * last]


def _life(name: str, life: Sequence[tuple[float, float]]) -> dict[str, Any]:
    warm = next((megabytes for at, megabytes in life if at - life[0][0] >= _WARM), life[-1][1])
    return {"environment": name, "seconds": round(life[-1][0] - life[0][0]), "warm": warm, "end": life[-1][1]}


def _me() -> int:
    return int(Path("/proc/self").readlink().name)


def _short(name: str) -> str:
    function, _, number = name.rpartition("-")
    return f"{function.rpartition('-')[2].removesuffix('Function').lower()}-{number}"
