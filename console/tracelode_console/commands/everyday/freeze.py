"""`tracelode freeze`: names a run as the one to file."""

import argparse
import getpass
import json
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.report.files import FIGURES, MANIFEST
from tracelode.report.frozen_run import Freeze, FrozenRun, frozen_as, frozen_json
from tracelode_console.commands.everyday.which_system import (
    DONE,
    OPEN,
    CommandRefusedError,
    home_of,
    refusals_told,
    runs_of,
)
from tracelode_console.desk.runs.chosen_runs import run_meant
from tracelode_console.json_output import print_json


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Name the run, unless another is named already; returns the exit status."""
    home = home_of(options)
    year, runs = runs_of(options, home)
    name = run_meant(runs, options.run)
    before = runs.frozen()
    if before and before.run == name:
        _print(out, year, before, "is the one to file, as before", options)
        return DONE
    if before and not options.again:
        named = f"run {before.run} is the one to file, {_who(before)}" if before.run else "frozen.json cannot be read"
        err.print(Text(printable(f"{year}: {named}; --again names run {name} in its place"), style="yellow"))
        return OPEN
    pointer = runs.run_named(name)
    if pointer is None:
        raise CommandRefusedError(f"run {name} is not whole: a file of it is gone, or is not what it was")
    report = runs.read_whole_run(name, {file: pointer.files[file] for file in (FIGURES, MANIFEST)})
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    frozen = frozen_as(Freeze(name, now, _by(options), options.note), pointer.files, report, before)
    if not runs.freeze(frozen):
        raise CommandRefusedError(f"somebody else has named a run of {year} meanwhile: tracelode status says which")
    replaced = f", in place of {before.run or 'what could not be read'}" if before else ""
    _print(out, year, frozen, f"is the one to file{replaced}", options)
    return DONE


def _by(options: argparse.Namespace) -> str:
    if options.by is not None:
        return str(options.by)
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _who(frozen: FrozenRun) -> str:
    by = f" by {frozen.freeze.by}" if frozen.freeze.by else ""
    return f"named on {frozen.freeze.at[:10]}{by}"


def _print(out: Console, year: int, frozen: FrozenRun, what: str, options: argparse.Namespace) -> None:
    if options.json:
        print_json(out, {"year": year, **json.loads(frozen_json(frozen))})
        return
    out.print(Text(printable(f"{year}: run {frozen.run} {what}"), style="bold"))
    through = frozen.responses_through or frozen.data_cut_off
    cut_off = f"responses through {through}" if through else "no response"
    out.print(Text(printable(f"  {_who(frozen)}; {cut_off}, made of {frozen.inputs} files")))
    if frozen.freeze.note:
        out.print(Text(printable(f"  {frozen.freeze.note}")))
