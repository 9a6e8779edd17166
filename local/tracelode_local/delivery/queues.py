"""A queue into a function, as Lambda's pollers do it: batches, partial failures, visibility, redrive."""

import math
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tracelode_local.cloud.account import REGION
from tracelode_local.cloud.clients import Clients
from tracelode_local.delivery.batches import explanation, verdict
from tracelode_local.delivery.environments import Environments, Outcome
from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.template.stack import QueueMapping

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_RECEIVE_LIMIT: Final = 10
"""The most messages that one ReceiveMessage, or one batch call, can carry."""


class QueueConsumer:
    """One event source mapping from a queue.

    A failed message becomes visible again after `time_scale` times the queue's visibility timeout, in real seconds; how
    often it comes back, and when it moves to the dead-letter queue, is the queue's own redrive policy.

    Raises UnresolvableError for a queue without a dead-letter queue: nothing would ever stop a failing message.
    """

    def __init__(self, mapping: QueueMapping, clients: Clients, environments: Environments, time_scale: float) -> None:
        if not mapping.queue.dead_letter_arn:
            raise UnresolvableError(f"queue {mapping.queue.name} feeds a function and has no dead-letter queue")
        self.mapping = mapping
        slots = environments.slots(mapping.function)
        self.slots = min(slots, mapping.concurrency or slots)
        self.errors: dict[str, str] = {}
        self._sqs = clients.sqs
        self._environments = environments
        self._delay = mapping.queue.visibility * time_scale
        self._hidden: list[tuple[float, str]] = []
        self._lock = threading.Lock()

    def work(self) -> int:
        """Take one batch through the function; returns how many messages are done with, -1 where none was waiting."""
        messages = self._receive()
        if not messages:
            return -1
        outcome = self._environments.invoke(self.mapping.function, self._event(messages))
        failed = verdict(outcome, [message["MessageId"] for message in messages], self.mapping.reports_failures).failed
        done = [message for message in messages if message["MessageId"] not in failed]
        for start in range(0, len(done), _RECEIVE_LIMIT):
            self._sqs.delete_message_batch(
                QueueUrl=self.mapping.queue.url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(done[start : start + _RECEIVE_LIMIT])
                ],
            )
        self._hide([message for message in messages if message["MessageId"] in failed], outcome)
        return len(done)

    @property
    def next_due(self) -> float | None:
        """When the next failed message becomes visible again (monotonic clock), None if none is hidden."""
        with self._lock:
            return min((due for due, _ in self._hidden), default=None)

    def show_due(self, now: float) -> bool:
        """Make the failed messages whose time has come visible again; returns whether there were any."""
        with self._lock:
            due = [receipt for moment, receipt in self._hidden if moment <= now]
            self._hidden = [(moment, receipt) for moment, receipt in self._hidden if moment > now]
        for receipt in due:
            self._sqs.change_message_visibility(
                QueueUrl=self.mapping.queue.url, ReceiptHandle=receipt, VisibilityTimeout=0
            )
        return bool(due)

    def _receive(self) -> list["MessageTypeDef"]:
        messages: list[MessageTypeDef] = []
        wanted = self._share()
        while len(messages) < wanted:
            asked = min(_RECEIVE_LIMIT, wanted - len(messages))
            received = self._sqs.receive_message(
                QueueUrl=self.mapping.queue.url,
                MaxNumberOfMessages=asked,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
                WaitTimeSeconds=0,
            ).get("Messages", [])
            messages += received
            if len(received) < asked:
                break
        return messages

    def _share(self) -> int:
        """How many messages to take: as pollers of their own would, a full batch may not starve other environments."""
        if min(self.slots, self.mapping.batch_size) == 1:
            return self.mapping.batch_size
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=self.mapping.queue.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        waiting = int(attributes["Attributes"]["ApproximateNumberOfMessages"])
        return min(self.mapping.batch_size, max(1, math.ceil(waiting / self.slots)))

    def _hide(self, failed: "list[MessageTypeDef]", outcome: Outcome) -> None:
        due = time.monotonic() + self._delay
        with self._lock:
            for message in failed:
                self._hidden.append((due, message["ReceiptHandle"]))
                self.errors[message["MessageId"]] = explanation(outcome, message["MessageId"])

    def _event(self, messages: "list[MessageTypeDef]") -> Mapping[str, Any]:
        return {
            "Records": [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": dict(message.get("Attributes", {})),
                    "messageAttributes": {},
                    "md5OfBody": message["MD5OfBody"],
                    "eventSource": "aws:sqs",
                    "eventSourceARN": self.mapping.queue.arn,
                    "awsRegion": REGION,
                }
                for message in messages
            ]
        }
