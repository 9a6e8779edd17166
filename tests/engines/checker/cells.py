"""What stands in a workbook that a supplier sends, cell by cell, and the file that holds it."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TypeAlias
from xml.sax.saxutils import escape

from examples.specimen import SCOPES, LookUpEntry
from tests.factories.official import official_template
from tracelode.minerals import CONFLICT_MINERALS

DECLARATION, SMELTER_LIST, PRODUCT_LIST = "Declaration", "Smelter List", "Product List"


@dataclass(frozen=True, slots=True)
class Failed:
    """A formula that fails with #N/A."""


FAILED = Failed()
Value: TypeAlias = str | int | float | date | Failed
Cells: TypeAlias = Mapping[tuple[str, str], Value]
"""What is typed, by sheet and address. A cell that is not in it is as empty or as computed as in a new template."""

Changes: TypeAlias = dict[tuple[str, str], Value | None]
"""What is typed or, for None, emptied; on the Smelter List an emptied cell is left to the template's formula."""

COMPANY_CELLS = tuple(f"D{row}" for row in (8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22))
ANSWER_CELLS = tuple(f"D{26 + 6 * block + metal}" for block in range(8) for metal in range(4))
COMPANY_ANSWER_CELLS = tuple(f"D{row}" for row in range(75, 91, 2))
POLICY_ADDRESS = "G77"
ENTRY_CELLS = ("D3", *COMPANY_CELLS, *ANSWER_CELLS, *COMPANY_ANSWER_CELLS)

_FILLED_FORMULAS = MappingProxyType(
    {
        "B5": "IF(LEN(A5)=0,\"\",INDEX('Smelter Look-up'!$A:$A,MATCH($A5,'Smelter Look-up'!$E:$E,0)))",
        "C5": "IF(LEN(A5)=0,\"\",INDEX('Smelter Look-up'!$C:$C,MATCH($A5,'Smelter Look-up'!$E:$E,0)))",
        "F5": "IF(ISERROR($V5),\"\",OFFSET('Smelter Look-up'!$E$4,$V5-4,0))",
    }
)
"""Formulas of the Smelter List's first row, the same in all versions. Copies of 6.31 and 6.4 have lost some."""

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="([0-9]+)"')
_DAY_ZERO = date(1899, 12, 30)


@cache
def listed(version: str) -> tuple[LookUpEntry, ...]:
    """The smelters of a version's look-up tab, one for each alias."""
    return tuple(entry for entry in official_template(version).look_up if entry.cid.startswith("CID"))


@cache
def complete_cells(version: str) -> Cells:
    """A declaration without a gap: every question answered, and one smelter for each metal in rows 5 to 8."""
    company = ("Example Ltd", SCOPES["A"], "", "", "", "", "A. Example", "contact@example.com", "555 0100",
               "B. Example", "", "authorizer@example.com", "", date(2025, 6, 30))  # fmt: skip
    cells: dict[tuple[str, str], Value] = {(DECLARATION, "D3"): "English"}
    cells |= {(DECLARATION, cell): value for cell, value in zip(COMPANY_CELLS, company, strict=True) if value}
    cells |= {(DECLARATION, cell): "Yes" for cell in (*ANSWER_CELLS, *COMPANY_ANSWER_CELLS)}
    cells |= {(DECLARATION, cell): "100%" for cell in ANSWER_CELLS[20:24]}
    cells[DECLARATION, POLICY_ADDRESS] = "https://example.com/policy"
    for row, metal in enumerate(CONFLICT_MINERALS, start=5):
        cells[SMELTER_LIST, f"A{row}"] = next(entry.cid for entry in listed(version) if entry.metal == metal)
    return MappingProxyType(cells)


def changed(cells: Cells, changes: Changes) -> Cells:
    """The cells after changes."""
    return {place: value for place, value in {**cells, **changes}.items() if value not in (None, "")}


def as_spec(version: str, cells: Cells) -> str:
    """A declaration as one line of JSON: what differs from the complete one, null where a cell is empty."""
    whole = complete_cells(version)
    places = [place for place in {**whole, **cells} if whole.get(place) != cells.get(place)]
    return json.dumps(
        {"version": version, "cells": {"!".join(place): _json(cells.get(place)) for place in sorted(places)}},
        ensure_ascii=False,
    )


def from_spec(spec: str) -> tuple[str, Cells]:
    """The version and cells that `as_spec` wrote down."""
    data = json.loads(spec)
    changes = {
        (place.rpartition("!")[0], place.rpartition("!")[2]): FAILED if value == {"failed": True} else value
        for place, value in data["cells"].items()
    }
    return data["version"], changed(complete_cells(data["version"]), changes)


def _json(value: Value | None) -> str | float | Mapping[str, bool] | None:
    if isinstance(value, Failed):
        return {"failed": True}
    return (value - _DAY_ZERO).days if isinstance(value, date) else value


def by_sheet(cells: Cells) -> dict[str, dict[str, object]]:
    """The cells as the calculator wants them."""
    sheets: dict[str, dict[str, object]] = {}
    for (sheet, address), value in cells.items():
        sheets.setdefault(sheet, {})[address] = _json(value)
    return sheets


def workbook(version: str, cells: Cells) -> bytes:
    """An official template with the cells typed into it by a program that computes no formulas.

    Raises LookupError if the template has no such cell.
    """
    template = official_template(version)
    filled = io.BytesIO(template.others)
    filled.seek(0, io.SEEK_END)
    with zipfile.ZipFile(filled, "a") as archive:
        for sheet, (part, text) in template.sheets.items():
            typed = {cell: _content(value) for (title, cell), value in cells.items() if title == sheet}
            member = zipfile.ZipInfo(part)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, _typed_into(text, _as_published(sheet) | typed))
    return filled.getvalue()


def _as_published(sheet: str) -> dict[str, str]:
    """What a new template has in the cells that the copies' former users have changed."""
    if sheet == DECLARATION:
        return dict.fromkeys((*ENTRY_CELLS, POLICY_ADDRESS), "/>")
    if sheet == SMELTER_LIST:
        return {cell: f"><f>{escape(formula)}</f><v></v></c>" for cell, formula in _FILLED_FORMULAS.items()}
    return {}


def _content(value: Value) -> str:
    if isinstance(value, Failed):
        return ' t="e"><f>NA()</f><v>#N/A</v></c>'
    if isinstance(value, str):
        return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"><v>{_json(value)}</v></c>"


def _typed_into(sheet: str, contents: Mapping[str, str]) -> str:
    if not contents:
        return sheet
    waiting = dict(contents)
    last = max(int(re.sub("[A-Z]", "", cell)) for cell in waiting)
    end = next((row.start() for row in _ROW.finditer(sheet) if int(row[1]) > last), len(sheet))

    def typed(found: re.Match[str]) -> str:
        content = waiting.pop(found[1], None)
        return found[0] if content is None else f'<c r="{found[1]}"{found[2]}{content}'

    patched = _CELL.sub(typed, sheet[:end])
    if waiting:
        raise LookupError(f"the template has no cell {min(waiting)}")
    return patched + sheet[end:]
