"""With ScanUploads, nothing is read of an upload that GuardDuty has not found clean."""

from dataclasses import replace

import pytest

from tests.integration.test_flows import workbook
from tracelode.entry.messages import SCANNERS_OWN, object_events
from tracelode.entry.resources import Resources
from tracelode.flow.record_submission import record_submission
from tracelode.storage.objects import (
    CLEAN,
    SCAN_TAG,
    DroppedObjects,
    NotFoundCleanError,
    NotScannedYetError,
    ObjectEvent,
)
from tracelode.submission import State

KEY = "2016/acme/cmrt.xlsx"
AT = "2017-03-01T08:00:00.000Z"


@pytest.fixture
def upload(account):
    """Put a workbook, with a tag of the scan's result or without; then have it recorded."""

    def put(result=None):
        version = account.drop("inbox", KEY, workbook("CID000001"))
        if result:
            tags = {"TagSet": [{"Key": SCAN_TAG, "Value": result}, {"Key": "other", "Value": "tag"}]}
            account.s3.put_object_tagging(Bucket="inbox", Key=KEY, VersionId=version, Tagging=tags)
        return version

    return put


def record(account, version):
    return record_submission(
        ObjectEvent(KEY, version, AT, deleted=False),
        replace(account, inbox=DroppedObjects(account.s3, "inbox", scanned=True)),
    )


@pytest.mark.parametrize("named", [True, False])
def test_a_clean_upload_is_recorded(account, upload, named):
    version = upload(CLEAN)

    assert record(account, version if named else "").state is not State.REJECTED


def test_an_upload_is_tried_again_until_it_was_scanned(account, upload):
    # GIVEN
    version = upload()
    with pytest.raises(NotScannedYetError):
        record(account, version)
    # WHEN
    tags = {"TagSet": [{"Key": SCAN_TAG, "Value": CLEAN}]}
    account.s3.put_object_tagging(Bucket="inbox", Key=KEY, VersionId=version, Tagging=tags)
    # THEN
    assert record(account, version).submission_id


@pytest.mark.parametrize("result", ["THREATS_FOUND", "UNSUPPORTED", "ACCESS_DENIED", "FAILED", "no_threats_found"])
def test_an_upload_that_was_not_found_clean_is_neither_read_nor_recorded(account, upload, result):
    version = upload(result)

    with pytest.raises(NotFoundCleanError):
        record(account, version)
    assert account.items() == []


def test_a_clean_version_does_not_vouch_for_another(account, upload):
    clean, unscanned = upload(CLEAN), upload()

    assert record(account, clean).submission_id
    with pytest.raises(NotScannedYetError):
        record(account, unscanned)


def test_an_upload_that_is_gone_is_nobodys(account):
    assert record(account, "").state is None


@pytest.mark.parametrize(("setting", "scanned"), [("yes", True), ("no", False), (None, False)])
def test_the_environment_says_whether_uploads_are_scanned(account, upload, setting, scanned):
    environment = {"INBOX_BUCKET": "inbox"} | ({"SCAN_UPLOADS": setting} if setting else {})
    inbox = Resources(environment, needs=("INBOX_BUCKET",)).inbox
    version = upload()

    if scanned:
        with pytest.raises(NotScannedYetError):
            inbox.head(KEY, version)
    else:
        assert inbox.head(KEY, version)


def test_the_object_that_the_scanner_tries_its_rights_with_is_nobodys_upload():
    notice = {"eventName": "ObjectCreated:Put", "eventTime": AT, "s3": {"object": {"key": SCANNERS_OWN}}}
    other = {**notice, "s3": {"object": {"key": KEY}}}

    assert [event.key for event in object_events({"Records": [notice, other]})] == [KEY]
