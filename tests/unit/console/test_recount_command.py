"""`tracelode recount`: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest

from tests.unit.edgar.filings import annex, in_html, in_tabs
from tracelode_console.cli import main


@pytest.fixture
def filing(tmp_path: Path):
    """Writes a filing and returns its path."""

    def write(data: bytes, name: str = "filing.txt") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def test_a_filing_that_agrees_with_itself_ends_well(filing, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recount", filing(in_tabs(annex()))]) == 0
    out = capsys.readouterr().out
    assert "310 smelters are listed" in out
    assert "Tin: 84 (7 Active, 65 Compliant, 12 Indeterminable)" in out
    assert "8 of 8 stated numbers agree; rows that do not fit: 0" in out


def test_what_is_wrong_is_told_with_its_line(filing, capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN
    rows = [("Tin", row[1], "Compliant", "") if row[1] == "EM Vinto" else row for row in annex()]
    path = filing(in_tabs(rows).replace(b"Another 14", b"Another 15"))
    line = 1 + Path(path).read_text("utf-8").split("\n").index("Tin\tEM Vinto\tCompliant\t")
    # WHEN
    status = main(["recount", path])
    # THEN
    out = capsys.readouterr().out.replace("\n", "")
    assert status == 1
    assert f"{path}:{line}: \u201cEM Vinto\u201d: the status" in out
    assert f"{path}:3: 15 is stated, 14 is listed (active)" in out


def test_json_has_everything_counted_and_held(filing, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recount", "--json", filing(in_html(annex()))]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["sound"], told["total"], told["by_metal"]["Gold"]) == (True, 310, 135)
    assert told["by_status"] == {"Active": 14, "Compliant": 241, "Indeterminable": 55}
    assert told["in_covered_countries"][0]["name"] == "Universal Precious Metals Refining Zambia"
    assert all(stated["agrees"] for stated in told["stated"])


def test_nothing_of_a_filing_can_steer_a_terminal(filing, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*annex(), ("Tin", "Evil \x1b[31m Works \u202e", "Now\x1b]0;here", "Active")]
    assert main(["recount", filing(in_tabs(rows))]) == 1
    out = capsys.readouterr().out
    assert "Evil" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("data", [b"", b"<p>No annex here.</p>"])
def test_a_file_without_an_annex_is_said(filing, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    assert main(["recount", filing(data)]) == 1
    assert "no annex of smelters is found" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others(filing, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recount", "none.htm", filing(in_html(annex()), "b.htm")]) == 2
    captured = capsys.readouterr()
    assert "none.htm: No such file" in captured.err
    assert "310 smelters are listed" in captured.out
