"""What a made-up case says it holds is what its workbooks hold."""

import csv

import pytest

from tests.factories.cases import Case, official_case, random_case
from tests.factories.official import missing_templates
from tracelode.declarations.read import read_declaration
from tracelode.review.review import RULE_IDS
from tracelode.sources.program import parse_program
from tracelode.sources.roster import parse_roster
from tracelode.sources.status_list import parse_smelter_list

needs_official_templates = pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())


def declared(case: Case) -> dict[str, set[tuple[str, str]]]:
    """Which facilities each supplier on the roster and in scope names, as the reader finds them."""
    named: dict[str, set[tuple[str, str]]] = {}
    for supplier in parse_roster((case.folder / "suppliers.csv").read_bytes()).suppliers:
        for path in sorted((case.folder / "inbox" / supplier.supplier_id).glob("*.xlsx")):
            reading = read_declaration(path.read_bytes(), path.name)
            if supplier.in_scope and reading.declaration:
                lines = reading.declaration.smelters
                named[supplier.supplier_id] = {(str(line.metal), line.cid) for line in lines if line.cid}
    return named


def expected(case: Case) -> dict[str, set[tuple[str, str]]]:
    named: dict[str, set[tuple[str, str]]] = {}
    for row in case.smelters:
        for supplier_id in row.suppliers:
            named.setdefault(supplier_id, set()).add((row.metal, row.cid))
    return named


@pytest.mark.parametrize("seed", range(6))
def test_a_random_case_holds_what_it_says(tmp_path, seed):
    case = random_case(tmp_path, seed, suppliers=8, facilities=40)

    assert declared(case) == expected(case)
    listed = parse_smelter_list((tmp_path / "smelter-list.csv").read_bytes())
    printed = {(row.metal, row.cid): row.status for row in case.smelters}
    assert {(facility.metal.value, facility.cid) for facility in listed.facilities} & printed.keys() == {
        facility for facility, status in printed.items() if status != "Indeterminable"
    }


def test_a_random_case_has_every_kind_of_supplier(tmp_path):
    figures = random_case(tmp_path, 1, suppliers=8, facilities=40).figures["suppliers"]

    assert {name: figures[name] for name in ("surveyed", "needs_correction", "rejected", "awaiting")} == {
        "surveyed": 7,
        "needs_correction": 1,
        "rejected": 1,
        "awaiting": 1,
    }
    assert len(list((tmp_path / "inbox").iterdir())) == 7


def test_the_same_seed_makes_the_same_case(tmp_path):
    first = random_case(tmp_path / "a", 5)
    second = random_case(tmp_path / "b", 5)

    assert (first.figures, first.smelters) == (second.figures, second.smelters)
    for path in sorted((tmp_path / "a").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_another_year_and_vocabulary_reach_the_profile(tmp_path):
    case = random_case(tmp_path, 2, year=2023, vocabulary="rmap")

    program = parse_program((tmp_path / "program.toml").read_bytes(), RULE_IDS)
    assert (case.year, program.year, program.vocabulary) == (2023, 2023, "rmap")
    assert {row.status for row in case.smelters} == {"Conformant", "Active", "Indeterminable"}


@needs_official_templates
def test_a_case_of_official_workbooks_holds_what_it_says(tmp_path):
    case = official_case(tmp_path, suppliers=2, smelters=300)

    named = declared(case)
    assert [len(facilities) for facilities in named.values()] == [300, 300]
    assert named == expected(case)
    with (tmp_path / "smelter-list.csv").open(encoding="utf-8", newline="") as file:
        assert {row["status"] for row in csv.DictReader(file)} == {"conformant", "active"}
