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


def children() -> dict[int, list[str]]:
    """The command line of each process that this one started, by process id."""
    found: dict[int, list[str]] = {}
    for task in (_PROC / "self/task").iterdir():
        with contextlib.suppress(OSError):
            for pid in (task / "children").read_text().split():
                with contextlib.suppress(OSError):
                    found[int(pid)] = (_PROC / pid / "cmdline").read_text().split("\0")
    return found


def environment_pids() -> dict[str, int]:
    """The processes of the functions' execution environments, by `function-number`."""
    found: dict[str, int] = {}
    for pid, command in sorted(children().items()):
        if "tracelode_local.delivery.environment_process" in command:
            function = command[command.index("tracelode_local.delivery.environment_process") + 1]
            number = sum(name.rpartition("-")[0] == function for name in found) + 1
            found[f"{function}-{number}"] = pid
    return found


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
    return sum(each.ru_utime + each.ru_stime for each in used) + sum(map(_seconds, children()))


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
