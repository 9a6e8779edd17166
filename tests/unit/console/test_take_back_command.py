"""`tracelode take-back`: files in, texts for sections out, and nothing written over that the report does not know."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.unit.report.factories import the_filing
from tests.unit.report.filing.test_take_back import NAMED, edited, with_own
from tracelode.report.filing.word import word
from tracelode.report.report_set import build_report_set
from tracelode_console.cli import main


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with a text of its own, and the report that was made with it."""
    monkeypatch.chdir(tmp_path)
    files = build_report_set(with_own(the_filing(), findings=NAMED), software_version="1")
    manifest = json.loads(files["manifest.json"])
    manifest["inputs"].append({"kind": "reference", "sha256": hashlib.sha256(NAMED.encode()).hexdigest()})
    (tmp_path / "out/2016/latest").mkdir(parents=True)
    for name, body in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
        (tmp_path / "out/2016/latest" / name).write_bytes(body)
    (tmp_path / "case").mkdir()
    (tmp_path / "case/section-findings.txt").write_text(NAMED, encoding="utf-8")
    return tmp_path


def lawyers(desk: Path, *changes: tuple[str, str], of: str = "exhibit-1-01.docx") -> str:
    docx = (desk / "out/2016/latest" / of).read_bytes()
    for old, new in changes:
        docx = edited(docx, lambda text, old=old, new=new: text.replace(old, new))
    (desk / "from counsel (JD).docx").write_bytes(docx)
    return "from counsel (JD).docx"


def test_an_edited_section_is_written_and_the_names_of_its_figures_are_kept(desk, capsys):
    file = lawyers(desk, ("is known.", "has come to be known."), ("sets out what it did", "says what it did"))
    assert main(("take-back", file, "--into", "case")) == 0
    assert "section-findings.txt" in capsys.readouterr().out
    assert (desk / "case/section-findings.txt").read_text() == (
        "We know {{ figures.smelters.total }} facilities.\n\nNothing else has come to be known.\n\n"
        "- first\n- {{ words.program }}\n"
    )
    assert "says what it did" in (desk / "case/section-introduction.txt").read_text()


def test_which_document_was_edited_is_found_whatever_it_is_called(desk):
    file = lawyers(desk, ("The Company therefore", "It therefore"), of="form-sd.docx")
    assert main(("take-back", file, "--into", "case")) == 0
    assert "It therefore" in (desk / "case/section-item-1-01.txt").read_text()


def test_nothing_is_written_where_nothing_was_edited_or_only_asked(desk, capsys):
    before = {path.name: path.read_bytes() for path in (desk / "case").iterdir()}
    assert main(("take-back", lawyers(desk), "--into", "case")) == 0
    assert main(("take-back", lawyers(desk, ("sets out", "says")), "--into", "case", "--dry-run")) == 0
    assert "would write" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (desk / "case").iterdir()} == before


def test_a_text_that_the_report_was_not_made_with_is_left_as_it_is(desk, capsys):
    (desk / "case/section-introduction.txt").write_text("Newer than the report.")
    assert main(("take-back", lawyers(desk, ("sets out", "says")), "--into", "case")) == 1
    assert "is not the text that the report was made with" in capsys.readouterr().out
    assert (desk / "case/section-introduction.txt").read_text() == "Newer than the report."


def test_what_was_not_taken_is_told_in_json_too(desk, capsys):
    file = lawyers(desk, (">Due Diligence<", ">Diligence<"), ("sets out", "says"))
    assert main(("take-back", file, "--into", "case", "--json", "--dry-run")) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told["sections"]) == ["introduction"]
    assert any("Diligence" in line for line in told["not_taken"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-"])
def test_a_file_that_is_no_word_document_is_refused(desk, capsys, content):
    (desk / "x.docx").write_bytes(content)
    assert main(("take-back", "x.docx", "--into", "case")) == 2
    assert "x.docx" in capsys.readouterr().err


def test_a_document_of_something_else_is_refused(desk, capsys):
    (desk / "x.docx").write_bytes(word(b"<html><body><p>Dear all,</p></body></html>"))
    assert main(("take-back", "x.docx", "--into", "case")) == 2
    assert "no text in common" in capsys.readouterr().err
    assert main(("take-back", "gone.docx", "--into", "case")) == 2
    assert main(("take-back", lawyers(desk), "--into", "nowhere")) == 2
