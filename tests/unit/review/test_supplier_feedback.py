"""What a supplier is told names the sheets and cells of its own workbook, on the page, in the JSON and in the marks."""

import html
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.factories.submissions import submission
from tests.fuzz.specimens import family_sheets, xlsx
from tracelode.declarations.read import read_declaration
from tracelode.feedback.answer import MARKED_UP, _labels, answer_submission
from tracelode.feedback.markup.labels import ENGLISH
from tracelode.feedback.page import FOR_INFORMATION, OUTDATED
from tracelode.findings import Finding, Severity
from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.review.telling import language, language_codes
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import Program, Registrant
from tracelode.sources.roster import Supplier
from tracelode.submission import State

HEADERS = {"A": "Smelter Identification Number Input Column", "B": "Metal (*)", "C": "Smelter Look-up (*)",
           "D": "Smelter Name (1)", "E": "Smelter Country (*)", "N": "Name of Mine(s) or if recycled",
           "Q": "Comments"}  # fmt: skip


def one_column_further(cells: dict[str, Any]) -> dict[str, Any]:
    moved = {}
    for cell, value in cells.items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        moved[f"{get_column_letter(column_index_from_string(letters) + 1)}{row}"] = value
    return moved


@pytest.mark.parametrize("name", ["Fundiciones", "Hütten  &\u00a0mehr"])
def test_a_finding_leads_to_where_the_thing_stands_whatever_the_sheet_is_called(name: str) -> None:
    # GIVEN a nameless unlisted smelter, on a Smelter List that has another name and begins one column further right
    sheets = family_sheets("6.5")
    cells = sheets.pop("Smelter List") | {f"{column}4": text for column, text in HEADERS.items()}
    cells |= {"B9": "Tin", "C9": "Smelter not listed", "E9": "PERU"}
    sheets[name] = one_column_further(cells)
    data = xlsx(sheets)
    # WHEN the supplier is told
    files = answer_submission(
        submission(), read_declaration(data, "cmrt.xlsx"), data, year=2025, in_force=ReferenceInForce()
    )
    # THEN the JSON and the page name its own sheet and the cell in it
    told = {finding["rule"]: finding for finding in json.loads(files["findings.json"])["findings"]}
    shown = " ".join(name.split())
    assert (told["K56"]["sheet"], told["K56"]["cell"]) == (shown, "E9")
    page = files["feedback.html"].decode()
    assert f"<bdi>{shown.replace('&', '&amp;')}</bdi></h2>" in page
    assert "<bdi>Smelter List</bdi></h2>" not in page
    # AND the mark is there
    book = openpyxl.load_workbook(io.BytesIO(files[f"{MARKED_UP}.xlsx"]))
    assert "K56" in book[name]["E9"].comment.text
    row = next(row for row in book.worksheets[0].iter_rows(min_row=5) if row[3].value == "K56")
    assert (row[1].value.split(), row[2].value) == (name.split(), "E9")


def told(data: bytes, state: State = State.REJECTED) -> dict[str, bytes]:
    """The feedback on a file, as on one that shows no language."""
    in_force = ReferenceInForce(
        program=Program(2025, Vocabulary.RMAP, Registrant(name="Northwind Devices")),
        suppliers=(Supplier("acme", "Acme Ltd.", "", in_scope=True),),
    )
    return answer_submission(
        submission(state=state), read_declaration(data, "cmrt.xlsx"), data, year=2025, in_force=in_force
    )


def test_a_file_that_cannot_be_read_is_answered_in_the_language_that_it_shows_itself_in() -> None:
    # GIVEN a Chinese workbook with its questions out of place, so that it is rejected
    sheets = family_sheets("6.5")
    sheets["Declaration"] |= {"D3": "中文 Chinese", "B25": "2) swapped", "B31": "1) swapped"}
    data = xlsx(sheets)
    files = told(data)
    findings = json.loads(files["findings.json"])["findings"]
    assert [finding["rule"] for finding in findings] == ["F15"]
    # THEN the page is in Chinese and English alone, and names supplier and customer
    page = files["feedback.html"].decode()
    assert set(re.findall(r'lang="(\w+)"', page)) == {"en", "zh"}
    assert language("zh").page["rejected"] in page
    assert "Acme Ltd." in page
    assert "Northwind Devices" in page


def test_a_file_that_is_no_workbook_is_answered_in_every_language() -> None:
    page = html.unescape(told(b"<!DOCTYPE html><html>Please log in</html>")["feedback.html"].decode())
    assert all(language(code).page["rejected"] in page for code in language_codes())
    assert "Acme Ltd." in page


def test_the_findings_sheet_asks_for_nothing_where_the_page_asks_for_nothing() -> None:
    notice = [Finding("X18", Severity.NOTICE, "m", "r")]
    assert _labels(None, notice).introduction == FOR_INFORMATION
    assert _labels(language("zh"), notice).introduction == language("zh").page["for_information"]
    old = [*notice, Finding("F12", Severity.WARNING, "m", "r")]
    assert _labels(None, old).introduction == OUTDATED
    assert _labels(None, [Finding("X01", Severity.ERROR, "m", "r")]) == ENGLISH
