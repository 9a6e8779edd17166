"""The report made again: from the ledger's facts alone, and from the buckets' object versions alone."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from tests.integration.conftest import Account
from tests.integration.moments import begun
from tests.integration.test_flows import LIST, YEAR, World, workbook
from tracelode.flow.rebuild_year import rebuild_year
from tracelode.flow.replay_year import Known, Replayed, recorded, replay_year, stated_receipt
from tracelode.ledger import keys
from tracelode.ledger.ledger import Ledger
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.results import Results


@dataclass
class Fed(World):
    """A world whose feed states receipt times in the metadata, as the local feed does."""

    def drop(self, key: str, body: bytes, at: str = "") -> ObjectEvent:
        return self._put("inbox", key, body, at or self.moment())

    def refer(self, file: str, body: bytes) -> ObjectEvent:
        return self._put("reference", f"2016/{file}", body, self.moment())

    def _put(self, bucket: str, key: str, body: bytes, at: str) -> ObjectEvent:
        put = self.account.s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata={"received": at})
        return ObjectEvent(key, put["VersionId"], at, deleted=False)


def history(world: World) -> None:
    """Uploads, replacements, deletions, unreadable and misplaced files, a console's folders, a list that changes."""
    world.set_up()
    first = [
        world.drop("2016/acme/cmrt.xlsx", workbook("CID000001")),
        world.drop("2016/acme/cmrt.xlsx", workbook()),
        world.drop("2016/beta/old.xlsx", workbook("CID000003")),
        world.drop("2016/beta/cmrt.xlsx", workbook("CID000002")),
        world.delete("2016/beta/cmrt.xlsx"),
    ]
    later = [
        world.drop("2016/beta/cmrt.xlsx", b"no workbook"),
        world.drop("2016/gamma/gone.xlsx", workbook("CID000004")),
        world.delete("2016/gamma/gone.xlsx"),
        world.drop("2016/gamma/gone.xlsx", workbook("CID000004", "CID000001")),
        world.drop("2016/delta/only.xlsx", workbook("CID000004")),
        world.delete("2016/delta/only.xlsx"),
    ]
    for event in first:
        world.take(event)
    world.publish()
    world.adopt(world.refer("smelter-list.csv", LIST.replace(b"active", b"conformant")))
    world.adopt(world.refer("suppliers.csv", b"not a roster"))
    for event in later:
        world.take(event)
    world.account.drop("inbox", "2016/stray.xlsx", b"in no supplier's folder")
    for folder in ("2016/acme/", "2016/acme/products/"):
        world.account.drop("inbox", folder, b"")
    world.publish()


@pytest.fixture
def fed(account) -> World:
    return begun(account, Fed, history)


@pytest.fixture
def fresh(account) -> Iterator[Callable[[], Account]]:
    """Factory: the same inbox and reference bucket with a ledger and a results bucket that know nothing."""
    numbers = itertools.count(1)

    def make() -> Account:
        number = next(numbers)
        described = account.dynamodb.describe_table(TableName="ledger")["Table"]
        account.dynamodb.create_table(
            TableName=f"ledger-{number}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=described["AttributeDefinitions"],
            KeySchema=described["KeySchema"],
        )
        account.s3.create_bucket(Bucket=f"results-{number}")
        return replace(
            account,
            ledger=Ledger.in_table(account.dynamodb, f"ledger-{number}", sleep=lambda _: None),
            results=Results(account.s3, f"results-{number}"),
        )

    return make


def latest(account, bucket: str) -> dict[str, bytes]:
    listed = account.s3.list_objects_v2(Bucket=bucket, Prefix="2016/latest/").get("Contents", [])
    names = [entry["Key"] for entry in listed if not entry["Key"].endswith("sources.json")]
    return {name: account.s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}


def receipt_times(account: Account) -> list[tuple[str, str]]:
    ledger = account.ledger
    receipts = [
        receipt
        for supplier in ledger.submissions.suppliers(YEAR)
        for receipt in ledger.submissions.receipts(YEAR, supplier)
    ]
    return [(receipt.version_id, receipt.received) for receipt in receipts]


def replay(account: Account, known: Known | None = None) -> Replayed:
    own = {} if known is None else {"known": known}
    return replay_year(YEAR, account, **own)


# ---- rebuild -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("afresh", [False, True], ids=["in place", "afresh"])
def test_a_report_is_rebuilt_from_the_facts_alone_byte_for_byte(fed: World, fresh, afresh: bool) -> None:
    # GIVEN a ledger whose aggregates are gone or nonsense
    ledger = fed.account.ledger
    if afresh:
        ledger.drop_aggregates(YEAR)
        assert ledger.groups.members(YEAR, 0) == ()
        assert ledger.partials.of_year(YEAR) == ()
    else:
        for item in fed.account.items():
            if item["sk"]["S"].startswith("CURRENT#"):
                fed.account.dynamodb.put_item(TableName="ledger", Item={**item, "current": {"L": []}})
            if item["sk"]["S"] == "PARTIAL":
                fed.account.dynamodb.put_item(TableName="ledger", Item={**item, "blob": {"B": b"nonsense"}})
    # WHEN it is rebuilt into a results bucket of its own
    rebuilt = rebuild_year(YEAR, replace(fed.account, results=fresh().results), afresh=afresh)
    # THEN
    assert rebuilt.new
    assert latest(fed.account, "results-1") == fed.latest()
    assert len(fed.latest()) >= 8


def test_a_rebuilt_report_that_says_the_same_is_no_new_run(fed: World) -> None:
    a = fed.account
    rebuilt = rebuild_year(YEAR, a, afresh=True)
    assert not rebuilt.new
    assert rebuilt.run == a.results.pointer(YEAR).run


def test_rebuilding_again_changes_nothing(fed: World) -> None:
    a = fed.account
    for _ in range(2):
        rebuild_year(YEAR, a)
        members = a.ledger.groups.members(YEAR, 0)
    assert members == a.ledger.groups.members(YEAR, 0)
    assert not fed.publish().new


# ---- replay ------------------------------------------------------------------------------------------------------


def test_a_report_is_replayed_from_object_versions_alone_byte_for_byte(fed: World, fresh) -> None:
    # GIVEN
    again = fresh()
    # WHEN
    replayed = replay(again, stated_receipt)
    # THEN
    assert replayed.published.new
    assert replayed.misplaced == 1
    assert latest(fed.account, "results-1") == fed.latest()
    assert receipt_times(again) == receipt_times(fed.account)


def test_replaying_twice_into_one_ledger_changes_nothing(fed: World, fresh) -> None:
    # GIVEN
    again = fresh()
    replay(again, stated_receipt)
    # WHEN / THEN
    assert not replay(again, stated_receipt).published.new
    assert latest(fed.account, "results-1") == fed.latest()


def test_receipt_times_of_another_ledger_make_a_replay_exact(account, fresh) -> None:
    # GIVEN a feed that states nothing, as in an account
    world = World(account, itertools.count(10))
    history(world)
    # WHEN
    replay(fresh(), recorded(account.ledger.receipt_times(YEAR)))
    # THEN
    assert latest(account, "results-1") == world.latest()


def test_without_receipt_times_the_buckets_own_order_holds(account, fresh) -> None:
    # GIVEN
    world = World(account, itertools.count(10))
    history(world)
    # WHEN
    again = fresh()
    replay(again)
    # THEN the same submissions count, received to the second of the bucket's clock
    counted = counting(again.ledger)
    assert counted == counting(account.ledger)
    assert len(counted) == 3
    assert figures(account, "results-1") == figures(account, "results")


def counting(ledger: Ledger) -> set[tuple[str, str]]:
    """(supplier, version id) of all that is current; the newest is told apart by the bucket's clock alone."""
    members = [member for group in ledger.groups.numbers(YEAR) for member in ledger.groups.members(YEAR, group)]
    return {(member.supplier_id, sort.rpartition("#")[2]) for member in members for sort in member.current}


def figures(account, bucket: str) -> bytes:
    return account.s3.get_object(Bucket=bucket, Key="2016/latest/smelters.csv")["Body"].read()


def test_a_version_that_was_erased_is_as_if_it_had_never_come(fed: World, fresh) -> None:
    # GIVEN
    event = fed.drop("2016/acme/cmrt.xlsx", workbook("CID000003"))
    fed.take(event)
    fed.account.s3.delete_object(Bucket="inbox", Key=event.key, VersionId=event.version_id)
    fed.take(ObjectEvent(event.key, event.version_id, fed.moment(), deleted=True))
    fed.publish()
    # WHEN
    replay(fresh(), stated_receipt)
    # THEN
    assert latest(fed.account, "results-1") == fed.latest()


@pytest.mark.parametrize("supplier", ["beta", "stranger"])
@pytest.mark.parametrize("erased", [True, False], ids=["erased", "deleted though it never was"])
def test_a_supplier_that_nothing_is_left_of_is_as_if_it_had_never_been(account, fresh, supplier, erased) -> None:
    # GIVEN a supplier, on the roster or not, with a seat and no submission
    world = Fed(account, itertools.count(10))
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook("CID000001")))
    if erased:
        event = world.drop(f"2016/{supplier}/cmrt.xlsx", workbook("CID000003"))
        world.take(event)
        account.s3.delete_object(Bucket="inbox", Key=event.key, VersionId=event.version_id)
        world.take(ObjectEvent(event.key, event.version_id, world.moment(), deleted=True))
    else:
        # S3 puts a delete marker for it; moto does not.
        world.take(ObjectEvent(f"2016/{supplier}/typo.xlsx", "", world.moment(), deleted=True, marker="m1"))
    world.publish()
    assert supplier in {member.supplier_id for member in account.ledger.groups.members(YEAR, 0)}
    # WHEN
    replay(fresh(), stated_receipt)
    # THEN
    assert latest(account, "results-1") == world.latest()
    assert world.figures()["suppliers"]["not_on_roster"] == 0


def test_a_deletion_takes_back_what_lies_below_it_whatever_the_clocks_say(account, fresh) -> None:
    # GIVEN files received years before and after the bucket's clock, and deletions between them
    world = Fed(account, itertools.count(10))
    world.set_up()
    world.drop("2016/acme/a.xlsx", workbook("CID000001"), "2017-02-01T08:00:00.000Z")
    world.delete("2016/acme/a.xlsx")
    world.drop("2016/acme/a.xlsx", workbook("CID000002"), "2017-02-01T08:00:00.001Z")
    world.drop("2016/beta/a.xlsx", workbook("CID000003"), "2099-01-01T00:00:00.000Z")
    world.delete("2016/beta/a.xlsx")
    # WHEN
    again = fresh()
    replay(again, stated_receipt)
    # THEN
    standing = {member.supplier_id: member.current for member in again.ledger.groups.members(YEAR, 0)}
    assert standing["beta"] == ()
    assert [sort.split("#")[1] for sort in standing["acme"]] == ["2017-02-01T08:00:00.001Z"]


# ---- two uploads within a second ---------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_of_uploads_within_a_second_all_are_recorded_and_the_newest_is_current(account, order) -> None:
    # GIVEN
    world = Fed(account, itertools.count(10))
    world.set_up()
    events = [
        world.drop("2016/acme/cmrt.xlsx", workbook(*cids), f"2017-02-01T08:00:00.{millisecond:03}Z")
        for millisecond, cids in ((1, ("CID000001",)), (2, ("CID000002", "CID000003")), (999, ("CID000004",)))
    ]
    # WHEN their events come in any order
    for number in order:
        world.take(events[number])
    world.publish()
    # THEN
    assert len(account.ledger.submissions.receipts(YEAR, "acme")) == 3
    (member,) = account.ledger.groups.members(YEAR, 0)
    assert member.current == (keys.summary(events[2].time, events[2].key, events[2].version_id),)
    assert world.figures()["smelters"]["total"] == 1
    # WHEN the newest is erased, THEN the next newest takes its place, and then the last
    for number, total in ((2, 2), (1, 1)):
        world.take(ObjectEvent(events[number].key, events[number].version_id, world.moment(), deleted=True))
        world.publish()
        assert world.figures()["smelters"]["total"] == total


def test_when_the_newest_file_is_deleted_the_next_newest_takes_its_slot(account) -> None:
    # GIVEN two files of a supplier, within a second
    world = Fed(account, itertools.count(10))
    world.set_up()
    world.take(world.drop("2016/acme/a.xlsx", workbook("CID000001", "CID000002"), "2017-02-01T08:00:00.001Z"))
    world.take(world.drop("2016/acme/b.xlsx", workbook("CID000003"), "2017-02-01T08:00:00.002Z"))
    world.publish()
    assert world.figures()["smelters"]["total"] == 1
    # WHEN / THEN
    world.take(world.delete("2016/acme/b.xlsx"))
    world.publish()
    assert world.figures()["smelters"]["total"] == 2
