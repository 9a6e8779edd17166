"""Who each smelter is: every way in which suppliers name smelters, through the whole system, and back by a decision."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Ran
from tests.factories.identity_case import YEAR, IdentityCase, identity_case
from tests.factories.official import missing_templates

pytestmark = pytest.mark.skipif(bool(missing_templates()), reason=missing_templates() or "official templates are there")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> IdentityCase:
    return identity_case(tmp_path_factory.mktemp("identity") / "case")


@pytest.fixture
def ran(case: IdentityCase, run: Callable[..., Ran]) -> Ran:
    done = run(case.folder)
    assert done.status == 0, done.err
    return done


def test_every_exact_line_is_its_facility_and_no_misspelt_line_is_a_wrong_one(case: IdentityCase, ran: Ran) -> None:
    # GIVEN every facility of the official look-up tab, named by CID, alias and name, well and badly
    assert len(case.exact) > 340
    assert len(case.newer) > 10
    assert len(case.misspelt) > 60
    assert (ran.latest(YEAR) / "cmrt-rollup.xlsx").is_file()
    # WHEN the case has run, THEN the facilities are those named without doubt, each by exactly those suppliers
    found = {(row["metal"], row["cid"]): int(row["suppliers"]) for row in rows(ran.latest(YEAR) / "smelters.csv")}
    assert found == {facility: len(suppliers) for facility, suppliers in case.exact.items()}
    # AND every other line waits for a person
    waiting = {
        (row["metal"], row["declared_name"])
        for row in rows(ran.latest(YEAR) / "to-decide.csv")
        if not row["decision"] and row["declared_name"]
    }
    assert case.misspelt.keys() | case.unknown <= waiting
    assert len(waiting - case.misspelt.keys() - case.unknown) <= 4
    smelters = ran.figures(YEAR)["smelters"]
    assert smelters["unidentified_lines"] == case.lines - sum(len(named) for named in case.exact.values())


def test_filling_in_what_is_to_decide_resolves_it_and_taking_it_back_restores_the_report(
    case: IdentityCase, ran: Ran, run: Callable[..., Ran]
) -> None:
    # GIVEN the register of names to decide, with suggestions
    register = ran.latest(YEAR) / "to-decide.csv"
    undecided = rows(register)
    # WHEN a person decides each misspelt name, and drops the register back
    for row in undecided:
        facility = case.misspelt.get((row["metal"], row["declared_name"]))
        if facility:
            row |= {"decision": "is", "cid": facility[1], "decided_by": "A. Analyst", "decided_on": "2026-04-30",
                    "reason": "the supplier confirmed a slip of the pen"}  # fmt: skip
        elif (row["metal"], row["declared_name"]) in case.unknown:
            row |= {"decision": "not a smelter", "decided_by": "A. Analyst", "decided_on": "2026-04-30",
                    "reason": "a trading company"}  # fmt: skip
    with (case.folder / "dispositions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(undecided[0]))
        writer.writeheader()
        writer.writerows(undecided)
    decided = run(case.folder, out="decided")
    (case.folder / "dispositions.csv").unlink()
    restored = run(case.folder, out="restored")
    # THEN those lines are their facilities, the others count nowhere, and what nobody named is all that is open
    assert decided.status == 0, decided.err
    smelters = decided.figures(YEAR)["smelters"]
    assert smelters["unidentified_lines"] == case.placeholders
    assert smelters["dismissed_names"] == len(case.unknown)
    assert smelters["total"] == len(case.exact.keys() | set(case.misspelt.values()))
    # AND without the decisions the report is what it was
    before = {path.name: path.read_bytes() for path in ran.latest(YEAR).iterdir()}
    assert {path.name: path.read_bytes() for path in restored.latest(YEAR).iterdir()} == before


def test_the_right_facility_comes_first_for_nearly_every_misspelt_name(case: IdentityCase, ran: Ran) -> None:
    # GIVEN, WHEN
    suggested = {
        (row["metal"], row["declared_name"]): row["suggestion_1"] for row in rows(ran.latest(YEAR) / "to-decide.csv")
    }
    # THEN
    right = [name for name, (_, cid) in case.misspelt.items() if suggested[name].startswith(cid)]
    assert len(right) >= 0.95 * len(case.misspelt)
