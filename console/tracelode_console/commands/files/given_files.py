"""Files that the command line names: opened, read within a bound, and what is said of one that cannot be."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable


class FileRefusedError(Exception):
    """A file cannot be opened, or is larger than what is read; the message names it."""


def first_bytes(path: Path, at_most: int) -> bytes:
    """The file, or as much of it as that. Raises FileRefusedError where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(at_most)
    except OSError as error:
        raise FileRefusedError(f"{path}: {error.strerror or error}") from error


def whole_file(path: Path, at_most: int) -> bytes:
    """The file. Raises FileRefusedError where it cannot be opened or is larger than that."""
    data = first_bytes(path, at_most + 1)
    if len(data) > at_most:
        raise FileRefusedError(f"{path}: larger than {at_most:,} bytes")
    return data


def say_refused(err: Console, refusal: Exception) -> None:
    """Print why a file is not read."""
    err.print(Text(printable(str(refusal)), style="bold red"))
