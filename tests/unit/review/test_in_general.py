"""A rule's words without a document."""

import pytest

from tracelode.cmrt.file_rules import FILE_RULES
from tracelode.review.in_general import InGeneral, rule_in_general
from tracelode.review.review import RULES


@pytest.mark.parametrize("rule_id", [rule.id for rule in (*FILE_RULES, *RULES)])
@pytest.mark.parametrize("version", ["", "3.02", "6.5"])
def test_every_rule_has_words_that_read_as_sentences(rule_id: str, version: str) -> None:
    told = rule_in_general(rule_id, version)

    for text in (told.message, told.remedy):
        assert text.endswith((".", "?"))
        assert text[0].isupper() or text[0] == "…"
        assert "{" not in text
        assert "()" not in text
        assert "  " not in text


def test_questions_go_by_their_number_in_the_version_of_the_template() -> None:
    assert "question 3 says yes" in rule_in_general("X05", "6.5").message.lower()
    assert rule_in_general("X10", "6.5").remedy != rule_in_general("X10", "4.20").remedy


def test_a_rule_of_another_version_of_the_software_has_no_words() -> None:
    assert rule_in_general("Z99", "6.5") == InGeneral("", "")
