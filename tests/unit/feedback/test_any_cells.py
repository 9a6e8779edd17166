"""Whatever cells are marked, every other cell stays, and Excel has no reason to complain."""

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.feedback.marked_workbooks import colour, content, finding, furnished, marked, seen
from tests.unit.feedback.strictness import complaints
from tracelode.feedback.markup.styles import COLOURS
from tracelode.findings import Severity
from tracelode.ooxml.places import Area, parse_area, surrounding
from tracelode.workbooks.addresses import Cell, column_letters, parse_cell

WORKBOOK = furnished()
BEFORE = seen(WORKBOOK)
CONTENT = content(BEFORE)
SHEETS = BEFORE.sheetnames
MERGED = parse_area("D12:J12")

near = st.builds(Cell, st.integers(1, 32), st.integers(1, 18))
anywhere = st.builds(Cell, st.integers(1, 1_048_576), st.integers(1, 16_384))
findings = st.lists(
    st.builds(
        finding,
        st.one_of(near, near, near, anywhere).map(lambda cell: cell.address),
        st.sampled_from(SHEETS),
        severity=st.sampled_from(Severity),
        found=st.text(max_size=20),
        message=st.text(max_size=40),
        remedy=st.text(max_size=40),
        rule=st.sampled_from(["K01", "X02", "F03"]),
    ),
    max_size=12,
)


def shown_at(sheet: str, cell: str) -> tuple[str, str]:
    place = parse_cell(cell)
    assert place
    assert MERGED
    return (sheet, MERGED.first.address if sheet == "Declaration" and place in MERGED else cell)


@examples(0.6)
@given(findings)
def test_marking_any_cells_leaves_every_other_cell_as_it_was(some):
    result = marked(WORKBOOK, *some)
    assert complaints(result) == []
    after = seen(result)
    touched = {shown_at(each.sheet, each.cell) for each in some}
    # THEN all cells are the same, and none has come into being
    assert content(after) == CONTENT
    # AND the marked ones are painted and have a comment
    for sheet, address in touched:
        assert colour(after[sheet], address) in COLOURS.values()
        assert after[sheet][address].comment
    commented = {(sheet.title, cell.coordinate) for sheet in after.worksheets
                 for cell in sheet._cells.values() if cell.comment}  # fmt: skip
    assert commented == touched | {("Declaration", "P3")}


@given(anywhere)
def test_an_address_is_read_as_it_is_written(cell: Cell):
    assert parse_cell(cell.address) == cell
    assert parse_cell(f" ${column_letters(cell.column).lower()}${cell.row} ") == cell


def test_what_is_no_address_is_none():
    assert [parse_cell(text) for text in ("", "D", "8", "D0", "XFE1", "A1048577", "D8:J8", "D8.5", "Đ8", "D٨")] == [
        None
    ] * 10


small = st.builds(Cell, st.integers(1, 6), st.integers(1, 6))


@given(st.sets(small), st.lists(st.builds(Area, small, small), max_size=8))
def test_the_first_area_around_a_cell_is_found(cells: set[Cell], areas: list[Area]):
    expected = {cell: next((area for area in areas if cell in area), None) for cell in cells}
    assert surrounding(cells, areas) == {cell: area for cell, area in expected.items() if area}
