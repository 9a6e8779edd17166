"""What Linux knows of this process and of those that it started: memory, processor time, open files, connections."""

import contextlib
import os
import resource
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def children(of: int | str = "self") -> dict[int, list[str]]:
    """The command line of each process that a process started, this one unless another is given, by process id."""
    found: dict[int, list[str]] = {}
    with contextlib.suppress(OSError):
        for task in (_PROC / str(of) / "task").iterdir():
            for pid in (task / "children").read_text().split():
                with contextlib.suppress(OSError):
                    found[int(pid)] = (_PROC / pid / "cmdline").read_text().split("\0")
    return found


def environment_pids() -> dict[str, int]:
    """The processes of the functions' execution environments, by `function-number`, as their logs are named."""
    forked = [pid for parent, command in children().items()
              if "tracelode_local.delivery.zygote" in command for pid in children(parent)]  # fmt: skip
    logs = {pid: Path(_link(_PROC / str(pid) / "fd/2")) for pid in sorted(forked)}
    return {log.stem: pid for pid, log in logs.items() if log.suffix == ".log"}


def cloud_pids() -> tuple[int, ...]:
    """The processes of moto, in the order in which they were started."""
    return tuple(pid for pid, command in sorted(children().items()) if "tracelode_local.cloud.cloud_process" in command)


def memory(pid: int) -> float:
    """Resident memory in megabytes; 0 for a process that is gone."""
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE / 1e6
    except OSError:
        return 0.0


def open_files(pid: int) -> int:
    """How many descriptors a process holds; 0 for one that is gone."""
    try:
        return len(os.listdir(_PROC / str(pid) / "fd"))  # noqa: PTH208 - only the number is wanted
    except OSError:
        return 0


def processor_seconds() -> float:
    """Processor time of this process and all that it started, also of those that are gone."""
    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = [*children(), *environment_pids().values()]
    return sum(each.ru_utime + each.ru_stime for each in used) + sum(map(_seconds, alive))


def pid_behind(port: int, candidates: Iterable[int]) -> int | None:
    """Which of some processes holds the local end of a loopback connection from that port."""
    wanted = f"0100007F:{port:04X}"
    inode = ""
    for line in (_PROC / "net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1] == wanted:
            inode = f"socket:[{fields[9]}]"
    for pid in candidates if inode else ():
        with contextlib.suppress(OSError):
            folder = _PROC / str(pid) / "fd"
            if any(_link(entry) == inode for entry in folder.iterdir()):
                return pid
    return None


def _link(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""


def _seconds(pid: int) -> float:
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
