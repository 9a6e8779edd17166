"""The buckets on each S3 there is: versions read as they were dropped, and a pointer that only its reader moves."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tracelode.storage.objects import DroppedObjects
from tracelode.storage.results import Pointer, Results

YEAR = 2016
KEY = "2016/acme/鉱石 + 50% = ñ & \U0001f48e.xlsx"


@pytest.fixture
def objects(bucket) -> DroppedObjects:
    return DroppedObjects(bucket.client, bucket.name)


@pytest.fixture
def results(bucket) -> Results:
    return Results(bucket.client, bucket.name)


# ---- answers -----------------------------------------------------------------------------------------------------


def test_an_answer_is_written_over_an_older_one_alone(bucket, results) -> None:
    key = "2016/reference/suppliers.csv.json"
    for moment, written in (("2017-02", True), ("2017-01", False), ("2017-02", True), ("2017-03", True)):
        assert results.put_unless_newer(key, moment.encode(), moment) is written
    assert bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read() == b"2017-03"


def test_an_answer_that_is_overtaken_between_look_and_write_is_not_written(bucket, results) -> None:
    # GIVEN a newer answer that comes just before each of the first two writes
    key, newer = "2016/reference/suppliers.csv.json", ["2017-03", "2017-02"]

    def overtake(params, **_) -> None:
        if newer and params["Body"] == b"2017-01":
            moment = newer.pop()
            Results(bucket.client, bucket.name).put_unless_newer(key, moment.encode(), moment)

    bucket.client.meta.events.register_first("provide-client-params.s3.PutObject", overtake)
    # WHEN / THEN
    assert not results.put_unless_newer(key, b"2017-01", "2017-01")
    assert bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read() == b"2017-02"


# ---- what was dropped --------------------------------------------------------------------------------------------


def test_each_version_of_a_key_is_read_as_it_was_dropped(bucket, objects) -> None:
    # GIVEN two versions under a key of many scripts and signs
    first, second = bucket.drop(KEY, b"first"), bucket.drop(KEY, b"and second")
    # WHEN / THEN
    assert objects.head(KEY, first).size == 5
    assert objects.head(KEY, "") == objects.head(KEY, second)
    assert objects.read(KEY, first, 100) == b"first"
    assert objects.read(KEY, second, 100) == b"and second"


def test_no_more_is_read_than_asked_for(bucket, objects) -> None:
    version = bucket.drop(KEY, b"0123456789")
    assert objects.read(KEY, version, 4) == b"0123"
    assert objects.read(KEY, bucket.drop(KEY, b""), 4) == b""


def test_what_is_gone_is_told_as_gone(bucket, objects) -> None:
    # GIVEN a version that was erased, one below a delete marker, and the marker itself
    erased, below = bucket.drop("2016/acme/a", b"1"), bucket.drop("2016/acme/b", b"2")
    bucket.client.delete_object(Bucket=bucket.name, Key="2016/acme/a", VersionId=erased)
    marker = bucket.client.delete_object(Bucket=bucket.name, Key="2016/acme/b")["VersionId"]
    # THEN
    assert objects.head("2016/acme/a", erased) is None
    assert objects.read("2016/acme/a", erased, 10) is None
    assert objects.head("2016/acme/b", "") is None
    assert objects.head("2016/acme/b", marker) is None
    assert objects.read("2016/acme/b", marker, 10) is None
    assert objects.head("2016/acme/never", "") is None
    assert objects.read("2016/acme/b", below, 10) == b"2"


def test_the_histories_below_a_prefix_are_listed_oldest_first(bucket, objects) -> None:
    # GIVEN a key with a deletion between its versions, and keys that begin alike
    first = bucket.drop("2016/acme/a")
    marker = bucket.client.delete_object(Bucket=bucket.name, Key="2016/acme/a")["VersionId"]
    last = bucket.drop("2016/acme/a")
    alike, other = bucket.drop("2016/acme/a b"), bucket.drop("2016/beta/鉱")
    bucket.drop("2017/acme/a")
    # WHEN
    histories = [[(entry.key, entry.version_id, entry.deleted) for entry in one] for one in objects.versions("2016/")]
    # THEN
    assert histories == [
        [("2016/acme/a", first, False), ("2016/acme/a", marker, True), ("2016/acme/a", last, False)],
        [("2016/acme/a b", alike, False)],
        [("2016/beta/鉱", other, False)],
    ]
    assert [version.version_id for version in objects.history("2016/acme/a")] == [first, marker, last]
    assert {version.version_id for version in objects.listed("2016/")} == {first, marker, last, alike, other}


def test_a_feed_of_ones_own_states_its_receipt_time(bucket, objects) -> None:
    stated = bucket.drop(KEY, b"", Metadata={"received": "2017-02-01T08:00:00.001Z"})
    assert objects.stated_receipt(KEY, stated) == "2017-02-01T08:00:00.001Z"
    assert objects.stated_receipt(KEY, bucket.drop(KEY, b"")) == ""


# ---- results -----------------------------------------------------------------------------------------------------


def pointer(number: int, content: str = "") -> Pointer:
    return Pointer(number, f"{content}{number}" * 12, {"manifest.json": "0" * 64})


def test_the_pointer_moves_for_who_saw_it_as_it_stands(results) -> None:
    # GIVEN
    nowhere = results.pointer(YEAR)
    assert nowhere == Pointer()
    assert results.move_pointer(YEAR, pointer(1), nowhere)
    first = results.pointer(YEAR)
    # WHEN somebody moves it who has not seen the first run, and somebody who has
    late = results.move_pointer(YEAR, pointer(1, "b"), nowhere)
    moved = results.move_pointer(YEAR, pointer(2), first)
    later = results.move_pointer(YEAR, pointer(2, "b"), first)
    # THEN
    assert (late, moved, later) == (False, True, False)
    assert replace(results.pointer(YEAR), etag="", named="") == pointer(2)
    assert results.pointer(YEAR + 1) == Pointer()


def test_two_publishers_never_write_other_bytes_under_one_name(results) -> None:
    # GIVEN two of one content, at one number, that differ in where it came from
    one, other = (
        Pointer(2, "f" * 64, {"manifest.json": "0" * 64, "sources.json": source * 64}) for source in ("1", "2")
    )
    # THEN each has a run of its own, and the one that is published keeps its name
    assert one.run != other.run
    assert results.move_pointer(YEAR, one, results.pointer(YEAR))
    assert results.pointer(YEAR).run == one.run


def test_a_run_keeps_the_name_that_an_earlier_release_gave_it(results) -> None:
    # GIVEN
    named = {"number": 7, "content_hash": "f" * 64, "files": {"manifest.json": "0" * 64}, "run": "000007-ffffffffffff"}
    results.put(f"{YEAR}/latest.json", json.dumps(named).encode())
    # WHEN
    assert results.confirm(YEAR, results.pointer(YEAR))
    # THEN
    assert (results.pointer(YEAR).run, results.pointer(YEAR).confirmed) == ("000007-ffffffffffff", 1)


@pytest.mark.parametrize("published", [False, True], ids=["for the first time", "from a run"])
def test_of_those_who_race_for_the_pointer_one_moves_it(results, published) -> None:
    # GIVEN publishers who saw the same
    if published:
        assert results.move_pointer(YEAR, pointer(1), Pointer())
    seen = results.pointer(YEAR)
    wanted = [pointer(2, f"{number}-") for number in range(6)]
    # WHEN
    with ThreadPoolExecutor(6) as pool:
        moved = list(pool.map(lambda new: results.move_pointer(YEAR, new, seen), wanted))
    # THEN
    assert moved.count(True) == 1
    assert results.pointer(YEAR).content_hash == wanted[moved.index(True)].content_hash


def test_latest_holds_the_run_that_the_pointer_names(bucket, results) -> None:
    # GIVEN two runs that were written and the pointer on the second
    files = {"manifest.json": b"{}", "report.htm": b"second"}
    results.write_run(YEAR, "000001-first", {"report.htm": b"first"})
    moved = Pointer(2, "f" * 64, {name: _sha256(body) for name, body in files.items()})
    results.write_run(YEAR, moved.run, files)
    results.put("2016/latest/report.htm", b"first")
    assert results.move_pointer(YEAR, moved, results.pointer(YEAR))
    # WHEN
    settled = results.settle_latest(YEAR)
    # THEN
    assert settled.number == 2
    for name, body in files.items():
        answer = bucket.client.get_object(Bucket=bucket.name, Key=f"2016/latest/{name}")
        assert answer["Body"].read() == body
        assert answer["Metadata"]["sha256"] == _sha256(body)
    assert answer["ContentType"] == "text/html; charset=us-ascii"


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
