"""In which order findings are told, and what is said under another finding because it may go away with it.

What decides over all else comes first: a template that is too old, a list copied as a whole. Then come the worst, and
within a severity an answer that others hang on before them, then sheet by sheet and cell by cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracelode.findings import Finding, Severity
from tracelode.review.wording import TEMPLATE_IDS

TOO_OLD = ("F12", "X26")
"""Rules that ask for the answers in a newer template."""
COPIED = "X39"
"""The rule that the list names every smelter of a metal that the template knows."""

_NOT_A_CHOICE = "X04"
_UNANSWERED = "K10"
_NO_SMELTER = "K52"
_FIRST_QUESTIONS = ("1", "2")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Point:
    """A finding, and those that may go away with it."""

    finding: Finding
    follows: tuple[Finding, ...] = ()

    @property
    def cells(self) -> str:
        """Where those stand that may go away: each cell once, with its sheet where that is another one."""
        places = (
            finding.cell if finding.sheet == self.finding.sheet else f"{finding.sheet} {finding.cell}"
            for finding in self.follows
            if finding.cell
        )
        return ", ".join(dict.fromkeys(place for place in places if place))


@dataclass(frozen=True, slots=True)
class OrderedPoints:
    """Findings as they are told: what comes before all else, and the others in their order."""

    first: tuple[Point, ...]
    others: tuple[Point, ...]

    @property
    def too_old(self) -> bool:
        """Whether the answers have to go into a newer template."""
        return any(point.finding.rule in TOO_OLD for point in self.first)

    @property
    def points(self) -> tuple[Point, ...]:
        """All of them."""
        return (*self.first, *self.others)


def copied_as_a_whole(findings: Iterable[Finding], metals: Iterable[str]) -> bool:
    """Whether the list names all that the template knows of every metal that it names smelters of."""
    copied = {finding.words.get("metal", "") for finding in findings if finding.rule == COPIED}
    return bool(copied) and set(metals) - {""} <= copied


def told_in_order(findings: Sequence[Finding], *, copied: bool = False) -> OrderedPoints:
    """The findings, each one once; `copied` says that the list was copied as a whole.

    Nothing is folded under what weighs less than itself.
    """
    heads = [finding for finding in findings if finding.rule in TOO_OLD or (copied and finding.rule == COPIED)]
    heads.sort(key=lambda finding: finding.rule not in TOO_OLD)
    left = [finding for finding in findings if finding not in heads]
    causes = dict(_causes(left))
    folded = {id(finding) for follows in causes.values() for finding in follows}
    sheets = {sheet: number for number, sheet in enumerate(dict.fromkeys(finding.sheet for finding in left))}
    points = [Point(finding, _near_first(finding, causes.get(finding, ()))) for finding in left
              if id(finding) not in folded]  # fmt: skip
    points.sort(
        key=lambda point: (
            _weight(point.finding),
            not point.follows,
            -1 if point.finding.sheet is None else sheets[point.finding.sheet],
            _place(point.finding),
        )
    )
    return OrderedPoints(tuple(Point(finding) for finding in heads), tuple(points))


def _near_first(first: Finding, follows: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(follows, key=lambda finding: (finding.sheet != first.sheet, _place(finding))))


def _causes(findings: Sequence[Finding]) -> Iterator[tuple[Finding, list[Finding]]]:
    """Answers to the first questions that are in error, each with what the same metal lacks because of it."""
    metals = dict.fromkeys(finding.words.get("metal", "") for finding in findings)
    for metal in metals:
        of_metal = [finding for finding in findings if metal and finding.words.get("metal") == metal]
        first = min((item for item in of_metal if _first_question(item)), key=_first_question, default=None)
        follows = [item for item in of_metal if first and _hangs_on(item, first)]
        if first and follows:
            yield first, follows


def _first_question(finding: Finding) -> tuple[str, ...]:
    """The number of the first question that a finding is about, an answer that is none before a missing one."""
    if finding.rule == _NOT_A_CHOICE and finding.words.get("question") in _FIRST_QUESTIONS:
        return (finding.words["question"], "")
    if _family(finding) == _UNANSWERED and finding.words.get("number") in _FIRST_QUESTIONS:
        return (finding.words["number"], "missing")
    return ()


def _hangs_on(finding: Finding, first: Finding) -> bool:
    if finding is first or _weight(finding) < _weight(first):
        return False
    if _family(finding) == _NO_SMELTER:
        return True
    number = finding.words.get("number", "")
    return _family(finding) == _UNANSWERED and number.isdecimal() and int(number) > int(_first_question(first)[0])


def _family(finding: Finding) -> str:
    return TEMPLATE_IDS.get(finding.rule, finding.rule)


def _weight(finding: Finding) -> int:
    return _SEVERITIES.index(finding.severity)


def _place(finding: Finding) -> tuple[int, int, str]:
    """By row, then by column."""
    cell = _CELL.match(finding.cell or "")
    return (int(cell[2]), len(cell[1]), cell[1]) if cell else (0, 0, "")
