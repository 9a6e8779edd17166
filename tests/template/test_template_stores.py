"""House rules for what keeps data: buckets, the ledger, queues."""

import pytest

from tracelode.flow.announce_again import AGAIN, GRACE

from .translated import TranslatedTemplate, arn_text, as_list, resource_of

BUCKETS = ("InboxBucket", "ReferenceBucket", "ResultsBucket")
NOTIFYING = {"InboxBucket": "IntakeQueue", "ReferenceBucket": "ReferenceQueue"}
DEAD_LETTERS = ("IntakeDeadLetterQueue", "ReferenceDeadLetterQueue", "TallyDeadLetterQueue", "PublishDeadLetterQueue")
FED = {"IntakeQueue": "IntakeFunction", "ReferenceQueue": "ReferenceFunction"}
FOURTEEN_DAYS = 14 * 24 * 3600


def denied_without_tls(template: TranslatedTemplate, kind: str, subject: str, target: str) -> set[str]:
    """ARNs that the policies on a resource deny to whoever comes without TLS."""
    return {
        arn_text(resource)
        for policy in template.of_type(kind).values()
        if target in [resource_of(reference) for reference in as_list(policy["Properties"][subject])]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] in ("s3:*", "sqs:*")
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
        for resource in as_list(statement["Resource"])
    }


def test_there_are_three_buckets(template):
    assert set(template.of_type("AWS::S3::Bucket")) == set(BUCKETS)


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_versioned_encrypted_private_and_owned(template, name):
    bucket = template.properties(name)

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_and_its_objects_are_reached_by_tls_only(template, name):
    assert denied_without_tls(template, "AWS::S3::BucketPolicy", "Bucket", name) == {
        f"{name}.Arn",
        f"${{{name}.Arn}}/*",
    }


@pytest.mark.parametrize("name", BUCKETS)
def test_abandoned_uploads_do_not_pile_up(template, name):
    rules = template.properties(name)["LifecycleConfiguration"]["Rules"]

    assert any("AbortIncompleteMultipartUpload" in rule and rule["Status"] == "Enabled" for rule in rules)


@pytest.mark.parametrize("name", ["InboxBucket", "ReferenceBucket"])
def test_no_version_of_an_input_ever_expires(template, name):
    rules = template.properties(name)["LifecycleConfiguration"]["Rules"]

    assert not any(key.startswith(("Expiration", "Noncurrent")) for rule in rules for key in rule)


@pytest.mark.parametrize(("bucket", "queue"), NOTIFYING.items())
def test_an_input_bucket_tells_its_queue_of_uploads_and_deletions(template, bucket, queue):
    notices = template.properties(bucket)["NotificationConfiguration"]

    assert set(notices) == {"QueueConfigurations"}
    assert {(entry["Event"], resource_of(entry["Queue"])) for entry in notices["QueueConfigurations"]} == {
        ("s3:ObjectCreated:*", queue),
        ("s3:ObjectRemoved:*", queue),
    }
    assert f"{queue}Policy" in as_list(template.resources[bucket]["DependsOn"])


@pytest.mark.parametrize("bucket", NOTIFYING)
def test_a_buckets_name_is_the_one_that_its_queue_lets_in(template, bucket):
    stack = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    purpose = bucket.removesuffix("Bucket").lower()

    assert template.properties(bucket)["BucketName"] == {"Fn::Join": ["-", [f"tracelode-{purpose}", stack]]}


@pytest.mark.parametrize(
    "kind", ["AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue"], ids=["buckets", "tables", "queues"]
)
def test_what_keeps_data_outlives_the_stack(template, kind):
    for resource in template.of_type(kind).values():
        assert resource["DeletionPolicy"] == "Retain"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_ledger_is_one_table_on_demand_restorable_and_encrypted(template):
    assert set(template.of_type("AWS::DynamoDB::Table")) == {"LedgerTable"}
    ledger = template.properties("LedgerTable")

    assert ledger["BillingMode"] == "PAY_PER_REQUEST"
    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["SSESpecification"] == {"SSEEnabled": True}


def test_the_ledgers_stream_says_where_to_look_and_no_more(template):
    assert template.properties("LedgerTable")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_the_ledger_has_the_keys_that_its_questions_need_and_no_index(template):
    ledger = template.properties("LedgerTable")

    assert key_names(ledger) == ["pk", "sk"]
    assert "GlobalSecondaryIndexes" not in ledger
    assert {entry["AttributeType"] for entry in ledger["AttributeDefinitions"]} == {"S"}


def key_names(thing) -> list[str]:
    by_kind = {entry["KeyType"]: entry["AttributeName"] for entry in thing["KeySchema"]}
    return [by_kind["HASH"], by_kind["RANGE"]]


def test_there_are_two_queues_and_four_for_dead_letters(template):
    assert set(template.of_type("AWS::SQS::Queue")) == {*FED, *DEAD_LETTERS}


@pytest.mark.parametrize("name", [*FED, *DEAD_LETTERS])
def test_a_queue_is_encrypted_and_reached_by_tls_only(template, name):
    assert template.properties(name)["SqsManagedSseEnabled"] is True
    assert denied_without_tls(template, "AWS::SQS::QueuePolicy", "Queues", name) == {f"{name}.Arn"}


@pytest.mark.parametrize(("queue", "function"), FED.items())
def test_a_message_is_hidden_for_six_timeouts_and_tried_five_times(template, queue, function):
    properties = template.properties(queue)
    redrive = properties["RedrivePolicy"]

    assert properties["VisibilityTimeout"] >= 6 * template.functions()[function]["Timeout"]
    assert redrive["maxReceiveCount"] == 5
    assert resource_of(redrive["deadLetterTargetArn"]) == queue.replace("Queue", "DeadLetterQueue")


@pytest.mark.parametrize("queue", FED)
def test_a_message_is_given_up_on_long_before_it_is_forgotten(template, queue):
    properties = template.properties(queue)

    assert 5 * properties["VisibilityTimeout"] < GRACE.total_seconds() < properties["MessageRetentionPeriod"]


@pytest.mark.parametrize("name", [*FED, *DEAD_LETTERS])
def test_a_message_is_kept_for_as_long_as_sqs_keeps_any_and_not_announced_again_meanwhile(template, name):
    # SQS counts a dead letter's days from when its message was first sent, so no queue may keep less than another.
    assert template.properties(name)["MessageRetentionPeriod"] == FOURTEEN_DAYS == AGAIN.total_seconds()
