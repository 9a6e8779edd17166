"""`tracelode rebuild` and `tracelode replay`: the report of a case made again, and held against the first one."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from tracelode.flow.publish_report import Published
from tracelode.flow.rebuild_year import rebuild_year
from tracelode.flow.replay_year import replay_year, stated_receipt
from tracelode.flow.stores import GivenStores
from tracelode.ledger.ledger import Ledger
from tracelode.report.files import SOURCES
from tracelode.storage import places
from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Results
from tracelode_console.commands.local.session import refusals_told
from tracelode_local.case import list_case, load_case
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed
from tracelode_local.template.own import TEMPLATE

IDENTICAL: Final = 0
DIFFERENT: Final = 1


@dataclass(frozen=True, slots=True)
class Remade:
    """What came of a report that was made again: its run, and the files that are not what they were."""

    run: str
    files: int
    different: tuple[str, ...]


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Run a case, make its report again the way the command says, and print what is different; the exit status."""
    case = load_case(options.case)
    listing = list_case(options.case, case.suppliers)
    year = case.program.year
    with LocalSystem(options.template or TEMPLATE, log_folder=options.logs) as system:
        feed = Feed(system, year)
        for reference in listing.references.values():
            feed.reference(reference.name, reference.path, reference.stamp.modified)
        for file in listing.inbox.values():
            feed.document(file.name, file.path, file.stamp.modified)
        system.drain()
        letters = system.dead_letters()
        remade = None if letters else _REMAKE[options.command](system, year)
    if remade is None:
        text = f"{len(letters)} messages ended in dead-letter queues; run the case to see which"
        err.print(Text(text, style="bold red"))
        return DIFFERENT
    if not remade.run:
        err.print(Text("No report was published.", style="bold red"))
    for name in remade.different:
        err.print(Text(f"different  {name}", style="red"))
    if not remade.run or remade.different:
        return DIFFERENT
    out.print(f"{options.command}: identical, {remade.files} files of run {remade.run}")
    return IDENTICAL


def rebuild(system: LocalSystem, year: int) -> Remade:
    """Forget the year's aggregates and make them again from the facts, the report in a results bucket of its own."""
    results = _fresh_results(system, "rebuilt")
    published = rebuild_year(year, _stores(system, _ledger(system), results), afresh=True)
    return _compared(system, year, results, published)


def replay(system: LocalSystem, year: int) -> Remade:
    """Make a ledger and a report of their own from the object versions; the feed states the receipt times."""
    results = _fresh_results(system, "replayed")
    stores = _stores(system, _fresh_ledger(system, "replayed"), results)
    replayed = replay_year(year, stores, known=stated_receipt)
    return _compared(system, year, results, replayed.published)


_REMAKE: Final[Mapping[str, Callable[[LocalSystem, int], Remade]]] = {"rebuild": rebuild, "replay": replay}


def _stores(system: LocalSystem, ledger: Ledger, results: str) -> GivenStores:
    s3 = system.clients.s3
    inbox, reference = (DroppedObjects(s3, bucket) for bucket in (system.inbox_bucket, system.reference_bucket))
    return GivenStores(ledger, inbox, reference, Results(s3, results))


def _ledger(system: LocalSystem) -> Ledger:
    (table,) = system.stack.tables.values()
    return Ledger.in_table(system.clients.dynamodb, table.name)


def _fresh_ledger(system: LocalSystem, name: str) -> Ledger:
    (table,) = system.stack.tables.values()
    system.clients.dynamodb.create_table(**{**table.definition, "TableName": f"{table.name}-{name}"})
    return Ledger.in_table(system.clients.dynamodb, f"{table.name}-{name}")


def _fresh_results(system: LocalSystem, name: str) -> str:
    bucket = f"{name}-{system.results_bucket}"[:63]
    system.clients.s3.create_bucket(Bucket=bucket)
    return bucket


def _compared(system: LocalSystem, year: int, bucket: str, published: Published) -> Remade:
    first, second = _latest(system, year, system.results_bucket), _latest(system, year, bucket)
    different = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    return Remade(published.run, len(second), tuple(different))


def _latest(system: LocalSystem, year: int, bucket: str) -> dict[str, bytes]:
    """The files of `latest/` by name, but for the one that holds storage coordinates."""
    s3, prefix = system.clients.s3, places.latest_file(year, "")
    names = [
        entry["Key"].removeprefix(prefix)
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for entry in page.get("Contents", [])
    ]
    return {name: s3.get_object(Bucket=bucket, Key=prefix + name)["Body"].read() for name in names if name != SOURCES}
