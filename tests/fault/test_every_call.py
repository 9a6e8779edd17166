"""A sample of the sweep (sweep.py): a call goes wrong, everything is delivered again, and the report is the same."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.fault.injection import Fault, Kind
from tests.fault.lab import FUNCTIONS, YEAR, InOrder, Lab, Record
from tests.fault.shuffle import Shuffled
from tests.fault.sweep import DifferentError, Tidy, run_with, sample, tidy_run
from tests.properties import times
from tracelode.ledger import keys
from tracelode.ledger.changes import ReportChanges
from tracelode.ledger.table import LedgerTable
from tracelode.storage.results import Results

SIZE = times(0.4)


@pytest.fixture(scope="module")
def tidy(lab: Lab) -> Tidy:
    return tidy_run(lab)


def test_the_sweep_has_every_kind_of_fault_at_every_call_that_can_have_it(tidy: Tidy) -> None:
    points = {kind: tidy.points([kind]) for kind in Kind}
    calls = len(tidy.calls)
    assert calls >= 400
    assert len(points[Kind.CRASH_BEFORE]) == len(points[Kind.CRASH_AFTER]) == calls
    assert all(points.values())
    assert {call.operation for call in tidy.calls} >= {"BatchGetItem", "PutItem", "UpdateItem", "PutObject"}


def test_a_call_that_goes_wrong_changes_nothing_in_the_end(lab: Lab, tidy: Tidy) -> None:
    # WHEN a sample of all calls goes wrong, one run for each
    outcomes = [run_with(lab, tidy, fault) for fault in sample(tidy.points(), SIZE, seed=2016)]
    # THEN each run ended in the tidy report (run_with), and things did go wrong
    assert {outcome.fault.kind for outcome in outcomes if outcome.struck} == set(Kind)
    assert sum(outcome.struck for outcome in outcomes) >= 0.9 * len(outcomes)
    assert lab.deaths > 0


def test_what_publish_hears_of_is_one_item_of_the_year(lab: Lab, tidy: Tidy) -> None:
    """Whatever the shards of the stream: an item lies in one of them, and a shard has one batch at a time."""
    # GIVEN
    lab.restore(tidy.before[0])
    lab.wire.restart()
    delivered: dict[str, list[Record]] = {name: [] for name in FUNCTIONS}
    # WHEN everything that happens to a year happens
    for step in tidy.steps:
        step(lab)
        lab.drain(Kept(delivered))
    # THEN
    assert len(delivered["publish"]) > len(tidy.steps)
    assert {json.dumps(record["dynamodb"]["Keys"]) for record in delivered["publish"]} == {
        json.dumps({"pk": {"S": f"YEAR#{YEAR}"}, "sk": {"S": keys.CHANGED}})
    }


@pytest.mark.parametrize(
    "kind", [Kind.CRASH_BEFORE, Kind.CRASH_AFTER, Kind.THROTTLED, Kind.UNREACHABLE, Kind.ANSWER_LOST]
)
def test_a_notice_that_goes_wrong_changes_no_report(lab: Lab, tidy: Tidy, kind: Kind) -> None:
    # GIVEN the calls that tell the team, one for each new report
    told = [call.number for call in tidy.calls if call.service == "sns"]
    assert len(told) >= 8
    # WHEN one of them goes wrong, for every attempt / THEN the run ends in the tidy report (run_with)
    assert run_with(lab, tidy, Fault(told[3], kind, lasting=True)).struck


def test_everything_delivered_again_adds_nothing(lab: Lab, tidy: Tidy) -> None:
    # GIVEN the tidy run's end, and all notices and changes that led to it
    lab.restore(tidy.before[0])
    lab.wire.restart()
    delivered: dict[str, list[Record]] = {name: [] for name in FUNCTIONS}
    for number, step in enumerate(tidy.steps):
        lab.seed(number)
        step(lab)
        lab.drain(Kept(delivered))
    rested, told = lab.fingerprint(), lab.announced()
    # WHEN they come once more, in other batches
    lab.pending = {name: list(records) for name, records in delivered.items()}
    lab.drain(Shuffled(random.Random(1), copies=0))
    # THEN no item, object or version number is new
    assert facts(lab.fingerprint()) == facts(rested)
    assert lab.announced() == told
    assert lab.latest() == tidy.latest


class Kept(InOrder):
    """Delivers in order and keeps what it delivered."""

    def __init__(self, delivered: dict[str, list[Record]]) -> None:
        self._delivered = delivered
        self._function = ""

    def which(self, waiting: Sequence[str]) -> str:
        self._function = super().which(waiting)
        return self._function

    def batch(self, pending: list[Record], largest: int) -> tuple[list[Record], list[Record]]:
        batch, rest = super().batch(pending, largest)
        self._delivered[self._function] += batch
        return batch, rest


def facts(fingerprint: tuple[dict, dict, dict, dict]) -> tuple[object, ...]:
    """What may not change: all but the words in what suppliers and the compliance team were told last."""
    items, objects, made, pending = fingerprint
    told = (f"{YEAR}/feedback/", f"{YEAR}/reference/")
    return items, objects, sorted(made), {key: made[key] for key in made if not key.startswith(told)}, pending


@pytest.mark.parametrize(
    ("owner", "name", "broken", "operation"),
    [
        (LedgerTable, "put_once", lambda *_: True, "PutItem"),
        (Results, "settle_latest", Results.pointer, "PutObject"),
    ],
    ids=["facts are not recorded", "runs are not copied to latest/"],
)
def test_a_system_that_does_less_than_it_should_is_found_out(
    lab: Lab, tidy: Tidy, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: object, operation: str
) -> None:
    # GIVEN
    monkeypatch.setattr(owner, name, broken)
    call = next(call for call in tidy.calls if call.operation == operation and call.number > tidy.first_calls[1])
    # WHEN / THEN
    with pytest.raises(AssertionError):
        run_with(lab, tidy, Fault(call.number, Kind.CRASH_BEFORE))


def test_a_tally_that_died_before_it_announced_its_partial_would_be_missed(
    lab: Lab, tidy: Tidy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a ledger that takes a partial which stands there for one that was announced
    monkeypatch.setattr(ReportChanges, "announce_partial", lambda *_: None)
    *_, last = (call for call in tidy.calls if call.target.endswith(f"/{keys.CHANGED}"))
    # WHEN / THEN
    with pytest.raises(DifferentError):
        run_with(lab, tidy, Fault(last.number, Kind.CRASH_BEFORE))


def test_another_report_than_the_tidy_one_is_told_with_the_files_that_differ(lab: Lab, tidy: Tidy) -> None:
    other = replace(tidy, latest={**tidy.latest, "figures.json": b"{}"}, after=(None,) * len(tidy.steps))
    with pytest.raises(DifferentError, match=r"figures\.json"):
        run_with(lab, other, Fault(tidy.first_calls[-1], Kind.CRASH_AFTER))
