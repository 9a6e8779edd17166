"""The note that a running `tracelode watch` leaves beside its output, by which other commands find the local system."""

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

NOTE: Final = ".tracelode.json"
_LOOPBACK: Final = "127.0.0.1"
_PATIENCE: Final = 2.0
"""Seconds for a connection on this machine."""


@dataclass(frozen=True, slots=True)
class Running:
    """A local system that is up: where its cloud listens, and its resources' physical ids by logical id."""

    endpoint: str
    year: int
    template: str
    resources: Mapping[str, str]


@contextlib.contextmanager
def announced(folder: Path, running: Running) -> Iterator[None]:
    """Keep the note in a folder while the context lasts. Raises OSError where it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    note, part = folder / NOTE, folder / f"{NOTE}.{os.getpid()}.part"
    part.write_text(json.dumps(asdict(running), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(note)
    try:
        yield
    finally:
        # A later watch of the same folder has put its own note there, which is not ours to take away.
        if running_in(folder) in (running, None):
            note.unlink(missing_ok=True)


def running_in(folder: Path) -> Running | None:
    """What the note in a folder says; None without a note, and for one that is none of ours."""
    try:
        running = Running(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    # Nothing but a system on this machine is local, whatever a note says.
    return running if urlsplit(running.endpoint).hostname == _LOOPBACK else None


def answers(running: Running) -> bool:
    """Whether the system is still there: a watch that was killed leaves its note behind."""
    address = urlsplit(running.endpoint)
    try:
        with socket.create_connection((_LOOPBACK, address.port or 0), timeout=_PATIENCE):
            return True
    except OSError:
        return False
