"""What the commands take that need no system: files in, findings out."""

import argparse
from pathlib import Path
from typing import Final

from tracelode_console.arguments.command import Command

SHOWN: Final = 20
"""Entries of a list that `explain` prints unless it is asked for all."""
_ROOM: Final = "tracelode_console.commands.files"


def _review(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", metavar="FILE", type=Path, nargs="+", help="a CMRT workbook")
    command.add_argument("--json", action="store_true", help="print JSON: what each file declares, and its findings")
    command.add_argument("--year", type=int, default=0, help="the program year (default: the year of the declaration)")


def _lint_edgar(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", metavar="FILE", type=Path, nargs="+", help="an .htm or .txt file, or what it shows")
    command.add_argument("--json", action="store_true", help="print JSON: each file with its violations")


def _recount(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="an exhibit or a complete submission, as text or HTML"
    )
    command.add_argument("--json", action="store_true", help="print JSON: each file with everything counted and held")


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", metavar="WHAT", nargs="+", help="a figure, a number, a smelter or a supplier")
    command.add_argument(
        "--in",
        dest="folder",
        metavar="DIR",
        type=Path,
        default=None,
        help="the report's folder (default: this one, or the newest year's out/*/latest)",
    )
    command.add_argument("--json", action="store_true", help="print JSON: everything, with SHA-256 of files and lists")
    command.add_argument("--all", action="store_true", help=f"print long lists whole, not {SHOWN} entries of them")


def _take_back(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", type=Path, help="form-sd.docx or exhibit-1-01.docx, edited")
    command.add_argument(
        "--into", metavar="CASE_DIR", type=Path, required=True, help="where the texts go: the case directory"
    )
    command.add_argument(
        "--in",
        dest="folder",
        metavar="DIR",
        type=Path,
        default=None,
        help="the folder of the report that it was made from (default: this one, or the newest year's out/*/latest)",
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")
    command.add_argument(
        "--json", action="store_true", help="print JSON: each section with its text, and what was left"
    )


FILES: Final = (
    Command(
        name="review",
        summary="read and review CMRT files without any cloud, and print what was found",
        epilog="""\
exit status: 0 no file has an error, 1 some file has errors or cannot be read as a CMRT, 2 a file cannot be opened
""",
        module=f"{_ROOM}.review",
        add_arguments=_review,
    ),
    Command(
        name="lint-edgar",
        summary="say what EDGAR would refuse in documents that are to be filed together",
        more=" Links and images may lead from one of them to another.",
        epilog="""\
exit status: 0 EDGAR would take every file, 1 it would not, 2 a file cannot be opened
""",
        module=f"{_ROOM}.edgar",
        add_arguments=_lint_edgar,
    ),
    Command(
        name="recount",
        summary="recount the annex of smelters of an existing filing and hold it against the numbers that the filing "
        "states",
        epilog="""\
exit status: 0 every row fits and every stated number agrees, 1 something does not or no annex is found,
             2 a file cannot be read
""",
        module=f"{_ROOM}.recount",
        add_arguments=_recount,
    ),
    Command(
        name="explain",
        summary="say why a number of a report is what it is, down to suppliers' files, sheets and cells",
        epilog="""\
WHAT is
  a figure           smelters.conformant, or a part of its name: smelters, gold.active
  a number           241, 86%: the figures that have this value
  a smelter          CID001076, or its name as the report or a supplier has it
  a supplier         its id or its name

The answer comes from the report's own provenance.json: nothing is asked of any service, and nothing is computed anew.

exit status: 0 explained, 1 nothing in the report goes by that name, 2 no report can be read there
""",
        module=f"{_ROOM}.explain",
        add_arguments=_explain,
    ),
    Command(
        name="take-back",
        summary="take what a lawyer has edited in Word back into your own texts for sections",
        epilog="""\
FILE is held against the Word document in DIR that it was made from. Each section whose text is another becomes
CASE_DIR/section-<name>.txt; a paragraph of a text of yours that nobody has changed keeps the names of its figures.
What could not be taken is said: tables, Annex I, headings, the cover, formats, comments. Tracked changes are taken as
accepted. A text of yours that is not the one the report printed is left as it is.

exit status: 0 everything that was changed is taken, or nothing was, 1 something was not, 2 a file cannot be read
""",
        module=f"{_ROOM}.take_back",
        add_arguments=_take_back,
    ),
)
