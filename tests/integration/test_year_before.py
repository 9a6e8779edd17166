"""Last year's report is compared with by itself, a dropped file goes before it, and a sweep notices when it changes."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.moments import begun
from tests.integration.test_flows import LIST, PROGRAM, ROSTER, workbook
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import Published, publish_report
from tracelode.flow.reconcile_year import Reconciled, reconcile_every_year, reconcile_year
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.storage.objects import ObjectEvent

BEFORE, NOW = 2016, 2017
TEXT = b"We know {{ figures.smelters.total | counted('smelter') }}."


class Years:
    """Two program years in one account."""

    def __init__(self, account: object, minutes: Iterator[int]) -> None:
        self.account = account
        self._minutes = minutes
        self.day = "2018-02-01"

    def event(self, bucket: str, key: str, body: bytes) -> ObjectEvent:
        moment = f"{self.day}T08:{next(self._minutes):02}:00.000Z"
        return ObjectEvent(key, self.account.drop(bucket, key, body), moment, deleted=False)

    def refer(self, year: int, file: str, body: bytes):
        a = self.account
        event = self.event("reference", f"{year}/{file}", body)
        return adopt_reference(event, a)

    def send(self, year: int, *cids: str) -> None:
        a = self.account
        event = self.event("inbox", f"{year}/acme/cmrt.xlsx", workbook(*cids))
        record_submission(event, a)

    def publish(self, year: int) -> Published:
        a = self.account
        for group in a.ledger.groups.numbers(year):
            tally_group(year, group, a.ledger)
        return publish_report(year, a)

    def sweep(self, year: int) -> Reconciled:
        a = self.account
        return reconcile_year(year, a, full=False)

    def set_up(self, year: int, status_list: bytes = LIST) -> None:
        self.refer(year, "program.toml", PROGRAM.replace(b"2016", str(year).encode()))
        self.refer(year, "suppliers.csv", ROSTER)
        self.refer(year, "smelter-list.csv", status_list)

    def json(self, year: int, name: str) -> dict:
        return json.loads(self.account.text(f"{year}/latest/{name}"))

    def changes(self) -> tuple[int, ...]:
        told = self.json(NOW, "figures.json")["last_year"]
        return tuple(told[name] for name in ("year", "total", "added", "removed", "status_changed"))


@pytest.fixture
def years(account) -> Years:
    return begun(account, Years, both_published)


def both_published(made: Years) -> None:
    made.set_up(BEFORE)
    made.send(BEFORE, "CID000001", "CID000002")
    made.publish(BEFORE)
    # This year's list is in other words, and has the second facility as conformant.
    made.set_up(NOW, LIST.replace(b"active", b"Compliant"))
    made.send(NOW, "CID000002", "CID000003", "CID000004")
    made.publish(NOW)


def test_what_last_year_s_report_lists_is_compared_with(years: Years) -> None:
    assert years.changes() == (2016, 2, 2, 1, 1)
    assert "Since then two were added, one was removed" in years.account.text("2017/latest/exhibit-1-01.htm")


def test_a_year_without_a_year_before_compares_nothing(years: Years) -> None:
    assert "last_year" not in years.json(BEFORE, "figures.json")
    assert "We compared the facilities with those" not in years.account.text("2016/latest/exhibit-1-01.htm")


def test_last_year_s_list_is_an_input_by_its_hash_and_its_run_a_coordinate(years: Years) -> None:
    key = "2016/latest/smelters.csv"
    named = [item for item in years.json(NOW, "manifest.json")["inputs"] if item["key"] == key]
    pointer = json.loads(years.account.text("2016/latest.json"))
    assert [item["sha256"] for item in named] == [pointer["files"]["smelters.csv"]]
    assert pointer["run"] not in years.account.text("2017/latest/manifest.json")
    assert pointer["run"] in years.account.text("2017/latest/sources.json")


def test_a_dropped_file_goes_before_last_year_s_report(years: Years) -> None:
    # WHEN
    assert years.refer(NOW, "last-year.csv", b"metal,cid,status\nTantalum,CID000003,conformant\n").in_force
    years.publish(NOW)
    # THEN
    assert years.changes() == (2016, 1, 2, 0, 1)
    keys = [item["key"] for item in years.json(NOW, "manifest.json")["inputs"]]
    assert "2017/last-year.csv" in keys
    assert "2016/latest/smelters.csv" not in keys


def test_where_a_file_was_dropped_nothing_of_last_year_s_report_is_in_this_year_s(years: Years) -> None:
    # GIVEN a file that is of the newest day, so that the day before is told as it was without it
    years.day = "2018-02-02"
    years.refer(NOW, "last-year.csv", b"metal,cid,status\nTantalum,CID000003,conformant\n")
    years.publish(NOW)
    assert "last_year.total" in years.account.text("2017/latest/changes.json")
    years.sweep(NOW)
    # WHEN last year's report, which the manifest does not name, becomes another
    years.send(BEFORE, "CID000001", "CID000002", "CID000003")
    years.publish(BEFORE)
    # THEN
    assert not years.sweep(NOW).published


def test_a_later_change_of_last_year_is_made_up_for_by_a_sweep(years: Years) -> None:
    # GIVEN a sweep that found everything right
    years.sweep(NOW)
    assert not years.sweep(NOW).published
    # WHEN last year's only supplier corrects itself
    years.send(BEFORE, "CID000001", "CID000002", "CID000003")
    years.publish(BEFORE)
    # THEN
    assert years.sweep(NOW).published
    assert years.changes() == (2016, 3, 1, 1, 1)
    assert not years.sweep(NOW).published


def test_one_sweep_of_every_year_makes_up_for_a_change_of_last_year_in_this_one(years: Years) -> None:
    # GIVEN something sent for last year of which no function ever heard
    years.send(BEFORE, "CID000001", "CID000002", "CID000003")
    # WHEN every year is swept once
    a = years.account
    swept = reconcile_every_year(a, full=False)
    # THEN both years have another report, and this year's compares itself with last year's new one
    assert [(found.year, found.published) for found in swept] == [(BEFORE, True), (NOW, True)]
    assert years.changes() == (2016, 3, 1, 1, 1)


def test_how_often_last_year_was_published_changes_nothing(years: Years) -> None:
    # GIVEN last year is published twice more, and says in the end what it said
    latest = years.account.text("2017/latest.json")
    years.send(BEFORE, "CID000001")
    years.publish(BEFORE)
    years.send(BEFORE, "CID000001", "CID000002")
    years.publish(BEFORE)
    # WHEN
    years.publish(NOW)
    # THEN it is another run of last year, and the same report of this one
    assert json.loads(years.account.text("2016/latest.json"))["number"] == 3
    assert json.loads(years.account.text("2017/latest.json"))["content_hash"] == json.loads(latest)["content_hash"]


def test_a_text_with_a_mistake_is_answered_and_the_one_before_stays_in_force(years: Years) -> None:
    # GIVEN
    assert years.refer(NOW, "section-limits.txt", TEXT).in_force
    # WHEN
    refused = years.refer(NOW, "section-limits.txt", TEXT.replace(b"total", b"totl"))
    years.publish(NOW)
    # THEN
    assert not refused.in_force
    assert refused.problems == ("line 1: there is no figures.smelters.totl (is total meant?)",)
    assert years.json(NOW, "manifest.json")["own_sections"] == [
        {"section": "limits", "file": "section-limits.txt", "printed": True}
    ]
    assert "We know three smelters." in years.account.text("2017/latest/exhibit-1-01.htm")


def test_a_blank_text_under_any_spelling_of_the_name_puts_ours_back(years: Years) -> None:
    # GIVEN
    before = years.account.text("2017/latest/exhibit-1-01.htm")
    years.refer(NOW, "section-limits.txt", TEXT)
    years.publish(NOW)
    assert years.account.text("2017/latest/exhibit-1-01.htm") != before
    # WHEN
    years.refer(NOW, "Section Limits.txt", b"\n")
    years.publish(NOW)
    # THEN
    assert years.account.text("2017/latest/exhibit-1-01.htm") == before


def test_a_stale_number_never_holds_up_a_report(years: Years) -> None:
    # GIVEN a text that is true
    years.refer(NOW, "section-limits.txt", b"We identified 3 smelters.")
    years.publish(NOW)
    assert "We identified 3 smelters." in years.account.text("2017/latest/exhibit-1-01.htm")
    # WHEN the data change
    years.send(NOW, "CID000002")
    assert years.publish(NOW).new
    # THEN
    assert "We identified 3 smelters." not in years.account.text("2017/latest/exhibit-1-01.htm")
    assert "states 3 where figures.smelters.total is 1" in years.account.text("2017/latest/index.html")
    # AND back again
    years.send(NOW, "CID000002", "CID000003", "CID000004")
    years.publish(NOW)
    assert "We identified 3 smelters." in years.account.text("2017/latest/exhibit-1-01.htm")
