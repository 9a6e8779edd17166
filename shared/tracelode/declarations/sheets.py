"""Which sheet is which: by its name, or where names fail by what stands on it."""

from collections.abc import Callable, Iterable, Mapping

from tracelode.declarations.identifier import cid_of
from tracelode.declarations.place import located_header
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.layouts import (
    CHECKER,
    DECLARATION,
    LOOK_UP,
    PRODUCT_LIST,
    REVISION,
    SMELTER_LIST,
)
from tracelode.declarations.templates.versions import is_revision
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Book, Grid, ParsedSheets, sheet_key
from tracelode.workbooks.limits import MAX_SHEETS_PROBED
from tracelode.workbooks.text import matching_key

_LIST_IN_1_00 = "Smelter and Mine List"
_KNOWN_OTHERS = frozenset(
    map(sheet_key, ("Instructions", "Definitions", "Checker", "L", "C", "SorP", "Tin", "Gold", "Tantalum", "Tungsten"))
)
_SAMPLED_ROWS = 20
_BACK_TO_DECLARATION = matching_key("Click here to return to Declaration tab")
"""What stands above the Product List's header in every language of CMRT 6, also where no program has computed it."""


class Sheets:
    """A workbook's sheets by the titles that one of `templates` gives them."""

    def __init__(self, book: Book, templates: Templates = TEMPLATES) -> None:
        """Finds the sheets. Raises RefusedError where one of them cannot be parsed."""
        self.templates = templates
        self.date1904 = book.date1904
        self._book = book
        self._keys = frozenset(sheet_key(name) for name in book.sheet_names)
        by_key: dict[str, str] = {}
        for name in book.sheet_names:
            by_key.setdefault(sheet_key(name), name)
        self._names = {title: by_key[sheet_key(title)] for title in self._titles() if sheet_key(title) in by_key}
        self._opened: list[ParsedSheets] = [self._open(book)]
        missing = self._missing()
        if missing:
            self._recognise(book, missing)

    def _titles(self) -> Iterable[str]:
        layouts = reversed(self.templates.layouts)
        return (REVISION, *dict.fromkeys(title for layout in layouts for title in layout.sheets), CHECKER)

    def __contains__(self, title: str) -> bool:
        return title in self._names or sheet_key(title) in self._keys

    @property
    def renamed(self) -> Mapping[str, str]:
        """The workbook's own names of sheets that do not go by the template's title."""
        return {title: name for title, name in self._names.items() if sheet_key(title) != sheet_key(name)}

    def grid(self, title: str) -> Grid | None:
        """The cells of a sheet, or None if the workbook has none such. Raises RefusedError where it is damaged."""
        name = self._names.get(title)
        if name is None:
            return None
        grids = (sheets.grid(name) for sheets in self._opened)
        return next((grid for grid in grids if grid is not None), None)

    def links(self, title: str) -> Mapping[str, str]:
        """The addresses that the cells of a sheet lead to, by cell."""
        return self._book.links(self._names[title]) if title in self._names else {}

    def dispensable(self, title: str) -> Grid | None:
        """As `grid`, for a sheet that a reading can do without: None also where it is damaged."""
        try:
            return self.grid(title)
        except RefusedError:
            return None

    def _open(self, book: Book) -> ParsedSheets:
        try:
            return book.open_sheets(self._names.values())
        except RefusedError:
            if self._names.pop(CHECKER, None) is None:
                raise
            return book.open_sheets(self._names.values())

    def _missing(self) -> list[str]:
        found = set(self._names)
        missing = [title for title in (DECLARATION, PRODUCT_LIST) if title not in found]
        if not found & {SMELTER_LIST, _LIST_IN_1_00}:
            missing.append(SMELTER_LIST)
        if not found & {place.sheet for layout in self.templates.layouts for place in layout.look_ups}:
            missing.append(LOOK_UP)
        if _LIST_IN_1_00 in found:
            missing = [title for title in missing if title == DECLARATION]
        return missing

    def _recognise(self, book: Book, missing: Iterable[str]) -> None:
        taken = set(self._names.values())
        others = [name for name in book.sheet_names if name not in taken and sheet_key(name) not in _KNOWN_OTHERS]
        others = others[:MAX_SHEETS_PROBED]
        if not others:
            return
        opened = book.open_sheets(others)
        for name in others:
            grid = opened.grid(name)
            title = next((title for title in missing if grid and self._is(grid, title)), None)
            if title:
                self._names[title] = name
        self._opened.append(opened)

    def _is(self, grid: Grid, title: str) -> bool:
        return title not in self._names and _MARKS[title](grid, self.templates)


def _is_declaration(grid: Grid, _: Templates) -> bool:
    revision = grid.text(3, 10)
    return is_revision(revision) and "revision" in f"{revision} {grid.text(3, 9)}".casefold()


def _is_smelter_list(grid: Grid, templates: Templates) -> bool:
    return "mine" in _columns(grid, templates, "smelter_list") or "revision" in grid.text(3, 17).casefold()


def _is_product_list(grid: Grid, templates: Templates) -> bool:
    named = _columns(grid, templates, "product_list")
    return {"number", "name"} <= named or matching_key(grid.text(4, 2)) == _BACK_TO_DECLARATION


def _is_look_up(grid: Grid, templates: Templates) -> bool:
    if _is_smelter_list(grid, templates):
        return False
    listed = sum(
        cid_of(grid.text(row, 5)) is not None and templates.mineral_of(grid.text(row, 1)) is not None
        for row in range(5, 5 + _SAMPLED_ROWS)
    )
    return {"metal", "name"} <= _columns(grid, templates, "look_up") or listed > _SAMPLED_ROWS // 2


def _columns(grid: Grid, templates: Templates, of_list: str) -> frozenset[str]:
    header = located_header(grid, templates.headers[of_list])
    return frozenset(header.columns) if header else frozenset()


_MARKS: Mapping[str, Callable[[Grid, Templates], bool]] = {
    DECLARATION: _is_declaration,
    SMELTER_LIST: _is_smelter_list,
    PRODUCT_LIST: _is_product_list,
    LOOK_UP: _is_look_up,
}
