"""`tracelode run`: a case in, a report out, through the whole system as the template wires it."""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msoffcrypto
import pytest
from openpyxl import Workbook

from examples.specimen import SAMPLE_LOOK_UP, SmelterRow, complete_specimen, write_cmrt
from tests.e2e.conftest import COMMAND
from tests.factories.archives import saved
from tests.factories.cases import ListRow, RosterRow, official_case, random_case, write_case

ROOT = Path(__file__).resolve().parents[2]
LISTED = [ListRow(e.metal, e.cid, e.name, e.country, "conformant") for e in SAMPLE_LOOK_UP[:2]]


def workbook(name: str = "Example Components", *cids: str) -> bytes:
    """A complete declaration that names these of the sample's facilities, or all four."""
    rows = [SmelterRow(cid=cid) for cid in cids] if cids else None
    return write_cmrt(complete_specimen(name, rows, SAMPLE_LOOK_UP))


def small_case(folder: Path, inbox: Mapping[str, Mapping[str, bytes]], *awaited: str) -> Path:
    suppliers = [RosterRow(name) for name in sorted({*inbox, *awaited})]
    return write_case(folder, suppliers=suppliers, smelter_list=LISTED, inbox=inbox)


def received(path: Path, seconds: int) -> None:
    os.utime(path, ns=(seconds * 10**9, seconds * 10**9))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def assert_says(figures: Mapping[str, object], expected: Mapping[str, object]) -> None:
    for name, value in expected.items():
        if isinstance(value, Mapping):
            assert_says(figures[name], value)
        else:
            assert figures[name] == value, name


def with_remarks_or_without(figures: dict) -> dict:
    """Figures in which a remark makes no difference: whether a drawn declaration gets one is not counted here."""
    suppliers = figures["suppliers"]
    accepted = suppliers["accepted"] + suppliers["accepted_with_remarks"]
    return {**figures, "suppliers": {**suppliers, "accepted": accepted}}


@pytest.mark.parametrize(("seed", "year", "vocabulary"), [(1, 2016, "cfsp-2016"), (2, 2024, "rmap"), (3, 2021, "rmap")])
def test_a_random_split_of_facilities_gives_the_figures_counted_by_hand(tmp_path, run, seed, year, vocabulary):
    # GIVEN
    case = random_case(tmp_path / "case", seed, suppliers=8, facilities=50, year=year, vocabulary=vocabulary)
    # WHEN
    ran = run(case.folder)
    # THEN
    assert ran.status == 0, ran.err
    assert_says(with_remarks_or_without(ran.figures(year)), case.figures)
    with (ran.latest(year) / "smelters.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["metal"], row["cid"], row["status"]) for row in rows] == [
        (row.metal, row.cid, row.status) for row in case.smelters
    ]


def test_the_example_gives_the_annex_of_the_filing_row_by_row(run):
    # GIVEN
    with (ROOT / "tests/fixtures/golden/annex-2016.csv").open(encoding="utf-8", newline="") as file:
        golden = [(row["metal"], row["cid"], row["status"]) for row in csv.DictReader(file)]
    # WHEN
    ran = run(ROOT / "examples" / "qualys-2016")
    # THEN
    assert ran.status == 0, ran.err
    assert "7 of 7" in ran.out
    assert "310 facilities = 241 Compliant + 14 Active + 55 Indeterminable" in ran.out
    assert "4 indeterminable in Africa" in ran.out
    with (ran.latest() / "smelters.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["metal"], row["cid"], row["status"]) for row in csv.DictReader(file)] == golden


def test_the_summary_says_the_headline_figures_and_where_the_report_is(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}}, "late")
    # WHEN
    ran = run(case)
    # THEN
    assert ran.status == 0, ran.err
    assert "1 of 2" in ran.out
    assert "4 facilities = 2 Compliant + 0 Active + 2 Indeterminable" in ran.out
    assert "0 indeterminable in Africa" in ran.out
    assert "1 of 2 responses, 4 facilities = 2 + 0 + 2, 0 indeterminable in Africa" in ran.out
    assert "accepted, 0 accepted with remarks, 0 needs correction" in ran.out or "1 accepted with remarks" in ran.out
    assert str(ran.latest() / "index.html") in ran.out
    assert "\x1b" not in ran.out


def test_two_runs_of_a_case_are_the_same_to_the_byte(tmp_path, run):
    # GIVEN
    case = random_case(tmp_path / "case", 7, suppliers=9, facilities=40)
    # WHEN
    first, second = run(case.folder, out="first"), run(case.folder, out="second")
    # THEN
    assert contents(first.folder) == contents(second.folder)
    assert len(contents(first.folder)) > 9


def without_runs(folder: Path) -> dict[str, bytes]:
    return {name: body for name, body in contents(folder).items() if not name.startswith("2016/runs/")}


def test_a_run_into_the_same_folder_leaves_nothing_of_the_one_before_but_its_report(tmp_path, run):
    # GIVEN a case that was run, and run again as it was
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}, "other": {"b.xlsx": workbook()}})
    first = contents(run(case).folder)
    assert contents(run(case).folder) == first
    # WHEN
    shutil.rmtree(case / "inbox" / "other")
    again, fresh = run(case), run(case, out="fresh")
    # THEN
    assert without_runs(again.folder) == without_runs(fresh.folder)
    # AND the report of before is kept, and the numbers go on
    runs = {name: body for name, body in first.items() if name.startswith("2016/runs/")}
    assert runs.items() <= contents(again.folder).items()
    assert [path.name[:6] for path in sorted((again.folder / "2016/runs").iterdir())] == ["000001", "000002"]


def test_what_differs_from_the_run_to_file_is_told_by_a_later_run_of_the_case(tmp_path, run):
    # GIVEN a report that is named as the one to file, in the output folder of a run that has ended
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}, "other": {"b.xlsx": workbook()}})
    folder = run(case).folder
    frozen = subprocess.run([*COMMAND, "freeze", "--local", str(folder), "--by", "Jane Doe"], check=False)
    assert frozen.returncode == 0
    before = contents(folder)
    # WHEN the case is run as it was, THEN nothing is new
    assert contents(run(case).folder) == before
    # WHEN something has changed, THEN the newer report says so
    shutil.rmtree(case / "inbox" / "other")
    page = (run(case).latest() / "index.html").read_text(encoding="utf-8")
    told = page.partition('id="since-frozen">')[2].partition("</section>")[0]
    assert "Jane Doe" in told
    assert "awaiting" in told
    # AND the frozen run and the note of it are what they were
    kept = {name: body for name, body in before.items() if "/runs/" in name or name.endswith("frozen.json")}
    assert kept.items() <= contents(folder).items()


def test_the_newest_file_counts_whatever_it_is_called_and_wherever_it_lies(tmp_path, run):
    # GIVEN a complete declaration, and a later one of two facilities that sorts before it
    files = {"z-first.xlsx": workbook(), "again/a-later.xlsx": workbook("Example", "CID900001", "CID900002")}
    case = small_case(tmp_path / "case", {"acme": files})
    received(case / "inbox/acme/z-first.xlsx", 1_500_000_000)
    received(case / "inbox/acme/again/a-later.xlsx", 1_500_000_001)
    # WHEN / THEN
    assert run(case).figures()["smelters"]["total"] == 2
    # AND when the other one is the later
    received(case / "inbox/acme/z-first.xlsx", 1_500_000_002)
    assert run(case).figures()["smelters"]["total"] == 4


def test_the_same_file_sent_again_counts_once(tmp_path, run):
    # GIVEN
    data = workbook()
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": data, "copy of a.xlsx": data, "a (2).xlsx": data}})
    # WHEN
    figures = run(case).figures()
    # THEN
    assert figures["smelters"]["total"] == 4
    assert figures["suppliers"]["responded"] == 1
    assert figures["suppliers"]["company_level"] == 1


def encrypted() -> bytes:
    plain, locked = io.BytesIO(workbook()), io.BytesIO()
    msoffcrypto.OfficeFile(plain).encrypt("a password that nobody told us", locked)
    return locked.getvalue()


def another_workbook() -> bytes:
    other = Workbook()
    other.active["A1"] = "Price list"
    return saved(other)


def test_garbage_is_rejected_with_feedback_and_the_rest_is_unaffected(tmp_path, run):
    # GIVEN
    garbage = {
        "text": {"cmrt.xlsx": b"this is no workbook"},
        "empty": {"cmrt.xlsx": b""},
        "locked": {"cmrt.xlsx": encrypted()},
        "other": {"prices.xlsx": another_workbook()},
        "cut": {"cmrt.xlsx": workbook()[:-2000]},
    }
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}, **garbage})
    # WHEN
    ran = run(case)
    # THEN
    assert ran.status == 0, ran.err
    suppliers = ran.figures()["suppliers"]
    assert (suppliers["responded"], suppliers["rejected"], suppliers["awaiting"]) == (1, 5, 0)
    assert ran.figures()["smelters"]["total"] == 4
    for supplier in garbage:
        assert list((ran.folder / "2016" / "feedback" / supplier).rglob("feedback.html")), supplier


def test_a_rejected_file_does_not_push_out_a_good_one(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook(), "b.xlsx": b"oops"}})
    received(case / "inbox/acme/a.xlsx", 1_500_000_000)
    received(case / "inbox/acme/b.xlsx", 1_500_000_009)
    # WHEN / THEN
    assert run(case).figures()["suppliers"]["responded"] == 1


def test_clutter_and_stray_files_do_no_harm(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook(), "~$a.xlsx": b"lock", ".DS_Store": b"x"}})
    (case / "inbox" / "stranger").mkdir()
    (case / "inbox" / "stranger" / "a.xlsx").write_bytes(workbook())
    (case / "inbox" / "stray.xlsx").write_bytes(workbook())
    # WHEN
    ran = run(case)
    # THEN
    assert ran.status == 0
    assert "stray.xlsx" in ran.err
    assert "inbox/stranger/ is of no supplier in suppliers.csv" in ran.err
    assert ran.figures()["suppliers"]["responded"] == 1


def test_an_empty_inbox_gives_a_report_that_awaits_everybody(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {}, "acme", "other")
    (case / "inbox").mkdir()
    # WHEN
    ran = run(case)
    # THEN
    assert ran.status == 0, ran.err
    assert ran.figures()["suppliers"]["awaiting"] == 2


def test_a_bad_roster_stops_the_run_naming_row_and_column(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}})
    with (case / "suppliers.csv").open("a", encoding="utf-8") as file:
        file.write("b?d,Bad Ltd,b@example.com,perhaps,\n")
    # WHEN
    ran = run(case)
    # THEN
    assert ran.status == 2
    assert "suppliers.csv: row 3, column supplier_id" in ran.err
    assert "suppliers.csv: row 3, column in_scope" in ran.err
    assert not ran.folder.exists()


def test_a_missing_case_or_option_is_a_usage_error(tmp_path, run):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}})
    # WHEN / THEN
    assert run(tmp_path / "nowhere").status == 2
    assert run(case, "--template", str(tmp_path / "none.yaml")).status == 2
    assert run(case, out="case/inbox/out").status == 2
    assert subprocess.run([*COMMAND, "run"], capture_output=True, check=False).returncode == 2


def test_the_version_is_told():
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tracelode 0.")


def test_what_ends_in_a_dead_letter_queue_is_told_and_the_run_exits_with_one(tmp_path, run):
    # GIVEN the system with an intake that cannot do one supplier's files
    project = tmp_path / "project"
    shutil.copytree(ROOT / "functions", project / "functions")
    shutil.copy(ROOT / "template.yaml", project)
    (project / "functions/intake/app.py").rename(project / "functions/intake/real.py")
    (project / "functions/intake/app.py").write_text(
        "import real\n"
        "def handler(event, context):\n"
        "    if any('hapless' in record['body'] for record in event['Records']):\n"
        "        raise RuntimeError('cannot do hapless')\n"
        "    return real.handler(event, context)\n"
    )
    case = small_case(tmp_path / "case", {"hapless": {"a b.xlsx": workbook()}})
    # WHEN
    ran = run(case, "--template", str(project / "template.yaml"))
    # THEN
    assert ran.status == 1
    assert "2016/hapless/a b.xlsx" in ran.err
    assert "RuntimeError: cannot do hapless" in ran.err
    # AND there is a report all the same
    assert ran.figures()["suppliers"]["awaiting"] == 1


def test_official_workbooks_go_through_as_well(tmp_path, run):
    # GIVEN
    try:
        case = official_case(tmp_path / "case", suppliers=2, smelters=300)
    except FileNotFoundError:
        pytest.skip("the official templates are not on this machine (TRACELODE_CMRT_TEMPLATES)")
    # WHEN
    ran = run(case.folder)
    # THEN
    assert ran.status == 0, ran.err
    assert_says(with_remarks_or_without(ran.figures(case.year)), case.figures)
