import random
from collections import defaultdict

import pytest

from tests.unit.smelters.knowledge import annex, annex_names, known
from tests.unit.smelters.misspellings import KINDS
from tracelode.minerals import Mineral
from tracelode.smelters.known import NOTHING_KNOWN, known_facilities
from tracelode.smelters.status import FacilityId
from tracelode.smelters.suggestions import FLOOR, scored, suggest

CASES = 5_000


@pytest.fixture(scope="module")
def rates() -> dict[str, float]:
    """For each kind of damage, how many of its cases have the right facility alone under their name, or first."""
    dice, cases, right = random.Random(2016), defaultdict(int), defaultdict(int)
    for number in range(CASES):
        kind = [*KINDS][number % len(KINDS)]
        meant = dice.choice(annex_names())
        damaged = KINDS[kind](meant.name, meant.country, dice)
        found = suggest(annex(), meant.facility.metal, damaged, dice.choice((meant.country, "")))
        exact = {name.facility for name in annex().named(meant.facility.metal, damaged)}
        cases[kind] += 1
        right[kind] += exact == {meant.facility} or (bool(found) and found[0].facility == meant.facility)
    return {kind: right[kind] / cases[kind] for kind in KINDS}


def test_damaged_names_have_the_right_facility_first_in_95_of_100_cases(rates: dict[str, float]) -> None:
    assert sum(rates.values()) / len(rates) >= 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_damage_is_beyond_it(kind: str, rates: dict[str, float]) -> None:
    assert rates[kind] >= 0.95


def test_at_most_three_facilities_each_once_and_best_first() -> None:
    found = suggest(annex(), Mineral.TIN, "PT Stania Prima", "Indonesia")
    assert len(found) == len({each.facility for each in found}) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert {each.name for each in found} >= {"PT Mitra Stania Prima", "PT Inti Stania Prima"}


def test_only_the_lines_own_metal_is_suggested_unless_it_has_none() -> None:
    facilities = known_facilities([known("Tin", "CID000402", "Dowa"), known("Gold", "CID000401", "Dowa")])
    assert [each.facility.metal for each in suggest(facilities, Mineral.TIN, "Dova", "")] == ["Tin"]
    assert [each.facility.metal for each in suggest(facilities, None, "Dova", "")] == ["Gold", "Tin"]


def test_a_country_raises_who_lies_there_and_lowers_who_does_not() -> None:
    facilities = known_facilities(
        [known("Tin", "CID000001", "Examplo Works", "PERU"), known("Tin", "CID000002", "Exampla Works", "JAPAN")]
    )
    for country, first in (("Peru", "CID000001"), ("Japan", "CID000002"), ("", "CID000001")):
        found = suggest(facilities, Mineral.TIN, "Example Works", country)
        assert found[0].facility.cid == first
    peru, japan = suggest(facilities, Mineral.TIN, "Example Works", "Peru")
    without = suggest(facilities, Mineral.TIN, "Example Works", "Atlantis")[0].score
    assert peru.score > without > japan.score


def test_a_suggestion_shows_the_standard_name_and_the_alias_that_came_closest() -> None:
    facilities = known_facilities([known("Tin", "CID001898", "Thai Solder Works", "THAILAND", standard="Thaisarco")])
    (found,) = suggest(facilities, Mineral.TIN, "Tai Solder Works", "")
    assert (found.name, found.country, found.matched) == ("Thaisarco", "THAILAND", "Thai Solder Works")


@pytest.mark.parametrize("name", ["", "?", "--", "Completely Other"])
def test_what_nothing_is_like_has_no_suggestion(name: str) -> None:
    facilities = known_facilities([known("Tin", "CID000402", "Dowa")])
    assert suggest(facilities, Mineral.TIN, name, "Japan") == ()
    assert suggest(NOTHING_KNOWN, None, name, "") == ()


def test_one_facility_can_be_scored_however_unlike_it_is() -> None:
    facilities = known_facilities([known("Tin", "CID000402", "Dowa", "JAPAN")])
    found = scored(facilities, FacilityId(Mineral.TIN, "CID000402"), "Completely Other", "Peru")
    assert found
    assert (found.name, found.country) == ("Dowa", "JAPAN")
    assert 0 <= found.score < FLOOR
    assert scored(facilities, FacilityId(Mineral.GOLD, "CID000402"), "Dowa", "") is None
