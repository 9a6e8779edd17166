"""Notices what changes in a case directory, once it has stopped changing."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from tracelode_local.case import CaseFile, Listing, Stamp, list_case

QUIET: Final = 0.5
"""Seconds that a file has to stay as it is before it is taken: whoever is still writing it gets to finish."""
_INTERVAL: Final = 1.0
"""Seconds between looks where the operating system reports nothing."""
_CLOSE_LOOK: Final = 0.1
"""Seconds between looks while something is changing."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different since the last time, in the order in which to hand it on, and what else there is to say."""

    references: tuple[CaseFile, ...] = ()
    dropped: tuple[CaseFile, ...] = ()
    deleted: tuple[str, ...] = ()
    missing_references: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.references or self.dropped or self.deleted or self.missing_references or self.warnings)


class ChangeFinder:
    """Compares a case directory with what was last handed on. Needs no clock of its own and no operating system."""

    def __init__(self, taken: Listing, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._references: dict[str, Stamp | None] = _stamps(taken.references)
        self._inbox: dict[str, Stamp | None] = _stamps(taken.inbox)
        self._warned = frozenset(taken.warnings)
        self._unsettled: dict[str, tuple[Stamp | None, float]] = {}

    @property
    def unsettled(self) -> bool:
        """Whether something is changing that is not handed on yet."""
        return bool(self._unsettled)

    def look(self, listing: Listing, now: float) -> Changes:
        """What has changed and then stayed as it is for the quiet time; `now` is in seconds of any steady clock."""
        present = {f"inbox/{name}" for name in self._inbox} | {f"inbox/{name}" for name in listing.inbox}
        present |= set(self._references) | set(listing.references)
        self._unsettled = {name: seen for name, seen in self._unsettled.items() if name in present}
        references = self._settled(self._references, listing.references, "", now)
        inbox = self._settled(self._inbox, listing.inbox, "inbox/", now)
        warnings = tuple(warning for warning in listing.warnings if warning not in self._warned)
        self._warned = frozenset(listing.warnings)
        return Changes(
            references=tuple(listing.references[name] for name in references if name in listing.references),
            dropped=tuple(listing.inbox[name] for name in inbox if name in listing.inbox),
            deleted=tuple(name for name in inbox if name not in listing.inbox),
            missing_references=tuple(name for name in references if name not in listing.references),
            warnings=warnings,
        )

    def _settled(
        self, taken: dict[str, Stamp | None], found: Mapping[str, CaseFile], prefix: str, now: float
    ) -> tuple[str, ...]:
        settled: list[str] = []
        for name in sorted(set(taken) | set(found)):
            stamp = found[name].stamp if name in found else None
            if stamp == taken.get(name):
                self._unsettled.pop(prefix + name, None)
                continue
            seen, since = self._unsettled.setdefault(prefix + name, (stamp, now))
            if seen != stamp:
                self._unsettled[prefix + name] = (stamp, now)
            elif now - since >= self._quiet:
                del self._unsettled[prefix + name]
                taken[name] = stamp
                settled.append(name)
        return tuple(settled)


class FolderWatch:
    """Context manager: waits for changes of a case directory.

    The operating system's reports only shorten the wait; each look compares the folder itself, so a report that is
    lost, or a file system that sends none, delays a change by a second and loses nothing.
    """

    def __init__(self, folder: Path, taken: Listing) -> None:
        self._folder = folder
        self._suppliers = taken.suppliers
        self._finder = ChangeFinder(taken)
        self._stirred = threading.Event()
        self._observer = Observer()

    def __enter__(self) -> "FolderWatch":
        try:
            self._observer.schedule(_Stirrer(self._stirred.set), str(self._folder), recursive=True)
            self._observer.start()
        except OSError:
            # Out of the operating system's watches: looking every second has to do.
            self._observer = Observer()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join(timeout=5)

    def wait(self, patience: float) -> Changes:
        """The next changes; none if there were none for about as many seconds as there is patience."""
        end = time.monotonic() + patience
        while True:
            changes = self._finder.look(list_case(self._folder, self._suppliers), time.monotonic())
            if changes or (not self._finder.unsettled and time.monotonic() >= end):
                return changes
            if self._finder.unsettled:
                time.sleep(_CLOSE_LOOK)
            else:
                self._stirred.wait(max(0.0, min(_INTERVAL, end - time.monotonic())))
                self._stirred.clear()


class _Stirrer(FileSystemEventHandler):
    def __init__(self, stir: Callable[[], None]) -> None:
        self._stir = stir

    def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002  the look finds out what it was
        self._stir()


def _stamps(files: Mapping[str, CaseFile]) -> dict[str, Stamp | None]:
    return {name: file.stamp for name, file in files.items()}
