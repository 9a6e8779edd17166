"""Queues into handlers: batches, reported failures, visibility, redrive."""

import json
import time

import pytest

from tracelode_local.template.intrinsics import UnresolvableError

FAILS_ON_BAD = """
def handler(event, context):
    remember(bodies(event))
    bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
    for identifier in bad:
        message = "cannot do " + identifier
        print(json.dumps({"level": "ERROR", "message": message, "exception": "Trace\\nValueError: no"}))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in bad]}
"""


def test_a_batch_is_never_larger_than_the_template_says(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember(len(event['Records']))")
    toy.queue()
    toy.maps_queue("F", size=3)
    toy.start()
    # WHEN
    toy.send(*"abcdefgh")
    toy.pump.drain()
    # THEN
    assert sum(toy.seen("F")) == 8
    assert max(toy.seen("F")) == 3
    assert toy.messages("Work") == []
    assert toy.hidden("Work") == 0


def test_only_the_reported_message_comes_back_until_it_is_redriven(toy):
    # GIVEN
    toy.function("F", FAILS_ON_BAD)
    toy.queue(receives=3)
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send("good", "bad", "fine")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["good", "bad", "fine"], ["bad"], ["bad"]]
    assert toy.messages("WorkDead") == ["bad"]
    assert toy.hidden("Work") == 0


def test_a_failed_message_is_hidden_for_the_scaled_visibility_timeout(toy):
    # GIVEN a visibility timeout of 300 seconds, a thousandth of which passes here
    toy.function("F", FAILS_ON_BAD)
    toy.queue(receives=2, visibility=300)
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send("bad")
    start = time.monotonic()
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["bad"], ["bad"]]
    assert time.monotonic() - start >= 0.6


@pytest.mark.parametrize(
    "answer",
    [
        "raise ValueError('no')",
        "return {'batchItemFailures': [{'itemIdentifier': ''}]}",
        "return {'batchItemFailures': [{'itemIdentifier': None}]}",
        "return {'batchItemFailures': [{'identifier': event['Records'][0]['messageId']}]}",
        "return {'batchItemFailures': [{'itemIdentifier': 'of nobody'}]}",
        "return 'done'",
    ],
)
def test_an_error_or_a_wrong_answer_brings_the_whole_batch_back(toy, answer):
    # GIVEN
    toy.function("F", f"def handler(event, context):\n    remember(bodies(event))\n    {answer}")
    toy.queue(receives=2)
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send("a", "b")
    toy.pump.drain()
    # THEN
    first, *again = toy.seen("F")
    assert first == ["a", "b"]
    # They become visible again one after the other, so a quick poller may find one before the other.
    assert sorted(body for batch in again for body in batch) == ["a", "b"]
    assert sorted(toy.messages("WorkDead")) == ["a", "b"]


@pytest.mark.parametrize("answer", ["None", "{}", "{'batchItemFailures': []}", "{'batchItemFailures': None}"])
def test_an_answer_without_failures_is_a_success(toy, answer):
    # GIVEN
    toy.function("F", f"def handler(event, context):\n    remember(bodies(event))\n    return {answer}")
    toy.queue()
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send("a")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["a"]]
    assert toy.hidden("Work") == 0


def test_without_the_reporting_setting_an_answer_counts_for_nothing(toy):
    # GIVEN
    toy.function("F", FAILS_ON_BAD)
    toy.queue()
    toy.maps_queue("F", reports=False)
    toy.start()
    # WHEN
    toy.send("bad")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["bad"]]
    assert toy.messages("WorkDead") == []


def test_the_last_error_of_a_dead_letter_is_known(toy):
    # GIVEN
    toy.function("F", FAILS_ON_BAD)
    toy.queue(receives=1)
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send("bad")
    toy.pump.drain()
    # THEN
    dead = toy.clients.sqs.receive_message(QueueUrl=toy.stack.queues["WorkDead"].url)["Messages"][0]
    assert toy.pump.error_of(dead["MessageId"]) == f"cannot do {dead['MessageId']}: ValueError: no"


def test_a_record_has_the_shape_that_lambda_gives_it(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember(event)")
    toy.queue()
    toy.maps_queue("F")
    toy.start()
    # WHEN
    toy.send(json.dumps({"a": 1}))
    toy.pump.drain()
    # THEN
    (record,) = toy.seen("F")[0]["Records"]
    assert json.loads(record["body"]) == {"a": 1}
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == toy.stack.queues["Work"].arn
    assert record["attributes"]["ApproximateReceiveCount"] == "1"


def test_messages_that_a_function_sends_are_delivered_before_the_system_is_quiet(toy):
    # GIVEN a function that hands its work on to another queue
    toy.function(
        "First",
        "import boto3\n"
        "def handler(event, context):\n"
        "    for body in bodies(event):\n"
        "        boto3.client('sqs').send_message(QueueUrl=os.environ['NEXT'], MessageBody=body + '!')\n",
    )
    toy.function("Second", "def handler(event, context): remember(bodies(event))")
    toy.queue("Work")
    toy.queue("Next")
    toy.maps_queue("First", "Work")
    toy.maps_queue("Second", "Next")
    toy.resources["First"]["Properties"]["Environment"]["Variables"]["NEXT"] = {"Ref": "Next"}
    toy.start()
    # WHEN
    toy.send("on")
    toy.pump.drain()
    # THEN
    assert toy.seen("Second") == [["on!"]]


def test_a_queue_without_a_dead_letter_queue_is_refused(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): pass")
    toy.queue()
    toy.maps_queue("F")
    del toy.resources["Work"]["Properties"]["RedrivePolicy"]
    # WHEN / THEN
    with pytest.raises(UnresolvableError, match="no dead-letter queue"):
        toy.start()
