from datetime import date
from typing import Any

import pytest

from tests.unit.declarations.workbooks import cmrt
from tracelode.declarations.declaration import CidSource, Declaration, Entry, SmelterLine
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.minerals import CONFLICT_MINERALS, Mineral


def read(**sheets: Any) -> Declaration:
    reading = read_declaration(cmrt(**sheets), "supplied.xlsx")
    assert reading.declaration, reading.findings
    return reading.declaration


def line(**cells: Any) -> SmelterLine:
    """The one line of a Smelter List whose row 5 holds these columns."""
    (only,) = read(smelters={f"{column}5": value for column, value in cells.items()}).smelters
    return only


def test_the_company_block_is_read_cell_by_cell():
    # GIVEN
    cells: dict[str, Any] = {f"D{row}": f"text {row}" for row in (8, *range(10, 22)) if row != 11}
    cells |= {"D9": "A. Company", "D17": 5551234.0, "D22": date(2026, 1, 31)}
    # WHEN
    company = read(declaration=cells).company
    # THEN
    assert (company.name, company.scope, company.scope_description) == (
        Entry("text 8", "D8"),
        Scope.COMPANY,
        Entry("text 10", "D10"),
    )
    assert (company.unique_id.text, company.unique_id_authority.text, company.address.text) == (
        "text 12",
        "text 13",
        "text 14",
    )
    assert (company.contact_name.text, company.contact_email.text, company.contact_phone.text) == (
        "text 15",
        "text 16",
        "5551234",
    )
    assert [company.authorizer_name.text, company.authorizer_title.text] == ["text 18", "text 19"]
    assert [company.authorizer_email.text, company.authorizer_phone.text] == ["text 20", "text 21"]
    assert (company.effective_date, company.effective_date_entry) == (date(2026, 1, 31), Entry("2026-01-31", "D22"))


def test_every_answer_is_read_from_its_own_cell():
    # GIVEN a comment that names each answer's cell
    rows = [26 + 6 * question + metal for question in range(8) for metal in range(4)] + list(range(75, 90, 2))
    cells = {f"{column}{row}": f"{column}{row}" for row in rows for column in "DG"}
    # WHEN
    declaration = read(declaration=cells)
    # THEN
    answers = [answer for by_metal in declaration.answers.values() for answer in by_metal.values()]
    answers += declaration.company_answers.values()
    assert [answer.entry for answer in answers] == [Entry(f"D{row}", f"D{row}") for row in rows]
    assert [answer.comment for answer in answers] == [Entry(f"G{row}", f"G{row}") for row in rows]
    assert list(declaration.answers) == list(Question)
    assert all(list(by_metal) == list(CONFLICT_MINERALS) for by_metal in declaration.answers.values())
    assert list(declaration.company_answers) == list("ABCDEFGH")


def test_answers_are_read_in_the_templates_own_words():
    declaration = read(
        declaration={"D26": " ＹＥＳ ", "D27": "no", "D28": "是", "D29": "perhaps", "D56": 1, "D58": "100%"}
    )
    added = declaration.answers[Question.INTENTIONALLY_ADDED]
    assert [added[metal].value for metal in CONFLICT_MINERALS] == ["Yes", "No", "Yes", None]
    assert added[Mineral.TUNGSTEN].entry.text == "perhaps"
    response = declaration.answers[Question.SUPPLIER_RESPONSE]
    assert [response[metal].value for metal in CONFLICT_MINERALS] == ["100%", None, "100%", None]


def test_a_typed_cid_wins_over_everything_else():
    found = line(A=" cid000920 ", B="Tin", C="Dowa", F="CID000401")
    assert (found.metal, found.cid, found.cid_source) == (Mineral.GOLD, "CID000920", CidSource.TYPED)
    assert (found.name, found.country) == ("Asahi Refining USA Inc.", "UNITED STATES OF AMERICA")
    assert (found.typed_cid, found.typed_metal, found.typed_lookup) == ("cid000920", "Tin", "Dowa")


def test_an_alias_of_the_look_up_stands_for_its_smelter():
    found = line(B="gold (Au)", C="johnson matthey INC.")
    assert (found.metal, found.cid, found.cid_source) == (Mineral.GOLD, "CID000920", CidSource.LOOK_UP)
    assert found.name == "Asahi Refining USA Inc."


@pytest.mark.parametrize(("metal", "cid"), [("Gold", "CID000401"), ("Tin", "CID000402"), ("Tungsten", None)])
def test_the_metal_tells_smelters_of_one_name_apart(metal: str, cid: str | None):
    assert line(B=metal, C="Dowa").cid == cid


def test_an_unlisted_smelter_keeps_its_own_name_and_country():
    found = line(B="Tin", C="Smelter Not Listed", D="Example Tin", E="Bolivia", F=0, H=0)
    assert (found.kind, found.cid, found.cid_source) == (LineKind.NOT_LISTED, None, CidSource.NONE)
    assert (found.metal, found.name, found.country) == (Mineral.TIN, "Example Tin", "Bolivia")


def test_an_unlisted_smelter_with_a_known_name_is_that_smelter():
    found = line(B="Gold", C="Smelter not listed", D="Johnson Matthey Inc.")
    assert (found.kind, found.cid, found.cid_source) == (LineKind.NOT_LISTED, "CID000920", CidSource.LOOK_UP)
    assert found.name == "Asahi Refining USA Inc."


def test_a_smelter_not_yet_identified_has_neither_name_nor_country():
    found = line(B="Gold", C="Smelter not yet identified", E="Unknown", R="Unknown")
    assert (found.kind, found.metal, found.cid) == (LineKind.NOT_YET_IDENTIFIED, Mineral.GOLD, None)
    assert (found.name, found.country) == ("", "")


def test_column_f_is_the_last_resort():
    found = line(B="Gold", C="Dowa Metals", F="CID000401", R="Dowa")
    assert (found.cid, found.cid_source, found.name) == ("CID000401", CidSource.COLUMN_F, "Dowa")


def test_a_number_typed_over_column_f_is_no_identification():
    found = line(B="Tin", C="Alpha", F=242332)
    assert (found.cid, found.cid_source, found.typed_identification) == ("CID000292", CidSource.LOOK_UP, "242332")


@pytest.mark.parametrize(("typed_metal", "metal"), [("", None), ("Tungsten", Mineral.TUNGSTEN), ("#N/A", None)])
def test_an_unknown_but_well_formed_cid_is_kept(typed_metal: str, metal: Mineral | None):
    found = line(A="CID999999", B=typed_metal, C="#N/A")
    assert (found.cid, found.cid_source, found.metal, found.name) == ("CID999999", CidSource.TYPED, metal, "")


@pytest.mark.parametrize("typed", ["CID92", "000920", 920, "CID0009200", "1DEU001"])
def test_what_is_not_shaped_like_a_cid_is_none(typed: object):
    found = line(A=typed)
    assert (found.cid, found.cid_source) == (None, CidSource.NONE)


def test_the_other_columns_of_a_line_are_read():
    found = line(A="CID999999", E="Peru", I="Lima", J="Callao", N="Mine A", O="Peru", P="yes", Q="a note")
    assert (found.country, found.city, found.state) == ("Peru", "Lima", "Callao")
    assert (found.mine, found.mine_country, found.recycled, found.comments) == ("Mine A", "Peru", "Yes", "a note")


def test_the_contacts_of_smelters_are_never_read():
    with_contacts = read(smelters={"A5": "CID000920", "K5": "Example Person", "L5": "person@example.com"})
    assert "xample" not in str(with_contacts.smelters)
    assert with_contacts == read(smelters={"A5": "CID000920"})


def test_a_row_counts_only_with_something_that_names_a_smelter():
    # GIVEN rows that hold formula results, errors, zeros and remarks, but no name of anything
    empty = {"F5": 0, "H5": 0, "R6": "Unknown", "B7": "#N/A", "C7": "#N/A", "G8": "Enter smelter details", "Q9": "note"}
    # WHEN two rows below are filled, one of them the list's last
    declaration = read(smelters=empty | {"D10": "Example", "A2504": "CID000920"})
    # THEN
    assert [found.row for found in declaration.smelters] == [10, 2504]


def test_what_stands_below_the_list_is_no_line_but_is_told():
    reading = read_declaration(cmrt(smelters={"A5": "CID000920", "B2505": "© notice", "A2507": "CID000401"}), "")
    assert reading.declaration
    assert [found.row for found in reading.declaration.smelters] == [5]
    assert [(finding.rule, finding.cell) for finding in reading.findings] == [("F19", "A2507")]


def test_the_smelter_list_is_read_without_a_look_up_tab():
    data = cmrt(smelters={"A5": "CID000920", "B5": "Gold", "R5": "Asahi", "E5": "Japan"}, without=("Smelter Look-up",))
    reading = read_declaration(data, "")
    assert reading.declaration
    (found,) = reading.declaration.smelters
    assert (found.metal, found.cid, found.name, found.country) == (Mineral.GOLD, "CID000920", "Asahi", "Japan")


def test_products_are_read_without_the_footer_and_with_gaps():
    products = read(
        products={"B6": 12345.0, "C6": "Widget", "D275": "remark", "B2006": "© 2025", "B2005": "last"}
    ).products
    assert [(product.row, product.number, product.name, product.comments) for product in products] == [
        (6, "12345", "Widget", ""),
        (275, "", "", "remark"),
        (2005, "last", "", ""),
    ]


def test_a_footer_that_moved_up_is_no_product():
    assert read(products={"B40": "© 2025 Responsible Minerals Initiative"}).products == ()


def test_an_older_six_has_a_shorter_product_list():
    old = read_declaration(
        cmrt(products={"B1000": "last", "B1001": "no product"}, revision="Revision 6.1"), ""
    ).declaration
    assert old
    assert [product.number for product in old.products] == ["last"]


def test_the_name_of_the_file_decides_nothing():
    data = cmrt({"D8": "Example Ltd"})
    assert read_declaration(data, "a.xlsx") == read_declaration(data, "EMRT 2.1.pdf")


def test_a_declaration_says_which_metals_are_out():
    declaration = read(declaration={"D26": "No", "D27": "Yes", "D33": "No", "D28": "Yes", "D34": "Yes"})
    assert [declaration.out_of_scope(metal) for metal in CONFLICT_MINERALS] == [True, True, False, False]
    assert [declaration.in_scope(metal) for metal in CONFLICT_MINERALS] == [False, False, True, False]
