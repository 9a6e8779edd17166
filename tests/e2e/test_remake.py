"""`tracelode rebuild`, `tracelode replay`, and the reconcile function on its schedules: the same report again."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, PATIENCE
from tests.e2e.test_run import small_case, workbook
from tests.factories.cases import random_case
from tracelode_console.commands.local.remake import rebuild
from tracelode_local.case import list_case
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed

ROOT = Path(__file__).resolve().parents[2]


def remake(command: str, case: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, command, str(case)], capture_output=True, text=True, timeout=10 * PATIENCE, check=False
    )


@pytest.mark.parametrize("command", ["rebuild", "replay"])
def test_the_examples_report_made_again_is_the_same_to_the_byte(command):
    done = remake(command, ROOT / "examples" / "qualys-2016")
    assert done.returncode == 0, done.stderr
    assert f"{command}: identical, " in done.stdout


@pytest.mark.parametrize("command", ["rebuild", "replay"])
def test_a_random_cases_report_made_again_is_the_same_to_the_byte(tmp_path, command):
    case = random_case(tmp_path / "case", 11, suppliers=9, facilities=40)
    done = remake(command, case.folder)
    assert done.returncode == 0, done.stderr


def test_a_case_that_is_refused_is_refused_here_too(tmp_path):
    assert remake("rebuild", tmp_path).returncode == 2
    assert remake("replay", tmp_path / "nowhere").returncode == 2


@pytest.fixture
def system(tmp_path, socket_enabled):
    """The whole system with a small case in it, drained."""
    case = small_case(
        tmp_path / "case", {"acme": {"a.xlsx": workbook()}, "beta": {"b.xlsx": workbook("Beta", "CID900001")}}
    )
    with LocalSystem(log_folder=tmp_path / "logs") as running:
        feed, listing = Feed(running, 2016), list_case(case)
        for reference in listing.references.values():
            feed.reference(reference.name, reference.path, reference.stamp.modified)
        for file in listing.inbox.values():
            feed.document(file.name, file.path, file.stamp.modified)
        running.drain()
        yield running


def test_a_report_that_differs_is_told_by_name(system):
    # GIVEN a report that is not what the ledger says
    system.clients.s3.put_object(Bucket=system.results_bucket, Key="2016/latest/smelters.csv", Body=b"tampered with")
    # WHEN / THEN
    assert rebuild(system, 2016).different == ("smelters.csv",)


def test_the_schedules_find_a_lost_trigger_and_publish_what_it_was_about(system, tmp_path):
    # GIVEN a group whose partial was lost, and with it the report's suppliers
    (table,) = system.stack.tables.values()
    assert system.tick() == ()
    before = latest(system)
    key = {"pk": {"S": "GROUP#2016#00000"}, "sk": {"S": "PARTIAL"}}
    system.clients.dynamodb.delete_item(TableName=table.name, Key=key)
    system.clients.s3.put_object(Bucket=system.results_bucket, Key="2016/latest/figures.json", Body=b"{}")
    # WHEN
    assert system.tick() == ()
    # THEN
    assert latest(system) == before
    assert "Item" in system.clients.dynamodb.get_item(TableName=table.name, Key=key)
    log = "".join(path.read_text() for path in (tmp_path / "logs").glob("*econcile*"))
    assert '"stale":1' in log.replace(" ", "")
    assert '"Drift"' in log
    assert '"UnrecordedUploads"' in log
    assert system.dead_letters() == ()


def latest(system: LocalSystem) -> dict[str, bytes]:
    s3, bucket = system.clients.s3, system.results_bucket
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="2016/latest/")["Contents"]
    return {entry["Key"]: s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in listed}
