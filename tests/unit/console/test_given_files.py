"""Files that the command line names: what is read of them, and what is said of one that cannot be."""

from pathlib import Path

import pytest

from tracelode_console.commands.files.given_files import FileRefusedError, first_bytes, whole_file


def test_a_file_is_read_up_to_its_bound_and_refused_beyond(tmp_path: Path) -> None:
    file = tmp_path / "file.htm"
    file.write_bytes(b"12345")
    assert whole_file(file, 5) == b"12345"
    assert first_bytes(file, 2) == b"12"
    with pytest.raises(FileRefusedError, match=r"file\.htm: larger than 4 bytes"):
        whole_file(file, 4)


@pytest.mark.parametrize(("name", "said"), [("none.htm", "No such file"), ("", "Is a directory")])
def test_what_cannot_be_opened_is_named_with_the_reason(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(FileRefusedError, match=said):
        first_bytes(tmp_path / name, 1)
