"""`tracelode lint-edgar`: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest

from tracelode_console.cli import main

SOUND = b"<html><body><p>Text</p></body></html>"


def test_sound_documents_may_link_to_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN
    form, exhibit = tmp_path / "form-sd.htm", tmp_path / "exhibit.htm"
    form.write_bytes(SOUND.replace(b"Text", b'<a href="exhibit.htm">Exhibit</a>'))
    exhibit.write_bytes(SOUND)
    # WHEN, THEN
    assert main(["lint-edgar", str(form), str(exhibit)]) == 0
    assert main(["lint-edgar", str(form)]) == 1
    assert "E10" in capsys.readouterr().out


def test_violations_come_with_place_and_remedy_and_cannot_steer_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # GIVEN
    document = tmp_path / "exhibit.htm"
    document.write_bytes(SOUND.replace(b"<p>", b'<p align="\x1b[31m">'))
    # WHEN
    status = main(["lint-edgar", str(document)])
    # THEN
    out = capsys.readouterr().out
    assert status == 1
    assert "\x1b" not in out
    assert "exhibit.htm:1:13" in out.replace("\n", "")


def test_json_has_each_file_with_its_violations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "exhibit.htm"
    document.write_bytes(SOUND.replace(b"Text", b"<script></script>"))
    assert main(["lint-edgar", "--json", str(document)]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert [violation["rule"] for violation in told["violations"]] == ["E05"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint-edgar", str(tmp_path / "none.htm")]) == 2
    assert "No such file" in capsys.readouterr().err
