"""`tracelode review` shows untrusted files on a terminal: nothing in them can steer it."""

import re
from pathlib import Path

import pytest

from tests.factories.archives import parts_of, with_part, zipped
from tests.fuzz.specimens import family_sheets, xls, xlsx
from tests.unit.declarations.workbooks import cmrt, sheet_part
from tracelode.declarations.read import read_declaration
from tracelode_console.cli import main

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r\n[bold red]x[/]"
IN_XML = "_x001B_]0;owned_x0007_\x9b31m\u202e\u2066[bold red]x[/]"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def hostile_legacy() -> bytes:
    """An .xls, whose texts may hold any character, in every field that the table or its heading shows."""
    sheets = family_sheets("3.01")
    sheets["Declaration"] |= {"D3": ESCAPES, "D8": f"Ltd{ESCAPES}", "D9": ESCAPES, "D22": ESCAPES, "D27": ESCAPES}
    sheets["Smelter List"] |= {"A9": ESCAPES, "B9": ESCAPES, "C9": ESCAPES, "D9": ESCAPES, "E9": ESCAPES}
    return xls(sheets)


def hostile_workbook() -> bytes:
    sheets = family_sheets("6.5")
    sheets["Declaration"] |= {"D3": IN_XML, "D8": IN_XML, "D9": IN_XML, "D22": IN_XML, "D27": IN_XML, "G27": IN_XML}
    sheets["Smelter List"] |= {"A9": IN_XML, "B9": IN_XML, "C9": IN_XML, "E9": IN_XML, "P9": IN_XML}
    return xlsx(sheets)


def with_hostile_sheet_name() -> bytes:
    """A damaged sheet of a hostile name, which the finding that refuses the file shows."""
    named = with_part(
        cmrt(), "xl/workbook.xml", lambda xml: xml.replace(b'"Product List"', b'"&#x9b;31m&#x202e;[red]"')
    )
    return with_part(named, sheet_part(4), lambda xml: xml.replace(b"<sheetData", b"<sheetData><row><c t='b'><v>"))


def with_hostile_part_name() -> bytes:
    """A part of a hostile name, which the finding shows, that unpacks to more than anybody needs."""
    return zipped({**parts_of(cmrt()), f"xl/{ESCAPES}.xml": b" " * 5_000_000})


FILES = {
    "legacy": hostile_legacy,
    "workbook": hostile_workbook,
    "sheet-name": with_hostile_sheet_name,
    "part-name": with_hostile_part_name,
    "other-title": lambda: cmrt(title=f"{IN_XML} Cobalt Reporting Template (CRT)", first_title=IN_XML),
    "no-workbook": lambda: ESCAPES.encode(),
}


@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_nothing_from_a_file_reaches_the_terminal_but_text(make, options, tmp_path: Path, capsys) -> None:
    # GIVEN a file with escape sequences and direction marks wherever it can have them
    path = tmp_path / "supplied.xlsx"
    path.write_bytes(make())
    # WHEN it is reviewed
    main(["review", *options, str(path)])
    # THEN what is printed is plain text
    captured = capsys.readouterr()
    assert captured.out
    assert not STEERING.search(captured.out + captured.err)


def test_a_hostile_file_name_is_only_shown(tmp_path: Path, capsys) -> None:
    path = tmp_path / "\x1b[2J\x9b31m\u202e[bold red]x[bold].xlsx"
    path.write_bytes(hostile_workbook())

    main(["review", str(path)])

    printed = capsys.readouterr().out
    assert not STEERING.search(printed)
    assert "[bold red]x[bold].xlsx" in printed.replace("\n", "")


@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
def test_findings_are_free_of_control_characters_at_their_source(make) -> None:
    for finding in read_declaration(make(), ESCAPES).findings:
        shown = f"{finding.sheet}{finding.found}{finding.message}{finding.remedy}"
        assert not STEERING.search(shown)
        assert len(finding.found) <= 200
