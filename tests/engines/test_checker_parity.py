"""Our completeness findings name the rows that RMI's own Checker calls incomplete, declaration by declaration.

`make parity` does the same for thousands of declarations; docs/CHECKER.md has its figures.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.engines.checker.cells import as_spec, changed, complete_cells, from_spec, workbook
from tests.engines.checker.differences import DIFFERENCES, Difference
from tests.engines.checker.generated import generated
from tests.engines.checker.parity import (
    CHECKER_ROW,
    ROWS,
    Comparison,
    compare,
    edge_cases,
    hold_against_the_checker,
    shrunk,
    unfaithful,
)
from tests.engines.checker.rmi import RmiChecker, needs_uno, rmi_checker
from tests.factories.official import VERSIONS, find_template, missing_templates
from tests.factories.reviewing import review
from tracelode.declarations.read import read_declaration

pytestmark = [
    pytest.mark.engine,
    needs_uno,
    pytest.mark.skipif(bool(missing_templates()), reason=missing_templates()),
]

PAGE = Path(__file__).parents[2] / "docs" / "CHECKER.md"
GENERATED_EACH = 6
SAMPLED = {"6.01": 6, "6.22": 7, "6.5": 8}
"""The declaration of a version that is also judged as a file."""


@pytest.fixture(scope="module")
def checker() -> Iterator[RmiChecker]:
    with rmi_checker() as running:
        yield running


@pytest.mark.parametrize("version", VERSIONS)
def test_we_and_rmis_checker_find_the_same_fields_incomplete(checker: RmiChecker, version: str):
    # GIVEN the edge cases and some random declarations, WHEN both judge, THEN there is no unexplained difference
    tally = hold_against_the_checker(checker, version, GENERATED_EACH, "ci", lambda n: n == SAMPLED.get(version))
    assert not tally.unexplained, "\n\n".join(tally.unexplained)
    # AND the run has seen something
    assert len(tally.declarations) == 4 + GENERATED_EACH
    assert tally.unseen == frozenset()
    assert {"in scope", "question 1 No", "question 2 No"} <= tally.metals.keys()
    assert tally.same > GENERATED_EACH // 2


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.id)
def test_each_known_difference_is_what_the_page_says(checker: RmiChecker, difference: Difference):
    # GIVEN a complete declaration with what we read otherwise than the Checker
    version = difference.versions[0]
    comparison = compare(checker, version, changed(complete_cells(version), difference.example))
    # THEN exactly that is recognised, and it explains exactly these rows
    assert difference.id in comparison.differences
    assert comparison.explained, comparison
    assert comparison.ours - comparison.incomplete == difference.only_we
    assert comparison.incomplete - comparison.ours == difference.only_the_checker
    assert f"`{difference.id}`" in PAGE.read_text(encoding="utf-8")


def test_a_difference_that_only_some_versions_have_is_none_in_the_others(checker: RmiChecker):
    # GIVEN what only the formulas of 6.22 and later do differently
    later = [difference for difference in DIFFERENCES if "6.01" not in difference.versions]
    assert later
    for difference in later:
        # THEN in 6.01 the same cells make no difference
        comparison = compare(checker, "6.01", changed(complete_cells("6.01"), difference.example))
        assert comparison.same, comparison


def test_the_page_describes_no_difference_that_does_not_exist():
    described = re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(described) == {difference.id for difference in DIFFERENCES}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_finding_points_at_the_cell_that_the_checkers_row_looks_at(version: str):
    # GIVEN where the Checker's formulas look
    sheet = openpyxl.load_workbook(find_template(version), read_only=True)["Checker"]
    rows = enumerate(sheet.iter_rows(min_row=4, max_row=63, min_col=2, max_col=2, values_only=True), start=4)
    formulas = {row: str(formula) for row, (formula,) in rows if row in ROWS}
    looked_at = {row: re.findall(r"Declaration!([DG]\d+)", formula)[-1] for row, formula in formulas.items()}
    # WHEN everything is missing that can be
    cells = {}
    for case in edge_cases(version):
        declaration = read_declaration(workbook(version, case), "supplied.xlsx").declaration
        assert declaration
        cells |= {CHECKER_ROW[f.rule]: f.cell for f in review(declaration, year=2025) if f.rule in CHECKER_ROW}
    # THEN our findings point there
    assert {row: cells[row] for row in looked_at} == looked_at
    assert {row: cells[row] for row in ROWS - looked_at.keys()} == {
        64: "B6", **dict.fromkeys((65, 66, 67, 68), "B5"), 69: "D9"
    }  # fmt: skip


def test_an_unexplained_difference_shrinks_to_a_spec_that_can_be_repeated(checker: RmiChecker, monkeypatch):
    # GIVEN a difference that is known no more
    monkeypatch.setattr("tests.engines.checker.differences.DIFFERENCES", ())
    cells = changed(complete_cells("6.01"), {("Declaration", "D27"): "Yes ", ("Declaration", "D8"): "Example AG"})
    comparison = compare(checker, "6.01", cells)
    assert not comparison.explained
    # WHEN it is shrunk, THEN only the cell that matters is left, and the spec leads back to it
    smallest = shrunk(checker, comparison)
    assert as_spec("6.01", smallest.cells) == '{"version": "6.01", "cells": {"Declaration!D27": "Yes "}}'
    assert not compare(checker, *from_spec(as_spec("6.01", smallest.cells))).explained


def test_the_quick_way_is_held_against_the_file_itself(checker: RmiChecker):
    # GIVEN an empty declaration with the verdict on a complete one
    comparison = compare(checker, "6.01", complete_cells("6.01"))
    mistaken = Comparison("6.01", {}, comparison.ours, comparison.incomplete, comparison.spoilt, comparison.taken, ())
    # THEN the file gives it away
    assert unfaithful(checker, mistaken).startswith("the Checker of the file itself: [4, 5, 7,")


def test_the_same_seed_generates_the_same_declarations():
    assert generated("6.5", "1") == generated("6.5", "1")
    assert len({as_spec("6.5", generated("6.5", str(seed))) for seed in range(50)}) == 50
