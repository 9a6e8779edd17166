"""A text of the team's that says "none" or "all" prints where it is so, and nowhere else."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.report.factories import Answers, answered, facility, interpretation, profile, supplier
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.own_text.quantified import false_claims
from tracelode.picture.facilities import Facility
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import Status
from tracelode.sources.program import Edition

COVERED = ("RWANDA", "UGANDA", "CONGO, DEMOCRATIC REPUBLIC OF THE")
AFRICAN = (*COVERED, "ZIMBABWE")
ELSEWHERE = ("CHINA", "JAPAN", "BRAZIL")


def against(text: str, situation: Interpretation) -> list[str]:
    return [claim.against for claim in false_claims([text], situation, count_figures(situation))]


def lies_in(*countries: str) -> Callable[[Facility], bool]:
    return lambda each: each.printed_country in {facility(country=country).printed_country for country in countries}


SAID: tuple[tuple[str, Callable[[Facility], bool]], ...] = (
    ("conformant", lambda each: each.status is Status.CONFORMANT),
    ("active", lambda each: each.status is Status.ACTIVE),
    ("of indeterminable status", lambda each: each.status is Status.INDETERMINABLE),
    ("located in a covered country", lies_in(*COVERED)),
    ("located in Africa", lies_in(*AFRICAN)),
    ("outside of the covered countries", lies_in("ZIMBABWE", *ELSEWHERE)),
)
"""What can be said of a facility, and whether it holds: told by the country's own list here, not by the code's."""

QUANTIFIERS: tuple[tuple[str, str, Callable[[Sequence[bool]], bool]], ...] = (
    ("None of the", "is", lambda holds: not any(holds)),
    ("All of the", "are", all),
    ("Every one of the", "is", all),
    ("All", "are", all),
    ("None of our", "are", lambda holds: not any(holds)),
    ("All of these", "are not", lambda holds: not any(holds)),
)

some_facilities = st.lists(
    st.builds(
        facility,
        st.sampled_from(CONFLICT_MINERALS),
        st.integers(1, 900),
        st.sampled_from(list(Status)),
        st.sampled_from((*AFRICAN, *ELSEWHERE)),
    ),
    min_size=1,
    max_size=4,
)


@examples(4)
@given(
    some_facilities,
    st.sampled_from(QUANTIFIERS),
    st.sampled_from(SAID),
    st.sampled_from(("", *CONFLICT_MINERALS)),
    st.sampled_from(("smelters and refiners", "facilities", "smelters", "refiners")),
)
def test_a_claim_of_all_or_none_prints_exactly_where_it_holds(
    facilities: list[Facility],
    quantifier: tuple[str, str, Callable[[Sequence[bool]], bool]],
    said: tuple[str, Callable[[Facility], bool]],
    metal: str,
    noun: str,
) -> None:
    # GIVEN
    begin, verb, holds = quantifier
    what, is_so = said
    text = f"{begin} {metal.lower()}{' ' if metal else ''}{noun} {verb} {what}."
    meant = [is_so(each) for each in facilities if metal in ("", each.facility.metal)]
    # WHEN
    found = against(text, interpretation([answered("s1")], facilities))
    # THEN
    assert bool(found) == bool(meant and not holds(meant)), text


@pytest.mark.parametrize("answers", ["Yes", "No", "Unknown"])
def test_a_claim_about_what_suppliers_source_is_held_against_what_they_declare(answers: str) -> None:
    # GIVEN
    situation = interpretation([answered("s1", answers=Answers(covered=answers))])
    # THEN
    assert bool(against("None of our suppliers sources minerals from a covered country.", situation)) == (
        answers == "Yes"
    )
    assert bool(against("No supplier obtains gold from the covered countries.", situation)) == (answers == "Yes")


def test_all_suppliers_responded_only_where_none_is_missing() -> None:
    # GIVEN
    text = "All of our suppliers responded."
    # THEN
    assert against(text, interpretation([answered("s1"), answered("s2")])) == []
    assert against(text, interpretation([answered("s1"), supplier("s2")])) == [
        "one supplier did not (figures.suppliers.responded)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Our products are DRC conflict free.",
        "We have found that the minerals in them are conflict-free.",
    ],
)
def test_conflict_free_is_said_of_products_only_with_an_audit_of_the_report(text: str) -> None:
    audited = profile(edition=Edition(private_sector_audit=True))
    assert against(text, interpretation([answered("s1")]))
    assert against(text, interpretation([answered("s1")], program=audited)) == []


@pytest.mark.parametrize(
    "text",
    [
        "We could not determine whether our products are DRC conflict free.",
        "Nearly all facilities are conformant.",
        "Not all of the smelters are conformant.",
        "It is our goal that all suppliers use conformant facilities, and that no mineral finances conflict.",
        "All suppliers that responded were asked again.",
        "No supplier was visited.",
        "We ask for the Conflict Minerals Reporting Template of the Conflict-Free Sourcing Initiative.",
        "Each of the mines belongs to a cooperative.",
    ],
)
def test_what_claims_no_such_thing_is_held_against_nothing(text: str) -> None:
    facilities = [facility(Mineral.TIN, 1, Status.INDETERMINABLE, "RWANDA"), facility(Mineral.GOLD, 2)]
    assert against(text, interpretation([answered("s1"), supplier("s2")], facilities)) == []
