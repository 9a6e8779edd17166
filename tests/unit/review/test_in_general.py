"""A rule's words without a document."""

import re

import pytest

from tracelode.review.in_general import InGeneral, rule_in_general
from tracelode.review.review import RULES
from tracelode.workbooks.file_rules import FILE_RULES


@pytest.mark.parametrize("rule_id", [rule.id for rule in (*FILE_RULES, *RULES)])
@pytest.mark.parametrize("version", ["", "3.02", "6.5"])
def test_every_rule_has_words_that_read_as_sentences(rule_id: str, version: str) -> None:
    told = rule_in_general(rule_id, version)

    for text in (told.message, told.remedy):
        assert text.endswith((".", "?"))
        assert text[0].isupper()
        assert "…" not in text, text
        assert "{" not in text
        assert not re.search(r"\b(\w+) \1\b", text, re.IGNORECASE), text
        assert not re.search(r"\b(any|some|one|a|an|all of) (the|an?)\b", text, re.IGNORECASE), text
        assert "()" not in text
        assert "  " not in text


def test_questions_go_by_their_number_in_the_version_of_the_template() -> None:
    assert "question 3 says yes" in rule_in_general("X05", "6.5").message.lower()
    assert rule_in_general("X10", "6.5").remedy != rule_in_general("X10", "4.20").remedy


def test_a_rule_of_another_version_of_the_software_has_no_words() -> None:
    assert rule_in_general("Z99", "6.5") == InGeneral("", "")


@pytest.mark.parametrize(
    ("rule_id", "says"),
    [
        ("X43", "The template is not of the newest version. Use the newest version for the next declaration."),
        ("X26", "The template is of an older version than is asked for."),
        ("F12", "This is a CMRT of a version that RMI replaced long ago."),
        ("F06", "The file is damaged or incomplete."),
        ("X70", "Answer Yes to question 3 if any of it comes from there."),
        ("K18", "Question 3 (do smelters source from the covered countries?) has no usable answer for Tantalum."),
    ],
)
def test_what_differs_from_finding_to_finding_leaves_no_hole(rule_id: str, says: str) -> None:
    told = rule_in_general(rule_id, "6.4")

    assert says in f"{told.message} {told.remedy}"
