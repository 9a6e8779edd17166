"""One recorded run of the whole scenario, in this process, held against the template's policies."""

import json
import pickle
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

import boto3
import pytest

from tests.factories.kept import kept, source
from tests.iam.policies import Policies
from tests.iam.recording import Call, ForgetfulSystem, Recorder
from tests.runtime.scenario import RECEIVED, YEARS, second_thoughts, two_suppliers, workbook
from tests.template.translated import TEMPLATE
from tracelode.flow import announce_again
from tracelode.ledger import blobs
from tracelode_local.engine import LocalSystem
from tracelode_local.template.translation import translate


@pytest.fixture(scope="session")
def translated() -> dict:
    """The template as CloudFormation gets it."""
    return translate(TEMPLATE, {})


@pytest.fixture(scope="session")
def policies(translated: dict) -> Policies:
    """What the template allows."""
    return Policies(translated)


@pytest.fixture(scope="session")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """Every call of every function over the scenario, in two program years, and over what else may happen."""
    code = source("shared", "functions", "local", "tests", "template.yaml", ".ci/requirements")
    made = kept(lambda: pickle.dumps(recorded_calls(tmp_path_factory)), "calls", code)
    return pickle.loads(made)  # noqa: S301  what we have written ourselves


def recorded_calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch, ForgetfulSystem() as system:
        patch.setattr(boto3, "DEFAULT_SESSION", recorder.session())
        # Summaries and partials too large for one item, without a thousand suppliers: a part is small here.
        patch.setattr(blobs, "BLOB_PART", 300)
        for year in YEARS:
            folder = tmp_path_factory.mktemp(f"year-{year}")
            feed = two_suppliers(system, folder, year)
            second_thoughts(system, folder, feed, year)
            notice_without_a_version(system, year)
            vanished_before_it_was_read(system, year)
            lost_triggers(system, year)
            lost_notice(system, year, patch)
        nothing_to_publish_yet(system)
        misplaced_files(system)
        erased_in_force(system, tmp_path_factory.mktemp("erased"))
    return recorder.calls


def notice_without_a_version(system: LocalSystem, year: int) -> None:
    """S3 tells no version id of what was put while versioning was off, or by a notice written by hand."""
    for bucket, key, queue, content in (
        (system.inbox_bucket, f"{year}/other/by hand.xlsx", "IntakeQueue", workbook("Other", "CID900003")),
        (system.reference_bucket, f"{year}/notes.txt", "ReferenceQueue", b"not a reference file"),
    ):
        system.clients.s3.put_object(Bucket=bucket, Key=key, Body=content)
        record = {
            "eventName": "ObjectCreated:Put",
            "eventTime": RECEIVED.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "s3": {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}},
        }
        system.send(system.stack.queues[queue], json.dumps({"Records": [record]}))
    system.drain()


def vanished_before_it_was_read(system: LocalSystem, year: int) -> None:
    """Versions that are erased for good while their notices wait."""
    for bucket, key in (
        (system.inbox_bucket, f"{year}/acme/gone.xlsx"),
        (system.reference_bucket, f"{year}/suppliers.csv"),
    ):
        version = system.upload(bucket, key, b"soon gone", RECEIVED)
        system.clients.s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
    system.drain()


def lost_triggers(system: LocalSystem, year: int) -> None:
    """What is left when functions die and nobody tries again, or somebody deletes: no seat, nothing current, no
    pointer, not all of `latest/`, nobody told."""
    supplier = f"SUPPLIER#{year}#acme"
    for partition, sort in ((supplier, "SEAT"), (f"GROUP#{year}#00000", "CURRENT#acme")):
        system.clients.dynamodb.delete_item(
            TableName=system.stack.tables["LedgerTable"].name, Key={"pk": {"S": partition}, "sk": {"S": sort}}
        )
    for key in (f"{year}/latest.json", f"{year}/latest/figures.json", f"{year}/latest-told.json"):
        system.clients.s3.delete_object(Bucket=system.results_bucket, Key=key)
    assert system.tick() == ()


def lost_notice(system: LocalSystem, year: int, patch: pytest.MonkeyPatch) -> None:
    """A file that nobody was told of, once a day has passed: it is announced again and recorded."""
    with patch.context() as later:
        later.setattr(announce_again, "GRACE", timedelta(0))
        system.clients.s3.put_object(
            Bucket=system.inbox_bucket, Key=f"{year}/other/unheard of.xlsx", Body=workbook("Other", "CID900003")
        )
        assert system.tick() == ()
    assert system.dead_letters() == ()


def nothing_to_publish_yet(system: LocalSystem) -> None:
    """A year that has suppliers and no reference files."""
    system.upload(system.inbox_bucket, "2018/acme/early.xlsx", workbook("Acme", "CID900001"), RECEIVED)
    system.drain()
    assert system.tick() == ()


def misplaced_files(system: LocalSystem) -> None:
    """Files that name no year and supplier end as dead letters."""
    system.upload(system.inbox_bucket, "stray.xlsx", Path(__file__).read_bytes(), RECEIVED)
    system.drain()
    assert [letter.subject for letter in system.dead_letters()] == ["stray.xlsx"]


def erased_in_force(system: LocalSystem, folder: Path) -> None:
    """A reference file that is in force is erased for good: intake does without it, a report cannot."""
    year = 2019
    feed = two_suppliers(system, folder, year)
    roster, lists = f"{year}/suppliers.csv", f"{year}/smelter-list.csv"
    for key in (roster, lists):
        (version,) = system.clients.s3.list_object_versions(Bucket=system.reference_bucket, Prefix=key)["Versions"]
        system.clients.s3.delete_object(Bucket=system.reference_bucket, Key=key, VersionId=version["VersionId"])
    feed.document("acme/a.xlsx", workbook("Acme", "CID900001"), RECEIVED)
    system.drain()
    assert len(system.tick()) == len(system.stack.schedules)
