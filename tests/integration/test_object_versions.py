"""What a versioned bucket lists, in order."""

import pytest

from tracelode.storage.objects import DroppedObjects


@pytest.fixture
def inbox(account) -> DroppedObjects:
    return account.inbox


def put(account, key: str, body: bytes = b"x") -> str:
    return account.drop("inbox", key, body)


def test_a_keys_history_is_told_oldest_first_with_its_deletions_between(account, inbox) -> None:
    # GIVEN uploads and deletions within a second, and another key that begins alike
    first, second = put(account, "2016/acme/a"), put(account, "2016/acme/a")
    marker = account.s3.delete_object(Bucket="inbox", Key="2016/acme/a")["VersionId"]
    third = put(account, "2016/acme/a")
    last = account.s3.delete_object(Bucket="inbox", Key="2016/acme/a")["VersionId"]
    other = put(account, "2016/acme/a.xlsx")
    put(account, "2017/acme/a")
    # WHEN
    histories = list(inbox.versions("2016/"))
    # THEN
    assert [[(v.version_id, v.deleted) for v in history] for history in histories] == [
        [(first, False), (second, False), (marker, True), (third, False), (last, True)],
        [(other, False)],
    ]


def test_histories_longer_than_a_page_stay_whole(account, inbox) -> None:
    # GIVEN
    versions = [put(account, "2016/acme/a") for _ in range(7)]
    put(account, "2016/acme/b")
    listing = "provide-client-params.s3.ListObjectVersions"
    account.s3.meta.events.register(listing, lambda params, **_: {**params, "MaxKeys": 3}, unique_id="three")
    # WHEN
    try:
        (history, (other,)) = inbox.versions("2016/")
    finally:
        account.s3.meta.events.unregister(listing, unique_id="three")
    # THEN
    assert [version.version_id for version in history] == versions
    assert other.key == "2016/acme/b"


def test_one_key_has_its_own_history_and_nothing_of_those_that_begin_alike(account, inbox) -> None:
    # GIVEN
    first = put(account, "2016/acme/a")
    marker = account.s3.delete_object(Bucket="inbox", Key="2016/acme/a")["VersionId"]
    put(account, "2016/acme/a.xlsx")
    # WHEN / THEN
    assert [(v.version_id, v.deleted) for v in inbox.history("2016/acme/a")] == [(first, False), (marker, True)]
    assert inbox.history("2016/acme/a.xls") == ()


def test_a_feed_of_ones_own_states_when_a_file_was_received(account, inbox) -> None:
    stated = account.s3.put_object(
        Bucket="inbox", Key="2016/a/b", Body=b"", Metadata={"received": "2017-02-01T08:00:00.001Z"}
    )["VersionId"]
    assert inbox.stated_receipt("2016/a/b", stated) == "2017-02-01T08:00:00.001Z"
    assert inbox.stated_receipt("2016/a/b", put(account, "2016/a/b")) == ""
