"""An upgrade: what the releases before have stored is read, folded again where it has to be, and published as before.

The fixtures in tests/fixtures/releases/ are what export.py wrote with the code of those releases; see docs/UPGRADE.md.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from tests.integration.conftest import Account, new_account
from tests.upgrade.export import take
from tracelode.declarations.read import read_declaration
from tracelode.flow.announce_again import Announcer
from tracelode.flow.publish_report import publish_report
from tracelode.flow.rebuild_year import rebuild_year
from tracelode.flow.reconcile_year import Reconciled, reconcile_year
from tracelode.flow.replay_year import recorded, replay_year
from tracelode.flow.tally_group import tally_group
from tracelode.ledger.ledger import Ledger
from tracelode.ledger.smelters import smelters_of
from tracelode.queues.intake_queue import IntakeQueue
from tracelode.review.summary import summarise
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.results import Results
from tracelode.submission import SubmissionSummary
from tracelode.workbooks.limits import MAX_FILE_BYTES

RELEASES = sorted((Path(__file__).parents[1] / "fixtures/releases").glob("*.json"))
LESS_DETAILED: Mapping[str, frozenset[str]] = {
    # Summaries of this release count the lines of an identity and do not say in which rows they stand.
    "0.1.0": frozenset({"provenance.json", "manifest.json"}),
}
"""Files that say more since a release, of which its ledger has not recorded enough; a replay of the buckets has."""
AT_REST, UNFINISHED = "at rest", "in the middle"
Stored = Mapping[str, Any]


@pytest.fixture(
    scope="module",
    params=[(path, moment) for path in RELEASES for moment in (AT_REST, UNFINISHED)],
    ids=lambda chosen: f"{chosen[0].stem} {chosen[1]}",
)
def stored(request: pytest.FixtureRequest) -> Stored:
    """What a release left, at rest or with an upload that it had recorded and not yet counted."""
    path, moment = request.param
    document = json.loads(path.read_text(encoding="utf-8"))
    later = document.pop("unfinished")
    if moment == UNFINISHED:
        document["events"].append(later["event"])
        document["items"] += later["items"]
    return {**document, "finished": moment == AT_REST}


@pytest.fixture(scope="module")
def fresh_run(stored: Stored) -> Mapping[str, bytes]:
    """The report of the present code over the same files, in an account that no other release has seen."""
    return report_of(stored["events"], stored["year"])


@pytest.fixture(scope="module")
def come_and_gone(stored: Stored) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """After the upgrade, a supplier that had sent nothing sends a file that another one has sent, and takes it back."""
    (first, *_) = (event for event in stored["events"] if event["bucket"] == "inbox")
    here = {"key": f"{stored['year']}/zeta/cmrt.xlsx"}
    came = {**first, **here, "version_id": "after", "received": "2017-03-01T08:00:00.000Z"}
    gone = {**first, **here, "version_id": "", "received": "2017-03-01T08:01:00.000Z", "deleted": True}
    return came, gone


@pytest.fixture(scope="module")
def fresh_runs_with_one_more(
    stored: Stored, come_and_gone: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> tuple[Mapping[str, bytes], ...]:
    """The reports of the present code while that file is there, and when it is gone."""
    came, gone = come_and_gone
    return tuple(report_of([*stored["events"], *more], stored["year"]) for more in ([came], [came, gone]))


def report_of(events: Sequence[Mapping[str, Any]], year: int) -> dict[str, bytes]:
    with new_account() as account:
        for event in events:
            put_as_it_was(account, event)
            take(account, event["bucket"], object_event(event))
        publish(account, year)
        return latest(account, year)


@pytest.fixture
def upgraded(stored: Stored, fresh_run: Mapping[str, bytes]) -> Iterator[Account]:
    """An account as an earlier release left it, with the present code; the fresh run, which needs moto too, is over."""
    with new_account() as account:
        load(stored, account)
        yield account


def load(stored: Stored, account: Account) -> None:
    """Put everything that an export holds where it was, to the byte and the version id."""
    for item in stored["items"]:
        raw = {name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in item.items()}
        account.dynamodb.put_item(TableName="ledger", Item=raw)
    for event in stored["events"]:
        put_as_it_was(account, event)
    run = f"{stored['year']}/runs/"
    results = Results(account.s3, "results")
    for key, body in stored["results"].items():
        results.put(key, base64.b64decode(body))
        if key.startswith(run):
            results.put(f"{stored['year']}/latest/{key.removeprefix(run).partition('/')[2]}", base64.b64decode(body))


def put_as_it_was(account: Account, event: Mapping[str, Any]) -> None:
    """Put an object version under its own version id, which moto makes up where S3 cannot be told either."""
    bucket, key = event["bucket"], event["key"]
    if event["deleted"]:
        account.s3.delete_object(Bucket=bucket, Key=key)
        return
    content, metadata = base64.b64decode(event["content"]), {"received": event["received"]}
    account.s3.put_object(Bucket=bucket, Key=key, Body=content, Metadata=metadata)
    versions = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys.getlist(key)
    versions[-1]._version_id = event["version_id"]


def object_event(event: Mapping[str, Any]) -> ObjectEvent:
    return ObjectEvent(event["key"], event["version_id"], event["received"], deleted=event["deleted"])


def publish(account: Account, year: int) -> None:
    for group in account.ledger.groups.numbers(year):
        tally_group(year, group, account.ledger)
    publish_report(year, account)


def reconcile(account: Account, year: int, *, full: bool) -> Reconciled:
    its = account
    return reconcile_year(year, its, full=full)


def latest(account: Account, year: int) -> dict[str, bytes]:
    """The files of `latest/` by name, but for the one that names object versions."""
    prefix = f"{year}/latest/"
    return {
        key.removeprefix(prefix): account.s3.get_object(Bucket="results", Key=key)["Body"].read()
        for key in account.keys(prefix)
        if not key.endswith("/sources.json")
    }


def shared(stored: Stored, report: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a report that the release's ledger has recorded enough for."""
    return {name: body for name, body in report.items() if name not in LESS_DETAILED.get(stored["release"], ())}


def test_there_is_a_release_to_upgrade_from() -> None:
    assert RELEASES


def test_what_an_earlier_release_recorded_is_nothing_that_was_lost(upgraded: Account, stored: Stored) -> None:
    # GIVEN receipts, and deletions that say nothing of their markers
    year, its = stored["year"], upgraded
    queue = IntakeQueue(boto3.client("sqs"), "https://nowhere.invalid/intake")
    # WHEN everything is old enough
    found = reconcile_year(year, its, full=True, announcer=Announcer(queue, datetime.now(UTC) + timedelta(days=365)))
    # THEN
    assert found.unrecorded == 0


def test_what_a_supplier_declared_before_is_read_with_its_rows(upgraded: Account, stored: Stored) -> None:
    # GIVEN the submissions that a release recorded, and the same recorded again by the present code
    year, facts, smelters = stored["year"], upgraded.ledger.submissions, upgraded.ledger.smelters
    with_smelters = 0
    for supplier_id in facts.suppliers(year):
        for receipt in facts.receipts(year, supplier_id):
            before = smelters.declared(year, supplier_id, receipt)
            data = upgraded.inbox.read(receipt.key, receipt.version_id, MAX_FILE_BYTES)
            assert data is not None
            reading = read_declaration(data, receipt.key)
            received = SubmissionSummary("", supplier_id, receipt.key, "", "", receipt.received, receipt.state)
            # WHEN / THEN
            assert before.smelters == smelters_of(summarise(received, reading, ()))
            with_smelters += bool(before.smelters)
    assert with_smelters > 3


@pytest.mark.parametrize("full", [False, True], ids=["sweep", "full reconciliation"])
def test_the_first_reconciliation_brings_everything_up_to_date(
    upgraded: Account, stored: Stored, fresh_run: Mapping[str, bytes], full: bool
) -> None:
    year = stored["year"]
    # WHEN the first schedule comes after the upgrade
    found = reconcile(upgraded, year, full=full)
    # THEN what the earlier release left undone is folded now, and what it wrote in its own way alarms nobody
    assert found.stale or stored["finished"]
    assert found.drift == 0
    assert shared(stored, latest(upgraded, year)) == shared(stored, fresh_run)
    # AND the next full one may settle suppliers in the new way, which changes nothing, and the one after has no work
    settled = reconcile(upgraded, year, full=True)
    assert (settled.drift, settled.published) == (0, False)
    again = reconcile(upgraded, year, full=True)
    assert (again.unsettled, again.stale, again.drift, again.published) == (0, 0, 0, False)
    assert shared(stored, latest(upgraded, year)) == shared(stored, fresh_run)


def test_a_report_can_be_published_before_anything_was_folded_again(upgraded: Account, stored: Stored) -> None:
    # GIVEN a change of reference data that comes before the first sweep
    year = stored["year"]
    # WHEN
    publish_report(year, upgraded)
    # THEN the figures are those that the earlier release published
    (before,) = (body for key, body in stored["results"].items() if key.endswith("/figures.json"))
    assert_extends(json.loads(latest(upgraded, year)["figures.json"]), json.loads(base64.b64decode(before)))


def test_an_upload_after_the_upgrade_counts_beside_what_was_stored_before(
    come_and_gone: tuple[Mapping[str, Any], Mapping[str, Any]],
    fresh_runs_with_one_more: tuple[Mapping[str, bytes], ...],
    upgraded: Account,
    stored: Stored,
) -> None:
    for event, fresh in zip(come_and_gone, fresh_runs_with_one_more, strict=True):
        # WHEN
        put_as_it_was(upgraded, event)
        take(upgraded, event["bucket"], object_event(event))
        publish(upgraded, stored["year"])
        # THEN
        assert shared(stored, latest(upgraded, stored["year"])) == shared(stored, fresh)


@pytest.mark.parametrize("afresh", [False, True], ids=["in place", "afresh"])
def test_everything_can_be_made_again_from_the_facts_that_were_stored_before(
    upgraded: Account, stored: Stored, fresh_run: Mapping[str, bytes], afresh: bool
) -> None:
    its = upgraded
    rebuild_year(stored["year"], its, afresh=afresh)
    assert shared(stored, latest(upgraded, stored["year"])) == shared(stored, fresh_run)


def test_everything_can_be_made_again_from_the_buckets_with_the_times_that_were_stored_before(
    upgraded: Account, stored: Stored, fresh_run: Mapping[str, bytes], replayed: Callable[[Account], Account]
) -> None:
    other = replayed(upgraded)
    times = recorded(upgraded.ledger.receipt_times(stored["year"]))
    replay_year(stored["year"], other, known=times)
    assert latest(other, stored["year"]) == fresh_run


@pytest.fixture
def replayed(stored: Stored) -> Callable[[Account], Account]:
    """Factory: the same buckets of files, with a ledger and results that know nothing."""

    def make(account: Account) -> Account:
        described = account.dynamodb.describe_table(TableName="ledger")["Table"]
        account.dynamodb.create_table(
            TableName="fresh",
            KeySchema=described["KeySchema"],
            AttributeDefinitions=described["AttributeDefinitions"],
            BillingMode="PAY_PER_REQUEST",
        )
        for key in account.keys(""):
            account.s3.delete_object(Bucket="results", Key=key)
        ledger = Ledger.in_table(account.dynamodb, "fresh", sleep=lambda _: None)
        return Account(
            account.s3, account.dynamodb, ledger, account.inbox, account.reference, Results(account.s3, "results")
        )

    return make


NO_DAY_OF_RECEIPT = ("/smelter_list/as_of",)
"""What earlier releases dated by its receipt where it was undated; since 0.3.0 it is told as undated."""


def assert_extends(new: Any, old: Any, place: str = "") -> None:
    """Whatever an earlier release stated is stated the same now; there may be more."""
    if place in NO_DAY_OF_RECEIPT:
        assert new == ""
        return
    if not isinstance(old, dict):
        assert new == old, place
        return
    if place == "/suppliers":
        # Earlier releases counted who has remarks with the accepted.
        new = {**new, "accepted": new["accepted"] + new["accepted_with_remarks"]}
    for name, value in old.items():
        assert name in new, f"{place}/{name} is gone"
        assert_extends(new[name], value, f"{place}/{name}")
