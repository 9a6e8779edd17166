"""The soak itself: a short one finds nothing wrong, and what would be wrong is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.soak.gauges import TOO_SHORT, Gauges, Sample
from tests.soak.rest import Rests, ledger
from tests.soak.traffic import SoakedSystem, Traffic, What
from tests.soak.wire import Poison, Wire
from tests.soak.workbooks import YEAR
from tracelode_local.cloud.clients import Clients
from tracelode_local.cloud.endpoint import LocalCloud


@pytest.fixture(scope="module")
def rests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rests]:
    """A system that has had some traffic with faults, and came to rest twice."""
    with SoakedSystem(3, log_folder=tmp_path_factory.mktemp("logs")) as system:
        traffic = Traffic(system, seed=3)
        made = Rests(system, traffic)
        traffic.begin()
        made.rest()
        system.wire.likelihood = 0.03
        for _ in range(4):
            for deed in (traffic.another_workbook, traffic.message_again, traffic.act):
                deed()
            system.drain()
        traffic.senseless_message()
        traffic.killed_process()
        traffic.refused_supplier()
        system.drain()
        made.rest()
        yield made
        traffic.close()


@pytest.fixture
def wrong(rests: Rests) -> list[str]:
    """What the next look finds."""
    rests.wrong.clear()
    return rests.wrong


def test_a_short_soak_finds_nothing_wrong_and_every_dead_letter_explained(rests: Rests) -> None:
    assert rests.wrong == []
    assert rests.letters["senseless or stray, removed by hand"] >= 1
    assert rests.letters["sent back and completed"] >= 1
    assert rests.system.wire.struck.total() > 0
    assert rests.items_are_what_they_ought_to_be()["SUBMISSION"] >= 5
    assert rests.a_fresh_run_agrees(lambda _: None) > 10
    assert rests.wrong == []


def test_a_lost_submission_is_found(rests: Rests, wrong: list[str]) -> None:
    # GIVEN an upload whose receipt is gone
    upload = next(deed for deed in rests.traffic.deeds if deed.what == What.UPLOAD)
    (table,) = rests.system.stack.tables.values()
    key = {"pk": {"S": f"SUPPLIER#{YEAR}#{upload.name.partition('/')[0]}"}}
    client = rests.system.clients.dynamodb
    (receipt,) = (
        item
        for item in client.scan(TableName=table.name)["Items"]
        if item.get("version_id", {}).get("S") == upload.version_id and item["sk"]["S"].startswith("SUBMISSION#")
    )
    client.delete_item(TableName=table.name, Key={**key, "sk": receipt["sk"]})
    # WHEN
    rests.rest()
    rests.items_are_what_they_ought_to_be()
    # THEN
    assert f"{upload.name.partition('/')[0]}: 1 versions lost, 0 that nobody sent" in wrong
    assert any("items SUBMISSION" in each for each in wrong)
    client.put_item(TableName=table.name, Item=receipt)
    rests.rest()


def test_a_dead_letter_without_a_reason_is_found(rests: Rests, wrong: list[str]) -> None:
    rests.system.send(rests.system.stack.queues["IntakeDeadLetterQueue"], '{"Records": []}')
    rests.rest()
    assert len(wrong) == 1
    assert wrong[0].startswith("unexplained dead letter: ")


def test_a_deletion_that_nobody_recorded_is_found(rests: Rests, wrong: list[str]) -> None:
    # GIVEN a deletion whose notice never came
    upload = next(deed for deed in rests.traffic.deeds if deed.what == What.UPLOAD)
    rests.traffic.deeds.append(upload.__class__(What.DELETE, upload.name, upload.received))
    # WHEN
    rests.rest()
    # THEN
    rests.traffic.deeds.pop()
    assert wrong == [f"{upload.name.partition('/')[0]}: 1 deletions lost"]


def test_a_report_that_is_not_a_fresh_runs_is_found(rests: Rests, wrong: list[str]) -> None:
    system = rests.system
    system.clients.s3.put_object(Bucket=system.results_bucket, Key=f"{YEAR}/latest/smelters.csv", Body=b"metal\n")
    rests.a_fresh_run_agrees(lambda _: None)
    assert wrong == ["another report than a fresh run's: smelters.csv"]
    assert ledger(system).groups.numbers(YEAR) == range(1)


def test_the_wire_refuses_fails_and_mends() -> None:
    with LocalCloud() as cloud, Wire(cloud.endpoint, seed=1) as wire:
        s3 = Clients(wire.endpoint).s3
        s3.create_bucket(Bucket="things")
        wire.poisons.add(Poison("s3", "PUT", b"/forbidden/"))
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket="things", Key="forbidden/a", Body=b"x")
        s3.put_object(Bucket="things", Key="allowed/a", Body=b"x")
        wire.fail("s3", 600)
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            s3.get_object(Bucket="things", Key="allowed/a")
        wire.mend()
        assert s3.get_object(Bucket="things", Key="allowed/a")["Body"].read() == b"x"
        # Some of what goes wrong now is put right by the SDK's own retries, and a GET can be repeated.
        wire.likelihood = 0.3
        for _ in range(40):
            s3.head_bucket(Bucket="things")
        assert set(wire.struck) > {"refused", "outage"}


@pytest.mark.parametrize(
    ("growing", "told"),
    [
        ({}, []),
        ({"engine": 0.03}, ["memory of the engine grew from 245 to 305 MB"]),
        ({"largest": 0.03}, ["memory of the largest function grew from 245 to 305 MB"]),
        ({"files": 0.02}, ["open files of moto grew from 46 to 86"]),
        ({"temporary": 0.02}, ["temporary files grew from 40 to 80"]),
        ({"moto": 9.0}, []),
    ],
)
def test_what_grows_is_found(growing: dict[str, float], told: list[str]) -> None:
    gauges = Gauges(None, Path())
    gauges.samples = [sample(float(at), growing) for at in range(0, 4001, 10)]
    assert gauges.judge() == told


def test_nothing_is_said_of_the_growth_of_a_short_soak() -> None:
    gauges = Gauges(None, Path())
    gauges.samples = [sample(float(at), {"engine": 9.0}) for at in range(0, int(TOO_SHORT), 10)]
    assert gauges.judge() == []


def sample(at: float, growing: dict[str, float]) -> Sample:
    return Sample(
        at=at,
        engine=200 + at * growing.get("engine", 0),
        moto=100 + at * growing.get("moto", 0),
        functions={"intake-1": (7, 200 + at * growing.get("largest", 0))},
        files={"engine": 20, "moto": 6 + int(at * growing.get("files", 0)), "function": 7},
        waiting=0,
        dead=0,
        temporary=int(at * growing.get("temporary", 0)),
        logs=0.0,
    )
