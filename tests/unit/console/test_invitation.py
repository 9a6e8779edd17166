"""An upload link: what its policy allows, what a hostile holder of it may try, and what its page shows."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import boto3
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st

from tracelode.printing.wording import long_date
from tracelode.workbooks.limits import MAX_FILE_BYTES
from tracelode_console.desk.installation import Deployment, Installation
from tracelode_console.desk.upload.invitation import CONTENT_TYPE, Invitation, invitation, message, upload_page
from tracelode_console.desk.upload.upload_words import languages, upload_words
from tracelode_local.cloud.post_policy import Refusal, refusal

SECRET = "not one"  # noqa: S105  made up, to sign with
NOW = datetime.now(UTC)


class Signing:
    """An S3 client that signs and never calls."""

    def __init__(self, token: str | None = None) -> None:
        self.s3 = boto3.client(
            "s3",
            region_name="eu-central-1",
            aws_access_key_id="key",
            aws_secret_access_key=SECRET,
            aws_session_token=token,
            config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
        )


def installation(token: str | None = None) -> Installation:
    deployment = Deployment(
        "reports", "eu-central-1", "123456789012", "aws", "", "CREATE_COMPLETE", {}, {}, {"InboxBucket": "inbox"}
    )
    return Installation(deployment, Signing(token))


def invited(**changes) -> Invitation:
    return invitation(installation(), 2016, "acme", **{"days": 7, **changes})


def tried(link: Invitation, *, file: str = "cmrt.xlsx", size: int = 1000, now: datetime = NOW, **form: str):
    return refusal({**link.fields, **form}, bucket="inbox", file_name=file, size=size, secret_key=SECRET, now=now)


def policy(link: Invitation) -> dict:
    return json.loads(base64.b64decode(link.fields["policy"]))


def test_the_policy_names_one_folder_one_type_one_size_and_an_end():
    # GIVEN
    link = invited()
    # WHEN
    conditions = policy(link)["conditions"]
    # THEN
    assert ["starts-with", "$key", "2016/acme/"] in conditions
    assert ["eq", "$Content-Type", CONTENT_TYPE] in conditions
    assert ["content-length-range", 1, MAX_FILE_BYTES] in conditions
    assert {"bucket": "inbox"} in conditions
    assert not [item for item in conditions if isinstance(item, list) and item[0] == "starts-with" and not item[2]]
    expiration = datetime.fromisoformat(policy(link)["expiration"].replace("Z", "+00:00"))
    assert link.expires == expiration
    assert abs(expiration - (datetime.now(UTC) + timedelta(days=7))) < timedelta(minutes=1)
    assert link.url == "https://inbox.s3.eu-central-1.amazonaws.com/"


def test_a_file_of_any_name_is_taken_within_the_folder():
    assert tried(invited()) is None
    assert tried(invited(), file="冲突矿产.xlsx", size=MAX_FILE_BYTES) is None


HOSTILE: dict[str, tuple[Callable[[Invitation], Refusal | None], str]] = {
    "another supplier's folder": (lambda link: tried(link, key="2016/beta/cmrt.xlsx"), "AccessDenied"),
    "another year": (lambda link: tried(link, key="2017/acme/cmrt.xlsx"), "AccessDenied"),
    "a folder that begins alike": (lambda link: tried(link, key="2016/acme2/cmrt.xlsx"), "AccessDenied"),
    "another bucket's place": (lambda link: tried(link, key="cmrt.xlsx"), "AccessDenied"),
    "a page instead of a workbook": (lambda link: tried(link, **{"Content-Type": "text/html"}), "AccessDenied"),
    "a file that is too large": (lambda link: tried(link, size=MAX_FILE_BYTES + 1), "EntityTooLarge"),
    "an empty file": (lambda link: tried(link, size=0), "EntityTooSmall"),
    "after the end": (lambda link: tried(link, now=link.expires), "AccessDenied"),
    "a file that all may read": (lambda link: tried(link, acl="public-read"), "AccessDenied"),
    "a redirection": (lambda link: tried(link, success_action_redirect="https://evil.example"), "AccessDenied"),
    "metadata of their own": (lambda link: tried(link, **{"x-amz-meta-received": "1999"}), "AccessDenied"),
    "a policy of their own": (
        lambda link: tried(link, policy=base64.b64encode(b'{"conditions":[]}').decode()),
        "SignatureDoesNotMatch",
    ),
    "another date": (
        lambda link: tried(link, **{"x-amz-credential": link.fields["x-amz-credential"].replace("20", "21")}),
        "SignatureDoesNotMatch",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", HOSTILE)
def test_nothing_else_is_taken(attempt):
    attack, code = HOSTILE[attempt]
    refused = attack(invited())
    assert refused is not None
    assert refused.code == code


def test_a_link_for_one_file_takes_that_file_only():
    link = invited(file="cmrt.xlsx")
    assert tried(link) is None
    assert tried(link, key="2016/acme/other.xlsx").code == "AccessDenied"


@given(st.text(max_size=80))
def test_no_key_outside_the_folder_is_ever_taken(key):
    taken = tried(invited(), key=key) is None
    assert taken == key.replace("${filename}", "cmrt.xlsx").startswith("2016/acme/")


def test_credentials_that_end_by_themselves_are_told():
    link = invitation(installation("token"), 2016, "acme", days=1)
    assert link.temporary
    assert not invited().temporary
    assert refusal(
        link.fields, bucket="inbox", file_name="a", size=1, secret_key=SECRET, now=NOW
    ) is None  # fmt: skip


def test_the_page_holds_the_form_and_loads_nothing():
    # GIVEN
    link = invited()
    # WHEN
    page = upload_page(link, company="Example Inc.", supplier="Acme <b>&</b>", language="de")
    # THEN
    assert "Acme &lt;b&gt;&amp;&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "<script" not in page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert hidden == dict(link.fields)
    assert set(re.findall(r'(?:src|href|action)="([^"]+)"', page)) == {link.url}
    assert page.index('type="hidden"') < page.index('type="file"'), "S3 passes over what comes after the file"
    assert 'lang="de"' in page
    assert 'lang="en"' in page


@pytest.mark.parametrize("language", languages())
def test_the_page_speaks_every_language_whole(language):
    words = upload_words()
    assert set(words[language]) == set(words["en"])
    assert set(re.findall(r"\{\w+\}", words[language]["explained"])) == {"{megabytes}", "{expires}"}
    page = upload_page(invited(), company="Example", supplier="Acme", language=language)
    assert words[language]["title"] in page
    assert page.count('lang="en"') == (2 if language != "en" else 3)


def test_a_name_with_a_line_break_becomes_no_line_of_the_message():
    text = message(invited(), company="Evil\nBcc: all@example.com", supplier="A\r\nSubject: x", due=date(2017, 3, 31))
    assert not [line for line in text.splitlines()[1:] if re.match(r"(bcc|subject|to):", line, re.IGNORECASE)]
    assert text.splitlines()[0].startswith("Subject: Evil Bcc: all@example.com: your conflict")
    assert "by March 31, 2017" in text


def test_without_a_date_the_text_says_until_when_the_page_works_and_wants_nothing_by_then():
    link = invited()
    text = " ".join(message(link, company="Example", supplier="Acme", due=None).split())
    assert f"the page that comes with this works until {long_date(link.expires.date())}" in text
    assert f"send it to us by {long_date(link.expires.date())}" not in text
    dated = " ".join(message(link, company="Example", supplier="Acme", due=date(2017, 3, 31)).split())
    assert "send it to us by March 31, 2017." in dated
