"""`tracelode remind`: whom to chase, with the text to send to each."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.report.files import SOURCES, SUPPLIERS
from tracelode.storage import places
from tracelode.submission import State
from tracelode_console.commands.everyday.invite import no_page
from tracelode_console.commands.everyday.which_system import (
    DONE,
    OPEN,
    CommandRefusedError,
    installation_of,
    refusals_told,
    year_of,
)
from tracelode_console.desk.choices import Reason
from tracelode_console.desk.installation import Installation, read_json
from tracelode_console.desk.output_folder import write_tree
from tracelode_console.desk.published import Published, document, published, rows, tables
from tracelode_console.desk.reminders import Feedback, Reminder, asked_of, reason_of, reminder, weighed
from tracelode_console.desk.suppliers import in_force, languages_of
from tracelode_console.desk.upload.invitation import invitation, upload_page
from tracelode_console.json_output import print_json


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Print whom to remind, or write the texts; returns the exit status."""
    installation = installation_of(options)
    year = year_of(options, installation)
    latest = published(installation, year)
    if latest is None:
        raise CommandRefusedError(f"no report of {year} is published yet; `tracelode doctor` says what is missing")
    files = tables(installation, latest, SUPPLIERS, SOURCES)
    chosen = _chosen(rows(files[SUPPLIERS]), options)
    program = in_force(installation, year).program
    company = program.registrant.name if program else ""
    sources = document(files[SOURCES])["inputs"]
    shown = out.is_terminal and not options.json
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    spoken = languages_of(installation, year, {row["supplier_id"] for row in chosen}) if options.out else {}
    # A page that no supplier could use is worse than none: the text says how to answer anyway.
    pages = bool(options.out) and not installation.inbox_is_locked()
    reminders: list[Reminder] = []
    with Progress(*columns, console=out, transient=True, disable=not shown) as progress:
        task = progress.add_task("reading feedback", total=len(chosen))
        for row in chosen:
            told = [
                replace(item, findings=weighed(item.findings, program)) if program else item
                for item in _feedback(installation, latest, row["supplier_id"], sources, options.days)
            ]
            progress.update(task, advance=1)
            reason = reason_of(row, told)
            if reason is None or (options.why and reason.value not in options.why):
                continue
            text = reminder(row, reason, told, year=year, company=company, due=options.due, page=pages)
            reminders.append(text)
            if options.out:
                page = _page(installation, year, text, options, company, spoken) if pages else {}
                write_tree(options.out / str(year) / text.supplier_id, {"message.txt": text.text.encode(), **page})
    if options.json:
        texts = [{**asdict(item), "text": item.text} for item in reminders]
        print_json(out, texts)
    else:
        _print(out, reminders, options.out / str(year) if options.out else None, named=bool(options.suppliers))
    if options.out and not pages and reminders:
        err.print(Text(printable(f"warning: {no_page(installation, year, 'SUPPLIER')}"), style="yellow"))
    return OPEN if reminders else DONE


def _chosen(suppliers: tuple[Mapping[str, str], ...], options: argparse.Namespace) -> list[Mapping[str, str]]:
    """Those of whom something may be asked. What is asked of one that is accepted stands in its feedback alone."""
    known = {row["supplier_id"] for row in suppliers}
    unknown = [name for name in options.suppliers if name not in known]
    if unknown:
        raise CommandRefusedError(f"no supplier {', '.join(unknown)} in the report")
    named = [row for row in suppliers if not options.suppliers or row["supplier_id"] in options.suppliers]
    return [
        row
        for row in named
        if asked_of(row) and (not options.why or _REASONS.get(row["state"], {row["state"]}) & set(options.why))
    ]


_OF_ACCEPTED: Final = {Reason.COPIED_LIST.value, Reason.SMELTERS.value}
_REASONS: Final = {State.ACCEPTED.value: _OF_ACCEPTED, State.ACCEPTED_WITH_REMARKS.value: _OF_ACCEPTED}
"""Why a supplier in a state may be reminded, where it is not the state itself."""


def _feedback(
    installation: Installation, latest: Published, supplier_id: str, sources: list[Any], link_days: float
) -> Iterator[Feedback]:
    """The feedback on each file of the supplier that the report rests on."""
    its = [item for item in sources if item.get("supplier_id") == supplier_id]
    prefix = places.feedback(latest.year, supplier_id, "", "").rstrip("/") + "/"
    if not its:
        return
    wanted = {(item["sha256"], item["received"]) for item in its}
    pages = installation.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=installation.results_bucket, Prefix=prefix, Delimiter="/"
    )
    for folder in (folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", [])):
        stored = read_json(installation, folder + "findings.json")
        if stored and (stored["sha256"], stored["received"]) in wanted:
            link = installation.clients.s3.generate_presigned_url(
                "get_object",
                Params={"Bucket": installation.results_bucket, "Key": folder + "feedback.html"},
                ExpiresIn=int(link_days * 86_400),
            )
            yield Feedback(
                stored["file"],
                stored["findings"],
                link,
                copied=stored.get("copied_list", False),
                not_yet_identified=stored.get("not_yet_identified", 0),
            )


def _page(
    installation: Installation,
    year: int,
    text: Reminder,
    options: argparse.Namespace,
    company: str,
    spoken: Mapping[str, str],
) -> Mapping[str, bytes]:
    """The upload page that goes with a text, by its file's name."""
    invited = invitation(installation, year, text.supplier_id, days=options.days)
    language = spoken.get(text.supplier_id, "en")
    page = upload_page(invited, company=company, supplier=text.name, language=language)
    return {f"upload-{year}.html": page.encode()}


def _print(out: Console, reminders: list[Reminder], folder: Path | None, *, named: bool) -> None:
    if not reminders:
        out.print("nobody is to be reminded")
        return
    if named and folder is None:
        for item in reminders:
            out.print(Text(item.text))
        return
    table = Table(box=box.SIMPLE if out.is_terminal else None, padding=(0, 1))
    for heading in ("Supplier", "Name", "Why", "Text"):
        table.add_column(heading, overflow="fold")
    for item in reminders:
        where = f"{folder / item.supplier_id / 'message.txt'}" if folder else f"tracelode remind '{item.supplier_id}'"
        table.add_row(
            Text(item.supplier_id), Text(printable(item.name)), item.reason.value.replace("_", " "), Text(where)
        )
    out.print(table)
    if folder is None:
        out.print("--out DIR writes all texts, each with an upload page")
