import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.smelters.knowledge import line
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.smelters.dispositions import NOTHING_DECIDED, Decision, Disposition, Dispositions
from tracelode.smelters.status import FacilityId
from tracelode.smelters.suggestions import Suggestion
from tracelode.sources.register import COLUMNS, Undecided, parse_dispositions, to_decide_csv

HEADING = ",".join(COLUMNS) + "\n"
SIGNED = "Ada,2017-03-31,seen on their site"


def register(*rows: str) -> Dispositions:
    return parse_dispositions((HEADING + "\n".join(rows)).encode())


def problems_of(*rows: str) -> list[str]:
    with pytest.raises(ReferenceRefusedError) as refusal:
        register(*rows)
    return [str(problem) for problem in refusal.value.problems]


def decided(**changes: object) -> Disposition:
    values = {
        "metal": "Gold",
        "declared_cid": "",
        "declared_name": "Xu",
        "declared_country": "",
        "decision": Decision.FACILITY,
        "facility": FacilityId(Mineral.GOLD, "CID000001"),
        "decided_by": "Ada",
        "decided_on": date(2017, 3, 31),
        "reason": "seen",
        "row": 2,
    }
    return Disposition(**{**values, **changes})  # type: ignore[arg-type]


def test_a_decision_is_read_with_who_when_and_why() -> None:
    (decision,) = register(f"gold,,Xu Works,Japan,is,cid000001,{SIGNED}").decisions
    assert decision == decided(declared_name="Xu Works", declared_country="Japan", reason="seen on their site")
    assert decision.row == 2


@pytest.mark.parametrize("cells", ["IS,CID000001", "CID000001,", "cid000001,CID000001"])
def test_a_facility_can_be_decided_in_several_spellings(cells: str) -> None:
    (decision,) = register(f"Gold,,Xu,,{cells},{SIGNED}").decisions
    assert decision.outcome == (Decision.FACILITY, FacilityId(Mineral.GOLD, "CID000001"))


def test_not_a_smelter_has_no_facility() -> None:
    (decision,) = register(f"Gold,,Xu,,Not a  Smelter,,{SIGNED}").decisions
    assert decision.outcome == (Decision.NOT_A_SMELTER, None)


def test_rows_without_a_decision_mean_nothing() -> None:
    assert register("Gold,,Xu,,,,,,", f"Tin,,Xu,,is,CID000002,{SIGNED}").decisions[0].metal == "Tin"
    assert register("Gold,,Xu,,,,,,asked the supplier in May") == NOTHING_DECIDED


def test_columns_that_nobody_needs_may_be_missing_or_more() -> None:
    heading = "lines,decision,cid,decided_by,decided_on,reason,declared_name,metal\n"
    row = "7,is,CID000001,Ada,2017-03-31,seen,Xu,Gold\n"
    assert parse_dispositions((heading + row).encode()) == Dispositions((decided(),))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Gold,,Xu,,perhaps,,Ada,2017-03-31,seen", 'row 2, column decision: one of "is", "not a smelter", or a CID'),
        ("Gold,,Xu,,is,,Ada,2017-03-31,seen", "row 2, column cid: CID and six digits"),
        ("Gold,,Xu,,is,CID1,Ada,2017-03-31,seen", "row 2, column cid: CID and six digits"),
        ("Gold,,Xu,,is,CID000001,,2017-03-31,seen", "row 2, column decided_by: who decided it is required"),
        ("Gold,,Xu,,is,CID000001,Ada,,seen", "row 2, column decided_on: a date such as 2017-03-31"),
        ("Gold,,Xu,,is,CID000001,Ada,31.3.2017,seen", "row 2, column decided_on: a date such as 2017-03-31"),
        ("Gold,,Xu,,is,CID000001,Ada,2017-03-31,", "row 2, column reason: why it was decided is required"),
        ("Gold,,Xu,,CID000001,CID000002,Ada,2017-03-31,seen", "row 2, column cid: the decision says CID000001"),
        (
            "Gold,,Xu,,not a smelter,CID000002,Ada,2017-03-31,seen",
            "row 2, column cid: what is not a smelter has no CID",
        ),
        ("Gold,,Xu,,,CID000002,,,", 'row 2, column decision: a CID without a decision; "is" is required'),
        ("Lead,,Xu,,is,CID000001,Ada,2017-03-31,seen", "row 2, column metal: one of Tantalum, Tin, Gold, Tungsten"),
        (",,Xu,,is,CID000001,Ada,2017-03-31,seen", "row 2, column metal: one of Tantalum, Tin, Gold, Tungsten"),
        ("Gold,CID1,Xu,,is,CID000001,Ada,2017-03-31,seen", "row 2, column declared_cid: CID and six digits"),
        ("Gold,,?,,is,CID000001,Ada,2017-03-31,seen", "row 2, column declared_name: a name is required"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(row: str, problem: str) -> None:
    (found,) = problems_of(row)
    assert found.startswith(problem)


def test_every_problem_is_named_at_once() -> None:
    assert len(problems_of("Gold,,Xu,,is,,,,", f"Gold,,Yo,,maybe,,{SIGNED}")) == 5


def test_two_rows_that_decide_one_name_in_two_ways_are_refused() -> None:
    assert problems_of(f"Gold,,Xu,japan,is,CID000001,{SIGNED}", f"Gold,,XU!,JP,is,CID000002,{SIGNED}") == [
        "row 3, column decision: row 2 decides the same name in another way (found 'is')"
    ]


def test_two_rows_that_say_the_same_are_one_decision() -> None:
    assert len(register(f"Gold,,Xu,,is,CID000001,{SIGNED}", f"Gold,,XU,,CID000001,,{SIGNED}").decisions) == 1


def test_a_decision_holds_for_every_spelling_of_its_name_under_its_metal() -> None:
    decisions = Dispositions((decided(declared_name="Xü Works"),))
    assert decisions.on(line("Gold", "XU-WORKS", "Japan", "CID000009"))
    assert decisions.on(line("Tin", "XU-WORKS")) is None
    assert decisions.on(line("Gold", "Xu")) is None


def test_a_decision_for_a_country_or_cid_holds_for_these_alone() -> None:
    in_japan = Dispositions((decided(declared_country="Japan"),))
    assert in_japan.on(line("Gold", "Xu", "JP"))
    assert in_japan.on(line("Gold", "Xu", "China")) is in_japan.on(line("Gold", "Xu")) is None
    with_cid = Dispositions((decided(declared_cid="CID000009"),))
    assert with_cid.on(line("Gold", "Xu", cid="CID000009"))
    assert with_cid.on(line("Gold", "Xu", cid="CID000008")) is with_cid.on(line("Gold", "Xu")) is None


def test_the_closest_decision_holds_whatever_their_order() -> None:
    any_place = decided()
    in_japan = decided(declared_country="Japan", facility=FacilityId(Mineral.GOLD, "CID000002"))
    with_cid = decided(declared_cid="CID000009", facility=FacilityId(Mineral.GOLD, "CID000003"))
    for decisions in (Dispositions((any_place, in_japan, with_cid)), Dispositions((with_cid, in_japan, any_place))):
        assert decisions.on(line("Gold", "Xu", "China")) is any_place
        assert decisions.on(line("Gold", "Xu", "Japan")) is in_japan
        assert decisions.on(line("Gold", "Xu", "Japan", "CID000009")) is with_cid


def test_a_line_without_a_metal_takes_what_all_metals_agree_on() -> None:
    gold = decided(decision=Decision.NOT_A_SMELTER, facility=None)
    tin = decided(metal="Tin", decision=Decision.NOT_A_SMELTER, facility=None)
    assert Dispositions((gold, tin)).on(line("", "Xu")) is gold
    other = decided(metal="Tin", facility=FacilityId(Mineral.TIN, "CID000002"))
    assert Dispositions((gold, other)).on(line("", "Xu")) is None


def test_a_decision_for_no_metal_holds_for_any() -> None:
    (decision,) = register(f",,Xu,,not a smelter,,{SIGNED}").decisions
    assert Dispositions((decision,)).on(line("Tin", "Xu")) is decision
    assert Dispositions((decision,)).on(line("", "Xu")) is decision


SUGGESTED = Suggestion(FacilityId(Mineral.GOLD, "CID000001"), "Xu Works", "JAPAN", "Xu", 96)


def test_the_register_has_decisions_first_and_then_what_most_suppliers_name() -> None:
    # GIVEN a decision, and names of which it covers one
    rows = [
        Undecided(line("Gold", "Rare"), 9, ("alpha",)),
        Undecided(line("Gold", "Common", "Japan"), 1, ("beta",), (SUGGESTED,)),
        Undecided(line("Gold", "COMMON", "JP", evidence="typed"), 2, ("alpha",), (SUGGESTED,)),
        Undecided(line("Gold", "xu"), 1, ("alpha",)),
    ]
    # WHEN the register is written
    text = to_decide_csv(Dispositions((decided(),)), rows).decode("utf-8-sig")
    # THEN it holds the decision, and one row for each name that is left
    assert text.splitlines() == [
        HEADING.strip() + ",lines,suppliers,suggestion_1,suggestion_2,suggestion_3",
        "Gold,,Xu,,is,CID000001,Ada,2017-03-31,seen,,,,,",
        "Gold,,COMMON,JP,,,,,,3,alpha beta,CID000001 Xu Works (JAPAN) 96,,",
        "Gold,,Rare,,,,,,,9,alpha,,,",
    ]


def test_a_suggested_facility_of_another_metal_is_marked_as_such() -> None:
    text = to_decide_csv(NOTHING_DECIDED, [Undecided(line("Tin", "Xu"), 1, ("alpha",), (SUGGESTED,))]).decode()
    assert '"CID000001 Xu Works (Gold, JAPAN) 96"' in text


def test_the_register_filled_in_can_be_dropped_back() -> None:
    # GIVEN the register with an undecided name whose text could be a formula
    written = to_decide_csv(NOTHING_DECIDED, [Undecided(line("Gold", "=cmd|' /C calc'!A1"), 1, ("alpha",))])
    assert b"\nGold,,'=cmd" in written
    # WHEN somebody fills in its decision
    filled = written.decode("utf-8-sig").replace("!A1,,,,,,", f"!A1,,not a smelter,,{SIGNED},", 1)
    # THEN it is a decision on that very name
    decisions = parse_dispositions(filled.encode())
    assert decisions.on(line("Gold", "=cmd|' /C calc'!A1"))
    assert decisions.decisions[0].declared_name == "=cmd|' /C calc'!A1"


@pytest.mark.parametrize("name", ["=x", "'=x", "''=x", "'x", "x'=", "'", "＝x", "@x"])
def test_an_apostrophe_of_the_names_own_is_told_from_the_one_in_front(name: str) -> None:
    decisions = Dispositions((decided(declared_name=name, declared_cid="CID000009"),))
    written = to_decide_csv(decisions, ())
    assert parse_dispositions(written) == decisions
    assert all(cell[:1] not in tuple("=+-@＝") for row in _cells(written) for cell in row if cell)


TEXT = st.text(st.sampled_from("aXé=+-@'\"＝;,\t\n \u200b\u202e0株"), max_size=8)


@given(
    st.lists(
        st.tuples(TEXT, TEXT, TEXT, TEXT, st.sampled_from(["is,CID000001", "is,CID000002", "not a smelter,"])),
        max_size=4,
    )
)
def test_a_register_read_back_is_the_register(rows: list[tuple[str, str, str, str, str]]) -> None:
    # GIVEN a register of any texts that a reader accepts
    cells = []
    for number, (name, country, who, why, decision) in enumerate(rows):
        quoted = ['"' + text.replace('"', '""') + '"' for text in (f"{name}n{number}", country, f"{who}w", f"{why}y")]
        cells.append(f"Gold,,{quoted[0]},{quoted[1]},{decision},{quoted[2]},2017-03-31,{quoted[3]}")
    decisions = register(*cells)
    # WHEN it is written and read again
    written = to_decide_csv(decisions, ())
    # THEN nothing has changed, the bytes are the same, and no cell begins a formula
    assert parse_dispositions(written) == decisions
    assert to_decide_csv(parse_dispositions(written), ()) == written
    assert not any(cell[:1] in "=+-@＝" for row in _cells(written)[1:] for cell in row if cell)


def _cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
