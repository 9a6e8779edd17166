"""`tracelode explain`: what it prints, where it looks, and how it ends."""

import json
from pathlib import Path

import pytest

from tests.unit.report.factories import facility, interpretation, risk_view, submission, supplier, the_filing
from tracelode.picture.interpretation import Interpretation
from tracelode.report.report_set import build_report_set
from tracelode_console.cli import main


def downloaded(folder: Path, situation: Interpretation | None = None) -> Path:
    """A report set in a folder."""
    folder.mkdir(parents=True)
    for name, body in build_report_set(situation or the_filing(), software_version="1").items():
        (folder / name).write_bytes(body)
    return folder


def explain(*arguments: str) -> int:
    return main(["explain", *arguments])


def test_a_figure_is_explained_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN
    report = downloaded(tmp_path / "report")
    # WHEN
    status = explain("241", "--in", str(report))
    # THEN
    out = capsys.readouterr().out
    assert status == 0
    assert out.startswith("smelters.conformant = 241\n")
    assert "Counted: 241 facilities:" in out
    assert "and 221 more (--all shows them)" in out


def test_all_shows_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = downloaded(tmp_path / "report")
    assert explain("--all", "smelters.conformant", "--in", str(report)) == 0
    assert capsys.readouterr().out.count(": Compliant, ") == 241


def test_a_row_of_the_annex_names_file_sheet_and_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = downloaded(tmp_path / "report", risk_view())
    assert explain("Kigali", "Gold", "Refinery", "--in", str(report)) == 0
    assert "one/cmrt-1.xlsx: 'Smelter List'!A6" in capsys.readouterr().out


def test_of_a_supplier_that_is_not_counted_no_number_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    situation = interpretation([supplier("s1"), supplier("out", submission("out"), in_scope=False)])
    report = downloaded(tmp_path / "report", situation)
    assert explain("s1", "--in", str(report)) == explain("out", "--in", str(report)) == 0
    counted, _, other = capsys.readouterr().out.partition("Supplier out")
    assert "It names 0 facilities." in counted
    assert "what it declares counts nowhere" in other
    assert "It names" not in other


def test_json_has_everything_with_hashes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = downloaded(tmp_path / "report", risk_view())
    assert explain("--json", "CID000002", "--in", str(report)) == 0
    (told,) = json.loads(capsys.readouterr().out)
    (cell,) = told["declared"][0]["cells"]
    assert (told["answer"], cell["cells"], len(cell["file"]["sha256"])) == ("facility", ["A6"], 64)


@pytest.mark.parametrize("here", ["out/2016/latest", "2016/latest", "latest", "."])
def test_the_newest_report_is_found_from_where_one_stands(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    downloaded(tmp_path / "work" / here)
    monkeypatch.chdir(tmp_path / "work")
    assert explain("suppliers.responded") == 0
    assert capsys.readouterr().out.startswith("suppliers.responded = 7")


def test_an_unknown_figure_ends_with_near_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = downloaded(tmp_path / "report")
    assert explain("smelters.conformnat", "--in", str(report)) == 1
    assert "did you mean smelters.conformant?" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["nothing", "damaged", "another run's", "no manifest"])
def test_what_is_no_whole_report_is_refused(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "report"
    if what == "nothing":
        folder.mkdir()
    else:
        downloaded(folder)
    if what == "damaged":
        (folder / "manifest.json").unlink()
        (folder / "provenance.json").write_bytes(b"{")
    if what == "another run's":
        (folder / "provenance.json").write_bytes((folder / "provenance.json").read_bytes().replace(b"241", b"242"))
    if what == "no manifest":
        (folder / "manifest.json").write_bytes(b"[")
    assert explain("241", "--in", str(folder)) == 2
    assert "explain: " in capsys.readouterr().err


def test_a_provenance_that_came_alone_is_enough(tmp_path: Path) -> None:
    report = downloaded(tmp_path / "report")
    for file in report.iterdir():
        if file.name != "provenance.json":
            file.unlink()
    assert explain("241", "--in", str(report)) == 0


def test_nothing_of_a_workbook_can_steer_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN a name with an escape sequence and a line break
    situation = interpretation([supplier("s1")], [facility(name="Evil\x1b[31m\nWorks")])
    report = downloaded(tmp_path / "report", situation)
    # WHEN
    assert explain("CID000001", "--in", str(report)) == 0
    # THEN it is a line of text
    assert "CID000001 Evil[31m Works, " in capsys.readouterr().out
