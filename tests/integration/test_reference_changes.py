"""Reference data that arrives while the system runs: afterwards the report is that of a fresh run."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from examples.specimen import SmelterRow, not_listed
from tests.integration.conftest import new_account
from tests.integration.test_flows import PROGRAM, YEAR, World, workbook
from tests.properties import examples
from tracelode.storage.objects import ObjectEvent

METALS = {"CID000001": "Gold", "CID000002": "Tin", "CID000003": "Tantalum", "CID000004": "Tungsten"}
ALIAS = "Golden Example Works"
"""A name that no list has, which the team may decide to be CID000001, or no smelter."""
NAMED = {"acme": ("CID000001", "CID000002", ALIAS), "beta": ("CID000002", "CID000003"), "gamma": ("CID000004", ALIAS)}

statuses = st.dictionaries(st.sampled_from(sorted(METALS)), st.sampled_from(["conformant", "active"]), min_size=1)
lists = st.lists(st.tuples(st.integers(1, 28), statuses), min_size=1, max_size=4, unique_by=lambda item: item[0])
decisions = st.lists(st.sampled_from(["", "is", "not a smelter"]), min_size=1, max_size=3)
rosters = st.lists(st.dictionaries(st.sampled_from(sorted(NAMED)), st.booleans(), min_size=1), min_size=1, max_size=3)


@dataclass(frozen=True)
class Drop:
    """A file that somebody drops: a supplier's workbook or reference data, at a moment."""

    file: str
    body: bytes
    supplier: str = ""


def smelter_list(day: int, listed: dict[str, str]) -> Drop:
    rows = "".join(
        f"{METALS[cid]},{cid},Example {cid},JAPAN,{status},2017-03-{day:02}\n" for cid, status in sorted(listed.items())
    )
    return Drop("smelter-list.csv", f"metal,cid,name,country,status,as_of\n{rows}".encode())


def dispositions(decision: str) -> Drop:
    heading = "metal,declared_cid,declared_name,declared_country,decision,cid,decided_by,decided_on,reason\n"
    cid = "CID000001" if decision == "is" else ""
    row = f"Gold,,{ALIAS},,{decision},{cid},A. Analyst,2017-04-01,looked up\n"
    return Drop("dispositions.csv", (heading + (row if decision else "")).encode())


def roster(surveyed: dict[str, bool]) -> Drop:
    rows = "".join(
        f"{name},{name.title()},,{'yes' if in_scope else 'no'}\n" for name, in_scope in sorted(surveyed.items())
    )
    return Drop("suppliers.csv", f"supplier_id,name,contact_email,in_scope\n{rows}".encode())


def declaration(supplier: str) -> Drop:
    rows = [not_listed("Gold", ALIAS, "JAPAN") if name == ALIAS else SmelterRow(cid=name) for name in NAMED[supplier]]
    return Drop("cmrt.xlsx", workbook(smelters=tuple(rows)), supplier)


WORKBOOKS = [declaration(supplier) for supplier in NAMED]


def deliver(world: World, drop: Drop, moment: str) -> None:
    bucket = "inbox" if drop.supplier else "reference"
    key = "/".join(filter(None, (str(YEAR), drop.supplier, drop.file)))
    event = ObjectEvent(key, world.account.drop(bucket, key, drop.body), moment, deleted=False)
    if drop.supplier:
        world.take(event)
    else:
        assert not world.adopt(event).problems


def expected(listed: dict[str, str], decision: str, surveyed: dict[str, bool]) -> dict[str, object]:
    """The figures, counted plainly."""
    counted = [name for name, in_scope in surveyed.items() if in_scope]
    lines = [name for supplier in counted for name in NAMED[supplier]]
    meant = {"is": "CID000001", "not a smelter": None}.get(decision, ALIAS)
    facilities = {meant if name == ALIAS else name for name in lines} - {None, ALIAS}
    found = [listed.get(cid, "indeterminable") for cid in facilities]
    return {
        "total": len(facilities),
        **{status: found.count(status) for status in ("conformant", "active", "indeterminable")},
        "unidentified_lines": lines.count(ALIAS) if meant == ALIAS else 0,
        "dismissed_names": int(meant is None and ALIAS in lines),
    }


@examples(0.08)
@given(lists, decisions, rosters, st.randoms(use_true_random=False))
def test_after_any_reference_changes_the_report_is_that_of_a_fresh_run(dated, decided, surveyed, random) -> None:
    # GIVEN lists, decisions and rosters that arrive among the workbooks, in any order of kinds, published in between
    drops = [
        *WORKBOOKS,
        *(smelter_list(day, listed) for day, listed in dated),
        *map(dispositions, decided),
        *map(roster, surveyed),
    ]
    moments = [f"2017-04-01T08:00:{second:02}.000Z" for second in range(len(drops))]
    random.shuffle(drops)
    timed = list(zip(drops, moments, strict=True))
    # WHEN a running system takes them as they come
    with new_account() as account:
        world = World(account, itertools.count(10))
        world.adopt(world.refer("program.toml", PROGRAM))
        for drop, moment in timed:
            deliver(world, drop, moment)
            world.publish()
        running, figures = world.latest(), world.figures()
    # AND a fresh one takes what is left of them at the end
    with new_account() as account:
        world = World(account, itertools.count(10))
        world.adopt(world.refer("program.toml", PROGRAM))
        for drop, moment in what_counts(timed):
            deliver(world, drop, moment)
        world.publish()
        fresh = world.latest()
    # THEN both say the same, to the byte
    assert running == fresh
    # AND it is what counting by hand gives
    last = {drop.file: drop for drop, _ in timed if not drop.supplier}
    newest = dict(max(dated, key=lambda item: item[0])[1])
    decision = next(text for text in decided if dispositions(text) == last["dispositions.csv"])
    final = next(rows for rows in surveyed if roster(rows) == last["suppliers.csv"])
    wanted = expected(newest, decision, final)
    assert {name: figures["smelters"][name] for name in wanted} == wanted


def what_counts(timed: Iterable[tuple[Drop, str]]) -> list[tuple[Drop, str]]:
    """All workbooks and lists, the lists being history as well, and the last of each other file; sorted by content."""
    dropped = list(timed)
    last = {drop.file: (drop, moment) for drop, moment in dropped if drop.file in ("dispositions.csv", "suppliers.csv")}
    rest = [(drop, moment) for drop, moment in dropped if drop.file not in last]
    return sorted([*rest, *last.values()], key=lambda item: (item[0].supplier, item[0].file, item[0].body))
