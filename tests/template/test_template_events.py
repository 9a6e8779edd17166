"""The events in events/: what real services send, understood by what the functions read them with."""

import json

import pytest

from tracelode.entry.changes import ChangedGroup, ChangedYear, changed_groups, changed_years
from tracelode.entry.messages import object_events
from tracelode.storage.objects import ObjectEvent

from .test_template_functions import passing

KEY = "2016/acme-connectors/CMRT 6.5 Acme & Söhne (signed).xlsx"
FED = {"tally-changes": "TallyFunction", "publish-changes": "PublishFunction"}


def test_events_of_the_schedules_are_what_the_schedules_send(template, event):
    sent = {
        resource["Properties"]["Description"]: json.loads(resource["Properties"]["Target"]["Input"])
        for resource in template.of_type("AWS::Scheduler::Schedule").values()
    }
    assert list(sent.values()) == [event("reconcile-full"), event("reconcile-sweep")]


def body(event: dict) -> dict:
    (record,) = event["Records"]
    return json.loads(record["body"])


def test_an_upload_names_key_version_and_time(event):
    assert object_events(body(event("intake-upload"))) == (
        ObjectEvent(KEY, "096fKKXTRTtl3on89fVO.nfljtsv6qko", "2017-03-14T08:00:00.412Z", deleted=False),
    )


def test_a_deletion_names_no_version_but_the_delete_marker(event):
    marker = "UIORUnfndfiufdisojhr398493jfdkjf"
    assert object_events(body(event("intake-deletion"))) == (
        ObjectEvent(KEY, "", "2017-03-15T16:20:31.007Z", deleted=True, marker=marker),
    )


def test_the_notice_that_s3_sends_to_try_a_queue_is_no_work(event):
    assert object_events(body(event("queue-test"))) == ()


def test_a_folder_that_a_console_shows_is_nobodys_file(event):
    notice = body(event("intake-upload"))
    for folder in ("2016/", "2016/acme/", "2016/acme/products/"):
        notice["Records"][0]["s3"]["object"]["key"] = folder
        assert object_events(notice) == ()


def test_a_reference_upload_may_come_in_parts(event):
    (upload,) = object_events(body(event("reference-upload")))

    assert (upload.key, upload.deleted) == ("2016/smelter-list.csv", False)


def test_changes_for_the_tally_name_groups(event):
    assert list(changed_groups(event("tally-changes"))) == [ChangedGroup(2016, 0), ChangedGroup(2016, 1)]


def test_changes_for_publish_name_years(event):
    assert list(changed_years(event("publish-changes"))) == [ChangedYear(2016)]


@pytest.mark.parametrize(("name", "function"), FED.items())
def test_stream_events_are_keys_only_and_pass_the_filters_of_their_function_alone(template, event, name, function):
    (other,) = set(FED.values()) - {function}
    for record in event(name)["Records"]:
        assert set(record["dynamodb"]["Keys"]) == {"pk", "sk"}
        assert not {"NewImage", "OldImage"} & set(record["dynamodb"])
        assert record["dynamodb"]["StreamViewType"] == "KEYS_ONLY"
        sort_key = record["dynamodb"]["Keys"]["sk"]["S"]
        assert passing(template, function, sort_key, record["eventName"])
        assert not passing(template, other, sort_key, record["eventName"])
