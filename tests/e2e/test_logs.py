"""What the functions log and count while a case runs: enough to follow a file, and nothing personal or secret of it."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from examples.specimen import SAMPLE_LOOK_UP, SmelterRow, complete_specimen, not_listed, write_cmrt
from tests.e2e.conftest import COMMAND, PATIENCE
from tests.e2e.test_run import LISTED
from tests.factories.cases import RosterRow, write_case
from tracelode.declarations.read import read_declaration
from tracelode.minerals import CONFLICT_MINERALS, Mineral

CANARIES = {
    "contact_name": "Xanthippe Quillfeather",
    "contact_email": "x.quillfeather@canary.example",
    "contact_phone": "+49 30 5550142",
    "authorizer_name": "Barnabas Thistlewood",
    "authorizer_title": "Keeper of Canaries",
    "authorizer_email": "b.thistlewood@canary.example",
    "authorizer_phone": "+49 30 5550143",
    "address": "7 Canary Row, Thistleton",
    "name": "Canary Components Ltd",
    "unique_id": "CANARY-DUNS-55501",
}
SECRET = "AKIA5CANARYSECRET77 password=thistle-and-quill"  # noqa: S105  planted to be looked for
SMELTER = "Thistlewood Secret Smelting"
FILE = "CMRT of Xanthippe Quillfeather.xlsx"
CONTACT_OF_THE_ROSTER = "roster.canary@canary.example"
INJECTION = '{"level":"ERROR","message":"forged"}'
NEVER_LOGGED = (
    *CANARIES.values(), SECRET, "AKIA5CANARY", SMELTER, FILE, "Quillfeather", CONTACT_OF_THE_ROSTER, "forged",
)  # fmt: skip


def planted() -> bytes:
    """A workbook that is full of what must never be logged."""
    rows = [
        SmelterRow(cid=SAMPLE_LOOK_UP[0].cid, comments=SECRET, mine=f"\n{INJECTION}\n"),
        not_listed("Tin", SMELTER, "Germany"),
    ]
    specimen = complete_specimen("any", rows, SAMPLE_LOOK_UP)
    return write_cmrt(
        replace(
            specimen,
            company=replace(specimen.company, **CANARIES),
            comments={1: dict.fromkeys(CONFLICT_MINERALS, SECRET), 2: {Mineral.TIN: f"\r\n{INJECTION}\r\n"}},
        )
    )


def incomplete() -> bytes:
    """The same with errors, so that there are findings that quote what was found."""
    specimen = complete_specimen("any", [not_listed("Tin", SMELTER, "Nowhere in particular")], SAMPLE_LOOK_UP)
    company = replace(specimen.company, **CANARIES, scope="B", effective_date=SECRET)
    return write_cmrt(replace(specimen, company=company, answers={1: {Mineral.TIN: SECRET}}))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the output (out) and the logs (logs) of a run in which all kinds of files went through."""
    folder = tmp_path_factory.mktemp("logs")
    inbox = {
        "acme": {FILE: planted()},
        "beta": {FILE: incomplete()},
        "gamma": {FILE: f"{SECRET} {INJECTION}".encode()},
    }
    suppliers = [RosterRow(name, name=f"{name} Ltd", contact_email=CONTACT_OF_THE_ROSTER) for name in inbox]
    case = write_case(folder / "case", suppliers=suppliers, smelter_list=LISTED, inbox=inbox)
    command = [*COMMAND, "run", str(case), "--out", str(folder / "out"), "--logs", str(folder / "logs")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def logs(ran: Path) -> Path:
    """The folder of the logs."""
    return ran / "logs"


def lines(logs: Path, function: str = "*") -> Iterator[dict]:
    for path in sorted(logs.glob(f"*-{function}Function-*.log")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("{"):
                yield json.loads(line)


def test_nothing_personal_secret_or_forged_is_logged_or_counted(logs):
    # GIVEN the canaries are where a reader of the workbook finds them
    declaration = read_declaration(planted(), FILE).declaration
    assert declaration
    read = repr(declaration)
    assert all(CANARIES[name] in read for name in ("contact_name", "contact_email", "name"))
    assert {field.name for field in fields(complete_specimen().company)} >= set(CANARIES)
    # WHEN all that was printed is read as one text
    everything = "\n".join(path.read_text(encoding="utf-8") for path in sorted(logs.glob("*.log")))
    # THEN
    assert {canary for canary in NEVER_LOGGED if canary in everything} == set()
    assert everything.count("\n") > 20


def test_a_file_can_be_followed_by_its_submission_id(ran, logs):
    recorded = {line["supplier"]: line for line in lines(logs, "Intake") if line.get("message") == "recorded"}

    assert set(recorded) == {"acme", "beta", "gamma"}
    for supplier, line in recorded.items():
        assert (ran / "out/2016/feedback" / supplier / line["submission"]).is_dir()
        assert line["version"]
        assert line["message_id"]


def test_what_is_said_of_one_file_is_not_said_of_the_next(logs):
    recorded = [line for line in lines(logs, "Intake") if line.get("message") == "recorded"]

    assert len({line["version"] for line in recorded}) == len({line["submission"] for line in recorded}) == 3


def test_what_is_counted_is_few_by_name_and_says_the_rule_beside(logs):
    metrics = [line for line in lines(logs) if "_aws" in line]
    names = {
        metric["Name"] for line in metrics for block in line["_aws"]["CloudWatchMetrics"] for metric in block["Metrics"]
    }
    dimensions = {
        tuple(dimensions)
        for line in metrics
        for block in line["_aws"]["CloudWatchMetrics"]
        for dimensions in block["Dimensions"]
    }
    assert {"Submissions_rejected", "Findings", "PublishLag", "ReportsPublished", "GroupsTallied"} <= names
    assert len(names) < 20
    assert dimensions == {("service",)}
    assert all(line["rule"].isalnum() for line in metrics if "Findings" in line)
    assert {block["Namespace"] for line in metrics for block in line["_aws"]["CloudWatchMetrics"]} == {
        "Tracelode/tracelode"
    }
