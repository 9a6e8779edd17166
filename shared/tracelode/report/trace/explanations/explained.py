"""Every figure with its explanation.

One entry a figure. A segment of a name in braces stands for any value: `smelters.by_metal.{metal}.total`. A test holds
that every figure has an entry, and that counting its evidence again gives the figure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from tracelode.minerals import CONFLICT_MINERALS
from tracelode.picture.conclusion import Against
from tracelode.picture.figures.by_name import Figure, Named, figures_by_name
from tracelode.picture.figures.figures import Figures
from tracelode.report.trace.evidence import Evidence
from tracelode.report.trace.explanations.declarations import OF_DECLARATIONS
from tracelode.report.trace.explanations.explanation import Explanation, Reckoning
from tracelode.report.trace.explanations.last_year import OF_LAST_YEAR
from tracelode.report.trace.explanations.origins import OF_ORIGINS
from tracelode.report.trace.explanations.report import OF_REPORT
from tracelode.report.trace.explanations.smelters import OF_SMELTERS
from tracelode.report.trace.explanations.suppliers import OF_SUPPLIERS
from tracelode.report.trace.traced import Traced
from tracelode.smelters.identity import Step
from tracelode.smelters.status import Status
from tracelode.sources.stated_facts import Actions, SupplyChain
from tracelode.submission import State

EXPLANATIONS: Final = (
    *OF_REPORT,
    *OF_SUPPLIERS,
    *OF_DECLARATIONS,
    *OF_SMELTERS,
    *OF_ORIGINS,
    *OF_LAST_YEAR,
)
"""Every figure's entry; of several that a name fits the first counts."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with its explanation; `name` is its keys joined by points, `values` what its entry's braces stand for.

    An `explanation` of None says that nobody has written one.
    """

    name: str
    value: Figure
    explanation: Explanation | None
    values: Mapping[str, str]

    @property
    def says(self) -> str:
        """The sentence, with the values in it."""
        return self.explanation.says.format_map(self.values) if self.explanation else ""


def explained(figures: Figures) -> tuple[Explained, ...]:
    """Every figure with its explanation, in the order of their names."""
    leaves = _leaves(figures_by_name(figures))
    return tuple(sorted((_explained(path, value) for path, value in leaves), key=lambda each: each.name))


def count_again(explanation: Explanation, pieces: Sequence[Evidence], traced: Traced) -> Figure | None:
    """The figure once more, from its evidence alone; None where it is not counted but read or divided."""
    numbers = [number for piece in pieces for number in piece.numbers]
    texts = [text for piece in pieces for text in piece.texts]
    match explanation.reckoning:
        case Reckoning.COUNT:
            return len(numbers) + len(texts)
        case Reckoning.LINES:
            return sum(traced.names[number].lines for number in numbers)
        case Reckoning.LISTED:
            return texts
        case Reckoning.NEWEST:
            return max((traced.files[number].submission.received[:10] for number in numbers), default="")
        case _:
            return None


def _leaves(named: Named, *path: str) -> Iterator[tuple[tuple[str, ...], Figure]]:
    if isinstance(named, dict):
        for name, value in named.items():
            yield from _leaves(value, *path, name)
    else:
        yield path, named


def _explained(path: tuple[str, ...], value: Figure) -> Explained:
    name = ".".join(path)
    for pattern, explanation in _BY_LENGTH.get(len(path), ()):
        values = _values(pattern, path)
        if values is not None:
            return Explained(name, value, explanation, values)
    return Explained(name, value, None, {})


def _values(pattern: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, key in zip(pattern, path, strict=True):
        if expected.startswith("{") and key in _ALLOWED.get(expected[1:-1], (key,)):
            values[expected[1:-1]] = key
        elif expected != key:
            return None
    return values


_ALLOWED: Mapping[str, Collection[str]] = {
    "metal": frozenset(CONFLICT_MINERALS),
    "status": frozenset(Status),
    "state": frozenset(State),
    "step": frozenset(Step),
    "answer": frozenset(("yes", "no", "unknown", "unanswered")),
    "end": frozenset(("first", "last")),
    "action": frozenset(field.name for field in fields(Actions)),
    "position": frozenset(field.name for field in fields(SupplyChain)),
    "against": frozenset(Against),
}
"""What a segment in braces may stand for, where that is not anything: a new figure must not pass for another."""

_BY_LENGTH: dict[int, list[tuple[tuple[str, ...], Explanation]]] = {}
for _each in EXPLANATIONS:
    _pattern = tuple(_each.figure.split("."))
    _BY_LENGTH.setdefault(len(_pattern), []).append((_pattern, _each))
