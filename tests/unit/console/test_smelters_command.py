"""What a supplier declares is printed whole where it is short, safely whatever it says, and told where it is cut."""

import io

from rich.console import Console

from tracelode.ledger.smelters import DeclaredSmelter
from tracelode_console.commands.everyday.smelters import print_files
from tracelode_console.desk.suppliers import DeclaredFile

RECEIVED = "2017-02-01T08:00:00.000Z"


def printed(*files: DeclaredFile) -> str:
    stream = io.StringIO()
    print_files(Console(file=stream, width=200, markup=False, highlight=False), files)
    return stream.getvalue()


def test_smelters_of_all_files_stand_by_metal_with_their_file() -> None:
    one, other = (DeclaredSmelter(metal, "CID000001", "One", "JAPAN", (5,)) for metal in ("Tin", "Gold"))
    lines = printed(DeclaredFile("a.xlsx", RECEIVED, (one,), 0), DeclaredFile("b.xlsx", RECEIVED, (other,), 0))
    assert [line.split()[::5] for line in lines.splitlines()[1:]] == [["Gold", "b.xlsx"], ["Tin", "a.xlsx"]]


def test_many_rows_are_counted_and_what_is_not_kept_is_told() -> None:
    smelter = DeclaredSmelter("Gold", "", "One", "", tuple(range(5, 1_020)))
    text = printed(DeclaredFile("a.xlsx", RECEIVED, (smelter,), 7_000))
    assert "13, 14 and 1,005 more" in text
    assert "a.xlsx names 7,000 more" in text


def test_what_would_control_a_terminal_is_not_printed() -> None:
    smelter = DeclaredSmelter("Gold", "", "\x1b[2JOne", "", (5,))
    assert "\x1b" not in printed(DeclaredFile("\x1b]0;a.xlsx", RECEIVED, (smelter,), 1))


def test_a_file_without_smelters_is_said_to_name_none() -> None:
    assert printed(DeclaredFile("a.xlsx", RECEIVED, (), 0)) == "no smelter is named\n"
