"""Our completeness findings beside RMI's Checker, declaration by declaration."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from examples.specimen import NOT_LISTED, SCOPES
from tests.engines.checker.cells import (
    ANSWER_CELLS,
    DECLARATION,
    POLICY_ADDRESS,
    PRODUCT_LIST,
    SMELTER_LIST,
    Cells,
    Changes,
    as_spec,
    changed,
    complete_cells,
    workbook,
)
from tests.engines.checker.differences import as_we_take_it
from tests.engines.checker.generated import generated
from tests.engines.checker.rmi import RmiChecker
from tests.factories.reviewing import review
from tracelode.declarations.read import read_declaration
from tracelode.review.rules.completeness import COMPLETENESS_RULES

CHECKER_ROW = {rule.id: int(re.findall(r"\d+$", rule.source)[0]) for rule in COMPLETENESS_RULES}
ROWS = frozenset(CHECKER_ROW.values())

_ENOUGH = 5


def our_rows(file: bytes) -> frozenset[int]:
    """The Checker rows that our findings on a file name."""
    reading = read_declaration(file, "supplied.xlsx")
    assert reading.declaration, reading.findings
    findings = review(reading.declaration, year=2025)
    return frozenset(CHECKER_ROW[finding.rule] for finding in findings if finding.rule in CHECKER_ROW)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both verdicts on a declaration, as rows of the Checker.

    `incomplete` and `spoilt` are the Checker's; `taken` is its verdict on the declaration as we take it, and the
    `differences` say how that differs from the declaration as it is.
    """

    version: str
    cells: Cells
    ours: frozenset[int]
    incomplete: frozenset[int]
    spoilt: frozenset[int]
    taken: frozenset[int]
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the Checker says what we say."""
        return self.ours == self.incomplete and not self.spoilt

    @property
    def explained(self) -> bool:
        """Whether all that differs is known and described."""
        return self.ours == self.taken

    def __str__(self) -> str:
        return (
            f"we: {sorted(self.ours)}\nthe Checker: {sorted(self.incomplete)}, errors in {sorted(self.spoilt)}\n"
            f"the Checker on what we take it for ({', '.join(self.differences) or 'as it is'}): {sorted(self.taken)}\n"
            f"only we: {sorted(self.ours - self.taken)}, only the Checker: {sorted(self.taken - self.ours)}\n"
            f"spec: {as_spec(self.version, self.cells)}"
        )


def compare(checker: RmiChecker, version: str, cells: Cells) -> Comparison:
    """Both verdicts on a declaration: ours on the file that holds it, the Checker's on the official template."""
    verdict = checker.judge(version, cells)
    meant, differences = as_we_take_it(version, cells)
    taken = checker.judge(version, meant) if differences else verdict
    return Comparison(
        version, cells, our_rows(workbook(version, cells)), verdict.incomplete, verdict.spoilt,
        taken.incomplete | taken.spoilt, differences,
    )  # fmt: skip


def shrunk(checker: RmiChecker, failing: Comparison) -> Comparison:
    """The smallest unexplained difference that is found by taking changes back, halves first, then one by one."""
    whole = complete_cells(failing.version)

    def unexplained(cells: Cells) -> Comparison | None:
        comparison = compare(checker, failing.version, cells)
        return None if comparison.explained else comparison

    size = len(_changed_places(failing))
    while size:
        size = min(size, len(_changed_places(failing)))
        for places in _batches(_changed_places(failing), size):
            smaller = unexplained(changed(failing.cells, {place: whole.get(place) for place in places}))
            failing = smaller or failing
        size //= 2
    return failing


def _changed_places(comparison: Comparison) -> list[tuple[str, str]]:
    whole = complete_cells(comparison.version)
    return sorted(place for place in {**whole, **comparison.cells} if whole.get(place) != comparison.cells.get(place))


def _batches(places: list[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    remaining = iter(places)
    while batch := list(islice(remaining, size)):
        yield batch


def unfaithful(checker: RmiChecker, comparison: Comparison) -> str:
    """What is wrong with the quick way for a declaration, "" if nothing: it is held against the slow way.

    LibreOffice opens the very file that we read, and computes and saves it. The Checker in it has to say what it said
    on the template, and we have to find in the computed file what we found in the plain one.
    """
    verdict, computed = checker.convert(workbook(comparison.version, comparison.cells))
    in_file, in_computed = (verdict.incomplete, verdict.spoilt), our_rows(computed)
    if in_file != (comparison.incomplete, comparison.spoilt):
        return f"the Checker of the file itself: {sorted(in_file[0])}, errors in {sorted(in_file[1])}\n{comparison}"
    if in_computed != comparison.ours:
        return f"we on the computed file: {sorted(in_computed)}\n{comparison}"
    return ""


def edge_cases(version: str) -> tuple[Cells, ...]:
    """Declarations that together have each row of the Checker complete and incomplete, whatever chance does."""
    whole = complete_cells(version)
    undescribed: Changes = {
        (DECLARATION, "D9"): SCOPES["C"],
        (DECLARATION, POLICY_ADDRESS): "x",
        (SMELTER_LIST, "B9"): "Tin",
        (SMELTER_LIST, "C9"): NOT_LISTED,
        (SMELTER_LIST, "E9"): "PERU",
    }
    without_lists: Changes = {(DECLARATION, "D9"): SCOPES["B"], (PRODUCT_LIST, "B7"): "P-2"}
    without_lists |= {(SMELTER_LIST, f"A{row}"): None for row in range(5, 9)}
    return {}, whole, changed(whole, undescribed), changed(whole, without_lists)


@dataclass
class Tally:
    """What a run has seen of one version."""

    version: str
    declarations: set[str] = field(default_factory=set)
    same: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    incomplete: Counter[int] = field(default_factory=Counter)
    complete: Counter[int] = field(default_factory=Counter)
    metals: Counter[str] = field(default_factory=Counter)
    sampled: int = 0
    unexplained: list[str] = field(default_factory=list)

    def add(self, comparison: Comparison) -> None:
        """Counts a declaration in."""
        self.declarations.add(as_spec(comparison.version, comparison.cells))
        self.same += comparison.same
        if not comparison.same:
            self.kinds.update(comparison.differences)
        self.incomplete.update(comparison.incomplete)
        self.complete.update(ROWS - comparison.incomplete - comparison.spoilt)
        self.metals.update(_state(comparison.cells, metal) for metal in range(4))

    @property
    def unseen(self) -> frozenset[int]:
        """The rows that the Checker has not called both complete and incomplete."""
        return ROWS - (self.incomplete.keys() & self.complete.keys())


def hold_against_the_checker(
    checker: RmiChecker, version: str, declarations: int, seed: str, sample: Callable[[int], bool]
) -> Tally:
    """Compares the edge cases and `declarations` generated ones; those whose number `sample` picks, both ways.

    Unexplained differences are described in the tally, each with a spec of the smallest declaration that has it. The
    run ends after `_ENOUGH` of them.
    """
    tally = Tally(version)
    cases = (*edge_cases(version), *(generated(version, f"{seed} {number}") for number in range(declarations)))
    for number, cells in enumerate(cases):
        comparison = compare(checker, version, cells)
        if not comparison.explained:
            tally.unexplained.append(str(shrunk(checker, comparison)))
        tally.add(comparison)
        if sample(number):
            tally.sampled += 1
            tally.unexplained += filter(None, [unfaithful(checker, comparison)])
        if len(tally.unexplained) >= _ENOUGH:
            break
    return tally


def _state(cells: Cells, metal: int) -> str:
    """What the answers say of a metal, in the words of the Checker's conditions."""
    first, second = (str(cells.get((DECLARATION, ANSWER_CELLS[n + metal]), "")).casefold() for n in (0, 4))
    if first == "no":
        return "question 1 No"
    if first == "yes":
        return {"no": "question 2 No", "yes": "in scope"}.get(second, "question 2 open")
    return "question 1 open"
