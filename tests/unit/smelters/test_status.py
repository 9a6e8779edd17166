"""Status lists: what a list says of a facility, when that lapses, and which picture counts of several lists."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.smelters.status import (
    PRINTED,
    PRINTED_LISTING,
    Assessment,
    FacilityId,
    ListedFacility,
    Listing,
    ListOrigin,
    SmelterList,
    Status,
    Vocabulary,
    combine,
    placed,
)
from tracelode.sources.status_list import listing_of, parse_smelter_list

HEADING = "metal,cid,name,country,status"


def facility(number: int) -> FacilityId:
    return FacilityId(Mineral.GOLD, f"CID{number:06}")


def entry(number: int, listing: Listing, **more) -> ListedFacility:
    return ListedFacility(facility(number), f"Works {number}", "JAPAN", listing.status, number + 1, listing, **more)


def part(standing: Listing, as_of: date | None, *numbers: int, listing: Listing | None = None, **more) -> SmelterList:
    """RMI's list of one standing."""
    file = f"{standing}.xml"
    entries = {facility(n): entry(n, listing or standing, as_of=as_of, file=file, **more) for n in numbers}
    return SmelterList(entries, as_of, ListOrigin.PART, frozenset({standing}), (file,))


def whole(
    as_of: date | None, *numbers: int, origin: ListOrigin = ListOrigin.OURS, listing: Listing = Listing.CONFORMANT
) -> SmelterList:
    return SmelterList(
        {facility(n): entry(n, listing, as_of=as_of) for n in numbers}, as_of, origin, files=(origin.value,)
    )


JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


def statuses(smelter_list: SmelterList) -> dict[str, str]:
    return {entry.facility.cid[-1]: entry.listed_as.value for entry in smelter_list.facilities.values()}


def test_a_facility_is_listed_as_its_status_unless_the_list_says_more() -> None:
    plain = ListedFacility(facility(1), "Works", "JAPAN", Status.ACTIVE, 2)
    assert (plain.listed_as, plain.assessment, plain.aliases) == (Listing.ACTIVE, Assessment(), ())


def test_every_listing_counts_as_a_status_and_has_a_word_in_every_vocabulary() -> None:
    assert {listing.value: listing.status.value for listing in Listing} == {
        "conformant": "conformant",
        "cross-recognized": "conformant",
        "active": "active",
        "extended corrective action plan": "active",
        "eligible": "indeterminable",
        "indeterminable": "indeterminable",
    }
    for vocabulary in Vocabulary:
        assert set(PRINTED_LISTING[vocabulary]) == set(Listing)
        for status in Status:
            assert PRINTED_LISTING[vocabulary][Listing(status.value)] == PRINTED[vocabulary][status]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Conformant", Listing.CONFORMANT),
        ("COMPLIANT", Listing.CONFORMANT),
        ("cross recognised", Listing.CROSS_RECOGNIZED),
        ("Active - Extended CAP", Listing.EXTENDED_CORRECTIVE_ACTION_PLAN),
        ("Active (Extended CAP)", Listing.EXTENDED_CORRECTIVE_ACTION_PLAN),
        ("non-conformant", Listing.INDETERMINABLE),
        ("certified", None),
        ("", None),
    ],
)
def test_a_status_word_is_read_whatever_its_case_and_punctuation(text: str, expected: Listing | None) -> None:
    assert listing_of(text) is expected


@pytest.mark.parametrize(
    ("assessment", "lapses_on"),
    [
        (Assessment("RMAP", date(2023, 5, 31), 1), date(2024, 5, 31)),
        (Assessment("TI-CMC", date(2023, 5, 31), 3), date(2026, 5, 31)),
        (Assessment("RMAP", date(2024, 2, 29), 1), date(2025, 2, 28)),
        (Assessment("RMAP", date(2024, 2, 29), 4), date(2028, 2, 29)),
        (Assessment("RMAP", date(2023, 5, 31), 1, reassessment=True), None),
        (Assessment("RMAP", date(2023, 5, 31), None), None),
        (Assessment("RMAP", None, 1), None),
        (Assessment(), None),
    ],
)
def test_a_status_lapses_a_cycle_after_the_last_assessment_unless_another_is_under_way(assessment, lapses_on) -> None:
    assert assessment.lapses_on == lapses_on


def test_our_own_list_may_say_what_a_status_rests_on() -> None:
    # GIVEN
    rows = (
        f"{HEADING},as_of,basis,last_audit,cycle,re_audit,city,state,alias",
        "Gold,CID000001,Works,JAPAN,cross-recognized,2024-02-01,LBMA,2023-05-31,3,no,Kobe,Hyogo,Old Works",
        "Gold,CID000001,Works,JAPAN,conformant,2024-03-01,,,,,,,Older Works",
    )
    # WHEN
    listed = parse_smelter_list("\n".join(rows).encode())
    # THEN
    (works,) = listed.facilities.values()
    assert works.assessment == Assessment("LBMA", date(2023, 5, 31), 3)
    assert (works.listed_as, works.status) == (Listing.CROSS_RECOGNIZED, Status.CONFORMANT)
    assert (works.city, works.state, works.aliases, works.row) == ("Kobe", "Hyogo", ("Old Works", "Older Works"), 2)
    assert (works.as_of, listed.as_of, listed.files) == (MARCH, MARCH, ("smelter-list.csv",))


def test_errors_in_the_optional_columns_are_named_by_row_and_column() -> None:
    text = f"{HEADING},last_audit,cycle,re_audit\nGold,CID000001,Works,JAPAN,active,soon,often,perhaps\n"
    with pytest.raises(ReferenceRefusedError) as refusal:
        parse_smelter_list(text.encode())
    assert [str(problem) for problem in refusal.value.problems] == [
        "row 2, column last_audit: is no date; write it as 2017-03-31 (found 'soon')",
        "row 2, column cycle: a number of years is required (found 'often')",
        "row 2, column re_audit: yes or no is required (found 'perhaps')",
    ]


def test_the_date_in_the_name_of_our_own_list_goes_before_those_of_its_rows() -> None:
    text = f"{HEADING},as_of\nGold,CID000001,Works,JAPAN,active,2024-01-01\n"
    assert parse_smelter_list(text.encode(), "smelter-list-2024-02-01.csv").as_of == FEBRUARY
    assert parse_smelter_list(text.encode()).as_of == JANUARY


def test_a_list_without_a_date_counts_from_its_receipt_and_stays_undated() -> None:
    undated = placed(whole(None, 1), MARCH)
    assert (undated.counts_from, undated.as_of, undated.facilities[facility(1)].as_of) == (MARCH, None, None)
    stated = placed(whole(JANUARY, 1), MARCH)
    assert (stated.counts_from, stated.facilities[facility(1)].as_of) == (JANUARY, JANUARY)
    assert combine(stated, undated) == undated


@pytest.mark.parametrize(
    ("standings", "conformant", "active"),
    [((Listing.CONFORMANT,), True, False), ((Listing.ACTIVE,), False, True), ((Listing.CROSS_RECOGNIZED,), True, False),
     ((Listing.CONFORMANT, Listing.ACTIVE), True, True), ((Listing.ELIGIBLE,), False, False)],
)  # fmt: skip
def test_a_part_tells_of_its_own_standing_alone(standings: tuple[Listing, ...], conformant: bool, active: bool) -> None:
    joined = combine(*(part(standing, MARCH, number) for number, standing in enumerate(standings, start=1)))
    assert (joined.tells(Status.CONFORMANT), joined.tells(Status.ACTIVE)) == (conformant, active)
    assert whole(MARCH, 1).tells(Status.CONFORMANT)
    assert whole(MARCH, 1).tells(Status.ACTIVE)


def test_rmi_s_lists_together_are_one_picture_of_the_newest_date() -> None:
    combined = combine(
        part(Listing.CONFORMANT, FEBRUARY, 1, 2),
        part(Listing.ACTIVE, MARCH, 3),
        part(Listing.CROSS_RECOGNIZED, JANUARY, 4),
        part(Listing.ELIGIBLE, JANUARY, 5),
    )
    assert statuses(combined) == {
        "1": "conformant",
        "2": "conformant",
        "3": "active",
        "4": "cross-recognized",
        "5": "eligible",
    }
    assert (combined.as_of, combined.complete) == (MARCH, True)
    assert combined.files == ("active.xml", "conformant.xml", "cross-recognized.xml", "eligible.xml")
    assert combined.status(facility(5)) is combined.status(facility(6)) is Status.INDETERMINABLE


@pytest.mark.parametrize(
    ("ours", "rmi", "expected"),
    [(JANUARY, FEBRUARY, "rmi"), (FEBRUARY, JANUARY, "ours"), (JANUARY, JANUARY, "rmi")],
)
def test_the_newer_picture_counts_wholly_and_rmi_s_own_of_two_that_are_equally_new(ours, rmi, expected) -> None:
    # GIVEN our own list with facility 1, and RMI's with facilities 2 and 3
    combined = combine(whole(ours, 1), part(Listing.CONFORMANT, rmi, 2), part(Listing.ACTIVE, rmi, 3))
    # THEN nothing of the other picture is in the one that counts
    assert statuses(combined) == ({"1": "conformant"} if expected == "ours" else {"2": "conformant", "3": "active"})


def test_half_of_rmi_s_picture_does_not_replace_a_whole_one() -> None:
    ours = whole(JANUARY, 1)
    assert combine(ours, part(Listing.CONFORMANT, MARCH, 2)) == ours
    assert combine(part(Listing.CONFORMANT, MARCH, 2), part(Listing.ELIGIBLE, MARCH, 3), ours) == ours


def test_where_there_is_no_whole_picture_half_a_one_counts() -> None:
    alone = combine(part(Listing.CONFORMANT, MARCH, 2))
    assert (statuses(alone), alone.complete) == ({"2": "conformant"}, False)
    assert combine() == SmelterList({})


def test_a_combined_list_is_a_picture_of_its_own() -> None:
    combined = whole(FEBRUARY, 1, origin=ListOrigin.COMBINED)
    assert combine(whole(FEBRUARY, 2), combined) == combined
    assert combine(combined, part(Listing.CONFORMANT, MARCH, 3), part(Listing.ACTIVE, JANUARY, 4)).as_of == MARCH


@pytest.mark.parametrize(
    ("conformant", "active", "expected"),
    [(JANUARY, FEBRUARY, "active"), (FEBRUARY, JANUARY, "conformant"), (JANUARY, JANUARY, "conformant")],
)
def test_a_facility_on_two_of_rmi_s_lists_stands_as_the_newer_says_then_as_the_stronger(
    conformant, active, expected
) -> None:
    combined = combine(part(Listing.CONFORMANT, conformant, 1), part(Listing.ACTIVE, active, 1))
    assert statuses(combined) == {"1": expected}


def test_the_programme_that_rmi_recognises_stays_the_basis_and_rmap_is_the_basis_of_rmi_s_own() -> None:
    lbma = Assessment("LBMA", date(2023, 5, 31), 1)
    combined = combine(
        part(Listing.CONFORMANT, MARCH, 1, 2),
        part(Listing.ACTIVE, MARCH, 3),
        part(Listing.CROSS_RECOGNIZED, MARCH, 1, 4, assessment=lbma),
        part(Listing.CROSS_RECOGNIZED, MARCH, 5),
        part(Listing.ELIGIBLE, MARCH, 6),
    )
    listed = combined.facilities
    assert listed[facility(1)].listed_as is Listing.CONFORMANT
    assert [listed[facility(number)].assessment.basis for number in range(1, 7)] == [
        "LBMA",
        "RMAP",
        "RMAP",
        "LBMA",
        "",
        "",
    ]
    assert listed[facility(1)].assessment.lapses_on == date(2024, 5, 31)


LISTS = st.builds(
    lambda standing, as_of, numbers: part(standing, as_of, *numbers),
    st.sampled_from([Listing.CONFORMANT, Listing.ACTIVE, Listing.CROSS_RECOGNIZED, Listing.ELIGIBLE]),
    st.sampled_from([JANUARY, FEBRUARY, MARCH, None]),
    st.sets(st.integers(1, 5)),
) | st.builds(
    lambda as_of, numbers, origin: whole(as_of, *numbers, origin=origin),
    st.sampled_from([JANUARY, FEBRUARY, MARCH, None]),
    st.sets(st.integers(1, 5)),
    st.sampled_from([ListOrigin.OURS, ListOrigin.COMBINED]),
)


@given(
    st.lists(LISTS, max_size=6, unique_by=lambda listed: listed.files).flatmap(
        lambda lists: st.tuples(st.just(lists), st.permutations(lists))
    )
)
def test_the_picture_does_not_depend_on_the_order_of_the_lists(lists) -> None:
    given_order, another = lists
    assert combine(*given_order) == combine(*another)
    assert list(combine(*given_order).facilities) == list(combine(*another).facilities)
