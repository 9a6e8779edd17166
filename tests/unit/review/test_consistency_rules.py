"""Each rule finds what it is for, where it stands, and nothing beside it."""

from dataclasses import replace

import pytest

from tests.factories.reviewing import review
from tests.unit.review.declarations import line, with_lines
from tests.unit.review.pairs import PAIRS, Pair
from tracelode.declarations.declaration import Declaration
from tracelode.findings import Finding
from tracelode.minerals import Mineral
from tracelode.review.review import RULE_IDS


def reviewed(declaration: Declaration, settings: object) -> tuple[Finding, ...]:
    return review(declaration, **{"year": 2026, **dict(settings)})  # type: ignore[call-overload]


def numbered(pair: Pair) -> str:
    return f"{pair.rule}-{[other for other in PAIRS if other.rule == pair.rule].index(pair) + 1}"


@pytest.mark.parametrize("pair", PAIRS, ids=numbered)
def test_a_rule_fires_where_it_is_broken_and_alone(pair: Pair):
    findings = reviewed(pair.hit, pair.settings)
    mine = [finding for finding in findings if finding.rule == pair.rule]
    assert tuple(f"{finding.sheet}!{finding.cell}" for finding in mine) == pair.places
    assert {finding.rule for finding in findings} - {pair.rule} == pair.company
    assert {name: mine[0].words[name] for name in pair.words} == pair.words
    assert all(word in mine[0].message + mine[0].remedy for word in pair.words.values())


@pytest.mark.parametrize("pair", PAIRS, ids=numbered)
def test_a_rule_is_silent_on_what_only_comes_close(pair: Pair):
    settings = pair.settings if pair.near_settings is None else pair.near_settings
    assert {finding.rule for finding in reviewed(pair.near, settings)} == pair.near_company


def test_every_rule_has_a_pair():
    assert {pair.rule for pair in PAIRS} == RULE_IDS


def test_a_finding_of_many_cells_names_the_first_hundred_and_says_how_many_more_there_are():
    lines = [replace(line(row, Mineral.TIN, f"CID{row:06}", f"Tin {row}"), mine="=A1") for row in range(20, 20 + 102)]
    (finding,) = reviewed(with_lines(*lines), {})
    assert (finding.rule, finding.words["count"], finding.found) == ("X67", "102", "=A1")
    assert finding.cell == ", ".join(f"N{row}" for row in range(20, 120)) + ", … (+2)"
    (finding,) = reviewed(with_lines(*lines[:100]), {})
    assert finding.cell == ", ".join(f"N{row}" for row in range(20, 120))


def test_text_from_the_workbook_is_quoted_but_never_part_of_a_message():
    spoilt = line(20, Mineral.TIN, "CID000099", name="{metal} <b>=1+1")
    (finding,) = reviewed(with_lines(spoilt, replace(spoilt, row=21)), {})
    assert finding.found == "{metal} <b>=1+1"
    assert "<b>" not in finding.message + finding.remedy + str(finding.words)
