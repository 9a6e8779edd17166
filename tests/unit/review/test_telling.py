"""Findings are told in each of the template's languages, with nothing lost on the way."""

import re
from dataclasses import replace

import pytest

from tracelode.cmrt.file_rules import FILE_RULES
from tracelode.findings import Finding, Severity
from tracelode.markup.labels import Labels
from tracelode.review.telling import language, language_codes, language_of
from tracelode.review.wording import TERMS, WORDINGS

SPOKEN_OF_READ_FILES = {rule.id: rule for rule in FILE_RULES if rule.severity is not Severity.ERROR}
"""A file that could not be read shows no language, so its errors are told in English alone."""


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", language_codes())
def test_every_rule_is_told_with_the_same_words(code: str) -> None:
    rules = language(code).rules
    assert set(WORDINGS) | set(SPOKEN_OF_READ_FILES) <= set(rules)
    for rule, english in (*WORDINGS.items(), *SPOKEN_OF_READ_FILES.items()):
        assert names_in(rules[rule]["message"]) == names_in(english.message), rule
        assert names_in(rules[rule]["remedy"]) == names_in(english.remedy), rule
        assert rules[rule]["message"] != english.message, rule


@pytest.mark.parametrize("code", language_codes())
def test_every_term_and_label_is_there(code: str) -> None:
    told = language(code)
    for name, terms in TERMS.items():
        assert {str(term) for term in terms} <= set(told.terms[name])
    assert set(told.workbook) == set(Labels.__dataclass_fields__)
    assert set(told.page) == set(language("de").page)
    assert all(told.page.values())


@pytest.mark.parametrize(
    ("displayed", "code"),
    [
        ("中文 Chinese", "zh"),
        ("日本語 Japanese", "ja"),
        ("한국어 Korean", "ko"),
        ("Français", "fr"),
        ("Português", "pt"),
        ("Deutsch", "de"),
        ("Español", "es"),
        ("Italiano", "it"),
        ("italiano", "it"),
        ("Türkçe", "tr"),
    ],
)
def test_a_language_is_known_by_the_name_that_the_template_gives_it(displayed: str, code: str) -> None:
    told = language_of(displayed)
    assert told is not None
    assert told.code == code


@pytest.mark.parametrize("displayed", ["English", "", "Klingon"])
def test_english_and_what_is_unknown_are_told_in_english(displayed: str) -> None:
    assert language_of(displayed) is None


def test_a_finding_is_told_with_its_terms_translated() -> None:
    english = Finding(
        "K01", Severity.ERROR, "The company name is missing.", "Fill it in.", words={"field": "company name"}
    )
    told = language("de").told(english)
    assert "Firmenname" in told.message or "Name" in told.message
    assert replace(told, message=english.message, remedy=english.remedy) == english


def test_a_finding_without_its_words_or_of_an_unknown_rule_stays_english() -> None:
    for finding in (Finding("K01", Severity.ERROR, "m", "r"), Finding("Z99", Severity.ERROR, "m", "r")):
        assert language("fr").told(finding) == finding
