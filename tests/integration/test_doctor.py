"""The doctor finds what is wrong with a deployment, names it where it is, and finds nothing in a whole one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from unittest import mock

import pytest
from botocore.exceptions import ClientError

from tests.factories.deployment import Deployed, deployed
from tracelode_console.desk.doctor.check import Diagnosis, Outcome
from tracelode_console.desk.doctor.examine import CHECKS, examination, examine

PROGRAM = b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'
ROSTER = b"supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\n"
LIST = b"metal,cid,name,country,status\nGold,CID000001,One,JAPAN,conformant\n"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def whole() -> Iterator[Deployed]:
    with deployed() as stack:
        for file, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
            stack.refer(file, body)
        stack.drop("acme", "cmrt.xlsx", b"not a workbook", "2017-02-01T08:00:00.000Z")
        stack.publish()
        yield stack


def diagnoses(stack: Deployed, **changes) -> list[Diagnosis]:
    patient = examination(stack.installation, stack.template, year=2016, now=NOW)
    return list(examine(replace(patient, **changes)))


def wrong(found: list[Diagnosis]) -> set[tuple[str, str]]:
    return {(item.check, item.subject) for item in found if item.outcome is not Outcome.OK}


@dataclass(frozen=True)
class Seed:
    """A misconfiguration: how it is made, how it is unmade, and where the doctor must find it, and nothing else."""

    finds: tuple[str, str]
    spoil: Callable[[Deployed], object]
    mend: Callable[[Deployed], object]
    outcome: Outcome = Outcome.FAIL

    def __str__(self) -> str:
        return f"{self.finds[0]}-{self.spoil.__name__.strip('<>')}"


def s3(stack: Deployed):
    return stack.clients.s3


def bucket_policy(stack: Deployed, **changes: object) -> object:
    name = stack.physical("InboxBucket")
    policy = json.loads(s3(stack).get_bucket_policy(Bucket=name)["Policy"])
    policy["Statement"][0] |= changes
    return s3(stack).put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


def queue(stack: Deployed, name: str, **attributes: str) -> object:
    # moto forgets the policy whenever another attribute is set.
    url = stack.physical(name)
    there = stack.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {})
    return stack.clients.sqs.set_queue_attributes(QueueUrl=url, Attributes=there | attributes)


def queue_policy(stack: Deployed, edit: Callable[[list], object]) -> object:
    url = stack.physical("IntakeQueue")
    answer = stack.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    policy = json.loads(answer["Attributes"]["Policy"])
    edit(policy["Statement"])
    return queue(stack, "IntakeQueue", Policy=json.dumps(policy))


def redrive_policy(stack: Deployed, times: int) -> object:
    url = stack.physical("IntakeDeadLetterQueue")
    arn = stack.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return queue(stack, "IntakeQueue", RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": times}))


def mapping(stack: Deployed, name: str, **changes: object) -> object:
    return stack.other("lambda").update_event_source_mapping(UUID=stack.physical(name), **changes)


def function(stack: Deployed, **changes: object) -> object:
    return stack.other("lambda").update_function_configuration(FunctionName=stack.physical("IntakeFunction"), **changes)


def variables(stack: Deployed, **changes: str) -> object:
    name = stack.physical("IntakeFunction")
    there = stack.other("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    return function(stack, Environment={"Variables": there | changes})


def role_policy(stack: Deployed, edit: Callable[[list], object]) -> object:
    iam, name = stack.other("iam"), stack.physical("IntakeRole")
    document = iam.get_role_policy(RoleName=name, PolicyName="intake")["PolicyDocument"]
    edit(document["Statement"])
    return iam.put_role_policy(RoleName=name, PolicyName="intake", PolicyDocument=json.dumps(document))


def schedule(stack: Deployed, state: str) -> object:
    scheduler, name = stack.other("scheduler"), stack.physical("ReconcileFunctionSweep")
    there = scheduler.get_schedule(Name=name)
    keep = {key: there[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    return scheduler.update_schedule(Name=name, State=state, **keep)


def report_file(stack: Deployed, folder: str, body: bytes) -> object:
    its = stack.installation
    run = its.results.pointer(2016).run
    key = "2016/latest/index.html" if folder == "latest" else f"2016/runs/{run}/index.html"
    return s3(stack).put_object(Bucket=its.results_bucket, Key=key, Body=body)


def restore(stack: Deployed, folder: str) -> object:
    """Delete the newest version of the report's page, so that the one before counts again."""
    its = stack.installation
    run = its.results.pointer(2016).run
    key = "2016/latest/index.html" if folder == "latest" else f"2016/runs/{run}/index.html"
    newest = s3(stack).head_object(Bucket=its.results_bucket, Key=key)["VersionId"]
    return s3(stack).delete_object(Bucket=its.results_bucket, Key=key, VersionId=newest)


EXTRA = {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}
SEEDS = [
    Seed(
        ("bucket-versioning", "InboxBucket"),
        lambda d: s3(d).put_bucket_versioning(
            Bucket=d.physical("InboxBucket"), VersioningConfiguration={"Status": "Suspended"}
        ),
        lambda d: s3(d).put_bucket_versioning(
            Bucket=d.physical("InboxBucket"), VersioningConfiguration={"Status": "Enabled"}
        ),
    ),
    Seed(
        ("bucket-private", "ResultsBucket"),
        lambda d: s3(d).put_public_access_block(
            Bucket=d.physical("ResultsBucket"), PublicAccessBlockConfiguration={"BlockPublicAcls": True}
        ),
        lambda d: s3(d).put_public_access_block(
            Bucket=d.physical("ResultsBucket"),
            PublicAccessBlockConfiguration=dict.fromkeys(
                ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
            ),
        ),
    ),
    Seed(
        ("bucket-encryption", "ReferenceBucket"),
        lambda d: s3(d).delete_bucket_encryption(Bucket=d.physical("ReferenceBucket")),
        lambda d: s3(d).put_bucket_encryption(
            Bucket=d.physical("ReferenceBucket"),
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        ),
    ),
    Seed(
        ("bucket-ownership", "InboxBucket"),
        lambda d: s3(d).put_bucket_ownership_controls(
            Bucket=d.physical("InboxBucket"), OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
        lambda d: s3(d).put_bucket_ownership_controls(
            Bucket=d.physical("InboxBucket"), OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        ),
    ),
    Seed(
        ("bucket-policy", "InboxBucketPolicy"),
        lambda d: bucket_policy(d, Effect="Allow"),
        lambda d: bucket_policy(d, Effect="Deny"),
    ),
    Seed(
        ("bucket-notifications", "InboxBucket"),
        lambda d: s3(d).put_bucket_notification_configuration(
            Bucket=d.physical("InboxBucket"), NotificationConfiguration={}
        ),
        lambda d: s3(d).put_bucket_notification_configuration(
            Bucket=d.physical("InboxBucket"),
            NotificationConfiguration={
                "QueueConfigurations": [
                    {
                        "QueueArn": "arn:aws:sqs:eu-central-1:123456789012:"
                        + d.physical("IntakeQueue").rpartition("/")[2],
                        "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                    }
                ]
            },
        ),
    ),
    Seed(
        ("queue-redrive", "IntakeQueue"),
        lambda d: redrive_policy(d, 1),
        lambda d: redrive_policy(d, 5),
    ),
    Seed(
        ("queue-visibility", "IntakeQueue"),
        lambda d: queue(d, "IntakeQueue", VisibilityTimeout="119"),
        lambda d: queue(d, "IntakeQueue", VisibilityTimeout="720"),
    ),
    Seed(
        ("queue-retention", "TallyDeadLetterQueue"),
        lambda d: queue(d, "TallyDeadLetterQueue", MessageRetentionPeriod="60"),
        lambda d: queue(d, "TallyDeadLetterQueue", MessageRetentionPeriod="1209600"),
    ),
    Seed(
        ("queue-encryption", "ReferenceQueue"),
        lambda d: queue(d, "ReferenceQueue", SqsManagedSseEnabled="false"),
        lambda d: queue(d, "ReferenceQueue", SqsManagedSseEnabled="true"),
    ),
    Seed(
        ("queue-policy", "IntakeQueuePolicy"),
        lambda d: queue_policy(d, lambda items: items[0].update(Effect="Deny")),
        lambda d: queue_policy(d, lambda items: items[0].update(Effect="Allow")),
    ),
    Seed(
        ("dead-letters", "PublishDeadLetterQueue"),
        lambda d: d.clients.sqs.send_message(QueueUrl=d.physical("PublishDeadLetterQueue"), MessageBody="{}"),
        lambda d: d.empty("PublishDeadLetterQueue"),
    ),
    Seed(
        ("table-recovery", "LedgerTable"),
        lambda d: d.clients.dynamodb.update_continuous_backups(
            TableName=d.physical("LedgerTable"),
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
        lambda d: d.clients.dynamodb.update_continuous_backups(
            TableName=d.physical("LedgerTable"),
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        ),
    ),
    Seed(
        ("function-settings", "IntakeFunction"),
        lambda d: variables(d, TABLE_NAME="another"),
        lambda d: variables(d, TABLE_NAME=d.physical("LedgerTable")),
    ),
    Seed(
        ("function-runtime", "IntakeFunction"),
        lambda d: function(d, Timeout=3),
        lambda d: function(d, Timeout=120),
    ),
    Seed(
        ("function-concurrency", "PublishFunction"),
        lambda d: d.other("lambda").put_function_concurrency(
            FunctionName=d.physical("PublishFunction"), ReservedConcurrentExecutions=0
        ),
        lambda d: d.other("lambda").delete_function_concurrency(FunctionName=d.physical("PublishFunction")),
    ),
    Seed(
        ("function-concurrency", "IntakeFunction"),
        lambda d: d.other("lambda").put_function_concurrency(
            FunctionName=d.physical("IntakeFunction"), ReservedConcurrentExecutions=2
        ),
        lambda d: d.other("lambda").delete_function_concurrency(FunctionName=d.physical("IntakeFunction")),
        Outcome.WARN,
    ),
    Seed(
        ("source-enabled", "TallyFunctionChanges"),
        lambda d: mapping(d, "TallyFunctionChanges", Enabled=False),
        lambda d: mapping(d, "TallyFunctionChanges", Enabled=True),
    ),
    Seed(
        ("source-filters", "TallyFunctionChanges"),
        lambda d: mapping(
            d, "TallyFunctionChanges", FilterCriteria={"Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]}
        ),
        lambda d: mapping(
            d,
            "TallyFunctionChanges",
            FilterCriteria=d.template["Resources"]["TallyFunctionChanges"]["Properties"]["FilterCriteria"],
        ),
    ),
    Seed(
        ("source-failures", "IntakeFunctionQueue"),
        lambda d: mapping(d, "IntakeFunctionQueue", FunctionResponseTypes=[]),
        lambda d: mapping(d, "IntakeFunctionQueue", FunctionResponseTypes=["ReportBatchItemFailures"]),
    ),
    Seed(
        ("source-batching", "PublishFunctionChanges"),
        lambda d: mapping(d, "PublishFunctionChanges", MaximumRetryAttempts=0),
        lambda d: mapping(d, "PublishFunctionChanges", MaximumRetryAttempts=5),
    ),
    Seed(
        ("role-rights", "IntakeRole"),
        lambda d: role_policy(d, lambda items: items[0].update({"Action": ["sqs:ReceiveMessage"]})),
        lambda d: role_policy(
            d,
            lambda items: items[0].update(
                {"Action": ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"]}
            ),
        ),
    ),
    Seed(
        ("role-rights", "IntakeRole"),
        lambda d: role_policy(d, lambda items: items.append(EXTRA)),
        lambda d: role_policy(d, lambda items: items.remove(EXTRA)),
    ),
    Seed(
        ("schedule", "ReconcileFunctionSweep"),
        lambda d: schedule(d, "DISABLED"),
        lambda d: schedule(d, "ENABLED"),
    ),
    Seed(
        ("alarm", "ReconcileDriftAlarm"),
        lambda d: d.other("cloudwatch").set_alarm_state(
            AlarmName=d.physical("ReconcileDriftAlarm"), StateValue="ALARM", StateReason="test"
        ),
        lambda d: d.other("cloudwatch").set_alarm_state(
            AlarmName=d.physical("ReconcileDriftAlarm"), StateValue="OK", StateReason="test"
        ),
    ),
    Seed(
        ("notices-read", "NoticeTopic"),
        lambda d: [
            d.other("sns").unsubscribe(SubscriptionArn=item["SubscriptionArn"])
            for item in d.other("sns").list_subscriptions()["Subscriptions"]
        ],
        lambda d: d.other("sns").subscribe(
            TopicArn=d.physical("NoticeTopic"), Protocol="email", Endpoint="team@example.com"
        ),
        Outcome.WARN,
    ),
    Seed(
        ("log-retention", "TallyLogGroup"),
        lambda d: d.other("logs").delete_retention_policy(logGroupName=d.physical("TallyLogGroup")),
        lambda d: d.other("logs").put_retention_policy(logGroupName=d.physical("TallyLogGroup"), retentionInDays=90),
    ),
    Seed(
        ("reference-taken", "the system"),
        lambda d: d.refer("suppliers.csv", b"supplier_id,no_name_here\n", "2017-03-01T08:00:00.000Z"),
        lambda d: d.refer("suppliers.csv", ROSTER, "2017-04-01T08:00:00.000Z"),
    ),
    Seed(
        ("report-whole", "the system"),
        lambda d: report_file(d, "runs", b"changed"),
        lambda d: restore(d, "runs"),
    ),
    Seed(
        ("report-whole", "the system"),
        lambda d: report_file(d, "latest", b"changed"),
        lambda d: restore(d, "latest"),
    ),
]


def test_a_whole_deployment_has_nothing_wrong_with_it(whole):
    found = diagnoses(whole)
    assert wrong(found) == set()
    # moto's answers have no date in them
    assert {item.check for item in found} == {check.name for check in CHECKS} - {"clock"}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.finds[0])
def test_a_misconfiguration_is_found_where_it_is_and_nowhere_else(whole, seed):
    # GIVEN
    seed.spoil(whole)
    try:
        # WHEN
        found = diagnoses(whole)
        # THEN
        assert wrong(found) == {seed.finds}
        (diagnosis,) = [item for item in found if item.outcome is not Outcome.OK]
        assert diagnosis.outcome is seed.outcome
        assert diagnosis.found
        assert diagnosis.mend
        assert "{" not in diagnosis.mend.replace("{year}", "") or json_within(diagnosis.mend)
    finally:
        # What is not mended by this is found with the next seed.
        seed.mend(whole)


def json_within(mend: str) -> bool:
    """Whether what stands in braces is a document that can be handed to a command."""
    document = mend[mend.index("'") + 1 : mend.rindex("'")]
    return "Rules=[" in document or isinstance(json.loads(document), dict)


def test_a_stack_of_another_release_is_told_by_what_it_lacks(whole):
    # GIVEN a stack that has never heard of one queue and one output
    deployment = whole.installation.deployment
    without = replace(
        deployment,
        resources={name: item for name, item in deployment.resources.items() if name != "PublishDeadLetterQueue"},
        outputs={name: item for name, item in deployment.outputs.items() if name != "ReconcileCommand"},
        status="UPDATE_ROLLBACK_FAILED",
    )
    older = replace(whole.installation, deployment=without)
    # WHEN
    found = {item.check: item for item in examine(examination(older, whole.template, year=2016, now=NOW))}
    # THEN
    assert "PublishDeadLetterQueue" in found["stack-resources"].found
    assert "ReconcileCommand" in found["stack-outputs"].found
    assert found["stack-state"].outcome is Outcome.FAIL


def test_a_clock_that_is_wrong_is_found(whole):
    for minutes, outcome in ((20, Outcome.FAIL), (-20, Outcome.FAIL), (2, Outcome.OK)):
        # GIVEN
        date = format_datetime(NOW + timedelta(minutes=minutes))
        answer = {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}
        with mock.patch.object(whole.clients.s3, "head_bucket", return_value=answer):
            # WHEN
            found = {item.check: item for item in diagnoses(whole)}
        # THEN
        assert found["clock"].outcome is outcome


def test_a_right_that_the_caller_lacks_is_named_and_nothing_is_said_to_be_wrong(whole):
    # GIVEN
    refusal = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetBucketPolicy")
    with mock.patch.object(whole.clients.s3, "get_bucket_policy", side_effect=refusal):
        # WHEN
        found = [item for item in diagnoses(whole) if item.check == "bucket-policy"]
    # THEN
    assert {item.outcome for item in found} == {Outcome.UNCHECKED}
    assert {item.found for item in found} == {"you lack the right to GetBucketPolicy"}


def test_a_year_without_reference_data_is_told_what_it_needs(whole):
    found = {item.check: item for item in diagnoses(whole, year=2020)}
    assert found["reference-present"].outcome is Outcome.FAIL
    assert "suppliers.csv" in found["reference-present"].found
    assert found["report-whole"].outcome is Outcome.WARN
