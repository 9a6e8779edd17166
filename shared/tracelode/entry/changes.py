"""Changes of the ledger, from its stream: what they are about, all of it worked off before anything is tried again."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent

from tracelode.entry.failures import log_failure
from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.ledger import keys


class UnknownChangeError(ValueError):
    """A record that the ledger's stream does not have; a bug or a misconfiguration, never a reason to guess."""


@dataclass(frozen=True, slots=True, order=True)
class ChangedGroup:
    """A group of which something current changed."""

    year: int
    group: int


@dataclass(frozen=True, slots=True, order=True)
class ChangedYear:
    """A program year of which something changed that a report is made of."""

    year: int


_Subject = TypeVar("_Subject", ChangedGroup, ChangedYear)
StreamChanges = Mapping[_Subject, Sequence[str]]
"""What changed, in order, with the sequence numbers of the records that say so."""


def work_off_changes(
    function: Function, changes: StreamChanges[_Subject], work: Callable[[_Subject], None]
) -> BatchAnswer:
    """Do the work once for each that changed; the answer names the records of those that failed, to be tried again.

    One that fails is logged and keeps none of the others from being done. Lambda goes back to the first record named
    and so repeats what came after it, harmlessly.
    """
    failed: list[str] = []
    for subject, records in changes.items():
        try:
            work(subject)
        except Exception as error:  # noqa: BLE001  whatever it was, it is logged and its records are tried again
            log_failure(function.logger, error, **asdict(subject))
            failed += records
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def changed_groups(event: Event) -> StreamChanges[ChangedGroup]:
    """The groups that an event's records speak of. Raises UnknownChangeError for a record without keys."""
    found = ((keys.group_of(partition), record) for partition, record in _records(event))
    return _gathered((ChangedGroup(*group), record) for group, record in found if group)


def changed_years(event: Event) -> StreamChanges[ChangedYear]:
    """The program years that an event's records speak of. Raises UnknownChangeError for a record without keys."""
    return _gathered((ChangedYear(keys.year_of(partition)), record) for partition, record in _records(event))


def _gathered(named: Iterator[tuple[_Subject, str]]) -> StreamChanges[_Subject]:
    gathered = defaultdict(list)
    for subject, record in named:
        gathered[subject].append(record)
    return dict(sorted(gathered.items()))


def _records(event: Event) -> Iterator[tuple[str, str]]:
    """Each record's partition and sequence number."""
    for record in DynamoDBStreamEvent(event).records:
        change = record.dynamodb
        if change is None or "pk" not in change.keys or not change.sequence_number:
            raise UnknownChangeError("a stream record without keys or number")
        yield str(change.keys["pk"]), change.sequence_number
