"""What the adapters are held against: stand-ins for DynamoDB and S3 that run here, an address, or an AWS account.

`TRACELODE_CONTRACT` names them, separated by commas; without it, it is all that run here.

| name     | what                                                                                             |
|----------|--------------------------------------------------------------------------------------------------|
| moto     | moto as it is                                                                                    |
| local    | S3 alone, as `tracelode run` has it (cloud/strict_uploads.py); its DynamoDB is moto's own          |
| dynalite | dynalite, DynamoDB alone, from tests/contract/package-lock.json; needs node                      |
| http...  | whatever speaks DynamoDB at this address                                                         |
| aws      | the account that the AWS settings of this shell lead to: one table and one bucket, deleted after |

An account is written to only if `TRACELODE_CONTRACT_ACCOUNT` names it (12 digits); `TRACELODE_CONTRACT_NAME` says what
its table and bucket are called, and they must not exist yet.
"""

import logging
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.contract.limits import hold_limits
from tests.factories.stores import create_ledger_table
from tracelode.ledger.ledger import Ledger
from tracelode_local.cloud.clients import Clients
from tracelode_local.cloud.cloud_process import KeptAliveRequestHandler, OneAtATime
from tracelode_local.cloud.endpoint import LocalCloud

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

CHOICE = "TRACELODE_CONTRACT"
ACCOUNT = "TRACELODE_CONTRACT_ACCOUNT"
NAME = "TRACELODE_CONTRACT_NAME"
HERE = ("moto", "local", "dynalite")
WITHOUT_S3 = ("dynalite", "http")
WITHOUT_DYNAMODB = ("local",)
_FOLDER = Path(__file__).parent
_ITEMS_A_DELETE = 25


class RefusedAccountError(RuntimeError):
    """The account that would be written to was not named, or another one was."""


@dataclass(frozen=True)
class Table:
    """An empty table of the ledger's shape.

    `client` says anything to it; `ledger` speaks through a client of its own that holds every request to the documented
    limits.
    """

    engine: str
    name: str
    client: "DynamoDBClient"
    watched: "DynamoDBClient"

    @property
    def ledger(self) -> Ledger:
        return Ledger.in_table(self.watched, self.name, sleep=lambda _: None)

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table, by key."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    def clear(self) -> None:
        """Delete every item."""
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in self.items()]
        for start in range(0, len(keys), _ITEMS_A_DELETE):
            wanted: Any = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + _ITEMS_A_DELETE]]
            while wanted:
                answer = self.client.batch_write_item(RequestItems={self.name: wanted})
                wanted = answer.get("UnprocessedItems", {}).get(self.name, [])


@dataclass(frozen=True)
class Bucket:
    """An empty versioned bucket."""

    engine: str
    name: str
    client: "S3Client"

    def drop(self, key: str, body: bytes = b"x", **more: Any) -> str:
        """Put an object; its version id."""
        return self.client.put_object(Bucket=self.name, Key=key, Body=body, **more)["VersionId"]

    def clear(self) -> None:
        """Delete every version."""
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.name):
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                self.client.delete_object(Bucket=self.name, Key=entry["Key"], VersionId=entry["VersionId"])


@dataclass(frozen=True)
class Engine:
    """One of them, running."""

    name: str
    client: "DynamoDBClient"
    watched: "DynamoDBClient"
    s3: "S3Client"
    prefix: str = "contract"
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def table(self) -> Iterator[Table]:
        """A table of its own."""
        table = self._create_table(f"{self.prefix}-{next(self._numbers)}")
        try:
            yield table
        finally:
            self.client.delete_table(TableName=table.name)

    @contextmanager
    def bucket(self) -> Iterator[Bucket]:
        """A bucket of its own."""
        bucket = self._create_bucket(f"{self.prefix}-{next(self._numbers)}")
        try:
            yield bucket
        finally:
            bucket.clear()
            self.s3.delete_bucket(Bucket=bucket.name)

    def _create_table(self, name: str) -> Table:
        create_ledger_table(self.client, name)
        self.client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
        return Table(self.name, name, self.client, self.watched)

    def _create_bucket(self, name: str) -> Bucket:
        region = self.s3.meta.region_name
        where: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.s3.create_bucket(Bucket=name, **where)
        self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return Bucket(self.name, name, self.s3)


@dataclass(frozen=True)
class Account(Engine):
    """An AWS account, where a table takes long to make: one for all tests, emptied after each."""

    _kept: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def table(self) -> Iterator[Table]:
        if "table" not in self._kept:
            self._kept["table"] = self._create_table(self.prefix)
        try:
            yield self._kept["table"]
        finally:
            self._kept["table"].clear()

    @contextmanager
    def bucket(self) -> Iterator[Bucket]:
        if "bucket" not in self._kept:
            self._kept["bucket"] = self._create_bucket(self.prefix)
        try:
            yield self._kept["bucket"]
        finally:
            self._kept["bucket"].clear()

    def leave(self) -> None:
        """Delete what was made here; nothing that was there before has these names, or making them had failed."""
        if "table" in self._kept:
            self.client.delete_table(TableName=self.prefix)
        if "bucket" in self._kept:
            self.s3.delete_bucket(Bucket=self.prefix)


def chosen(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names that a shell asks for. Raises ValueError for one that means nothing here."""
    names = tuple(name.strip() for name in environment.get(CHOICE, ",".join(HERE)).split(",") if name.strip())
    unknown = [name for name in names if name not in (*HERE, "aws") and not name.startswith("http")]
    if unknown or not names:
        raise ValueError(
            f"{CHOICE} names {', '.join(unknown) or 'nothing'}; known are {', '.join(HERE)}, aws, http://..."
        )
    return names


def allowed(environment: Mapping[str, str], account: str) -> str:
    """What table and bucket are called in an account that may be written to.

    Raises RefusedAccountError unless the shell names this account and a name for them.
    """
    if environment.get(ACCOUNT) != account:
        raise RefusedAccountError(f"tests write to an AWS account only if {ACCOUNT} is its number, {account}")
    name = environment.get(NAME, "")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{6,50}[a-z0-9]", name):
        raise RefusedAccountError(f"{NAME} must name the table and the bucket to be made: lower case, digits, hyphens")
    return name


@contextmanager
def started(name: str) -> Iterator[Engine]:
    """An engine from entry to exit. Skips the test where this machine lacks the program."""
    if name == "aws":
        with _account() as account:
            yield account
    elif name.startswith("http"):
        yield _served(name, name)
    else:
        with {"moto": _moto, "local": _local, "dynalite": _dynalite}[name]() as endpoint:
            engine = _served(name, endpoint)
            if name == "dynalite":
                _tell_what_stands_there(engine.watched)
            yield engine


def _served(name: str, endpoint: str) -> Engine:
    raw, watched = Clients(endpoint), Clients(endpoint)
    hold_limits(watched.dynamodb)
    return Engine(name, raw.dynamodb, watched.dynamodb, raw.s3)


@contextmanager
def _account() -> Iterator[Engine]:
    name = allowed(os.environ, boto3.client("sts").get_caller_identity()["Account"])
    watched = boto3.client("dynamodb")
    hold_limits(watched)
    account = Account("aws", boto3.client("dynamodb"), watched, boto3.client("s3"), name)
    try:
        yield account
    finally:
        account.leave()


@contextmanager
def _moto() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=KeptAliveRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _local() -> Iterator[str]:
    with LocalCloud() as cloud:
        yield cloud.endpoint


@contextmanager
def _dynalite() -> Iterator[str]:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed, which dynalite runs on")
    if not (_FOLDER / "node_modules" / "dynalite").is_dir():
        pytest.skip("dynalite is not installed (npm ci --prefix tests/contract)")
    process = subprocess.Popen(
        [node, str(_FOLDER / "serve_dynalite.cjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=10)


def _tell_what_stands_there(client: "DynamoDBClient") -> None:
    """Answer a failed condition with the item that stands there, as DynamoDB does if asked, and dynalite cannot."""

    def remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            context["stands"] = {"TableName": params["TableName"], "Key": {n: params["Item"][n] for n in ("pk", "sk")}}

    def tell(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if "stands" in context and parsed.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
            standing = client.get_item(**context["stands"], ConsistentRead=True)
            parsed |= {"Item": standing["Item"]} if "Item" in standing else {}

    client.meta.events.register("provide-client-params.dynamodb.PutItem", remember)
    client.meta.events.register("after-call.dynamodb.PutItem", tell)
