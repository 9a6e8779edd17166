"""What an upload and a publish cost at 100, 1,000 and 10,000 suppliers, and how a burst meets a real account's limits.

    python benchmarks/scale.py [--suppliers 100 1000 10000] [--no-moto] [--seed 1] [--write-docs]

The flows run for real, in this process, on an account in memory that counts calls and request units
(scale_account.py); with moto, which is held against it at 100 suppliers, ten thousand would take hours. The ledger is
filled with the facts that intake records (scale_population.py); what an upload costs is then measured on real workbooks
of 300 lines. Each publish runs in a process of its own, on a table from which everything but the partials and the
year's reference data was taken away. It is measured on a day with nothing before it, and on a later one, with what the
report then says has changed.

Prints the figures and exits with 1 when a promise is broken:

- calls and request units per upload at the largest number of suppliers within 5 % of those at the smallest;
- a file that is sent once more writes no smelter line and no partial of other figures;
- the publish reads partials and reference data alone, and its time per supplier falls;
- a burst of 1,000 uploads makes at most one publish in a window, and the last one holds them all.

With --write-docs it draws docs/images/scale-*.svg and replaces the tables of docs/COST.md.
"""

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.scale_account import (  # noqa: E402 - the path is set only now
    Call,
    MemoryBuckets,
    MemoryTable,
    Meter,
    item_size,
    read_units,
)
from benchmarks.scale_limits import Burst, Flows, Load, Simulation, Window, by_key, by_partition, load  # noqa: E402
from benchmarks.scale_population import REUPLOADS, YEAR, Population, moments  # noqa: E402

from tracelode.flow.adopt_reference import adopt_reference  # noqa: E402
from tracelode.flow.publish_report import publish_report  # noqa: E402
from tracelode.flow.record_submission import record_submission, settle_current  # noqa: E402
from tracelode.flow.tally_group import tally_group  # noqa: E402
from tracelode.ledger import keys  # noqa: E402
from tracelode.ledger.ledger import Ledger  # noqa: E402
from tracelode.storage.objects import DroppedObjects, ObjectEvent  # noqa: E402
from tracelode.storage.results import Results  # noqa: E402
from tracelode.tally.aggregate import GROUP_SIZE, seat_number  # noqa: E402

MEASURED = 10
"""Uploads of each kind that are measured at each number of suppliers."""
PUBLISHES = 3
"""Publishes that are measured at each number of suppliers."""
WITHIN = 0.05
MOST_WRITES = 120
"""Write units that an upload of 300 lines may take in all, intake and tally together."""
RENEWED = 5
"""One supplier in this many sends another file on the later day."""
LISTS = 5
"""Smelter lists that come on the later day, each with another status."""
BURST = 1_000
RATE = 100.0
FITTING = "40 a second, intake as wide as the burst"
"""A burst that a new table has to take without a write that waits."""
CALL_SECONDS = 0.01
"""What an AWS call is taken to last in a burst: nothing here has a network."""
INTAKE_SLOTS = 10
TALLY_WINDOW, PUBLISH_WINDOW = Window(2.0, 100), Window(30.0, 1_000)
MEMORY_GB = {"intake": 1769 / 1024, "tally": 1.0, "publish": 2.0}
"""What template.yaml gives each function; it is checked against the template when the benchmark begins."""


class Account:
    """The adapters on a metered account; `number` suppliers are in the ledger."""

    def __init__(self, meter: Meter, buckets: Any, population: Population) -> None:
        self.meter, self.buckets, self.population = meter, buckets, population
        self.ledger = Ledger.in_table(meter.dynamodb, "ledger")
        self.inbox, self.reference = DroppedObjects(meter.s3, "inbox"), DroppedObjects(meter.s3, "reference")
        self.results = Results(meter.s3, "results")
        self.clock = moments()

    def adopt_reference_data(self, suppliers: int) -> None:
        """Put profile, roster and smelter list in force."""
        for file, body in self.population.reference_files(suppliers).items():
            self._adopt(file, body)
        self.meter.take()

    def _adopt(self, file: str, body: bytes) -> None:
        key = f"{YEAR}/{file}"
        version = self.buckets.put_object(Bucket="reference", Key=key, Body=body)["VersionId"]
        event = ObjectEvent(key, version, next(self.clock), deleted=False)
        adopted = adopt_reference(event, self)
        if not adopted.in_force:
            raise ValueError(f"{file}: {adopted.problems}")

    def fill(self, suppliers: int) -> None:
        """Record what that many suppliers sent, one in five of them twice, and tally every group."""
        for number in range(suppliers):
            for version in (0, number % 2) if number % REUPLOADS == 0 else (0,):
                self.ledger.submissions.record(YEAR, self.population.summary(number, next(self.clock), version))
            settle_current(YEAR, self.population.supplier_id(number), self.ledger)
            self.meter.take()
        for group in self.ledger.groups.numbers(YEAR):
            tally_group(YEAR, group, self.ledger)
        self.meter.take()

    def renew(self, suppliers: int) -> None:
        """A day later, record another file of every fifth supplier, and tally every group."""
        self.clock = moments(86_400)
        for number in range(0, suppliers, RENEWED):
            self.ledger.submissions.record(YEAR, self.population.summary(number, next(self.clock), 1))
            settle_current(YEAR, self.population.supplier_id(number), self.ledger)
            self.meter.take()
        for group in self.ledger.groups.numbers(YEAR):
            tally_group(YEAR, group, self.ledger)
        self.meter.take()

    def adopt_lists(self, suppliers: int) -> None:
        """Put smelter lists in force one after the other, each of which changes a status."""
        heading, *listed = self.population.reference_files(suppliers)["smelter-list.csv"].decode().splitlines()
        for number in range(LISTS):
            metal, cid, name, country, status = listed[number].rsplit(",", 4)
            other = "active" if status == "conformant" else "conformant"
            listed[number] = ",".join((metal, cid, name, country, other))
            self._adopt("smelter-list.csv", "\n".join((heading, *listed, "")).encode())
        self.meter.take()

    def upload(self, number: int, workbook: bytes, *, file: str = "") -> tuple[list[Call], float]:
        """Intake of a supplier's workbook: its calls, and its seconds of processor time."""
        key = f"{YEAR}/{self.population.supplier_id(number)}/{file or f'CMRT-{YEAR}.xlsx'}"
        version = self.buckets.put_object(Bucket="inbox", Key=key, Body=workbook)["VersionId"]
        event = ObjectEvent(key, version, next(self.clock), deleted=False)
        self.meter.function = "intake"
        start = time.process_time()
        record_submission(event, self)
        return self.meter.take(), time.process_time() - start

    def tally(self, group: int) -> tuple[list[Call], float]:
        """A tally of a group: its calls, and its seconds of processor time."""
        self.meter.function = "tally"
        start = time.process_time()
        tally_group(YEAR, group, self.ledger)
        return self.meter.take(), time.process_time() - start

    def publish(self) -> Any:
        """A publish here and now."""
        self.meter.function = "publish"
        return publish_report(YEAR, self)


def in_memory(population: Population) -> tuple[Account, MemoryTable]:
    """An empty account in memory."""
    table, buckets = MemoryTable(weighed=keys.SMELTERS_PREFIX), MemoryBuckets()
    return Account(Meter(table, buckets, table.peek), buckets, population), table


@contextmanager
def on_moto(population: Population) -> Iterator[Account]:
    """An empty account on moto, in this process."""
    import boto3
    from moto import mock_aws

    from tests.factories.stores import create_ledger_table

    fake = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ.update(fake)
    with mock_aws():
        s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")
        for bucket in ("inbox", "reference", "results"):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        create_ledger_table(dynamodb, "ledger")

        def peek(key: tuple[str, str]) -> Any:
            place = {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
            return dynamodb.get_item(TableName="ledger", Key=place, ConsistentRead=True).get("Item")

        yield Account(Meter(dynamodb, s3, peek), s3, population)


# ---- what an upload costs --------------------------------------------------------------------------------------------


@dataclass
class Cost:
    """What a number of uploads took, by function; an upload's own is a `share` of it."""

    calls: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    s3_writes: Counter[str] = field(default_factory=Counter)
    s3_reads: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)

    def add(self, calls: Iterable[Call], function: str, seconds: float, weight: float) -> None:
        """Count calls, each `weight` times."""
        self.seconds[function] += seconds * weight
        for call in calls:
            self.calls[function] += weight
            if call.service == "s3":
                kind = self.s3_writes if call.action == "PutObject" else self.s3_reads
                kind[function] += weight
            self.reads[function] += call.reads * weight
            self.writes[function] += sum(write.units for write in call.writes) * weight

    def figures(self) -> dict[str, dict[str, float]]:
        """What was counted, by name and function."""
        return {place.name: dict(getattr(self, place.name)) for place in fields(self)}


def per_upload(account: Account, suppliers: int) -> tuple[Cost, dict[str, Cost]]:
    """What an upload costs on average, one in five being the same file once more, and what each kind costs.

    Suppliers of full groups are measured, spread over all of them: an upload costs no more than that, at any number of
    suppliers. The first workbook of each goes unmeasured, because it replaces what was recorded without a workbook.
    """
    full = [n for n in range(suppliers // GROUP_SIZE * GROUP_SIZE) if not account.population.copies(n)]
    chosen = [full[len(full) * place // MEASURED] for place in range(MEASURED)]
    average, kinds = Cost(), {"another file": Cost(), "the same file again": Cost()}
    for number in chosen:
        account.upload(number, account.population.workbook(number))
        account.tally(seat_number(number).group)
        workbook = account.population.workbook(number, 1)
        for kind, share in (("another file", 1 - 1 / REUPLOADS), ("the same file again", 1 / REUPLOADS)):
            calls, seconds = account.upload(number, workbook)
            tallied, tally_seconds = account.tally(seat_number(number).group)
            for cost, weight in ((kinds[kind], 1 / MEASURED), (average, share / MEASURED)):
                cost.add(calls, "intake", seconds, weight)
                cost.add(tallied, "tally", tally_seconds, weight)
    return average, kinds


def kept_bytes(table: MemoryTable) -> float:
    """Bytes that stay of a submission: its receipt, its summary, and its smelters for people."""
    receipts = [item_size(item) for item in table.items(keys.SUBMISSION_PREFIX)]
    summaries = sum(item_size(item) for item in table.items(keys.SUMMARY_PREFIX))
    return (sum(receipts) + summaries + table.weighed_bytes) / len(receipts)


# ---- what a publish costs --------------------------------------------------------------------------------------------


def best_publish(table: MemoryTable, buckets: MemoryBuckets) -> dict[str, Any]:
    """The quickest of a few publishes of the same: a busy machine only ever adds."""
    return min((measured_publish(table, buckets) for _ in range(PUBLISHES)), key=lambda found: found["seconds"])


def later_day(account: Account, table: MemoryTable, suppliers: int) -> dict[str, Any]:
    """Publishes of a day on which a fifth of the suppliers sent another file, without and with five lists beside."""
    account.renew(suppliers)
    files = measured_publish(table, account.buckets)
    account.adopt_lists(suppliers)
    return {"files": files, "files_and_lists": measured_publish(table, account.buckets)}


def measured_publish(table: MemoryTable, buckets: MemoryBuckets) -> dict[str, Any]:
    """A publish in a process of its own, on what it may read and nothing else."""
    kept = {
        partition: {
            sort: item for sort, item in items.items() if sort == "PARTIAL" or not partition.startswith("GROUP#")
        }
        for partition, items in table.partitions.items()
        if partition.startswith(("YEAR#", "GROUP#"))
    }
    objects = {place: versions for place, versions in buckets.versions.items() if place[0] == "reference"}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.pickle"
        store.write_bytes(pickle.dumps((kept, objects)))
        done = subprocess.run(
            [sys.executable, __file__, "--publish", str(store)], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def publish_here(store: Path) -> dict[str, Any]:
    """The publish that `measured_publish` starts; peak memory is this whole process's, with the partials in it."""
    table, buckets = MemoryTable(), MemoryBuckets()
    table.partitions, buckets.versions = pickle.loads(store.read_bytes())  # noqa: S301 - written by ourselves just now
    account = Account(Meter(table, buckets, table.peek), buckets, Population())
    before = peak_megabytes()
    start = time.process_time()
    published = account.publish()
    seconds = time.process_time() - start
    calls = account.meter.take()
    read = {place for call in calls if call.service == "dynamodb" for place in call.places}
    if not published.new or any(not pk.startswith("YEAR#") and sk != "PARTIAL" for pk, sk in read):
        raise AssertionError("a publish read more than partials and reference data")
    latest = {
        key.rpartition("/")[2]: len(versions[-1][1])
        for (bucket, key), versions in buckets.versions.items()
        if bucket == "results" and f"{YEAR}/latest/" in key
    }
    figures = json.loads(buckets.body("results", f"{YEAR}/latest/figures.json"))
    return {
        "seconds": seconds,
        "peak_mb": peak_megabytes(),
        "before_mb": before,
        "dynamodb_calls": sum(call.service == "dynamodb" for call in calls),
        "s3_reads": sum(call.service == "s3" and call.action != "PutObject" for call in calls),
        "s3_writes": sum(call.action == "PutObject" for call in calls),
        "reads": sum(call.reads for call in calls),
        "largest_partial_kb": max(
            len(items["PARTIAL"]["blob"]["B"]) for items in table.partitions.values() if "PARTIAL" in items
        )
        / 1024,
        "bytes": dict(sorted(latest.items())),
        "responded": figures["suppliers"]["responded"],
        "facilities": figures["smelters"]["total"],
    }  # fmt: skip


def peak_megabytes() -> float:
    """The most memory that this process ever had; ru_maxrss would have its parent's in it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- a burst ---------------------------------------------------------------------------------------------------------


def burst(
    population: Population, seconds: Mapping[str, float], *, shards: int, slots: int, rate: float
) -> tuple[Burst, int]:
    """A thousand suppliers' first uploads at a hundred a second; and how many of them the last report holds."""
    account, _ = in_memory(population)
    account.adopt_reference_data(BURST)
    clock = moments(5_000_000)

    def intake(number: int) -> None:
        summary = population.summary(number, next(clock))
        account.ledger.submissions.record(YEAR, summary)
        settle_current(YEAR, summary.supplier_id, account.ledger)

    flows = Flows(
        intake=intake,
        tally=lambda partition: tally_group(YEAR, int(partition.rpartition("#")[2]), account.ledger),
        publish=lambda: account.publish().new,
        calls=account.meter.take,
        intake_seconds=seconds["intake"],
        tally_seconds=seconds["tally"],
        publish_seconds=seconds["publish"],
    )
    simulation = Simulation(flows, tally=TALLY_WINDOW, publish=PUBLISH_WINDOW, shards=shards, slots=slots)
    happened = simulation.run(BURST, rate)
    figures = json.loads(account.buckets.body("results", f"{YEAR}/latest/figures.json"))
    return happened, figures["suppliers"]["responded"]


def most_in_a_window(happened: Burst) -> int:
    """The most publishes that began within one window's seconds."""
    starts = sorted(at for at, _ in happened.publishes)
    window = PUBLISH_WINDOW.seconds
    return max(sum(first <= at < first + window for at in starts) for first in starts)


# ---- the whole -------------------------------------------------------------------------------------------------------


def moto_agrees(population: Population, suppliers: int) -> bool:
    """Whether moto counts what the account in memory counts: the same calls, and units within one percent.

    Units differ by a hair, because summaries and partials hold version ids, which compress differently.
    """
    memory, _ = in_memory(population)
    sums = []
    with on_moto(population) as moto:
        for account in (memory, moto):
            account.adopt_reference_data(suppliers)
            account.fill(suppliers)
            cost = per_upload(account, suppliers)[0]
            account.publish()
            cost.add(account.meter.take(), "publish", 0.0, 1.0)
            sums.append({name: counted for name, counted in cost.figures().items() if name != "seconds"})
    same = all(
        abs(sums[0][name][function] - sums[1][name][function])
        <= (0 if name.startswith(("calls", "s3")) else 0.01) * max(1.0, sums[1][name][function])
        for name in sums[1]
        for function in sums[1][name]
    )
    print(f"moto at {suppliers}: {'the same counts' if same else f'other counts: {sums}'}", flush=True)
    return same


def checked_template() -> None:
    """Raise unless the settings above are template.yaml's."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    for function, memory in MEMORY_GB.items():
        block = text[text.index(f"  {function.title()}Function:") :]
        if f"MemorySize: {round(memory * 1024)}" not in block[:600]:
            raise AssertionError(f"the template gives {function} other memory")
    for wanted in (f"MaximumConcurrency: {INTAKE_SLOTS}", "MaximumBatchingWindowInSeconds: 2", "BatchSize: 1000"):
        if wanted not in text:
            raise AssertionError(f"the template has no {wanted}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suppliers", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-moto", action="store_true", help="do not hold the counts against moto")
    parser.add_argument("--write-docs", action="store_true", help="write the tables and plots of docs/COST.md")
    parser.add_argument("--keep", type=Path, help="write the figures to this file as JSON")
    parser.add_argument("--publish", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.publish:
        print(json.dumps(publish_here(arguments.publish)))
        return 0
    checked_template()
    population = Population(arguments.seed)
    good = arguments.no_moto or moto_agrees(population, min(arguments.suppliers))
    scales: dict[int, dict[str, Any]] = {}
    for suppliers in arguments.suppliers:
        account, table = in_memory(population)
        start = time.process_time()
        account.adopt_reference_data(suppliers)
        account.fill(suppliers)
        print(f"{suppliers} suppliers recorded and tallied in {time.process_time() - start:.0f} s", flush=True)
        average, kinds = per_upload(account, suppliers)
        summary_reads = sum(read_units(item_size(item)) for item in table.items(keys.SUMMARY_PREFIX))
        published = best_publish(table, account.buckets)
        groups = len(account.ledger.groups.numbers(YEAR))
        later = later_day(account, table, suppliers)
        scales[suppliers] = {
            "upload": average.figures(),
            "kinds": {kind: cost.figures() for kind, cost in kinds.items()},
            "publish": published,
            "later": later,
            "groups": groups,
            "kept_bytes": kept_bytes(table),
            "summary_reads": summary_reads,
        }
        del account, table
        print(json.dumps({**scales[suppliers], "kinds": None}, indent=1), flush=True)
    largest = scales[max(scales)]["upload"]
    seconds = {
        **{name: largest["seconds"][name] + CALL_SECONDS * largest["calls"][name] for name in ("intake", "tally")},
        "publish": scales[sorted(scales)[-2 if len(scales) > 1 else -1]]["publish"]["seconds"],
    }
    bursts: dict[str, Any] = {}
    for name, rate, shards, slots in (
        ("100 a second, as the template has it, one shard", RATE, 1, INTAKE_SLOTS),
        ("100 a second, as the template has it, four shards", RATE, 4, INTAKE_SLOTS),
        ("100 a second, intake as wide as the burst, one shard", RATE, 1, BURST),
        (f"{FITTING}, one shard", 40.0, 1, BURST),
    ):
        happened, held = burst(population, seconds, shards=shards, slots=slots, rate=rate)
        bursts[name] = _burst_figures(happened, held)
        print(name, json.dumps({**bursts[name], "table_by_second": None}), flush=True)
    figures = {"seed": arguments.seed, "seconds": seconds, "scales": scales, "bursts": bursts}
    good = _promises(figures) and good
    if arguments.keep:
        arguments.keep.write_text(json.dumps(figures), encoding="utf-8")
    if arguments.write_docs:
        from benchmarks.scale_page import write_page

        write_page(figures)
    return 0 if good else 1


def _burst_figures(happened: Burst, held: int) -> dict[str, Any]:
    by_second: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for timed in happened.writes:
        by_second["table"][int(timed.at)] += timed.write.units
    loads: dict[str, Load] = {
        "key": load(by_key(happened.writes)),
        "partition": load(by_partition(happened.writes)),
        "partition_saved": load(by_partition(happened.writes), saved_seconds=300.0),
    }
    return {
        "ended": happened.ended,
        "tallies": len(happened.tallies),
        "groups_tallied": sum(groups for _, groups in happened.tallies),
        "publishes": len(happened.publishes),
        "new_runs": sum(new for _, new in happened.publishes),
        "most_in_a_window": most_in_a_window(happened),
        "last_publish": happened.publishes[-1][0],
        "held": held,
        "loads": {name: asdict(found) for name, found in loads.items()},
        "table_by_second": {name: sorted(seconds.items()) for name, seconds in by_second.items()},
    }


def _promises(figures: Mapping[str, Any]) -> bool:
    scales: Mapping[int, Any] = figures["scales"]
    small, large = scales[min(scales)], scales[max(scales)]
    kept: dict[str, bool] = {}
    for name in ("calls", "writes", "reads"):
        before, now = (sum(scale["upload"][name].values()) for scale in (small, large))
        kept[f"{name} per upload within {WITHIN:.0%} ({before:.1f} and {now:.1f})"] = (
            abs(now - before) <= WITHIN * before
        )
    each = [scales[number]["publish"]["seconds"] / number for number in sorted(scales)]
    kept[f"a publish's time per supplier falls ({', '.join(f'{1000 * s:.1f} ms' for s in each)})"] = each == sorted(
        each, reverse=True
    )
    for number, scale in scales.items():
        held = scale["publish"]["responded"]
        kept[f"the report of {number} suppliers holds {held}"] = held == number
    dearest = max(sum(scale["kinds"]["another file"]["writes"].values()) for scale in scales.values())
    kept[f"an upload costs at most {MOST_WRITES} write units ({dearest:.1f})"] = dearest <= MOST_WRITES
    for name, found in figures["bursts"].items():
        kept[f"the last report of the burst ({name}) holds {found['held']}"] = found["held"] == BURST
        if name.startswith(FITTING):
            kept["a new table takes 40 first uploads a second"] = not found["loads"]["partition"]["throttled"]
        kept[f"at most one publish in a window ({name})"] = found["most_in_a_window"] == 1
    for promise, good in kept.items():
        print(f"{'kept  ' if good else 'BROKEN'}  {promise}")
    return all(kept.values())


if __name__ == "__main__":
    sys.exit(main())
