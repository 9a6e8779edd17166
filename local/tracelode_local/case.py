"""A case directory: the reference files of a program year and the suppliers' files in `inbox/`.

program.toml  suppliers.csv  smelter-list.csv  inbox/<supplier_id>/<any name>
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tracelode.reference import program, roster
from tracelode.reference.problems import ReferenceRefusedError
from tracelode.reference.program import Program, parse_program
from tracelode.reference.roster import SUPPLIER_ID, parse_roster
from tracelode.smelters import status
from tracelode.smelters.status import parse_smelter_list

INBOX: Final = "inbox"
_LARGEST_KEY: Final = 1024
"""Bytes that an S3 key can have."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_PURPOSE: Final[Mapping[str, str]] = {
    program.FILE: "the program year and the registrant",
    roster.FILE: "the suppliers surveyed: supplier_id,name,contact_email,in_scope",
    status.FILE: "the smelters' status: metal,cid,name,country,status",
}
REFERENCE_FILES: Final = tuple(_PURPOSE)
"""What a case has to have beside its inbox."""
_PARSERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    program.FILE: parse_program,
    roster.FILE: parse_roster,
    status.FILE: parse_smelter_list,
}
_NOT_YET_READ: Final = ("dispositions.csv", "cmrt-template.xlsx")


class CaseRefusedError(ValueError):
    """A case directory that cannot be run; carries every problem found, each as a line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes about a file when its content does: modification time in nanoseconds, size, and which file it is."""

    modified_ns: int
    size: int
    inode: int

    @property
    def modified(self) -> datetime:
        """The modification time in UTC, in whole milliseconds."""
        return _EPOCH + timedelta(milliseconds=self.modified_ns // 1_000_000)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of the case. `name` is its place below the case directory, or below `inbox/`, with `/` between folders."""

    path: Path
    name: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a case directory now, by name; `warnings` are about what is passed over."""

    references: Mapping[str, CaseFile]
    inbox: Mapping[str, CaseFile]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case whose three reference files are all in order."""

    folder: Path
    program: Program
    suppliers: frozenset[str]


def load_case(folder: Path) -> Case:
    """The case in a folder.

    Raises CaseRefusedError with everything that is missing or wrong; nothing is taken from a case that is refused.
    """
    if not folder.is_dir():
        raise CaseRefusedError((f"{folder}: no such folder",))
    problems: list[str] = []
    parsed: dict[str, object] = {}
    for name in REFERENCE_FILES:
        try:
            parsed[name] = _PARSERS[name]((folder / name).read_bytes())
        except FileNotFoundError:
            problems.append(f"{name}: missing; create {folder / name} ({_PURPOSE[name]})")
        except OSError as error:
            problems.append(f"{name}: cannot be read: {error.strerror}")
        except ReferenceRefusedError as refusal:
            problems += reference_problems(refusal)
    if not (folder / INBOX).is_dir():
        problems.append(f"{INBOX}/: missing; create {folder / INBOX} with a folder for each supplier, named by its id")
    declared = parsed.get(program.FILE)
    suppliers = parsed.get(roster.FILE)
    if problems or not isinstance(declared, Program) or not isinstance(suppliers, tuple):
        raise CaseRefusedError(tuple(problems))
    return Case(folder, declared, frozenset(supplier.supplier_id for supplier in suppliers))


def check_reference(name: str, data: bytes) -> object:
    """What a reference file says; raises ReferenceRefusedError with every problem in it."""
    return _PARSERS[name](data)


def reference_problems(refusal: ReferenceRefusedError) -> tuple[str, ...]:
    """The problems of a refused file, a line each, every line naming the file."""
    return tuple(f"{refusal.file}: {problem}" for problem in refusal.problems)


def list_case(folder: Path) -> Listing:
    """What lies in a case directory now. Files that vanish while it is read are left out.

    Passed over: dot files, Thumbs.db, desktop.ini, lock files (`~$...`), and, with a warning, whatever has no
    supplier's folder above it or cannot become a key.
    """
    warnings = [f"{name} is not read yet and has no effect" for name in _NOT_YET_READ if (folder / name).is_file()]
    references = {name: found for name in REFERENCE_FILES if (found := _case_file(folder / name, name))}
    inbox: dict[str, CaseFile] = {}
    for path, name in _walk(folder / INBOX, "", warnings):
        supplier, slash, _ = name.partition("/")
        if not slash:
            warnings.append(f"{INBOX}/{_shown(name)} lies in no supplier's folder and is passed over")
        elif not SUPPLIER_ID.fullmatch(supplier):
            warnings.append(f"{INBOX}/{_shown(name)} is passed over: {_shown(supplier)!r} cannot be a supplier id")
        elif not _can_be_a_key(name):
            warnings.append(f"{INBOX}/{_shown(name)} is passed over: its name cannot be a key")
        elif found := _case_file(path, name):
            inbox[name] = found
        elif path.is_symlink():
            warnings.append(f"{INBOX}/{_shown(name)} is passed over: a link that leads to no file")
    return Listing(references, {name: inbox[name] for name in sorted(inbox)}, tuple(warnings))


def _walk(folder: Path, above: str, warnings: list[str]) -> Iterator[tuple[Path, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        warnings.append(f"{INBOX}/{_shown(above)} cannot be read: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name.lower() in ("thumbs.db", "desktop.ini"):
            continue
        name = f"{above}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{name}/", warnings)
        else:
            yield Path(entry.path), name


def _case_file(path: Path, name: str) -> CaseFile | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return CaseFile(path, name, Stamp(found.st_mtime_ns, found.st_size, found.st_ino))


def _can_be_a_key(name: str) -> bool:
    try:
        return len(name.encode()) < _LARGEST_KEY - len("2016/") and name.isprintable()
    except UnicodeEncodeError:
        return False


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:200]
