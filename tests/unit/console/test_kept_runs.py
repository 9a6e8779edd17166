"""The runs that an output folder keeps: whole or none, never replaced, and the answers that a bucket gives."""

import hashlib
from pathlib import Path

import pytest

from tracelode.report.files import FIGURES, MANIFEST
from tracelode.report.frozen_run import Freeze, frozen_as, frozen_json, read_frozen
from tracelode.storage.results import Pointer, ReportDamagedError, content_hash
from tracelode_console.cli import main
from tracelode_console.desk.output_folder import OutputFolderError, write_once
from tracelode_console.desk.runs.chosen_runs import NoSuchRunError, run_meant
from tracelode_console.desk.runs.kept_runs import KeptRuns

YEAR = 2025


def report(text: str = "a") -> dict[str, bytes]:
    return {FIGURES: b'{"data_cut_off": "2026-02-01"}', MANIFEST: b'{"inputs": [1, 2]}', "form-sd.htm": text.encode()}


def named(number: int, files: dict[str, bytes]) -> str:
    return Pointer(number, content_hash(files), {n: hashlib.sha256(b).hexdigest() for n, b in files.items()}).run


@pytest.fixture
def kept(tmp_path: Path) -> KeptRuns:
    return KeptRuns(tmp_path / "out", YEAR)


def filled(kept: KeptRuns, *texts: str) -> list[str]:
    names = []
    for number, text in enumerate(texts, start=1):
        names.append(named(number, report(text)))
        kept.keep(names[-1], report(text))
    return names


def test_the_newest_whole_run_is_the_latest(kept, tmp_path):
    assert kept.pointer() == Pointer()
    first, second = filled(kept, "a", "b")
    assert kept.runs() == (first, second)
    assert kept.pointer().run == second
    assert kept.pointer().number == 2
    # WHEN a file of the newest is changed, or somebody has put a folder of that kind there
    (tmp_path / f"out/2025/runs/{second}/form-sd.htm").write_text("other")
    (tmp_path / "out/2025/runs/000009-000000000000").mkdir()
    (tmp_path / "out/2025/runs/notes").mkdir()
    # THEN it is none
    assert kept.pointer().run == first
    with pytest.raises(ReportDamagedError):
        kept.read_whole_run(second, {FIGURES: ""})


def test_a_run_that_is_there_is_left_as_it_is_and_one_that_is_not_whole_is_completed(kept, tmp_path):
    (run,) = filled(kept, "a")
    path = tmp_path / f"out/2025/runs/{run}/form-sd.htm"
    before = path.stat().st_mtime_ns, path.stat().st_ino
    kept.keep(run, report("a"))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    path.unlink()
    kept.keep(run, report("a"))
    assert kept.run_named(run)


def test_a_link_in_the_folder_is_no_run(kept, tmp_path):
    (run,) = filled(kept, "a")
    (tmp_path / "out/2025/runs/000002-x").symlink_to(tmp_path / f"out/2025/runs/{run}")
    assert kept.runs() == (run,)
    assert kept.read("../../..") == {}


def test_a_freeze_is_written_once_unless_it_replaces(kept):
    first, second = filled(kept, "a", "b")
    assert kept.frozen() is None

    def frozen(run, before=None):
        return frozen_as(
            Freeze(run, "2026-05-20T08:00:00Z", "Jane", "n" * 9000), kept.run_named(run).files, report(), before
        )

    assert kept.freeze(frozen(first))
    assert not kept.freeze(frozen(second))
    assert kept.frozen().run == first
    assert (kept.frozen().inputs, kept.frozen().data_cut_off) == (2, "2026-02-01")
    assert len(kept.frozen().freeze.note) <= 500
    assert kept.freeze(frozen(second, kept.frozen()))
    assert [freeze.run for freeze in kept.frozen().replaced] == [first]


def test_what_is_stored_of_a_freeze_is_what_is_read(kept):
    (run,) = filled(kept, "a")
    frozen = frozen_as(Freeze(run, "2026-05-20T08:00:00Z", "Jane"), kept.run_named(run).files, report(), None)
    assert read_frozen(frozen_json(frozen), "") == frozen


def test_a_run_is_meant_by_number_name_beginning_or_what_it_is(kept):
    first, second = filled(kept, "a", "b")
    for text in ("1", "000001", "000001-", first[:9], first):
        assert run_meant(kept, text) == first
    assert run_meant(kept, "latest") == second
    for text in ("3", "frozen", "00000", "²", ""):
        with pytest.raises(NoSuchRunError):
            run_meant(kept, text)


def test_a_file_is_never_written_through_a_link(tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "frozen.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputFolderError):
        write_once(tmp_path / "frozen.json", b"x", replacing=True)
    assert (tmp_path / "elsewhere").read_text() == "kept"


def test_an_output_folder_needs_no_running_system_to_be_frozen(kept, tmp_path, capsys):
    (run,) = filled(kept, "a")
    assert main(("freeze", "--local", str(tmp_path / "out"), "--by", "Jane")) == 0
    assert run in capsys.readouterr().out
    assert kept.frozen().freeze.by == "Jane"


def test_a_folder_without_runs_says_what_to_do(tmp_path, capsys):
    assert main(("freeze", "--local", str(tmp_path))) == 2
    assert "tracelode watch" in capsys.readouterr().err
