"""`tracelode latest`: where the newest report is, and getting it."""

import argparse
import tempfile
import webbrowser
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.report.files import INDEX
from tracelode.storage import places
from tracelode_console.commands.everyday.which_system import DONE, OPEN, installation_of, refusals_told, year_of
from tracelode_console.desk.installation import Installation
from tracelode_console.desk.output_folder import remove_others, write_tree
from tracelode_console.desk.published import Published, published
from tracelode_console.json_output import print_json


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Print where the report is, and get it if asked to; returns the exit status."""
    installation = installation_of(options)
    year = year_of(options, installation)
    latest = published(installation, year)
    if latest is None:
        err.print(Text(f"no report of {year} is published yet; `tracelode doctor` says what is missing"))
        return OPEN
    folder: Path | None = options.download
    if options.open and folder is None:
        folder = Path(tempfile.mkdtemp(prefix="tracelode-"))
    where = _download(installation, latest, folder, out, quiet=options.json) if folder else None
    place = f"s3://{installation.results_bucket}/{places.run_file(year, latest.run, '')}"
    if options.json:
        answer = {
            "year": year,
            "run": latest.run,
            "since": latest.since.isoformat(),
            "place": place,
            "files": dict(latest.files),
            "folder": str(where) if where else None,
        }
        print_json(out, answer)
    else:
        out.print(
            Text(printable(f"{year} run {latest.run}, {len(latest.files)} files, since {latest.since:%Y-%m-%d %H:%M}"))
        )
        out.print(Text(f"{where / INDEX}" if where else place))
    if options.open and where:
        webbrowser.open((where / INDEX).resolve().as_uri())
    return DONE


def _download(installation: Installation, latest: Published, folder: Path, out: Console, *, quiet: bool) -> Path:
    """Put the run's files into `<folder>/<year>/latest`, where `tracelode run` puts them as well."""
    shown = out.is_terminal and not quiet
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, transient=True, disable=not shown) as progress:
        task = progress.add_task("downloading", total=len(latest.files))
        contents = installation.results.read_whole_run(
            latest.year,
            latest.run,
            latest.files,
            observe=lambda name: progress.update(task, advance=1, description=name),
        )
    target = folder / str(latest.year) / "latest"
    write_tree(target, contents)
    remove_others(target, contents)
    return target
