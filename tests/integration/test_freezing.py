"""A run that is named as the one to file stays what it is; later reports say what they say otherwise."""

import json
from collections.abc import Iterator

import pytest

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, write_cmrt
from tests.factories.deployment import STACK, Deployed, deployed
from tracelode.flow.reconcile_year import reconcile_year
from tracelode.report.frozen_run import Freeze, frozen_as
from tracelode.storage.results import ReportDamagedError, Results
from tracelode_console.cli import main

PROGRAM = b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'
ROSTER = b"supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\nbeta,Beta,b@example.com,yes\n"
LIST = b"metal,cid,name,country,status\nGold,CID000001,One,JAPAN,conformant\n"
LOOK_UP = tuple(
    LookUpEntry(metal, name, name, "JAPAN", f"CID00000{number}")
    for number, (metal, name) in enumerate(
        (("Gold", "One"), ("Tin", "Two"), ("Tantalum", "Three"), ("Tungsten", "Four")), start=1
    )
)
YEAR = 2016
INDEX = f"{YEAR}/latest/index.html"


def workbook(name: str) -> bytes:
    return write_cmrt(complete_specimen(name, [SmelterRow(cid=entry.cid) for entry in LOOK_UP], LOOK_UP))


@pytest.fixture
def stack() -> Iterator[Deployed]:
    with deployed() as made:
        for file, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
            made.refer(file, body)
        made.drop("acme", "cmrt.xlsx", workbook("Acme"), "2017-02-01T08:00:00.000Z")
        made.publish()
        yield made


@pytest.fixture
def asks(stack, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACELODE_STACK", STACK)

    def ask(*command: str, status: int = 0) -> str:
        assert main(command) == status, capsys.readouterr()
        told = capsys.readouterr()
        return told.out + told.err

    return ask


def run_of(stack: Deployed) -> str:
    return stack.installation.results.pointer(YEAR).run


def page(stack: Deployed, key: str = INDEX) -> str:
    its = stack.installation
    return its.clients.s3.get_object(Bucket=its.results_bucket, Key=key)["Body"].read().decode()


def contents(stack: Deployed, run: str) -> dict[str, bytes]:
    results = stack.installation.results
    found = results.run_named(YEAR, run)
    assert found
    return results.read_whole_run(YEAR, run, found.files)


def later(stack: Deployed) -> None:
    stack.drop("beta", "cmrt.xlsx", workbook("Beta"), "2017-05-01T08:00:00.000Z")
    stack.publish()


def test_later_uploads_change_the_next_report_and_not_the_frozen_one(stack, asks):
    # GIVEN a report that is named as the one to file
    frozen = run_of(stack)
    before = contents(stack, frozen)
    assert f"run {frozen} is the one to file" in asks("freeze", "--by", "Jane Doe", "--note", "signed")
    # WHEN a supplier answers after that
    later(stack)
    # THEN there is a newer report, and the frozen one is what it was
    assert run_of(stack) != frozen
    assert contents(stack, frozen) == before
    # AND the newer one says what it says otherwise, with figures and suppliers
    told = page(stack).partition('id="since-frozen">')[2].partition("</section>")[0]
    for text in (frozen, "Jane Doe", "signed", "Beta", "passages of Exhibit 1.01"):
        assert text in told, text
    # AND so does the status
    status = json.loads(asks("status", "--json"))["frozen"]
    assert (status["run"], status["by"], status["note"]) == (frozen, "Jane Doe", "signed")
    assert (status["readable"], status["suppliers"], status["data_cut_off"]) == (True, 1, "2017-02-01")
    assert status["figures"] > 0
    assert status["passages"] > 0
    assert "1 supplier" in asks("status")


def test_to_freeze_the_latest_report_makes_no_new_one(stack, asks):
    frozen = run_of(stack)
    asks("freeze")
    stack.publish()
    assert run_of(stack) == frozen
    assert not json.loads(asks("status", "--json"))["frozen"]["figures"]
    assert "Since then" not in asks("status")


def test_another_run_is_frozen_only_again_and_what_it_replaces_is_kept(stack, asks):
    first = run_of(stack)
    asks("freeze", "--by", "Ann")
    later(stack)
    second = run_of(stack)
    # WHEN the newer is to be filed after all, THEN that has to be said
    assert f"run {first} is the one to file, named on" in asks("freeze", status=1)
    stored = json.loads(asks("freeze", "2", "--again", "--by", "Bob", "--json"))
    assert stored["run"] == second
    assert stored["by"] == "Bob"
    assert [each["run"] for each in stored["replaced"]] == [first]
    # AND to name it once more changes nothing
    kept = page(stack, f"{YEAR}/frozen.json")
    assert "as before" in asks("freeze", second[:9])
    assert page(stack, f"{YEAR}/frozen.json") == kept
    # AND nothing of the first is gone
    assert contents(stack, first)


def test_of_two_that_freeze_at_once_one_is_told_so(stack, asks, monkeypatch):
    # GIVEN somebody who freezes between our look and our writing
    frozen, results = run_of(stack), stack.installation.results
    pointer = results.pointer(YEAR)
    report = contents(stack, frozen)
    original = Results.freeze

    def overtaken(self, year, ours):
        assert original(
            results, year, frozen_as(Freeze(frozen, "2017-05-01T00:00:00Z", "Eve"), pointer.files, report, None)
        )
        return original(self, year, ours)

    monkeypatch.setattr(Results, "freeze", overtaken)
    # WHEN, THEN
    assert "somebody else has named a run" in asks("freeze", "--by", "Ann", status=2)
    assert results.frozen(YEAR).freeze.by == "Eve"


@pytest.mark.parametrize("name", ["7", "000009", "nothing", "../latest"])
def test_a_run_that_is_not_there_is_not_frozen(stack, asks, name):
    assert "there is no run" in asks("freeze", name, status=2)
    assert stack.installation.results.frozen(YEAR) is None


def test_a_run_of_which_a_file_was_changed_is_not_frozen(stack, asks):
    its, run = stack.installation, run_of(stack)
    its.clients.s3.put_object(Bucket=its.results_bucket, Key=f"{YEAR}/runs/{run}/form-sd.htm", Body=b"another")
    assert "is not whole" in asks("freeze", status=2)


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"not JSON", b'{"run": 1, "at": "x", "by": "", "note": "", "files": {}}']
)
def test_a_note_that_somebody_has_spoilt_stops_no_report(stack, asks, body):
    its = stack.installation
    its.clients.s3.put_object(Bucket=its.results_bucket, Key=f"{YEAR}/frozen.json", Body=body)
    later(stack)
    assert "What differs cannot be said" in page(stack)
    assert not json.loads(asks("status", "--json"))["frozen"]["readable"]
    assert "cannot be read" in asks("freeze", status=1)
    asks("freeze", "--again")
    assert its.results.frozen(YEAR).run == run_of(stack)


def test_a_frozen_run_that_was_damaged_stops_no_report_and_is_told(stack, asks):
    its, run = stack.installation, run_of(stack)
    asks("freeze")
    its.clients.s3.put_object(Bucket=its.results_bucket, Key=f"{YEAR}/runs/{run}/figures.json", Body=b"{}")
    later(stack)
    assert "What differs cannot be said" in page(stack)
    assert "gone or damaged" in asks("status")


def test_a_sweep_tells_in_the_latest_report_what_differs_from_an_older_run_that_was_frozen_since(stack, asks):
    # GIVEN two runs, and a sweep that found nothing more to publish
    first = run_of(stack)
    later(stack)
    reconcile_year(YEAR, stack.installation, full=False)
    assert not reconcile_year(YEAR, stack.installation, full=False).published
    # WHEN the older is named as the one to file
    asks("freeze", first)
    # THEN the next sweep makes the report say so, once
    assert reconcile_year(YEAR, stack.installation, full=False).published
    assert first in page(stack).partition('id="since-frozen">')[2]
    assert not reconcile_year(YEAR, stack.installation, full=False).published


def test_a_redline_shows_what_changed_since_the_frozen_run(stack, asks, tmp_path):
    asks("freeze")
    later(stack)
    told = json.loads(asks("redline", "--json", "--out", "lined"))
    assert told["changed_passages"]["Exhibit 1.01"] > 0
    assert {path.name for path in (tmp_path / "lined").iterdir()} == {
        "redline.html", "form-sd-redline.docx", "exhibit-1-01-redline.docx",
    }  # fmt: skip
    html = (tmp_path / "lined/redline.html").read_text(encoding="utf-8")
    assert "<ins>" in html
    assert "<del>" in html
    # AND of a run with itself nothing, by whatever name, and from a folder
    asks("latest", "--download", "got")
    for side in ("latest", "2", run_of(stack), f"{YEAR}/latest", "got/2016/latest"):
        assert set(json.loads(asks("redline", side, "--json"))["changed_passages"].values()) == {0}


@pytest.mark.parametrize("side", ["frozen", "9", "2099/latest", "nowhere/at/all"])
def test_a_redline_of_what_is_not_there_says_so(asks, side):
    assert asks("redline", side, status=2)


def test_a_run_is_written_once_and_completed_but_never_replaced(stack):
    # GIVEN a run of which a publisher that died has written a part
    results = stack.installation.results
    results.write_run(YEAR, "000009-abc", {"a.json": b"one"})
    # WHEN it is written whole, THEN it is whole
    results.write_run(YEAR, "000009-abc", {"a.json": b"one", "b.json": b"two"})
    assert results.read_run(YEAR, "000009-abc", "b.json") == b"two"
    # AND what stands there is never written over
    with pytest.raises(ReportDamagedError, match="is another"):
        results.write_run(YEAR, "000009-abc", {"a.json": b"other"})
    assert results.read_run(YEAR, "000009-abc", "a.json") == b"one"
