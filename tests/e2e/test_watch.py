"""`tracelode watch`: what changes in the case shows up in the report, and nothing else changes with it."""

import signal
import subprocess

from examples.specimen import SAMPLE_LOOK_UP
from tests.e2e.conftest import PATIENCE
from tests.e2e.test_run import LISTED, small_case, workbook
from tests.factories.cases import ListRow, write_smelter_list


def test_dropping_replacing_and_deleting_a_file_each_give_a_new_report(tmp_path, watch):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook("Acme", "CID900001", "CID900002")}}, "late")
    watching = watch(case)
    before = watching.figures()
    assert before["smelters"]["total"] == 2
    # WHEN a supplier's file is dropped
    (case / "inbox" / "late").mkdir()
    (case / "inbox" / "late" / "b.xlsx").write_bytes(workbook("Late", "CID900003"))
    # THEN
    assert "1 of 2 -> 2 of 2" in watching.wait_for("report    ")
    assert watching.figures()["smelters"]["total"] == 3
    # THEN the team hears of it, and what watch itself put in is not called sent back
    assert "2016 report 2" in watching.wait_for("notice    ")
    assert "sent back" not in "".join(watching.said)
    # WHEN it is replaced
    (case / "inbox" / "late" / "b.xlsx").write_bytes(workbook("Late", "CID900003", "CID900004"))
    watching.wait_for("report    ")
    # THEN
    assert watching.figures()["smelters"]["total"] == 4
    assert watching.figures()["suppliers"]["responded"] == 2
    # WHEN it is deleted
    (case / "inbox" / "late" / "b.xlsx").unlink()
    watching.wait_for("deleted")
    watching.wait_for("report    ")
    # THEN all is as before
    assert watching.figures() == before


def test_a_new_smelter_list_changes_the_statuses_and_nothing_else(tmp_path, watch):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}})
    watching = watch(case)
    before = watching.figures()
    # WHEN
    third = SAMPLE_LOOK_UP[2]
    write_smelter_list(case, [*LISTED, ListRow(third.metal, third.cid, third.name, third.country, "active")])
    watching.wait_for("report    ")
    # THEN
    after = watching.figures()
    assert after["smelters"]["active"] == before["smelters"]["active"] + 1
    assert after["smelters"]["indeterminable"] == before["smelters"]["indeterminable"] - 1
    assert after["smelters"]["total"] == before["smelters"]["total"]
    assert after["suppliers"] == before["suppliers"]


def test_a_bad_reference_file_is_told_and_the_old_one_stays_in_force(tmp_path, watch):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}})
    watching = watch(case)
    before = watching.figures()
    good = (case / "suppliers.csv").read_text()
    # WHEN
    (case / "suppliers.csv").write_text(good + "b?d,Bad,b@example.com,yes,\n")
    # THEN
    watching.wait_for("suppliers.csv: row 3, column supplier_id")
    watching.wait_for("the report stays as it is")
    assert watching.figures() == before
    assert "refused" in (watching.folder / "2016" / "reference" / "suppliers.csv.json").read_text()
    # WHEN it is mended
    (case / "suppliers.csv").write_text(good + "new,New Ltd,n@example.com,yes,\n")
    # THEN
    assert "1 of 1 -> 1 of 2" in watching.wait_for("report    ")


def test_garbage_that_is_dropped_is_rejected_with_feedback(tmp_path, watch):
    # GIVEN
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}}, "late")
    watching = watch(case)
    # WHEN
    (case / "inbox" / "late").mkdir()
    (case / "inbox" / "late" / "b.xlsx").write_bytes(b"no workbook")
    watching.wait_for("report    ")
    # THEN
    assert watching.figures()["suppliers"]["rejected"] == 1
    assert list((watching.folder / "2016" / "feedback" / "late").rglob("feedback.html"))


def started_by(process: str) -> list[str]:
    """The processes that a process has started, and those that they have."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", process], capture_output=True, text=True).stdout.split()
    return [*listed, *(below for child in listed for below in started_by(child))]


def test_ctrl_c_and_a_termination_request_both_stop_it_cleanly(tmp_path, watch):
    case = small_case(tmp_path / "case", {"acme": {"a.xlsx": workbook()}})
    for stop in (signal.SIGINT, signal.SIGTERM):
        # GIVEN
        watching = watch(case)
        started = started_by(str(watching.process.pid))
        assert len(started) >= 5
        # WHEN
        watching.process.send_signal(stop)
        # THEN
        assert watching.process.wait(timeout=PATIENCE) == 0
        left = subprocess.run(["ps", "-o", "pid=", "-p", ",".join(started)], capture_output=True, text=True)
        assert left.stdout.split() == []
