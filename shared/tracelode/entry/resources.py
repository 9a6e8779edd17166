"""What a function's environment names, read once at cold start; missing settings fail there, all of them named."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from tracelode.ledger.ledger import Ledger
    from tracelode.notices.topic import NoticeTopic
    from tracelode.queues.intake_queue import IntakeQueue
    from tracelode.storage.objects import DroppedObjects
    from tracelode.storage.results import Results

_RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=30)
_TWO_BRIEF_TRIES = Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=2, read_timeout=5)
"""For what is made up for later: it may not use up the time that a function has for what is not."""


class MissingSettingsError(RuntimeError):
    """The environment lacks settings; a misconfiguration that no retry mends."""


class Resources:
    """The table, buckets, queue and topic that a function's environment names.

    Each is imported where it is made: a function loads the adapters of the flow that it is for, and no others.
    """

    def __init__(self, environment: Mapping[str, str], *, needs: tuple[str, ...]) -> None:
        missing = [name for name in needs if not environment.get(name)]
        if missing:
            raise MissingSettingsError(f"missing environment variables: {', '.join(missing)}")
        self._names = {name: environment[name] for name in needs}
        self._scanned = environment.get("SCAN_UPLOADS", "no") == "yes"
        self._topic_arn = environment.get("TOPIC_ARN", "")
        self._environment_name = environment.get("ENVIRONMENT_NAME", "")

    @cached_property
    def ledger(self) -> "Ledger":
        """The ledger in the table TABLE_NAME."""
        from tracelode.ledger.ledger import Ledger

        return Ledger.in_table(self._dynamodb, self._names["TABLE_NAME"])

    @cached_property
    def inbox(self) -> "DroppedObjects":
        """The bucket INBOX_BUCKET; with SCAN_UPLOADS "yes", of which nothing is read that was not found clean."""
        from tracelode.storage.objects import DroppedObjects

        return DroppedObjects(self._s3, self._names["INBOX_BUCKET"], scanned=self._scanned)

    @cached_property
    def reference(self) -> "DroppedObjects":
        """The bucket REFERENCE_BUCKET."""
        from tracelode.storage.objects import DroppedObjects

        return DroppedObjects(self._s3, self._names["REFERENCE_BUCKET"])

    @cached_property
    def results(self) -> "Results":
        """The bucket RESULTS_BUCKET."""
        from tracelode.storage.results import Results

        return Results(self._s3, self._names["RESULTS_BUCKET"])

    @cached_property
    def intake_queue(self) -> "IntakeQueue":
        """The queue INTAKE_QUEUE_URL."""
        from tracelode.queues.intake_queue import IntakeQueue

        return IntakeQueue(self._sqs, self._names["INTAKE_QUEUE_URL"])

    @cached_property
    def notices(self) -> "NoticeTopic | None":
        """The topic TOPIC_ARN; None where the environment names none: nobody is told anything then."""
        from tracelode.notices.topic import NoticeTopic

        return NoticeTopic(self._sns, self._topic_arn, self._environment_name) if self._topic_arn else None

    @cached_property
    def _dynamodb(self) -> "DynamoDBClient":
        return boto3.client("dynamodb", config=_RETRIES)

    @cached_property
    def _s3(self) -> "S3Client":
        return boto3.client("s3", config=_RETRIES)

    @cached_property
    def _sns(self) -> "SNSClient":
        return boto3.client("sns", config=_TWO_BRIEF_TRIES)

    @cached_property
    def _sqs(self) -> "SQSClient":
        return boto3.client("sqs", config=_RETRIES)
