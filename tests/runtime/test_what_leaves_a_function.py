"""Nothing that a supplier wrote leaves a function by any way: what it prints, what it answers, what X-Ray is told."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.emulator import Build, ManagedRuntime
from tests.runtime.surroundings import Overheard, invoke_overheard
from tests.runtime.test_real_runtime import FUNCTIONS, an_event, with_program

pytestmark = pytest.mark.engine

FILE = "CMRT of Xanthippe Quillfeather"
"""What a supplier called its file, as far as no way of writing an address changes it."""
TELLTALE = "Quillfeather"
LEAKY = f"""
import os, socket, warnings, logging
def handler(event, context):
    host, _, port = os.environ["AWS_XRAY_DAEMON_ADDRESS"].partition(":")
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"{FILE}", (host, int(port)))
    warnings.warn("{FILE}")
    raise ValueError("{FILE}")
"""

Overhear = Callable[..., Overheard]


@pytest.fixture
def overhear(built: Build, managed_runtime: ManagedRuntime) -> Overhear:
    """Invoke a function with an event and tell what left it."""

    def invoke(logical_id: str, event: Mapping[str, Any], folder: Path | None = None) -> Overheard:
        function = built.stack.functions[logical_id]
        if folder:
            function = with_program(function, folder, LEAKY)
        return invoke_overheard(managed_runtime, function, built.opt[logical_id], event, refusal=f"no right to {FILE}")

    return invoke


def named(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event of messages tells of uploads under that name: one in its place, and one where no supplier is."""
    first, *_ = event.get("Records", [{}])
    if "body" not in first:
        return event
    (notice,) = json.loads(first["body"])["Records"]

    def message(number: int, key: str) -> Mapping[str, Any]:
        s3 = {**notice["s3"], "object": {"key": key.replace(" ", "+"), "versionId": "v1"}}
        body = {"Records": [{**notice, "eventName": "ObjectCreated:Put", "s3": s3}]}
        return {**first, "messageId": str(number), "body": json.dumps(body)}

    folder, _, _ = notice["s3"]["object"]["key"].rpartition("/")
    return {"Records": [message(1, f"{folder}/{FILE}.xlsx"), message(2, f"{FILE}.xlsx")]}


@pytest.mark.parametrize("logical_id", FUNCTIONS)
def test_nothing_of_a_file_leaves_a_function_that_aws_refuses_everything(overhear, built, logical_id):
    # GIVEN work on a supplier's file, and an AWS whose answers quote its name
    # WHEN the function fails under Lambda's runtime
    heard = overhear(logical_id, named(an_event(built, logical_id)))

    # THEN it asked AWS, told its log of the failure, and no way out carried the name
    assert heard.asked
    assert '"message":"failed"' in heard.printed
    assert "AccessDenied" in heard.printed
    (answer,) = heard.posted
    assert TELLTALE not in heard.printed + answer
    # AND whatever goes to X-Ray, Lambda's own service sends it: the function has nothing that could
    assert heard.traced == []


@pytest.mark.parametrize("logical_id", FUNCTIONS)
def test_what_fails_in_part_is_reported_and_what_fails_as_a_whole_is_an_error(overhear, built, logical_id):
    heard = overhear(logical_id, named(an_event(built, logical_id)))

    (answer,) = heard.posted
    if logical_id == "ReconcileFunction":
        assert "FunctionFailedError" in answer
        assert "ClientError AccessDeniedException" in answer
    else:
        assert '"batchItemFailures": [{' in answer


def test_all_ways_out_are_listened_to(overhear, tmp_path):
    # GIVEN a handler that gives a file's name away by every way that there is
    heard = overhear("TallyFunction", {}, tmp_path / "leaky")

    # THEN it is heard on each: the print, the answer and its word for X-Ray, and the daemon
    assert heard.printed.count(TELLTALE) >= 2
    (answer,) = heard.posted
    headers, _, body = answer.partition("\n\n")
    assert TELLTALE in body
    assert any(
        TELLTALE in line for line in headers.splitlines() if line.lower().startswith("lambda-runtime-function-xray")
    )
    assert [TELLTALE in packet for packet in heard.traced] == [True]
