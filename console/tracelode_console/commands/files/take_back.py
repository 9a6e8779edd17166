"""`tracelode take-back`: what a lawyer has edited in Word becomes texts of the team's own for sections."""

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from tracelode.own_text.own_sections import MAX_SECTION_BYTES
from tracelode.printing.printable import printable
from tracelode.report.files import EXHIBIT_IN_WORD, FORM_SD_IN_WORD, MANIFEST
from tracelode.report.filing.read_word import MAX_WORD_BYTES, NotAWordDocumentError, WordText, read_word
from tracelode.report.filing.take_back import TakenBack, in_common, take_back
from tracelode_console.commands.files.given_files import FileRefusedError, say_refused, whole_file
from tracelode_console.commands.files.report_folder import NoReportError, report_folder
from tracelode_console.json_output import print_json

TAKEN: Final = 0
LEFT: Final = 1
UNREADABLE: Final = 2
_LARGEST_MANIFEST: Final = 100_000_000


class _UnreadableError(Exception):
    """A file that cannot be used; the message names it."""


def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Take the edited text back; returns the exit status."""
    try:
        folder = report_folder(options.folder, MANIFEST)
        edited = _read(options.file)
        printed = max(
            (_read(folder / name) for name in (FORM_SD_IN_WORD, EXHIBIT_IN_WORD) if (folder / name).is_file()),
            key=lambda document: in_common(document, edited),
            default=WordText(),
        )
        if not in_common(printed, edited):
            raise _UnreadableError(f"{options.file} has no text in common with the Word documents in {folder}")
        if not options.into.is_dir():
            raise _UnreadableError(f"{options.into}: no such folder")
        texts, another = _own_texts(folder, options.into)
        taken = _without(take_back(printed, edited, texts), another)
        if not options.dry_run:
            for section, text in taken.sections.items():
                _path(options.into, section).write_text(text, encoding="utf-8", newline="\n")
    except (NoReportError, FileRefusedError, _UnreadableError) as error:
        say_refused(err, error)
        return UNREADABLE
    except OSError as error:
        say_refused(err, FileRefusedError(f"{error.filename}: {error.strerror}"))
        return UNREADABLE
    if options.json:
        print_json(out, {"sections": dict(taken.sections), "not_taken": list(taken.not_taken)})
    else:
        _print(out, options, taken)
    return LEFT if taken.not_taken else TAKEN


def _read(path: Path) -> WordText:
    try:
        return read_word(whole_file(path, MAX_WORD_BYTES))
    except NotAWordDocumentError as error:
        raise _UnreadableError(f"{path}: {error}") from error


def _own_texts(folder: Path, case: Path) -> tuple[dict[str, str], frozenset[str]]:
    """The texts of the case that the report printed, by section; and the sections for which the case has another."""
    try:
        manifest = json.loads(whole_file(folder / MANIFEST, _LARGEST_MANIFEST))
        printed = {each["section"] for each in manifest["own_sections"] if each["printed"]}
        hashes = {each["sha256"] for each in manifest["inputs"]}
    except (ValueError, LookupError, TypeError) as error:
        raise _UnreadableError(f"{folder / MANIFEST} is no manifest of a report") from error
    texts: dict[str, str] = {}
    another: set[str] = set()
    for path in sorted(case.glob("section-*.txt")):
        section, data = path.stem.removeprefix("section-"), whole_file(path, MAX_SECTION_BYTES)
        if hashlib.sha256(data).hexdigest() not in hashes:
            if data.strip():
                another.add(section)
        elif section in printed:
            texts[section] = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return texts, frozenset(another)


def _without(taken: TakenBack, sections: frozenset[str]) -> TakenBack:
    """What was taken but for sections of which the case has a text that the report does not know."""
    left = [section for section in taken.sections if section in sections]
    told = tuple(f"{section}: section-{section}.txt is not the text that the report was made with" for section in left)
    kept: Mapping[str, str] = {section: text for section, text in taken.sections.items() if section not in left}
    return replace(taken, sections=kept, not_taken=(*taken.not_taken, *told))


def _path(case: Path, section: str) -> Path:
    return case / f"section-{section}.txt"


def _print(out: Console, options: argparse.Namespace, taken: TakenBack) -> None:
    verb = "would write" if options.dry_run else "written"
    for section in taken.sections:
        out.print(Text(printable(f"{verb}  {_path(options.into, section)}")))
    if not taken.sections:
        out.print("no section is to be written")
    for what in taken.not_taken:
        out.print(Text(printable(f"not taken  {what}"), style="yellow"))
