"""The look-up tab of a template, row by row: by which names RMI knows each smelter."""

from dataclasses import dataclass

from tracelode.declarations.detect import detect
from tracelode.declarations.identifier import cid_of
from tracelode.declarations.look_up import look_up_tabs
from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.layouts import Layout, ListLayout
from tracelode.minerals import Mineral
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Book, Grid, Workbook
from tracelode.workbooks.legacy import LegacyWorkbook
from tracelode.workbooks.preflight import is_legacy, open_package
from tracelode.workbooks.text import entry_text


@dataclass(frozen=True, slots=True)
class LookUpRow:
    """A name by which RMI's look-up tab knows a smelter of a metal, in the tab's own spelling.

    `alias` is what a supplier may choose, `standard_name` the name that RMI gives the smelter: mostly the same.
    """

    metal: Mineral
    alias: str
    standard_name: str
    cid: str
    country: str
    city: str
    state: str


class NoTemplateLookUpError(Exception):
    """A file from which no look-up tab can be read; `reason` says why in plain English, in our own words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def read_template_look_up(data: bytes) -> tuple[LookUpRow, ...]:
    """Every row of a CMRT's look-up tab that names a smelter, in the order of the tab; at least one.

    The choices "Smelter not listed" and "Smelter not yet identified", which the tab has once a metal, are no smelters
    and left out. A template need not be filled in. Raises NoTemplateLookUpError for a file that is no CMRT, or one
    whose look-up tab is missing or knows no CID (before 3.00).
    """
    try:
        book: Book = LegacyWorkbook(data) if is_legacy(data) else Workbook(open_package(data))
        sheets = Sheets(book)
        layout = TEMPLATES.layout_for(detect(sheets).version)
        tabs = look_up_tabs(sheets, layout) if layout else ()
    except RefusedError as refused:
        raise NoTemplateLookUpError(refused.finding.message) from None
    rows = tuple(row for grid, place in tabs for row in _rows(grid, place, layout)) if layout else ()
    if not rows:
        raise NoTemplateLookUpError("This CMRT has no look-up tab that lists smelters with their CIDs.")
    return rows


def _rows(grid: Grid, place: ListLayout, layout: Layout) -> list[LookUpRow]:
    columns = {field: place.column(field) for field in place.columns}
    rows = []
    for row in range(place.first_row, min(place.last_row, len(grid.rows)) + 1):
        texts = {field: entry_text(grid.value(row, column)) for field, column in columns.items()}
        metal, cid = layout.mineral_of(texts["metal"]), cid_of(texts.get("cid", ""))
        name = texts.get("name", "")
        alias = texts.get("alias", "") or name
        if metal and cid and alias:
            place_of = (texts.get(field, "") for field in ("country", "city", "state"))
            rows.append(LookUpRow(metal, alias, name or alias, cid, *place_of))
    return rows
