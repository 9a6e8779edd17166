"""What changed on a day: differences that add up, and words that say so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import facts, identity, submission
from tests.properties import examples
from tracelode.picture.facts import Facts
from tracelode.picture.interpretation import interpret
from tracelode.reference.snapshot import ReferenceSnapshot, newest_of_each_kind
from tracelode.report.trace.changes import (
    NOT_COMPARED,
    Cause,
    Changes,
    Difference,
    DifferenceKind,
    InputKind,
    NewInput,
    changes_json,
    differences,
    statements_of,
)
from tracelode.report.trace.changes_told import DIFFERENCES_AT_MOST, LINES_AT_MOST, Line, change_rows, changes_page
from tracelode.report.trace.newest_day import what_changed
from tracelode.smelters.status import Status
from tracelode.sources.roster import Supplier
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing, fold, seat_number
from tracelode.tally.current import Counted, Receipt, Withdrawal, place

SUPPLIERS = ("acme", "beta", "gamma")
NAMES = (identity(), identity("Tin", "CID000002", "Two"), identity("Tin", "", "Nobody's", ""))
LISTS = {
    "conformant": {("Gold", "CID000001"): Status.CONFORMANT, ("Tin", "CID000002"): Status.ACTIVE},
    "active": {("Gold", "CID000001"): Status.ACTIVE},
}
ROSTERS = {"all": dict.fromkeys(SUPPLIERS, True), "two": {"acme": True, "beta": True}, "one": {"acme": True}}


@dataclass(frozen=True)
class World:
    """Everything that ever came: summaries, deletions, and reference files whose hash says what they say."""

    sent: tuple[SubmissionSummary, ...]
    deleted: tuple[Withdrawal, ...]
    history: tuple[ReferenceSnapshot, ...]

    def until(self, day: str) -> "World":
        return World(
            tuple(item for item in self.sent if item.received < day),
            tuple(item for item in self.deleted if item.at < day),
            tuple(item for item in self.history if item.received < day),
        )

    def aggregate(self) -> Aggregate:
        return fold(
            self._standing(number, supplier)
            for number, supplier in enumerate(SUPPLIERS)
            if any(item.supplier_id == supplier for item in self.sent)
        )

    def _standing(self, number: int, supplier: str) -> Standing:
        mine = {item.order: item for item in self.sent if item.supplier_id == supplier}
        placed = place([Receipt(*item.order, item.state, item.scope) for item in mine.values()], self.deleted)

        def summaries(counted: Counted[Receipt]) -> Counted[SubmissionSummary]:
            rejected = mine[counted.rejected.order] if counted.rejected else None
            return Counted(tuple(mine[receipt.order] for receipt in counted.current), rejected)

        now = summaries(Counted(placed.current, placed.rejected))
        before = summaries(placed.before) if placed.before else None
        seat = seat_number(number)
        return Standing(supplier, seat, now.current, now.rejected, placed.day, before, placed.withdrawn)


def facts_of(history: Sequence[ReferenceSnapshot], aggregate: Aggregate) -> Facts:
    standing = newest_of_each_kind(history)
    made = facts([], listed=LISTS[standing["smelter-list.csv"].sha256])
    surveyed = ROSTERS[standing["suppliers.csv"].sha256]
    roster = tuple(Supplier(name, name.title(), "", scope) for name, scope in surveyed.items())
    return replace(made, roster=roster, aggregate=aggregate)


def snapshot(kind: str, says: str, received: str) -> ReferenceSnapshot:
    return ReferenceSnapshot(kind, f"2016/{kind}", "v", says, received, received[:10])


FIRST = "2017-01-01T08:00:00.000Z"
STANDING = (
    snapshot("program.toml", "", FIRST),
    snapshot("suppliers.csv", "all", FIRST),
    snapshot("smelter-list.csv", "conformant", FIRST),
)
times = st.builds("2017-02-0{}T{:02}:00:00.000Z".format, st.integers(1, 3), st.sampled_from([0, 12, 23]))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    def sent(number: int) -> SubmissionSummary:
        supplier = draw(st.sampled_from(SUPPLIERS))
        return submission(
            supplier,
            received=draw(times),
            key=f"2016/{supplier}/{draw(st.sampled_from('ab'))}.xlsx",
            version_id=f"v{number}",
            state=draw(st.sampled_from([State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED])),
            scope=draw(st.sampled_from("AB")),
            identities=dict.fromkeys(draw(st.sets(st.sampled_from(NAMES))), 1),
        )

    everything = [sent(number) for number in range(draw(st.integers(0, 6)))]
    readable = [replace(s, identities={}) if s.state is State.REJECTED else s for s in everything]
    keys = st.sampled_from([item.key for item in readable] or ["2016/acme/a.xlsx"])
    deleted = draw(st.lists(st.builds(Withdrawal, times, keys), max_size=2))
    lists = st.builds(snapshot, st.just("smelter-list.csv"), st.sampled_from(sorted(LISTS)), times)
    rosters = st.builds(snapshot, st.just("suppliers.csv"), st.sampled_from(sorted(ROSTERS)), times)
    came = draw(st.lists(lists | rosters, max_size=6, unique_by=lambda item: item.order))
    return World(tuple(readable), tuple(deleted), (*STANDING, *came))


def changes_of(world: World) -> Changes:
    aggregate = world.aggregate()
    now = interpret(facts_of(world.history, aggregate))
    return what_changed(now, world.history, aggregate, facts_of)


@examples(1.5)
@given(worlds())
def test_the_differences_add_up_from_what_was_said_before_the_day_to_what_is_said_now(world: World) -> None:
    # GIVEN what a report says of all that came, and what one said of what had come before the newest day
    changes = changes_of(world)
    if changes.uncompared:
        assert changes.day == "2017-01-01"
        return
    then = world.until(changes.day)
    before = statements_of(interpret(facts_of(then.history, then.aggregate())))
    now = statements_of(interpret(facts_of(world.history, world.aggregate())))
    # WHEN the differences are applied, cause by cause
    told = [item for cause in changes.causes for item in cause.differences]
    figures, facilities = dict(before.figures), {str(f.metal + " " + f.cid) for f in before.facilities}
    states = {supplier: state for supplier, (_, state) in before.suppliers.items()}
    for item in told:
        if item.matter is DifferenceKind.FIGURE:
            assert figures.get(item.subject, "") == item.before
            assert len(item.name.split()) > 2, "a figure is told by what it counts"
            figures[item.subject] = item.after
        if item.matter is DifferenceKind.SUPPLIER:
            assert states.get(item.subject, "") == item.before
            states[item.subject] = str(item.after)
        if item.matter is DifferenceKind.FACILITY_ADDED:
            facilities.add(item.subject)
        if item.matter is DifferenceKind.FACILITY_REMOVED:
            facilities.remove(item.subject)
    # THEN
    assert {name: value for name, value in figures.items() if value != ""} == {
        name: value for name, value in now.figures.items() if value != ""
    }
    assert facilities == {f"{f.metal} {f.cid}" for f in now.facilities}
    assert {name: state for name, state in states.items() if state} == {
        supplier: state for supplier, (_, state) in now.suppliers.items()
    }


@examples(0.6)
@given(worlds(), st.randoms())
def test_the_order_in_which_things_are_known_does_not_matter(world: World, random) -> None:
    mixed = World(*(tuple(random.sample(items, len(items))) for items in (world.sent, world.deleted, world.history)))
    assert changes_json(changes_of(mixed)) == changes_json(changes_of(world))


@examples(0.6)
@given(worlds())
def test_every_difference_has_a_cause_that_came_on_the_day(world: World) -> None:
    changes = changes_of(world)
    for cause in changes.causes:
        assert cause.inputs
        assert all(item.received[:10] in ("", changes.day) for item in cause.inputs)
        senders = {item.supplier_id for item in cause.inputs}
        assert all(senders.issuperset(item.suppliers) for item in cause.differences)


def test_who_begins_and_who_ceases_to_name_a_facility_are_told_apart() -> None:
    # GIVEN a facility that acme names no more on the day on which beta begins to
    day_before, day = "2017-02-01T08:00:00.000Z", "2017-02-03T08:00:00.000Z"
    sent = (
        submission("acme", received=day_before, version_id="v1", identities={NAMES[0]: 1}),
        submission("acme", received=day, version_id="v2", identities={NAMES[1]: 1}),
        submission("beta", received=day, identities={NAMES[0]: 1}),
    )
    # WHEN
    (cause,) = changes_of(World(sent, (), STANDING)).causes
    # THEN
    assert [
        (item.before, item.after, item.suppliers)
        for item in cause.differences
        if item.matter is DifferenceKind.NAMED_BY
    ] == [(1, 2, ("beta",)), (2, 1, ("acme",))]


def test_many_reference_files_of_one_day_are_told_together_at_last() -> None:
    # GIVEN six lists of one day, each of which changes something
    lists = [
        snapshot("smelter-list.csv", ("active", "conformant")[number % 2], f"2017-02-03T08:00:0{number}.000Z")
        for number in range(6)
    ]
    sent = submission("acme", received="2017-02-01T08:00:00.000Z", identities={NAMES[0]: 1})
    # WHEN
    changes = changes_of(World((sent,), (), (*STANDING, *lists)))
    # THEN
    assert [len(cause.inputs) for cause in changes.causes] == [1, 1, 1, 3]
    differences = [item for cause in changes.causes for item in cause.differences]
    assert [item.after for item in differences if item.matter is DifferenceKind.STATUS] == [
        "Active", "Conformant", "Active", "Conformant",
    ]  # fmt: skip


def test_an_interpretation_differs_from_itself_in_nothing() -> None:
    said = statements_of(interpret(facts_of(STANDING, fold([]))))
    assert differences(said, said) == ()


# ---- in words ----------------------------------------------------------------------------------------------------


def sent_by(supplier: str) -> NewInput:
    return NewInput(
        InputKind.SUBMISSION,
        f"2016/{supplier}/cmrt.xlsx",
        FIRST,
        "ab",
        supplier_id=supplier,
        supplier=f"{supplier.title()} Ltd",
    )


def by_acme(matter: DifferenceKind, before: object = "", after: object = "") -> Difference:
    return Difference(matter, "acme", "Acme Ltd", before, after, ("acme",))  # type: ignore[arg-type]


def test_a_supplier_s_file_is_told_in_a_sentence() -> None:
    items = (
        by_acme(DifferenceKind.SUPPLIER, "needs correction", "accepted"),
        *[by_acme(DifferenceKind.FACILITY_ADDED, "", "Active")] * 3,
        by_acme(DifferenceKind.FACILITY_REMOVED, "Active", ""),
        by_acme(DifferenceKind.NAMED_BY, 2, 1),
        by_acme(DifferenceKind.NAME, "", "to identify"),
    )
    (line,) = changes_page(Changes("2017-05-15", (Cause((sent_by("acme"),), items),))).lines
    assert line == Line(
        "Acme Ltd",
        "sent cmrt.xlsx: accepted now, needs correction before; adds three facilities; removes one facility; "
        "no longer names one facility that others still name; leaves one more name to identify.",
    )


def test_what_several_suppliers_did_together_is_not_told_as_the_work_of_each() -> None:
    inputs = (sent_by("acme"), sent_by("beta"))
    removed = replace(by_acme(DifferenceKind.FACILITY_REMOVED), suppliers=("acme", "beta"))
    lines = changes_page(Changes("2017-05-15", (Cause(inputs, (removed,)),))).lines
    assert [line.says for line in lines] == ["sent cmrt.xlsx: together with others removes one facility."] * 2


def test_a_file_that_changes_nothing_is_told_as_such() -> None:
    listed = NewInput(InputKind.REFERENCE, "2016/smelter-list.csv", FIRST, "ab", "2017-05-01")
    changes = Changes("2017-05-15", (Cause((listed,)),))
    assert changes_page(changes).lines == (Line("smelter-list.csv", "changes no facility, name, state or decision."),)
    assert list(change_rows(changes)) == [("2016/smelter-list.csv", "nothing", "", "", "", "", "")]


def test_a_page_tells_the_first_of_many_and_the_sheet_all() -> None:
    inputs = (sent_by("acme"), *(sent_by(f"s{number:03}") for number in range(LINES_AT_MOST + 4)))
    items = tuple(by_acme(DifferenceKind.FACILITY_ADDED) for _ in range(DIFFERENCES_AT_MOST + 7))
    changes = Changes("2017-05-15", (Cause(inputs, items),))
    page = changes_page(changes)
    assert (len(page.lines), page.further) == (LINES_AT_MOST, 5)
    assert [(len(rows), in_all) for _, rows, in_all in page.tables] == [(DIFFERENCES_AT_MOST, DIFFERENCES_AT_MOST + 7)]
    assert page.lines[0].title == "Acme Ltd"
    assert len(list(change_rows(changes))) == DIFFERENCES_AT_MOST + 7


def test_of_very_many_suppliers_some_are_named_and_the_number_is_said() -> None:
    everyone = tuple(f"s{number:03}" for number in range(50))
    item = Difference(DifferenceKind.NAMED_BY, "Gold CID000001", "One", 1, 51, everyone)
    changes = Changes("2017-05-15", (Cause(tuple(map(sent_by, everyone)), (item,)),))
    ((through, *_, named),) = change_rows(changes)
    (written,) = json.loads(changes_json(changes))["causes"][0]["differences"]
    assert (through, named) == ("50 files of the day", ", ".join(everyone[:20]) + " and 30 more")
    assert (written["suppliers"], written["suppliers_in_all"]) == (list(everyone[:20]), 50)


def test_where_there_is_nothing_to_compare_with_the_sheet_says_why() -> None:
    assert [row[0] for row in change_rows(NOT_COMPARED)] == [NOT_COMPARED.uncompared]
