"""The company-level questions of CMRT 6 (A to H). Asked only while some metal is in the products."""

from collections.abc import Iterable, Iterator

from tracelode.declarations.declaration import Answer
from tracelode.findings import Severity
from tracelode.review.rules.completeness import COMPANY_QUESTIONS, SHORTEST_URL, any_metal_counts
from tracelode.review.rules.plausible import is_web_address
from tracelode.review.rules.rule import Case, Hit, Rule, at

_PROGRAMME = ("A", "C", "D", "E", "F", "G")
_OTHER_FORMAT = "Yes, using other format (describe)"


def _asked(case: Case, letter: str) -> Answer | None:
    return case.company_answer(letter) if any_metal_counts(case.declaration) else None


def _no_choice(case: Case) -> Iterator[Hit]:
    for letter in COMPANY_QUESTIONS:
        answer = _asked(case, letter)
        if answer and answer.entry and answer.value is None:
            yield at(answer.entry, letter=letter)


def _gaps_in_the_programme(case: Case) -> Iterator[Hit]:
    policy = _asked(case, "A")
    for letter in (*_PROGRAMME, "B"):
        answer = _asked(case, letter)
        unpublished = letter == "B" and not (policy and policy.value == "Yes")
        if answer and answer.value == "No" and not unpublished:
            yield at(answer.entry, letter=letter, about=COMPANY_QUESTIONS[letter])


def _published_without_a_policy(case: Case) -> Iterator[Hit]:
    answers = [answer for letter in ("A", "B") if (answer := _asked(case, letter))]
    if [answer.value for answer in answers] == ["No", "Yes"]:
        yield at(answers[1].entry)


def _no_web_address(case: Case) -> Iterable[Hit]:
    answer = _asked(case, "B")
    if answer is None or answer.value != "Yes" or len(answer.comment.text) < SHORTEST_URL:
        return []
    public = any(map(is_web_address, (answer.comment.text, answer.comment.link)))
    return [] if public else [at(answer.comment)]


def _other_format_not_described(case: Case) -> Iterable[Hit]:
    answer = _asked(case, "E")
    return [at(answer.comment)] if answer and answer.value == _OTHER_FORMAT and not answer.comment else []


def _corrective_action_without_comment(case: Case) -> Iterable[Hit]:
    answer = _asked(case, "G")
    return [at(answer.comment)] if answer and answer.value == "Yes" and not answer.comment else []


def _demanded_by_an_older_template(case: Case) -> Iterator[Hit]:
    if not any_metal_counts(case.declaration):
        return
    for letter in case.layout.company_questions:
        answer = case.declaration.company_answers.get(letter)
        if letter in case.layout.demanded and answer and not answer.entry:
            yield at(answer.entry, letter=letter)


COMPANY_ANSWER_RULES = (
    Rule(
        id="X19",
        severity=Severity.NOTICE,
        source="practice of reviewers: a gap in the due diligence programme",
        message="Question {letter} ({about}) says No.",
        remedy="No correction is needed if this is right. Customers expect Yes here, so plan this step.",
        check=_gaps_in_the_programme,
        in_general="One of the questions A to H says No.",
    ),
    Rule(
        id="X20",
        severity=Severity.WARNING,
        source="logic of the form: only a policy that exists can be published",
        message="Question A says that there is no policy, but question B says that it is published.",
        remedy="Correct question A or question B.",
        check=_published_without_a_policy,
    ),
    Rule(
        id="X21",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question B",
        message="The comment to question B is not a web address.",
        remedy="Write the address of the page with your policy, like https://www.example.com/policy.",
        check=_no_web_address,
    ),
    Rule(
        id="X22",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to question E",
        message="Question E says that another format is used, but the comment does not say which.",
        remedy="Describe in the comment how you collect the information from your suppliers.",
        check=_other_format_not_described,
    ),
    Rule(
        id="X23",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to question G",
        message="Question G says that corrective actions are managed, without a comment.",
        remedy="Say in the comment, in one sentence, what you do when a supplier's answer is not good enough.",
        check=_corrective_action_without_comment,
    ),
    Rule(
        id="X71",
        severity=Severity.ERROR,
        source="CMRT 6.5, drop-down lists of the Declaration sheet",
        message="The answer to question {letter} is not one of the choices of the list.",
        remedy="Choose an answer from the drop-down list of this cell. Put explanations into the comment beside it.",
        check=_no_choice,
        in_general="The answer to one of the questions A to H is not one of the choices of the list.",
    ),
    Rule(
        id="X75",
        severity=Severity.ERROR,
        source="CMRT 3.01, Checker rows 50 to 60",
        message="Question {letter} is not answered.",
        remedy="Choose an answer to question {letter}.",
        check=_demanded_by_an_older_template,
        in_general="One of the questions about the company is not answered.",
        remedy_in_general="Choose an answer to it.",
    ),
)
