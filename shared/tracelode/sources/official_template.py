"""The template that a roll-up is written into: an official CMRT 6.x, its places, choices, look-up and countries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracelode.declarations.detect import detect
from tracelode.declarations.identifier import cid_of
from tracelode.declarations.place import placed_declaration, placed_list
from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.layouts import DECLARATION, LOOK_UP, SMELTER_LIST, Layout
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.minerals import Mineral
from tracelode.template_kind import CMRT
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid, Workbook
from tracelode.workbooks.preflight import is_legacy, open_package
from tracelode.workbooks.text import entry_text

FAMILY = 6
COUNTRIES = "C"
"""The hidden tab of countries: ISO 3166-1 alpha-2 code and name (CMRT 6.x)."""
_TEXT_SINCE = TemplateVersion.parse(CMRT, "6.31")
_SOURCE, _STREET, _KEY = 6, 7, 10
"""Columns F, G and J of the look-up tab: where a CID is from, the street, and metal and look-up name in one."""


class UnsuitableTemplateError(Exception):
    """A file that no roll-up can be written into; the reason is in plain English, in our own words."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A row of the look-up tab as the Smelter List's formulas show it; texts are "" where the tab has none."""

    row: int
    metal: Mineral
    name: str
    country: str
    source: str
    street: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class OfficialTemplate:
    """What there is to know of a template before writing into it.

    `names` are the look-up names of each metal in lower case. `by_cid` has the first row of each CID, `rows` that
    of each metal and look-up name in lower case that the sheet's own MATCH finds in column J: some versions have
    rows without that key, and a copy that was never computed has none. `countries` has the template's spelling by
    ISO 3166-1 alpha-2 code. `whole` is what question 6's choice "100%" is stored as: the number 1 before 6.31.
    """

    layout: Layout
    names: frozenset[tuple[Mineral, str]]
    by_cid: Mapping[str, LookedUp]
    rows: Mapping[tuple[Mineral, str], LookedUp]
    countries: Mapping[str, str]
    whole: str | int
    date1904: bool

    @property
    def room(self) -> int:
        """Lines that the Smelter List has room for."""
        return self.layout.smelter_list.last_row - self.layout.smelter_list.first_row + 1


def template_version(data: bytes) -> TemplateVersion | None:
    """The version of an official CMRT, so that the newest of several can be chosen; None for any other file."""
    try:
        version = None if is_legacy(data) else detect(Sheets(Workbook(open_package(data)))).version
    except RefusedError:
        return None
    return version if version and version.kind == CMRT else None


def read_template(data: bytes) -> OfficialTemplate:
    """The template that a file is. Raises UnsuitableTemplateError if it is no CMRT 6.x with everything in its place."""
    try:
        if is_legacy(data):
            raise UnsuitableTemplateError("The template is a workbook of the old format .xls; a CMRT 6.x is an .xlsx.")
        book = Workbook(open_package(data))
        sheets = Sheets(book)
        version = detect(sheets).version
        layout = TEMPLATES.layout_for(version)
        if layout is None or (version.kind, version.family) != (CMRT, FAMILY):
            raise UnsuitableTemplateError(f"The template is {version}; a roll-up needs one of {FAMILY}.x.")
        layout = _in_place(sheets, layout)
        look_up = sheets.grid(LOOK_UP)
        tabs = book.open_sheets([name for name in book.sheet_names if name == COUNTRIES]).grid(COUNTRIES)
    except RefusedError as refused:
        raise UnsuitableTemplateError(refused.finding.message) from None
    if look_up is None or tabs is None:
        raise UnsuitableTemplateError("The template lacks its tab of smelters or its tab of countries.")
    listed = _look_up_rows(look_up, layout)
    by_cid: dict[str, LookedUp] = {}
    rows: dict[tuple[Mineral, str], LookedUp] = {}
    for cid, _, key, row in listed:
        if key.startswith(row.metal.value):
            rows.setdefault((row.metal, key.removeprefix(row.metal.value).casefold()), row)
        if cid:
            by_cid.setdefault(cid, row)
    return OfficialTemplate(
        layout=layout,
        names=frozenset((row.metal, alias.casefold()) for _, alias, _, row in listed),
        by_cid=by_cid,
        rows=rows,
        countries={code: name for row in tabs.rows if (code := _text(row, 0)) and (name := _text(row, 1))},
        whole="100%" if _TEXT_SINCE is not None and version >= _TEXT_SINCE else 1,
        date1904=sheets.date1904,
    )


def _in_place(sheets: Sheets, layout: Layout) -> Layout:
    declaration, smelters = sheets.grid(DECLARATION), sheets.grid(SMELTER_LIST)
    if declaration is None or smelters is None or sheets.renamed or sheets.grid(layout.product_list.sheet) is None:
        raise UnsuitableTemplateError("The template lacks a sheet, or has one under another name.")
    placed = placed_declaration(declaration, layout)
    listed = placed_list(smelters, layout.smelter_list, layout)
    if placed.moved or listed.moved:
        raise UnsuitableTemplateError("Rows or columns of the template have been moved.")
    return replace(placed.layout, smelter_list=listed.place)


def _look_up_rows(grid: Grid, layout: Layout) -> list[tuple[str, str, str, LookedUp]]:
    place = layout.look_ups[0]
    columns = {field: place.column(field) for field in place.columns}
    rows = []
    for number in range(place.first_row, len(grid.rows) + 1):
        texts = {field: entry_text(grid.value(number, columns[field])) for field in ("metal", "alias", "cid")}
        metal = layout.mineral_of(texts["metal"])
        if metal and texts["alias"]:
            shown = (columns["name"], columns["country"], _SOURCE, _STREET, columns["city"], columns["state"])
            found = LookedUp(number, metal, *(_as_it_stands(grid, number, column) for column in shown))
            key = _as_it_stands(grid, number, _KEY)
            rows.append((cid_of(texts["cid"]) or "", texts["alias"], key, found))
    return rows


def _as_it_stands(grid: Grid, row: int, column: int) -> str:
    value = grid.value(row, column)
    return "" if value is None else str(value)


def _text(row: object, column: int) -> str:
    cells = row if isinstance(row, list | tuple) else ()
    return entry_text(cells[column]) if column < len(cells) else ""
