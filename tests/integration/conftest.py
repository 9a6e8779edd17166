"""The adapters on moto, in this process: a table and buckets as template.yaml describes them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from tests.factories.stores import create_ledger_table
from tracelode.ledger.ledger import Ledger
from tracelode.notices.topic import NoticeTopic
from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Results

FAKE_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@dataclass(frozen=True)
class Account:
    """An empty system: its ledger, its buckets, and the clients to look at them from outside."""

    s3: object
    dynamodb: object
    ledger: Ledger
    inbox: DroppedObjects
    reference: DroppedObjects
    results: Results
    notices: NoticeTopic | None = None

    def drop(self, bucket: str, key: str, body: bytes) -> str:
        return self.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]

    def keys(self, prefix: str = "") -> list[str]:
        found = self.s3.list_objects_v2(Bucket="results", Prefix=prefix).get("Contents", [])
        return sorted(entry["Key"] for entry in found)

    def text(self, key: str) -> str:
        return self.s3.get_object(Bucket="results", Key=key)["Body"].read().decode()

    def items(self) -> list[dict]:
        return self.dynamodb.scan(TableName="ledger")["Items"]


@pytest.fixture
def account() -> Iterator[Account]:
    with new_account() as made:
        yield made


@contextmanager
def new_account() -> Iterator[Account]:
    """An account of its own while the context lasts, for tests that need more than one after another."""
    with mock.patch.dict(os.environ, FAKE_ACCOUNT), mock_aws(), mock.patch.object(boto3, "DEFAULT_SESSION", session()):
        s3, dynamodb = session_client("s3"), session_client("dynamodb")
        for bucket in ("inbox", "reference", "results"):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        create_ledger_table(dynamodb, "ledger")
        yield Account(
            s3,
            dynamodb,
            Ledger.in_table(dynamodb, "ledger", sleep=lambda _: None),
            DroppedObjects(s3, "inbox"),
            DroppedObjects(s3, "reference"),
            Results(s3, "results"),
        )


@cache
def session() -> boto3.Session:
    """One session for all accounts of this process: botocore reads its models once, and moto forgets by itself."""
    return boto3.Session("testing", "testing", "testing", "us-east-1")


@cache
def session_client(service: str) -> object:
    return session().client(service)
