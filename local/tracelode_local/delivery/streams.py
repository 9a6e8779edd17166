"""A table's stream into functions, as Lambda does it: filters, batches, the window, bisecting, retries, failures."""

import base64
import json
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tracelode.storage.objects import moment
from tracelode_local.cloud.account import REGION
from tracelode_local.cloud.clients import Clients
from tracelode_local.delivery.batches import explanation, verdict
from tracelode_local.delivery.environments import Environments, Outcome
from tracelode_local.delivery.filters import check, matches
from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.template.stack import StreamMapping

Record = Mapping[str, Any]

_READ_LIMIT: Final = 1000
_RETRY_DELAY: Final = 0.05
"""Seconds before a failed batch is tried again."""


class StreamReader:
    """Reads a stream from its beginning. moto's streams have one shard."""

    def __init__(self, stream_arn: str, clients: Clients) -> None:
        self.arn = stream_arn
        self._streams = clients.streams
        self.shard_id = self._streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]["ShardId"]
        self._iterator = self._streams.get_shard_iterator(
            StreamArn=stream_arn, ShardId=self.shard_id, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def read(self) -> Sequence[Record]:
        """The next records, at most a thousand; none at the tip of the stream."""
        answer = self._streams.get_records(ShardIterator=self._iterator, Limit=_READ_LIMIT)
        self._iterator = answer["NextShardIterator"]
        return answer["Records"]


class StreamConsumer:
    """One event source mapping from a stream. Not for several threads, but for `invoke`.

    Raises UnresolvableError for a mapping without MaximumRetryAttempts (one bad record would be tried for a day) and
    for filters that are not known here.
    """

    def __init__(
        self, mapping: StreamMapping, stream: StreamReader, clients: Clients, environments: Environments
    ) -> None:
        if mapping.retries is None:
            raise UnresolvableError(f"the stream mapping of {mapping.function.name} has no MaximumRetryAttempts")
        for pattern in mapping.filters:
            check(pattern)
        self.mapping = mapping
        self.not_before = 0.0
        self.errors: dict[str, str] = {}
        self.lost: list[str] = []
        self._retries = mapping.retries
        self._stream = stream
        self._sqs = clients.sqs
        self._environments = environments
        self._buffer: deque[Record] = deque()
        self._buffered_at = 0.0
        self._batches: list[list[Record]] = []
        self._attempts = 0

    def offer(self, records: Iterable[Record]) -> None:
        """Buffer the records that pass the mapping's filter."""
        empty = not self._buffer
        self._buffer.extend(
            _as_event(record, self._stream.arn) for record in records if matches(self.mapping.filters, record)
        )
        if empty:
            self._buffered_at = time.monotonic()

    @property
    def idle(self) -> bool:
        """Whether it has nothing to do, now or later."""
        return not self._buffer and not self._batches

    def next_due(self, *, windows_pass: bool) -> float | None:
        """When it will have something to do by itself (monotonic clock), None if never."""
        if self._batches:
            return self.not_before
        if not self._buffer:
            return None
        if windows_pass:
            return max(self.not_before, self._buffered_at + self.mapping.window)
        return self.not_before if self.not_before > time.monotonic() else None

    def ready(self, now: float, *, upstream_idle: bool, windows_pass: bool) -> bool:
        """Whether a batch is to be taken now: one to be retried, a full one, or one whose window is over.

        A window is over when everything that could still add to the batch is idle, or, where `windows_pass`, when its
        seconds have passed.
        """
        if now < self.not_before:
            return False
        if self._batches:
            return True
        if not self._buffer:
            return False
        passed = windows_pass and now - self._buffered_at >= self.mapping.window
        return not self.mapping.window or len(self._buffer) >= self.mapping.batch_size or upstream_idle or passed

    def take(self) -> Sequence[Record]:
        """The batch to invoke the function with next."""
        if not self._batches:
            size = min(self.mapping.batch_size, len(self._buffer))
            self._batches.append([self._buffer.popleft() for _ in range(size)])
            self._buffered_at = time.monotonic()
            self._attempts = 0
        return self._batches[-1]

    def invoke(self, batch: Sequence[Record]) -> Outcome:
        """Invoke the function with a batch."""
        return self._environments.invoke(self.mapping.function, {"Records": list(batch)})

    def settle(self, outcome: Outcome) -> int:
        """Move on, halve, try again or give up on the batch last taken; returns how many records are done with."""
        batch = self._batches.pop()
        identifiers = [_sequence(record) for record in batch]
        came = verdict(outcome, identifiers, self.mapping.reports_failures)
        lowest = next((index for index, identifier in enumerate(identifiers) if identifier in came.failed), len(batch))
        if lowest == len(batch):
            self._attempts = 0
            return len(batch)
        remaining = batch[lowest:]
        self.not_before = time.monotonic() + _RETRY_DELAY
        if came.whole and self.mapping.bisects and len(batch) > 1:
            middle = len(batch) // 2
            self._batches += [batch[middle:], batch[:middle]]
            return 0
        self._attempts = 1 if lowest else self._attempts + 1
        if self._attempts > self._retries:
            self._give_up(remaining, outcome)
            self._attempts = 0
            return len(batch)
        self._batches.append(remaining)
        return lowest

    def _give_up(self, batch: Sequence[Record], outcome: Outcome) -> None:
        reason = f"{len(batch)} stream records: {explanation(outcome, _sequence(batch[0]))}"
        if not self.mapping.failure_queue:
            self.lost.append(reason)
            return
        sent = self._sqs.send_message(
            QueueUrl=self.mapping.failure_queue.url, MessageBody=json.dumps(self._failure(batch, outcome))
        )
        self.errors[sent["MessageId"]] = reason

    def _failure(self, batch: Sequence[Record], outcome: Outcome) -> Mapping[str, Any]:
        """A discarded batch, as Lambda tells an OnFailure queue of it: where it lies, not what is in it."""
        first, last = batch[0]["dynamodb"], batch[-1]["dynamodb"]
        return {
            "version": "1.0",
            "timestamp": _moment(last["ApproximateCreationDateTime"]),
            "requestContext": {
                "requestId": f"00000000-0000-4000-8000-{int(first['SequenceNumber']) % 10**12:012d}",
                "functionArn": self.mapping.function.arn,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": self._retries + 1,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled" if outcome.failed else None,
            },
            "DDBStreamBatchInfo": {
                "shardId": self._stream.shard_id,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _moment(first["ApproximateCreationDateTime"]),
                "approximateArrivalOfLastRecord": _moment(last["ApproximateCreationDateTime"]),
                "batchSize": len(batch),
                "streamArn": self._stream.arn,
            },
        }


def _sequence(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _moment(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))


def _as_event(record: Record, stream_arn: str) -> Record:
    """The record as a function receives it: times in seconds, binary values in base64, its stream named."""
    event: dict[str, Any] = json.loads(json.dumps(record, default=_wire))
    return {**event, "awsRegion": REGION, "eventSourceARN": stream_arn}


def _wire(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} in a stream record")
