"""Cells stand where the domain page says (cmrt-format.md, sections 2 to 6)."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from examples.specimen import (
    EDITIONS,
    SAMPLE_LOOK_UP,
    CompanyBlock,
    LookUpEntry,
    ProductRow,
    SmelterRow,
    complete_specimen,
    not_listed,
    not_yet_identified,
    special_entries,
    write_cmrt,
)
from tracelode.minerals import CONFLICT_MINERALS

TABLE = (
    *SAMPLE_LOOK_UP,
    LookUpEntry("Gold", "EGR", "Example Gold Refinery", "SWITZERLAND", "CID900001"),
    *special_entries(),
)


def sheet(data: bytes, name: str):
    return openpyxl.load_workbook(io.BytesIO(data))[name]


def row_of(data: bytes, number: int) -> dict[str, object]:
    cells = sheet(data, "Smelter List")[number]
    return {cell.column_letter: cell.value for cell in cells if cell.value not in (None, "")}


def written(smelter: SmelterRow, *, version: str = "6.5", cached: bool = True) -> dict[str, object]:
    """What stands in the first row of the smelter list that holds one smelter."""
    specimen = replace(complete_specimen(smelters=[smelter], look_up=TABLE), cached=cached)
    return row_of(write_cmrt(specimen, version=version), 5)


@pytest.mark.parametrize(
    ("version", "revision", "footer"),
    [
        ("6.01", "Revision 6.01\nMay 19, 2020", 1001),
        ("6.1", "Revision 6.1\nApril 28, 2021", 1001),
        ("6.22", "Revision 6.22\nMay 11, 2022", 2006),
        ("6.31", "Revision 6.31\nMay 26, 2023", 2006),
        ("6.4", "Revision 6.4\nApril 26, 2024", 2006),
        ("6.5", "Revision 6.5\nApril 25, 2025", 2006),
    ],
)
def test_a_specimen_says_which_template_it_follows(version, revision, footer):
    data = write_cmrt(complete_specimen(), version=version)

    declaration = sheet(data, "Declaration")
    assert declaration["D2"].value == "Conflict Minerals Reporting Template (CMRT)"
    assert declaration["D3"].value == "English"
    assert declaration["J3"].value == revision
    assert sheet(data, "Smelter List")["Q3"].value == revision
    assert sheet(data, "Revision")["B3"].value == "Conflict Minerals Reporting Template"
    assert sheet(data, "Product List").max_row == footer


def test_every_version_can_be_written():
    assert set(EDITIONS) == {"6.01", "6.1", "6.22", "6.31", "6.4", "6.5"}


def test_the_company_block_stands_in_d8_to_d22():
    company = CompanyBlock(
        "name",
        "C",
        "description",
        "id",
        "authority",
        "address",
        "contact",
        "mail",
        "phone",
        "authorizer",
        "title",
        "mail 2",
        "phone 2",
        date(2024, 2, 29),
    )

    declaration = sheet(write_cmrt(replace(complete_specimen(), company=company)), "Declaration")

    assert [declaration[f"D{row}"].value for row in range(8, 23)] == [
        "name",
        "C. User defined [Specify in 'Description of scope']",
        "description",
        None,
        "id",
        "authority",
        "address",
        "contact",
        "mail",
        "phone",
        "authorizer",
        "title",
        "mail 2",
        "phone 2",
        datetime(2024, 2, 29),  # noqa: DTZ001 - a cell's date knows no zone
    ]


def test_answers_and_comments_stand_under_their_question_in_the_order_of_the_metals():
    specimen = replace(
        complete_specimen(),
        answers={number: {metal: f"{number} {metal}" for metal in CONFLICT_MINERALS} for number in range(1, 9)},
        comments={number: {metal: f"why {number} {metal}" for metal in CONFLICT_MINERALS} for number in range(1, 9)},
        company_answers={letter: f"answer {letter}" for letter in "ABCDEFGH"},
        company_comments={letter: f"why {letter}" for letter in "ABCDEFGH"},
    )

    declaration = sheet(write_cmrt(specimen), "Declaration")

    for number, label_row in zip(range(1, 9), (25, 31, 37, 43, 49, 55, 61, 67), strict=True):
        assert declaration[f"B{label_row}"].value.startswith(f"{number})")
        for offset, metal in enumerate(("Tantalum", "Tin", "Gold", "Tungsten"), start=1):
            assert declaration[f"D{label_row + offset}"].value == f"{number} {metal}"
            assert declaration[f"G{label_row + offset}"].value == f"why {number} {metal}"
    for letter, row in zip("ABCDEFGH", range(75, 91, 2), strict=True):
        assert declaration[f"B{row}"].value.startswith(f"{letter}.")
        assert declaration[f"D{row}"].value == f"answer {letter}"
        assert declaration[f"G{row}"].value == f"why {letter}"


@pytest.mark.parametrize(("version", "stored"), [("6.01", 1), ("6.22", 1), ("6.31", "100%"), ("6.5", "100%")])
def test_a_full_response_is_stored_as_the_version_stores_it(version, stored):
    declaration = sheet(write_cmrt(complete_specimen(), version=version), "Declaration")

    assert declaration["D56"].value == stored
    assert declaration["D56"].number_format == "0%"


def test_a_row_entered_by_cid_shows_what_the_look_up_knows():
    assert written(SmelterRow(cid="cid900001")) == {
        "A": "cid900001",
        "B": "Gold",
        "C": "Example Gold Refinery",
        "E": "SWITZERLAND",
        "F": "CID900001",
        "G": "RMI",
        "H": 0,
        "I": 0,
        "J": 0,
        "R": "Example Gold Refinery",
    }


def test_a_row_entered_by_alias_keeps_the_alias_and_shows_the_standard_name():
    row = written(SmelterRow(metal="Gold", lookup="egr"))

    assert (row["B"], row["C"], row["F"], row["R"]) == ("Gold", "egr", "CID900001", "Example Gold Refinery")
    assert "A" not in row
    assert "D" not in row


def test_a_program_that_does_not_calculate_leaves_what_was_typed():
    assert written(SmelterRow(cid="CID900001"), cached=False) == {"A": "CID900001"}
    assert written(SmelterRow(metal="Gold", lookup="EGR"), cached=False) == {"B": "Gold", "C": "EGR"}


def test_a_program_that_does_not_calculate_leaves_no_labels_but_the_revision():
    data = write_cmrt(replace(complete_specimen(), cached=False))

    declaration = sheet(data, "Declaration")
    assert [declaration[cell].value for cell in ("D2", "B8", "B25", "B75")] == [None] * 4
    assert declaration["J3"].value == "Revision 6.5\nApril 25, 2025"
    assert sheet(data, "Smelter List")["B4"].value is None
    assert sheet(data, "Smelter List")["R4"].value == "Standard Smelter Name"
    look_up = sheet(data, "Smelter Look-up")
    assert [cell.value for cell in look_up[5]][:5] == [
        "Gold",
        "Example Gold Refinery",
        "Example Gold Refinery",
        "SWITZERLAND",
        "CID900001",
    ]
    assert look_up["J5"].value is None


def test_an_unknown_cid_shows_as_an_error():
    row = written(SmelterRow(cid="CID999999"))

    assert {column: row[column] for column in "ABCGS"} == {"A": "CID999999"} | dict.fromkeys("BCGS", "#N/A")
    assert "F" not in row


@pytest.mark.parametrize("version", ["6.01", "6.1"])
def test_unresolved_rows_are_zero_up_to_6_1(version):
    row = written(not_listed("Tin", "A smelter", "PERU"), version=version)
    assert row == {
        "B": "Tin",
        "C": "Smelter not listed",
        "D": "A smelter",
        "E": "PERU",
        "G": "Enter smelter details",
    } | dict.fromkeys("FHIJ", 0)

    row = written(not_yet_identified("Tin"), version=version)
    assert row["E"] == row["R"] == "Unknown"


def test_unresolved_rows_are_empty_from_6_22_on():
    assert written(not_listed("Tin", "A smelter", "PERU"), version="6.22") == {
        "B": "Tin",
        "C": "Smelter not listed",
        "D": "A smelter",
        "E": "PERU",
        "G": "Enter smelter details",
    }
    assert written(not_yet_identified("Tin")) == {"B": "Tin", "C": "Smelter not yet identified", "S": "Unknown"}


def test_an_unlisted_smelter_under_a_known_alias_is_recognised_from_6_22_on():
    assert written(not_listed("Gold", "EGR", "SWITZERLAND"), version="6.22")["F"] == "CID900001"
    assert written(not_listed("Gold", "EGR", "SWITZERLAND"), version="6.1")["F"] == 0


def test_what_is_typed_over_a_formula_stays():
    row = written(SmelterRow(cid="CID900001", metal="Tin", identification=242332, country="PERU"))

    assert (row["A"], row["B"], row["E"], row["F"]) == ("CID900001", "Tin", "PERU", 242332)


def test_mines_recycling_and_comments_stand_in_n_to_q():
    row = written(SmelterRow(cid="CID900001", mine="a mine", mine_country="PERU", recycled="No", comments="a comment"))

    assert [row[column] for column in "NOPQ"] == ["a mine", "PERU", "No", "a comment"]


def test_products_start_in_row_6():
    products = (ProductRow("P-1", "one", "first"), ProductRow(12345.0, "two"))

    listed = sheet(write_cmrt(replace(complete_specimen(), products=products)), "Product List")

    assert [[cell.value for cell in listed[row][1:4]] for row in (6, 7)] == [
        ["P-1", "one", "first"],
        [12345, "two", None],
    ]


def test_the_look_up_tab_has_its_key_in_column_j():
    look_up = sheet(write_cmrt(complete_specimen(look_up=TABLE)), "Smelter Look-up")

    assert [look_up[cell].value for cell in ("A9", "B9", "C9", "E9", "F9", "J9")] == [
        "Gold",
        "EGR",
        "Example Gold Refinery",
        "CID900001",
        "RMI",
        "GoldEGR",
    ]


def test_calamine_finds_the_same_cells():
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(write_cmrt(complete_specimen())))
    declaration = workbook.get_sheet_by_name("Declaration").to_python(skip_empty_area=False)
    smelters = workbook.get_sheet_by_name("Smelter List").to_python(skip_empty_area=False)

    assert declaration[7][3] == "Example Components Ltd"
    assert declaration[21][3] == date(2025, 6, 30)
    assert declaration[76][6] == "https://www.example.com/minerals-policy"
    assert [row[0] for row in smelters[4:8]] == ["CID900001", "CID900002", "CID900003", "CID900004"]


def test_text_that_looks_like_a_formula_stays_text():
    hostile = '=HYPERLINK("https://example.com","press here")'
    company = replace(complete_specimen().company, name=hostile)

    name = sheet(write_cmrt(replace(complete_specimen(), company=company)), "Declaration")["D8"]

    assert (name.data_type, name.value) == ("s", hostile)


def test_a_specimen_holds_no_formula():
    with zipfile.ZipFile(io.BytesIO(write_cmrt(complete_specimen()))) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_the_same_content_gives_the_same_bytes(monkeypatch):
    first = write_cmrt(complete_specimen())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    assert write_cmrt(complete_specimen()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"modified" not in archive.read("docProps/core.xml")


def test_a_version_that_is_not_known_is_refused():
    with pytest.raises(KeyError):
        write_cmrt(complete_specimen(), version="5.0")
