"""Streams into handlers: filters, windows, bisecting, retries, failure messages."""

import json

import pytest

from tracelode_local.template.intrinsics import UnresolvableError

SEES = "def handler(event, context): remember(sort_keys(event))"
RAISES_ON_BAD = """
def handler(event, context):
    remember(sort_keys(event))
    if "bad" in sort_keys(event):
        raise ValueError("a bad record")
"""
REPORTS_BAD = """
def handler(event, context):
    remember(sort_keys(event))
    failed = [r["dynamodb"]["SequenceNumber"] for r in event["Records"] if r["dynamodb"]["Keys"]["sk"]["S"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
"""


def keys(**rules):
    return {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": rules}}


def test_a_function_sees_only_what_its_filter_lets_through(toy):
    # GIVEN
    toy.function("Prefixed", SEES)
    toy.function("Exact", SEES)
    toy.table()
    toy.maps_stream("Prefixed", keys(sk={"S": [{"prefix": "CURRENT#"}]}))
    toy.maps_stream("Exact", keys(sk={"S": ["PARTIAL"]}), keys(sk={"S": [{"prefix": "REFERENCE#"}]}))
    toy.start()
    # WHEN
    toy.put("CURRENT#1", "LINE#1", "PARTIAL", "PARTIAL#2", "REFERENCE#roster")
    toy.pump.drain()
    # THEN
    assert [key for batch in toy.seen("Prefixed") for key in batch] == ["CURRENT#1"]
    assert [key for batch in toy.seen("Exact") for key in batch] == ["PARTIAL", "REFERENCE#roster"]


def test_a_removal_does_not_pass_a_filter_on_insert_and_modify(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember([r['eventName'] for r in event['Records']])")
    toy.table()
    toy.maps_stream("F", {"eventName": ["INSERT", "MODIFY"]}, MaximumBatchingWindowInSeconds=10)
    toy.start()
    # WHEN
    toy.put("a", "a")
    name = toy.stack.tables["Ledger"].name
    toy.clients.dynamodb.update_item(
        TableName=name,
        Key={"pk": {"S": "p"}, "sk": {"S": "a"}},
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )
    toy.clients.dynamodb.delete_item(TableName=name, Key={"pk": {"S": "p"}, "sk": {"S": "a"}})
    toy.pump.stir()
    toy.pump.drain()
    # THEN
    (events,) = toy.seen("F")
    assert events[0] == "INSERT"
    assert set(events[1:]) == {"MODIFY"}


def test_a_window_gathers_everything_until_what_is_upstream_is_quiet(toy):
    # GIVEN a function that writes for each message, one behind it, and one behind that with a longer window
    toy.function(
        "Writes",
        "import boto3\n"
        "def handler(event, context):\n"
        "    for body in bodies(event):\n"
        "        boto3.client('dynamodb').put_item(TableName=os.environ['TABLE'],\n"
        "            Item={'pk': {'S': 'p'}, 'sk': {'S': 'CURRENT#' + body}})\n",
    )
    toy.function(
        "Tally",
        "import boto3\n"
        "def handler(event, context):\n"
        "    remember(sort_keys(event))\n"
        "    boto3.client('dynamodb').put_item(TableName=os.environ['TABLE'],\n"
        "        Item={'pk': {'S': 'p'}, 'sk': {'S': 'PARTIAL'}, 'n': {'N': str(len(event['Records']))}})\n",
    )
    toy.function("Publish", SEES)
    toy.queue()
    toy.table()
    toy.maps_queue("Writes", size=1)
    toy.maps_stream("Publish", keys(sk={"S": ["PARTIAL", "REFERENCE"]}), MaximumBatchingWindowInSeconds=60)
    toy.maps_stream("Tally", keys(sk={"S": [{"prefix": "CURRENT#"}]}), MaximumBatchingWindowInSeconds=2)
    for name in ("Writes", "Tally"):
        toy.resources[name]["Properties"]["Environment"]["Variables"]["TABLE"] = {"Ref": "Ledger"}
    toy.start()
    # WHEN
    toy.put("REFERENCE")
    toy.send(*"abcde")
    toy.pump.drain()
    # THEN each gathered all there was into one batch
    assert [sorted(batch) for batch in toy.seen("Tally")] == [[f"CURRENT#{letter}" for letter in "abcde"]]
    assert toy.seen("Publish") == [["REFERENCE", "PARTIAL"]]


def test_a_full_batch_does_not_wait_for_its_window(toy):
    # GIVEN
    toy.function("F", SEES)
    toy.table()
    toy.maps_stream("F", BatchSize=2, MaximumBatchingWindowInSeconds=60)
    toy.start()
    # WHEN
    toy.put("a", "b", "c")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["a", "b"], ["c"]]


def test_an_error_halves_the_batch_until_the_bad_record_stands_alone(toy):
    # GIVEN
    toy.function("F", RAISES_ON_BAD)
    toy.table()
    toy.maps_stream("F", BisectBatchOnFunctionError=True, MaximumBatchingWindowInSeconds=1)
    toy.start()
    # WHEN
    toy.put("a", "b", "bad", "d")
    toy.pump.drain()
    # THEN what is good is done, in order, and the bad one is tried once and again twice
    assert toy.seen("F") == [["a", "b", "bad", "d"], ["a", "b"], ["bad", "d"], ["bad"], ["bad"], ["bad"], ["d"]]
    (failure,) = map(json.loads, toy.messages("FFailed"))
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert "bad" not in json.dumps(failure["DDBStreamBatchInfo"])


def test_without_bisecting_the_whole_batch_is_given_up_after_its_retries(toy):
    # GIVEN
    toy.function("F", RAISES_ON_BAD)
    toy.table()
    toy.maps_stream("F", MaximumBatchingWindowInSeconds=1, MaximumRetryAttempts=1)
    toy.start()
    # WHEN
    toy.put("a", "bad")
    toy.pump.drain()
    toy.put("c")
    toy.pump.drain()
    # THEN the stream goes on behind it
    assert toy.seen("F") == [["a", "bad"], ["a", "bad"], ["c"]]
    (failure,) = map(json.loads, toy.messages("FFailed"))
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 2
    assert failure["requestContext"]["approximateInvokeCount"] == 2


def test_a_reported_failure_is_retried_from_the_lowest_number_on(toy):
    # GIVEN
    toy.function("F", REPORTS_BAD)
    toy.table()
    toy.maps_stream("F", BisectBatchOnFunctionError=True, MaximumBatchingWindowInSeconds=1)
    toy.start()
    # WHEN
    toy.put("a", "bad", "c")
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [["a", "bad", "c"], ["bad", "c"], ["bad", "c"]]
    (failure,) = map(json.loads, toy.messages("FFailed"))
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 2


def test_the_error_of_a_given_up_batch_is_known(toy):
    # GIVEN
    toy.function("F", RAISES_ON_BAD)
    toy.table()
    toy.maps_stream("F", MaximumRetryAttempts=0)
    toy.start()
    # WHEN
    toy.put("bad")
    toy.pump.drain()
    # THEN
    dead = toy.clients.sqs.receive_message(QueueUrl=toy.stack.queues["FFailed"].url)["Messages"][0]
    error = toy.pump.error_of(dead["MessageId"])
    assert error.endswith("ValueError: a bad record")
    assert "tracelode-F" in error


def test_a_batch_given_up_without_a_failure_queue_is_not_forgotten(toy):
    # GIVEN
    toy.function("F", RAISES_ON_BAD)
    toy.table()
    toy.maps_stream("F", MaximumRetryAttempts=0, DestinationConfig={})
    toy.start()
    # WHEN
    toy.put("bad")
    toy.pump.drain()
    # THEN
    assert len(toy.pump.lost) == 1


def test_a_record_has_the_shape_that_lambda_gives_it(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember(event)")
    toy.table()
    toy.maps_stream("F")
    toy.start()
    # WHEN
    toy.put("a")
    toy.pump.drain()
    # THEN
    (record,) = toy.seen("F")[0]["Records"]
    assert record["eventSource"] == "aws:dynamodb"
    assert record["eventName"] == "INSERT"
    assert record["dynamodb"]["Keys"] == {"pk": {"S": "p"}, "sk": {"S": "a"}}
    assert record["dynamodb"]["NewImage"]["data"] == {"B": "AA=="}
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int | float)
    assert record["eventSourceARN"].startswith("arn:aws:dynamodb:")


def test_a_stream_mapping_that_would_retry_for_ever_is_refused(toy):
    # GIVEN
    toy.function("F", SEES)
    toy.table()
    toy.maps_stream("F", MaximumRetryAttempts=-1)
    # WHEN / THEN
    with pytest.raises(UnresolvableError, match="MaximumRetryAttempts"):
        toy.start()


def test_more_records_than_one_read_gives_all_arrive_in_order(toy):
    # GIVEN
    toy.function("F", "def handler(event, context): remember([len(event['Records']), *sort_keys(event)[:1]])")
    toy.table()
    toy.maps_stream("F", BatchSize=10000, MaximumBatchingWindowInSeconds=60)
    toy.start()
    name = toy.stack.tables["Ledger"].name
    # WHEN
    for start in range(0, 2100, 25):
        requests = [
            {"PutRequest": {"Item": {"pk": {"S": "p"}, "sk": {"S": f"{n:05}"}}}} for n in range(start, start + 25)
        ]
        toy.clients.dynamodb.batch_write_item(RequestItems={name: requests})
    toy.pump.stir()
    toy.pump.drain()
    # THEN
    assert toy.seen("F") == [[2100, "00000"]]
