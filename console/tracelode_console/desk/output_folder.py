"""Folders on this machine that reports and letters are written to: files whole, names kept inside, no link followed."""

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_LAST: Final = "manifest.json"
"""Put in place last: whoever reads it first and follows its hashes finds the files of its run, or notices."""


class OutputFolderError(OSError):
    """The output folder cannot be written, or something in it points elsewhere."""


def write_tree(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files below a folder, named with `/` between folders; each appears whole or not at all, the manifest last.

    Raises OutputFolderError for a name that leads out of the folder, a symbolic link on the way, or a failing disk.
    """
    parts: dict[Path, Path] = {}
    try:
        for name in sorted(contents, key=lambda name: (name == _LAST, name)):
            target = _inside(folder, name)
            _make_folders(folder, target.parent)
            if target.is_dir() and not target.is_symlink():
                raise OutputFolderError(f"{target} is a folder and should be a file")
            parts[target] = target.with_name(f".{target.name}.part")
            _write_new(parts[target], contents[name])
        for target, part in parts.items():
            part.replace(target)
    except OutputFolderError:
        raise
    except OSError as error:
        raise OutputFolderError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def remove_others(folder: Path, names: Iterable[str]) -> None:
    """Remove every file below the folder that is not among the names, and every folder that is empty then."""
    keep = {_inside(folder, name) for name in names}
    if folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink():
        _prune(folder, keep)


def write_once(path: Path, content: bytes, *, replacing: bool = False) -> bool:
    """Write a file whole, over another only if asked to; says whether it was written. Raises OutputFolderError."""
    part = path.with_name(f".{path.name}.part")
    if path.is_symlink() or path.parent.is_symlink():
        raise OutputFolderError(f"{path} is, or lies behind, a symbolic link")
    try:
        _write_new(part, content)
        if replacing:
            part.replace(path)
        else:
            path.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError as error:
        raise OutputFolderError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return True


def _prune(folder: Path, keep: set[Path]) -> None:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            _prune(path, keep)
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in keep:
            path.unlink()


def _inside(folder: Path, name: str) -> Path:
    unsafe = any(part in ("", ".", "..") or "\\" in part or not part.isprintable() for part in name.split("/"))
    if unsafe:
        raise OutputFolderError("an object's name leads out of the output folder")
    return folder / name


def _make_folders(top: Path, folder: Path) -> None:
    """Make a folder below `<out>/<year>/<part>`, which is `top`; what is there already may be no symbolic link, because
    what is written through one lands elsewhere."""
    top.parent.parent.mkdir(parents=True, exist_ok=True)
    below = [folder, *folder.parents]
    for path in reversed(below[: below.index(top) + 2]):
        if path.is_symlink():
            raise OutputFolderError(f"{path} is a symbolic link; reports are only written to real folders")
        path.mkdir(exist_ok=True)


def _write_new(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
