"""Figures of what can be concluded on origin, and of whom each fact against it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracelode.picture.conclusion import Against, Conclusion, OriginConclusion


@dataclass(frozen=True, slots=True)
class OriginConclusionFigures:
    """The conclusion, and how many suppliers each fact against ruling covered countries out is about, also at 0."""

    conclusion: OriginConclusion
    against: Mapping[Against, int]


def count_conclusion(conclusion: Conclusion) -> OriginConclusionFigures:
    """The figures of a conclusion."""
    against = conclusion.against
    return OriginConclusionFigures(conclusion.on_origin, {fact: len(against.get(fact, ())) for fact in Against})
