"""What has to be so at rest: nothing lost, no drift, every dead letter explained, the report a fresh run's."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.soak.traffic import NOT_JSON, NOT_S3, STRAY, Deed, SoakedSystem, Traffic, What
from tests.soak.workbooks import YEAR
from tracelode.flow.reconcile_year import Reconciled, reconcile_year
from tracelode.flow.stores import GivenStores
from tracelode.ledger.ledger import Ledger
from tracelode.storage.objects import DroppedObjects, moment
from tracelode.storage.results import Results
from tracelode_local.engine import DeadLetter, LocalSystem
from tracelode_local.feed import Feed

_OF_INJECTED_FAULTS: Final = (
    "SlowDown",
    "InternalError",
    "ServiceUnavailable",
    "503",
    "AccessDenied",
    "ProvisionedThroughputExceeded",
    "InternalServerError",
    "Connection was closed before",
    "ConnectionClosedError",
    "Runtime exited with status -9",
    "Task timed out",
)
"""Words of the errors that functions end with for what the soak itself does to them."""


@dataclass
class Rests:
    """What was found at all times of rest so far. `wrong` is what ought not to be."""

    system: SoakedSystem
    traffic: Traffic
    count: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def rest(self) -> None:
        """Mend everything, deliver everything, send back what was given up on, and look."""
        system = self.system
        system.wire.mend()
        self.traffic.settle()
        system.drain()
        self._answer_letters(system.dead_letters())
        system.drain()
        if left := system.dead_letters():
            self.wrong += [f"still a dead letter: {letter.subject}: {letter.error}" for letter in left]
        self.wrong += [f"schedule: {error}" for error in system.tick()]
        self._look()
        self.count += 1

    def _answer_letters(self, letters: tuple[DeadLetter, ...]) -> None:
        """Do with every dead letter what the runbook says: send it back, or see that there is nothing to send."""
        sources = {queue.dead_letter_arn: queue for queue in self.system.stack.queues.values()}
        by_id = {letter.message_id: letter for letter in letters}
        for letter in letters:
            explained = self._explained(letter)
            self.letters[explained or "unexplained"] += 1
            if not explained:
                self.wrong.append(f"unexplained dead letter: {letter.queue}: {letter.subject}: {letter.error}")
        for queue in self.system.stack.dead_letter_queues:
            for message in self._taken(queue.url):
                letter = by_id.get(message["MessageId"])
                if letter and queue.arn in sources and not _nobody_can_mend(letter):
                    self.system.send(sources[queue.arn], message["Body"])

    def _taken(self, url: str) -> list[Mapping[str, Any]]:
        sqs, taken = self.system.clients.sqs, []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += messages
        return taken

    def _explained(self, letter: DeadLetter) -> str:
        if _nobody_can_mend(letter):
            return "senseless or stray, removed by hand"
        if not any(word in letter.error for word in _OF_INJECTED_FAULTS):
            return ""
        return "stream, made up for by the sweep" if "changes for" in letter.subject else "sent back and completed"

    def _look(self) -> None:
        self._everything_is_recorded()
        waiting = {name: depth for name, depth in depths(self.system).items() if depth}
        if waiting:
            self.wrong.append(f"at rest, and yet waiting: {waiting}")
        found = reconciled(self.system)
        if (found.unsettled, found.stale, found.drift) != (0, 0, 0):
            self.wrong.append(f"unsettled, stale, drift: {found.unsettled}, {found.stale}, {found.drift}")

    def _everything_is_recorded(self) -> None:
        its = ledger(self.system).submissions
        uploads: dict[str, set[str]] = defaultdict(set)
        deletions: dict[str, set[str]] = defaultdict(set)
        for deed in self.traffic.deeds:
            supplier = deed.name.partition("/")[0]
            if deed.what == What.UPLOAD:
                uploads[supplier].add(deed.version_id)
            if deed.what == What.DELETE:
                deletions[supplier].add(moment(deed.received))
        for supplier, versions in uploads.items():
            recorded = {receipt.version_id for receipt in its.receipts(YEAR, supplier)}
            if recorded != versions:
                lost, made_up = len(versions - recorded), len(recorded - versions)
                self.wrong.append(f"{supplier}: {lost} versions lost, {made_up} that nobody sent")
            known = {withdrawal.at for withdrawal in its.withdrawals(YEAR, supplier)}
            if known != deletions[supplier]:
                self.wrong.append(f"{supplier}: {len(deletions[supplier] - known)} deletions lost")

    def items_are_what_they_ought_to_be(self) -> dict[str, int]:
        """How many items there are of each kind; those that are wrong for what was dropped are told."""
        counted = items(self.system)
        uploads = [deed for deed in self.traffic.deeds if deed.what == What.UPLOAD]
        suppliers = len({deed.name.partition("/")[0] for deed in uploads})
        distinct = len({(deed.name.partition("/")[0], deed.content) for deed in uploads})
        exactly = {
            "SUBMISSION": len(uploads),
            "SUMMARY": len(uploads),
            "WITHDRAWAL": sum(deed.what == What.DELETE for deed in self.traffic.deeds),
            "CURRENT": suppliers,
            "SEAT": suppliers,
            "PARTIAL": len(ledger(self.system).groups.numbers(YEAR)),
            "PART": 0,
        }
        self.wrong += [
            f"{counted[kind]} items {kind}, not {number}" for kind, number in exactly.items() if counted[kind] != number
        ]
        if counted["COMPLETE"] > distinct:
            self.wrong.append(f"lines of {counted['COMPLETE']} workbooks, and only {distinct} were sent")
        return dict(sorted(counted.items()))

    def a_fresh_run_agrees(self, tell: Callable[[str], None]) -> int:
        """Give the same to a new system in order, without faults; how many files its report has."""
        mine = latest(self.system)
        with tempfile.TemporaryDirectory() as logs, LocalSystem(log_folder=Path(logs)) as fresh:
            feed = Feed(fresh, YEAR)
            for number, deed in enumerate(sorted(self.traffic.deeds, key=lambda deed: deed.received), start=1):
                _again(deed, feed, fresh)
                if number % 100 == 0:
                    fresh.drain()
                    tell(f"fresh run: {number} of {len(self.traffic.deeds)}")
            fresh.drain()
            self.wrong += [f"fresh run: {letter.error}" for letter in fresh.dead_letters()]
            others = latest(fresh)
        different = sorted(name for name in {*mine, *others} if mine.get(name) != others.get(name))
        self.wrong += [f"another report than a fresh run's: {name}" for name in different]
        return len(others)


def _again(deed: Deed, feed: Feed, system: LocalSystem) -> None:
    match deed.what:
        case What.UPLOAD:
            feed.document(deed.name, deed.content, deed.received)
        case What.REFERENCE:
            feed.reference(deed.name, deed.content, deed.received)
        case What.DELETE:
            system.delete(system.inbox_bucket, f"{YEAR}/{deed.name}", deed.received)


def _nobody_can_mend(letter: DeadLetter) -> bool:
    return letter.subject in (NOT_JSON, NOT_S3, STRAY)


def ledger(system: LocalSystem) -> Ledger:
    """The system's ledger."""
    (table,) = system.stack.tables.values()
    return Ledger.in_table(system.clients.dynamodb, table.name)


def reconciled(system: LocalSystem) -> Reconciled:
    """A full reconciliation, which changes nothing where nothing is wrong."""
    s3 = system.clients.s3
    inbox, reference = (DroppedObjects(s3, bucket) for bucket in (system.inbox_bucket, system.reference_bucket))
    stores = GivenStores(ledger(system), inbox, reference, Results(s3, system.results_bucket))
    return reconcile_year(YEAR, stores, full=True)


def depths(system: LocalSystem) -> dict[str, int]:
    """Messages in each queue, those under way included."""
    counted = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = {}
    for name, queue in system.stack.queues.items():
        answer = system.clients.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=list(counted))
        found[name] = sum(int(answer["Attributes"][attribute]) for attribute in counted)
    return found


def items(system: LocalSystem) -> Counter[str]:
    """How many items the table has of each kind, by the first word of the sort key."""
    (table,) = system.stack.tables.values()
    pages = system.clients.dynamodb.get_paginator("scan").paginate(TableName=table.name, ProjectionExpression="pk, sk")
    return Counter(item["sk"]["S"].partition("#")[0] for page in pages for item in page["Items"])


def latest(system: LocalSystem) -> dict[str, bytes]:
    """The files of `latest/` but for `sources.json`, which alone names object versions."""
    s3, prefix = system.clients.s3, f"{YEAR}/latest/"
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=system.results_bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return {
        key.removeprefix(prefix): s3.get_object(Bucket=system.results_bucket, Key=key)["Body"].read()
        for key in keys
        if not key.endswith("/sources.json")
    }
