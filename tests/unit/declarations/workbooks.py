"""Small workbooks with a CMRT's sheets, sound and spoilt."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msoffcrypto
import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

from tests.factories.archives import saved

LOOK_UP_ROWS = (
    ("Gold", "Asahi Refining USA Inc.", "Asahi Refining USA Inc.", "UNITED STATES OF AMERICA", "CID000920"),
    ("Gold", "Johnson Matthey Inc.", "Asahi Refining USA Inc.", "UNITED STATES OF AMERICA", "CID000920"),
    ("Gold", "Dowa", "Dowa", "JAPAN", "CID000401"),
    ("Gold", "DOWA", "Second of the same name", "JAPAN", "CID000499"),
    ("Gold", "Smelter not listed", None, None, None),
    ("Gold", "Smelter not yet identified", "Unknown", "Unknown", None),
    ("Tin", "Alpha", "Alpha", "UNITED STATES OF AMERICA", "CID000292"),
    ("Tin", "Dowa", "Dowa", "JAPAN", "CID000402"),
)


def cmrt(
    declaration: Mapping[str, Any] | None = None,
    smelters: Mapping[str, Any] | None = None,
    products: Mapping[str, Any] | None = None,
    *,
    revision: str | None = "Revision 6.5\nApril 25, 2025",
    title: str | None = "Conflict Minerals Reporting Template (CMRT)",
    first_title: str | None = "Conflict Minerals Reporting Template",
    without: tuple[str, ...] = (),
    renamed: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook with a CMRT 6.5's sheets and what is given in their cells."""
    sheets: dict[str, dict[str, Any]] = {
        "Revision": {"B3": first_title},
        "Declaration": {"D2": title, "J3": revision, "D3": "English", **(declaration or {})},
        "Smelter List": dict(smelters or {}),
        "Product List": dict(products or {}),
        "Smelter Look-up": {
            f"{column}{row}": value
            for row, values in enumerate(LOOK_UP_ROWS, start=5)
            for column, value in zip("ABCDE", values, strict=True)
        },
    }
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        if name in without:
            continue
        sheet = book.create_sheet((renamed or {}).get(name, name))
        for cell, value in cells.items():
            sheet[cell] = value
            if isinstance(value, date | datetime):
                sheet[cell].number_format = "d-mmm-yyyy"
    return saved(book)


def sheet_part(number: int) -> str:
    """The part of a sheet of `cmrt`: 1 Revision, 2 Declaration, 3 Smelter List, 4 Product List, 5 Smelter Look-up."""
    return f"xl/worksheets/sheet{number}.xml"


def encrypted(workbook: bytes, password: str) -> bytes:
    sealed = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, sealed)
    assert msoffcrypto.OfficeFile(sealed).is_encrypted()
    return sealed.getvalue()
