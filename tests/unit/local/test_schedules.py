"""Schedules on this machine: they come when they are told to, each with what it sends."""

import pytest

from tracelode_local.engine import LocalSystem
from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.template.own import TEMPLATE
from tracelode_local.template.stack import read_stack
from tracelode_local.template.translation import translate


def schedule(function: str, **changes) -> dict:
    target = {"Arn": {"Fn::GetAtt": [function, "Arn"]}, "Input": '{"full": true}'}
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"ScheduleExpression": "rate(5 minutes)", "Target": target, **changes},
    }


def test_a_schedule_names_its_function_and_what_it_sends(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): pass")
    toy.resources["Often"] = schedule("F")
    toy.resources["Never"] = schedule("F", State="DISABLED")
    # WHEN
    toy.start()
    # THEN
    (only,) = toy.stack.schedules
    assert (only.name, only.function.name, only.expression) == (
        "Often",
        toy.stack.functions["F"].name,
        "rate(5 minutes)",
    )
    assert only.event == {"full": True}


def test_a_schedule_of_something_else_is_refused(toy):
    # GIVEN
    toy.queue()
    toy.resources["Often"] = schedule("Work")
    # WHEN / THEN
    with pytest.raises(UnresolvableError, match="Often: no function"):
        toy.start()


def test_a_schedule_that_sends_what_nobody_wrote_down_is_refused(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): pass")
    toy.resources["Often"] = schedule("F")
    del toy.resources["Often"]["Properties"]["Target"]["Input"]
    # WHEN / THEN
    with pytest.raises(UnresolvableError, match="Input"):
        toy.start()


def test_the_projects_template_sweeps_and_reconciles():
    stack = read_stack(translate(TEMPLATE, {}), {}, "http://127.0.0.1:1")
    assert {(found.function.folder.name, found.expression, found.event["full"]) for found in stack.schedules} == {
        ("reconcile", "rate(60 minutes)", False),
        ("reconcile", "rate(24 hours)", True),
    }


SOURCE = """
import json, os
def handler(event, context):
    with open(os.environ["SEEN"], "a") as file:
        file.write(json.dumps(event) + "\\n")
    if event.get("fail"):
        raise RuntimeError("cannot")
"""


def test_a_tick_lets_every_schedule_come_once_and_tells_failures(tmp_path):
    # GIVEN a system of one function with two schedules
    (tmp_path / "app.py").write_text(SOURCE)
    seen = tmp_path / "seen"
    variables = {"SEEN": str(seen), "INBOX_BUCKET": {"Ref": "Inbox"}}
    template = {
        "Resources": {
            "Inbox": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "inbox"}},
            "F": {
                "Type": "AWS::Lambda::Function",
                "Metadata": {"LocalCodeUri": str(tmp_path)},
                "Properties": {"Handler": "app.handler", "Timeout": 5, "Environment": {"Variables": variables}},
            },
            "Good": schedule("F"),
            "Bad": schedule("F", Target={"Arn": {"Fn::GetAtt": ["F", "Arn"]}, "Input": '{"fail": 1}'}),
        }
    }
    with LocalSystem(template, in_process=True) as system:
        # WHEN
        failed = system.tick()
    # THEN
    assert failed == ("Bad: RuntimeError: cannot",)
    assert seen.read_text().splitlines() == ['{"full": true}', '{"fail": 1}']
