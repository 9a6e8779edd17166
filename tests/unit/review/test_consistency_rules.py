from dataclasses import replace

import pytest

from tests.unit.review.declarations import complete, line, with_answer
from tracelode.cmrt.declaration import Declaration, Question, SmelterLine
from tracelode.findings import Severity
from tracelode.metals import Metal
from tracelode.review.review import RULES, review


def found(declaration: Declaration, minimum_version: str = "") -> list[tuple[str, Severity, str | None]]:
    findings = review(declaration, year=2026, minimum_version=minimum_version)
    return [(finding.rule, finding.severity, finding.cell) for finding in findings]


def with_lines(*lines: SmelterLine) -> Declaration:
    return complete(smelters=(*complete().smelters, *lines))


def test_a_metal_that_is_out_with_smelters_listed_is_a_warning():
    declaration = with_answer(
        with_lines(line(20, Metal.TIN, "CID000099", "Alpha")), Question.INTENTIONALLY_ADDED, Metal.TIN, "No"
    )
    (finding,) = review(declaration, year=2026)
    assert (finding.rule, finding.severity, finding.sheet, finding.cell) == (
        "X01",
        Severity.WARNING,
        "Smelter List",
        "C6",
    )
    assert "Tin" in finding.message
    assert "2 of its smelters are" in finding.message


def test_smelters_of_a_metal_that_is_not_out_are_no_contradiction():
    assert found(with_answer(complete(), Question.COVERED_COUNTRIES, Metal.TIN, "Yes")) == []


@pytest.mark.parametrize(
    ("version", "minimum", "expected"),
    [
        ("6.5", "", []),
        ("6.5", "6.5", []),
        ("6.7", "6.5", []),
        ("6.22", "", [("X26", Severity.NOTICE, "J3")]),
        ("6.22", "6.01", [("X26", Severity.NOTICE, "J3")]),
        ("6.22", "6.31", [("X26", Severity.ERROR, "J3")]),
        ("6.5", "6.6", [("X26", Severity.ERROR, "J3")]),
    ],
)
def test_an_older_template_weighs_by_what_is_demanded(version: str, minimum: str, expected: list[object]):
    assert found(complete(template_version=version), minimum) == expected


def test_a_minimum_that_is_no_version_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="not a CMRT version"):
        review(complete(), year=2026, minimum_version="newest")


@pytest.mark.parametrize(
    "again",
    [
        line(20, Metal.TIN, "CID000001", "Smelter 1"),
        line(20, Metal.TIN, "CID000001", "Another alias"),
    ],
)
def test_the_same_cid_again_is_a_duplicate(again: SmelterLine):
    assert found(with_lines(again)) == [("X29", Severity.NOTICE, "C20")]


def test_the_same_unidentified_name_again_is_a_duplicate():
    first, again = line(20, Metal.TIN, name="Example Tin"), line(21, Metal.TIN, name="EXAMPLE tin", country="JAPAN")
    assert found(with_lines(first, again)) == [("X29", Severity.NOTICE, "C21")]


@pytest.mark.parametrize(
    "other",
    [
        line(21, Metal.GOLD, name="Example Tin"),
        line(21, Metal.TIN, name="Example Tin", country="Peru"),
        line(21, Metal.TIN, name="Example"),
        replace(line(21, Metal.TIN, name="Example Tin"), mine_country="Peru"),
    ],
    ids=["metal", "country", "name", "country of the mine"],
)
def test_lines_that_differ_are_no_duplicates(other: SmelterLine):
    assert found(with_lines(line(20, Metal.TIN, name="Example Tin"), other)) == []


def test_lines_without_any_name_are_no_duplicates():
    assert found(with_lines(line(20, Metal.TIN), line(21, Metal.TIN))) == []


def test_every_rule_has_words_and_a_source():
    assert all(rule.source and rule.message.endswith(".") and rule.remedy.endswith(".") for rule in RULES)


def test_text_from_the_workbook_is_quoted_but_never_part_of_a_message():
    spoilt = line(20, Metal.TIN, name="{metal} <b>=1+1")
    (finding,) = review(with_lines(spoilt, replace(spoilt, row=21)), year=2026)
    assert finding.found == "{metal} <b>=1+1"
    assert "<b>" not in finding.message + finding.remedy
