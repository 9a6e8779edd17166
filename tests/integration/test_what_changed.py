"""What changed on the newest day: told from the inputs alone, through every flow."""

import itertools
import json
import random
from dataclasses import dataclass, replace

import pytest

from tests.fault.scenario import file
from tests.integration.moments import begun
from tests.integration.test_flows import LIST, YEAR, World, workbook
from tests.integration.test_rebuild_and_replay import fresh, latest, replay  # noqa: F401 - fresh is a fixture
from tracelode.flow.rebuild_year import rebuild_year
from tracelode.flow.replay_year import recorded
from tracelode.storage.objects import ObjectEvent


@dataclass
class Calendar(World):
    """A world in which the day of each event is given."""

    today: str = "2017-02-01"

    def moment(self) -> str:
        return f"{self.today}T08:00:{next(self.clock):02}.000Z"

    def on(self, today: str) -> "Calendar":
        self.today = today
        return self

    def changes(self) -> dict:
        return json.loads(self.account.text("2016/latest/changes.json"))


@pytest.fixture
def world(account) -> Calendar:
    """A year with a report as of 1 February: acme names One and Two, beta Three."""
    return begun(account, Calendar, taken)


def taken(made: Calendar) -> None:
    made.set_up()
    made.take(made.drop("2016/acme/cmrt.xlsx", workbook("CID000001", "CID000002")))
    made.take(made.drop("2016/beta/cmrt.xlsx", workbook("CID000003")))


def differences(cause: dict, *matters: str) -> list[tuple]:
    return [
        (item["matter"], item["subject"], item["before"], item["after"], *item.get("suppliers", ()))
        for item in cause["differences"]
        if item["matter"] in matters
    ]


def figure(cause: dict, name: str) -> tuple | None:
    return next(((i["before"], i["after"]) for i in cause["differences"] if i["subject"] == name), None)


def test_of_the_first_day_there_is_nothing_to_compare_with(world: Calendar) -> None:
    world.publish()
    changes = world.changes()
    assert (changes["day"], changes["causes"]) == ("2017-02-01", [])
    assert changes["uncompared"].startswith("There was no report before that day: program.toml, suppliers.csv")


def test_a_supplier_s_newer_file_is_the_cause_of_what_it_adds_and_removes(world: Calendar) -> None:
    # GIVEN a published report, and a newer file of acme's that no longer names One and names Four
    world.publish()
    event = world.on("2017-02-03").drop("2016/acme/cmrt.xlsx", workbook("CID000002", "CID000004"))
    # WHEN
    world.take(event)
    world.publish()
    # THEN
    (cause,) = world.changes()["causes"]
    assert [(i["kind"], i["key"], i["supplier_id"]) for i in cause["inputs"]] == [
        ("submission", "2016/acme/cmrt.xlsx", "acme")
    ]
    assert differences(cause, "facility added", "facility removed", "status", "supplier") == [
        ("facility added", "Tungsten CID000004", "", "Indeterminable", "acme"),
        ("facility removed", "Gold CID000001", "Conformant", "", "acme"),
    ]
    assert figure(cause, "smelters.conformant") == (1, 0)
    assert figure(cause, "smelters.by_metal.Tungsten.total") == (0, 1)
    assert figure(cause, "data_cut_off") == ("2017-02-01", "2017-02-03")
    assert figure(cause, "smelters.total") is None


def test_reference_files_come_first_each_with_what_it_changes(world: Calendar) -> None:
    # GIVEN a newer list, a roster with another supplier in it, the same roster again, and an upload, all on one day
    world.on("2017-02-03")
    roster = b"supplier_id,name,contact_email,in_scope\nacme,Acme,,yes\nbeta,Beta,,yes\ngamma,Gamma,,yes\n"
    uploaded = world.drop("2016/gamma/cmrt.xlsx", workbook("CID000001"))
    world.adopt(world.refer("smelter-list.csv", LIST.replace(b"active", b"conformant")))
    world.adopt(world.refer("suppliers.csv", roster))
    world.adopt(world.refer("suppliers.csv", roster))
    # WHEN
    world.take(uploaded)
    world.publish()
    # THEN
    listed, surveyed, again, sent = world.changes()["causes"]
    assert [c["inputs"][0]["key"].rpartition("/")[2] for c in (listed, surveyed, again, sent)] == [
        "smelter-list.csv", "suppliers.csv", "suppliers.csv", "cmrt.xlsx",
    ]  # fmt: skip
    assert differences(listed, "status") == [("status", "Tin CID000002", "Active", "Conformant")]
    assert differences(surveyed, "supplier") == [("supplier", "gamma", "", "awaiting")]
    assert figure(surveyed, "suppliers.surveyed") == (2, 3)
    assert again["differences"] == []
    assert differences(sent, "supplier", "named by") == [
        ("supplier", "gamma", "awaiting", "accepted with remarks", "gamma"),
        ("named by", "Gold CID000001", 1, 2, "gamma"),
    ]


def test_a_deletion_is_a_cause(world: Calendar) -> None:
    world.take(world.on("2017-02-05").delete("2016/beta/cmrt.xlsx"))
    world.publish()
    (cause,) = world.changes()["causes"]
    assert cause["inputs"] == [
        {"kind": "withdrawal", "key": "2016/beta/cmrt.xlsx", "supplier_id": "beta", "supplier": "Beta"}
    ]
    assert differences(cause, "supplier", "facility removed") == [
        ("supplier", "beta", "accepted with remarks", "awaiting", "beta"),
        ("facility removed", "Tantalum CID000003", "Indeterminable", "", "beta"),
    ]


def test_a_decision_is_a_cause(world: Calendar) -> None:
    # GIVEN a facility that beta names
    header = b"metal,declared_cid,declared_name,declared_country,decision,cid,decided_by,decided_on,reason\n"
    decided = b"Tantalum,CID000003,Three,ZAMBIA,not a smelter,,Jane Doe,2017-02-04,a trader\n"
    # WHEN the team decides that a number is no smelter's
    adopted = world.adopt(world.on("2017-02-04").refer("dispositions.csv", header + decided))
    world.publish()
    # THEN
    assert adopted.in_force, adopted.problems
    (cause,) = world.changes()["causes"]
    assert differences(cause, "facility removed", "name", "decision") == [
        ("facility removed", "Tantalum CID000003", "Indeterminable", ""),
        ("name", "Tantalum, CID000003, ZAMBIA", "CID000003", "no smelter"),
        ("decision", "Tantalum, CID000003, ZAMBIA", "", "not a smelter: names 1, lines 1"),
    ]


def test_what_comes_late_from_before_the_day_is_no_cause_of_it(world: Calendar) -> None:
    # GIVEN two uploads of different days
    late = world.on("2017-02-02").drop("2016/beta/cmrt.xlsx", workbook("CID000003", "CID000004"))
    newest = world.on("2017-02-03").drop("2016/acme/cmrt.xlsx", workbook("CID000002"))
    world.take(newest)
    world.publish()
    causes = world.changes()["causes"]
    # WHEN the older one is delivered after the newer one was published
    world.take(late)
    world.publish()
    # THEN the day is told as before, but for what it comes to in figures that the late one moved
    (before,), (after,) = causes, world.changes()["causes"]
    matters = ("supplier", "facility added", "facility removed", "status", "named by", "name")
    assert differences(after, *matters) == differences(before, *matters)
    assert after["inputs"] == before["inputs"]


def story(world: Calendar) -> list[tuple[str, ObjectEvent]]:
    """Events of three days, some of them at one time."""
    world.on("2017-02-02")
    events = [
        ("take", world.drop("2016/acme/cmrt.xlsx", workbook("CID000002"))),
        ("take", world.drop("2016/beta/p.xlsx", file("CID000004", scope="C"))),
        ("adopt", world.refer("smelter-list.csv", LIST.replace(b"active", b"conformant"))),
    ]
    world.on("2017-02-03")
    return [
        *events,
        ("take", world.delete("2016/beta/p.xlsx")),
        ("take", world.drop("2016/acme/cmrt.xlsx", workbook("CID000001", "CID000004"))),
        ("take", world.drop("2016/beta/bad.xlsx", b"no workbook")),
        ("adopt", world.refer("smelter-list.csv", LIST.replace(b"conformant", b"active"))),
        ("adopt", world.refer("smelter-list-2016-12-01.csv", LIST.replace(b"active", b"conformant"))),
    ]


def test_the_same_story_is_told_whatever_the_order_and_however_often_published(account, fresh) -> None:  # noqa: F811
    # GIVEN
    world = Calendar(account, itertools.count(10))
    world.set_up()
    events = story(world)
    told = []
    for seed in range(3):
        shuffled = random.Random(seed).sample([*events, *events], 2 * len(events))
        # WHEN events come in some order, twice, with publishes in between
        for number, (flow, event) in enumerate(shuffled):
            getattr(world, flow)(event)
            if number % 5 == seed:
                world.publish()
        world.publish()
        told.append(world.latest())
    # THEN
    assert told[0] == told[1] == told[2]
    assert len(world.changes()["causes"]) == 3
    # WHEN it is rebuilt from the ledger, and replayed from the buckets with the times that the ledger recorded
    rebuilt, replayed = fresh(), fresh()
    rebuild_year(YEAR, replace(account, results=rebuilt.results), afresh=True)
    replay(replayed, recorded(account.ledger.receipt_times(YEAR)))
    # THEN
    assert latest(account, "results-1") == world.latest()
    assert latest(account, "results-2") == world.latest()
