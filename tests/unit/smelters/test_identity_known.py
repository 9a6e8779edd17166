import random

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.smelters.knowledge import annex, annex_names, known
from tracelode.minerals import Mineral
from tracelode.smelters.known import NOTHING_KNOWN, KnownName, NameSource, known_facilities
from tracelode.smelters.status import FacilityId

TEMPLATE = NameSource.TEMPLATE


def cids(found: tuple[KnownName, ...]) -> list[str]:
    return [name.facility.cid for name in found]


def test_a_name_is_found_under_its_own_metal_only() -> None:
    facilities = known_facilities([known("Tin", "CID000402", "Dowa"), known("Gold", "CID000401", "Dowa")])
    assert cids(facilities.named(Mineral.TIN, "DOWA")) == ["CID000402"]
    assert cids(facilities.named(Mineral.GOLD, "dowa")) == ["CID000401"]
    assert facilities.named(Mineral.TUNGSTEN, "Dowa") == ()


def test_an_alias_and_the_standard_name_both_stand_for_the_facility() -> None:
    facilities = known_facilities([known("Tin", "CID001898", "Thai Solder", standard="Thaisarco", source=TEMPLATE)])
    assert cids(facilities.named(Mineral.TIN, "thai-solder")) == cids(facilities.named(Mineral.TIN, "Thaisarco"))
    listed = facilities.facility(FacilityId(Mineral.TIN, "CID001898"))
    assert listed
    assert listed.name == "Thaisarco"


def test_the_core_of_a_name_is_asked_only_if_the_name_itself_is_unknown() -> None:
    facilities = known_facilities([known("Tin", "CID000001", "Xu Ltd."), known("Tin", "CID000002", "Xu")])
    assert cids(facilities.named(Mineral.TIN, "Xu")) == ["CID000002"]
    assert cids(facilities.named(Mineral.TIN, "Xu Co., Ltd.")) == ["CID000001", "CID000002"]
    assert cids(facilities.named(Mineral.TIN, "Xu Inc.")) == ["CID000002"]


def test_one_name_for_several_facilities_gives_all_of_them() -> None:
    facilities = known_facilities([known("Gold", "CID000002", "Xu"), known("Gold", "CID000001", "XU")])
    assert cids(facilities.named(Mineral.GOLD, "Xu")) == ["CID000001", "CID000002"]


def test_a_stronger_source_goes_first_and_names_the_facility() -> None:
    facilities = known_facilities(
        [
            known("Gold", "CID000009", "Xu", "JAPAN", source=TEMPLATE, file="6.5.xlsx"),
            known("Gold", "CID000010", "Xu", "CHINA"),
            known("Gold", "CID000009", "Xu Works", "CHINA"),
        ]
    )
    assert [name.source for name in facilities.named(Mineral.GOLD, "Xu")] == [NameSource.REFERENCE_LIST, TEMPLATE]
    listed = facilities.facility(FacilityId(Mineral.GOLD, "CID000009"))
    assert listed
    assert (listed.name, listed.country) == ("Xu Works", "CHINA")
    assert facilities.countries_of(listed.facility) == ("CHINA", "JAPAN")


def test_of_two_templates_the_later_version_names_the_facility() -> None:
    older = known("Gold", "CID000009", "Old name", source=TEMPLATE, file="cmrt-6.5.xlsx")
    newer = known("Gold", "CID000009", "New name", source=TEMPLATE, file="cmrt-6.10.xlsx")
    facilities = known_facilities([older, newer])
    assert facilities.facility(newer.facility) == newer


def test_a_cid_is_known_for_each_metal_that_lists_it() -> None:
    facilities = known_facilities([known("Tin", "CID000402", "Dowa"), known("Gold", "CID000402", "Dowa")])
    assert facilities.with_cid("CID000402") == (
        FacilityId(Mineral.GOLD, "CID000402"),
        FacilityId(Mineral.TIN, "CID000402"),
    )
    assert facilities.with_cid("CID999999") == ()


def test_a_text_without_letters_is_nobodys_name() -> None:
    facilities = known_facilities([known("Tin", "CID000001", "?"), known("Tin", "CID000002", "Xu")])
    assert facilities.named(Mineral.TIN, "--") == facilities.named(Mineral.TIN, "") == ()
    assert facilities.with_cid("CID000001")


def test_before_any_list_nothing_is_known() -> None:
    assert not NOTHING_KNOWN
    assert NOTHING_KNOWN.facility(FacilityId(Mineral.TIN, "CID000001")) is None
    assert NOTHING_KNOWN.named(Mineral.TIN, "Xu") == NOTHING_KNOWN.of_metal(None) == ()


@given(st.integers(0, 2**32))
def test_the_order_of_the_sources_makes_no_difference(seed: int) -> None:
    # GIVEN names of several sources, files and facilities, some of them at odds
    names = [
        known(
            "Gold", f"CID00000{n % 4}", f"Xu {n % 3}", country, standard=f"Xu {n % 5}", source=source, file=f"{n % 2}"
        )
        for n, country in enumerate(["JAPAN", "CHINA", ""] * 4)
        for source in NameSource
    ]
    shuffled = random.Random(seed).sample(names, len(names))
    # THEN what is known is the same in any order, and however often it is said
    one, other = known_facilities(names), known_facilities([*shuffled, *names[:3]])
    assert one == other
    assert one.of_metal(None) == other.of_metal(None)
    for name in names:
        assert one.named(Mineral.GOLD, name.name) == other.named(Mineral.GOLD, name.name)
        assert one.facility(name.facility) == other.facility(name.facility)


def test_every_name_of_the_annex_stands_for_its_own_facility() -> None:
    for name in annex_names():
        assert {found.facility for found in annex().named(name.facility.metal, name.name)} == {name.facility}
