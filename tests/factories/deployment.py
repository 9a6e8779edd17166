"""The template deployed into moto's account, as completely as moto can hold it.

moto's CloudFormation makes queues, tables, roles, functions and event source mappings. What it passes over (policies,
most settings of buckets, alarms, schedules, point-in-time recovery) is set here by the services' own calls.
"""

import json
import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.factories.archives import zipped
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import publish_report
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.storage.objects import ObjectEvent
from tracelode_console.desk.doctor.expected import Expected, expected
from tracelode_console.desk.installation import AccountClients, Deployment, Installation, describe
from tracelode_local.template.translation import translate

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
STACK, REGION = "reports", "eu-central-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:alarms"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass
class Deployed:
    """A deployed stack: its installation, the translated template, and clients to spoil it with."""

    installation: Installation
    template: Mapping[str, Any]
    clients: AccountClients

    def physical(self, logical_id: str) -> str:
        return self.installation.deployment.resources[logical_id]

    def other(self, service: str) -> Any:
        return self.clients.other(service)

    def refer(self, file: str, body: bytes, moment: str = "2017-01-01T08:00:00.000Z") -> None:
        """Drop a reference file and let the flow take it."""
        its, key = self.installation, f"2016/{file}"
        version = its.clients.s3.put_object(Bucket=its.reference_bucket, Key=key, Body=body)["VersionId"]
        event = ObjectEvent(key, version, moment, deleted=False)
        adopt_reference(event, its)
        self._forget_notices()

    def drop(self, supplier: str, file: str, body: bytes, moment: str) -> None:
        """Drop a supplier's file and let the flow record it."""
        its, key = self.installation, f"2016/{supplier}/{file}"
        version = its.clients.s3.put_object(Bucket=its.inbox_bucket, Key=key, Body=body)["VersionId"]
        event = ObjectEvent(key, version, moment, deleted=False)
        record_submission(event, its)
        self._forget_notices()

    def _forget_notices(self) -> None:
        """moto sends notices and calls functions, which fail without Docker; the flows are called here instead."""
        for name in ("IntakeQueue", "ReferenceQueue", "IntakeDeadLetterQueue", "ReferenceDeadLetterQueue"):
            self.empty(name)

    def empty(self, name: str) -> None:
        """Delete what waits in a queue."""
        sqs, url = self.clients.sqs, self.physical(name)
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def publish(self) -> None:
        """Tally what is current and publish it."""
        its = self.installation
        for group in its.ledger.groups.numbers(2016):
            tally_group(2016, group, its.ledger)
        publish_report(2016, its)


@cache
def _translated() -> str:
    return json.dumps(translate(TEMPLATE, {}))


@cache
def _session() -> boto3.Session:
    """One session for all stacks of this process: botocore reads its models once, and moto forgets by itself."""
    return boto3.Session("testing", "testing", region_name=REGION)


@contextmanager
def deployed() -> Iterator[Deployed]:
    """The stack in an account of its own while the context lasts."""
    with mock.patch.dict(os.environ, _CREDENTIALS), mock_aws(), _without_complaints():
        clients = AccountClients(_session())
        _keep_bucket_policies_aside(clients.s3)
        template = json.loads(_translated())
        deployment = _create_stack(clients, template)
        deployment = replace(deployment, resources={**deployment.resources, **_by_hand(template, deployment)})
        streams = _streams(clients, deployment)
        for resource in expected(template, deployment, streams):
            _complete(clients, resource)
        yield Deployed(Installation(deployment, clients, account_clients=clients), template, clients)


@contextmanager
def _without_complaints() -> Iterator[None]:
    """moto says what its CloudFormation passes over, and that it has no Docker to run functions with."""
    logger = logging.getLogger("moto")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _create_stack(clients: AccountClients, template: Mapping[str, Any]) -> Deployment:
    code = zipped({"app.py": b"def handler(event, context):\n    return None\n"})
    clients.s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    clients.s3.put_object(Bucket="code", Key="code.zip", Body=code)
    body = json.loads(json.dumps(template))
    # moto passes over alarms, which the dashboard names.
    del body["Resources"]["Dashboard"]
    body["Outputs"]["DashboardUrl"]["Value"] = "https://console.aws.amazon.com/cloudwatch/home"
    for resource in body["Resources"].values():
        for name in ("Code", "Content"):
            if resource["Type"].startswith("AWS::Lambda") and name in resource.get("Properties", {}):
                resource["Properties"][name] = {"S3Bucket": "code", "S3Key": "code.zip"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clients.other("cloudformation").create_stack(
            StackName=STACK,
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": "AlarmTopic", "ParameterValue": TOPIC}],
            Capabilities=["CAPABILITY_IAM"],
        )
        return describe(clients.other("cloudformation"), STACK)


def _by_hand(template: Mapping[str, Any], deployment: Deployment) -> dict[str, str]:
    """Physical ids of what moto's CloudFormation passes over."""
    return {
        logical_id: f"{STACK}-{logical_id}"
        for logical_id, resource in template["Resources"].items()
        if logical_id not in deployment.resources and resource["Type"] != "AWS::Lambda::LayerVersion"
    }


def _streams(clients: AccountClients, deployment: Deployment) -> dict[str, str]:
    table = deployment.resources["LedgerTable"]
    return {table: clients.dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]}


def _complete(clients: AccountClients, resource: Expected) -> None:
    completing = _COMPLETING.get(resource.kind)
    if completing:
        completing(clients, resource.physical, resource.properties or {})


def _bucket(clients: AccountClients, name: str, properties: Mapping[str, Any]) -> None:
    s3 = clients.s3
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"])
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"])
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": encryption["ServerSideEncryptionByDefault"]}]
        },
    )
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=properties["OwnershipControls"])
    rules = [
        {"ID": rule["Id"], "Filter": {"Prefix": ""}, **{key: value for key, value in rule.items() if key != "Id"}}
        for rule in properties["LifecycleConfiguration"]["Rules"]
    ]
    for rule in rules:
        # CloudFormation hands numbers that are parameters on as text.
        if kept := rule.get("NoncurrentVersionExpiration"):
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": int(kept["NoncurrentDays"])}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    told = properties.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    if told:
        s3.put_bucket_notification_configuration(
            Bucket=name,
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": entry["Queue"], "Events": [entry["Event"]]} for entry in told]
            },
        )


def _keep_bucket_policies_aside(s3: Any) -> None:
    """moto reads no conditions: a policy that denies what comes without TLS would deny everything."""
    policies: dict[str, str] = {}

    def put_bucket_policy(*, Bucket: str, Policy: str) -> None:  # noqa: N803  as boto3 calls them
        policies[Bucket] = Policy

    def get_bucket_policy(*, Bucket: str) -> dict[str, str]:  # noqa: N803
        if Bucket not in policies:
            raise ClientError({"Error": {"Code": "NoSuchBucketPolicy"}}, "GetBucketPolicy")
        return {"Policy": policies[Bucket]}

    s3.put_bucket_policy, s3.get_bucket_policy = put_bucket_policy, get_bucket_policy


def _bucket_policy(clients: AccountClients, _: str, properties: Mapping[str, Any]) -> None:
    clients.s3.put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))


def _queue_policy(clients: AccountClients, _: str, properties: Mapping[str, Any]) -> None:
    for url in properties["Queues"]:
        policy = {"Policy": json.dumps(properties["PolicyDocument"])}
        clients.sqs.set_queue_attributes(QueueUrl=url, Attributes=policy)


def _table(clients: AccountClients, name: str, _: Mapping[str, Any]) -> None:
    clients.dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def _function(clients: AccountClients, name: str, properties: Mapping[str, Any]) -> None:
    functions = clients.other("lambda")
    archive = clients.s3.get_object(Bucket="code", Key="code.zip")["Body"].read()
    versions = [
        functions.publish_layer_version(LayerName=f"layer-{number}", Content={"ZipFile": archive})["LayerVersionArn"]
        for number in (1, 2)
    ]
    functions.update_function_configuration(
        FunctionName=name, Layers=versions, MemorySize=properties["MemorySize"], Timeout=properties["Timeout"]
    )


def _mapping(clients: AccountClients, uuid: str, properties: Mapping[str, Any]) -> None:
    names = ("BisectBatchOnFunctionError", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "DestinationConfig")
    given = {name: properties[name] for name in names if name in properties}
    if given:
        clients.other("lambda").update_event_source_mapping(UUID=uuid, **given)


def _role(clients: AccountClients, name: str, properties: Mapping[str, Any]) -> None:
    iam = clients.other("iam")
    for policy in properties.get("Policies", ()):
        document = json.dumps({"Version": "2012-10-17", **policy["PolicyDocument"]})
        iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)


def _subscription(clients: AccountClients, arn: str, _: Mapping[str, Any]) -> None:
    clients.other("sns").subscribe(TopicArn=arn, Protocol="email", Endpoint="team@example.com")


def _alarm(clients: AccountClients, name: str, properties: Mapping[str, Any]) -> None:
    clients.other("cloudwatch").put_metric_alarm(**{**properties, "AlarmName": name})


def _schedule(clients: AccountClients, name: str, properties: Mapping[str, Any]) -> None:
    clients.other("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=properties["ScheduleExpression"],
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": properties["Target"]["Arn"], "RoleArn": "arn:aws:iam::123456789012:role/sweep"},
        State="ENABLED",
    )


_COMPLETING = {
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::DynamoDB::Table": _table,
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::IAM::Role": _role,
    "AWS::SNS::Topic": _subscription,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Scheduler::Schedule": _schedule,
}
