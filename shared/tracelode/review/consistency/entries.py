"""What holds for every cell of the form: English, and nothing that a spreadsheet could take for a formula."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from tracelode.declarations.declaration import Answer, Entry
from tracelode.findings import Severity
from tracelode.review.rules.plausible import is_english_script
from tracelode.review.rules.rule import Case, Hit, Rule, at, together
from tracelode.workbooks.text import matching_key

_FORMULA_SIGNS = ("=", "#")
_NUMBER_FOR_ALL = "1"


def _answers(case: Case) -> Iterator[Answer]:
    for by_metal in case.declaration.answers.values():
        yield from by_metal.values()
    yield from case.declaration.company_answers.values()


def _translated(case: Case) -> Iterable[Hit]:
    choices = [choice for question in case.layout.questions.values() for choice in question.choices]
    choices += [choice for question in case.layout.company_questions.values() for choice in question.choices]
    own = {matching_key(choice) for choice in choices} | {_NUMBER_FOR_ALL}
    translated = [
        answer
        for answer in _answers(case)
        if answer.value and matching_key(answer.entry.text) not in own | {matching_key(answer.value)}
    ]
    return together([at(answer.entry) for answer in translated])


def _foreign_comments(case: Case) -> Iterable[Hit]:
    foreign = [answer.comment for answer in _answers(case) if not is_english_script(answer.comment.text)]
    return together([at(comment) for comment in foreign])


def _formula_like(case: Case) -> Iterable[Hit]:
    return together([hit for hit in _texts(case) if hit.found.startswith(_FORMULA_SIGNS)])


def _texts(case: Case) -> Iterator[Hit]:
    company = case.declaration.company
    for field in fields(company):
        entry = getattr(company, field.name)
        if isinstance(entry, Entry):
            yield at(entry)
    for answer in _answers(case):
        yield at(answer.entry)
        yield at(answer.comment)
    for line in case.declaration.smelters:
        for column in ("look_up", "name", "mine", "mine_country", "comments"):
            yield case.on_line(line, column)
    place = case.layout.product_list
    for product in case.declaration.products:
        for column, text in (("number", product.number), ("name", product.name), ("comments", product.comments)):
            yield Hit(place.sheet, f"{place.columns[column]}{product.row}", text)


ENTRY_RULES = (
    Rule(
        id="X42",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions: answers in English only",
        message="Answers are written in another language than English ({count}). They were understood.",
        remedy="Choose the answers from the drop-down lists, which are in English in every language of the template.",
        check=_translated,
    ),
    Rule(
        id="X66",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions: comments in English only",
        message="Comments are not written in English ({count}).",
        remedy="Write the comments in English.",
        check=_foreign_comments,
    ),
    Rule(
        id="X67",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions, introduction",
        message="Entries begin with = or # ({count}). Spreadsheet programs can take them for formulas or errors.",
        remedy="Write these entries without the first sign.",
        check=_formula_like,
    ),
)
