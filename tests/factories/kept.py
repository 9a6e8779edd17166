"""What costs seconds to make is made once for all processes of a run and for later ones, and found by its content."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(tempfile.gettempdir()) / f"tracelode-tests-{os.getuid()}"


def kept(make: Callable[[], bytes], *content: bytes | str) -> bytes:
    """What `make` makes of the content, which has to name everything that it depends on, programs and versions too."""
    digest = hashlib.sha256()
    for each in content:
        part = each.encode() if isinstance(each, str) else each
        digest.update(len(part).to_bytes(8, "big") + part)
    path = FOLDER / digest.hexdigest()
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    # Whoever comes second waits for the first instead of doing the same beside it.
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            partial = path.with_suffix(".partial")
            partial.write_bytes(make())
            partial.replace(path)
    return path.read_bytes()


def source(*names: str) -> str:
    """A digest of files and folders of the project: what was made by this code is not what other code would make."""
    digest = hashlib.sha256()
    for name in names:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts):
                digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
