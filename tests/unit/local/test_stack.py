"""What the template describes, and what the local system refuses to overlook."""

import pytest

from tracelode_local.template.intrinsics import UnresolvableError
from tracelode_local.template.own import TEMPLATE
from tracelode_local.template.stack import read_stack
from tracelode_local.template.translation import translate


def test_a_resource_of_an_unknown_type_is_refused():
    with pytest.raises(UnresolvableError, match="AWS::Kinesis::Stream"):
        read_stack({"Resources": {"Flow": {"Type": "AWS::Kinesis::Stream"}}}, {}, "http://x")


def test_a_setting_of_a_mapping_that_nothing_heeds_is_refused(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): pass")
    toy.table()
    toy.maps_stream("F", TumblingWindowInSeconds=10)
    # WHEN / THEN
    with pytest.raises(UnresolvableError, match="TumblingWindowInSeconds"):
        toy.start()


def test_a_notification_to_anything_but_a_queue_is_refused():
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"NotificationConfiguration": {"LambdaConfigurations": [{}]}}}
    with pytest.raises(UnresolvableError, match="LambdaConfigurations"):
        read_stack({"Resources": {"Inbox": bucket}}, {}, "http://x")


def test_a_resource_whose_condition_does_not_hold_is_not_there():
    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Gone": {"Type": "AWS::S3::Bucket", "Condition": "Never"}},
    }
    assert not read_stack(template, {}, "http://x").buckets


def test_a_disabled_mapping_delivers_nothing(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember(1)")
    toy.queue()
    toy.maps_queue("F")
    toy.resources["FFromWork"]["Properties"]["Enabled"] = False
    toy.start()
    # WHEN
    toy.send("a")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == []
    assert toy.messages("Work") == ["a"]


def test_the_projects_own_template_is_understood_as_a_whole():
    # WHEN
    stack = read_stack(translate(TEMPLATE, {}), {}, "http://127.0.0.1:1")
    # THEN
    fed = {mapping.function.folder.name for mapping in (*stack.queue_mappings, *stack.stream_mappings)}
    assert fed == {"intake", "reference", "tally", "publish"}
    assert all(function.handler == "app.handler" for function in stack.functions.values())
    assert {bucket.versioned for bucket in stack.buckets.values()} == {True}
    assert len({stack.bucket_for(f"{name}_BUCKET") for name in ("INBOX", "REFERENCE", "RESULTS")}) == 3
    assert len(stack.dead_letter_queues) == 4
    windows = {mapping.function.folder.name: mapping.window for mapping in stack.stream_mappings}
    assert windows["tally"] < windows["publish"]
