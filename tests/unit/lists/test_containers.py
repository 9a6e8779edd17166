"""A list is read whatever it was saved as, and a file that means harm is refused in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.archives import with_part
from tests.unit.sources.exports import CONTAINERS, SPREADSHEET, spreadsheetml, xlsx
from tracelode.lists.containers import read_sheets
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.lists.spreadsheetml import (
    MAX_ELEMENTS,
    MAX_SPREADSHEETML_BYTES,
    MAX_SPREADSHEETML_CELLS,
    MAX_SPREADSHEETML_DEPTH,
)
from tracelode.workbooks.text import plain_text


def rows_of(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_sheets("list.xml", data)[0]]


def refusal_of(data: bytes) -> str:
    with pytest.raises(ReferenceRefusedError) as refusal:
        read_sheets("list.xml", data)
    return str(refusal.value)


def workbook(table: str) -> bytes:
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}">'
        f'<Worksheet ss:Name="A"><Table>{table}</Table></Worksheet></Workbook>'
    ).encode()


def data(text: str) -> str:
    return f'<Data ss:Type="String">{text}</Data>'


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_container_is_told_by_content_whatever_the_file_is_called(container: str) -> None:
    rows = [("Metal", "City"), ("Gold", "Zürich"), ("Tin", "冲突")]
    assert rows_of(CONTAINERS[container](rows)) == list(enumerate(rows, start=1))


def test_cells_that_ss_index_leaves_out_stay_empty_and_rows_keep_their_numbers() -> None:
    table = (
        f'<Row><Cell>{data("a")}</Cell><Cell ss:Index="4">{data("d")}</Cell><Cell>{data("e")}</Cell></Row>'
        f'<Row ss:Index="7"><Cell ss:Index="2">{data("b")}</Cell></Row><Row/><Row><Cell>{data("x")}</Cell></Row>'
    )
    assert rows_of(workbook(table)) == [(1, ("a", "", "", "d", "e")), (7, ("", "b")), (9, ("x",))]


def test_merged_cells_move_the_next_one_and_comments_are_no_content() -> None:
    table = (
        f'<Row><Cell ss:MergeAcross="1">{data("a<B>b</B>")}<Comment>{data("said aside")}</Comment></Cell>'
        f"<Cell>{data('c')}</Cell></Row>"
    )
    assert rows_of(workbook(table)) == [(1, ("ab", "", "c"))]


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_text_comes_back_from_spreadsheetml_where_it_stood(table: list[list[str]]) -> None:
    # GIVEN texts that XML can hold
    rows = [["".join(c for c in cell if plain_text(c)) for cell in row] for row in table]
    # WHEN they are written with empty cells left out
    read = dict(rows_of(spreadsheetml(rows)))
    # THEN they stand where they stood
    for number, row in enumerate(rows, start=1):
        cells = read.get(number, ())
        assert list(cells) + [""] * (len(row) - len(cells)) == [plain_text(cell) for cell in row]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_the_encoding_that_the_xml_declares_is_honoured(encoding: str) -> None:
    assert rows_of(spreadsheetml([("Zürich",)], encoding=encoding)) == [(1, ("Zürich",))]


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Workbook>",
        '<!DOCTYPE Workbook [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE Workbook [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE Workbook SYSTEM "http://example.com/x.dtd">',
    ],
)
def test_a_document_type_definition_is_refused(doctype: str) -> None:
    assert "document type definition" in refusal_of(spreadsheetml([("a",)], before=doctype))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><body>Accept the terms</body></html>", "a web page"),
        (b"<?xml version='1.0'?><list/>", "no spreadsheet"),
        (workbook("<Row>"), "not well-formed"),
        (b"<?xml version='1.0' encoding='martian'?><Workbook/>", "not well-formed"),
        (workbook('<Row><Cell ss:Index="16384"/></Row>'), "column 16384"),
        (workbook('<Row><Cell ss:Index="-1"/></Row>'), "ss:Index"),
        (workbook(f'<Row><Cell ss:Index="3">{data("a")}</Cell><Cell ss:Index="2"/></Row>'), "column 2"),
        (
            workbook('<Row><Cell ss:Index="100"/></Row>' * (MAX_SPREADSHEETML_CELLS // 100 + 1)),
            f"more than {MAX_SPREADSHEETML_CELLS} cells",
        ),
        (workbook("<a/>" * MAX_ELEMENTS), f"more than {MAX_ELEMENTS} elements"),
        (workbook(" " * MAX_SPREADSHEETML_BYTES), "save it as CSV"),
        (workbook("<a>" * MAX_SPREADSHEETML_DEPTH), "too many elements within elements"),
        (b"PK\x03\x04 broken", "cut off"),
        (b"\x00\x01\x02\xff", "not text"),
    ],
)
def test_what_is_no_list_or_means_harm_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    assert reason in refusal_of(content)


def test_a_bomb_in_a_workbook_never_reaches_the_parser() -> None:
    # GIVEN a sheet of 90 MB of blanks
    bomb = with_part(xlsx([("Metal",)]), "xl/worksheets/sheet1.xml", b" " * 90_000_000)
    # WHEN / THEN
    assert "250 times" in refusal_of(bomb)


def test_a_workbook_that_is_longer_than_what_is_looked_at_is_refused_rather_than_cut() -> None:
    assert "save it as CSV" in refusal_of(xlsx([("a",)] * 10_050))
