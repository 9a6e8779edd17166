"""What is written into the output folder, and that nothing is written anywhere else."""

import pytest

from tracelode_console.desk.output_folder import OutputFolderError, remove_others, write_tree


@pytest.fixture
def latest(tmp_path):
    return tmp_path / "out" / "2016" / "latest"


def test_files_appear_with_their_content_and_leave_nothing_beside_them(latest):
    # WHEN
    write_tree(latest, {"a.txt": b"1", "deep/er/b.txt": b"2", "manifest.json": b"{}"})
    write_tree(latest, {"a.txt": b"3"})
    # THEN
    found = {str(path.relative_to(latest)): path.read_bytes() for path in latest.rglob("*") if path.is_file()}
    assert found == {"a.txt": b"3", "deep/er/b.txt": b"2", "manifest.json": b"{}"}


def test_stale_files_and_the_folders_they_leave_empty_are_removed(latest):
    # GIVEN
    write_tree(latest, {"keep.txt": b"", "old/gone.txt": b"", "gone.txt": b""})
    beside = latest.parent / "notes.txt"
    beside.write_text("mine")
    # WHEN
    remove_others(latest, ["keep.txt"])
    # THEN
    assert [path.name for path in latest.iterdir()] == ["keep.txt"]
    assert beside.exists()


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a//b", "", ".", "a\\b", "a\nb", "a/"])
def test_a_name_that_leads_out_is_refused(latest, name):
    with pytest.raises(OutputFolderError):
        write_tree(latest, {name: b"x"})


@pytest.mark.parametrize("link", ["", "latest", "latest/deep"])
def test_nothing_is_written_through_a_symbolic_link(tmp_path, latest, link):
    # GIVEN
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = latest.parent / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere)
    # WHEN
    with pytest.raises(OutputFolderError, match="symbolic link"):
        write_tree(latest, {"deep/a.txt": b"x"})
    # THEN
    assert not list(elsewhere.iterdir())


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path, latest):
    # GIVEN
    target = tmp_path / "target.txt"
    target.write_bytes(b"untouched")
    write_tree(latest, {"b.txt": b""})
    (latest / "a.txt").symlink_to(target)
    # WHEN
    write_tree(latest, {"a.txt": b"new"})
    # THEN
    assert target.read_bytes() == b"untouched"
    assert (latest / "a.txt").read_bytes() == b"new"


def test_what_a_stale_link_points_to_is_not_removed(tmp_path, latest):
    # GIVEN
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_bytes(b"")
    write_tree(latest, {"a.txt": b""})
    (latest / "link").symlink_to(elsewhere)
    # WHEN
    remove_others(latest, ["a.txt"])
    # THEN
    assert (elsewhere / "kept.txt").exists()
    assert not (latest / "link").is_symlink()
