"""A roll-up held against RMI's own Checker, and against what LibreOffice makes of each formula in it."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from tests.engines.checker.rmi import RmiChecker, needs_uno, rmi_checker
from tests.factories.cases import official_case, random_case
from tests.factories.example import facts_of
from tests.factories.official import VERSIONS, find_template, missing_templates
from tests.factories.reviewing import review_reading
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.reference.kinds import take
from tracelode.report.rollup.roll_up import Rollup, roll_up
from tracelode.review.summary import summarise
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Standing, fold, seat_number

pytestmark = [
    pytest.mark.engine,
    needs_uno,
    pytest.mark.skipif(bool(missing_templates()), reason=missing_templates()),
]

ROOT = Path(__file__).parents[2]
RECEIVED = "2017-03-02T10:00:00.000Z"
PROFILE = """
[rollup]
unique_id = "00-000-0000"
unique_id_authority = "DUNS"
contact_name = "Jane Doe"
contact_email = "jane.doe@example.com"
contact_phone = "+1 555 555 0100"
authorizer_name = "John Roe"
authorizer_email = "john.roe@example.com"
policy_url = "https://www.example.com/policy"

[rollup.answers]
A = "Yes"
B = "Yes"
C = "No"
D = "Yes"
E = "Yes, in conformance with IPC1755 (e.g., CMRT)"
F = "Yes"
G = "Yes"
H = "Yes, with the SEC"
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[RmiChecker]:
    with rmi_checker() as running:
        yield running


def template(version: str) -> bytes:
    path = find_template(version)
    assert path
    return path.read_bytes()


def interpretation_of(case: Path, names: bytes) -> Interpretation:
    """What a case directory means, without the system around it; `names` is the template whose look-up is known."""
    contents = [
        take("program.toml", (case / "program.toml").read_bytes() + PROFILE.encode()).content,
        take("suppliers.csv", (case / "suppliers.csv").read_bytes()).content,
        take("smelter-list.csv", (case / "smelter-list.csv").read_bytes()).content,
        take("cmrt-template.xlsx", names).content,
    ]
    standings = []
    for place, folder in enumerate(sorted((case / "inbox").iterdir())):
        read = [submission for file in sorted(folder.iterdir()) if (submission := submission_of(folder.name, file))]
        if read:
            standings.append(Standing(folder.name, seat_number(place), tuple(read)))
    return interpret(facts_of(contents, fold(standings)))


def submission_of(supplier_id: str, file: Path) -> SubmissionSummary | None:
    data = file.read_bytes()
    reading = read_declaration(data, file.name)
    if reading.declaration is None:
        return None
    findings = review_reading(reading, year=2016, received=date(2017, 3, 2))
    sha256 = hashlib.sha256(data).hexdigest()
    received = SubmissionSummary(
        sha256[:12], supplier_id, f"2016/{supplier_id}/{file.name}", "v1", sha256, RECEIVED, State.REJECTED,
    )  # fmt: skip
    return summarise(received, reading, findings)


def rolled_up(case: Path, version: str) -> tuple[Interpretation, Rollup]:
    told = interpretation_of(case, template(version))
    return told, roll_up(template(version), told, count_figures(told))


def cells(workbook: bytes) -> Mapping[str, Mapping[str, object]]:
    """The values shown in each sheet, by address."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {
        name: {
            f"{get_column_letter(column)}{row}": value
            for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1)
            for column, value in enumerate(values, start=1)
            if value != ""
        }
        for name in ("Declaration", "Smelter List", "Checker", "Product List")
    }


def plain(value: object) -> str:
    return " ".join(str(value).replace("_x000D_", " ").split())


def assert_nothing_lies(written: bytes, computed: bytes) -> None:
    """Each value that we show is the one that LibreOffice computes."""
    ours, theirs = cells(written), cells(computed)
    wrong = [
        (sheet, cell, value, theirs[sheet].get(cell))
        for sheet, by_cell in ours.items()
        for cell, value in by_cell.items()
        if plain(value) != plain(theirs[sheet].get(cell, ""))
    ]
    assert not wrong[:10]


@pytest.mark.parametrize("version", ["6.5", "6.4"])
def test_rmis_checker_finds_nothing_missing_in_the_examples_roll_up(checker: RmiChecker, version: str):
    # GIVEN the example, which is a filing of 310 facilities, WHEN its roll-up is computed by LibreOffice
    told, rollup = rolled_up(ROOT / "examples" / "qualys-2016", version)
    assert rollup.workbook
    assert rollup.problems == ()
    verdict, computed = checker.convert(rollup.workbook)
    # THEN the Checker says so, and its total is the text that it shows when all is there
    assert (verdict.incomplete, verdict.spoilt) == (frozenset(), frozenset())
    assert cells(computed)["Checker"]["D2"] == "0"
    assert_nothing_lies(rollup.workbook, computed)
    # AND the list names each facility of the annex once
    declaration = read_declaration(computed, "cmrt-rollup.xlsx").declaration
    assert declaration
    assert sorted((line.metal, line.cid) for line in declaration.smelters if line.cid) == sorted(
        (facility.facility.metal, facility.facility.cid) for facility in told.facilities
    )
    assert len(told.facilities) == 310


@pytest.mark.parametrize("version", ["6.5", "6.4"])
@pytest.mark.parametrize("seed", [1, 2])
def test_rmis_checker_finds_nothing_missing_in_a_random_roll_up(
    checker: RmiChecker, tmp_path: Path, version: str, seed: int
):
    # GIVEN suppliers of which one is awaited and one sent nothing readable, with smelters that no template knows
    case = random_case(tmp_path, seed, suppliers=9, facilities=80)
    told, rollup = rolled_up(case.folder, version)
    assert rollup.workbook
    verdict, computed = checker.convert(rollup.workbook)
    # THEN nothing is missing, nothing lies, and our own reader finds every facility
    assert (verdict.incomplete, verdict.spoilt) == (frozenset(), frozenset())
    assert_nothing_lies(rollup.workbook, computed)
    for workbook in (rollup.workbook, computed):
        declaration = read_declaration(workbook, "cmrt-rollup.xlsx").declaration
        assert declaration
        assert {line.cid for line in declaration.smelters if line.cid} == {f.facility.cid for f in told.facilities}
        assert all(
            declaration.answers[Question.SMELTERS_IDENTIFIED][metal].value != "Yes" for metal in CONFLICT_MINERALS
        )


@pytest.mark.parametrize("version", VERSIONS)
def test_every_6_x_template_can_carry_all_the_smelters_that_it_knows(checker: RmiChecker, tmp_path: Path, version: str):
    # GIVEN suppliers that between them name what the template's own look-up lists
    case = official_case(tmp_path, suppliers=2, smelters=400, version=version)
    told, rollup = rolled_up(case.folder, version)
    assert rollup.workbook
    verdict, computed = checker.convert(rollup.workbook)
    # THEN the Checker is content, and no line is "Smelter not listed"
    assert (verdict.incomplete, verdict.spoilt) == (frozenset(), frozenset())
    assert_nothing_lies(rollup.workbook, computed)
    listed = cells(computed)["Smelter List"]
    assert sum(cell.startswith("A") and str(value).startswith("CID") for cell, value in listed.items()) == len(
        told.facilities
    )
    assert "Smelter not listed" not in listed.values()


def test_the_checker_does_find_what_the_profile_leaves_out(checker: RmiChecker):
    # GIVEN a profile without an e-mail address of the authorizer and without question D
    told = interpretation_of(ROOT / "examples" / "qualys-2016", template("6.5"))
    profile = told.facts.program.rollup
    short = replace(
        profile, authorizer_email="", answers={k: v for k, v in profile.answers.items() if k != "D"}
    )  # fmt: skip
    told = replace(told, facts=replace(told.facts, program=replace(told.facts.program, rollup=short)))
    rollup = roll_up(template("6.5"), told, count_figures(told))
    assert rollup.workbook
    # THEN the Checker asks for both, and our problems have named them
    assert checker.convert(rollup.workbook)[0].incomplete == {11, 58}
    assert [problem.split()[-6] if "e-mail" in problem else problem.split()[2] for problem in rollup.problems] == [
        "rollup.authorizer_email,", "rollup.answers.D,"
    ]  # fmt: skip
