import csv
from pathlib import Path

import pytest

from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.declarations.templates.vocabulary import choice_of, line_kind_of, scope_of
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.template_kind import CMRT

LAYOUT = TEMPLATES.newest(CMRT)
TWO = next(layout for layout in TEMPLATES.layouts if layout.version.stated == "2.02")
YES_NO = ("Yes", "No", "Unknown")
SHARES = LAYOUT.questions[Question.SUPPLIER_RESPONSE].choices
SURVEY = LAYOUT.company_questions["E"].choices


@pytest.mark.parametrize(
    ("text", "choices", "expected"),
    [
        ("yes", YES_NO, "Yes"),
        ("ＹＥＳ", YES_NO, "Yes"),
        ("No.", YES_NO, "No"),
        ("是", YES_NO, "Yes"),
        ("Sí", YES_NO, "Yes"),
        ("Nicht bekannt", YES_NO, "Unknown"),
        ("Maybe", YES_NO, None),
        ("", YES_NO, None),
        ("--", YES_NO, None),
        ("1", YES_NO, None),
        ("1", SHARES, "100%"),
        ("100 %", SHARES, "100%"),
        ("%100", SHARES, "100%"),
        ("TRUE", SHARES, None),
        ("greater than 75 %", SHARES, "Greater than 75%"),
        ("Größer als 75 %", SHARES, "Greater than 75%"),
        ("Yes, in conformance with IPC-1755 [e.g., CMRT]", SURVEY, SURVEY[0]),
    ],
)
def test_an_answer_is_matched_to_the_choices_of_its_question(text: str, choices: tuple[str, ...], expected: str | None):
    assert choice_of(text, choices) == expected


@pytest.mark.parametrize(
    ("text", "metal"),
    [
        ("Gold", Mineral.GOLD),
        (" GOLD (Au)", Mineral.GOLD),
        ("W", Mineral.TUNGSTEN),
        ("Wolfram", Mineral.TUNGSTEN),
        ("锡", Mineral.TIN),
        ("Tantale", Mineral.TANTALUM),
        ("Cobalt", None),
        ("", None),
        ("(Au)", None),
    ],
)
def test_a_metal_is_recognised(text: str, metal: Mineral | None):
    assert LAYOUT.mineral_of(text) == metal


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("A. Company", Scope.COMPANY),
        ("b", Scope.PRODUCT),
        ("B) products", Scope.PRODUCT),
        ("User defined [Specify in 'Description of scope']", Scope.USER_DEFINED),
        ("company", Scope.COMPANY),
        ("Copper wires only", None),
        ("A business unit", None),
        ("", None),
    ],
)
def test_a_scope_goes_by_its_letter_or_its_words(text: str, scope: Scope | None):
    assert scope_of(text, LAYOUT.scopes) is scope


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("A. Company Level", Scope.COMPANY),
        ("B. Division Level [Specify in 'Description of scope']", Scope.USER_DEFINED),
        ("C", Scope.USER_DEFINED),
        ("D. Product Level", Scope.PRODUCT),
        ("product level", Scope.PRODUCT),
        ("E. Galaxy", None),
    ],
)
def test_a_letter_means_what_its_family_says(text: str, scope: Scope | None):
    assert scope_of(text, TWO.scopes) is scope


def test_the_letter_of_another_family_means_nothing():
    assert scope_of("D. Product Level", LAYOUT.scopes) is None


def test_signs_tell_choices_apart():
    choices = TWO.questions[Question.SUPPLIER_RESPONSE].choices
    assert choice_of("no but <25%", choices) == "No but < 25%"
    assert choice_of("No but ＞ 25%", choices) == "No but > 25%"


def test_every_translation_of_the_domain_table_is_known():
    """The folder of facts about the CMRT has a table of the words of sheet L; it is not ours to copy."""
    table = Path(__file__).resolve().parents[4] / "shared" / "domain" / "answer-translations.csv"
    if not table.is_file():
        pytest.skip("the table answer-translations.csv is not at hand")
    words = [choice for question in LAYOUT.questions.values() for choice in question.choices]
    words += [choice for question in LAYOUT.company_questions.values() for choice in question.choices]
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [(row["english"], row["translated"]) for row in csv.DictReader(lines)]
    assert rows
    for english, translated in rows:
        found = (
            LAYOUT.mineral_of(translated) if english in set(CONFLICT_MINERALS) else choice_of(translated, tuple(words))
        )
        assert found == english, (english, translated)


def test_the_special_words_of_the_look_up_are_recognised_in_any_case():
    assert line_kind_of("Smelter Not Listed") is LineKind.NOT_LISTED
    assert line_kind_of("smelter not yet identified") is LineKind.NOT_YET_IDENTIFIED
    assert line_kind_of("Dowa") is LineKind.LISTED
