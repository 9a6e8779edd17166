"""Figures of what declarations say of each metal: whether it is in the products, and where it may come from."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.answers import leaves_metal_open, leaves_origin_open, metals_in_products
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import Mineral
from tracelode.picture.statements import answer_kind
from tracelode.submission import SubmissionSummary


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Numbers of declarations by what they answer; `unknown` is every answer that is neither Yes nor No."""

    yes: int
    no: int
    unanswered: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MetalFigures:
    """The declarations that say that a metal is in the products, and their answers to questions 3 and 5 of it.

    `not_stated` are those that do not say whether it is.
    """

    declarations: int
    not_stated: int
    covered_countries: AnswerCounts
    recycled_or_scrap: AnswerCounts


@dataclass(frozen=True, slots=True)
class MetalsFigures:
    """What declarations say of metals. `by_metal` has every metal of the report, in the annex's order, also at 0.

    `possibly_from_covered_countries` counts each metal of each declaration.
    """

    in_products: tuple[Mineral, ...]
    in_products_count: int
    possibly_from_covered_countries: int
    by_metal: Mapping[Mineral, MetalFigures]


def count_metals(declarations: Collection[SubmissionSummary], metals: Iterable[Mineral]) -> MetalsFigures:
    """The figures of these metals."""
    declaring: dict[Mineral, list[SubmissionSummary]] = {metal: [] for metal in metals}
    possible = 0
    for declaration in declarations:
        for metal in metals_in_products(declaration):
            if metal in declaring:
                declaring[metal].append(declaration)
                possible += leaves_origin_open(declaration, metal)
    in_products = tuple(metal for metal in declaring if declaring[metal])
    return MetalsFigures(
        in_products=in_products,
        in_products_count=len(in_products),
        possibly_from_covered_countries=possible,
        by_metal={metal: _of_metal(metal, declaring[metal], declarations) for metal in declaring},
    )


def _of_metal(
    metal: Mineral, declaring: Collection[SubmissionSummary], declarations: Collection[SubmissionSummary]
) -> MetalFigures:
    return MetalFigures(
        declarations=len(declaring),
        not_stated=sum(leaves_metal_open(declaration, metal) for declaration in declarations),
        covered_countries=_answers(declaring, Question.COVERED_COUNTRIES, metal),
        recycled_or_scrap=_answers(declaring, Question.RECYCLED_OR_SCRAP, metal),
    )


def _answers(declarations: Iterable[SubmissionSummary], question: Question, metal: Mineral) -> AnswerCounts:
    kinds = Counter(answer_kind(declaration.answer(question, metal)) for declaration in declarations)
    return AnswerCounts(kinds["yes"], kinds["no"], kinds["unanswered"], kinds["unknown"])
