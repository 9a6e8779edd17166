"""Official templates filled with the content of a specimen, many times and quickly.

The templates belong to the Responsible Minerals Initiative and are read from a folder outside the project.
"""

import io
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from python_calamine import CalamineWorkbook

from examples.specimen import (
    FIRST_LOOK_UP_ROW,
    FIRST_PRODUCT_ROW,
    FIRST_SMELTER_ROW,
    SCOPES,
    CellValue,
    CmrtSpecimen,
    LookUpEntry,
)
from tests.factories.archives import saved
from tests.factories.kept import kept
from tracelode.minerals import CONFLICT_MINERALS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES_VARIABLE = "TRACELODE_CMRT_TEMPLATES"
VERSIONS = ("6.01", "6.1", "6.22", "6.31", "6.4", "6.5")

_COMPANY_ROWS = {
    "name": 8,
    "scope": 9,
    "scope_description": 10,
    "unique_id": 12,
    "unique_id_authority": 13,
    "address": 14,
    "contact_name": 15,
    "contact_email": 16,
    "contact_phone": 17,
    "authorizer_name": 18,
    "authorizer_title": 19,
    "authorizer_email": 20,
    "authorizer_phone": 21,
    "effective_date": 22,
}
_SMELTER_COLUMNS = {
    "cid": "A",
    "metal": "B",
    "lookup": "C",
    "name": "D",
    "country": "E",
    "identification": "F",
    "city": "I",
    "state": "J",
    "mine": "N",
    "mine_country": "O",
    "recycled": "P",
    "comments": "Q",
}
_PATCHED = ("Declaration", "Smelter List", "Product List")
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="([0-9]+)"')
_DAY_ZERO = date(1899, 12, 30)


def templates_folder() -> Path:
    """Where the official templates are expected."""
    return Path(os.environ.get(TEMPLATES_VARIABLE) or ROOT.parent / "shared" / "cmrt-templates")


def find_template(version: str = "6.5") -> Path | None:
    """The official template of a version, None on a machine that has none: tests then skip."""
    path = templates_folder() / f"RMI_CMRT_{version}.xlsx"
    return path if path.is_file() else None


def missing_templates() -> str:
    """Why a test that needs official templates is skipped, "" where it is not."""
    if all(find_template(version) for version in VERSIONS):
        return ""
    return f"no official CMRT templates in {templates_folder()} (set {TEMPLATES_VARIABLE})"


@cache
def official_template(version: str = "6.5") -> "OfficialTemplate":
    """The official template of a version, ready to be filled.

    Raises FileNotFoundError on a machine that has none.
    """
    path = find_template(version)
    if path is None:
        raise FileNotFoundError(f"no official CMRT {version} in {templates_folder()} (set {TEMPLATES_VARIABLE})")
    return _prepare(path)


@dataclass(frozen=True)
class OfficialTemplate:
    """A template as openpyxl saves it: formulas without the values they show.

    `others` is a zip file of the parts that filling leaves as they are; `sheets` has the parts that it changes, by
    name of the part and of the sheet.
    """

    look_up: tuple[LookUpEntry, ...]
    others: bytes
    sheets: Mapping[str, tuple[str, str]]

    def fill(self, spec: CmrtSpecimen) -> bytes:
        """The template with what a supplier would type; `look_up` and `cached` of the specimen have no effect.

        Raises LookupError if the template has no cell where something is to be typed.
        """
        typed = {
            "Declaration": _declaration_cells(spec),
            "Smelter List": _smelter_cells(spec),
            "Product List": _product_cells(spec),
        }
        filled = io.BytesIO(self.others)
        filled.seek(0, io.SEEK_END)
        with zipfile.ZipFile(filled, "a") as archive:
            for sheet, (part, text) in self.sheets.items():
                member = zipfile.ZipInfo(part)
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, _type_into(text, typed[sheet]))
        return filled.getvalue()


def _prepare(template: Path) -> OfficialTemplate:
    copy = io.BytesIO(_saved_by_openpyxl(template.read_bytes()))
    workbook = CalamineWorkbook.from_path(str(template))
    parts = {name: f"xl/worksheets/sheet{workbook.sheet_names.index(name) + 1}.xml" for name in _PATCHED}
    others = io.BytesIO()
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(others, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename not in parts.values():
                member = zipfile.ZipInfo(info.filename)
                member.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(member, source.read(info))
        sheets = {name: (part, source.read(part).decode()) for name, part in parts.items()}
    rows = workbook.get_sheet_by_name("Smelter Look-up").to_python(skip_empty_area=False)
    look_up = tuple(
        LookUpEntry(
            metal=str(row[0]),
            alias=str(row[1]),
            name=str(row[2]),
            country=str(row[3]),
            cid=str(row[4]),
            city=str(row[7]),
            state=str(row[8]),
            source=str(row[5]),
        )
        for row in rows[FIRST_LOOK_UP_ROW - 1 :]
        if row[0] in set(CONFLICT_MINERALS)
    )
    return OfficialTemplate(look_up, others.getvalue(), sheets)


def _saved_by_openpyxl(template: bytes) -> bytes:
    return kept(
        lambda: saved(openpyxl.load_workbook(io.BytesIO(template))), "saved by openpyxl", openpyxl.__version__, template
    )


def _declaration_cells(spec: CmrtSpecimen) -> dict[str, CellValue]:
    cells: dict[str, CellValue] = {"D3": spec.language}
    for name, row in _COMPANY_ROWS.items():
        value = getattr(spec.company, name)
        cells[f"D{row}"] = SCOPES.get(value, value) if name == "scope" else value
    for column, matrix in (("D", spec.answers), ("G", spec.comments)):
        for number, by_metal in matrix.items():
            for metal, value in by_metal.items():
                cells[f"{column}{26 + 6 * (number - 1) + CONFLICT_MINERALS.index(metal)}"] = value
    for column, by_letter in (("D", spec.company_answers), ("G", spec.company_comments)):
        for letter, value in by_letter.items():
            cells[f"{column}{75 + 2 * 'ABCDEFGH'.index(letter)}"] = value
    return cells


def _smelter_cells(spec: CmrtSpecimen) -> dict[str, CellValue]:
    return {
        f"{column}{number}": getattr(smelter, name)
        for number, smelter in enumerate(spec.smelters, start=FIRST_SMELTER_ROW)
        for name, column in _SMELTER_COLUMNS.items()
    }


def _product_cells(spec: CmrtSpecimen) -> dict[str, CellValue]:
    return {
        f"{column}{number}": value
        for number, product in enumerate(spec.products, start=FIRST_PRODUCT_ROW)
        for column, value in (("B", product.number), ("C", product.name), ("D", product.comments))
    }


def _type_into(sheet: str, cells: Mapping[str, CellValue]) -> str:
    waiting = {cell: value for cell, value in cells.items() if value not in (None, "")}
    if not waiting:
        return sheet
    last = max(int(re.sub("[A-Z]", "", cell)) for cell in waiting)
    end = next((row.start() for row in _ROW.finditer(sheet) if int(row[1]) > last), len(sheet))

    def typed(found: re.Match[str]) -> str:
        value = waiting.pop(found[1], None)
        return found[0] if value is None else _cell(found[1], found[2], value)

    patched = _CELL.sub(typed, sheet[:end])
    if waiting:
        raise LookupError(f"the template has no cell {min(waiting)}")
    return patched + sheet[end:]


def _cell(address: str, style: str, value: CellValue) -> str:
    if isinstance(value, str):
        text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
        return f'<c r="{address}"{style} t="inlineStr">{text}</c>'
    number = (value - _DAY_ZERO).days if isinstance(value, date) else value
    return f'<c r="{address}"{style}><v>{number}</v></c>'
