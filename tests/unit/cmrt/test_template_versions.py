from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.cmrt.layouts import is_known, layout_for, layouts, newest_layout
from tracelode.cmrt.versions import TemplateVersion


def version(text: str) -> TemplateVersion:
    parsed = TemplateVersion.parse(text)
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
    assert str(version(revision)) == expected


@pytest.mark.parametrize("text", ["", "Revision", "April 25, 2025 Revision 6.5", "6.5th", "v6.5"])
def test_other_texts_state_no_version(text: str):
    assert TemplateVersion.parse(text) is None


def test_versions_compare_as_decimals_with_a_letter():
    rising = ["1.00", "2.00", "2.03", "2.03a", "3.01", "6.01", "6.1", "6.22", "6.31", "6.4", "6.5", "6.51"]
    assert sorted(map(version, reversed(rising))) == [version(text) for text in rising]


@given(st.integers(0, 99), st.integers(0, 999), st.sampled_from(["", "a", "b"]))
def test_a_version_survives_being_written_down(whole: int, hundredths: int, letter: str):
    before = TemplateVersion(Decimal(f"{whole}.{hundredths:03}"), letter)
    assert version(str(before)) == before


def test_every_official_version_has_a_layout_of_its_own():
    assert [str(layout.version) for layout in layouts()] == ["6.01", "6.1", "6.22", "6.31", "6.4", "6.5"]
    assert all(is_known(layout.version) and layout_for(layout.version) is layout for layout in layouts())


@pytest.mark.parametrize(
    ("read", "like"), [("6.0", "6.01"), ("6.2", "6.22"), ("6.3", "6.31"), ("6.45", "6.4"), ("6.6", "6.5")]
)
def test_a_version_without_a_layout_is_read_like_its_nearest(read: str, like: str):
    assert layout_for(version(read)) == layout_for(version(like))


@pytest.mark.parametrize("other_family", ["1.0", "3.01", "5.12", "7.0"])
def test_other_families_have_no_layout(other_family: str):
    assert layout_for(version(other_family)) is None


def test_the_newest_layout_is_the_last_released():
    assert newest_layout().released == max(layout.released for layout in layouts())
