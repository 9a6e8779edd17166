"""The team is told of a report once in general, again rather than never, and the report never waits for it."""

import json
from dataclasses import replace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.integration.test_flows import LIST, PROGRAM, workbook
from tracelode.flow import tell_team as telling
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.reconcile_year import reconcile_every_year
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.notices.topic import NoticeNotSentError, NoticeTopic
from tracelode.report.tables.notice import Notice
from tracelode.storage.objects import ObjectEvent

ROSTER = b"supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\nbeta,Beta,b@example.com,yes\n"


class Team:
    """Everybody who listens, by way of a real topic and a queue of moto."""

    def __init__(self):
        sns, sqs = boto3.client("sns"), boto3.client("sqs")
        self.arn = sns.create_topic(Name="notices")["TopicArn"]
        self._sqs, self._queue = sqs, sqs.create_queue(QueueName="mailbox")["QueueUrl"]
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:mailbox")
        self.topic = NoticeTopic(sns, self.arn, "test")

    def mail(self):
        """What came since the last look: subjects and texts."""
        found = []
        while batch := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in batch:
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
                body = json.loads(message["Body"])
                found.append(Notice(body["Subject"], body["Message"]))
        return found


class Unreachable:
    """A topic that nothing reaches."""

    def send(self, _notice):
        raise NoticeNotSentError("Throttled")


@pytest.fixture
def team(account):
    return Team()


@pytest.fixture
def year(account):
    """A year with its reference files, and a way to hand in a file of a supplier."""
    for minute, (name, body) in enumerate(
        {"program.toml": PROGRAM, "suppliers.csv": ROSTER, "smelter-list.csv": LIST}.items()
    ):
        version = account.drop("reference", f"2016/{name}", body)
        event = ObjectEvent(f"2016/{name}", version, f"2017-01-01T08:0{minute}:00.000Z", deleted=False)
        adopt_reference(event, account)

    def hand_in(supplier, body, at="2017-03-01T08:00:00.000Z"):
        key = f"2016/{supplier}/cmrt.xlsx"
        event = ObjectEvent(key, account.drop("inbox", key, body), at, deleted=False)
        record_submission(event, account)
        tally_group(2016, 0, account.ledger)

    return hand_in


def publish(account, topic):
    return telling.publish_and_tell(2016, replace(account, notices=topic))


def test_one_message_for_all_that_came_in_a_window(account, team, year):
    # GIVEN
    year("acme", workbook("CID000001"))
    year("beta", b"this is no workbook")
    # WHEN
    _, told = publish(account, team.topic)
    # THEN
    (notice,) = team.mail()
    assert notice.subject == "Tracelode test: 2016 report 1, 1 supplier to write to"
    assert "could not be read (1): beta" in notice.text
    assert told.run.startswith("000001-")
    assert told.newest_received == "2017-03-01T08:00:00.000Z"


def test_nothing_is_said_twice_of_one_report(account, team, year):
    year("acme", workbook("CID000001"))
    publish(account, team.topic)
    team.mail()
    # WHEN
    published, told = publish(account, team.topic)
    # THEN
    assert (published.new, told.newest_received, told.not_sent) == (False, "", "")
    assert team.mail() == []


def test_a_notice_that_cannot_be_sent_holds_up_no_report_and_the_next_one_makes_up_for_it(account, team, year):
    # GIVEN a report that nobody could be told of, and then another
    year("acme", workbook("CID000001"))
    publish(account, team.topic)
    team.mail()
    year("beta", b"this is no workbook")
    published, told = publish(account, Unreachable())
    assert (published.new, told.not_sent) == (True, "Throttled")
    year("acme", workbook("CID000001", "CID000002"), at="2017-03-02T08:00:00.000Z")
    # WHEN
    publish(account, team.topic)
    # THEN one notice speaks of both
    (notice,) = team.mail()
    assert "report 3" in notice.subject
    assert "since report 1" in notice.text
    assert "could not be read (1): beta" in notice.text
    assert "acme" in notice.text


def test_a_sweep_tells_what_publish_could_not(account, team, year):
    # GIVEN
    year("acme", workbook("CID000001"))
    publish(account, Unreachable())
    # WHEN
    (found,) = reconcile_every_year(replace(account, notices=team.topic), full=False)
    # THEN
    assert found.not_sent == ""
    assert [notice.subject for notice in team.mail()] == ["Tracelode test: 2016 report 1"]


def test_who_dies_between_sending_and_noting_it_sends_again(account, team, year, monkeypatch):
    # GIVEN
    year("acme", workbook("CID000001"))
    with monkeypatch.context() as patch:
        patch.setattr(account.results, "note_told", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            publish(account, team.topic)
    # WHEN it is tried again
    publish(account, team.topic)
    # THEN
    assert len(team.mail()) == 2


def test_without_a_topic_it_is_only_noted_so_that_a_later_topic_begins_with_what_is_new(account, team, year):
    year("acme", workbook("CID000001"))
    _, told = publish(account, None)
    assert told.newest_received
    # WHEN
    publish(account, team.topic)
    # THEN
    assert team.mail() == []


def test_the_note_never_goes_back_to_an_older_report(account, year):
    seen = account.results.told(2016)
    assert account.results.note_told(2016, telling.replace(seen, run="000012-aa"))
    # WHEN somebody who looked before notes an older one / THEN it stays
    assert not account.results.note_told(2016, telling.replace(seen, run="000011-bb"))
    assert account.results.told(2016).number == 12


def test_a_run_that_somebody_erased_is_not_compared_with(account, team, year):
    # GIVEN
    year("acme", workbook("CID000001"))
    publish(account, team.topic)
    run = account.results.pointer(2016).run
    account.s3.delete_object(Bucket="results", Key=f"2016/runs/{run}/figures.json")
    team.mail()
    year("beta", workbook("CID000002"))
    # WHEN
    publish(account, team.topic)
    # THEN
    (notice,) = team.mail()
    assert "There is a conflict minerals report for 2016 now: report 2" in notice.text


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ClientError({"Error": {"Code": "NotFound"}}, "Publish"), "NotFound"),
        (EndpointConnectionError(endpoint_url="https://sns.invalid"), "EndpointConnectionError"),
    ],
)
def test_whatever_aws_answers_is_told_as_one_error(error, reason):
    class Broken:
        def publish(self, **_):
            raise error

    with pytest.raises(NoticeNotSentError, match=reason):
        NoticeTopic(Broken(), "arn").send(Notice("subject", "text\n"))


def test_no_subject_gets_a_header_into_the_mail(team):
    NoticeTopic(boto3.client("sns"), team.arn, "test").send(Notice("report\r\nBcc: all@example.com", "text\n"))

    assert [notice.subject for notice in team.mail()] == ["Tracelode test: report Bcc: all@example.com"]
