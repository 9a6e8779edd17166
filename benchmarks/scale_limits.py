"""A burst of uploads against the limits of a real account: queue, stream windows and partitions, in simulated time.

The flows are run for real, on the account in memory; what is simulated is when. An upload takes an intake slot for as
long as intake was measured to take, and its writes are spread evenly over that time. Stream records are gathered as
Lambda gathers them: for a window's seconds or up to a batch's records, one batch at a time for each shard.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from itertools import count

from benchmarks.scale_account import Call, Write

PARTITION_WRITES = 1_000.0
"""Write units a second that one partition takes (DynamoDB developer guide, "Burst and adaptive capacity")."""
FIRST_PARTITIONS = 4
"""Partitions of a new on-demand table: 4,000 write units a second ("Initial throughput")."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stream's event source mapping: seconds of its window, and records of a batch."""

    seconds: float
    batch: int


@dataclass(slots=True)
class Shard:
    """What waits in one shard for one function."""

    records: deque[tuple[float, str]] = field(default_factory=deque)
    free_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Timed:
    """A write at its moment, in seconds since the burst began."""

    at: float
    write: Write


@dataclass(slots=True)
class Burst:
    """What happened: when intake ended, the writes, and when each tally batch and each publish began."""

    ended: float = 0.0
    writes: list[Timed] = field(default_factory=list)
    tallies: list[tuple[float, int]] = field(default_factory=list)
    publishes: list[tuple[float, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows as the simulation calls them, with the seconds that each takes.

    `intake` gets an upload's number, `tally` a group's partition; `publish` says whether it made a new run. `calls`
    hands out, and forgets, the calls that they made.
    """

    intake: Callable[[int], None]
    tally: Callable[[str], None]
    publish: Callable[[], bool]
    calls: Callable[[], Sequence[Call]]
    intake_seconds: float
    tally_seconds: float
    publish_seconds: float


class Simulation:
    """One burst, on `slots` intake environments and `shards` shards of the ledger's stream."""

    def __init__(self, flows: Flows, *, tally: Window, publish: Window, shards: int, slots: int) -> None:
        self._flows, self._mappings = flows, {"tally": tally, "publish": publish}
        self._shards = {name: [Shard() for _ in range(shards)] for name in self._mappings}
        self._slots = slots
        self._agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self._numbers = count()
        self.burst = Burst()

    def run(self, uploads: int, rate: float) -> Burst:
        """Uploads at a rate a second, and everything that comes of them until nothing is left to do."""
        free = [0.0] * self._slots
        for number in range(uploads):
            start = max(number / rate, heapq.heappop(free))
            end = start + self._flows.intake_seconds
            heapq.heappush(free, end)
            self._at(end, self._intake(number, start))
        while self._agenda:
            now, _, act = heapq.heappop(self._agenda)
            act(now)
        return self.burst

    def _at(self, moment: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self._agenda, (moment, next(self._numbers), act))

    def _intake(self, number: int, start: float) -> Callable[[float], None]:
        def act(now: float) -> None:
            self._flows.intake(number)
            self._recorded(start, now)
            self.burst.ended = max(self.burst.ended, now)

        return act

    def _recorded(self, start: float, end: float) -> None:
        writes = [write for call in self._flows.calls() for write in call.writes]
        for place, write in enumerate(writes, start=1):
            at = start + (end - start) * place / len(writes)
            self.burst.writes.append(Timed(at, write))
            if write.sort.startswith("CURRENT#"):
                self._offer("tally", write.partition, end)
            elif write.sort == "CHANGED":
                self._offer("publish", write.partition, end)

    def _offer(self, name: str, partition: str, now: float) -> None:
        shard = self._shards[name][partition_of(partition, len(self._shards[name]))]
        shard.records.append((now, partition))
        if len(shard.records) in (1, self._mappings[name].batch):
            self._wake(name, shard, now)

    def _wake(self, name: str, shard: Shard, now: float) -> None:
        self._at(max(now, self._due(name, shard)), lambda at: self._batch(name, shard, at))

    def _due(self, name: str, shard: Shard) -> float:
        """When the next batch is due; the window of what came while the function was busy begins after that."""
        mapping = self._mappings[name]
        if len(shard.records) >= mapping.batch:
            return shard.free_at
        return max(shard.records[0][0], shard.free_at) + mapping.seconds

    def _batch(self, name: str, shard: Shard, now: float) -> None:
        if not shard.records or now < self._due(name, shard):
            return
        batch = [shard.records.popleft() for _ in range(min(self._mappings[name].batch, len(shard.records)))]
        shard.free_at = self._tally(batch, now) if name == "tally" else self._publish(now)
        if shard.records:
            self._wake(name, shard, now)

    def _tally(self, batch: Iterable[tuple[float, str]], now: float) -> float:
        groups = sorted({partition for _, partition in batch})
        self.burst.tallies.append((now, len(groups)))
        for group in groups:
            self._flows.tally(group)
            now += self._flows.tally_seconds
            self._recorded(now - self._flows.tally_seconds, now)
        return now

    def _publish(self, now: float) -> float:
        self.burst.publishes.append((now, self._flows.publish()))
        self._flows.calls()
        return now + self._flows.publish_seconds


@dataclass(frozen=True, slots=True)
class Load:
    """What partitions had to take: the most in any one second, by which, and the writes that had to wait, and how long.

    `throttled` counts writes that found their partition's bucket empty; the SDK tries them again, so `longest_wait` is
    what it costs.
    """

    busiest: str
    peak: float
    throttled: int
    longest_wait: float


def load(units: Iterable[tuple[float, str, float]], *, saved_seconds: float = 1.0) -> Load:
    """Token buckets of 1,000 units a second over (moment, partition, units) in any order.

    `saved_seconds` is how many seconds of unused capacity a partition saves up: 1 for none to speak of; DynamoDB saves
    up to 300, and does not promise it.
    """
    tokens: dict[str, tuple[float, float]] = {}
    seconds: dict[tuple[str, int], float] = defaultdict(float)
    throttled, longest = 0, 0.0
    most = PARTITION_WRITES * saved_seconds
    for at, partition, taken in sorted(units):
        seconds[partition, int(at)] += taken
        left, seen = tokens.get(partition, (most, at))
        left = min(most, left + (at - seen) * PARTITION_WRITES) - taken
        tokens[partition] = (left, at)
        if left < 0:
            throttled += 1
            longest = max(longest, -left / PARTITION_WRITES)
    (busiest, _), peak = max(seconds.items(), key=lambda item: (item[1], item[0]))
    return Load(busiest, peak, throttled, longest)


def by_key(writes: Iterable[Timed]) -> Iterable[tuple[float, str, float]]:
    """Units by partition key."""
    for timed in writes:
        yield timed.at, timed.write.partition, timed.write.units


def by_partition(writes: Iterable[Timed], partitions: int = FIRST_PARTITIONS) -> Iterable[tuple[float, str, float]]:
    """Units by physical partition, keys spread over them by their hash."""
    for timed in writes:
        yield timed.at, f"table {partition_of(timed.write.partition, partitions)}", timed.write.units


def partition_of(key: str, partitions: int) -> int:
    """Which of so many partitions a key lies in."""
    return int.from_bytes(md5(key.encode(), usedforsecurity=False).digest()[:8]) * partitions >> 64
