"""Creates in the local cloud what the template describes."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tracelode_local.cloud.clients import Clients
from tracelode_local.template.stack import Bucket, Queue, Stack, Table, Topic

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType


def provision(stack: Stack, clients: Clients) -> Mapping[str, str]:
    """Create the stack's buckets, queues, topics and tables; returns the stream's real ARN by table name.

    Bucket notifications are not set: moto's lack the version id and the sequencer, and it sends none for a delete
    marker. The bucket front sends them instead (s3_events).
    """
    for bucket in stack.buckets.values():
        _create_bucket(bucket, clients)
    # A queue can only be redriven to one that exists.
    for queue in sorted(stack.queues.values(), key=lambda queue: queue.dead_letter_arn is not None):
        _create_queue(queue, clients)
    for topic in stack.topics.values():
        _create_topic(topic, clients)
    return {table.name: _create_table(table, clients) for table in stack.tables.values()}


def _create_bucket(bucket: Bucket, clients: Clients) -> None:
    clients.s3.create_bucket(Bucket=bucket.name)
    if bucket.versioned:
        clients.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})


def _create_queue(queue: Queue, clients: Clients) -> None:
    attributes: dict[QueueAttributeNameType, str] = {"VisibilityTimeout": str(queue.visibility)}
    if queue.dead_letter_arn:
        policy = {"deadLetterTargetArn": queue.dead_letter_arn, "maxReceiveCount": queue.max_receive_count}
        attributes["RedrivePolicy"] = json.dumps(policy)
    clients.sqs.create_queue(QueueName=queue.name, Attributes=attributes)


def mailbox(topic: Topic) -> str:
    """The name of the queue that keeps what is sent to a topic: nobody subscribes to it here by mail."""
    return f"{topic.name}-mailbox"


def _create_topic(topic: Topic, clients: Clients) -> None:
    clients.sns.create_topic(Name=topic.name)
    url = clients.sqs.create_queue(QueueName=mailbox(topic))["QueueUrl"]
    arn = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    clients.sns.subscribe(TopicArn=topic.arn, Protocol="sqs", Endpoint=arn)


def _create_table(table: Table, clients: Clients) -> str:
    return clients.dynamodb.create_table(**table.definition)["TableDescription"].get("LatestStreamArn", "")
