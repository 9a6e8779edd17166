"""`tracelode review` reads files and prints what it found, for people or as JSON."""

import json
from dataclasses import replace

import pytest

from examples.specimen import CompanyBlock, complete_specimen, write_cmrt
from tracelode_console.cli import main


@pytest.fixture
def clean(tmp_path):
    path = tmp_path / "clean.xlsx"
    path.write_bytes(write_cmrt(complete_specimen()))
    return path


@pytest.fixture
def nameless(tmp_path):
    path = tmp_path / "nameless.xlsx"
    specimen = complete_specimen()
    company: CompanyBlock = replace(specimen.company, name="")
    path.write_bytes(write_cmrt(replace(specimen, company=company)))
    return path


def test_a_file_without_errors_exits_with_zero(clean, capsys) -> None:
    assert main(["review", str(clean), "--year", "2025"]) == 0
    assert "CMRT 6.5, English, Example Components Ltd, scope A" in capsys.readouterr().out


def test_an_error_is_printed_with_its_place_and_remedy_and_exits_with_one(clean, nameless, capsys) -> None:
    assert main(["review", str(clean), str(nameless)]) == 1
    printed = capsys.readouterr().out
    assert "K01" in printed
    assert "Declaration!D8" in printed
    assert "Fill in the company name." in printed


def test_json_holds_the_declaration_and_its_findings(nameless, capsys) -> None:
    assert main(["review", "--json", str(nameless)]) == 1
    (reviewed,) = json.loads(capsys.readouterr().out)
    assert reviewed["file"] == str(nameless)
    declaration = reviewed["declaration"]
    assert (declaration["kind"], declaration["template_version"], declaration["scope"]) == ("CMRT", "6.5", "A")
    assert declaration["answers"]["intentionally_added"]["Gold"]["answer"] == "Yes"
    assert declaration["smelters"][0]["cid"].startswith("CID")
    found = {finding["rule"]: finding for finding in reviewed["findings"]}
    assert set(found["K01"]) == {"rule", "severity", "sheet", "cell", "found", "message", "remedy"}
    assert (found["K01"]["severity"], found["K01"]["sheet"], found["K01"]["cell"]) == ("error", "Declaration", "D8")


def test_what_is_no_cmrt_has_no_declaration(tmp_path, capsys) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("just text")
    assert main(["review", "--json", str(path)]) == 1
    (reviewed,) = json.loads(capsys.readouterr().out)
    assert reviewed["declaration"] is None
    assert reviewed["findings"][0]["rule"] == "F03"


def test_a_file_that_is_not_there_exits_with_two_and_the_others_are_reviewed(clean, tmp_path, capsys) -> None:
    assert main(["review", str(tmp_path / "missing.xlsx"), str(clean)]) == 2
    captured = capsys.readouterr()
    assert "missing.xlsx" in captured.err
    assert "clean.xlsx" in captured.out


def test_nothing_from_a_workbook_steers_the_terminal(tmp_path, capsys) -> None:
    path = tmp_path / "hostile.xlsx"
    specimen = complete_specimen("Evil \u202e[bold]Ltd\u200b")
    path.write_bytes(write_cmrt(specimen))
    main(["review", str(path)])
    printed = capsys.readouterr().out
    assert "\u202e" not in printed
    assert "\x1b" not in printed
