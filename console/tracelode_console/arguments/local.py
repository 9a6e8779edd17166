"""What the commands take that run a case through the system on this machine."""

import argparse
from pathlib import Path
from typing import Final

from tracelode_console.arguments.command import Command

_ROOM: Final = "tracelode_console.commands.local"
_CASE_HELP: Final = """\
a case directory holds
  program.toml       the program year, its vocabulary and what the registrant says about itself
  suppliers.csv      the suppliers surveyed: supplier_id,name,contact_email,in_scope
  smelter-list.csv   the smelters' status: metal,cid,name,country,status
  conformant*, active*, reference-list*, revision*   RMI's own lists, as .xml, .xlsx or .csv, if you have them
  cmrt-template*.xlsx   official templates, whose look-up tabs say which names mean which smelter
  section-*.txt      your own texts for sections of the filing (docs/FILING.md)
  last-year.csv      smelters.csv of last year's report, to compare with
  dispositions.csv   what the team has decided about names (to-decide.csv of the report, filled in)
  inbox/             a folder for each supplier, named by its id, with the CMRT files it sent

the output folder gets, for the program year,
  <year>/latest/     the report: index.html first, then form-sd.htm, exhibit-1-01.htm, report.xlsx, ...
  <year>/runs/       every report that was the newest, by its number: the next run or watch goes on from there
  <year>/feedback/   what each supplier is told about its files
  <year>/reference/  what became of the reference files

exit status: 0 done, 1 something ended in a dead-letter queue, 2 the case or the command line is in error
"""
_REMADE_HELP: Final = (
    "exit status: 0 identical, 1 different or not complete, 2 the case or the command line is in error"
)


def _case(command: argparse.ArgumentParser) -> None:
    command.add_argument("case", metavar="CASE_DIR", type=Path, help="the case directory")


def _system(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--template", metavar="FILE", type=Path, default=None, help="the SAM template (default: the project's)"
    )
    command.add_argument(
        "--logs", metavar="DIR", type=Path, default=None, help="keep the functions' logs in this folder"
    )


def _published(command: argparse.ArgumentParser) -> None:
    _case(command)
    command.add_argument("--out", metavar="OUT_DIR", type=Path, required=True, help="where the report goes")
    _system(command)


def _remade(command: argparse.ArgumentParser) -> None:
    _case(command)
    _system(command)


LOCAL: Final = (
    Command(
        name="run",
        summary="feed a case through the local system until it is quiet, and say where the report is",
        epilog=_CASE_HELP,
        module=f"{_ROOM}.run",
        add_arguments=_published,
        needs_local=True,
    ),
    Command(
        name="watch",
        summary="stay up: what changes in the case shows up in the report within seconds; Ctrl-C stops",
        epilog=_CASE_HELP,
        module=f"{_ROOM}.watch",
        add_arguments=_published,
        needs_local=True,
    ),
    Command(
        name="rebuild",
        summary="run a case, forget all aggregates, make them and the report again from the ledger's facts alone, and "
        "say whether it is the same to the byte",
        epilog=_REMADE_HELP,
        module=f"{_ROOM}.remake",
        add_arguments=_remade,
        needs_local=True,
    ),
    Command(
        name="replay",
        summary="run a case, make a fresh ledger and report from the buckets' object versions alone, and say whether "
        "it is the same to the byte",
        epilog=_REMADE_HELP,
        module=f"{_ROOM}.remake",
        add_arguments=_remade,
        needs_local=True,
    ),
)
