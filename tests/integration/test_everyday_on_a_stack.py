"""The everyday commands against a deployed stack: CloudFormation says where everything is."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.stub import Stubber
from moto.s3.models import s3_backends

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, write_cmrt
from tests.factories.deployment import REGION, STACK, Deployed, deployed
from tracelode_console.cli import main
from tracelode_console.desk.installation import NoInstallationError, stack_installation

PROGRAM = b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'
ROSTER = (
    b"supplier_id,name,contact_email,in_scope\nacme,Acme,anna@example.com,yes\nbeta,Beta,b@example.com,yes\n"
    b"late,Late,l@example.com,yes\n"
)
ACCOUNT = "123456789012"
LIST = b"metal,cid,name,country,status\nGold,CID000001,One,JAPAN,conformant\n"
LOOK_UP = tuple(
    LookUpEntry(metal, name, name, "JAPAN", f"CID00000{number}")
    for number, (metal, name) in enumerate(
        (("Gold", "One"), ("Tin", "Two"), ("Tantalum", "Three"), ("Tungsten", "Four")), start=1
    )
)


def workbook(name: str, language: str = "English") -> bytes:
    rows = [SmelterRow(cid=entry.cid) for entry in LOOK_UP]
    return write_cmrt(replace(complete_specimen(name, rows, LOOK_UP), language=language))


@pytest.fixture(scope="module")
def stack() -> Iterator[Deployed]:
    with deployed() as made:
        for file, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
            made.refer(file, body)
        made.drop("acme", "cmrt.xlsx", workbook("Acme", "Deutsch"), "2017-02-01T08:00:00.000Z")
        made.drop("beta", "cmrt.xlsx", workbook(""), "2017-02-01T08:00:00.000Z")
        made.publish()
        yield made


@pytest.fixture
def asks(stack, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACELODE_STACK", STACK)

    def ask(*command: str, status: int = 0) -> str:
        assert main(command) == status, capsys.readouterr()
        return capsys.readouterr().out

    return ask


def test_status_and_latest_read_what_the_stack_has_published(asks, tmp_path):
    status = json.loads(asks("status", "--json"))
    assert {line["supplier_id"]: line["state"] for line in status["suppliers"]} == {
        "acme": "accepted_with_remarks",
        "beta": "needs_correction",
        "late": "awaiting",
    }
    latest = json.loads(asks("latest", "--download", "got", "--json"))
    assert latest["run"] == status["run"]
    assert {path.name for path in (tmp_path / "got/2016/latest").iterdir()} == set(latest["files"])


def test_what_a_supplier_declares_is_printed_by_metal_with_its_rows_and_file(asks):
    lines = asks("smelters", "acme").splitlines()
    assert [line.split() for line in lines] == [
        ["Metal", "CID", "Name", "Country", "Rows", "File"],
        ["Gold", "CID000001", "One", "JAPAN", "5", "cmrt.xlsx"],
        ["Tantalum", "CID000003", "Three", "JAPAN", "7", "cmrt.xlsx"],
        ["Tin", "CID000002", "Two", "JAPAN", "6", "cmrt.xlsx"],
        ["Tungsten", "CID000004", "Four", "JAPAN", "8", "cmrt.xlsx"],
    ]
    assert json.loads(asks("smelters", "late", "--json", status=1)) == []


def test_an_invitation_goes_to_the_buckets_own_address_in_its_region(asks, stack):
    link = json.loads(asks("invite", "late", "--json"))
    assert link["url"] == f"https://{stack.physical('InboxBucket')}.s3.{REGION}.amazonaws.com/"
    assert "anna@example.com" not in json.dumps(link)


def test_a_page_speaks_the_language_of_the_suppliers_newest_declaration(asks, tmp_path):
    asks("invite", "acme", "--out", "pages")
    assert '<html lang="de">' in (tmp_path / "pages/2016/acme/upload-2016.html").read_text("utf-8")
    asks("invite", "acme", "--out", "pages", "--language", "fr")
    assert '<html lang="fr">' in (tmp_path / "pages/2016/acme/upload-2016.html").read_text("utf-8")


@pytest.fixture
def locked(stack) -> Iterator[str]:
    """The inbox as InboxLockDays makes it."""
    bucket = stack.physical("InboxBucket")
    # moto locks empty buckets only
    kept = s3_backends[ACCOUNT]["aws"].buckets[bucket]
    kept.object_lock_enabled, kept.default_lock_mode, kept.default_lock_days = True, "GOVERNANCE", 30
    yield bucket
    kept.object_lock_enabled, kept.default_lock_mode, kept.default_lock_days = False, "", 0


def test_a_locked_inbox_gets_no_upload_page_and_the_way_in_is_said(locked, asks, tmp_path, capsys):
    # WHEN
    assert main(["invite", "late", "--out", "pages"]) == 2
    # THEN
    assert f"aws s3 cp FILE s3://{locked}/2016/late/" in capsys.readouterr().err
    assert not (tmp_path / "pages").exists()
    # WHEN reminders are written THEN they come without a page, and do not speak of one
    assert main(["remind", "late", "--out", "letters"]) == 1
    assert "no upload page works with this inbox" in capsys.readouterr().err
    letter = tmp_path / "letters/2016/late"
    assert [path.name for path in letter.iterdir()] == ["message.txt"]
    assert "attached page" not in (letter / "message.txt").read_text()


@pytest.mark.parametrize(("days", "locks"), [("0", False), ("1827", True)])
def test_the_parameter_says_whether_the_inbox_is_locked_to_whoever_may_not_ask_the_bucket(stack, days, locks):
    its = stack.installation
    deployment = replace(its.deployment, parameters={**its.deployment.parameters, "InboxLockDays": days})
    with Stubber(its.clients.s3) as refusing:
        refusing.add_client_error("get_object_lock_configuration", "AccessDenied", http_status_code=403)
        assert replace(its, deployment=deployment).inbox_is_locked() is locks


def test_a_reminder_says_what_to_correct_and_where(asks):
    (text,) = json.loads(asks("remind", "beta", "--json", status=1))
    assert text["reason"] == "needs_correction"
    assert "In cmrt.xlsx:" in text["text"]
    assert "Declaration!" in text["text"]
    assert "X-Amz-Signature" in text["text"]


def test_the_doctor_says_what_the_stack_lacks(asks):
    # moto's CloudFormation passes over policies, alarms and schedules: to the doctor, a stack of another release
    found = {item["check"]: item for item in json.loads(asks("doctor", "--json", status=1))}
    assert "IntakeQueuePolicy" in found["stack-resources"]["found"]
    assert found["bucket-versioning"]["outcome"] == "ok"
    assert found["stack-outputs"]["outcome"] == "ok"


def test_a_stack_that_is_not_there_is_said(stack):
    with pytest.raises(NoInstallationError, match=f"no stack nothing in {REGION}"):
        stack_installation("nothing", region=REGION, profile=None)
