import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.smelters.knowledge import annex, annex_names, known, line
from tests.unit.smelters.misspellings import KINDS
from tracelode.minerals import Mineral
from tracelode.smelters.dispositions import NOTHING_DECIDED, Decision, Disposition, Dispositions
from tracelode.smelters.identity import Outcome, Resolution, Step, resolve
from tracelode.smelters.known import NOTHING_KNOWN, KnownName, NameSource, known_facilities
from tracelode.smelters.status import FacilityId
from tracelode.submission import DeclaredIdentity

TEMPLATE = NameSource.TEMPLATE
TIN_DOWA = known("Tin", "CID000402", "Dowa", "JAPAN")
GOLD_DOWA = known("Gold", "CID000401", "Dowa", "JAPAN")
STARCK = (
    known("Tantalum", "CID002544", "H.C. Starck Co., Ltd.", "THAILAND"),
    known("Tantalum", "CID002548", "H.C. Starck Inc.", "UNITED STATES OF AMERICA"),
    known("Tantalum", "CID002549", "H.C. Starck Ltd.", "JAPAN"),
)


def resolved(identity: DeclaredIdentity, *names: KnownName, decisions: tuple[Disposition, ...] = ()) -> Resolution:
    return resolve(identity, known_facilities(names), Dispositions(decisions))


def steps(resolution: Resolution) -> list[Step]:
    return [trace.step for trace in resolution.trace]


def decision(
    name: str, cid: str = "CID000777", metal: str = "Tin", *, kind: Decision = Decision.FACILITY
) -> Disposition:
    facility = FacilityId(Mineral(metal), cid) if kind is Decision.FACILITY else None
    return Disposition(metal, "", name, "", kind, facility, "Ada", date(2017, 3, 31), "seen on their site", 2)


# by CID


def test_a_cid_that_fits_its_metal_name_and_country_is_beyond_doubt() -> None:
    found = resolved(line("Tin", "DOWA", "Japan", "CID000402"), TIN_DOWA, GOLD_DOWA)
    assert (found.outcome, found.step, found.facility) == (Outcome.FACILITY, Step.CID, TIN_DOWA.facility)
    assert found.doubts == found.suggestions == ()
    assert steps(found) == [Step.DISPOSITION, Step.CID]


def test_a_name_that_the_suppliers_own_workbook_looked_up_is_said_to_come_from_there() -> None:
    found = resolved(line("Tin", "Dowa", "JAPAN", "CID000402", "look-up"), TIN_DOWA)
    assert (found.step, found.facility) == (Step.WORKBOOK, TIN_DOWA.facility)


def test_a_cid_of_another_metal_is_not_this_metals_facility_and_the_name_is_asked() -> None:
    found = resolved(line("Tin", "Dowa", "JAPAN", "CID000401"), TIN_DOWA, GOLD_DOWA)
    assert (found.step, found.facility) == (Step.REFERENCE_LIST, TIN_DOWA.facility)
    assert "CID000401 is known for Gold, not for Tin." in [trace.said for trace in found.trace]
    assert found.doubts == ("The line for Tin carries CID000401, which Gold has.",)


def test_a_cid_of_another_metal_with_a_name_that_nobody_knows_is_suggested_and_no_more() -> None:
    # GIVEN that the name is like that of three facilities of the line's own metal
    tin = [known("Tin", f"CID00000{n}", f"Examplo Works {n}") for n in range(3)]
    found = resolved(line("Tin", "Example Works", "", "CID000401"), *tin, GOLD_DOWA)
    # THEN the facility that has the CID is among the three suggestions all the same
    assert (found.outcome, found.facility) == (Outcome.UNRESOLVED, None)
    assert len(found.suggestions) == 3
    assert found.suggestions[-1].facility == GOLD_DOWA.facility
    assert found.suggestions[-1].score < found.suggestions[0].score


@pytest.mark.parametrize("metal", ["Gold", "Tin"])
def test_a_cid_that_nobody_knows_is_a_facility_and_says_so_in_its_evidence(metal: str) -> None:
    found = resolved(line(metal, "Nobody", "", "CID999999"), TIN_DOWA)
    assert found.facility == FacilityId(Mineral(metal), "CID999999")
    assert found.doubts == ()
    assert "No list and no template has it." in found.trace[-1].said


def test_a_cid_whose_country_contradicts_stays_with_a_doubt() -> None:
    found = resolved(line("Tin", "Dowa", "Peru", "CID000402"), TIN_DOWA)
    assert found.facility == TIN_DOWA.facility
    assert found.doubts == ("The line says PERU, but CID000402 is known in JAPAN.",)


@pytest.mark.parametrize("country", ["", "Unknown", "japan", "JP"])
def test_a_country_that_is_missing_unknown_or_spelt_otherwise_is_no_contradiction(country: str) -> None:
    assert resolved(line("Tin", "Dowa", country, "CID000402"), TIN_DOWA).doubts == ()


def test_a_cid_whose_name_is_another_facilitys_stays_with_a_doubt() -> None:
    minsur = known("Tin", "CID001182", "Minsur", "PERU")
    found = resolved(line("Tin", "Minsur", "", "CID000402"), TIN_DOWA, minsur)
    assert found.facility == TIN_DOWA.facility
    assert found.doubts == ("The name “Minsur” stands for CID001182, not for CID000402.",)


@pytest.mark.parametrize(
    ("name", "doubted"), [("Example Refinery", True), ("Dova", False), ("", False), ("同和", False)]
)
def test_a_cid_beside_a_name_that_is_nothing_like_its_own_has_a_doubt(name: str, doubted: bool) -> None:
    found = resolved(line("Tin", name, "", "CID000402"), TIN_DOWA)
    assert found.facility == TIN_DOWA.facility
    assert [("is unlike “Dowa”" in doubt) for doubt in found.doubts] == [True] * doubted


def test_a_cid_stands_in_for_an_unreadable_metal_if_one_metal_alone_has_it() -> None:
    assert resolved(line("", "Dowa", "", "CID000402"), TIN_DOWA).facility == TIN_DOWA.facility
    both = resolved(line("", "Dowa", "", "CID000402"), TIN_DOWA, known("Gold", "CID000402", "Dowa"))
    assert both.outcome is Outcome.UNRESOLVED
    assert {each.facility for each in both.suggestions} == {
        FacilityId(Mineral.GOLD, "CID000402"),
        FacilityId(Mineral.TIN, "CID000402"),
    }
    assert resolved(line("", "Dowa", "", "CID999999"), TIN_DOWA).outcome is Outcome.UNRESOLVED


# by name


def test_an_exact_name_of_the_metal_resolves_whatever_its_spelling() -> None:
    found = resolved(line("Tin", "ＤＯＷＡ Co., Ltd", "Japan"), TIN_DOWA, GOLD_DOWA)
    assert (found.step, found.facility) == (Step.REFERENCE_LIST, TIN_DOWA.facility)
    assert steps(found) == [Step.DISPOSITION, Step.CID, Step.REFERENCE_LIST]


def test_a_name_is_looked_for_on_the_lists_first_and_then_in_the_templates() -> None:
    alias = known("Tin", "CID000402", "Dowa Mining", "JAPAN", standard="Dowa", source=TEMPLATE)
    found = resolved(line("Tin", "dowa mining"), alias)
    assert (found.step, found.facility) == (Step.TEMPLATE, alias.facility)
    assert steps(found) == [Step.DISPOSITION, Step.CID, Step.REFERENCE_LIST, Step.TEMPLATE]
    # AND where the two disagree the list goes first, with a doubt
    found = resolved(line("Tin", "dowa mining"), alias, known("Tin", "CID000999", "Dowa Mining", "JAPAN"))
    assert (found.step, found.facility) == (Step.REFERENCE_LIST, FacilityId(Mineral.TIN, "CID000999"))
    assert found.doubts == ("Another source has “dowa mining” as CID000402.",)


def test_a_name_of_several_facilities_stays_unresolved_with_all_of_them_suggested() -> None:
    found = resolved(line("Tantalum", "H.C. Starck", "Japan"), *STARCK)
    assert found.outcome is Outcome.UNRESOLVED
    assert "ambiguous on the reference lists: CID002544, CID002548, CID002549" in found.trace[2].said
    assert [each.facility.cid for each in found.suggestions] == ["CID002549", "CID002544", "CID002548"]


def test_what_is_ambiguous_on_a_list_is_not_settled_by_a_template() -> None:
    alias = known("Tantalum", "CID002549", "H.C. Starck", source=TEMPLATE)
    plain = [known("Tantalum", cid, "H.C. Starck") for cid in ("CID002548", "CID002544")]
    assert resolved(line("Tantalum", "H.C. Starck"), alias, *plain).outcome is Outcome.UNRESOLVED


def test_a_name_alike_but_for_its_legal_form_needs_a_fitting_form_and_country() -> None:
    japan = STARCK[2]
    assert resolved(line("Tantalum", "H.C. Starck", "Japan"), japan).facility == japan.facility
    for name, country in (("H.C. Starck", "Thailand"), ("H.C. Starck Inc.", "")):
        found = resolved(line("Tantalum", name, country), japan)
        assert found.outcome is Outcome.UNRESOLVED
        assert found.suggestions[0].facility == japan.facility


def test_a_very_name_in_another_country_is_the_facility_with_a_doubt() -> None:
    found = resolved(line("Tin", "Dowa", "Peru"), TIN_DOWA)
    assert found.facility == TIN_DOWA.facility
    assert found.doubts == ("The line says PERU, but CID000402 is known in JAPAN.",)


def test_a_name_without_a_metal_is_suggested_for_any() -> None:
    found = resolved(line("", "Dowa"), TIN_DOWA, GOLD_DOWA)
    assert found.outcome is Outcome.UNRESOLVED
    assert {each.facility for each in found.suggestions} == {TIN_DOWA.facility, GOLD_DOWA.facility}


@pytest.mark.parametrize("name", ["", "?", "Nobody at all", "株"])
def test_what_nothing_is_like_is_unresolved_without_suggestions(name: str) -> None:
    found = resolved(line("Tin", name), TIN_DOWA)
    assert (found.outcome, found.step, found.suggestions) == (Outcome.UNRESOLVED, Step.UNRESOLVED, ())


def test_suggestions_are_not_looked_for_unless_wanted() -> None:
    assert resolve(line("Tin", "Dova"), known_facilities([TIN_DOWA]), NOTHING_DECIDED).suggestions
    assert resolve(line("Tin", "Dova"), known_facilities([TIN_DOWA]), NOTHING_DECIDED, suggest=False).suggestions == ()


def test_a_workbooks_text_is_quoted_on_one_line_and_cut() -> None:
    found = resolved(line("Tin", "A\n\u202e<b>" + "x" * 500))
    said = found.trace[2].said
    assert "“A <b>x" in said
    assert "\n" not in said
    assert len(said) < 220


# by decision


def test_a_decision_wins_over_a_cid_with_who_when_and_why() -> None:
    found = resolved(line("Tin", "Dowa", "", "CID000402"), TIN_DOWA, decisions=(decision("dowa"),))
    assert (found.step, found.facility) == (Step.DISPOSITION, FacilityId(Mineral.TIN, "CID000777"))
    assert found.trace[0].said == "Tin's CID000777, decided by “Ada” on 2017-03-31: “seen on their site”."
    assert found.doubts == ("The line carries CID000402, which the decision overrules.",)
    assert found.disposition == decision("dowa")


def test_what_is_not_a_smelter_is_no_facility_even_with_a_cid() -> None:
    trader = decision("Dowa", kind=Decision.NOT_A_SMELTER)
    found = resolved(line("Tin", "Dowa", "", "CID000402"), TIN_DOWA, decisions=(trader,))
    assert (found.outcome, found.step, found.facility) == (Outcome.NOT_A_SMELTER, Step.DISPOSITION, None)


def test_a_decision_for_a_cid_of_another_metal_has_a_doubt() -> None:
    found = resolved(line("Tin", "Xu"), GOLD_DOWA, decisions=(decision("Xu", "CID000401"),))
    assert found.facility == FacilityId(Mineral.TIN, "CID000401")
    assert found.doubts == ("The decision names CID000401, which is known for Gold alone.",)


# whatever is declared and known

NAMES = ["Dowa", "DOWA Co., Ltd.", "Dowa Inc.", "Dova", "Minsur", "H.C. Starck", ""]
METALS = ["Tin", "Gold", "Tantalum", ""]
CIDS = ["", "CID000401", "CID000402", "CID001182", "CID999999"]
IDENTITIES = st.builds(
    DeclaredIdentity,
    st.sampled_from(METALS),
    st.sampled_from(CIDS),
    st.sampled_from(NAMES) | st.text(max_size=12),
    st.sampled_from(["", "JAPAN", "Peru", "Atlantis"]),
    st.sampled_from(["typed", "look-up", "column-f", "none", ""]),
)
KNOWN = st.lists(
    st.builds(
        known,
        st.sampled_from(METALS[:3]),
        st.sampled_from(CIDS[1:]),
        st.sampled_from(NAMES[:-1]),
        st.sampled_from(["", "JAPAN", "PERU"]),
        source=st.sampled_from(NameSource),
        file=st.sampled_from(["a", "b"]),
    ),
    max_size=8,
)


@given(IDENTITIES, KNOWN, st.integers(0, 2**32))
def test_the_order_and_number_of_the_sources_decide_nothing(
    identity: DeclaredIdentity, names: list[KnownName], seed: int
) -> None:
    shuffled = random.Random(seed).sample(names, len(names))
    assert resolved(identity, *names) == resolved(identity, *shuffled, *names[:2])


@given(IDENTITIES, KNOWN)
def test_a_resolution_keeps_its_word(identity: DeclaredIdentity, names: list[KnownName]) -> None:
    found = resolved(identity, *names)
    assert (found.facility is not None) is (found.outcome is Outcome.FACILITY)
    assert found.trace[-1].step is found.step
    assert [*Step].index(found.step) == max([*Step].index(step) for step in steps(found))
    assert len(found.suggestions) <= 3
    assert not (found.suggestions and found.outcome is not Outcome.UNRESOLVED)
    if found.facility and identity.metal:
        assert found.facility.metal == identity.metal
    if found.facility and identity.cid and found.step in (Step.CID, Step.WORKBOOK):
        assert found.facility.cid == identity.cid


@given(IDENTITIES, KNOWN)
def test_a_decision_wins_over_everything_and_undoing_it_restores_what_was(
    identity: DeclaredIdentity, names: list[KnownName]
) -> None:
    before = resolved(identity, *names)
    decided = Disposition(
        identity.metal, identity.cid, identity.name, identity.country, Decision.FACILITY,
        FacilityId(Mineral.TIN, "CID000777"), "Ada", date(2017, 3, 31), "seen", 2,
    )  # fmt: skip
    with_decision = resolved(identity, *names, decisions=(decided,))
    assert (with_decision.step, with_decision.facility) == (Step.DISPOSITION, decided.facility)
    assert resolved(identity, *names) == before


# over the example's annex


def test_every_facility_of_the_annex_is_resolved_by_its_own_name() -> None:
    for name in annex_names():
        found = resolve(line(name.facility.metal, name.name, name.country), annex(), NOTHING_DECIDED)
        assert (found.facility, found.doubts) == (name.facility, ()), name


def test_no_facility_of_the_annex_is_ever_taken_for_another() -> None:
    # GIVEN each facility once missing from what is known
    for name in annex_names():
        rest = known_facilities(other for other in annex_names() if other is not name)
        # WHEN a line names it without its CID
        found = resolve(line(name.facility.metal, name.name, name.country), rest, NOTHING_DECIDED, suggest=False)
        # THEN nobody else stands in for it
        assert found.outcome is Outcome.UNRESOLVED, (name, found.facility)


def test_no_misspelt_line_is_ever_resolved_to_a_wrong_facility() -> None:
    dice = random.Random(310)
    exact = 0
    for number in range(3_000):
        name, damage = dice.choice(annex_names()), [*KINDS.values()][number % len(KINDS)]
        country = dice.choice((name.country, ""))
        damaged = line(name.facility.metal, damage(name.name, name.country, dice), country)
        found = resolve(damaged, annex(), NOTHING_DECIDED, suggest=False)
        assert found.facility in (None, name.facility), (name.name, damaged.name)
        exact += found.facility is not None
    assert exact < 1_000, "most of these are damaged beyond spelling"


def test_nothing_known_resolves_by_cid_alone() -> None:
    assert resolve(line("Gold", "Dowa"), NOTHING_KNOWN, NOTHING_DECIDED).outcome is Outcome.UNRESOLVED
    assert resolve(line("Gold", "Dowa", "", "CID000401"), NOTHING_KNOWN, NOTHING_DECIDED).doubts == ()
