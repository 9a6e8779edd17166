"""Which system the everyday commands speak to: a deployed stack, or the one that runs on this machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ProfileNotFound

from tracelode.ledger.ledger import Ledger
from tracelode.storage import places
from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Results
from tracelode_console.desk.choices import DEFAULT_FOLDER, STACK_VARIABLE
from tracelode_console.desk.running import answers, running_in
from tracelode_local.cloud.account import ACCOUNT, REGION
from tracelode_local.cloud.clients import Clients

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_WHICH: Final = (
    f"say which system: --stack NAME (or {STACK_VARIABLE}=NAME) for a deployed one, --local DIR for a running "
    "`tracelode watch ... --out DIR`"
)
_CONFIG: Final = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=10,
    read_timeout=60,
)
_S3_CONFIG: Final = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
"""A form that suppliers send needs today's signature, and the bucket's own address in its region."""


class NoInstallationError(Exception):
    """There is no such system, or none was named; the message says what to give."""


class CloudClients(Protocol):
    """Clients of the services that every installation has, and of any other that a deployed one has."""

    @property
    def s3(self) -> "S3Client":
        """S3."""

    @property
    def sqs(self) -> "SQSClient":
        """SQS."""

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """DynamoDB."""


class AccountClients:
    """Clients for an account, each made when it is first needed."""

    def __init__(self, session: boto3.Session) -> None:
        self.session = session
        self._others: dict[str, Any] = {}

    @cached_property
    def s3(self) -> "S3Client":
        """S3."""
        return self.session.client("s3", config=_S3_CONFIG)

    @cached_property
    def sqs(self) -> "SQSClient":
        """SQS."""
        return self.session.client("sqs", config=_CONFIG)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """DynamoDB."""
        return self.session.client("dynamodb", config=_CONFIG)

    def other(self, service: str, *, patience: int = 60) -> Any:
        """Any other service's client; `patience` is in seconds, for calls that take long."""
        if service not in self._others:
            make: Any = self.session.client
            self._others[service] = make(service, config=_CONFIG.merge(Config(read_timeout=patience)))
        return self._others[service]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What CloudFormation knows of a stack; `resources` are the physical ids by logical id.

    A local system is described in the same words.
    """

    name: str
    region: str
    account: str
    partition: str
    stack_id: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Installation:
    """One system. `account_clients` is None for a local one, which has none of the other services."""

    deployment: Deployment
    clients: CloudClients
    template: Path | None = None
    account_clients: AccountClients | None = None

    @property
    def local(self) -> bool:
        """Whether it runs on this machine."""
        return self.account_clients is None

    @property
    def spoken(self) -> str:
        """What to call it in a sentence."""
        return self.deployment.name if self.local else f"stack {self.deployment.name} in {self.deployment.region}"

    @property
    def inbox_bucket(self) -> str:
        """Where suppliers' files go."""
        return self._physical("InboxBucket")

    @property
    def reference_bucket(self) -> str:
        """Where the compliance team's files go."""
        return self._physical("ReferenceBucket")

    @property
    def results_bucket(self) -> str:
        """Where reports and feedback come out."""
        return self._physical("ResultsBucket")

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return Ledger.in_table(self.clients.dynamodb, self._physical("LedgerTable"))

    @property
    def inbox(self) -> DroppedObjects:
        """The inbox."""
        return DroppedObjects(self.clients.s3, self.inbox_bucket)

    @property
    def reference(self) -> DroppedObjects:
        """The reference bucket."""
        return DroppedObjects(self.clients.s3, self.reference_bucket)

    @property
    def results(self) -> Results:
        """The results bucket."""
        return Results(self.clients.s3, self.results_bucket)

    @property
    def notices(self) -> None:
        """Nobody is told of what a person does by hand: the next publish or sweep of the system tells."""
        return

    def inbox_is_locked(self) -> bool:
        """Whether S3 takes a file into the inbox only with a checksum, because it locks what comes (Object Lock).

        The bucket itself says so; to whoever may not ask it, the stack's parameter does.
        """
        try:
            answer = self.clients.s3.get_object_lock_configuration(Bucket=self.inbox_bucket)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ObjectLockConfigurationNotFoundError":
                return False
            if code in ("AccessDenied", "403"):
                return self.deployment.parameters.get("InboxLockDays", "0") != "0"
            raise
        return "DefaultRetention" in answer["ObjectLockConfiguration"].get("Rule", {})

    @property
    def reconcile_function(self) -> str:
        """The function that sweeps; a deployed installation has it."""
        return self._physical("ReconcileFunction")

    def queue_url(self, logical_id: str) -> str:
        """A queue's address by its logical id."""
        return self._physical(logical_id)

    def years(self) -> tuple[int, ...]:
        """The program years that something was put in for, newest first."""
        found: set[int] = set()
        for bucket in (self.reference_bucket, self.results_bucket):
            pages = self.clients.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/")
            names = [folder["Prefix"].removesuffix("/") for page in pages for folder in page.get("CommonPrefixes", [])]
            found |= {int(name) for name in names if places.is_year(name)}
        return tuple(sorted(found, reverse=True))

    def _physical(self, logical_id: str) -> str:
        try:
            return self.deployment.resources[logical_id]
        except KeyError:
            raise NoInstallationError(f"{self.spoken} has no {logical_id}; is it a stack of Tracelode?") from None


def chosen(
    *,
    stack: str | None,
    local: Path | None,
    region: str | None,
    profile: str | None,
    environment: Mapping[str, str],
) -> Installation:
    """The installation that was asked for; where nothing was, the environment's stack, then a local one in `out`.

    Raises NoInstallationError, which says what to give, where there is none.
    """
    stack = stack or (environment.get(STACK_VARIABLE) if local is None else None)
    if stack:
        return stack_installation(stack, region=region, profile=profile)
    if local is not None:
        return local_installation(local)
    if running_in(DEFAULT_FOLDER):
        return local_installation(DEFAULT_FOLDER)
    raise NoInstallationError(_WHICH)


def local_installation(folder: Path) -> Installation:
    """The system whose output goes to a folder. Raises NoInstallationError where none runs."""
    running = running_in(folder)
    if running is None:
        raise NoInstallationError(
            f"no local system runs in {folder}; start one: tracelode watch CASE_DIR --out {folder}"
        )
    if not answers(running):
        raise NoInstallationError(
            f"the local system in {folder} has ended without a farewell; start it again: "
            f"tracelode watch CASE_DIR --out {folder}"
        )
    deployment = Deployment(
        name=f"the local system in {folder}",
        region=REGION,
        account=ACCOUNT,
        partition="aws",
        stack_id=f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/tracelode/local",
        status="CREATE_COMPLETE",
        parameters={},
        outputs={},
        resources=running.resources,
    )
    return Installation(deployment, Clients(running.endpoint), Path(running.template))


def stack_installation(name: str, *, region: str | None, profile: str | None) -> Installation:
    """A deployed stack. Raises NoInstallationError where there is no such stack, profile or region."""
    try:
        session = boto3.Session(region_name=region, profile_name=profile)
    except ProfileNotFound as error:
        raise NoInstallationError(f"{error}; `aws configure list-profiles` lists what there is") from error
    if not session.region_name:
        raise NoInstallationError("no region: give --region, or set one with `aws configure`")
    clients = AccountClients(session)
    return Installation(describe(clients.other("cloudformation"), name), clients, account_clients=clients)


def describe(cloudformation: Any, name: str) -> Deployment:
    """What CloudFormation says of a stack. Raises NoInstallationError where it knows none of that name."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        region = cloudformation.meta.region_name
        raise NoInstallationError(
            f"no stack {name} in {region}; `aws cloudformation list-stacks` lists them"
        ) from error
    _, partition, _, region, account, _ = stack["StackId"].split(":", 5)
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return Deployment(
        name=name,
        region=region,
        account=account,
        partition=partition,
        stack_id=stack["StackId"],
        status=stack["StackStatus"],
        parameters={item["ParameterKey"]: item.get("ParameterValue", "") for item in stack.get("Parameters", [])},
        outputs={item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])},
        resources={
            item["LogicalResourceId"]: item["PhysicalResourceId"]
            for page in pages
            for item in page["StackResourceSummaries"]
            if item.get("PhysicalResourceId")
        },
    )


def read_json(installation: Installation, key: str) -> Any:
    """A JSON document of the results bucket; None where it is not there."""
    try:
        body = installation.clients.s3.get_object(Bucket=installation.results_bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    return json.loads(body.read())
