"""Mixed traffic: what suppliers, the compliance team, schedules and misfortune do to the system, drawn by chance."""

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Final

from tests.soak.processes import environment_pids
from tests.soak.wire import Poison, Wire
from tests.soak.workbooks import (
    BAD_FILES,
    BROKEN_REFERENCES,
    REFERENCES,
    SUPPLIERS,
    VARIANTS,
    YEAR,
    bad_file,
    workbook,
)
from tracelode_local.engine import LocalSystem

LIKELIHOOD: Final = 0.01
"""Chance of a function's call to go wrong."""
NOT_JSON: Final = "a message that somebody typed"
NOT_S3: Final = json.dumps({"hello": "world"})
STRAY: Final = "a file that lies nowhere.xlsx"
_REMEMBERED: Final = 2000
_BEGIN: Final = datetime(2017, 2, 1, 8, tzinfo=UTC)


class What(StrEnum):
    """What was done to a bucket."""

    UPLOAD = "upload"
    DELETE = "delete"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done to a bucket, so that a fresh run can be given it again. `name` lies below the year."""

    what: What
    name: str
    received: datetime
    content: bytes = b""
    version_id: str = ""


class SoakedSystem(LocalSystem):
    """The local system whose functions reach AWS by a wire that faults are injected in."""

    def __init__(self, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self._seed = seed

    def _environments(self, endpoint: str) -> Any:
        self.wire = Wire(endpoint, self._seed)
        self.wire.__enter__()
        return super()._environments(self.wire.endpoint)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self.wire.__exit__(kind, error, trace)

    def schedule(self, number: int) -> bool:
        """Let the time of a schedule come while everything else goes on; says whether the function succeeded."""
        schedule = self.stack.schedules[number % len(self.stack.schedules)]
        return not self._environments_in_use.invoke(schedule.function, schedule.event).failed


class Traffic:
    """Does one thing after another, and remembers what a fresh run would need to know.

    What is drawn depends on the seed alone; when it meets what else is under way does not.
    """

    def __init__(self, system: SoakedSystem, seed: int) -> None:
        self._system = system
        self._dice = random.Random(seed)
        self._now = _BEGIN
        self._background = ThreadPoolExecutor(1, thread_name_prefix="schedule")
        self._schedules: list[Future[bool]] = []
        self._sent: list[tuple[str, str]] = []
        self.deeds: list[Deed] = []
        self.strays = 0
        self.there: dict[str, str] = {}
        """Which files lie in the inbox, by name, and what was put there."""
        self.counted: Counter[str] = Counter()
        system.clients.sqs.meta.events.register("before-parameter-build.sqs.SendMessage", self._remember)

    def close(self) -> None:
        """Wait for what runs in the background."""
        self._background.shutdown(wait=True)

    def begin(self) -> None:
        """The reference files, before anything else."""
        for name, variants in REFERENCES.items():
            self._refer(name, variants[0])

    def act(self) -> None:
        """Do one thing."""
        ((name, deed),) = self._dice.choices(tuple(_DEEDS.items()), _CHANCES)
        self.counted[name] += 1
        deed(self)

    def settle(self) -> int:
        """Wait for the schedules that are under way; how many of those since the last time failed."""
        failed = sum(not future.result() for future in self._schedules)
        self._schedules.clear()
        return failed

    # ---- suppliers ---------------------------------------------------------------------------------------------

    def another_workbook(self) -> None:
        self._upload(f"{self._supplier()}/{self._dice.choice(('cmrt', 'cmrt (2)', '部品'))}.xlsx")

    def replaced_workbook(self) -> None:
        self._upload(self._dice.choice(sorted(self.there)) if self.there else f"{self._supplier()}/cmrt.xlsx")

    def same_bytes_again(self) -> None:
        uploads = [deed for deed in self.deeds[-_REMEMBERED:] if deed.what == What.UPLOAD]
        if uploads:
            deed = self._dice.choice(uploads)
            self._put(deed.name, deed.content)

    def bad_workbook(self) -> None:
        self._put(f"{self._supplier()}/bad.xlsx", bad_file(self._dice.choice(BAD_FILES)))

    def deletion(self) -> None:
        if not self.there:
            return
        name = self._dice.choice(sorted(self.there))
        del self.there[name]
        moment = self._moment()
        version = self._system.delete(self._system.inbox_bucket, f"{YEAR}/{name}", moment)
        self.deeds.append(Deed(What.DELETE, name, moment, version_id=version))

    def stray_file(self) -> None:
        self.strays += 1
        self._system.upload(self._system.inbox_bucket, STRAY, b"who sent this?", self._moment())

    # ---- the compliance team -----------------------------------------------------------------------------------

    def reference_file(self) -> None:
        name = self._dice.choice(sorted(REFERENCES))
        self._refer(name, self._dice.choice(REFERENCES[name]))

    def broken_reference_file(self) -> None:
        name = self._dice.choice(sorted(BROKEN_REFERENCES))
        self._refer(name, BROKEN_REFERENCES[name])

    def schedule(self) -> None:
        number = self._dice.randrange(99)
        self._schedules.append(self._background.submit(self._system.schedule, number))

    # ---- misfortune --------------------------------------------------------------------------------------------

    def message_again(self) -> None:
        """A message is delivered once more: one of the last, or one that is long done with."""
        if self._sent:
            near = self._sent[-8:] if self._dice.random() < 0.6 else self._sent
            url, body = self._dice.choice(near)
            self._system.send(self._queue_at(url), body)

    def senseless_message(self) -> None:
        queue = self._system.stack.queues[self._dice.choice(("IntakeQueue", "ReferenceQueue"))]
        self._system.send(queue, self._dice.choice((NOT_JSON, NOT_S3)))

    def killed_process(self) -> None:
        pids = sorted(environment_pids().values())
        if pids:
            os.kill(self._dice.choice(pids), signal.SIGKILL)

    def outage(self) -> None:
        self._system.wire.fail(self._dice.choice(("s3", "dynamodb")), self._dice.uniform(1, 8))

    def refused_supplier(self) -> None:
        """One supplier's submissions cannot be recorded until somebody mends it."""
        supplier = self._supplier()
        self._system.wire.poisons.add(Poison("dynamodb", "POST", f'"SUPPLIER#{YEAR}#{supplier}"'.encode()))
        self._upload(f"{supplier}/refused.xlsx")

    def refused_run(self) -> None:
        """No report can be written until somebody mends it."""
        self._system.wire.poisons.add(Poison("s3", "PUT", f"/{YEAR}/runs/".encode()))

    # ---- what they have in common ------------------------------------------------------------------------------

    def _supplier(self) -> str:
        return self._dice.choice(SUPPLIERS)

    def _moment(self) -> datetime:
        self._now += timedelta(milliseconds=self._dice.choice((1, 20, 900, 60_000)))
        return self._now

    def _upload(self, name: str) -> None:
        variant = min(self._dice.randrange(VARIANTS + 4), VARIANTS + 1) % VARIANTS
        self._put(name, workbook(name.partition("/")[0], variant))

    def _put(self, name: str, content: bytes) -> None:
        moment = self._moment()
        version = self._system.upload(self._system.inbox_bucket, f"{YEAR}/{name}", content, moment)
        self.there[name] = version
        self.deeds.append(Deed(What.UPLOAD, name, moment, content, version))

    def _refer(self, name: str, content: bytes) -> None:
        moment = self._moment()
        version = self._system.upload(self._system.reference_bucket, f"{YEAR}/{name}", content, moment)
        self.deeds.append(Deed(What.REFERENCE, name, moment, content, version))

    def _remember(self, params: Mapping[str, Any], **_: Any) -> None:
        if (
            params["MessageBody"].startswith('{"Records"')
            and STRAY.split(maxsplit=1)[0] + "+file" not in params["MessageBody"]
        ):
            self._sent.append((params["QueueUrl"], params["MessageBody"]))
            del self._sent[:-_REMEMBERED]

    def _queue_at(self, url: str) -> Any:
        return next(queue for queue in self._system.stack.queues.values() if queue.url == url)


_WEIGHED: Final[Mapping[str, tuple[int, Callable[[Traffic], None]]]] = {
    "another workbook": (300, Traffic.another_workbook),
    "replaced workbook": (120, Traffic.replaced_workbook),
    "same bytes again": (60, Traffic.same_bytes_again),
    "bad workbook": (80, Traffic.bad_workbook),
    "deletion": (80, Traffic.deletion),
    "stray file": (6, Traffic.stray_file),
    "reference file": (60, Traffic.reference_file),
    "broken reference file": (20, Traffic.broken_reference_file),
    "schedule": (30, Traffic.schedule),
    "message again": (120, Traffic.message_again),
    "senseless message": (12, Traffic.senseless_message),
    "killed process": (5, Traffic.killed_process),
    "outage": (10, Traffic.outage),
    "refused supplier": (8, Traffic.refused_supplier),
    "refused run": (2, Traffic.refused_run),
}
"""How often each thing is done, in parts of their sum."""
_DEEDS: Final = {name: deed for name, (_, deed) in _WEIGHED.items()}
_CHANCES: Final = tuple(weight for weight, _ in _WEIGHED.values())
