"""What the log says of a failure: enough to find it, nothing that a supplier wrote."""

import io
import itertools
import json

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from tracelode.failures import failures_logged
from tracelode.storage.places import inbox_place

PERSONAL = "Jane Doe, jane@example.com"


_NUMBERS = itertools.count()


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


def logger_to(log: io.StringIO) -> Logger:
    # Loggers of one name share where they write.
    return Logger(service=f"test-{next(_NUMBERS)}", stream=log)


def failed(log: io.StringIO, error: Exception, **names: str | int) -> list[dict]:
    """The log's entries of a piece of work that fails."""
    with pytest.raises(type(error)) as raised, failures_logged(logger_to(log), **names):
        raise error
    assert raised.value is error
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_failure_is_told_once_by_its_class_and_name(log: io.StringIO) -> None:
    (entry,) = failed(log, ValueError(PERSONAL), message_id="m-1", year=2016)
    assert (entry["level"], entry["message"], entry["error"]) == ("ERROR", "failed", "ValueError")
    assert (entry["message_id"], entry["year"]) == ("m-1", 2016)
    assert "Jane" not in log.getvalue()
    assert "code" not in entry


def test_what_aws_answered_is_told_by_its_code(log: io.StringIO) -> None:
    refused = ClientError({"Error": {"Code": "AccessDeniedException", "Message": PERSONAL}}, "PutItem")
    (entry,) = failed(log, refused)
    assert (entry["error"], entry["code"]) == ("ClientError", "AccessDeniedException")
    assert "Jane" not in log.getvalue()


def test_the_place_is_the_innermost_line_of_our_own(log: io.StringIO) -> None:
    with pytest.raises(ValueError), failures_logged(logger_to(log)):
        inbox_place(PERSONAL)
    entry = json.loads(log.getvalue())
    assert entry["at"].startswith("places.py:")
    assert "Jane" not in log.getvalue()


def test_each_of_a_group_is_told_with_what_its_group_is_called(log: io.StringIO) -> None:
    group = ExceptionGroup("years", [ExceptionGroup("2016", [KeyError(PERSONAL)]), ExceptionGroup("2017", [OSError()])])
    entries = failed(log, group)
    assert [(entry["of"], entry["error"]) for entry in entries] == [("2016", "KeyError"), ("2017", "OSError")]
    assert "Jane" not in log.getvalue()


def test_what_goes_well_is_not_told(log: io.StringIO) -> None:
    with failures_logged(logger_to(log)):
        pass
    assert log.getvalue() == ""
