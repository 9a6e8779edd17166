"""What the recorded answers of a declaration say of its minerals (CMRT 6.5, questions 1, 2, 3 and 5)."""

from tracelode.declarations.templates.questions import Question
from tracelode.minerals import Mineral
from tracelode.submission import SubmissionSummary

YES, NO = "Yes", "No"
"""The answers of a CMRT that are firm, in the words in which they are recorded."""


def metals_in_products(declaration: SubmissionSummary) -> tuple[Mineral, ...]:
    """The metals that a declaration says are in the products (CMRT 6.5, questions 1 and 2 both Yes), by name."""
    return tuple(
        Mineral(metal)
        for metal in sorted(declaration.answers.get(Question.INTENTIONALLY_ADDED, {}))
        if declaration.answer(Question.INTENTIONALLY_ADDED, metal) == YES
        and declaration.answer(Question.REMAINS_IN_PRODUCT, metal) == YES
    )


def leaves_metal_open(declaration: SubmissionSummary, metal: str) -> bool:
    """Whether it says neither Yes nor No to whether a metal is in the products (CMRT 6.5, question 1)."""
    return declaration.answer(Question.INTENTIONALLY_ADDED, metal) not in (YES, NO)


def sources_there(declaration: SubmissionSummary, metal: str) -> bool:
    """Whether it says that a metal comes from covered countries, and not that all of it is recycled or scrap."""
    return (
        declaration.answer(Question.COVERED_COUNTRIES, metal) == YES
        and declaration.answer(Question.RECYCLED_OR_SCRAP, metal) != YES
    )


def sourcing_there(declaration: SubmissionSummary) -> tuple[Mineral, ...]:
    """The metals in the products that it says come from covered countries, by name."""
    return tuple(metal for metal in metals_in_products(declaration) if sources_there(declaration, metal))


def leaves_origin_open(declaration: SubmissionSummary, metal: str) -> bool:
    """Whether it rules out neither covered countries nor newly mined ore for a metal (CMRT 6.5, questions 3 and 5)."""
    return (
        declaration.answer(Question.COVERED_COUNTRIES, metal) != NO
        and declaration.answer(Question.RECYCLED_OR_SCRAP, metal) != YES
    )
