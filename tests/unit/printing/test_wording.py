"""How figures read in a sentence."""

from datetime import date

import pytest

from tracelode.printing import wording


@pytest.mark.parametrize(
    ("number", "read"), [(0, "no"), (1, "one"), (7, "seven"), (10, "ten"), (11, "11"), (310, "310"), (2000, "2,000")]
)
def test_numbers_up_to_ten_are_words(number: int, read: str) -> None:
    assert wording.in_words(number) == read


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("contract manufacturers", "contract manufacturer"),
        ("companies", "company"),
        ("tier one businesses", "tier one business"),
        ("boxes", "box"),
        ("staff", "staff"),
        ("glass", "glass"),
    ],
)
def test_the_singular_of_a_supplier_term(plural: str, singular: str) -> None:
    assert wording.singular_of(plural) == singular


def test_counting_uses_singular_and_plural() -> None:
    assert wording.counted(1, "facility") == "one facility"
    assert wording.counted(55, "facility") == "55 facilities"
    assert wording.counted(2, "day") == "two days"
    assert wording.counted(2, "person", "people") == "two people"


def test_lists_read_as_sentences() -> None:
    assert [wording.listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_dates_read_as_in_an_american_filing() -> None:
    assert wording.long_date(date(2017, 5, 26)) == wording.long_date("2017-05-26") == "May 26, 2017"


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert wording.paragraphs("One\nline.\r\n\r\n  Two.  \n\n\n") == ["One line.", "Two."]
