"""What arrives, freed from its envelope: S3 notifications inside queue messages, and changes of the ledger's stream."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes import S3Event
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from tracelode.ledger import keys
from tracelode.storage.objects import ObjectEvent, moment
from tracelode.storage.places import is_folder


class UnknownEventError(ValueError):
    """An event of a kind that nothing here sends; a bug or a misconfiguration, never a reason to guess."""


SCANNERS_OWN = "malware-protection-resource-validation-object"
"""The object that GuardDuty puts to try its rights when uploads are scanned: nobody's upload."""


def object_events(body: Mapping[str, Any]) -> tuple[ObjectEvent, ...]:
    """The object events of one queue message; none for what AWS sends and puts when notices and scans are set up, or
    for a folder that a console has shown.

    Raises UnknownEventError for a body that is not an S3 notification.
    """
    if body.get("Event") == "s3:TestEvent":
        return ()
    if "Records" not in body:
        raise UnknownEventError("a queue message without S3 records")
    events = (_object_event(record) for record in S3Event(dict(body)).records)
    return tuple(event for event in events if event.key != SCANNERS_OWN and not is_folder(event.key))


def changed_groups(records: Iterable[DynamoDBRecord]) -> tuple[tuple[int, int], ...]:
    """The distinct (year, group) that ledger changes speak of, ordered."""
    partitions = {_partition(record) for record in records}
    return tuple(sorted(group for partition in partitions if (group := keys.group_of(partition))))


def changed_years(records: Iterable[DynamoDBRecord]) -> tuple[int, ...]:
    """The distinct program years that ledger changes speak of, ordered."""
    return tuple(sorted({keys.year_of(_partition(record)) for record in records}))


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
    raise UnknownEventError(f"S3 event {name}")


def _partition(record: DynamoDBRecord) -> str:
    change = record.dynamodb
    if change is None or "pk" not in change.keys:
        raise UnknownEventError("a stream record without keys")
    return str(change.keys["pk"])
