"""What is said of a failure: enough to find it, nothing that a supplier wrote."""

import io
import itertools
import json

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from tracelode.entry.failures import log_failure
from tracelode.storage.places import inbox_place

PERSONAL = "Jane Doe, jane@example.com"


_NUMBERS = itertools.count()


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


def failed(log: io.StringIO, error: Exception, **names: str | int) -> tuple[str, list[dict]]:
    """What is said of a failure, and the log's entries of it."""
    # Loggers of one name share where they write.
    said = log_failure(Logger(service=f"test-{next(_NUMBERS)}", stream=log), error, **names)
    assert "Jane" not in said + log.getvalue()
    return said, [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_failure_is_told_by_its_class_and_names(log: io.StringIO) -> None:
    said, (entry,) = failed(log, ValueError(PERSONAL), message_id="m-1", year=2016)
    assert (entry["level"], entry["message"], entry["error"]) == ("ERROR", "failed", "ValueError")
    assert (entry["message_id"], entry["year"]) == ("m-1", 2016)
    assert "code" not in entry
    assert said == "ValueError"


def test_what_aws_answered_is_told_by_its_code(log: io.StringIO) -> None:
    refused = ClientError({"Error": {"Code": "AccessDeniedException", "Message": PERSONAL}}, "PutItem")
    said, (entry,) = failed(log, refused)
    assert (entry["error"], entry["code"]) == ("ClientError", "AccessDeniedException")
    assert said == "ClientError AccessDeniedException"


def test_the_place_is_the_innermost_line_of_our_own(log: io.StringIO) -> None:
    with pytest.raises(ValueError) as raised:
        inbox_place(PERSONAL)
    said, (entry,) = failed(log, raised.value)
    assert entry["at"].startswith("places.py:")
    assert said == f"{entry['error']} {entry['at']}"


def test_each_of_a_group_is_told_with_what_its_group_is_called(log: io.StringIO) -> None:
    group = ExceptionGroup("years", [ExceptionGroup("2016", [KeyError(PERSONAL)]), ExceptionGroup("2017", [OSError()])])
    said, entries = failed(log, group)
    assert [(entry["of"], entry["error"]) for entry in entries] == [("2016", "KeyError"), ("2017", "OSError")]
    assert said == "KeyError 2016; OSError 2017"
