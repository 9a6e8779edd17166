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
)
