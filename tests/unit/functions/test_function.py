"""What every function begins with, whatever it does."""

import itertools
import json
import logging
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.entry.changes import (
    ChangedGroup,
    ChangedYear,
    UnknownChangeError,
    changed_groups,
    changed_years,
    work_off_changes,
)
from tracelode.entry.failures import FunctionFailedError
from tracelode.entry.function import Function
from tracelode.entry.messages import work_off_messages
from tracelode.entry.resources import MissingSettingsError
from tracelode_local.delivery.handlers import LambdaContext

SUPPLIERS = "CMRT of Jane Doe.xlsx"
"""A name that a supplier gave its file."""
_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def its_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The variables of one function, under a name that no other test has; what it hushes talks again afterwards."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"function-{next(_NUMBERS)}")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("TABLE_NAME", "ledger")
    root = logging.getLogger()
    before = root.level
    with warnings.catch_warnings():
        yield
    root.setLevel(before)


def context() -> LambdaContext:
    return LambdaContext("function", 128, "00000000-0000-4000-8000-000000000001", time.monotonic() + 60)


def change(partition: str, number: int) -> dict:
    keys = {"pk": {"S": partition}, "sk": {"S": "CURRENT#acme"}}
    return {"eventName": "MODIFY", "dynamodb": {"Keys": keys, "SequenceNumber": str(number)}}


def group_changes(*groups: int) -> dict:
    return {"Records": [change(f"GROUP#2016#{group:05}", number) for number, group in enumerate(groups)]}


def failing_for(bad: set[int]) -> tuple[list[int], Callable[[ChangedGroup], None]]:
    """Work that fails for some groups, and a list of the groups that it was asked for."""
    asked: list[int] = []

    def work(changed: ChangedGroup) -> None:
        asked.append(changed.group)
        if changed.group in bad:
            raise ValueError(SUPPLIERS)

    return asked, work


def test_its_log_and_metrics_carry_the_name_that_the_template_gives_it(monkeypatch, capsys):
    # GIVEN
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "assay")
    function = Function("TABLE_NAME")

    @function.entry
    def handler(event: dict) -> None:
        function.logger.info("done")
        function.count("Assays")
        function.count_beside("Findings", 2, rule="R1")

    # WHEN
    handler({}, context())

    # THEN
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 3
    assert {line["service"] for line in lines} == {"assay"}


def test_a_setting_that_is_missing_fails_before_anything_is_done():
    function = Function("TABLE_NAME", "INBOX_BUCKET", "RESULTS_BUCKET")
    done: list[dict] = []
    handler = function.entry(done.append)

    with pytest.raises(MissingSettingsError, match="INBOX_BUCKET, RESULTS_BUCKET"):
        handler({}, context())

    assert done == []


def test_what_a_function_fails_with_holds_nothing_that_a_supplier_wrote(capsys):
    # GIVEN work that fails with the name of a file, because of something else that has it too
    function = Function("TABLE_NAME")

    @function.entry
    def handler(event: dict) -> None:
        try:
            raise KeyError(SUPPLIERS)
        except KeyError as error:
            raise ValueError(SUPPLIERS) from error

    # WHEN
    with pytest.raises(FunctionFailedError) as raised:
        handler({}, context())

    # THEN neither what is raised, nor what hangs on to it, nor what was printed has the name
    assert str(raised.value) == "ValueError"
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    printed = capsys.readouterr()
    assert '"error":"ValueError"' in printed.out
    assert "Jane" not in printed.out + printed.err + "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(("begin", "heard"), [("", 2), ("Function()", 0)])
def test_no_library_says_anything_by_itself(begin, heard):
    # GIVEN a process of its own, because pytest hears of both itself, and a root handler as Lambda's runtime has one
    program = f"""
import logging, warnings
from tracelode.entry.function import Function
logging.basicConfig()
{begin}
logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=%s)", {SUPPLIERS!r})
warnings.warn("Print area cannot be set to " + {SUPPLIERS!r})
"""
    # WHEN a library logs one warning and raises another
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    # THEN a function that has begun lets none of them out
    assert (ran.stdout + ran.stderr).count("Jane") == heard


@given(groups=st.lists(st.integers(0, 5), max_size=12), bad=st.sets(st.integers(0, 5)))
def test_every_group_is_folded_once_and_the_records_of_those_that_failed_are_answered(groups, bad):
    # GIVEN
    asked, work = failing_for(bad)

    # WHEN
    answer = work_off_changes(Function(), changed_groups(group_changes(*groups)), work)

    # THEN
    assert asked == sorted(set(groups))
    failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
    assert failed == {str(number) for number, group in enumerate(groups) if group in bad}


def test_a_failed_group_is_logged_by_year_and_number(capsys):
    _, work = failing_for({3})

    work_off_changes(Function(), changed_groups(group_changes(1, 3)), work)

    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (line["message"], line["error"], line["year"], line["group"]) == ("failed", "ValueError", 2016, 3)


def test_a_year_is_named_once_by_whatever_of_it_changed():
    event = {"Records": [change("YEAR#2017", 1), change("GROUP#2016#00001", 2), change("YEAR#2016", 3)]}

    assert changed_years(event) == {ChangedYear(2016): ["2", "3"], ChangedYear(2017): ["1"]}


def test_a_record_without_a_key_is_no_change_of_the_ledger():
    record = change("YEAR#2016", 1)
    del record["dynamodb"]["Keys"]["pk"]

    for changed in (changed_groups, changed_years):
        with pytest.raises(UnknownChangeError):
            changed({"Records": [record]})


def test_a_message_that_fails_keeps_no_other_from_being_worked_off(capsys):
    # GIVEN three messages, of which one holds no notice and one is about what work fails on
    notices = {"a": f"2016/acme/{SUPPLIERS}", "b": "2016/acme/fine.xlsx"}
    bodies = {name: json.dumps({"Records": [notice(key)]}) for name, key in notices.items()} | {"c": "{}"}
    messages = [{"messageId": name, "eventSource": "aws:sqs", "body": body} for name, body in sorted(bodies.items())]
    done: list[str] = []

    def work(event) -> None:
        if SUPPLIERS in event.key:
            raise ValueError(event.key)
        done.append(event.key)

    # WHEN
    answer = work_off_messages(Function(), {"Records": messages}, work)

    # THEN
    assert answer == {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "c"}]}
    assert done == ["2016/acme/fine.xlsx"]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["message_id"], line["error"]) for line in lines] == [("a", "ValueError"), ("c", "UnknownNoticeError")]
    assert "Jane" not in json.dumps(lines)


def notice(key: str) -> dict:
    return {
        "eventName": "ObjectCreated:Put",
        "eventTime": "2017-03-14T08:00:00.412Z",
        "s3": {"object": {"key": key.replace(" ", "+"), "versionId": "v1"}},
    }
