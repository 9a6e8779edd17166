"""A small template and toy handlers: what the local system does with batches, failures, filters and windows."""

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tracelode_local.cloud.clients import Clients
from tracelode_local.cloud.endpoint import LocalCloud
from tracelode_local.delivery.environments import Environments, InProcess
from tracelode_local.delivery.pump import Pump
from tracelode_local.template.provision import provision
from tracelode_local.template.stack import Queue, Stack, read_stack

_PREAMBLE = """
import json, os, pathlib

def remember(seen):
    with open(os.environ["SEEN"], "a") as file:
        file.write(json.dumps(seen) + "\\n")

def bodies(event):
    return [record["body"] for record in event["Records"]]

def sort_keys(event):
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in event["Records"]]
"""


@pytest.fixture(autouse=True)
def _loopback(socket_enabled: None) -> None:
    """moto listens on the loopback interface."""


@pytest.fixture(scope="session")
def shared_cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(shared_cloud: LocalCloud) -> LocalCloud:
    reset = urllib.request.Request(f"{shared_cloud.endpoint}/moto-api/reset", method="POST")  # noqa: S310
    urllib.request.urlopen(reset).read()  # noqa: S310
    return shared_cloud


@dataclass
class Toy:
    """A template made in the order in which a test says what it wants, and the small system that it describes."""

    folder: Path
    cloud: LocalCloud
    resources: dict[str, Any] = field(default_factory=dict)
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def function(self, name: str, source: str, *, timeout: int = 5) -> None:
        """A function of that logical id; `source` defines `handler(event, context)`."""
        code = self.folder / name
        code.mkdir()
        (code / "app.py").write_text(_PREAMBLE + source)
        self.resources[name] = {
            "Type": "AWS::Lambda::Function",
            "Metadata": {"LocalCodeUri": str(code)},
            "Properties": {
                "Handler": "app.handler",
                "Timeout": timeout,
                "MemorySize": 128,
                "Environment": {"Variables": {"SEEN": str(self.folder / f"{name}.seen")}},
            },
        }

    def queue(self, name: str = "Work", *, receives: int = 3, visibility: int = 30) -> None:
        """A queue with its dead-letter queue, `<name>Dead`."""
        self.resources[f"{name}Dead"] = {"Type": "AWS::SQS::Queue", "Properties": {}}
        redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{name}Dead", "Arn"]}, "maxReceiveCount": receives}
        self.resources[name] = {
            "Type": "AWS::SQS::Queue",
            "Properties": {"VisibilityTimeout": visibility, "RedrivePolicy": redrive},
        }

    def table(self, name: str = "Ledger") -> None:
        """A table with a stream, keyed by pk and sk."""
        self.resources[name] = {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        }

    def maps_queue(self, function: str, queue: str = "Work", *, size: int = 10, reports: bool = True) -> None:
        """An event source mapping from a queue."""
        self.resources[f"{function}From{queue}"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": function},
                "EventSourceArn": {"Fn::GetAtt": [queue, "Arn"]},
                "BatchSize": size,
                "FunctionResponseTypes": ["ReportBatchItemFailures"] if reports else [],
            },
        }

    def maps_stream(
        self, function: str, *patterns: Mapping[str, Any], table: str = "Ledger", **properties: Any
    ) -> None:
        """An event source mapping from a stream; failures go to the queue `<function>Failed`."""
        self.resources[f"{function}Failed"] = {"Type": "AWS::SQS::Queue", "Properties": {}}
        self.resources[f"{function}From{table}"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": function},
                "EventSourceArn": {"Fn::GetAtt": [table, "StreamArn"]},
                "StartingPosition": "TRIM_HORIZON",
                "MaximumRetryAttempts": 2,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]},
                "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": [f"{function}Failed", "Arn"]}}},
                **properties,
            },
        }

    def start(self, environments: Callable[[str], Environments] = InProcess) -> "Toy":
        """Create what was described; minutes of visibility become milliseconds."""
        self.stack: Stack = read_stack({"Resources": self.resources}, {}, self.cloud.endpoint)
        self.clients = Clients(self.cloud.endpoint)
        running = environments(self.cloud.endpoint)
        self.pump = Pump(self.stack, self.clients, running, provision(self.stack, self.clients), time_scale=0.001)
        self._closing += [running.close, self.pump.close]
        return self

    def send(self, *bodies: str, queue: str = "Work") -> None:
        """Put messages into a queue."""
        for body in bodies:
            self.clients.sqs.send_message(QueueUrl=self.stack.queues[queue].url, MessageBody=body)
        self.pump.stir()

    def put(self, *sort_keys: str, pk: str = "p") -> None:
        """Put items into the table."""
        for sort_key in sort_keys:
            self.clients.dynamodb.put_item(
                TableName=self.stack.tables["Ledger"].name,
                Item={"pk": {"S": pk}, "sk": {"S": sort_key}, "data": {"B": b"\x00"}},
            )
        self.pump.stir()

    def seen(self, function: str) -> list[Any]:
        """What a function remembered, in order."""
        path = self.folder / f"{function}.seen"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def messages(self, queue: str) -> list[Any]:
        """The bodies in a queue, which it takes out."""
        its: Queue = self.stack.queues[queue]
        found: list[Any] = []
        while received := self.clients.sqs.receive_message(QueueUrl=its.url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in received]
        return sorted(found)

    def hidden(self, queue: str) -> int:
        """How many messages of a queue are received and not deleted."""
        name = "ApproximateNumberOfMessagesNotVisible"
        url = self.stack.queues[queue].url
        answer = self.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def close(self) -> None:
        for close in self._closing:
            close()


@pytest.fixture
def toy(tmp_path: Path, cloud: LocalCloud) -> Iterator[Toy]:
    made = Toy(tmp_path, cloud)
    yield made
    made.close()
