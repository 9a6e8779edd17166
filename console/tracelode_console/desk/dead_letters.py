"""What the system gave up on, and how it is taken up again once the cause is mended.

A letter of a queue is the notice of an object and goes back to where it came from. A letter of the stream only holds a
position; what it was about is found by a sweep, which makes again whatever is out of date.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tracelode.flow.reconcile_year import reconcile_every_year
from tracelode.queues.dead_letters import messages_in, subject
from tracelode_console.desk.choices import DeadLetterQueue
from tracelode_console.desk.installation import Installation

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

RECONCILE_PATIENCE: Final = 930
"""Seconds for a sweep: the function's timeout and a little more."""
_LOOK_EVERY: Final = 2.0
"""Seconds between looks at a move that SQS carries out."""


class SweepFailedError(Exception):
    """The sweep failed; the letters stay where they are."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: what it is about, and since when it lies there (ISO 8601)."""

    queue: str
    message_id: str
    subject: str
    sent: str


def letters(installation: Installation, queues: Sequence[DeadLetterQueue], *, at_most: int) -> tuple[Letter, ...]:
    """The first letters of each queue; they stay where they are."""
    sqs = installation.clients.sqs
    return tuple(
        Letter(queue.name, message["MessageId"], subject(message["Body"]), _sent(message))
        for queue in queues
        for message in messages_in(sqs, installation.queue_url(queue.logical_id), at_most=at_most)
    )


def send_back(
    installation: Installation,
    queue: DeadLetterQueue,
    *,
    observe: Callable[[int], None] = lambda _moved: None,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Move a queue's letters back to where they came from; returns how many. `observe` hears how many by now.

    SQS carries the move out; moto does not know how. On this machine each letter is sent before it is deleted: whatever
    happens between the two, it is there twice and not lost, which the functions do not mind.
    """
    if installation.local:
        return _moved_by_hand(installation, queue, observe)
    sqs = installation.clients.sqs
    source = _arn(sqs, installation.queue_url(queue.logical_id))
    sqs.start_message_move_task(SourceArn=source)
    while True:
        task = sqs.list_message_move_tasks(SourceArn=source, MaxResults=1)["Results"][0]
        moved = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        observe(moved)
        if task["Status"] in ("COMPLETED", "FAILED", "CANCELLED"):
            return moved
        sleep(_LOOK_EVERY)


def sweep_and_clear(installation: Installation, queues: Sequence[DeadLetterQueue]) -> int:
    """Let a sweep make again what the stream's letters were about, then delete the letters; returns how many.

    Only letters are deleted that lay there before the sweep began. Raises SweepFailedError, with every letter still in
    its place, when the sweep fails.
    """
    sqs = installation.clients.sqs
    seen = {queue: {item["MessageId"] for item in _waiting(installation, queue)} for queue in queues}
    if not any(seen.values()):
        return 0
    _sweep(installation)
    deleted = 0
    for queue, ids in seen.items():
        url = installation.queue_url(queue.logical_id)
        for message in _taken(sqs, url):
            if message["MessageId"] in ids:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                deleted += 1
            else:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return deleted


def _waiting(installation: Installation, queue: DeadLetterQueue) -> "list[MessageTypeDef]":
    return messages_in(installation.clients.sqs, installation.queue_url(queue.logical_id))


def _sweep(installation: Installation) -> None:
    if installation.account_clients is None:
        try:
            for _ in reconcile_every_year(installation, full=False):
                pass
        except ExceptionGroup as failures:
            raise SweepFailedError("; ".join(str(failure) for failure in failures.exceptions)) from failures
        return
    functions = installation.account_clients.other("lambda", patience=RECONCILE_PATIENCE)
    answer = functions.invoke(FunctionName=installation.reconcile_function, Payload=json.dumps({"full": False}))
    if answer.get("FunctionError"):
        said = json.loads(answer["Payload"].read() or b"{}")
        raise SweepFailedError(f"{said.get('errorType', 'error')}: {said.get('errorMessage', 'see its log')}")


def _moved_by_hand(installation: Installation, queue: DeadLetterQueue, observe: Callable[[int], None]) -> int:
    sqs = installation.clients.sqs
    url, source = installation.queue_url(queue.logical_id), installation.queue_url(queue.source)
    moved = 0
    # Taken once and for all: what fails again meanwhile comes back here, and would be sent round in circles.
    for message in _taken(sqs, url):
        sqs.send_message(QueueUrl=source, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        moved += 1
        observe(moved)
    return moved


def _taken(sqs: Any, url: str) -> "list[MessageTypeDef]":
    """Every message of a queue, hidden from others for long enough to deal with them."""
    taken: list[MessageTypeDef] = []
    while received := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=120, WaitTimeSeconds=0
    ).get("Messages", []):
        taken += received
    return taken


def _arn(sqs: Any, url: str) -> str:
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return str(attributes["QueueArn"])


def _sent(message: "MessageTypeDef") -> str:
    stamp = int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(stamp)) if stamp else ""
