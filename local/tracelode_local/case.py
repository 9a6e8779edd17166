"""A case directory: the reference files of a program year and the suppliers' files in `inbox/`.

program.toml  suppliers.csv  smelter-list.csv  inbox/<supplier_id>/<any name>

and whatever else tracelode.reference.kinds knows: RMI's lists, decisions about names, official templates.
"""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.reference.content import Content, Taken
from tracelode.reference.kinds import kind_of, missing_for_report, take
from tracelode.sources.program import Program
from tracelode.sources.roster import SUPPLIER_ID, Roster, folder_key

INBOX: Final = "inbox"
_LARGEST_KEY: Final = 1024
"""Bytes that an S3 key can have."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_TABLES: Final = (".csv", ".toml", ".xls", ".xlsm", ".xlsx", ".xml")
"""Endings of what may well have been meant as a reference file."""


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
    """What lies in a case directory now, by name; `warnings` are about what is passed over or taken for something.

    `suppliers` are those whose folders were looked for.
    """

    references: Mapping[str, CaseFile]
    inbox: Mapping[str, CaseFile]
    warnings: tuple[str, ...]
    suppliers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """A case whose reference files are all in order, and has those that a report cannot do without."""

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
    taken: dict[str, Taken] = {}
    present: set[str] = set()
    for name, file in list_case(folder).references.items():
        kind = kind_of(name)
        if kind is None:
            continue
        present.add(kind.name)
        try:
            taken[kind.name] = take(name, file.path.read_bytes())
        except OSError as error:
            problems.append(f"{name}: cannot be read: {error.strerror}")
        except ReferenceRefusedError as refusal:
            problems += reference_problems(refusal)
    problems += (
        f"{kind.example}: missing; create {folder / kind.example} ({kind.purpose})"
        for kind in missing_for_report(present)
    )
    if not (folder / INBOX).is_dir():
        problems.append(f"{INBOX}/: missing; create {folder / INBOX} with a folder for each supplier, named by its id")
    contents = [each.content for each in taken.values()]
    declared = next((content for content in contents if isinstance(content, Program)), None)
    rosters = (content for content in contents if isinstance(content, Roster))
    suppliers = [supplier.supplier_id for roster in rosters for supplier in roster.suppliers]
    if problems or declared is None:
        raise CaseRefusedError(tuple(problems))
    return Case(folder, declared, frozenset(suppliers))


def check_reference(name: str, data: bytes) -> Content:
    """What a reference file says; raises ReferenceRefusedError with every problem in it."""
    return take(name, data).content


def reference_problems(refusal: ReferenceRefusedError) -> tuple[str, ...]:
    """The problems of a refused file, a line each, every line naming the file."""
    return tuple(f"{refusal.file}: {problem}" for problem in refusal.problems)


def list_case(folder: Path, suppliers: Collection[str] = ()) -> Listing:
    """What lies in a case directory now. Files that vanish while it is read are left out.

    A folder whose name differs from the id of one of `suppliers` in capitals or spaces alone is that supplier's, with a
    warning that says so, unless it has a folder of its own as well.

    Passed over: dot files, Thumbs.db, desktop.ini, lock files (`~$...`), and, with a warning, tables beside the inbox
    that are no reference files by their names, and in the inbox whatever has no supplier's folder above it or cannot
    become a key.
    """
    warnings: list[str] = []
    references = _references(folder, warnings)
    meant = _folders_meant(folder / INBOX, suppliers, warnings)
    inbox: dict[str, CaseFile] = {}
    for path, name in _walk(folder / INBOX, "", warnings):
        supplier, slash, file = name.partition("/")
        if supplier in meant:
            supplier, name = meant[supplier], f"{meant[supplier]}/{file}"
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
    inbox = {name: inbox[name] for name in sorted(inbox)}
    return Listing(references, inbox, tuple(warnings), frozenset(suppliers))


def _folders_meant(inbox: Path, suppliers: Collection[str], warnings: list[str]) -> dict[str, str]:
    """The supplier of each folder that is nobody's by its very name, and one's for whoever reads it."""
    try:
        names = sorted(entry.name for entry in os.scandir(inbox) if entry.is_dir() and entry.name not in suppliers)
    except OSError:
        return {}
    alike: dict[str, list[str]] = {}
    for name in (*suppliers, *names):
        alike.setdefault(folder_key(name), []).append(name)
    meant = {}
    for name in names:
        known = [each for each in alike[folder_key(name)] if each in suppliers]
        if len(known) == 1 and len(alike[folder_key(name)]) == 2 and not (inbox / known[0]).is_dir():
            meant[name] = known[0]
            warnings.append(
                f"{INBOX}/{_shown(name)} is taken for the folder of {known[0]}: only capitals or spaces differ"
            )
    return meant


def _references(folder: Path, warnings: list[str]) -> dict[str, CaseFile]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not _is_clutter(entry.name))
    except OSError:
        return {}
    references: dict[str, CaseFile] = {}
    for name in names:
        found = _case_file(folder / name, name)
        if found and kind_of(name) and _can_be_a_key(name) and "\\" not in name:
            references[name] = found
        elif found and name.lower().endswith(_TABLES):
            warnings.append(f"{_shown(name)} is passed over: no reference file is called so")
    return references


def _is_clutter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def _walk(folder: Path, above: str, warnings: list[str]) -> Iterator[tuple[Path, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        warnings.append(f"{INBOX}/{_shown(above)} cannot be read: {error.strerror}")
        return
    for entry in entries:
        if _is_clutter(entry.name):
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
