"""Reference files as events on moto: each drop changes what it should, and the order of drops changes nothing."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.official import find_template
from tests.properties import examples
from tests.unit.sources.exports import HEADING, facility, spreadsheetml
from tracelode.flow.adopt_reference import Adopted, adopt_reference
from tracelode.reference.moments import EARLIER_LISTS, earlier_moments
from tracelode.reference.snapshot import ReferenceSnapshot, ReferenceVanishedError
from tracelode.smelters.status import SmelterList
from tracelode.storage import reference_files
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.reference_files import ReferenceFiles

YEAR = 2024
OURS = "metal,cid,name,country,status,as_of\n"


def rmi(*numbers: int) -> bytes:
    return spreadsheetml([HEADING, *(facility(number) for number in numbers)])


def ours(as_of: str, *numbers: int) -> bytes:
    rows = (f"Gold,CID{number:06},Works {number},JAPAN,conformant,{as_of}\n" for number in numbers)
    return (OURS + "".join(rows)).encode()


@dataclass
class Desk:
    """The compliance team's desk: drops files and looks at what became of them."""

    account: object
    year: int = YEAR
    minutes: itertools.count = field(default_factory=lambda: itertools.count(10))

    def put(self, file: str, body: bytes) -> ObjectEvent:
        key = f"{self.year}/{file}"
        moment = f"2024-06-01T08:{next(self.minutes):02}:00.000Z"
        return ObjectEvent(key, self.account.drop("reference", key, body), moment, deleted=False)

    def adopt(self, event: ObjectEvent) -> Adopted:
        a = self.account
        return adopt_reference(event, a)

    def drop(self, file: str, body: bytes) -> Adopted:
        return self.adopt(self.put(file, body))

    def answer(self, file: str) -> dict:
        return json.loads(self.account.text(f"{self.year}/reference/{file}.json"))

    def in_force(self) -> dict[str, ReferenceSnapshot]:
        return self.account.ledger.references.in_force(self.year)

    def picture(self) -> SmelterList:
        return self.files().in_force(self.in_force().values()).smelter_list

    def statuses(self) -> dict[str, str]:
        return {listed.facility.cid[-1]: listed.listed_as.value for listed in self.picture().facilities.values()}

    def earlier(self) -> tuple[SmelterList, ...]:
        moments = earlier_moments(self.account.ledger.references.history(self.year))
        return self.files().earlier_pictures(moments, self.picture())

    def files(self) -> ReferenceFiles:
        return ReferenceFiles(self.account.reference)


@pytest.fixture
def desk(account) -> Desk:
    return Desk(account)


def test_an_answer_is_that_to_the_newest_file_of_a_name_in_every_order(desk: Desk) -> None:
    # GIVEN a good file, one with an error in its place, and a good one again
    events = [desk.put("smelter-list.csv", body) for body in (ours("2024-01-31", 1), b"metal\n", ours("2024-03-31", 2))]
    answers = []
    for order in itertools.permutations((*events, events[0])):
        # WHEN their events come in any order, one of them twice
        for event in order:
            desk.adopt(event)
        # THEN the answer is that to the last one
        answers.append(desk.answer("smelter-list.csv"))
        desk.account.s3.delete_object(Bucket="results", Key=f"{YEAR}/reference/smelter-list.csv.json")
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["received"], answers[0]["as_of"]) == (events[2].time, "2024-03-31")
    # AND a newer file's answer takes its place
    desk.drop("smelter-list.csv", b"metal\n")
    assert desk.answer("smelter-list.csv")["status"] == "refused"


def test_dropping_rmi_s_lists_is_all_it_takes(desk: Desk) -> None:
    # WHEN
    desk.drop("smelter-list.csv", ours("2024-01-31", 1))
    desk.drop("conformant-2024-05-01.xml", rmi(1, 2))
    assert desk.statuses() == {"1": "conformant"}
    desk.drop("active-2024-05-01.xml", rmi(3))
    # THEN
    assert desk.statuses() == {"1": "conformant", "2": "conformant", "3": "active"}
    assert desk.picture().as_of == date(2024, 5, 1)
    assert desk.answer("active-2024-05-01.xml") == {
        "file": "active-2024-05-01.xml",
        "kind": "active-list",
        "as_of": "2024-05-01",
        "counted": {"facilities": 1},
        "in_force": True,
        "notes": [],
        "problems": [],
        "received": "2024-06-01T08:12:00.000Z",
        "result": "in force",
        "sha256": desk.in_force()["active-list"].sha256,
        "status": "taken",
    }


def test_an_older_list_that_arrives_late_changes_nothing_but_history(desk: Desk) -> None:
    # GIVEN
    desk.drop("conformant-2024-05-01.xml", rmi(1))
    desk.drop("active-2024-05-01.xml", rmi(2))
    before = desk.in_force()
    # WHEN
    adopted = desk.drop("conformant-2023-11-01.xml", rmi(1, 2))
    # THEN
    assert not adopted.in_force
    assert desk.in_force() == before
    assert desk.statuses() == {"1": "conformant", "2": "active"}
    answer = desk.answer("conformant-2023-11-01.xml")
    assert (answer["in_force"], answer["result"]) == (
        False,
        "kept as history: a newer one of 2024-05-01 is in force",
    )
    assert [snapshot.as_of for snapshot in desk.account.ledger.references.history(YEAR)] == [
        "2024-05-01",
        "2023-11-01",
        "2024-05-01",
    ]


def test_a_newer_file_replaces_the_older_of_its_kind_whatever_it_is_called(desk: Desk) -> None:
    desk.drop("conformant-2024-03-01.xml", rmi(1))
    desk.drop("RMAP Conformant Smelters 2024-05-01.xml", rmi(2))
    assert desk.statuses() == {"2": "conformant"}
    assert list(desk.in_force()) == ["conformant-list"]


def test_a_list_that_states_no_date_counts_from_its_receipt_and_is_undated(desk: Desk) -> None:
    desk.drop("conformant.xml", rmi(1))
    assert desk.answer("conformant.xml")["as_of"] == "2024-06-01"
    assert (desk.picture().counts_from, desk.picture().as_of) == (date(2024, 6, 1), None)


def test_a_corrected_list_of_the_same_date_replaces_the_one_received_before(desk: Desk) -> None:
    desk.drop("conformant-2024-05-01.xml", rmi(1))
    desk.drop("conformant-2024-05-01.xml", rmi(1, 2))
    assert desk.statuses() == {"1": "conformant", "2": "conformant"}
    assert desk.earlier() == ()


def test_a_repeated_event_is_told_the_same(desk: Desk) -> None:
    event = desk.put("conformant.xml", rmi(1))
    assert desk.adopt(event) == desk.adopt(event)
    assert desk.adopt(event).in_force
    assert len(desk.account.ledger.references.history(YEAR)) == 1


@pytest.mark.parametrize(
    ("file", "body", "problem"),
    [
        (
            "conformant.xml",
            spreadsheetml([("Metal", "Name"), ("Gold", "Works")]),
            "row 1, column facility: column is missing; it is headed",
        ),
        ("conformant.xml", b"<html>accept the terms</html>", "a web page or other markup, not a list"),
        ("conformant-2025-09-01.xml", rmi(1), "dated more than a year ahead (found 2025-09-01)"),
        ("smelters.csv", b"x", "no reference file is called so; known are"),
        ("cmrt-template.xlsx", b"PK", "The file was cut off"),
    ],
)
def test_a_bad_file_is_answered_and_what_was_in_force_stays(desk: Desk, file: str, body: bytes, problem: str) -> None:
    # GIVEN
    desk.drop("conformant-2024-05-01.xml", rmi(1))
    before = desk.in_force()
    # WHEN
    adopted = desk.drop(file, body)
    # THEN
    assert (adopted.in_force, adopted.kind, len(adopted.problems)) == (False, "", 1)
    answer = desk.answer(file)
    assert (answer["status"], answer["result"]) == ("refused", "refused: what was in force stays in force")
    assert problem in answer["problems"][0]
    assert desk.in_force() == before
    assert len(desk.account.ledger.references.history(YEAR)) == 1


def test_each_template_stays_in_force_beside_the_others(desk: Desk) -> None:
    versions = [(version, find_template(version)) for version in ("6.4", "6.5")]
    if not all(path for _, path in versions):
        pytest.skip("no official templates on this machine")
    for version, path in versions:
        assert desk.drop(f"cmrt-template-{version}.xlsx", path.read_bytes()).in_force
    assert list(desk.in_force()) == ["cmrt-template:cmrt-template-6.4.xlsx", "cmrt-template:cmrt-template-6.5.xlsx"]
    assert desk.answer("cmrt-template-6.5.xlsx")["counted"]["facilities"] > 300


def test_a_process_reads_a_file_once(desk: Desk) -> None:
    # GIVEN
    desk.drop("conformant-2024-05-01.xml", rmi(1, 7))
    (snapshot,) = desk.in_force().values()
    first = desk.files().content(snapshot)
    # WHEN its version is erased
    desk.account.s3.delete_object(Bucket="reference", Key=snapshot.key, VersionId=snapshot.version_id)
    # THEN a process that has read it needs it no more, and one that has not fails loudly
    assert desk.files().content(snapshot) is first
    reference_files._parsed.cache_clear()
    with pytest.raises(ReferenceVanishedError):
        desk.files().content(snapshot)


def test_earlier_pictures_are_those_that_counted_at_earlier_dates(desk: Desk) -> None:
    # GIVEN lists of four dates, dropped in any order; at the first date only half a picture
    for file, numbers in {
        "active-2024-03-01.xml": (2, 3),
        "conformant-2024-05-01.xml": (1, 2),
        "conformant-2024-01-01.xml": (9,),
        "conformant-2024-02-01.xml": (1,),
        "active-2024-05-01.xml": (3,),
    }.items():
        desk.drop(file, rmi(*numbers))
    # WHEN
    (earlier,) = desk.earlier()
    # THEN
    assert earlier.as_of == date(2024, 3, 1)
    assert {facility.cid[-1]: listed.listed_as.value for facility, listed in earlier.facilities.items()} == {
        "1": "conformant",
        "2": "active",
        "3": "active",
    }


def test_a_report_looks_back_at_no_more_than_a_dozen_dates() -> None:
    history = [
        ReferenceSnapshot("smelter-list.csv", f"{YEAR}/smelter-list.csv", f"v{n}", "", "", f"2023-{n:02}-01")
        for n in range(1, 13)
    ]
    history += [
        ReferenceSnapshot("smelter-list.csv", f"{YEAR}/smelter-list.csv", f"w{n}", "", "", f"2024-{n:02}-01")
        for n in range(1, 6)
    ]
    moments = earlier_moments(history)
    assert len(moments) == EARLIER_LISTS
    assert [moment[0].as_of for moment in (moments[0], moments[-1])] == ["2023-05-01", "2024-04-01"]


DROPS = st.lists(
    st.tuples(
        st.sampled_from(["conformant", "active", "cross-recognized", "smelter-list", "broken"]),
        st.integers(1, 4),
        st.sets(st.integers(1, 4)),
    ),
    min_size=1,
    max_size=6,
)


def body_of(kind: str, month: int, numbers: set[int]) -> tuple[str, bytes]:
    day = f"2024-{month:02}-01"
    if kind == "smelter-list":
        return f"smelter-list-{day}.csv", ours(day, *sorted(numbers))
    if kind == "broken":
        return f"conformant-{day}.xml", b"<html/>"
    return f"{kind}-{day}.xml", rmi(*sorted(numbers or {5}))


@examples(0.15)
@given(drops=DROPS, shuffle=st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_drops_ends_in_the_same_lists_in_force(account, drops, shuffle) -> None:
    def run(order: Sequence[int]) -> tuple[object, ...]:
        # The same objects with the same receipt times in a year of their own; only the events come in another order.
        desk = Desk(account, year=2011)
        forget(account)
        events = [desk.put(*body_of(*drop)) for drop in drops]
        for number in order:
            desk.adopt(events[number])
        return (
            {kind: (s.sha256, s.received) for kind, s in desk.in_force().items()},
            [(s.kind, s.sha256, s.received) for s in account.ledger.references.history(2011)],
            desk.picture(),
            desk.earlier(),
        )

    tidy = list(range(len(drops)))
    untidy = [*tidy, *tidy[: len(tidy) // 2]]
    shuffle.shuffle(untidy)
    assert run(untidy) == run(tidy)


def forget(account) -> None:
    for item in account.items():
        account.dynamodb.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
