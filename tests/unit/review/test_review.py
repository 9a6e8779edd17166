"""Reviewing a declaration as a whole: severities of the program year, words for translators, a calm verdict."""

from dataclasses import replace

import pytest

from tests.factories.reviewing import review
from tests.unit.review.declarations import (
    COMPANY_ANSWERS,
    complete,
    emptied,
    not_listed,
    on_template,
    with_answer,
    with_company,
    with_company_answer,
    with_lines,
)
from tests.unit.review.pairs import PAIRS
from tracelode.declarations.declaration import CidSource, Declaration, Entry
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import Question
from tracelode.findings import Severity
from tracelode.minerals import Mineral
from tracelode.review.review import RULE_IDS, RULES
from tracelode.review.rules.rule import Rule, names_in
from tracelode.review.wording import TEMPLATE_IDS, TERMS, WORDINGS
from tracelode.template_kind import CMRT, TemplateKind

NUMBERS = {
    "against",
    "cid",
    "count",
    "countries",
    "country",
    "first",
    "letter",
    "look_up_sheet",
    "number",
    "question",
    "received",
    "released",
    "shown",
    "version",
    "wanted",
    "year",
}
QUESTION_NUMBERS = {question.value for question in Question}
LAYOUTS = {layout.version.family: layout for layout in TEMPLATES.of_kind(CMRT)}.values()
"""The newest layout of each family."""
EMPTY = emptied(complete(smelters=()))
UNREADABLE_DATE = with_company(complete(), effective_date=None)
NO_NAME = with_company(complete(), name="")


def test_a_clean_declaration_has_no_findings():
    assert review(complete(), year=2026) == ()


def test_plain_answers_without_comments_are_accepted_with_one_notice():
    declaration = complete()
    for letter, (answer, comment) in COMPANY_ANSWERS.items():
        declaration = with_company_answer(declaration, letter, answer, comment if letter == "B" else "")
    assert [(found.rule, found.severity) for found in review(declaration, year=2026)] == [("X23", Severity.NOTICE)]


def test_errors_are_only_what_leaves_an_answer_open_or_the_template_unaccepted():
    beyond_the_checker = {rule.id for rule in RULES if rule.id[0] == "X" and rule.severity is Severity.ERROR}
    assert beyond_the_checker == {"X04", "X26", "X71", "X75", "X76"}


def test_a_program_year_weighs_a_rule_by_itself():
    severities = {"X25": Severity.ERROR, "K01": Severity.NOTICE}
    (date,) = review(UNREADABLE_DATE, year=2026, severities=severities)
    (name,) = review(NO_NAME, year=2026, severities=severities)
    assert (date.rule, date.severity, name.rule, name.severity) == ("X25", Severity.ERROR, "K01", Severity.NOTICE)


def test_a_program_year_switches_a_rule_off():
    assert review(UNREADABLE_DATE, year=2026, severities={"X25": None}) == ()
    assert [found.rule for found in review(UNREADABLE_DATE, year=2026, severities={"X24": None})] == ["X25"]


def test_a_severity_for_no_rule_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="X99, Y01"):
        review(complete(), year=2026, severities={"Y01": None, "X25": None, "X99": Severity.ERROR})


def test_a_minimum_that_is_no_version_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="not a CMRT version"):
        review(complete(), year=2026, minimum_version="newest")


def test_every_rule_has_an_id_of_its_own_and_stands_in_order():
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert set(ids) == RULE_IDS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_is_wrong_what_to_do_and_who_says_so(rule):
    assert rule.message.endswith(".")
    assert rule.remedy.endswith(".")
    assert rule.source
    assert len(rule.message) <= 200
    assert len(rule.remedy) <= 200
    assert "domain page" not in rule.source


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_word_of_a_rule_is_a_number_or_a_term_that_translators_know(rule):
    letters = {name for name in rule.names if name.endswith("_column")}
    assert set(rule.names) <= NUMBERS | QUESTION_NUMBERS | set(TERMS) | letters
    assert set(rule.words) <= set(rule.names) | {"about", "metal"}
    assert all(rule.words[name] in TERMS[name] for name in set(rule.words) & set(TERMS))


def test_rules_of_a_family_share_their_templates():
    for rule in RULES:
        wording = WORDINGS[TEMPLATE_IDS[rule.id]]
        assert (wording.message, wording.remedy) == (rule.message, rule.remedy)
    assert TEMPLATE_IDS["K41"] == "K10"
    assert (TEMPLATE_IDS["K08"], TEMPLATE_IDS["K09"]) == ("K05", "K01")
    assert sorted(family for family in WORDINGS if family.startswith("K")) == [
        "K01", "K03", "K05", "K10", "K42", "K44", "K51", "K52", "K56"
    ]  # fmt: skip
    assert WORDINGS["K01"].message == "The {field} is missing."
    assert WORDINGS["K05"].message == "The {field} is missing or not valid."


def test_a_finding_carries_what_its_templates_were_filled_with():
    for pair in PAIRS:
        for finding in review(pair.hit, **{"year": 2026, **pair.settings}):  # type: ignore[arg-type]
            wording = WORDINGS[TEMPLATE_IDS[finding.rule]]
            assert wording.message.format_map(finding.words) == finding.message
            assert wording.remedy.format_map(finding.words) == finding.remedy
            assert set(finding.words) == names_in(wording.message) | names_in(wording.remedy) == set(wording.names)
            assert all(finding.words[name] in TERMS[name] for name in set(finding.words) & set(TERMS))


def test_a_finding_of_the_checkers_says_which_question_and_which_metal():
    (finding,) = review(with_answer(complete(), Question.CAHRA, Mineral.GOLD, ""), year=2026)
    assert finding.message == (
        "Question 4 (do smelters source from conflict-affected and high-risk areas?) has no usable answer for Gold."
    )
    assert finding.words == {
        "about": "do smelters source from conflict-affected and high-risk areas?",
        "metal": "Gold",
        "number": "4",
    }


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.version))
def test_declarations_of_every_version_are_reviewed_by_what_their_template_asks(layout):
    # GIVEN an empty declaration, and one with odd things, on each template
    empty = on_template(EMPTY, layout)
    odd = [on_template(pair.hit, layout) for pair in PAIRS[::3]]
    # WHEN they are reviewed
    missing = {(finding.rule, finding.words.get("number")) for finding in review(empty, year=2026)}
    findings = [finding for declaration in odd for finding in review(declaration, year=2026)]
    # THEN nothing is missed that this template does not ask, and every finding knows its words
    numbers = {str(question.number) for question in layout.questions.values() if question.number}
    assert {number for _, number in missing if number} == numbers
    assert ("K42" in {rule for rule, _ in missing}) is (layout.version.family == 6)
    assert ("K14" in {rule for rule, _ in missing}) is (layout.version.family > 2)
    assert all("{" not in finding.message + finding.remedy for finding in findings)


def test_a_field_that_a_template_lacks_is_not_missed():
    lacking = replace(EMPTY.company, contact_phone=Entry("", ""))
    assert "K06" in {finding.rule for finding in review(EMPTY, year=2026)}
    assert "K06" not in {finding.rule for finding in review(replace(EMPTY, company=lacking), year=2026)}


def test_a_template_without_cids_or_look_up_names_is_not_asked_for_them():
    # GIVEN lines that name a smelter without a CID
    named = tuple(replace(smelter, cid=None, cid_source=CidSource.NONE) for smelter in complete().smelters)
    unseen = tuple(replace(smelter, typed_lookup="") for smelter in named)
    rules = {
        (version, lines is named): {found.rule for found in review(complete(smelters=lines, template_version=version),
                                                                   year=2026)}
        for version in ("1.00", "2.03", "3.01", "4.01", "6.5") for lines in (named, unseen)
    }  # fmt: skip
    # THEN a CID is asked for from 3.x on, a look-up name from 2.x on, a number in column A from 4.1 on
    assert {version for (version, given), found in rules.items() if given and {"X02", "X34"} <= found} == {
        "3.01", "4.01", "6.5"
    }  # fmt: skip
    assert not any(found & {"X02", "X34"} for (version, given), found in rules.items() if given and version < "3")
    assert {version for (version, given), found in rules.items() if not given and "K52" in found} == {
        "2.03", "3.01", "4.01", "6.5"
    }  # fmt: skip
    assert {version for (version, given), found in rules.items() if not given and "X57" in found} == {"6.5"}


@pytest.mark.parametrize(("version", "sheet"), [
    ("3.01", "Standard Smelter Names"), ("4.01", "Smelter Reference List"), ("5.12", "Smelter Look-up"),
    ("6.5", "Smelter Look-up"),
])  # fmt: skip
def test_a_name_that_is_not_known_is_said_to_be_missing_on_a_sheet_that_this_template_has(version, sheet):
    unknown = with_lines(replace(complete().smelters[1], row=20, cid=None, cid_source=CidSource.NONE))
    (finding,) = [
        found for found in review(replace(unknown, template_version=version), year=2026) if found.rule == "X34"
    ]
    assert f"the {sheet} sheet" in finding.message


@pytest.mark.parametrize(("question", "text", "found"), [
    (Question.SUPPLIER_RESPONSE, "0.8", "80%"), (Question.SUPPLIER_RESPONSE, "0.755", "76%"),
    (Question.SUPPLIER_RESPONSE, "80", "80"), (Question.SUPPLIER_RESPONSE, "0.8 of them", "0.8 of them"),
    (Question.CAHRA, "0.8", "0.8"),
])  # fmt: skip
def test_a_share_is_quoted_as_the_cell_shows_it(question, text, found):
    declaration = with_answer(complete(), question, Mineral.TIN, f"<{text}>")
    answer = declaration.answers[question][Mineral.TIN]
    shown = replace(answer, entry=Entry(text, answer.entry.cell))
    answers = {**declaration.answers, question: {**declaration.answers[question], Mineral.TIN: shown}}
    (finding,) = [of for of in review(replace(declaration, answers=answers), year=2026) if of.rule == "X04"]
    assert finding.found == found


def test_what_was_found_is_what_stands_in_the_cell_or_what_its_formula_fills():
    rwanda = replace(complete().smelters[1], country="RWANDA")
    for line, expected in ((rwanda, "RWANDA"), (replace(rwanda, typed_country="Rwanda"), "Rwanda")):
        declaration = with_answer(complete(smelters=(line,)), Question.COVERED_COUNTRIES, Mineral.TIN, "No")
        assert [found.found for found in review(declaration, year=2026) if found.rule == "X08"] == [expected]


def test_places_are_those_of_the_workbook_where_its_columns_moved():
    # GIVEN a workbook whose Smelter List starts one column further right
    usual = TEMPLATES.newest(CMRT)
    columns = {field: chr(ord(letter) + 1) for field, letter in usual.smelter_list.columns.items()}
    moved = replace(usual, smelter_list=replace(usual.smelter_list, columns=columns))
    # WHEN a line says Smelter not listed without a name
    line = not_listed(20, Mineral.TIN, name="", typed_country="Peru", country="Peru")
    (finding,) = review(with_lines(line), year=2026, layout=moved)
    # THEN the finding points to the name's column there
    assert (finding.rule, finding.cell) == ("K56", "E20")


def test_a_rule_speaks_about_the_template_kinds_and_the_minerals_that_it_is_for():
    # GIVEN a declaration with an answer that is none of the choices, for two minerals
    declaration = with_answer(complete(), Question.CAHRA, Mineral.TIN, "<perhaps>")
    declaration = with_answer(declaration, Question.CAHRA, Mineral.GOLD, "<perhaps>")
    (rule,) = (rule for rule in RULES if rule.id == "X04")

    usual = TEMPLATES.newest(CMRT)

    def told(rule: Rule, declaration: Declaration = declaration) -> list[str]:
        return [finding.words["metal"] for finding in review(declaration, year=2026, layout=usual, rules=[rule])]

    # WHEN / THEN
    assert told(rule) == ["Tin", "Gold"]
    assert told(replace(rule, minerals=(Mineral.GOLD,))) == ["Gold"]
    assert told(replace(rule, minerals=(Mineral("Cobalt"),))) == []
    # AND about another kind it is silent, unless it says so
    of_another = replace(declaration, kind=TemplateKind("EMRT"))
    assert told(rule, of_another) == []
    assert told(replace(rule, kinds=(CMRT, TemplateKind("EMRT"))), of_another) == ["Tin", "Gold"]
