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
from tracelode_console.commands.everyday.which_system import DONE, OPEN, installation_of, refusals_told, year_of
from tracelode_console.desk.suppliers import DeclaredFile, declared_files, in_force
from tracelode_console.json_output import print_json

_HEADINGS: Final = ("Metal", "CID", "Name", "Country", "Rows", "File")
_ROWS_SHOWN: Final = 10
"""Rows of one smelter that are printed; `--json` has all."""


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
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
