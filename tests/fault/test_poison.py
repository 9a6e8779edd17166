"""Poison: what always fails ends in the dead-letter queue, raises the alarm's metric, and holds up nobody."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.runtime.scenario import RECEIVED, latest, reference_files, workbook
from tests.template.translated import TEMPLATE, TranslatedTemplate
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed
from tracelode_local.template.translation import translate

YEARS = (2016, 2017)


def nothing(_operation: str, _asked: str) -> bool:
    return False


class Refusals:
    """Calls that AWS refuses, by what their request says, as it does where a right is missing."""

    def __init__(self) -> None:
        self.refuses: Callable[[str, str], bool] = nothing
        self.refused = 0

    def session(self) -> boto3.Session:
        """A session for the functions' clients."""
        session = botocore.session.Session()
        session.register("before-call", self._called)
        return boto3.Session(botocore_session=session)

    def _called(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        body = params["body"]
        asked = body.decode() if isinstance(body, bytes) else params["url_path"]
        if self.refuses(model.name, asked):
            self.refused += 1
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no such right"}}, model.name)


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> Refusals:
    made = Refusals()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", made.session())
    return made


@pytest.fixture
def system(refusals: Refusals) -> Iterator[LocalSystem]:
    with LocalSystem(in_process=True) as made:
        yield made


def feeds(system: LocalSystem, tmp_path: Any) -> dict[int, Feed]:
    """Two program years with their reference files taken."""
    made = {year: Feed(system, year) for year in YEARS}
    for year, feed in made.items():
        for name, content in reference_files(tmp_path, year).items():
            feed.reference(name, content, RECEIVED)
    system.drain()
    return made


def responded(system: LocalSystem, year: int) -> int:
    return json.loads(latest(system, year)["figures.json"])["suppliers"]["responded"]


def alarming(system: LocalSystem) -> dict[str, int]:
    """What each alarm on a dead-letter queue would see: its metric, where it is above the threshold."""
    template = TranslatedTemplate(translate(TEMPLATE, {}))
    found = {}
    for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        if properties["MetricName"] != "ApproximateNumberOfMessagesVisible":
            continue
        queue = system.stack.queues[properties["Dimensions"][0]["Value"]["Fn::GetAtt"][0]]
        attributes = system.clients.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])["Attributes"]
        visible = int(attributes["ApproximateNumberOfMessages"])
        if visible > properties["Threshold"]:
            found[name] = visible
    return found


def redrive(system: LocalSystem, dead_letters: str, queue: str) -> None:
    """What start-message-move-task does: every message goes back to where it came from."""
    source, target = system.stack.queues[dead_letters], system.stack.queues[queue]
    while True:
        messages = system.clients.sqs.receive_message(QueueUrl=source.url).get("Messages", [])
        if not messages:
            return
        for message in messages:
            system.send(target, message["Body"])
            system.clients.sqs.delete_message(QueueUrl=source.url, ReceiptHandle=message["ReceiptHandle"])


def test_an_upload_that_cannot_be_recorded_waits_with_an_alarm_and_completes_when_sent_again(
    system: LocalSystem, refusals: Refusals, tmp_path: Any
) -> None:
    # GIVEN a table that refuses one supplier's items
    feed = feeds(system, tmp_path)[2016]
    refusals.refuses = lambda operation, asked: operation == "PutItem" and "SUPPLIER#2016#acme" in asked
    # WHEN three suppliers' files come in one batch
    for supplier in ("acme", "other", "locked"):
        feed.document(f"{supplier}/cmrt.xlsx", workbook(supplier.title()), RECEIVED)
    system.drain()
    # THEN the others are in the report, and the one waits where an alarm sees it
    assert responded(system, 2016) == 2
    assert refusals.refused == 5
    (letter,) = system.dead_letters()
    assert letter.subject == "2016/acme/cmrt.xlsx"
    assert alarming(system) == {"IntakeDeadLetterAlarm": 1}
    # WHEN the cause is mended and the message is sent back
    refusals.refuses = nothing
    redrive(system, "IntakeDeadLetterQueue", "IntakeQueue")
    system.drain()
    # THEN it is complete, and the alarm is over
    assert responded(system, 2016) == 3
    assert alarming(system) == {}
    assert system.dead_letters() == ()


@pytest.mark.parametrize(
    ("poisoned", "alarm"),
    [
        (lambda operation, asked: operation == "PutItem" and "GROUP#2016" in asked and "digest" in asked, "Tally"),
        (lambda operation, asked: operation == "PutObject" and "/2016/runs/" in asked, "Publish"),
    ],
    ids=["a partial that cannot be written", "a run that cannot be written"],
)
def test_a_change_that_a_reader_of_the_stream_gives_up_on_holds_up_nobody_and_is_made_up_for_by_the_next_sweep(
    system: LocalSystem, refusals: Refusals, tmp_path: Any, poisoned: Callable[[str, str], bool], alarm: str
) -> None:
    # GIVEN two years of which one is poisoned
    both = feeds(system, tmp_path)
    refusals.refuses = poisoned
    # WHEN uploads of both come in one batch
    for feed in both.values():
        feed.document("acme/cmrt.xlsx", workbook("Acme"), RECEIVED)
    system.drain()
    # THEN the other year's report is right, this one's is the last good one, and an alarm sees what was given up on
    assert (responded(system, 2017), responded(system, 2016)) == (1, 0)
    assert set(alarming(system)) == {f"{alarm}DeadLetterAlarm"}
    # WHEN the cause is mended and the schedules come round
    refusals.refuses = nothing
    assert system.tick() == ()
    # THEN
    assert responded(system, 2016) == 1


@pytest.mark.parametrize("queue", ["IntakeQueue", "ReferenceQueue"])
def test_each_dead_letter_of_a_batch_says_what_was_wrong_with_it(queue: str) -> None:
    # GIVEN the functions as processes of their own, whose logs are all that is known of them
    with LocalSystem() as system:
        # WHEN three messages that are wrong in different ways come in one batch
        for body in ("not json", '{"Records": [{"eventName": "ObjectTagging:Put"}]}', '{"hello": "world"}'):
            system.send(system.stack.queues[queue], body)
        system.drain()
        # THEN each dead letter has a reason of its own
        found = {letter.subject: letter.error for letter in system.dead_letters()}
        assert "JSONDecodeError" in found.pop("not json")
        assert "UnknownNoticeError" in found.pop('{"hello": "world"}')
        (other,) = found.values()
        assert "KeyError" in other
