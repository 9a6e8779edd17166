"""Moves messages and records from queues and streams into the functions until nothing is left to do."""

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from tracelode_local.cloud.clients import Clients
from tracelode_local.delivery.environments import Environments, Outcome
from tracelode_local.delivery.queues import QueueConsumer
from tracelode_local.delivery.streams import Record, StreamConsumer, StreamReader
from tracelode_local.template.stack import Stack

TIME_SCALE: Final = 0.001
"""Real seconds here for each second of a queue's visibility timeout there."""
_LOOK_INTERVAL: Final = 0.25
"""Seconds between looks at a stream, or a queue that was empty, while functions are busy writing to it."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What the pump is doing: functions at work now, and messages or records done with since it was made."""

    running: tuple[str, ...]
    settled: Mapping[str, int]


class _QueueState:
    """A queue's consumer, its batches under way, and when and at which stirring its queue was seen empty, if it was
    empty when it was last looked at."""

    def __init__(self, consumer: QueueConsumer) -> None:
        self.consumer = consumer
        self.running = 0
        self.empty_since = -math.inf
        self.empty_at = -1


class _StreamState:
    """A stream's reader, its consumers, whether it is being read, and at which stirring it was last read to its tip."""

    def __init__(self, reader: StreamReader, consumers: Sequence[StreamConsumer]) -> None:
        self.reader = reader
        # Shorter windows come first: what a longer one collects may be the other function's work.
        self.consumers = sorted(consumers, key=lambda consumer: consumer.mapping.window)
        self.busy: set[int] = set()
        self.reading = False
        self.read_at = -math.inf
        self.tip_at = -1


class Pump:
    """Queues and streams into handlers, exactly as the template's event source mappings say.

    Nothing is polled without reason. The pump counts stirrings: something was put into a queue, a message became
    visible again, an invocation ended. A queue seen empty, or a stream read to its tip, after the last stirring has
    nothing more; when that is so for all, and nothing runs, hides or waits, the system is quiet.
    """

    def __init__(
        self,
        stack: Stack,
        clients: Clients,
        environments: Environments,
        stream_arns: Mapping[str, str],
        time_scale: float = TIME_SCALE,
    ) -> None:
        self._queues = [
            _QueueState(QueueConsumer(mapping, clients, environments, time_scale)) for mapping in stack.queue_mappings
        ]
        self._streams: list[_StreamState] = []
        for table in stack.tables.values():
            mappings = [mapping for mapping in stack.stream_mappings if mapping.table == table]
            if mappings:
                reader = StreamReader(stream_arns[table.name], clients)
                consumers = [StreamConsumer(mapping, reader, clients, environments) for mapping in mappings]
                self._streams.append(_StreamState(reader, consumers))
        workers = sum(state.consumer.slots for state in self._queues)
        workers += sum(1 + len(state.consumers) for state in self._streams)
        self._executor = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="pump")
        self._running: dict[Future[None], tuple[str, Callable[[], None]]] = {}
        self._settled: Counter[str] = Counter()
        self._stirrings = 0

    def stir(self) -> None:
        """Something was put into a queue from outside."""
        self._stirrings += 1

    def error_of(self, message_id: str) -> str:
        """The last error of a message that ended in a dead-letter queue, "" where none is known."""
        for queue in self._queues:
            if message_id in queue.consumer.errors:
                return queue.consumer.errors[message_id]
        for stream in self._streams:
            for consumer in stream.consumers:
                if message_id in consumer.errors:
                    return f"{consumer.mapping.function.name}: {consumer.errors[message_id]}"
        return ""

    @property
    def lost(self) -> tuple[str, ...]:
        """Batches that a function failed on for good and that the template has no failure queue for."""
        return tuple(
            f"{consumer.mapping.function.name}: {reason}"
            for stream in self._streams
            for consumer in stream.consumers
            for reason in consumer.lost
        )

    def drain(
        self,
        observe: Callable[[Activity], None] | None = None,
        *,
        windows_pass: bool = False,
        until: Callable[[Activity], bool] | None = None,
    ) -> None:
        """Work until the system is quiet, or until something is true of what it is doing; then work may be under way.

        A stream's batching window ends when everything upstream of the function is idle, so that many uploads make one
        batch; with `windows_pass`, also when its seconds have passed.

        Raises whatever goes wrong in the pump itself; what goes wrong in a handler is retried and redriven.
        """
        while True:
            self._start(windows_pass)
            activity = Activity(tuple(sorted({name for name, _ in self._running.values() if name})), self._settled)
            if observe:
                observe(activity)
            if until and until(activity):
                return
            if not self._running:
                due = self._next_due(windows_pass)
                if due is None:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                continue
            done, _ = wait(self._running, timeout=self._patience(windows_pass), return_when=FIRST_COMPLETED)
            for future in done:
                _, finish = self._running.pop(future)
                future.result()
                finish()

    def close(self) -> None:
        """Let go of the threads; call it when the environments are closed, so that none is left waiting."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self, windows_pass: bool) -> None:
        now = time.monotonic()
        for queue in self._queues:
            if queue.consumer.show_due(now):
                self._stirrings += 1
            while queue.running < queue.consumer.slots and self._worth_a_look(queue.empty_at, queue.empty_since, now):
                self._work(queue)
        for stream in self._streams:
            if not stream.reading and self._worth_a_look(stream.tip_at, stream.read_at, now):
                self._read(stream)
            for index, consumer in enumerate(stream.consumers):
                upstream_idle = self._idle_upstream(stream, index)
                ready = consumer.ready(now, upstream_idle=upstream_idle, windows_pass=windows_pass)
                if index not in stream.busy and ready:
                    self._invoke(stream, index)

    def _worth_a_look(self, nothing_at: int, looked_at: float, now: float) -> bool:
        """Whether to look where there was nothing at a stirring and at a moment.

        What ends while others are at work is no reason to look everywhere at once: most of it has put nothing there.
        """
        return nothing_at != self._stirrings and (not self._running or now - looked_at >= _LOOK_INTERVAL)

    def _idle_upstream(self, stream: _StreamState, index: int) -> bool:
        """Whether nothing that could still write to the stream, for the consumer at `index`, has anything to do."""
        queues_idle = all(
            not queue.running and queue.empty_at == self._stirrings and queue.consumer.next_due is None
            for queue in self._queues
        )
        earlier_idle = all(stream.consumers[n].idle and n not in stream.busy for n in range(index))
        return queues_idle and earlier_idle and not stream.reading and stream.tip_at == self._stirrings

    def _submit(self, name: str, work: Callable[[], None], finish: Callable[[], None]) -> None:
        self._running[self._executor.submit(work)] = (name, finish)

    def _work(self, queue: _QueueState) -> None:
        queue.running += 1
        stirrings = self._stirrings
        name = queue.consumer.mapping.function.name
        result: list[int] = []

        def finish() -> None:
            queue.running -= 1
            if result[0] < 0:
                queue.empty_at = max(queue.empty_at, stirrings)
                queue.empty_since = time.monotonic()
            else:
                queue.empty_since = -math.inf
                self._settled[name] += result[0]
                self._stirrings += 1

        self._submit(name, lambda: result.append(queue.consumer.work()), finish)

    def _read(self, stream: _StreamState) -> None:
        stream.reading = True
        stirrings = self._stirrings
        result: list[Sequence[Record]] = []

        def finish() -> None:
            stream.reading = False
            stream.read_at = time.monotonic()
            if result[0]:
                for consumer in stream.consumers:
                    consumer.offer(result[0])
            else:
                stream.tip_at = max(stream.tip_at, stirrings)

        self._submit("", lambda: result.append(stream.reader.read()), finish)

    def _invoke(self, stream: _StreamState, index: int) -> None:
        consumer = stream.consumers[index]
        stream.busy.add(index)
        batch = consumer.take()
        result: list[Outcome] = []

        def finish() -> None:
            stream.busy.discard(index)
            self._settled[consumer.mapping.function.name] += consumer.settle(result[0])
            self._stirrings += 1

        self._submit(consumer.mapping.function.name, lambda: result.append(consumer.invoke(batch)), finish)

    def _next_due(self, windows_pass: bool) -> float | None:
        hidden = [queue.consumer.next_due for queue in self._queues]
        waiting = [
            consumer.next_due(windows_pass=windows_pass)
            for stream in self._streams
            for index, consumer in enumerate(stream.consumers)
            if index not in stream.busy
        ]
        return min((due for due in hidden + waiting if due is not None), default=None)

    def _patience(self, windows_pass: bool) -> float:
        due = self._next_due(windows_pass)
        if due is None:
            return _LOOK_INTERVAL
        return min(_LOOK_INTERVAL, max(0.001, due - time.monotonic()))
