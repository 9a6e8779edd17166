"""Answers on the metals that do not go together, or that ask for a comment."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tracelode.declarations.declaration import Answer
from tracelode.declarations.templates.questions import Question
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.review.rules.rule import Case, Hit, Rule, at, together

_FIRST_TWO = (Question.INTENTIONALLY_ADDED, Question.REMAINS_IN_PRODUCT)
_LATER = tuple(question for question in Question if question not in _FIRST_TWO)
_ORIGIN = (Question.COVERED_COUNTRIES, Question.CAHRA)
_ALL = "100%"
_FULL_KNOWLEDGE = ((Question.SUPPLIER_RESPONSE, _ALL), (Question.SMELTERS_IDENTIFIED, "Yes"))
_SHARE = re.compile(r"0(?:\.[0-9]{1,20})?")
_BETWEEN = " / "
_NONE = "None"
_LOW = ("50% or less", _NONE)


def _answers_for_a_metal_that_is_out(case: Case) -> Iterator[Hit]:
    for metal in case.minerals:
        if not case.declaration.out_of_scope(metal):
            continue
        answers = [answer for question in _LATER if (answer := case.answer(question, metal)) and answer.entry]
        yield from together([at(answer.entry) for answer in answers], metal=metal)


def _no_choice(case: Case) -> Iterator[Hit]:
    for question in Question:
        for metal in case.minerals:
            answer = case.answer(question, metal)
            asked = question in _FIRST_TWO or not case.declaration.out_of_scope(metal)
            if answer and answer.entry and answer.value is None and asked:
                place = case.layout.questions[question]
                shown = _as_percentage(answer.entry.text) if _ALL in place.choices else answer.entry.text
                yield replace(at(answer.entry, question=place.number, metal=metal), found=shown)


def _as_percentage(text: str) -> str:
    """A share as its cell shows it: 0.8 is 80% there, because question 6's cells have that format."""
    return f"{Decimal(text):.0%}" if _SHARE.fullmatch(text) else text


def _covered_but_no_cahra(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.CAHRA):
        if case.value(Question.COVERED_COUNTRIES, metal) == "Yes" and answer.value in ("No", "Unknown"):
            yield at(answer.entry, metal=metal)


def _firm_no_without_full_knowledge(case: Case) -> Iterator[Hit]:
    for question in _ORIGIN:
        for metal, answer in case.metals(question):
            against = [
                str(case.layout.questions[known].number)
                for known, fully in _FULL_KNOWLEDGE
                if case.value(known, metal) not in (None, fully)
            ]
            if answer.value == "No" and against:
                number = case.layout.questions[question].number
                yield at(answer.entry, question=number, metal=metal, against=_BETWEEN.join(against))


def _identified_by_nobody(case: Case, metal: Mineral, response: Answer) -> int:
    """The identified smelters of a metal of which no supplier has answered, and no comment says who named them."""
    if response.value != _NONE or response.comment:
        return 0
    return sum(line.cid is not None for line in case.lines[metal])


def _smelters_from_nowhere(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.SUPPLIER_RESPONSE):
        count = _identified_by_nobody(case, metal, answer)
        if count:
            yield at(answer.entry, metal=metal, count=count)


def _few_suppliers_answered(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.SUPPLIER_RESPONSE):
        if answer.value in _LOW and not _identified_by_nobody(case, metal, answer):
            yield at(answer.entry, metal=metal)


def _all_smelters_without_all_suppliers(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.SMELTERS_IDENTIFIED):
        response = case.value(Question.SUPPLIER_RESPONSE, metal)
        if answer.value == "Yes" and response not in (None, _ALL):
            yield at(answer.entry, metal=metal)


def _unexplained_unidentified_smelters(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.SMELTERS_IDENTIFIED):
        if answer.value == "No" and not answer.comment:
            yield at(answer.comment, metal=metal)


def _smelters_withheld(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.SMELTER_INFORMATION_REPORTED):
        if answer.value == "No":
            yield at(answer.entry, metal=metal)


def _no_metal_at_all(case: Case) -> Iterator[Hit]:
    answers = [answer for metal in case.minerals if (answer := case.answer(Question.INTENTIONALLY_ADDED, metal))]
    if all(answer.value == "No" and not answer.comment for answer in answers):
        yield at(answers[0].comment)


def _remains_but_was_not_added(case: Case) -> Iterator[Hit]:
    for metal in case.minerals:
        remains = case.answer(Question.REMAINS_IN_PRODUCT, metal)
        if remains and remains.value == "Yes" and case.value(Question.INTENTIONALLY_ADDED, metal) == "No":
            yield at(remains.entry, metal=metal)


def _cahra_without_comment(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.CAHRA):
        covered = case.value(Question.COVERED_COUNTRIES, metal) == "Yes"
        if answer.value == "Yes" and not answer.comment and not covered:
            yield at(answer.comment, metal=metal)


def _recycled_yet_from_covered_countries(case: Case) -> Iterator[Hit]:
    for metal, answer in case.metals(Question.RECYCLED_OR_SCRAP):
        if answer.value == "Yes" and case.value(Question.COVERED_COUNTRIES, metal) == "Yes":
            yield at(answer.entry, metal=metal)


ANSWER_RULES = (
    Rule(
        id="X03",
        severity=Severity.NOTICE,
        source="logic of the form: later questions are only for metals in the products",
        message="{metal} is declared not to be in the products, but later questions are answered for it ({count}).",
        remedy="If {metal} is not in your products, clear these answers. If it is, correct question "
        "{intentionally_added} or {remains_in_product}.",
        check=_answers_for_a_metal_that_is_out,
    ),
    Rule(
        id="X04",
        severity=Severity.ERROR,
        source="CMRT 6.5, drop-down lists of the Declaration sheet",
        message="The answer to question {question} for {metal} is not one of the choices of the list.",
        remedy="Choose an answer from the drop-down list of this cell. Put explanations into the comment beside it.",
        check=_no_choice,
        in_general="An answer for {metal} is not one of the choices of the list.",
    ),
    Rule(
        id="X06",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 4",
        message="For {metal}, question {covered_countries} says Yes, but question {cahra} does not. The covered "
        "countries are conflict-affected and high-risk areas.",
        remedy="Answer Yes to question {cahra} for {metal}, or correct question {covered_countries}.",
        check=_covered_but_no_cahra,
        minerals=CONFLICT_MINERALS,
    ),
    Rule(
        id="X07",
        severity=Severity.WARNING,
        source="logic of the form: a No needs full knowledge, an Unknown does not",
        message="Question {question} says No for {metal}, but by question {against} not all suppliers or smelters "
        "are known.",
        remedy="Answer Unknown to question {question} until all suppliers have answered and all smelters are known.",
        check=_firm_no_without_full_knowledge,
        in_general="A question says No for {metal}, but another answer says that not all suppliers or smelters are "
        "known.",
        remedy_in_general="Answer Unknown until all suppliers have answered and all smelters are known.",
    ),
    Rule(
        id="X13",
        severity=Severity.WARNING,
        source="practice of reviewers: half of the suppliers is too few to conclude from",
        message="Half or less of the suppliers of {metal} have answered.",
        remedy="Ask the suppliers of {metal} again, and send a new declaration when more have answered.",
        check=_few_suppliers_answered,
    ),
    Rule(
        id="X14",
        severity=Severity.WARNING,
        source="logic of the form: unknown suppliers may use unknown smelters",
        message="Question {smelters_identified} says that all smelters of {metal} are identified, but question "
        "{supplier_response} says that not all suppliers have answered.",
        remedy="Answer No to question {smelters_identified} for {metal}, or correct question {supplier_response}.",
        check=_all_smelters_without_all_suppliers,
    ),
    Rule(
        id="X16",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question 7",
        message="Not all smelters of {metal} are identified, and the comment does not say why.",
        remedy="Write in the comment which smelters are missing and when you expect to know them.",
        check=_unexplained_unidentified_smelters,
    ),
    Rule(
        id="X17",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 8",
        message="Question {smelter_information_reported} says that known smelters of {metal} are left out of this "
        "declaration.",
        remedy="Add all smelters of {metal} that you know to the Smelter List, then answer Yes.",
        check=_smelters_withheld,
    ),
    Rule(
        id="X18",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question 1",
        message="None of the four metals is declared to be used, and no comment says why.",
        remedy="If this is right, write in the comments how you know it. Solder, plating and alloys often contain "
        "these metals.",
        check=_no_metal_at_all,
    ),
    Rule(
        id="X40",
        severity=Severity.WARNING,
        source="logic of the form: suppliers who have not answered have named no smelter",
        message="Question {supplier_response} says that no supplier of {metal} has answered, but the Smelter List "
        "names smelters of it ({count}).",
        remedy="If suppliers named these smelters, correct question {supplier_response}. If not, write in the comment "
        "how you know them.",
        check=_smelters_from_nowhere,
    ),
    Rule(
        id="X52",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question 2",
        message="{metal} is declared not to be used, but question {remains_in_product} says that it remains in the "
        "product.",
        remedy="Correct question {intentionally_added} or question {remains_in_product} for {metal}.",
        check=_remains_but_was_not_added,
    ),
    Rule(
        id="X68",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question 4",
        message="Question {cahra} says Yes for {metal}, without a comment.",
        remedy="Write in the comment which smelters and countries this is about.",
        check=_cahra_without_comment,
    ),
    Rule(
        id="X69",
        severity=Severity.NOTICE,
        source="logic of the form: recycled material has no country of mining",
        message="All {metal} is declared to come from recycled or scrap sources, but question {covered_countries} says "
        "that some comes from the covered countries.",
        remedy="Check questions {covered_countries} and {recycled_or_scrap} for {metal}. If both are right, explain it "
        "in the comment.",
        check=_recycled_yet_from_covered_countries,
        minerals=CONFLICT_MINERALS,
    ),
)
