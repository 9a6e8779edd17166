"""What the template's options add: a lock on the inbox, and a scan of every upload that nobody can read around."""

import pytest

from .translated import TranslatedTemplate

SCANNER = {"Fn::GetAtt": ["ScanRole", "Arn"]}


def denials(template: TranslatedTemplate) -> dict:
    statements = template.properties("InboxBucketPolicy")["PolicyDocument"]["Statement"]
    return {statement["Sid"]: statement for statement in statements if statement["Effect"] == "Deny"}


def test_nothing_of_the_options_is_there_unless_it_is_asked_for(template):
    bucket = template.properties("InboxBucket")

    assert not {"ObjectLockEnabled", "ObjectLockConfiguration"} & set(bucket)
    assert set(denials(template)) == {"TlsOnly"}
    assert template.properties("IntakeQueue")["DelaySeconds"] == 0
    assert not template.of_type("AWS::GuardDuty::MalwareProtectionPlan")
    assert not template.of_type("AWS::IAM::RolePolicy")


def test_a_locked_inbox_keeps_every_version_for_the_days_asked_for(full_template):
    bucket = full_template.properties("InboxBucket")

    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": {"Ref": "InboxLockDays"}}},
    }
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_uploads_are_scanned_and_tagged(full_template):
    (plan,) = full_template.of_type("AWS::GuardDuty::MalwareProtectionPlan").values()

    assert plan["Properties"]["ProtectedResource"] == {"S3Bucket": {"BucketName": {"Ref": "InboxBucket"}}}
    assert plan["Properties"]["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    assert plan["Properties"]["Role"] == SCANNER
    notices = full_template.properties("InboxBucket")["NotificationConfiguration"]
    assert notices["EventBridgeConfiguration"] == {"EventBridgeEnabled": True}


def test_nobody_but_the_scanner_reads_what_was_not_found_clean(full_template):
    denied = denials(full_template)["NoReadUnlessClean"]

    assert (denied["Principal"], denied["Action"]) == ("*", ["s3:GetObject", "s3:GetObjectVersion"])
    assert denied["Condition"] == {
        "StringNotEquals": {"s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"},
        "ArnNotEquals": {"aws:PrincipalArn": SCANNER},
    }


@pytest.mark.parametrize("verb", ["Put", "Delete"])
def test_nobody_but_the_scanner_says_that_something_is_clean(full_template, verb):
    denied = denials(full_template)["OnlyTheScannerTags"]

    assert denied["Principal"] == "*"
    assert {f"s3:{verb}ObjectTagging", f"s3:{verb}ObjectVersionTagging"} <= set(denied["Action"])
    assert denied["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": SCANNER}}


def test_intake_sees_the_scans_result_and_gains_nothing_else(full_template):
    (policy,) = full_template.of_type("AWS::IAM::RolePolicy").values()

    assert policy["Properties"]["RoleName"] == {"Ref": "IntakeRole"}
    ((statement),) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["s3:GetObjectTagging", "s3:GetObjectVersionTagging"]
    assert statement["Resource"] == {"Fn::Sub": "${InboxBucket.Arn}/*"}


def test_a_message_is_given_time_for_the_scan_before_it_is_given_up_on(full_template):
    queue = full_template.properties("IntakeQueue")

    assert queue["DelaySeconds"] == 60
    assert queue["DelaySeconds"] + 4 * queue["VisibilityTimeout"] > 45 * 60
