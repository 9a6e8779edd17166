"""The everyday commands against a running `tracelode watch`, each a process of its own."""

import json
import re
import subprocess
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, PATIENCE, Watching
from tests.e2e.test_run import small_case, workbook
from tracelode_console.desk.running import NOTE, running_in
from tracelode_local.cloud.clients import Clients

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Desk:
    """Somebody who gives commands beside a running watch."""

    def __init__(self, watching: Watching, folder: Path) -> None:
        self.watching = watching
        self.folder = folder
        self.running = running_in(watching.folder)
        assert self.running is not None
        self.clients = Clients(self.running.endpoint)

    def asks(self, *command: str, status: int = 0) -> str:
        done = subprocess.run(
            [*COMMAND, *command], capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=self.folder
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if not status or done.stdout else done.stderr

    def json(self, *command: str, status: int = 0):
        return json.loads(self.asks(*command, "--json", status=status))


@pytest.fixture
def desk(tmp_path, watch) -> Desk:
    inbox = {"acme": {"a.xlsx": workbook("Acme", "CID900001", "CID900002")}, "bolt": {"b.xlsx": b"no workbook"}}
    return Desk(watch(small_case(tmp_path / "case", inbox, "late")), tmp_path)


def sent(url: str, fields: dict[str, str], name: str, data: bytes) -> tuple[int, str]:
    """Send a form as a browser does."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, data, f"\r\n--{mark}--\r\n".encode()])
    request = urllib.request.Request(url, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_status_latest_and_remind_say_where_the_year_stands(desk):
    # WHEN
    status = desk.json("status")
    # THEN
    assert (status["responded"], status["surveyed"]) == (1, 3)
    assert {line["supplier_id"]: line["state"] for line in status["suppliers"]} == {
        "acme": "accepted", "bolt": "rejected", "late": "awaiting",
    }  # fmt: skip
    assert "1 of 3" in desk.asks("status", "--open")
    # WHEN
    latest = desk.json("latest", "--download", "got")
    # THEN what was downloaded is what the watch put beside it, to the byte
    assert latest["run"] == status["run"]
    got, mirrored = desk.folder / "got/2016/latest", desk.watching.folder / "2016/latest"
    assert {path.name: path.read_bytes() for path in got.iterdir()} == {
        path.name: path.read_bytes() for path in mirrored.iterdir()
    }
    # WHEN
    reminders = {item["supplier_id"]: item for item in desk.json("remind", "--out", "letters", status=1)}
    # THEN
    assert {name: item["reason"] for name, item in reminders.items()} == {"bolt": "rejected", "late": "awaiting"}
    assert "In b.xlsx:" in reminders["bolt"]["text"]
    link = re.search(r"http://\S+", reminders["bolt"]["text"]).group()
    with urllib.request.urlopen(link) as page:  # noqa: S310
        assert b"b.xlsx" in page.read()
    assert (desk.folder / "letters/2016/late/message.txt").read_text() == reminders["late"]["text"]
    assert "@" not in "".join(item["text"] for item in reminders.values())


def test_what_comes_by_an_upload_link_is_in_the_report_and_nothing_else_gets_in(desk):
    # GIVEN
    invited = desk.json("invite", "late")
    url, fields = invited["url"], invited["fields"]
    # WHEN the form is abused THEN it is refused
    for changed, data, code in (
        ({"key": "2016/acme/a.xlsx"}, b"x", "AccessDenied"),
        ({"Content-Type": "text/html"}, b"x", "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, b"x", "SignatureDoesNotMatch"),
        ({}, b"", "EntityTooSmall"),
    ):
        status, answer = sent(url, fields | changed, "x.xlsx", data)
        assert status >= 400
        assert code in answer
    # WHEN it is used as the page does
    status, answer = sent(url, fields, "CMRT für 2016.xlsx", workbook("Late", "CID900003"))
    # THEN
    assert (status, "<PostResponse>" in answer) == (201, True)
    desk.watching.wait_for("(by a link)")
    assert "1 of 3 -> 2 of 3" in desk.watching.wait_for("report    ")
    assert desk.json("status")["responded"] == 2
    # WHEN it is sent again THEN the newest counts
    sent(url, fields, "CMRT für 2016.xlsx", workbook("Late", "CID900003", "CID900004"))
    desk.watching.wait_for("report    ")
    assert desk.watching.figures()["smelters"]["total"] == 4


def test_an_unknown_supplier_is_told_with_the_nearest(desk):
    assert "did you mean acme" in desk.asks("invite", "acne", status=2)


def test_what_a_supplier_declares_is_said_smelter_by_smelter(desk):
    # WHEN
    (file,) = desk.json("smelters", "acme")
    # THEN
    assert (file["file"], file["left_out"]) == ("a.xlsx", 0)
    assert {smelter["cid"] for smelter in file["smelters"]} == {"CID900001", "CID900002"}
    assert all(smelter["rows"] for smelter in file["smelters"])
    assert "CID900002" in desk.asks("smelters", "acme")
    # WHEN nothing that counts came, or the supplier is unknown, THEN that is said
    assert desk.json("smelters", "bolt", status=1) == []
    assert "no file of late counts" in desk.asks("smelters", "late", status=1)
    assert "did you mean acme" in desk.asks("smelters", "acne", status=2)


def test_dead_letters_are_shown_taken_up_again_and_come_back_if_the_cause_stands(desk):
    # GIVEN a file that nobody can place, and a letter of the stream
    desk.clients.s3.put_object(Bucket=desk.running.resources["InboxBucket"], Key="stray.xlsx", Body=b"x")
    desk.watching.wait_for("gave up on stray.xlsx")
    desk.clients.sqs.send_message(
        QueueUrl=desk.running.resources["TallyDeadLetterQueue"],
        MessageBody=json.dumps({"DDBStreamBatchInfo": {"batchSize": 2}}),
    )
    # WHEN
    shown = desk.asks("redrive", "--dry-run", status=1)
    # THEN
    assert "stray.xlsx" in shown
    assert desk.json("status")["dead_letters"] == {"intake": 1, "reference": 0, "tally": 1, "publish": 0}
    assert "dead-letters" in desk.asks("doctor", status=1)
    # WHEN nobody can be asked THEN nothing is done
    assert "stray.xlsx" in desk.asks("redrive", status=1)
    # WHEN
    redriven = desk.json("redrive", "--yes")["redriven"]
    # THEN
    assert redriven == {"intake": 1, "tally": 1}
    desk.watching.wait_for("sent back")
    desk.watching.wait_for("gave up on stray.xlsx")
    assert desk.json("status")["dead_letters"] == {"intake": 1, "reference": 0, "tally": 0, "publish": 0}


def test_the_doctor_finds_nothing_wrong_with_a_local_system_and_what_is_then_spoilt(desk):
    # GIVEN
    found = desk.json("doctor")
    assert {item["outcome"] for item in found} == {"ok", "unchecked"}
    # WHEN
    its = desk.running.resources
    desk.clients.s3.put_bucket_versioning(Bucket=its["InboxBucket"], VersioningConfiguration={"Status": "Suspended"})
    desk.clients.sqs.set_queue_attributes(QueueUrl=its["IntakeQueue"], Attributes={"VisibilityTimeout": "60"})
    desk.clients.s3.put_object(Bucket=its["ResultsBucket"], Key="2016/latest/index.html", Body=b"changed")
    refused = {"status": "refused", "file": "suppliers.csv", "problems": ["row 3"]}
    desk.clients.s3.put_object(
        Bucket=its["ResultsBucket"], Key="2016/reference/suppliers.csv.json", Body=json.dumps(refused).encode()
    )
    # THEN
    wrong = {(item["check"], item["subject"]) for item in desk.json("doctor", status=1) if item["outcome"] == "fail"}
    assert wrong == {
        ("bucket-versioning", "InboxBucket"),
        ("queue-visibility", "IntakeQueue"),
        ("report-whole", "the system"),
        ("reference-taken", "the system"),
    }


def test_a_system_that_has_ended_is_not_spoken_to(desk):
    # WHEN
    desk.watching.process.terminate()
    desk.watching.process.wait(timeout=PATIENCE)
    # THEN
    assert not (desk.watching.folder / NOTE).exists()
    assert "no local system runs in out" in desk.asks("status", "--local", status=2)
    assert "say which system" in desk.asks("status", status=2)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_every_command(shell):
    done = subprocess.run([*COMMAND, "completion", shell], capture_output=True, text=True, check=True)
    for command in ("status", "latest", "smelters", "invite", "remind", "redrive", "doctor", "review", "watch"):
        assert command in done.stdout
