"""`to-decide.csv` and `resolutions.csv`: who every declared name is, and what the team still has to decide."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.report.factories import (
    BY_NAME,
    LAPSING,
    MISSPELT,
    NO_SMELTER,
    UNHEARD_OF,
    decision,
    declared_by,
    interpretation,
    name_of,
    risk_facts,
    risk_view,
    unidentified,
)
from tracelode.picture.declared import Decided, count_by_step, decisions_in_force, declared
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.report.tables.decisions import RESOLUTION_COLUMNS, resolutions_csv, to_decide
from tracelode.smelters.dispositions import Decision
from tracelode.smelters.identity import Step
from tracelode.smelters.names import plain_name
from tracelode.sources.register import parse_dispositions
from tracelode.submission import DeclaredIdentity

SPREADSHEET_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
FILLED_IN = {"decision": "is", "cid": "CID000009", "decided_by": "Jane Doe", "decided_on": "2017-04-03", "reason": "x"}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(table: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def filled_in(register: bytes, **cells: str) -> bytes:
    """The register as somebody has filled it in: every open name decided in the same way."""
    return written([row if row["decision"] else row | FILLED_IN | cells for row in rows(register)])


def decided_again(situation: Interpretation, register: bytes) -> Interpretation:
    return interpret(replace(situation.facts, dispositions=parse_dispositions(register)))


def test_the_register_has_decisions_first_and_then_what_is_open_with_suggestions() -> None:
    told = rows(to_decide(risk_view(decision("Corner Shop"))))

    assert [(row["declared_name"], row["decision"]) for row in told] == [
        ("Corner Shop", "not a smelter"),
        ("Old Harbor Tin Wroks", ""),
        ("'=Zwxq & <Sons>", ""),
    ]
    assert (told[1]["lines"], told[1]["suppliers"]) == ("3", "one two")
    assert told[1]["suggestion_1"].startswith("CID000003 Old Harbour Tin Works (MALAYSIA) ")


def test_the_register_filled_in_resolves_every_name() -> None:
    # GIVEN a situation with open names, one of them a formula
    before = risk_view()
    # WHEN the register comes back filled in
    after = decided_again(before, filled_in(to_decide(before), cid="CID000003", metal="Tin"))
    # THEN the Tin name is decided, and what was decided before stays so
    assert MISSPELT not in {name.resolution.identity for name in after.unidentified if name.resolution}
    assert [name.resolution.identity for name in after.dismissed] == [NO_SMELTER]


def test_the_register_not_filled_in_changes_nothing() -> None:
    before = risk_view()

    assert decided_again(before, to_decide(before)) == before


def test_taking_the_decision_out_restores_the_report() -> None:
    before = risk_view()
    register = to_decide(before)
    after = decided_again(before, filled_in(register, metal="Tin"))

    assert after != before
    assert decided_again(after, register) == before


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "-Tin", "@SUM(A1)", 'Tin, "Ltd"', "塩酸", "a\nb", "'", "'quoted'", "＝x"]
)


@given(st.dictionaries(st.builds(name_of, st.sampled_from(["Tin", "Gold"]), st.just(""), texts, texts),
                       st.integers(1, 3), max_size=6))  # fmt: skip
@example({name_of("Tin", "", "Old Mill", "GL\x1b"): 1})
def test_every_unidentified_name_stands_once_and_once_decided_is_open_no_more(
    lines: dict[DeclaredIdentity, int],
) -> None:
    # GIVEN suppliers' names of any kind
    before = interpret(risk_facts(standings=[declared_by("one", 0, lines)]))
    register = to_decide(before)
    # WHEN every name is decided
    open_rows = [row for row in rows(register) if not row["decision"]]
    nameable = {name for name in before.unidentified if plain_name(name.name)}
    # THEN no row stands for nothing, and their lines are the lines that are open
    assert sum(int(row["lines"]) for row in open_rows) == before.unidentified_lines
    assert not [cell for row in rows(register) for cell in row.values() if cell.startswith(SPREADSHEET_FORMULA)]
    assert len({tuple(row.values())[:4] for row in open_rows}) == len(open_rows)
    # AND all that have a name to decide on are settled
    if open_rows:
        decidable = [row for row in rows(register) if plain_name(row["declared_name"])]
        after = decided_again(before, filled_in(written(decidable))) if decidable else before
        assert {name.name for name in after.unidentified} == {name.name for name in before.unidentified} - {
            name.name for name in nameable
        }


def test_the_resolutions_say_how_each_name_was_identified() -> None:
    data = resolutions_csv(risk_view())
    told = {(row["metal"], row["declared_name"]): row for row in rows(data)}

    assert tuple(rows(data)[0]) == RESOLUTION_COLUMNS
    lapsing, by_name = told["Gold", "Aurum Norte S.A."], told["Tantalum", "Ningbo Tantalum Co., Ltd."]
    assert (lapsing["step"], lapsing["cid"], lapsing["lines"], lapsing["suppliers"]) == ("cid", "CID000001", "2", "2")
    assert (by_name["step"], by_name["declared_cid"], by_name["cid"]) == ("reference-list", "", "CID000004")
    misspelt = told["Tin", "Old Harbor Tin Wroks"]
    assert (misspelt["outcome"], misspelt["lines"], misspelt["suppliers"]) == ("unresolved", "3", "2")
    assert (told["Tin", "Corner Shop"]["outcome"], told["Tin", "Corner Shop"]["step"]) == (
        "not-a-smelter",
        "disposition",
    )
    assert "Jane Doe" in told["Tin", "Corner Shop"]["evidence"]
    assert "PERU" in told["Tin", "Quite Another Company"]["doubts"]
    assert told["Gold", "'=Zwxq & <Sons>"]["lines"] == "1"


def test_the_resolutions_hold_every_identity_of_suppliers_in_scope_and_no_other() -> None:
    situation = risk_view()
    roster = tuple(replace(item, in_scope=item.supplier_id == "one") for item in situation.facts.roster)
    narrower = interpret(replace(situation.facts, roster=roster))

    assert {item.resolution.identity for item in declared(situation)} == set(situation.facts.aggregate.identities)
    assert {item.resolution.identity for item in declared(narrower)} & {BY_NAME, UNHEARD_OF} == set()
    lapsing = next(item for item in declared(narrower) if item.resolution.identity == LAPSING)
    assert (lapsing.lines, lapsing.suppliers) == (1, 1)


def test_lines_by_step_add_up_to_all_lines_that_are_declared() -> None:
    situation = risk_view()
    steps = count_by_step(situation)

    assert sum(step.lines for step in steps.values()) == 11
    assert sum(step.names for step in steps.values()) == len(situation.facts.aggregate.identities)
    assert steps[Step.DISPOSITION] == Decided(names=1, lines=1)
    assert steps[Step.REFERENCE_LIST] == Decided(names=1, lines=1)
    assert steps[Step.UNRESOLVED] == Decided(names=2, lines=situation.unidentified_lines)


def test_a_decision_says_what_it_touches_and_one_that_touches_nothing_says_so() -> None:
    idle = decision("Nobody Names It", row=3)
    wide = decision("OLD HARBOR TIN WROKS", cid="CID000003", row=4)
    told = decisions_in_force(risk_view(decision(), idle, wide))

    assert [(item.disposition.row, item.names, item.lines, item.suppliers) for item in told] == [
        (2, 1, 1, 1),
        (3, 0, 0, 0),
        (4, 1, 3, 2),
    ]


def test_a_decision_for_two_spellings_counts_a_supplier_once() -> None:
    first, second = name_of("Tin", "", "Corner Shop", ""), name_of("Tin", "", "CORNER  SHOP", "PERU")
    told = decisions_in_force(risk_view(standings=[declared_by("one", 0, {first: 2, second: 3})]))

    assert [(item.names, item.lines, item.suppliers) for item in told] == [(2, 5, 1)]


def test_without_anything_declared_both_tables_have_their_headings_alone() -> None:
    assert rows(to_decide(interpretation())) == []
    assert resolutions_csv(interpretation()).decode().split("\n")[0] == ",".join(RESOLUTION_COLUMNS)
    assert rows(resolutions_csv(interpretation())) == []


@pytest.mark.parametrize("name", ["=1+1", "+x", "@cmd", "-1"])
def test_a_name_that_looks_like_a_formula_is_no_formula_in_either_table(name: str) -> None:
    situation = risk_view(standings=[declared_by("one", 0, {name_of("Tin", "", name, name): 1})])

    for data in (to_decide(situation), resolutions_csv(situation)):
        cells = [cell for row in rows(data) for cell in row.values()]
        assert f"'{name}" in cells
        assert not [cell for cell in cells if cell.startswith(SPREADSHEET_FORMULA)]


def test_an_unidentified_name_without_a_resolution_is_open_as_well() -> None:
    told = rows(to_decide(interpretation(names=[unidentified("Mystery Smelter", lines=4)])))

    assert [(row["declared_name"], row["lines"], row["suggestion_1"]) for row in told] == [("Mystery Smelter", "4", "")]


def test_the_register_speaks_the_decisions_that_its_reader_knows() -> None:
    assert {row["decision"] for row in rows(to_decide(risk_view())) if row["decision"]} <= set(Decision)
