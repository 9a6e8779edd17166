"""What the company answers, by what its suppliers answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.report.factories import facility, interpretation, profile, submission, supplier, unidentified
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import Mineral
from tracelode.picture.facilities import DeclaredOrigins, Facility
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.report.rollup.answers import MetalAnswers, metal_answers, supplier_response
from tracelode.smelters.origin import OriginKind
from tracelode.sources.program import Risk

ADDED, REMAINS = Question.INTENTIONALLY_ADDED, Question.REMAINS_IN_PRODUCT
COVERED, CAHRA, RECYCLED = Question.COVERED_COUNTRIES, Question.CAHRA, Question.RECYCLED_OR_SCRAP
SHARE, IDENTIFIED, REPORTED = (
    Question.SUPPLIER_RESPONSE,
    Question.SMELTERS_IDENTIFIED,
    Question.SMELTER_INFORMATION_REPORTED,
)
HAVING = {ADDED: "Yes", REMAINS: "Yes", COVERED: "No", CAHRA: "No", RECYCLED: "Yes", IDENTIFIED: "Yes"}
"""What lets the company answer as firmly as can be."""


def saying(supplier_id: str, **changes: str) -> SupplierView:
    """A supplier whose declaration has tin, with everything known, but for some answers ("" for none)."""
    named = {Question[name.upper()]: answer for name, answer in changes.items()}
    answers = {question: answer for question, answer in {**HAVING, **named}.items() if answer}
    by_question = {question.value: {Mineral.TIN.value: answer} for question, answer in answers.items()}
    return supplier(supplier_id, replace(submission(supplier_id), answers=by_question))


def told(*suppliers: SupplierView, facilities: Sequence[Facility] = (facility(),), **more: object) -> Interpretation:
    return interpretation(suppliers, facilities, **more)  # type: ignore[arg-type]


def of_tin(situation: Interpretation) -> MetalAnswers:
    return next(a for a in metal_answers(situation, count_figures(situation)) if a.metal == Mineral.TIN)


def values(situation: Interpretation) -> Mapping[Question, str]:
    return {question: stated.value for question, stated in of_tin(situation).answers.items()}


def test_full_knowledge_answers_firmly():
    # GIVEN everybody says the same and nothing is open, THEN so do we
    assert values(told(saying("s1"), saying("s2"))) == {
        **HAVING, SHARE: "100%", REPORTED: "Yes"
    }  # fmt: skip


def test_a_metal_that_nobody_states_is_not_in_the_products():
    # GIVEN declarations with tin alone
    situation = told(saying("s1"))
    gold = next(a for a in metal_answers(situation, count_figures(situation)) if a.metal == Mineral.GOLD)
    # THEN gold is out, the No is substantiated, and no further question is answered
    assert list(gold.answers) == [ADDED]
    assert gold.answers[ADDED].value == "No"
    assert gold.answers[ADDED].comment == "One declaration received from suppliers, of which none states this metal."
    assert not gold.in_products


def test_a_smelter_of_a_metal_is_evidence_of_the_metal():
    # GIVEN a supplier that denies tin and names a tin smelter
    denied = told(saying("s1", intentionally_added="No", remains_in_product=""))
    # THEN the metal is declared, and nothing firm is said about it
    answers = values(denied)
    assert (answers[ADDED], answers[REMAINS], answers[COVERED], answers[IDENTIFIED]) == ("Yes", "Yes", "Unknown", "No")


def test_a_metal_of_which_nothing_remains_is_out_by_question_2():
    situation = told(saying("s1", remains_in_product="No"), facilities=())
    assert values(situation) == {ADDED: "Yes", REMAINS: "No"}
    assert values(told(saying("s1", remains_in_product="No"), saying("s2"), facilities=()))[REMAINS] == "Yes"


@pytest.mark.parametrize(
    ("changes", "question", "answer"),
    [
        ({"covered_countries": "Yes"}, COVERED, "Yes"),
        ({"covered_countries": "Unknown"}, COVERED, "Unknown"),
        ({"covered_countries": ""}, COVERED, "Unknown"),
        ({"cahra": "Yes"}, CAHRA, "Yes"),
        ({"cahra": ""}, CAHRA, "Unknown"),
        ({"covered_countries": "Yes", "cahra": "No"}, CAHRA, "Yes"),
        ({"recycled_or_scrap": "No"}, RECYCLED, "No"),
        ({"recycled_or_scrap": "Unknown"}, RECYCLED, "Unknown"),
        ({"smelters_identified": "No"}, IDENTIFIED, "No"),
        ({"smelters_identified": "No"}, COVERED, "Unknown"),
        ({"smelters_identified": "No"}, RECYCLED, "Unknown"),
    ],
)
def test_one_suppliers_answer_decides(changes: Mapping[str, str], question: Question, answer: str):
    assert values(told(saying("s1"), saying("s2", **changes), saying("s3")))[question] == answer


def test_a_supplier_that_has_not_answered_leaves_nothing_certain():
    # GIVEN one of eleven has not answered
    situation = told(*(saying(f"s{number:02}") for number in range(10)), supplier("silent"))
    answers = values(situation)
    # THEN the share is given, and neither No nor Yes is claimed
    assert answers[SHARE] == "Greater than 90%"
    assert [answers[question] for question in (COVERED, CAHRA, RECYCLED)] == ["Unknown"] * 3
    assert answers[IDENTIFIED] == "No"
    assert of_tin(situation).answers[IDENTIFIED].comment == "10 of 11 suppliers surveyed have answered."


@pytest.mark.parametrize(("metal", "known"), [("Tin", "No"), ("", "No"), ("Gold", "Yes")])
def test_a_line_that_names_no_known_smelter_keeps_question_7_open(metal: str, known: str):
    # A line whose metal cannot be read may be of any metal; a line of gold says nothing about tin.
    assert values(told(saying("s1"), names=[unidentified(metal=metal)]))[IDENTIFIED] == known


def test_a_declared_origin_counts_for_more_than_a_no():
    # GIVEN a supplier says No, and a mine in Rwanda is declared for its smelter
    mined = replace(facility(), origins=DeclaredOrigins(countries={"RW": ("s1",)}))
    answers = of_tin(told(saying("s1"), facilities=[mined])).answers
    # THEN the answers to questions 3 and 4 are Yes, with the reason, and question 5 is not Yes
    assert (answers[COVERED].value, answers[CAHRA].value, answers[RECYCLED].value) == ("Yes", "Yes", "Unknown")
    assert answers[COVERED].comment == "Declared as origin: Rwanda."


def test_a_smelter_in_a_covered_country_keeps_question_3_from_no():
    assert values(told(saying("s1"), facilities=[facility(country="RWANDA")]))[COVERED] == "Unknown"


def test_an_origin_on_the_programs_own_list_keeps_question_4_from_no():
    mined = replace(facility(), origins=DeclaredOrigins(countries={"MM": ("s1",)}))
    listing = profile(risk=Risk(lists={"high-risk areas": ("MM",)}))
    assert values(told(saying("s1"), facilities=[mined]))[CAHRA] == "No"
    assert values(told(saying("s1"), facilities=[mined], program=listing))[CAHRA] == "Unknown"


def test_recycling_is_no_origin():
    scrap = replace(facility(), origins=DeclaredOrigins(statements={OriginKind.RECYCLED: ("s1",)}))
    assert values(told(saying("s1"), facilities=[scrap]))[RECYCLED] == "Yes"


@pytest.mark.parametrize(
    ("responded", "surveyed", "share"),
    [
        (10, 10, "100%"), (19, 20, "Greater than 90%"), (9, 10, "Greater than 75%"), (4, 5, "Greater than 75%"),
        (3, 4, "Greater than 50%"), (1, 2, "50% or less"), (1, 100, "50% or less"), (0, 5, "None"), (0, 0, "None"),
    ],
)  # fmt: skip
def test_the_share_of_suppliers_is_one_of_the_templates_choices(responded: int, surveyed: int, share: str):
    assert supplier_response(responded, surveyed) == share


_ANSWERS = st.fixed_dictionaries(
    {question.name.lower(): st.sampled_from(["Yes", "No", "Unknown", ""]) for question in (COVERED, CAHRA, RECYCLED)}
    | {question.name.lower(): st.sampled_from(["Yes", "No", ""]) for question in (ADDED, REMAINS, IDENTIFIED)}
)


@given(st.lists(_ANSWERS, min_size=1, max_size=5), st.booleans(), st.booleans())
def test_no_answer_claims_more_than_the_declarations_carry(said, named, silent):
    # GIVEN any answers
    suppliers = [saying(f"s{number}", **answers) for number, answers in enumerate(said)]
    situation = told(*suppliers, *[supplier("z")] * silent, facilities=[facility()] * named)
    answers = values(situation)
    having = [a for a in said if a["intentionally_added"] == "Yes" and a["remains_in_product"] != "No"]
    # THEN a firm No needs everybody, a Yes one supplier at least, and covered countries are high-risk areas
    for question in (COVERED, CAHRA):
        if answers.get(question) == "No":
            assert not silent
            assert having
            assert all(a[question.name.lower()] == "No" and a["smelters_identified"] == "Yes" for a in having)
        if answers.get(question) == "Yes":
            assert any("Yes" in (a["covered_countries"], a[question.name.lower()]) for a in having)
    if answers.get(COVERED) == "Yes":
        assert answers[CAHRA] == "Yes"
    if answers.get(RECYCLED) == "Yes":
        assert {a["recycled_or_scrap"] for a in having} == {"Yes"}
    if answers.get(IDENTIFIED) == "Yes":
        assert named
        assert not silent
    # AND a No to question 7, and every Unknown, comes with its reason
    stated = of_tin(situation).answers
    assert all(s.comment for q, s in stated.items() if s.value == "Unknown" or (q is IDENTIFIED and s.value == "No"))
    # AND the questions are answered that the Checker asks for, and no others
    asked = {ADDED} | ({REMAINS} if answers[ADDED] == "Yes" else set())
    if answers.get(REMAINS) == "Yes":
        asked = set(Question)
    assert set(answers) == asked


def test_a_comment_counts_in_good_english():
    one = of_tin(told(saying("s1", covered_countries="Yes", smelters_identified="No"))).answers
    assert one[COVERED].comment == "1 of 1 declaration says Yes."
    assert one[SHARE].comment == "1 of 1 supplier surveyed has answered."
    assert one[IDENTIFIED].comment == "1 of 1 declaration does not say that all smelters are identified."
    two = of_tin(
        told(*(saying(f"s{n}", covered_countries="Unknown") for n in (1, 2)), names=[unidentified(metal="Tin")])
    )
    assert two.answers[COVERED].comment == (
        "2 of 2 declarations do not say No. One line of declarations names no smelter that could be identified."
    )


def test_no_comment_names_a_supplier():
    situation = told(saying("zephyr", covered_countries="Yes"), saying("yonder", smelters_identified="No"))
    answers = metal_answers(situation, count_figures(situation))
    comments = " ".join(s.comment for a in answers for s in a.answers.values())
    assert comments
    assert "zephyr" not in comments.casefold()
    assert "yonder" not in comments.casefold()
