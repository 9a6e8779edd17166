"""The four flows on moto, driven by object events: order, repetition and death at any call change nothing."""

import gc
import io
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import openpyxl
import pytest

from examples.specimen import (
    CmrtSpecimen,
    LookUpEntry,
    SmelterRow,
    complete_specimen,
    not_listed,
    special_entries,
    write_cmrt,
)
from tests.properties import every, times
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import publish_report
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.minerals import Mineral
from tracelode.reference.snapshot import ReferenceVanishedError
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.places import MisplacedObjectError
from tracelode.submission import NAME_CHARACTERS, State

YEAR = 2016
PROGRAM = b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'
ROSTER = b"supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\nbeta,Beta,b@example.com,yes\n"
LIST = b"metal,cid,name,country,status\nGold,CID000001,One,JAPAN,conformant\nTin,CID000002,Two,PERU,active\n"

LOOK_UP = (
    LookUpEntry("Gold", "One", "One", "JAPAN", "CID000001"),
    LookUpEntry("Tin", "Two", "Two", "PERU", "CID000002"),
    LookUpEntry("Tantalum", "Three", "Three", "ZAMBIA", "CID000003"),
    LookUpEntry("Tungsten", "Four", "Four", "CHINA", "CID000004"),
)
ALL = ("CID000001", "CID000002", "CID000003", "CID000004")


def workbook(*cids: str, **changes) -> bytes:
    rows = [SmelterRow(cid=cid) for cid in cids or ALL]
    specimen: CmrtSpecimen = complete_specimen("Acme", rows, LOOK_UP)
    return write_cmrt(replace(specimen, **changes))


@dataclass
class World:
    """An account with events that are still to be delivered."""

    account: object
    clock: itertools.count

    def moment(self) -> str:
        return f"2017-02-01T08:00:{next(self.clock):02}.000Z"

    def drop(self, key: str, body: bytes) -> ObjectEvent:
        return ObjectEvent(key, self.account.drop("inbox", key, body), self.moment(), deleted=False)

    def delete(self, key: str) -> ObjectEvent:
        marker = self.account.s3.delete_object(Bucket="inbox", Key=key)["VersionId"]
        return ObjectEvent(key, "", self.moment(), deleted=True, marker=marker)

    def refer(self, file: str, body: bytes) -> ObjectEvent:
        key = f"2016/{file}"
        return ObjectEvent(key, self.account.drop("reference", key, body), self.moment(), deleted=False)

    def take(self, event: ObjectEvent):
        a = self.account
        return record_submission(event, a)

    def adopt(self, event: ObjectEvent):
        a = self.account
        return adopt_reference(event, a)

    def publish(self):
        a = self.account
        for group in a.ledger.groups.numbers(YEAR):
            tally_group(YEAR, group, a.ledger)
        return publish_report(YEAR, a)

    def set_up(self) -> None:
        for file, body in (("program.toml", PROGRAM), ("suppliers.csv", ROSTER), ("smelter-list.csv", LIST)):
            assert self.adopt(self.refer(file, body)).in_force

    def figures(self) -> dict:
        return json.loads(self.account.text("2016/latest/figures.json"))

    def latest(self) -> dict[str, bytes]:
        keys = [key for key in self.account.keys("2016/latest/") if not key.endswith("sources.json")]
        return {key: self.account.s3.get_object(Bucket="results", Key=key)["Body"].read() for key in keys}


@pytest.fixture
def world(account) -> World:
    return World(account, itertools.count(10))


def test_dropped_workbooks_become_the_report(world: World) -> None:
    world.set_up()
    recorded = world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    assert recorded.state is State.ACCEPTED_WITH_REMARKS
    assert recorded.rules == {"X44": 1}
    assert world.publish().new
    figures = world.figures()
    assert (figures["suppliers"]["responded"], figures["suppliers"]["awaiting"]) == (1, 1)
    smelters = figures["smelters"]
    assert [smelters[name] for name in ("total", "conformant", "active", "indeterminable")] == [4, 1, 1, 2]
    assert smelters["indeterminable_at_risk"] == 1


def test_what_is_missing_for_a_report_is_said_and_nothing_is_published(world: World) -> None:
    world.adopt(world.refer("program.toml", PROGRAM))
    assert world.publish().missing == ("suppliers.csv", "smelter-list.csv")
    assert world.account.keys() == ["2016/reference/program.toml.json"]


def test_a_refused_reference_file_is_answered_and_the_old_one_stays_in_force(world: World) -> None:
    world.set_up()
    world.publish()
    before = world.latest()
    adopted = world.adopt(world.refer("suppliers.csv", b"supplier_id,name,contact_email,in_scope\n,Nobody,,maybe\n"))
    assert not adopted.in_force
    answer = json.loads(world.account.text("2016/reference/suppliers.csv.json"))
    assert answer["status"] == "refused"
    assert answer["problems"][1] == "row 2, column in_scope: yes or no is required (found 'maybe')"
    assert not world.publish().new
    assert world.latest() == before


def test_a_profile_of_another_year_is_refused(world: World) -> None:
    adopted = world.adopt(world.refer("program.toml", PROGRAM.replace(b"2016", b"2017")))
    assert adopted.problems == ("year: stands in the folder of 2016 (found 2017)",)


def test_garbage_is_a_rejected_submission_with_feedback(world: World) -> None:
    world.set_up()
    recorded = world.take(world.drop("2016/acme/notes.xlsx", b"just some text"))
    world.publish()
    assert recorded.state is State.REJECTED
    assert world.figures()["suppliers"]["rejected"] == 1
    (page, findings) = world.account.keys("2016/feedback/acme/")
    assert page.endswith("feedback.html")
    assert json.loads(world.account.text(findings))


def test_a_file_dropped_where_no_supplier_is_fails_loudly(world: World) -> None:
    for key in ("2016/cmrt.xlsx", "cmrt.xlsx", "2016/a#b/cmrt.xlsx", "2016/../cmrt.xlsx"):
        with pytest.raises(MisplacedObjectError):
            world.take(world.drop(key, b""))


def test_of_an_endless_name_the_ledger_keeps_what_a_name_can_be(world: World) -> None:
    # GIVEN a smelter of a name and a country that fill their cells
    world.set_up()
    endless = " ".join(f"w{number}" for number in range(700))
    rows = [not_listed(Mineral.TIN, endless, endless)]
    specimen = complete_specimen("Acme", rows, LOOK_UP, metals=[Mineral.TIN])
    # WHEN
    world.take(world.drop("2016/acme/cmrt.xlsx", write_cmrt(specimen)))
    world.publish()
    (partial,) = world.account.ledger.partials.of_year(YEAR)
    (named,) = partial.identities
    # THEN
    assert endless.startswith(named.name)
    assert endless.startswith(named.country)
    assert NAME_CHARACTERS - 5 < len(named.name) <= NAME_CHARACTERS
    assert NAME_CHARACTERS - 5 < len(named.country) <= NAME_CHARACTERS


def test_a_deleted_file_withdraws_its_submission(world: World) -> None:
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    world.publish()
    world.take(world.delete("2016/acme/cmrt.xlsx"))
    world.publish()
    assert world.figures()["smelters"]["total"] == 0
    assert world.figures()["suppliers"]["awaiting"] == 2


def test_the_same_facts_published_again_are_no_new_run(world: World) -> None:
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    first = world.publish()
    assert not world.publish().new
    assert [key for key in world.account.keys("2016/runs/") if first.run not in key] == []


@pytest.mark.parametrize("collecting", [True, False])
def test_a_publish_leaves_the_collection_of_garbage_as_it_found_it(world: World, collecting: bool) -> None:
    # GIVEN a process that collects garbage, or one that somebody told not to
    world.set_up()
    (gc.enable if collecting else gc.disable)()
    try:
        # WHEN a report is published, and when one fails because a file of its is gone for good
        world.publish()
        after_success = gc.isenabled()
        world.adopt(world.refer("suppliers.csv", ROSTER + b"gamma,Gamma,g@example.com,yes\n"))
        for version in world.account.s3.list_object_versions(Bucket="reference")["Versions"]:
            world.account.s3.delete_object(Bucket="reference", Key=version["Key"], VersionId=version["VersionId"])
        with pytest.raises(ReferenceVanishedError):
            world.publish()
        after_failure = gc.isenabled()
    finally:
        gc.enable()
    # THEN it is as it was
    assert (after_success, after_failure) == (collecting, collecting)


def test_a_new_list_changes_statuses_and_rewrites_no_fact(world: World) -> None:
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    world.publish()
    facts = [item for item in world.account.items() if item["pk"]["S"].startswith("SUPPLIER#")]
    world.adopt(world.refer("smelter-list.csv", LIST.replace(b"active", b"conformant")))
    world.publish()
    assert world.figures()["smelters"]["conformant"] == 2
    assert [item for item in world.account.items() if item["pk"]["S"].startswith("SUPPLIER#")] == facts


def test_a_changed_minimum_version_changes_states_and_rewrites_no_submission(world: World) -> None:
    # GIVEN a declaration that was accepted
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    world.publish()
    submissions = [item for item in world.account.items() if item["pk"]["S"].startswith("SUPPLIER#")]
    # WHEN the program asks for a newer template
    world.adopt(world.refer("program.toml", b'minimum_cmrt_version = "6.6"\n' + PROGRAM))
    world.publish()
    # THEN it needs correction, for the same recorded facts
    suppliers = world.figures()["suppliers"]
    assert (suppliers["accepted"], suppliers["needs_correction"], suppliers["responded"]) == (0, 1, 1)
    assert [item for item in world.account.items() if item["pk"]["S"].startswith("SUPPLIER#")] == submissions
    # AND the next file is told so
    world.take(world.drop("2016/acme/again.xlsx", workbook()))
    told = json.loads(
        world.account.text(
            [key for key in world.account.keys("2016/feedback/acme/") if key.endswith("findings.json")][-1]
        )
    )
    assert [f["rule"] for f in told["findings"] if f["severity"] == "error"] == ["X26"]


def test_a_supplier_gets_its_workbook_back_marked_up_and_is_told_in_its_language(world: World) -> None:
    # GIVEN a workbook in Chinese without a company name
    world.set_up()
    nameless = workbook(language="中文 Chinese", company=replace(complete_specimen().company, name=""))
    # WHEN it is recorded
    recorded = world.take(world.drop("2016/acme/cmrt.xlsx", nameless))
    # THEN the feedback says so in both languages, beside the workbook with the cell marked
    assert recorded.state is State.NEEDS_CORRECTION
    page, findings, marked = world.account.keys("2016/feedback/acme/")
    assert [key.rpartition("/")[2] for key in (page, findings, marked)] == [
        "feedback.html",
        "findings.json",
        "your-workbook-marked-up.xlsx",
    ]
    told = world.account.text(page)
    assert "The company name is missing." in told
    assert "公司名称" in told
    body = world.account.s3.get_object(Bucket="results", Key=marked)["Body"].read()
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames[0] == "Findings"
    assert "公司名称" in book["Declaration"]["D8"].comment.text
    assert "The company name is missing." in book["Declaration"]["D8"].comment.text


def test_a_file_with_nothing_to_remark_comes_back_with_a_page_alone(world: World) -> None:
    world.set_up()
    world.adopt(world.refer("program.toml", PROGRAM + b'[severities]\nX44 = "off"\nX45 = "off"\n'))
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook(look_up=(*LOOK_UP, *special_entries()))))
    page, findings = world.account.keys("2016/feedback/")
    assert page.endswith("feedback.html")
    assert json.loads(world.account.text(findings))["findings"] == []


def scenario(world: World) -> list[Callable[[], object]]:
    """Objects are all there; what remains is the delivery of events: uploads, a late one, a replacement, a deletion."""
    world.set_up()
    events = [
        world.drop("2016/acme/old.xlsx", workbook("CID000001", "CID000002")),
        world.drop("2016/acme/new.xlsx", workbook()),
        world.drop("2016/beta/cmrt.xlsx", workbook("CID000003")),
        world.drop("2016/beta/cmrt.xlsx", workbook("CID000001", "CID000003")),
        world.drop("2016/beta/broken.xlsx", b"PK broken"),
        world.drop("2016/acme/gone.xlsx", workbook("CID000004")),
        world.delete("2016/acme/gone.xlsx"),
    ]
    return [lambda event=event: world.take(event) for event in events]


@pytest.mark.parametrize("seed", range(times(0.06)))
def test_any_order_and_repetition_of_events_ends_in_the_same_report(account, seed: int) -> None:
    # GIVEN the tidy run
    world = World(account, itertools.count(10))
    deliveries = scenario(world)
    for deliver in deliveries:
        deliver()
    world.publish()
    tidy = world.latest()
    # WHEN everything the ledger knows is forgotten and the events come shuffled, repeated, with publishes in between
    for item in account.items():
        if not item["sk"]["S"].startswith(("REFERENCE#", "SNAPSHOT#")):
            account.dynamodb.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
    shuffled = [*deliveries, *deliveries[::2]]
    random.Random(seed).shuffle(shuffled)
    for deliver in shuffled:
        deliver()
        if seed % 2:
            world.publish()
    world.publish()
    # THEN the report is the same, byte for byte
    assert world.latest() == tidy


class DiedError(BaseException):
    """The function's environment was killed."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_death_at_any_call_changes_nothing_once_retried(account, after: bool) -> None:
    """AWS calls of recording, tallying and publishing an upload are killed once, then everything is retried.

    Some in a daily run; `make faults` kills every call of every function.
    """
    world = World(account, itertools.count(10))
    world.set_up()
    world.take(world.drop("2016/beta/cmrt.xlsx", workbook("CID000003")))
    world.publish()
    event = world.drop("2016/acme/cmrt.xlsx", workbook())

    def everything() -> None:
        world.take(event)
        world.publish()

    everything()
    tidy = world.latest()
    points = int(after)
    while True:
        # GIVEN a ledger that has not seen the upload and a function that dies at its next call in turn
        forget(account, "acme")
        world.account.s3.delete_object(Bucket="results", Key="2016/latest.json")
        calls = itertools.count()
        armed = [True]

        def die(number: int = points, calls=calls, armed=armed, **_) -> None:
            if armed[0] and next(calls) == number:
                armed[0] = False
                raise DiedError

        events = "after-call" if after else "before-call"
        for client in (account.s3, account.dynamodb):
            client.meta.events.register_first(f"{events}.*.*", die, unique_id="die")
        try:
            everything()
            died = False
        except DiedError:
            died = True
        finally:
            for client in (account.s3, account.dynamodb):
                client.meta.events.unregister(f"{events}.*.*", unique_id="die")
        # WHEN what died is retried
        everything()
        # THEN the report says what the tidy run says
        figures = world.figures()
        assert (figures["suppliers"]["responded"], figures["smelters"]["total"]) == (2, 4)
        assert world.latest() == tidy
        if not died:
            break
        points += every(5)
    assert points >= 30


def forget(account, supplier_id: str) -> None:
    for item in account.items():
        if supplier_id in item["pk"]["S"] or supplier_id in item["sk"]["S"] or item["sk"]["S"] == "PARTIAL":
            account.dynamodb.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
