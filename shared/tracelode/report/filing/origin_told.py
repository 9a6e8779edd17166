"""What the declarations answer on origin, and what stands against ruling covered countries out, in words."""

from collections.abc import Iterator, Mapping
from typing import Final

from tracelode.picture.conclusion import Against
from tracelode.picture.figures.figures import Figures
from tracelode.picture.figures.metals import MetalFigures
from tracelode.printing.wording import counted, in_words, listed, pluralized

_AGAINST: Final[Mapping[Against, tuple[str, str]]] = {
    Against.NOT_ANSWERED: ("{whom} has sent no readable declaration", "{whom} have sent no readable declaration"),
    Against.CORRECTION_OPEN: (
        "the declaration of {whom} needs correction", "the declarations of {whom} need correction",
    ),
    Against.ANSWER_OPEN: (
        "{whom} does not know, or does not say, whether a Conflict Mineral in its products originates there",
        "{whom} do not know, or do not say, whether a Conflict Mineral in their products originates there",
    ),
    Against.ANSWER_TAKEN_BACK: (
        "{whom} declared before that a Conflict Mineral originates there, and does not declare so any more",
        "{whom} declared before that a Conflict Mineral originates there, and do not declare so any more",
    ),
    Against.ORIGIN_PERHAPS_THERE: (
        "{whom} leaves open whether minerals of a facility originate there",
        "{whom} leave open whether minerals of a facility originate there",
    ),
    Against.FACILITY_THERE: (
        "{whom} names a facility that is located there", "{whom} name facilities that are located there",
    ),
    Against.OTHER_YEAR: (
        "the declaration of {whom} is dated before the year, or after it was received",
        "the declarations of {whom} are dated before the year, or after they were received",
    ),
    Against.METAL_NOT_DECLARED: (
        "{whom} names facilities of a metal that it does not declare to be in its products",
        "{whom} name facilities of metals that they do not declare to be in their products",
    ),
    Against.METAL_OPEN: (
        "{whom} does not say of each of the metals whether it is in its products",
        "{whom} do not say of each of the metals whether it is in their products",
    ),
    Against.NOT_IDENTIFIED: (
        "{whom} names smelters that could not be identified", "{whom} name smelters that could not be identified",
    ),
}  # fmt: skip
"""By fact, what is said of one supplier and of several. Where a fact gives reason to believe, the text says that."""


def standing_against(figures: Figures, supplier: str, suppliers: str) -> list[str]:
    """What keeps covered countries from being ruled out, fact by fact, as parts of a sentence."""
    numbers = figures.origin.against
    alone = figures.suppliers.surveyed == 1
    return [
        several[numbers[fact] > 1].format(
            whom=f"the {supplier}" if alone else counted(numbers[fact], supplier, suppliers)
        )
        for fact, several in _AGAINST.items()
        if numbers[fact]
    ]


def answers_by_metal(figures: Figures) -> list[str]:
    """For each metal in the products, what the declarations that have it there answer on its origin."""
    by_metal = figures.metals.by_metal
    return [f"{metal}: {_answers(by_metal[metal])}" for metal in figures.metals.in_products]


def metals_left_open(figures: Figures) -> list[tuple[str, int]]:
    """The metals of which a declaration does not say whether they are in the products, with how many do not."""
    return [(metal.lower(), row.not_stated) for metal, row in figures.metals.by_metal.items() if row.not_stated]


def _answers(row: MetalFigures) -> str:
    said = list(_parts(row))
    if row.declarations == 1:
        return f"the one declaration that has it in the products {listed([one for _, one, _ in said])}"
    numbers = [f"{in_words(number)} {pluralized(number, one, several)}" for number, one, several in said]
    return f"of {counted(row.declarations, 'declaration')} that have it in the products, {listed(numbers)}"


def _parts(row: MetalFigures) -> Iterator[tuple[int, str, str]]:
    """How many declarations answer what, as it is said of one and of several."""
    answers = row.covered_countries
    firm = (
        (answers.yes, "some of it originates in the Covered Countries"),
        (answers.no, "none of it originates in the Covered Countries"),
        (answers.unknown, "it is unknown whether any of it originates in the Covered Countries"),
        (row.recycled_or_scrap.yes, "all of it comes from recycled or scrap sources"),
    )
    for number, what in firm:
        if number:
            yield number, f"states that {what}", f"state that {what}"
    if answers.unanswered:
        asked = "whether any of it originates in the Covered Countries"
        yield answers.unanswered, f"does not say {asked}", f"do not say {asked}"
