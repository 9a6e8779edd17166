"""Fields that do not stand in their places are found by their labels, or the workbook is refused."""

import re
from datetime import date
from typing import Any

import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.fuzz.specimens import family_sheets, xlsx
from tracelode.declarations.declaration import Declaration
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES, template_data
from tracelode.template_kind import CMRT
from tracelode.workbooks import limits

Cells = dict[str, Any]
HEADERS = {
    "A": "Smelter Identification Number Input Column", "B": "Metal (*)", "C": "Smelter Look-up (*)",
    "D": "Smelter Name (1)", "E": "Smelter Country (*)", "F": "Smelter Identification", "I": "Smelter City",
    "J": "Smelter Facility Location: State / Province", "N": "Name of Mine(s) or if recycled", "Q": "Comments",
}  # fmt: skip


ENGLISH = dict(zip(
    ("cid", "metal", "look_up", "name", "country", "identification", "city", "state", "mine", "comments"),
    HEADERS.values(), strict=True,
))  # fmt: skip
TRANSLATED = {
    code: {name: template_data("headers.toml")["smelter_list"][name][code][0] for name in ENGLISH}
    for code in ("zh", "ja", "ko", "fr", "pt", "de", "es", "it", "tr")
}


def labelled() -> dict[str, Cells]:
    """A 6.5 workbook with its English labels and headers."""
    sheets = family_sheets("6.5")
    rows = {"name": 8, "scope": 9, "contact_name": 15, "contact_email": 16, "effective_date": 22}
    sheets["Declaration"] |= {f"B{row}": f"{TEMPLATES.newest(CMRT).labels[name][0]} (*):" for name, row in rows.items()}
    sheets["Smelter List"] |= {f"{column}4": text for column, text in HEADERS.items()}
    return sheets


def moved(cells: Cells, *, at: int, rows: int = 0, columns: int = 0) -> Cells:
    """The cells with rows inserted (or, if negative, deleted) above a row, and all of them moved sideways."""
    found = {}
    for cell, value in cells.items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        number = int(row) + (rows if int(row) >= at else 0)
        found[f"{get_column_letter(column_index_from_string(letters) + columns)}{number}"] = value
    return found


def read(sheets: dict[str, Cells]) -> tuple[Declaration, list[str]]:
    reading = read_declaration(xlsx(sheets), "supplied.xlsx")
    assert reading.declaration, reading.findings
    return reading.declaration, [finding.rule for finding in reading.findings]


def refusal(sheets: dict[str, Cells]) -> str:
    reading = read_declaration(xlsx(sheets), "supplied.xlsx")
    assert reading.declaration is None
    return reading.findings[0].rule


def texts(declaration: Declaration) -> tuple[object, ...]:
    """What a declaration says, wherever it stands."""
    return (
        declaration.company.name.text,
        declaration.company.scope,
        declaration.company.contact_email.text,
        declaration.company.effective_date,
        [answer.value for by_metal in declaration.answers.values() for answer in by_metal.values()],
        [answer.comment.text for by_metal in declaration.answers.values() for answer in by_metal.values()],
        [(letter, answer.value) for letter, answer in declaration.company_answers.items()],
        [(line.metal, line.cid, line.name, line.comments) for line in declaration.smelters],
    )


def test_fields_in_their_places_need_no_finding():
    declaration, findings = read(labelled())
    assert findings == []
    assert declaration.company.effective_date == date(2014, 6, 30)


@pytest.mark.parametrize(
    ("at", "rows"),
    [(1, 2), (9, 1), (24, 3), (31, 1), (43, 2), (61, 1), (74, 1), (83, 2), (24, -1), (73, -2)],
)
def test_questions_are_found_where_rows_were_inserted_or_deleted(at: int, rows: int):
    # GIVEN a sheet with rows inserted above one; title and revision stay
    sheets = labelled()
    heading = {cell: sheets["Declaration"][cell] for cell in ("D2", "D3", "J3")}
    sheets["Declaration"] = moved(sheets["Declaration"], at=at, rows=rows) | heading
    # WHEN
    declaration, findings = read(sheets)
    # THEN it says what it would say unmoved, with a warning
    assert texts(declaration) == texts(read(labelled())[0])
    assert findings == ["F20"]


def test_the_cells_of_moved_answers_are_those_of_the_workbook():
    sheets = labelled()
    sheets["Declaration"] = moved(sheets["Declaration"], at=31, rows=4)
    declaration, _ = read(sheets)
    cells = [answer.entry.cell for by_metal in declaration.answers.values() for answer in by_metal.values()]
    assert cells[:5] == ["D26", "D27", "D28", "D29", "D36"]


def test_a_label_that_lacks_its_letter_among_others_that_stand_is_where_it_should_be():
    sheets = labelled()
    sheets["Declaration"]["B75"] = "a wrong text, as in the Korean 6.01"
    declaration, findings = read(sheets)
    assert (declaration.company_answers["A"].entry.cell, findings) == ("D75", [])


def test_questions_that_cannot_be_told_apart_are_refused():
    sheets = labelled()
    sheets["Declaration"] |= {"B25": "2) swapped", "B31": "1) swapped"}
    assert refusal(sheets) == "F15"


def test_metals_that_cannot_be_told_apart_are_refused():
    sheets = labelled()
    sheets["Declaration"] = moved(sheets["Declaration"], at=31, rows=1)
    del sheets["Declaration"]["B34"]
    assert refusal(sheets) == "F15"


def test_metals_are_found_by_name_within_a_question_that_grew():
    sheets = labelled()
    sheets["Declaration"] = moved(sheets["Declaration"], at=28, rows=1)
    assert texts(read(sheets)[0]) == texts(read(labelled())[0])


def test_a_company_block_that_moved_in_another_language_is_refused():
    # GIVEN labels that are not English, and rows inserted somewhere above the questions
    sheets = labelled()
    sheets["Declaration"] = moved(sheets["Declaration"], at=9, rows=1)
    sheets["Declaration"] |= {f"B{row}": "其他" for row in range(8, 24)}
    assert refusal(sheets) == "F15"


@pytest.mark.parametrize("columns", [1, 3])
def test_columns_of_the_smelter_list_are_found_by_their_headers(columns: int):
    sheets = labelled()
    sheets["Smelter List"] = moved(sheets["Smelter List"], at=1, columns=columns)
    declaration, findings = read(sheets)
    assert texts(declaration) == texts(read(labelled())[0])
    assert findings == ["F20"]


def test_a_column_without_a_header_moves_with_the_others():
    sheets = labelled()
    sheets["Smelter List"]["P5"] = "Yes"
    sheets["Smelter List"] = moved(sheets["Smelter List"], at=1, columns=2)
    assert read(sheets)[0].smelters[0].recycled == "Yes"


def test_the_smelter_list_is_found_where_its_first_column_was_deleted():
    sheets = labelled()
    list_ = {cell: value for cell, value in sheets["Smelter List"].items() if cell[0] != "A"}
    sheets["Smelter List"] = moved(list_, at=1, columns=-1)
    assert texts(read(sheets)[0]) == texts(read(labelled())[0])


def test_a_header_that_moved_down_takes_its_list_with_it():
    sheets = labelled()
    sheets["Smelter List"] = moved(sheets["Smelter List"], at=1, rows=2)
    declaration, findings = read(sheets)
    assert [line.row for line in declaration.smelters] == [7, 8]
    assert findings == ["F20"]


def test_reordered_columns_are_found_by_their_headers():
    sheets = labelled()
    swapped = {}
    for cell, value in sheets["Smelter List"].items():
        swapped[{"B": "C", "C": "B"}.get(cell[0], cell[0]) + cell[1:]] = value
    sheets["Smelter List"] = swapped
    assert texts(read(sheets)[0]) == texts(read(labelled())[0])


def test_without_headers_the_metals_show_where_the_list_went():
    sheets = labelled()
    list_ = {
        f"{column}{row}": value for row in range(5, 9) for column, value in {"B": "Gold", "C": "Example Gold"}.items()
    }
    sheets["Smelter List"] = moved(list_, at=1, columns=2)
    declaration, findings = read(sheets)
    assert [line.cid for line in declaration.smelters] == ["CID900001"] * 4
    assert findings == ["F20"]


def test_metals_alone_do_not_show_where_a_list_went_that_was_put_in_another_order():
    # GIVEN a list without headers: metal, nothing, country, name
    sheets = labelled()
    rows = {"A": "Gold", "C": "JAPAN", "D": "Example Gold"}
    sheets["Smelter List"] = {f"{column}{row}": value for row in range(5, 9) for column, value in rows.items()}
    assert refusal(sheets) == "F24"
    # THEN it is refused as well where CIDs stand in a column that is none of theirs
    rows = {"B": "Example Gold", "C": "Gold", "D": "JAPAN", "E": "CID900001"}
    sheets["Smelter List"] = {f"{column}{row}": value for row in range(5, 9) for column, value in rows.items()}
    assert refusal(sheets) == "F24"


def test_metals_in_a_column_of_another_name_are_refused_where_no_header_names_theirs():
    # GIVEN a list whose first columns have headers of the supplier's own
    sheets = labelled()
    kept = {f"{column}4": HEADERS[column] for column in "FIJNQ"}
    own = {"B4": "厂名", "C4": "金属种类", "D4": "国别", "E4": "编号"}
    rows = {"B": "Example Gold", "C": "Gold", "D": "JAPAN", "E": "CID900001", "F": "CID900001"}
    filled = {f"{column}{row}": value for row in range(5, 9) for column, value in rows.items()}
    sheets["Smelter List"] = kept | own | filled
    assert refusal(sheets) == "F24"
    # THEN one line in the wrong column, or a header that names the metals, is no reason to refuse it
    sheets["Smelter List"] = kept | own | {cell: value for cell, value in filled.items() if cell[1:] == "5"}
    assert read(sheets)[1] == []
    sheets["Smelter List"] = kept | own | {"C4": "Metal (*)", "B4": "Smelter Look-up (*)"} | filled
    assert {line.cid for line in read(sheets)[0].smelters} == {"CID900001"}


@pytest.mark.parametrize("code", TRANSLATED)
def test_columns_are_found_by_their_headers_in_every_language_of_the_template(code: str):
    # GIVEN the headers in another language, and a column inserted after the first
    sheets = labelled()
    spelled = {text: TRANSLATED[code][name] for name, text in ENGLISH.items()}
    cells = {cell: spelled.get(value, value) if cell.endswith("4") else value
             for cell, value in sheets["Smelter List"].items()}  # fmt: skip
    unmoved = sheets | {"Smelter List": cells}
    assert read(unmoved)[1] == []
    first = {cell: value for cell, value in cells.items() if cell[0] == "A"}
    others = {cell: value for cell, value in cells.items() if cell[0] != "A"}
    shifted = sheets | {"Smelter List": first | moved(others, at=1, columns=1) | {"B4": "#", "B5": 1, "B6": 2}}
    # THEN the list says what it says unmoved
    declaration, findings = read(shifted)
    assert texts(declaration) == texts(read(labelled())[0])
    assert findings == ["F20"]


def test_headers_without_a_name_for_any_smelter_are_refused():
    sheets = labelled()
    sheets["Smelter List"] = {"A4": "Comments", "B4": "Smelter City", "C4": "Smelter Country (*)", "D4": "Metal (*)"}
    sheets["Smelter List"] |= {"D5": "Gold", "E4": "Name of Mine(s)", "F4": "Does 100% of the smelter do that?"}
    assert refusal(sheets) == "F24"


def test_sheets_that_were_renamed_are_found_by_what_stands_on_them():
    sheets = labelled()
    sheets["Product List"] |= {
        "B5": "Responder's Product Number (*)",
        "C5": "Responder's Product Name",
        "D5": "Comments",
    }
    names = {"Declaration": "Erklärung", "Smelter List": "Hütten", "Product List": "P", "Smelter Look-up": "Liste"}
    sheets["Smelter Look-up"] |= {
        "A4": "Metal",
        "B4": "Smelter Look-up",
        "C4": "Standard Smelter Names",
        "E4": "Smelter ID",
    }
    expected = read(sheets)[0]
    reading = read_declaration(xlsx({names.get(name, name): cells for name, cells in reversed(sheets.items())}), "")
    assert reading.declaration
    assert texts(reading.declaration) == texts(expected)
    assert reading.declaration.products == expected.products
    assert {finding.rule for finding in reading.findings} == {"F25"}
    assert reading.renamed == names


def test_a_renamed_product_list_is_found_where_no_program_has_computed_its_headers():
    sheets = labelled()
    sheets["产品清单"] = sheets.pop("Product List") | {"B4": "Click here to return to Declaration tab"}
    declaration, findings = read(sheets)
    assert declaration.products == read(labelled())[0].products != ()
    assert findings == ["F25"]


def test_a_sheet_that_is_missing_is_not_taken_for_one_that_was_renamed():
    sheets = labelled()
    del sheets["Product List"]
    sheets["Notes"] = {"A1": "Comments", "B5": "Metal"}
    assert read(sheets)[1] == ["F18"]


def test_a_date_that_is_either_of_two_days_is_left_open_with_a_notice():
    sheets = labelled()
    sheets["Declaration"]["D22"] = "03/04/2025"
    reading = read_declaration(xlsx(sheets), "")
    assert reading.declaration
    assert reading.declaration.company.effective_date is None
    (finding,) = reading.findings
    assert (finding.rule, finding.cell, finding.found) == ("F22", "D22", "03/04/2025")


def test_a_date_with_dots_is_read_as_the_templates_language_writes_it():
    sheets = labelled()
    sheets["Declaration"] |= {"D3": "Deutsch", "D22": "03.04.2025"}
    reading = read_declaration(xlsx(sheets), "")
    assert reading.declaration
    assert (reading.declaration.company.effective_date, reading.findings) == (date(2025, 4, 3), ())


@pytest.mark.parametrize(
    ("sheet", "cell"), [("Declaration", "D8"), ("Declaration", "G27"), ("Smelter List", "Q5"), ("Product List", "C6")]
)
def test_a_text_that_is_cut_is_told(sheet: str, cell: str):
    sheets = labelled()
    sheets[sheet][cell] = "x" * 4_001
    reading = read_declaration(xlsx(sheets), "")
    assert [(finding.rule, finding.sheet, finding.cell) for finding in reading.findings] == [("F23", sheet, cell)]


def test_texts_that_are_cut_are_told_so_many_times_and_no_more():
    sheets = labelled()
    sheets["Smelter List"] |= {f"Q{row}": "x" * 4_001 for row in range(5, 7)}
    sheets["Smelter List"] |= {f"{column}{row}": "y" * 4_001 for column in "CQ" for row in range(10, 60)}
    reading = read_declaration(xlsx(sheets), "")
    assert [finding.rule for finding in reading.findings] == ["F23"] * limits.MAX_CUTS_TOLD
