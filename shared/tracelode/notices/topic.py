"""The topic that people listen to: the only place that speaks SNS."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from tracelode.report.tables.notice import Notice, subject_line

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class NoticeNotSentError(RuntimeError):
    """A notice could not be sent; whoever sends it decides when it is worth another try."""


class NoticeTopic:
    """An SNS topic. `environment` says in the subject which of several systems speaks."""

    def __init__(self, client: "SNSClient", arn: str, environment: str = "") -> None:
        self._client = client
        self._arn = arn
        self._sender = f"Tracelode {environment}".strip()

    def send(self, notice: Notice) -> None:
        """Send a notice to all who subscribed. Raises NoticeNotSentError for whatever AWS answers instead."""
        subject = subject_line(f"{self._sender}: {notice.subject}")
        try:
            self._client.publish(TopicArn=self._arn, Subject=subject, Message=notice.text)
        except ClientError as error:
            raise NoticeNotSentError(error.response["Error"]["Code"]) from error
        except BotoCoreError as error:
            raise NoticeNotSentError(type(error).__name__) from error
