from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.layouts import Layout
from tracelode.declarations.templates.questions import Question
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.template_kind import CMRT, TemplateKind

LAYOUTS = TEMPLATES.of_kind(CMRT)


def version(text: str) -> TemplateVersion:
    parsed = TemplateVersion.parse(CMRT, text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("Revision 6.5\nApril 25, 2025", "6.5"),
        ("Revision 6.01 May 19, 2020", "6.01"),
        ("1. July 18th 2011", "1.0"),
        ("Revision 2.03a July 25th, 2013", "2.03a"),
        ("Revision 3.00 April 9, 2014", "3.0"),
        ("6.10", "6.1"),
        ("revision 6.4", "6.4"),
    ],
)
def test_a_revision_text_states_its_version(revision: str, expected: str):
    assert version(revision).stated == expected
    assert str(version(revision)) == f"CMRT {expected}"


@pytest.mark.parametrize("text", ["", "Revision", "April 25, 2025 Revision 6.5", "6.5th", "v6.5"])
def test_other_texts_state_no_version(text: str):
    assert TemplateVersion.parse(CMRT, text) is None


def test_versions_compare_as_decimals_with_a_letter():
    rising = ["1.00", "2.00", "2.03", "2.03a", "3.01", "6.01", "6.1", "6.22", "6.31", "6.4", "6.5", "6.51"]
    assert sorted(map(version, reversed(rising))) == [version(text) for text in rising]


def test_versions_of_two_kinds_are_neither_older_nor_newer():
    emrt = TemplateVersion.parse(TemplateKind("EMRT"), "6.5")
    assert emrt != version("6.5")
    with pytest.raises(TypeError):
        assert version("6.5") < emrt


@given(st.integers(0, 99), st.integers(0, 999), st.sampled_from(["", "a", "b"]))
def test_a_version_survives_being_written_down(whole: int, hundredths: int, letter: str):
    before = TemplateVersion(CMRT, Decimal(f"{whole}.{hundredths:03}"), letter)
    assert version(before.stated) == before


def test_every_official_six_has_a_layout_of_its_own():
    sixes = [layout for layout in LAYOUTS if layout.version.family == 6]
    assert [layout.version.stated for layout in sixes] == ["6.01", "6.1", "6.22", "6.31", "6.4", "6.5"]
    assert all(
        TEMPLATES.is_known(layout.version) and TEMPLATES.layout_for(layout.version) is layout for layout in LAYOUTS
    )


@pytest.mark.parametrize(
    ("read", "like"),
    [
        *(("6.0", "6.01"), ("6.2", "6.22"), ("6.3", "6.31"), ("6.45", "6.4"), ("6.6", "6.5"), ("7.0", "6.5")),
        *(("3.7", "3.02"), ("4.10", "4.20"), ("4.05", "4.01b"), ("1.5", "1.00")),
    ],
)
def test_a_version_without_a_layout_is_read_like_its_nearest(read: str, like: str):
    assert TEMPLATES.layout_for(version(read)) == TEMPLATES.layout_for(version(like))


def test_what_came_before_the_first_template_has_no_layout():
    assert TEMPLATES.layout_for(version("0.9")) is None


def test_the_newest_layout_is_the_last_released():
    assert TEMPLATES.newest(CMRT).released == max(layout.released for layout in LAYOUTS)


def test_releases_follow_each_other():
    released = [layout.released for layout in LAYOUTS]
    assert released == sorted(released)


def test_four_and_five_are_known_not_to_be_documented():
    undocumented = {layout.version.family for layout in LAYOUTS if not layout.documented}
    assert undocumented == {4, 5}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.version.stated)
def test_every_layout_is_complete(layout: Layout):
    assert layout.minerals == CONFLICT_MINERALS
    assert list(layout.questions) == list(Question)
    assert set(layout.asked) >= {Question.INTENTIONALLY_ADDED, Question.COVERED_COUNTRIES}
    assert {"name", "contact_email", "authorizer_email"} & set(layout.company)
    assert {"metal", "name", "comments"} <= set(layout.smelter_list.columns)
    assert "contact" not in " ".join(layout.smelter_list.columns)
    assert layout.sheets[0] == "Declaration"
    rows = [row for question in layout.questions.values() for row in question.metal_rows]
    assert all(row > max(layout.company.values()) for row in rows)
