"""Taking up what was given up on: nothing is lost on the way, whatever fails, and nothing is deleted unmended."""

import io
import json
from dataclasses import dataclass
from types import SimpleNamespace
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from tracelode_console.desk.choices import DEAD_LETTER_QUEUES
from tracelode_console.desk.dead_letters import SweepFailedError, letters, send_back, sweep_and_clear
from tracelode_console.desk.installation import Deployment, Installation

REGION = "eu-central-1"
INTAKE, _, TALLY, PUBLISH = DEAD_LETTER_QUEUES
CREDENTIALS = {"aws_access_key_id": "key", "aws_secret_access_key": "none", "region_name": REGION}


def notice(key: str) -> str:
    return json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})


POSITION = json.dumps(
    {"requestContext": {"functionArn": "arn:aws:lambda:x:1:function:tally"}, "DDBStreamBatchInfo": {"batchSize": 3}}
)


class Functions:
    """Lambda, of which one function answers what it is told to."""

    def __init__(self, answer: dict, during=lambda: None) -> None:
        self.client = boto3.client("lambda", **CREDENTIALS)
        self.stubber = Stubber(self.client)
        body = answer.pop("Payload", b"null")
        payload = StreamingBody(io.BytesIO(body), len(body))
        self.stubber.add_response(
            "invoke",
            {"StatusCode": 200, "Payload": payload, **answer},
            {"FunctionName": "sweep", "Payload": '{"full": false}'},
        )
        self.stubber.activate()
        self.during = during

    def other(self, service: str, *, patience: int) -> object:
        assert service == "lambda"
        assert patience > 900
        self.during()
        return self.client


@dataclass
class System:
    installation: Installation
    sqs: object

    def url(self, name: str) -> str:
        return self.installation.deployment.resources[name]

    def send(self, name: str, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url(name), MessageBody=body)

    def bodies(self, name: str) -> list[str]:
        found = []
        while got := self.sqs.receive_message(QueueUrl=self.url(name), MaxNumberOfMessages=10).get("Messages", []):
            found += [message["Body"] for message in got]
        return sorted(found)


@pytest.fixture
def system():
    with mock_aws():
        sqs = boto3.client("sqs", **CREDENTIALS)
        names = [queue.logical_id for queue in DEAD_LETTER_QUEUES] + ["IntakeQueue", "ReferenceQueue"]
        resources = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
        resources["ReconcileFunction"] = "sweep"
        deployment = Deployment("reports", REGION, "1", "aws", "", "CREATE_COMPLETE", {}, {}, resources)
        yield System(Installation(deployment, SimpleNamespace(sqs=sqs)), sqs)


def in_account(system: System, functions: Functions) -> Installation:
    return Installation(system.installation.deployment, system.installation.clients, account_clients=functions)


def test_letters_are_shown_with_what_they_are_about_and_stay(system):
    # GIVEN
    system.send("IntakeDeadLetterQueue", notice("2016/acme/a+b.xlsx"))
    system.send("TallyDeadLetterQueue", POSITION)
    # WHEN
    found = letters(system.installation, DEAD_LETTER_QUEUES, at_most=10)
    # THEN
    assert [(item.queue, item.subject) for item in found] == [
        ("intake", "2016/acme/a b.xlsx"),
        ("tally", "3 changes for tally"),
    ]
    assert all(item.sent.startswith("20") for item in found)
    assert len(letters(system.installation, DEAD_LETTER_QUEUES, at_most=10)) == 2


def test_letters_go_back_to_their_queue(system):
    # GIVEN
    bodies = sorted(notice(f"2016/acme/{number}.xlsx") for number in range(23))
    system.send("IntakeDeadLetterQueue", *bodies)
    heard: list[int] = []
    # WHEN
    assert send_back(system.installation, INTAKE, observe=heard.append) == 23
    # THEN
    assert heard == list(range(1, 24))
    assert system.bodies("IntakeQueue") == bodies
    assert system.bodies("IntakeDeadLetterQueue") == []


@pytest.mark.parametrize("failing", ["send_message", "delete_message"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_nothing_is_lost_when_a_call_fails_on_the_way(system, failing, at):
    # GIVEN three letters, and a call that fails when it is made for the n-th time
    bodies = sorted(notice(f"2016/acme/{number}.xlsx") for number in range(3))
    system.send("IntakeDeadLetterQueue", *bodies)
    real, calls = getattr(system.sqs, failing), []

    def call(**arguments):
        calls.append(arguments)
        if len(calls) == at + 1:
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, failing)
        return real(**arguments)

    # WHEN
    with mock.patch.object(system.sqs, failing, call), pytest.raises(ClientError):
        send_back(system.installation, INTAKE)
    # THEN each is in one queue or the other, or in both
    sent = system.bodies("IntakeQueue")
    hidden = system.sqs.get_queue_attributes(
        QueueUrl=system.url("IntakeDeadLetterQueue"), AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
    assert len(sent) + int(hidden) == 3 + (failing == "delete_message")
    assert set(sent) <= set(bodies)


def test_sqs_moves_the_letters_where_it_can():
    # GIVEN
    client = boto3.client("sqs", **CREDENTIALS)
    url, arn = "https://sqs/1/dead", f"arn:aws:sqs:{REGION}:1:dead"
    deployment = Deployment("r", REGION, "1", "aws", "", "", {}, {}, {"IntakeDeadLetterQueue": url})
    installation = Installation(deployment, SimpleNamespace(sqs=client), account_clients=object())
    moved, waited = [], []
    with Stubber(client) as stubber:
        stubber.add_response(
            "get_queue_attributes",
            {"Attributes": {"QueueArn": arn}},
            {"QueueUrl": url, "AttributeNames": ["QueueArn"]},
        )
        stubber.add_response("start_message_move_task", {"TaskHandle": "x"}, {"SourceArn": arn})
        for status, count in (("RUNNING", 4), ("COMPLETED", 9)):
            task = {"Status": status, "ApproximateNumberOfMessagesMoved": count}
            stubber.add_response("list_message_move_tasks", {"Results": [task]}, {"SourceArn": arn, "MaxResults": 1})
        # WHEN
        assert send_back(installation, INTAKE, observe=moved.append, sleep=waited.append) == 9
        # THEN
        stubber.assert_no_pending_responses()
    assert moved == [4, 9]
    assert len(waited) == 1


def test_a_sweep_that_succeeds_clears_what_lay_there_before_it(system):
    # GIVEN
    system.send("TallyDeadLetterQueue", POSITION, POSITION)
    later = json.dumps({"DDBStreamBatchInfo": {"batchSize": 1}})
    functions = Functions({}, during=lambda: system.send("TallyDeadLetterQueue", later))
    # WHEN
    assert sweep_and_clear(in_account(system, functions), (TALLY, PUBLISH)) == 2
    # THEN what came while it ran is still there
    assert system.bodies("TallyDeadLetterQueue") == [later]


def test_a_sweep_that_fails_leaves_every_letter(system):
    # GIVEN
    system.send("PublishDeadLetterQueue", POSITION)
    answer = {"FunctionError": "Unhandled", "Payload": b'{"errorType": "Boom", "errorMessage": "no right"}'}
    # WHEN
    with pytest.raises(SweepFailedError, match="Boom: no right"):
        sweep_and_clear(in_account(system, Functions(answer)), (TALLY, PUBLISH))
    # THEN
    assert system.bodies("PublishDeadLetterQueue") == [POSITION]


def test_without_letters_nothing_is_swept(system):
    assert sweep_and_clear(system.installation, (TALLY, PUBLISH)) == 0
