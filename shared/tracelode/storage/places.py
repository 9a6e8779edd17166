"""Where things lie in the buckets: `{year}/...` in each of them."""

import re
from dataclasses import dataclass

from tracelode.sources.roster import SUPPLIER_ID

_LONGEST_ANSWERED = 1000
"""Bytes of a file name in its answer's key, which S3 keeps to 1,024."""
_YEAR = re.compile(r"20[1-9]\d|2100")


class MisplacedObjectError(ValueError):
    """An object whose key does not say what it is; somebody has to move it, so its message ends as a dead letter."""


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """A supplier's file in the inbox: `{year}/{supplier}/{file}`; the file may lie in folders of its own."""

    year: int
    supplier_id: str
    file: str


@dataclass(frozen=True, slots=True)
class ReferencePlace:
    """A reference file: `{year}/{file}`."""

    year: int
    file: str


def inbox_place(key: str) -> InboxPlace:
    """What an inbox key says. Raises MisplacedObjectError when it has another shape."""
    year, _, rest = key.partition("/")
    supplier_id, _, file = rest.partition("/")
    if not (_YEAR.fullmatch(year) and SUPPLIER_ID.fullmatch(supplier_id) and file):
        raise MisplacedObjectError("an inbox key must read {year}/{supplier}/{file}")
    return InboxPlace(int(year), supplier_id, file)


def reference_place(key: str) -> ReferencePlace:
    """What a reference key says. Raises MisplacedObjectError when it has another shape."""
    year, _, file = key.partition("/")
    if not (_YEAR.fullmatch(year) and file and "/" not in file):
        raise MisplacedObjectError("a reference key must read {year}/{file}")
    return ReferencePlace(int(year), file)


def is_folder(key: str) -> bool:
    """Whether a key is what a console puts to show an empty folder: nobody's file."""
    return key.endswith("/")


def is_year(name: str) -> bool:
    """Whether the first part of a key names a program year."""
    return _YEAR.fullmatch(name) is not None


def feedback(year: int, supplier_id: str, submission_id: str, name: str) -> str:
    """Key of a file of a submission's feedback."""
    return f"{year}/feedback/{supplier_id}/{submission_id}/{name}"


def reference_answer(year: int, file: str) -> str:
    """Key of the answer to a reference file; a name so long that its answer's key would not fit loses its end."""
    fits = file.encode()[:_LONGEST_ANSWERED].decode(errors="ignore")
    return f"{year}/reference/{fits}.json"


def run_file(year: int, run: str, name: str) -> str:
    """Key of a file of an immutable run."""
    return f"{year}/runs/{run}/{name}"


def latest_file(year: int, name: str) -> str:
    """Key of the copy of a file of the latest run."""
    return f"{year}/latest/{name}"


def pointer(year: int) -> str:
    """Key of the pointer to the latest run."""
    return f"{year}/latest.json"


def latest_told(year: int) -> str:
    """Key of the note of which run the compliance team was told about last."""
    return f"{year}/latest-told.json"


def runs(year: int) -> str:
    """The beginning of the keys of all runs."""
    return f"{year}/runs/"


def frozen(year: int) -> str:
    """Key of the note of which run is the one to file."""
    return f"{year}/frozen.json"
