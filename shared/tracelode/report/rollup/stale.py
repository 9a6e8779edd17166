"""Which computed values no longer hold once cells are written: what looks at them, directly or by way of others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracelode.workbooks.addresses import parse_cell

_TEXTS = re.compile(r'"(?:[^"]|"")*"')
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?"
_REFERENCE = re.compile(
    _SHEET + r"\$?(?P<first>[A-Z]{1,3}\$?[0-9]{1,7})(?::\$?(?P<last>[A-Z]{1,3}\$?[0-9]{1,7}))?(?![\w(])"
)
_COLUMNS = re.compile(_SHEET + r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\w(])")
_NAME = re.compile(r"(?<![\w.!'$])[A-Za-z_][\w.]*(?![\w.(!$'])")
_ANYWHERE = "INDIRECT("


@dataclass(frozen=True, slots=True)
class Changed:
    """What was written: sheets of which every cell counts as changed, and cells of others, by sheet."""

    sheets: frozenset[str]
    cells: Mapping[str, frozenset[str]]


def stale_cells(
    formulas: Mapping[str, Mapping[str, str | None]], changed: Changed, names: Mapping[str, str]
) -> Mapping[str, frozenset[str]]:
    """The formula cells, by sheet, whose shown values may be wrong now.

    `formulas` has the formulas by sheet and address, None for one that cannot be told; `names` what the workbook's
    defined names refer to. In doubt a value is stale.
    """
    looks_at = {
        (sheet, address): None if formula is None else _references(formula, sheet, names)
        for sheet, by_address in formulas.items()
        for address, formula in by_address.items()
    }
    touched = {(sheet, address) for sheet, addresses in changed.cells.items() for address in addresses}
    stale: set[tuple[str, str]] = set()
    while True:
        found = {
            cell
            for cell, references in looks_at.items()
            if cell not in stale and (references is None or any(_meets(r, changed, touched) for r in references))
        }
        if not found:
            return {sheet: frozenset(address for of, address in stale if of == sheet) for sheet in formulas}
        stale |= found
        touched |= found


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference to cells from `first` to `last` of a sheet, or to all of its cells where `first` is ""."""

    sheet: str
    first: str = ""
    last: str = ""


def _references(formula: str, sheet: str, names: Mapping[str, str]) -> tuple[_Reference, ...] | None:
    if _ANYWHERE in formula:
        return None
    plain = _TEXTS.sub(" ", formula)
    for name in _NAME.findall(plain):
        plain += f" {names.get(name, '')}"
    cells = [
        _Reference(_sheet_named(found["sheet"], sheet), _plain(found["first"]), _plain(found["last"] or found["first"]))
        for found in _REFERENCE.finditer(plain)
    ]
    columns = [_Reference(_sheet_named(found["sheet"], sheet)) for found in _COLUMNS.finditer(plain)]
    return (*cells, *columns)


def _sheet_named(written: str | None, own: str) -> str:
    return written.strip("'").replace("''", "'") if written else own


def _plain(address: str) -> str:
    return address.replace("$", "")


def _meets(reference: _Reference, changed: Changed, touched: Iterable[tuple[str, str]]) -> bool:
    if reference.sheet in changed.sheets:
        return True
    addresses = [address for sheet, address in touched if sheet == reference.sheet]
    if not reference.first:
        return bool(addresses)
    if reference.first == reference.last:
        return reference.first in addresses
    first, last = parse_cell(reference.first), parse_cell(reference.last)
    if first is None or last is None:
        return bool(addresses)
    cells = (cell for address in addresses if (cell := parse_cell(address)))
    return any(first.row <= c.row <= last.row and first.column <= c.column <= last.column for c in cells)
