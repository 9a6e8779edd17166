"""`tracelode redline`: what changed in the text of the filing between two runs, as a page and in Word."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.printing.wording import counted
from tracelode.report.files import EXHIBIT, EXHIBIT_IN_WORD, FORM_SD, FORM_SD_IN_WORD
from tracelode.report.filing.redline import redline, redline_page
from tracelode.report.filing.word import word
from tracelode.storage import places
from tracelode_console.commands.everyday.which_system import (
    DONE,
    CommandRefusedError,
    home_of,
    refusals_told,
    year_among,
)
from tracelode_console.desk.output_folder import write_tree
from tracelode_console.desk.runs.chosen_runs import Home, run_meant
from tracelode_console.json_output import print_json

_DOCUMENTS = ((FORM_SD, FORM_SD_IN_WORD, "Form SD"), (EXHIBIT, EXHIBIT_IN_WORD, "Exhibit 1.01"))
_PAGE = "redline.html"
_LARGEST = 20_000_000
"""Bytes of a document that is read from a folder."""
_NO_DOCUMENT = b"<html><body></body></html>"


@dataclass(frozen=True, slots=True)
class Edition:
    """One side of the comparison: what to call it, and its documents by name."""

    spoken: str
    documents: dict[str, bytes]


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
    """Write what differs between two editions; returns the exit status."""
    sides = (options.before, options.after)
    home = None if all(Path(side).is_dir() for side in sides) else home_of(options)
    before, after = (_edition(side, home, options) for side in sides)
    lined = {
        name: redline(before.documents.get(name, _NO_DOCUMENT), after.documents.get(name, _NO_DOCUMENT))
        for name, _, _ in _DOCUMENTS
    }
    note = f"From {before.spoken} to {after.spoken}."
    files = {
        _PAGE: redline_page("Redline of the filing", note, [(title, lined[name]) for name, _, title in _DOCUMENTS])
    }
    files |= {docx.replace(".docx", "-redline.docx"): word(lined[name].document) for name, docx, _ in _DOCUMENTS}
    write_tree(options.out, files)
    changed = {title: lined[name].changes for name, _, title in _DOCUMENTS}
    if options.json:
        told = {"from": before.spoken, "to": after.spoken, "changed_passages": changed, "folder": str(options.out)}
        print_json(out, {**told, "files": sorted(files)})
        return DONE
    out.print(Text(printable(note)))
    for title, changes in changed.items():
        out.print(Text(f"  {title}: {counted(changes, 'changed passage') if changes else 'nothing changed'}"))
    out.print(Text(f"{options.out / _PAGE}, and in Word beside it"))
    return DONE


def _edition(text: str, home: Home | None, options: argparse.Namespace) -> Edition:
    """A run of the year, `YEAR/RUN`, or a folder with a report."""
    folder = Path(text)
    if home is None or (folder.is_dir() and (folder / EXHIBIT).is_file()):
        return Edition(text, _from_folder(folder))
    year, _, run = text.rpartition("/")
    if year and not places.is_year(year):
        raise CommandRefusedError(f"{text!r} is no folder with a report, and no run: write YEAR/RUN")
    of_year = int(year) if year else year_among(options, home)
    runs = home.of_year(of_year)
    name = run_meant(runs, run)
    whole = runs.run_named(name)
    if whole is None:
        raise CommandRefusedError(f"run {name} of {of_year} is not whole: a file of it is gone, or is not what it was")
    wanted = {document: whole.files[document] for document, _, _ in _DOCUMENTS if document in whole.files}
    return Edition(f"run {name} of {of_year}", runs.read_whole_run(name, wanted))


def _from_folder(folder: Path) -> dict[str, bytes]:
    found = {}
    for name, _, _ in _DOCUMENTS:
        path = folder / name
        if path.is_file():
            if path.stat().st_size > _LARGEST:
                raise CommandRefusedError(f"{path} is larger than {_LARGEST // 1_000_000} MB")
            found[name] = path.read_bytes()
            if not found[name].isascii():
                raise CommandRefusedError(f"{path} is not ASCII, as what goes to EDGAR is")
    if not found:
        raise CommandRefusedError(f"{folder} has neither {FORM_SD} nor {EXHIBIT}")
    return found
