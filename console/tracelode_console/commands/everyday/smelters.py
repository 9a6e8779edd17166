"""`tracelode smelters`: what one supplier declares, smelter by smelter, and in which file and rows."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode_console.commands.everyday.invite import surveyed
from tracelode_console.desk.declared import DeclaredFile, declared_files
from tracelode_console.desk.roster import in_force
from tracelode_console.everyday import DONE, OPEN, add_installation, installation_of, year_of
from tracelode_console.json_output import print_json

_HEADINGS: Final = ("Metal", "CID", "Name", "Country", "Rows", "File")
_ROWS_SHOWN: Final = 10
"""Rows of one smelter that are printed; `--json` has all."""
_HELP: Final = (
    "exit status: 0 some file of the supplier counts, 1 none does, 2 there is no such supplier or the system cannot be "
    "spoken to"
)


def add_smelters(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to a command line."""
    text = "say which smelters a supplier names, and in which rows of which file"
    command = commands.add_parser("smelters", help=text, description=text[0].upper() + text[1:] + ".", epilog=_HELP)
    command.add_argument("supplier", metavar="SUPPLIER", help="its supplier_id in suppliers.csv")
    add_installation(command)
    command.add_argument("--json", action="store_true", help="print JSON")


def run_smelters(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Print what the files that count for a supplier declare; returns the exit status."""
    installation = installation_of(options)
    year = year_of(options, installation)
    files = declared_files(installation, year, options.supplier)
    if files is None:
        surveyed(in_force(installation, year).suppliers, options.supplier, year)
    if options.json:
        print_json(out, [asdict(file) for file in files or ()])
    elif files:
        print_files(out, files)
    else:
        err.print(Text(printable(f"no file of {options.supplier} counts for {year}")))
    return DONE if files else OPEN


def print_files(out: Console, files: Sequence[DeclaredFile]) -> None:
    """Print the smelters of some files by metal, CID, name and country."""
    table = Table(box=box.SIMPLE if out.is_terminal else None, padding=(0, 1))
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    named = sorted((smelter, file.file) for file in files for smelter in file.smelters)
    for smelter, name in named:
        cells = (smelter.metal, smelter.cid, smelter.name, smelter.country, _rows(smelter.rows), name)
        table.add_row(*(Text(printable(cell) or "-") for cell in cells))
    out.print(table if named else "no smelter is named")
    for file in files:
        if file.left_out:
            more = f"{file.file} names {file.left_out:,} more than are kept here: see the file itself"
            out.print(Text(printable(more)))


def _rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:_ROWS_SHOWN]))
    return shown if len(rows) <= _ROWS_SHOWN else f"{shown} and {len(rows) - _ROWS_SHOWN:,} more"
