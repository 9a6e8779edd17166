"""Messages of a queue: S3's notices, freed from their envelope and worked off one message at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes import S3Event
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tracelode.entry.failures import log_failure
from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.storage.objects import ObjectEvent, moment
from tracelode.storage.places import is_folder


class UnknownNoticeError(ValueError):
    """A notice of a kind that nothing here asks for; a bug or a misconfiguration, never a reason to guess."""


SCANNERS_OWN = "malware-protection-resource-validation-object"
"""The object that GuardDuty puts to try its rights when uploads are scanned: nobody's upload."""


def work_off_messages(function: Function, event: Event, work: Callable[[ObjectEvent], None]) -> BatchAnswer:
    """Do the work for what each message points at; the answer names the messages to try again.

    A message that fails is logged by its id and keeps none of the others from being worked off.
    """
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def work_off(record: SQSRecord) -> None:
        function.logger.append_keys(message_id=record.message_id)
        try:
            for dropped in object_events(record.json_body):
                work(dropped)
        except Exception as error:
            log_failure(function.logger, error)
            raise

    answer: BatchAnswer = process_partial_response(event, work_off, processor)
    return answer


def object_events(body: Mapping[str, Any]) -> tuple[ObjectEvent, ...]:
    """The object events of one queue message; none for what AWS sends and puts when notices and scans are set up, or
    for a folder that a console has shown.

    Raises UnknownNoticeError for a body that is not an S3 notification.
    """
    if body.get("Event") == "s3:TestEvent":
        return ()
    if "Records" not in body:
        raise UnknownNoticeError("a queue message without S3 records")
    events = (_object_event(record) for record in S3Event(dict(body)).records)
    return tuple(event for event in events if event.key != SCANNERS_OWN and not is_folder(event.key))


def _object_event(record: Any) -> ObjectEvent:
    name: str = record.event_name
    time = moment(datetime.fromisoformat(record.event_time))
    # S3 form-encodes keys in notifications to queues so that a space arrives as +.
    key = unquote_plus(record.s3.get_object.key)
    version_id: str = record.s3.get_object.version_id or ""
    if name.startswith("ObjectCreated:"):
        return ObjectEvent(key, version_id, time, deleted=False)
    if name == "ObjectRemoved:DeleteMarkerCreated":
        return ObjectEvent(key, "", time, deleted=True, marker=version_id)
    if name == "ObjectRemoved:Delete":
        return ObjectEvent(key, version_id, time, deleted=True)
    raise UnknownNoticeError(f"S3 event {name}")
