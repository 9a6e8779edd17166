"""The whole system on this machine: template, local cloud, functions and pump in one context manager."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from tracelode.printing.printable import shortened
from tracelode.queues.dead_letters import messages_in, subject
from tracelode.report.tables.notice import Notice
from tracelode_local.cloud.clients import Clients
from tracelode_local.cloud.endpoint import LocalCloud
from tracelode_local.delivery.environments import ChildProcesses, Environments, InProcess
from tracelode_local.delivery.pump import TIME_SCALE, Activity, Pump
from tracelode_local.delivery.s3_events import BucketFront, FoundObject
from tracelode_local.template.own import TEMPLATE
from tracelode_local.template.provision import mailbox, provision
from tracelode_local.template.stack import Queue, Stack, Topic, read_stack


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What the system gave up on: the queue it lies in, what it is about, and the last error."""

    message_id: str
    queue: str
    subject: str
    error: str


class LocalSystem:
    """Context manager: the system that a template describes, running on this machine.

    `template` is the path of a SAM template, or a translated one. With `in_process`, handlers run in this process, one
    at a time; otherwise each execution environment is a process, and what they log is kept in `log_folder`, which is a
    temporary folder unless one is given.

    Raises TranslationError or UnresolvableError on entry for a template that cannot be run here.
    """

    def __init__(
        self,
        template: Path | Mapping[str, Any] = TEMPLATE,
        *,
        parameters: Mapping[str, str] | None = None,
        in_process: bool = False,
        log_folder: Path | None = None,
        time_scale: float = TIME_SCALE,
    ) -> None:
        self._template = template
        self._parameters = dict(parameters or {})
        self._in_process = in_process
        self._time_scale = time_scale
        self._given_log_folder = log_folder
        self._on_exit = ExitStack()

    def __enter__(self) -> "LocalSystem":
        with ExitStack() as opened:
            # moto's process needs no template: it gets up while the template is translated.
            endpoint = self.endpoint = opened.enter_context(LocalCloud()).endpoint
            self.stack = self._read_stack(endpoint)
            self.log_folder = self._log_folder(opened)
            environments = self._environments(endpoint)
            opened.callback(environments.close)
            self._environments_in_use = environments
            self.clients = Clients(endpoint)
            stream_arns = provision(self.stack, self.clients)
            self._pump = Pump(self.stack, self.clients, environments, stream_arns, self._time_scale)
            # Closing goes backwards: environments end first, so that no thread of the pump waits for an answer.
            opened.callback(self._pump.close)
            opened.callback(environments.close)
            self._front = BucketFront(self.stack, self.clients)
            self._on_exit = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._on_exit.close()

    @property
    def inbox_bucket(self) -> str:
        """Where suppliers' files go."""
        return self.stack.bucket_for("INBOX_BUCKET")

    @property
    def reference_bucket(self) -> str:
        """Where the compliance team's files go."""
        return self.stack.bucket_for("REFERENCE_BUCKET")

    @property
    def results_bucket(self) -> str:
        """Where reports and feedback come out."""
        return self.stack.bucket_for("RESULTS_BUCKET")

    @property
    def resources(self) -> Mapping[str, str]:
        """Physical ids by logical id, as CloudFormation would give them."""
        return {
            **{logical_id: bucket.name for logical_id, bucket in self.stack.buckets.items()},
            **{logical_id: queue.url for logical_id, queue in self.stack.queues.items()},
            **{logical_id: table.name for logical_id, table in self.stack.tables.items()},
            **{logical_id: function.name for logical_id, function in self.stack.functions.items()},
        }

    def upload(self, bucket: str, key: str, content: Path | bytes, received: datetime) -> str:
        """Put an object and send its notification; returns the version id. Raises OSError for an unreadable file."""
        version = self._front.upload(bucket, key, content, received)
        self._pump.stir()
        return version

    @contextmanager
    def telling_later(self) -> Iterator[None]:
        """What is put or deleted meanwhile is in its bucket at once, and told of when this ends."""
        with self._front.telling_later():
            yield
        self._pump.stir()

    def unannounced(self, bucket: str) -> tuple[FoundObject, ...]:
        """The newest versions of a bucket that came in another way than by `upload`, and were not announced yet."""
        return self._front.unannounced(bucket)

    def announce(self, found: FoundObject, received: datetime) -> None:
        """Send the notification of an object that somebody else has put."""
        self._front.announce(found, received)
        self._pump.stir()

    def waiting(self) -> bool:
        """Whether a message waits in a queue that a function reads; the pump does not look without being stirred."""
        return any(
            int(
                self.clients.sqs.get_queue_attributes(
                    QueueUrl=mapping.queue.url, AttributeNames=["ApproximateNumberOfMessages"]
                )["Attributes"]["ApproximateNumberOfMessages"]
            )
            for mapping in self.stack.queue_mappings
        )

    def stir(self) -> None:
        """Somebody else has put something into a queue."""
        self._pump.stir()

    def delete(self, bucket: str, key: str, received: datetime) -> str:
        """Put a delete marker and send its notification; returns the marker's version id."""
        version = self._front.delete(bucket, key, received)
        self._pump.stir()
        return version

    def send(self, queue: Queue, body: str) -> None:
        """Put a message into a queue, as somebody outside the system would."""
        self.clients.sqs.send_message(QueueUrl=queue.url, MessageBody=body)
        self._pump.stir()

    def drain(
        self,
        observe: Callable[[Activity], None] | None = None,
        *,
        windows_pass: bool = False,
        until: Callable[[Activity], bool] | None = None,
    ) -> None:
        """Work until the system is quiet (see Pump.drain)."""
        self._pump.drain(observe, windows_pass=windows_pass, until=until)

    def tick(self) -> tuple[str, ...]:
        """Let the time of every schedule of the template come once, in the template's order, then work until quiet.

        Returns the errors of the functions that failed, none if all went well. Nothing runs by the clock here.
        """
        failed: list[str] = []
        for schedule in self.stack.schedules:
            outcome = self._environments_in_use.invoke(schedule.function, schedule.event)
            if outcome.failed:
                failed.append(f"{schedule.name}: {shortened(outcome.error)}")
        self._pump.stir()
        self.drain()
        return tuple(failed)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """What the system gave up on so far; it stays in its queues."""
        letters = [
            DeadLetter(
                message["MessageId"], queue.name, subject(message["Body"]), self._pump.error_of(message["MessageId"])
            )
            for queue in self.stack.dead_letter_queues
            for message in messages_in(self.clients.sqs, queue.url)
        ]
        lost = [DeadLetter(reason, "no queue", "stream", reason) for reason in self._pump.lost]
        return tuple(sorted([*letters, *lost], key=lambda letter: (letter.queue, letter.subject, letter.message_id)))

    def notices(self) -> tuple[Notice, ...]:
        """What the compliance team was told so far, in the order of the topics; it stays in their mailboxes."""
        mails = [
            json.loads(message["Body"])
            for topic in self.stack.topics.values()
            for message in messages_in(self.clients.sqs, self._mailbox_url(topic))
        ]
        return tuple(Notice(mail["Subject"], mail["Message"]) for mail in mails)

    def _mailbox_url(self, topic: Topic) -> str:
        return self.clients.sqs.get_queue_url(QueueName=mailbox(topic))["QueueUrl"]

    def _read_stack(self, endpoint: str) -> Stack:
        if isinstance(self._template, Mapping):
            return read_stack(self._template, self._parameters, endpoint)
        # Imported here, because it takes as long as starting moto, which it can take at the same time.
        from tracelode_local.template.translation import translate

        return read_stack(translate(self._template, self._parameters), {}, endpoint)

    def _log_folder(self, opened: ExitStack) -> Path:
        if self._given_log_folder:
            self._given_log_folder.mkdir(parents=True, exist_ok=True)
            return self._given_log_folder
        folder = Path(tempfile.mkdtemp(prefix="tracelode-logs-"))
        opened.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _environments(self, endpoint: str) -> Environments:
        if self._in_process:
            return InProcess(endpoint)
        processes = ChildProcesses(endpoint, self.log_folder, _slots(self.stack))
        fed = [mapping.function for mapping in self.stack.queue_mappings]
        processes.prepare(*fed, *(mapping.function for mapping in self.stack.stream_mappings))
        return processes


def _slots(stack: Stack) -> Mapping[str, int]:
    """Two environments, where there are two processors, for the function that reads what comes into the inbox."""
    inbox = {bucket.name: bucket for bucket in stack.buckets.values()}[stack.bucket_for("INBOX_BUCKET")]
    fed = {notification.queue_arn for notification in inbox.notifications}
    at_once = min(2, os.cpu_count() or 1)
    return {mapping.function.name: at_once for mapping in stack.queue_mappings if mapping.queue.arn in fed}
