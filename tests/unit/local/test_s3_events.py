"""The bucket front sends what S3 would send."""

import json
from datetime import UTC, datetime
from urllib.parse import unquote_plus

import pytest

from tracelode_local.delivery.s3_events import BucketFront

MOMENT = datetime(2017, 3, 1, 12, 30, 5, 123_456, tzinfo=UTC)


@pytest.fixture
def inbox(toy):
    """A versioned bucket that tells the queue Work of what is created, and the queue Gone of what is removed."""
    toy.queue("Work")
    toy.queue("Gone")
    configurations = [
        {"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Work", "Arn"]}},
        {
            "Event": "s3:ObjectRemoved:*",
            "Queue": {"Fn::GetAtt": ["Gone", "Arn"]},
            "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "2016/"}]}},
        },
    ]
    toy.resources["Inbox"] = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "VersioningConfiguration": {"Status": "Enabled"},
            "NotificationConfiguration": {"QueueConfigurations": configurations},
        },
    }
    toy.start()
    return toy


def test_an_upload_is_announced_as_s3_announces_it(inbox):
    # GIVEN
    bucket = inbox.stack.buckets["Inbox"].name
    # WHEN
    version = BucketFront(inbox.stack, inbox.clients).upload(bucket, "2016/acme/CMRT (1) ä+b.xlsx", b"data", MOMENT)
    # THEN
    (body,) = inbox.messages("Work")
    (record,) = json.loads(body)["Records"]
    assert record["eventVersion"] == "2.1"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["eventTime"] == "2017-03-01T12:30:05.123Z"
    described = record["s3"]["object"]
    assert described["key"] == "2016/acme/CMRT+%281%29+%C3%A4%2Bb.xlsx"
    assert unquote_plus(described["key"]) == "2016/acme/CMRT (1) ä+b.xlsx"
    assert (described["size"], described["versionId"]) == (4, version)
    stored = inbox.clients.s3.get_object(Bucket=bucket, Key="2016/acme/CMRT (1) ä+b.xlsx", VersionId=version)
    assert stored["Body"].read() == b"data"
    assert stored["ETag"].strip('"') == described["eTag"]


def test_a_deletion_is_announced_with_the_version_of_its_marker(inbox):
    # GIVEN
    bucket = inbox.stack.buckets["Inbox"].name
    front = BucketFront(inbox.stack, inbox.clients)
    front.upload(bucket, "2016/acme/a.xlsx", b"data", MOMENT)
    # WHEN
    marker = front.delete(bucket, "2016/acme/a.xlsx", MOMENT)
    # THEN
    (body,) = inbox.messages("Gone")
    (record,) = json.loads(body)["Records"]
    assert record["eventName"] == "ObjectRemoved:DeleteMarkerCreated"
    assert record["s3"]["object"]["versionId"] == marker
    markers = inbox.clients.s3.list_object_versions(Bucket=bucket)["DeleteMarkers"]
    assert [entry["VersionId"] for entry in markers] == [marker]


def test_the_notifications_filter_decides_which_keys_are_announced(inbox):
    # WHEN
    bucket = inbox.stack.buckets["Inbox"].name
    BucketFront(inbox.stack, inbox.clients).delete(bucket, "2017/acme/a.xlsx", MOMENT)
    # THEN
    assert inbox.messages("Gone") == []


def test_later_events_have_greater_sequencers(inbox):
    # WHEN
    bucket = inbox.stack.buckets["Inbox"].name
    front = BucketFront(inbox.stack, inbox.clients)
    for number in range(3):
        front.upload(bucket, f"2016/{number}", b"", MOMENT)
    # THEN
    records = [json.loads(body)["Records"][0]["s3"]["object"] for body in inbox.messages("Work")]
    by_key = sorted(records, key=lambda described: described["key"])
    assert [entry["sequencer"] for entry in by_key] == sorted({entry["sequencer"] for entry in records})


def test_what_is_told_later_is_told_in_its_order_however_much_it_is(inbox):
    # GIVEN more uploads than one call can tell of, and a deletion between them
    front, bucket = BucketFront(inbox.stack, inbox.clients), inbox.stack.buckets["Inbox"].name
    keys = [f"2016/acme/{number:02}.xlsx" for number in range(23)]
    # WHEN
    with front.telling_later():
        for key in keys:
            front.upload(bucket, key, b"data", MOMENT)
            if key == keys[11]:
                front.delete(bucket, key, MOMENT)
        assert inbox.messages("Work") == []
    # THEN
    told = [json.loads(body)["Records"][0]["s3"]["object"] for body in inbox.messages("Work")]
    told.sort(key=lambda described: described["sequencer"])
    assert [described["key"] for described in told] == keys
    assert len(inbox.messages("Gone")) == 1
