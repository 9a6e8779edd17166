"""Clients of a cloud on this machine, which whoever speaks to a running one needs as well."""

import os
from typing import TYPE_CHECKING, Final

import boto3
import botocore.session
from botocore.config import Config

from tracelode_local.cloud.account import ACCESS_KEY, REGION, SECRET_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_CONFIG: Final = Config(
    proxies={}, connect_timeout=10, read_timeout=120, retries={"max_attempts": 3}, max_pool_connections=32
)
_S3_CONFIG: Final = _CONFIG.merge(Config(signature_version="s3v4"))
"""Links and forms are signed as in an account; for an endpoint of one's own, the library would do otherwise."""


class Clients:
    """boto3 clients for one endpoint, blind to whatever AWS settings the machine and its user have."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        blind = botocore.session.Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, os.devnull, None),
                "credentials_file": (None, None, os.devnull, None),
                "ca_bundle": (None, None, None, None),
            }
        )
        session = boto3.Session(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            region_name=REGION,
            botocore_session=blind,
        )
        self.s3: S3Client = session.client("s3", endpoint_url=endpoint, config=_S3_CONFIG)
        self.sqs: SQSClient = session.client("sqs", endpoint_url=endpoint, config=_CONFIG)
        self.sns: SNSClient = session.client("sns", endpoint_url=endpoint, config=_CONFIG)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=endpoint, config=_CONFIG)
        self.streams: DynamoDBStreamsClient = session.client("dynamodbstreams", endpoint_url=endpoint, config=_CONFIG)
