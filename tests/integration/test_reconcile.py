"""Reconciling on moto: whatever was lost on the way, a sweep or a full reconciliation brings it back, and says so."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.factories.submissions import standing_of
from tests.integration.moments import begun
from tests.integration.test_flows import LIST, YEAR, World, workbook
from tracelode.flow.reconcile_year import Reconciled, reconcile_every_year, reconcile_year
from tracelode.flow.tally_group import tally_group
from tracelode.ledger.changes import PROGRAM_YEARS
from tracelode.ledger.groups import Groups
from tracelode.storage.places import MisplacedObjectError, inbox_place
from tracelode.tally.aggregate import GROUP_SIZE, fold, merge
from tracelode.tally.current import place


@pytest.fixture
def world(account) -> World:
    """A year with a published report of two suppliers."""
    return begun(account, World, published)


def published(made: World) -> None:
    made.set_up()
    made.take(made.drop("2016/acme/cmrt.xlsx", workbook()))
    made.take(made.drop("2016/beta/cmrt.xlsx", workbook("CID000003")))
    made.publish()


def reconcile(world: World, *, full: bool = False) -> Reconciled:
    a = world.account
    return reconcile_year(YEAR, a, full=full)


def found(reconciled: Reconciled) -> tuple[int, int, int]:
    return (reconciled.unsettled, reconciled.stale, reconciled.drift)


def written(world: World) -> list[tuple[str, str]]:
    """Keys of the ledger's items with the version of each, to see whether any was written."""
    return sorted(
        (item["pk"]["S"] + item["sk"]["S"], item.get("version", {}).get("N", "")) for item in world.account.items()
    )


def calls(world: World, work: Callable[[], object]) -> list[str]:
    """The AWS calls that something makes."""
    made: list[str] = []

    def note(model, **_) -> None:
        made.append(model.name)

    for client in (world.account.s3, world.account.dynamodb):
        client.meta.events.register("before-call.*.*", note, unique_id="note")
    work()
    for client in (world.account.s3, world.account.dynamodb):
        client.meta.events.unregister("before-call.*.*", unique_id="note")
    return made


@pytest.mark.parametrize("full", [False, True], ids=["sweep", "full"])
def test_where_nothing_is_wrong_nothing_is_written(world: World, full: bool) -> None:
    # GIVEN a first sweep, which remembers that the report is right
    assert found(reconcile(world)) == (0, 0, 0)
    before, latest = written(world), world.latest()
    # WHEN
    again = reconcile(world, full=full)
    # THEN
    assert found(again) == (0, 0, 0)
    assert not again.published
    assert written(world) == before
    assert world.latest() == latest


def test_a_lost_trigger_of_the_tally_is_made_up_for_by_a_sweep(world: World) -> None:
    # GIVEN an upload whose change never reached the tally
    world.take(world.drop("2016/beta/again.xlsx", workbook("CID000002", "CID000003")))
    # WHEN
    swept = reconcile(world)
    # THEN
    assert found(swept) == (0, 1, 0)
    assert swept.published
    assert world.figures()["smelters"]["active"] == 1
    latest = world.latest()
    assert not world.publish().new
    assert world.latest() == latest


def test_a_group_that_was_never_tallied_is_tallied_by_a_sweep(account) -> None:
    world = World(account, itertools.count(10))
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    assert found(reconcile(world)) == (0, 1, 0)
    assert world.figures()["suppliers"]["responded"] == 1
    assert found(reconcile(world)) == (0, 0, 0)


def test_a_lost_trigger_of_publish_is_made_up_for_by_a_sweep(world: World) -> None:
    # GIVEN a report that a sweep has found right
    reconcile(world)
    # WHEN partials and, later, the smelter list change and nobody publishes
    world.take(world.drop("2016/beta/again.xlsx", workbook("CID000002")))
    tally_group(YEAR, 0, world.account.ledger)
    first = reconcile(world)
    world.adopt(world.refer("smelter-list.csv", LIST.replace(b"active", b"conformant")))
    second = reconcile(world)
    # THEN each sweep publishes
    assert (found(first), first.published, second.published) == ((0, 0, 0), True, True)
    assert world.figures()["smelters"]["conformant"] == 2


def test_a_quiet_sweep_renders_nothing_and_costs_one_query_a_group(world: World) -> None:
    # GIVEN three groups, of which two have no supplier with a submission yet
    reconcile(world)
    one_group = calls(world, lambda: reconcile(world))
    for number in range(2 * GROUP_SIZE):
        world.account.ledger.groups.seat(YEAR, f"seated-{number}")
    reconcile(world)
    # WHEN
    three_groups = calls(world, lambda: reconcile(world))
    # THEN
    assert three_groups.count("Query") - one_group.count("Query") == 2
    assert sorted(set(three_groups)) == ["GetItem", "GetObject", "HeadObject", "Query"]
    assert len(three_groups) - len(one_group) == 2


def test_a_publisher_that_died_while_copying_is_finished_by_a_sweep(world: World) -> None:
    # GIVEN latest/ half old, half missing, and the pointer moved already
    reconcile(world)
    whole = world.latest()
    world.account.s3.put_object(
        Bucket="results", Key="2016/latest/figures.json", Body=b"{}", Metadata={"sha256": "old"}
    )
    world.account.s3.delete_object(Bucket="results", Key="2016/latest/manifest.json")
    # WHEN
    reconcile(world)
    # THEN
    assert world.latest() == whole


class DiedError(BaseException):
    """The function's environment was killed."""


@pytest.mark.parametrize("supplier", ["acme", "gamma"], ids=["a known supplier", "a supplier without a seat"])
def test_a_submission_that_was_recorded_and_never_settled_is_settled_in_full(world: World, supplier: str) -> None:
    # GIVEN an intake that died after it had recorded a submission, and its message is lost
    event = world.drop(f"2016/{supplier}/later.xlsx", workbook("CID000004"))
    settling = pytest.MonkeyPatch()
    settling.setattr(Groups, "seat", dies)
    with pytest.raises(DiedError):
        world.take(event)
    settling.undo()
    # WHEN a sweep runs, THEN it cannot know
    assert found(reconcile(world)) == (0, 0, 0)
    # WHEN everything is reconciled, THEN the submission counts
    assert found(reconcile(world, full=True)) == (1, 1, 0)
    members = {member.supplier_id: member for member in world.account.ledger.groups.members(YEAR, 0)}
    assert members[supplier].current[0].startswith(f"SUMMARY#{event.time}")
    latest = world.latest()
    world.take(event)
    world.publish()
    assert world.latest() == latest


def dies(*_: object) -> None:
    raise DiedError


def test_a_withdrawal_that_was_recorded_and_never_settled_is_settled_in_full(world: World, monkeypatch) -> None:
    # GIVEN
    event = world.delete("2016/beta/cmrt.xlsx")
    with monkeypatch.context() as patched:
        patched.setattr(Groups, "seat", dies)
        with pytest.raises(DiedError):
            world.take(event)
    # WHEN
    reconciled = reconcile(world, full=True)
    # THEN
    assert found(reconciled) == (1, 1, 0)
    assert world.figures()["suppliers"]["responded"] == 1


def test_a_supplier_of_which_nothing_is_recorded_yet_is_left_alone(world: World) -> None:
    world.drop("2016/late/cmrt.xlsx", workbook())
    world.account.drop("inbox", "2016/stray.xlsx", b"")
    assert found(reconcile(world, full=True)) == (0, 0, 0)
    assert world.account.ledger.submissions.suppliers(YEAR) == ("acme", "beta")


def tampered(world: World, **changes: object) -> None:
    """Change what the group's partial says without a word about it."""
    ledger = world.account.ledger
    key = {"pk": {"S": "GROUP#2016#00000"}, "sk": {"S": "PARTIAL"}}
    item = world.account.dynamodb.get_item(TableName="ledger", Key=key)["Item"]
    stored = ledger.partials.stored(YEAR, 0).partial
    ledger.partials.put(YEAR, replace(stored, **changes), ledger.partials.version(YEAR, 0))
    now = world.account.dynamodb.get_item(TableName="ledger", Key=key)["Item"]
    world.account.dynamodb.put_item(TableName="ledger", Item={**item, "blob": now["blob"], "version": now["version"]})


def test_a_partial_that_says_something_else_than_the_fold_is_drift_and_is_mended(world: World) -> None:
    # GIVEN
    reconcile(world)
    latest = world.latest()
    tampered(world, identities={})
    # WHEN a sweep runs, THEN the aggregate is wrong, and it cannot know
    assert found(reconcile(world)) == (0, 0, 0)
    assert world.latest() != latest
    # WHEN everything is reconciled
    reconciled = reconcile(world, full=True)
    # THEN
    assert found(reconciled) == (0, 0, 1)
    assert reconciled.published
    assert world.latest() == latest
    assert found(reconcile(world, full=True)) == (0, 0, 0)


def test_a_damaged_partial_is_drift_and_is_mended(world: World) -> None:
    # GIVEN
    latest = world.latest()
    key = {"pk": {"S": "GROUP#2016#00000"}, "sk": {"S": "PARTIAL"}}
    item = world.account.dynamodb.get_item(TableName="ledger", Key=key)["Item"]
    world.account.dynamodb.put_item(TableName="ledger", Item={**item, "blob": {"B": item["blob"]["B"][:-9]}})
    # WHEN / THEN
    assert found(reconcile(world, full=True)) == (0, 0, 1)
    assert world.latest() == latest


def test_a_partial_of_a_release_that_did_not_say_what_it_covers_is_stale_once(world: World) -> None:
    # GIVEN
    key = {"pk": {"S": "GROUP#2016#00000"}, "sk": {"S": "PARTIAL"}}
    item = world.account.dynamodb.get_item(TableName="ledger", Key=key)["Item"]
    del item["covers"]
    world.account.dynamodb.put_item(TableName="ledger", Item=item)
    # WHEN / THEN
    assert found(reconcile(world)) == (0, 1, 0)
    assert found(reconcile(world)) == (0, 0, 0)


def test_a_supplier_settled_by_a_release_that_kept_nothing_of_the_time_before_is_settled_again(world: World) -> None:
    # GIVEN items as such a release wrote them
    a = world.account
    latest = world.latest()
    for item in a.items():
        if item["sk"]["S"].startswith("CURRENT#"):
            older = {name: value for name, value in item.items() if name not in ("day", "before", "withdrawn")}
            a.dynamodb.put_item(TableName="ledger", Item=older)
    members = a.ledger.groups.members(YEAR, 0)
    assert {(member.day, member.before, member.withdrawn) for member in members} == {("", None, ())}
    # WHEN a sweep runs, THEN it folds what such items say
    assert found(reconcile(world)) == (0, 1, 0)
    # WHEN everything is reconciled
    assert found(reconcile(world, full=True)) == (len(members), 1, 0)
    # THEN
    assert {member.day for member in a.ledger.groups.members(YEAR, 0)} == {"2017-02-01"}
    assert world.latest() == latest
    assert found(reconcile(world, full=True)) == (0, 0, 0)


def test_work_that_is_under_way_is_no_drift(world: World) -> None:
    world.take(world.drop("2016/beta/again.xlsx", workbook("CID000002")))
    assert found(reconcile(world, full=True)) == (0, 1, 0)


def test_an_upload_that_comes_between_two_reads_is_no_drift(world: World) -> None:
    # GIVEN an upload that is settled when the group was found in order, just before its partial is read
    event = world.drop("2016/beta/again.xlsx", workbook("CID000002"))
    client, came = world.account.dynamodb, []

    def come(params, **_) -> None:
        if params["Key"]["sk"]["S"] == "PARTIAL" and not came:
            came.append(event)
            world.take(event)

    client.meta.events.register("provide-client-params.dynamodb.GetItem", come, unique_id="come")
    # WHEN
    first = reconcile(world, full=True)
    client.meta.events.unregister("provide-client-params.dynamodb.GetItem", unique_id="come")
    # THEN
    assert came
    assert found(first) == (0, 0, 0)
    assert found(reconcile(world, full=True)) == (0, 1, 0)


def test_after_a_reconciliation_the_partials_are_the_full_fold(world: World) -> None:
    # GIVEN suppliers in two groups, whose last uploads were never tallied
    ledger = world.account.ledger
    for number in range(GROUP_SIZE):
        ledger.groups.seat(YEAR, f"seated-{number}")
    for supplier in ("beta", "gamma", "delta"):
        world.take(world.drop(f"2016/{supplier}/again.xlsx", workbook("CID000001", "CID000004")))
    # WHEN
    assert found(reconcile(world, full=True)) == (0, 2, 0)
    # THEN
    standings = []
    for supplier in ledger.submissions.suppliers(YEAR):
        placed = place(ledger.submissions.receipts(YEAR, supplier), ledger.submissions.withdrawals(YEAR, supplier))
        standings.append(standing_of(supplier, placed, ledger, YEAR))
    assert {standing.seat.group for standing in standings} == {0, 1}
    assert merge(ledger.partials.of_year(YEAR)) == fold(standings)


def test_a_year_that_cannot_be_reconciled_does_not_hold_up_the_others(world: World) -> None:
    # GIVEN a newer year in which a submission's summary was lost, and a stale group in this one
    a = world.account
    world.take(world.drop("2017/acme/cmrt.xlsx", workbook()))
    (summary,) = a.ledger.groups.members(2017, 0)[0].current
    a.dynamodb.delete_item(TableName="ledger", Key={"pk": {"S": "SUPPLIER#2017#acme"}, "sk": {"S": summary}})
    world.take(world.drop("2016/beta/again.xlsx", workbook("CID000002")))
    # WHEN
    everything = reconcile_every_year(a, full=True)
    # THEN
    assert next(everything).year == 2016
    with pytest.raises(ExceptionGroup) as failed:
        next(everything)
    (year,) = failed.value.exceptions
    assert year.message == "2017"
    assert summary in str(year.exceptions[0])
    assert world.figures()["smelters"]["active"] == 1


def test_the_newest_year_comes_right_after_the_one_before_it_and_older_ones_have_to_wait(account) -> None:
    # GIVEN four years
    world = World(account, itertools.count(10))
    for year in (2014, 2017, 2015, 2016):
        world.take(world.drop(f"{year}/acme/cmrt.xlsx", workbook()))
    # WHEN
    swept = reconcile_every_year(account, full=False)
    # THEN
    assert [found.year for found in swept] == [2016, 2017, 2015, 2014]


def test_a_lost_trigger_of_a_year_without_submissions_is_made_up_for_by_a_sweep(account) -> None:
    # GIVEN a year that has reference data and no supplier that sent anything, and nobody published
    world = World(account, itertools.count(10))
    world.set_up()
    # WHEN
    (swept,) = reconcile_every_year(account, full=False)
    # THEN
    assert (swept.year, swept.groups, swept.published) == (YEAR, 0, True)
    assert world.figures()["suppliers"]["responded"] == 0


def test_every_year_that_a_key_can_name_is_looked_for() -> None:
    for year in PROGRAM_YEARS:
        assert inbox_place(f"{year}/acme/cmrt.xlsx").year == year
    for year in (PROGRAM_YEARS[0] - 1, PROGRAM_YEARS[-1] + 1):
        with pytest.raises(MisplacedObjectError):
            inbox_place(f"{year}/acme/cmrt.xlsx")
