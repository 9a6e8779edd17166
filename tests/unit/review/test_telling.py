"""Findings are told in each of the template's languages, with nothing lost on the way."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.factories.reviewing import review
from tests.unit.review.declarations import line, with_lines
from tracelode.feedback.markup.labels import Labels
from tracelode.feedback.smelter_notes import SENTENCES
from tracelode.findings import Finding, Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.review.telling import language, language_codes, language_of
from tracelode.review.wording import TERMS, WORDINGS
from tracelode.smelters.countries import country_names, covered_countries, plain_country
from tracelode.smelters.status import PRINTED
from tracelode.workbooks.file_rules import FILE_RULES

SPOKEN_OF_READ_FILES = {rule.id: rule for rule in FILE_RULES if rule.severity is not Severity.ERROR}
REJECTIONS = {rule.id: rule for rule in FILE_RULES if rule.severity is Severity.ERROR}


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", language_codes())
def test_every_rule_is_told_with_the_same_words(code: str) -> None:
    rules = language(code).rules
    assert set(WORDINGS) | {rule.id for rule in FILE_RULES} <= set(rules)
    # What stands in a file that is none is said in English beside it; a translation may leave the detail out.
    for rule, of_file in REJECTIONS.items():
        assert names_in(rules[rule]["message"]) == names_in(of_file.message) - {"what", "looks_like"}, rule
        assert names_in(rules[rule]["remedy"]) == names_in(of_file.remedy), rule
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
    for key, text in told.page.items():
        assert names_in(text) == names_in(language("de").page[key]), key


@pytest.mark.parametrize("code", language_codes())
def test_every_sentence_on_smelters_is_there_with_the_same_fields(code: str) -> None:
    sentences = language(code).smelters
    assert list(sentences) == list(SENTENCES)
    for key, english in SENTENCES.items():
        assert names_in(sentences[key]) == names_in(english), key
        assert sentences[key].count("{") == english.count("{"), key
        assert sentences[key] != english, key


@pytest.mark.parametrize("code", language_codes())
def test_no_two_sentences_on_smelters_are_the_same(code: str) -> None:
    sentences = language(code).smelters.values()
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("code", language_codes())
def test_every_metal_and_every_status_has_a_name(code: str) -> None:
    terms = language(code).terms
    assert set(terms["metal"]) == {metal.value for metal in CONFLICT_MINERALS}
    assert set(terms["status"]) == {word.lower() for words in PRINTED.values() for word in words.values()}
    assert len(set(terms["status"].values())) == len(PRINTED[next(iter(PRINTED))])


@pytest.mark.parametrize("code", language_codes())
def test_every_covered_country_goes_by_a_name_that_means_that_country_and_no_other(code: str) -> None:
    named = language(code).terms["country"]
    assert set(named) == {country.in_prose for country in covered_countries()}
    for country in covered_countries():
        meant = country_names().get(plain_country(named[country.in_prose]), ())
        # The standard's translations leave the other Congo at "Congo"; its full name may be in none of them.
        assert meant == (country,) or (country.code == "CG" and not meant), named[country.in_prose]
    assert len(set(named.values())) == len(named)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("zh", "2017年5月1日", "2017年12月31日"),
        ("ja", "2017年5月1日", "2017年12月31日"),
        ("ko", "2017년 5월 1일", "2017년 12월 31일"),
        ("fr", "1er mai 2017", "31 décembre 2017"),
        ("pt", "1º de maio de 2017", "31 de dezembro de 2017"),
        ("de", "1. Mai 2017", "31. Dezember 2017"),
        ("es", "1 de mayo de 2017", "31 de diciembre de 2017"),
        ("it", "1º maggio 2017", "31 dicembre 2017"),
        ("tr", "1 Mayıs 2017", "31 Aralık 2017"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(code: str, first: str, last: str) -> None:
    told = language(code)
    assert (told.dated(date(2017, 5, 1)), told.dated(date(2017, 12, 31))) == (first, last)
    months = told.writing["months"].split()
    assert len(set(months)) == len(months) == 12


def test_names_follow_each_other_as_the_language_has_them() -> None:
    assert language("ja").listed(["ルワンダ", "アンゴラ"]) == "ルワンダ、アンゴラ"
    assert language("de").listed(["Ruanda", "Angola"]) == "Ruanda, Angola"


def test_each_of_several_countries_is_told_by_its_name() -> None:
    (finding,) = [
        finding for finding in review(
            with_lines(replace(line(20, Mineral.TIN, "CID000099", "A"), mine_country="Congo")), year=2026
        ) if finding.rule == "X73"
    ]  # fmt: skip
    told = language("de").told(finding)
    for country in ("Republik Kongo", "Demokratische Republik Kongo"):
        assert country in told.message
        assert country in told.remedy
    assert "the " not in told.message


def test_a_word_that_is_no_term_stays_as_it_is() -> None:
    assert language("de").term("metal", "Tin") == "Zinn"
    assert language("de").term("metal", "<b>Cobalt</b>") == "<b>Cobalt</b>"
    assert language("de").term("nothing", "Tin") == "Tin"


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
