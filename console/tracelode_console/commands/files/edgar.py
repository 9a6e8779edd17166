"""`tracelode lint-edgar`: whether EDGAR would take documents, said before the day on which they are filed."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from tracelode.edgar.lint import EDGAR_RULES, Violation, lint
from tracelode.printing.printable import printable
from tracelode_console.commands.files.given_files import FileRefusedError, say_refused, whole_file
from tracelode_console.json_output import print_json

MAX_DOCUMENT_BYTES: Final = 100_000_000
"""More than any submission may have; a larger file is refused unread."""


def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Lint the files; returns the exit status."""
    names = [path.name for path in options.files]
    found: dict[Path, tuple[Violation, ...]] = {}
    status = 0
    for path in options.files:
        try:
            data = whole_file(path, MAX_DOCUMENT_BYTES)
        except FileRefusedError as refusal:
            say_refused(err, refusal)
            status = 2
            continue
        found[path] = lint(data, path.name, companions=names)
    if options.json:
        documents = [
            {"file": str(path), "violations": [asdict(item) for item in items]} for path, items in found.items()
        ]
        print_json(out, documents)
    else:
        for path, items in found.items():
            _print(out, path, items)
    return max(status, int(any(found.values())))


def _print(out: Console, path: Path, items: tuple[Violation, ...]) -> None:
    if not items:
        out.print(Text(f"{printable(str(path))}: EDGAR's rules are kept"))
    for item in items:
        where = f"{printable(str(path))}:{item.line}:{item.column}"
        out.print(Text(printable(f"{where}: {item.rule} {item.message}; {item.remedy} ({EDGAR_RULES[item.rule]})")))
