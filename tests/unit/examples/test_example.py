"""The committed example case is what its generator writes, and together its workbooks make the filing's annex."""

import csv
import importlib.util
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.findings import Severity
from tracelode.reference.kinds import take
from tracelode.review.review import RULE_IDS
from tracelode.smelters.status import Status
from tracelode.sources.program import parse_program
from tracelode.sources.roster import parse_roster
from tracelode.sources.status_list import parse_smelter_list

ROOT = Path(__file__).resolve().parents[3]
CASE = ROOT / "examples" / "qualys-2016"
ANNEX = ROOT / "tests" / "fixtures" / "golden" / "annex-2016.csv"


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("make_qualys_2016", ROOT / "examples" / "make_qualys_2016.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated(generator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    generator.make(folder)
    return folder


@pytest.fixture(scope="module")
def annex():
    with ANNEX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def readings():
    workbooks = sorted((CASE / "inbox").glob("*/*.xlsx"))
    return {path.parent.name: read_declaration(path.read_bytes(), path.name) for path in workbooks}


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def contents(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_generator_writes_the_same_bytes_every_time(generator, generated, tmp_path):
    generator.make(tmp_path)

    assert files_of(tmp_path) == files_of(generated)


def test_the_committed_case_is_what_the_generator_writes(generated):
    for name, data in files_of(generated).items():
        committed = (CASE / name).read_bytes()
        assert contents(committed) == contents(data) if name.endswith(".xlsx") else committed == data, name


def test_the_generator_leaves_a_right_file_alone(generator, generated):
    before = {path: path.stat().st_mtime_ns for path in generated.rglob("*.xlsx")}

    generator.make(generated)

    assert {path: path.stat().st_mtime_ns for path in generated.rglob("*.xlsx")} == before


def test_the_case_is_small(generated):
    sizes = {name: len(data) for name, data in files_of(generated).items()}

    assert max(sizes.values()) < 200_000
    assert sum(sizes.values()) < 1_500_000


def test_the_annex_holds_what_the_filing_counts(annex):
    assert len({(row["metal"], row["cid"]) for row in annex}) == len(annex) == 310
    assert Counter(row["status"] for row in annex) == {"Compliant": 241, "Active": 14, "Indeterminable": 55}
    assert all(row["country"] for row in annex)


def test_the_smelter_list_holds_the_compliant_and_active_facilities(annex):
    listed = parse_smelter_list((CASE / "smelter-list.csv").read_bytes())

    assert Counter(row.status for row in listed.facilities.values()) == {Status.CONFORMANT: 241, Status.ACTIVE: 14}
    assert {(facility.metal.value, facility.cid) for facility in listed.facilities} == {
        (row["metal"], row["cid"]) for row in annex if row["status"] != "Indeterminable"
    }


def test_the_profile_is_complete():
    program = parse_program((CASE / "program.toml").read_bytes(), RULE_IDS)

    assert (program.year, program.vocabulary, program.unknown_keys) == (2016, "cfsp-2016", ())
    assert program.narrative.supplier_term == "contract manufacturers"
    for table in (program.registrant, program.signatory, program.narrative):
        # What it plans stands in a text of its own, with the year's figures by name. Nobody has signed this text, and
        # the filing says nothing of how long records are kept.
        left_open = {name for name in table.__dataclass_fields__ if not getattr(table, name)}
        assert left_open <= {"future_steps", "signature", "record_retention"}
    assert take("section-future-steps.txt", (CASE / "section-future-steps.txt").read_bytes()).content


def test_seven_manufacturers_are_surveyed_and_one_attests():
    roster = parse_roster((CASE / "suppliers.csv").read_bytes()).suppliers

    assert len(roster) == 7
    assert all(supplier.in_scope for supplier in roster)
    assert sum(supplier.attests_conformant_sourcing for supplier in roster) == 1
    assert {supplier.supplier_id for supplier in roster} == {path.name for path in (CASE / "inbox").iterdir()}


def test_every_workbook_reads_without_an_error(readings):
    assert len(readings) == 7
    for supplier_id, reading in readings.items():
        assert reading.declaration is not None, supplier_id
        assert reading.declaration.company.scope is Scope.COMPANY
        assert [finding for finding in reading.findings if finding.severity is Severity.ERROR] == []


def test_together_the_workbooks_name_exactly_the_annex_and_none_names_all_of_it(readings, annex):
    named = {
        supplier_id: {(line.metal, line.cid) for line in reading.declaration.smelters}
        for supplier_id, reading in readings.items()
    }

    assert set().union(*named.values()) == {(row["metal"], row["cid"]) for row in annex}
    assert max(len(facilities) for facilities in named.values()) < 310


def test_names_and_countries_resolve_to_the_annex_however_a_row_was_entered(readings, annex):
    known = {row["cid"]: (row["name"], row["country"]) for row in annex}

    for reading in readings.values():
        assert all((line.name, line.country) == known[line.cid] for line in reading.declaration.smelters)


def test_one_supplier_denies_the_covered_countries_and_names_nothing_there(readings):
    denying = []
    for supplier_id, reading in readings.items():
        declaration = reading.declaration
        answers = declaration.answers[Question.COVERED_COUNTRIES]
        if all(answers[metal].value == "No" for metal in answers if declaration.in_scope(metal)):
            denying.append(supplier_id)
            countries = {line.country for line in declaration.smelters}
            assert not countries & {"RWANDA", "ZAMBIA"}
            assert not any(line.mine or line.mine_country for line in declaration.smelters)
    assert denying == ["fennimore"]
