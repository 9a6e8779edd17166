"""The workbook's own Smelter Look-up tab: what the formulas of its Smelter List would find there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.identifier import cid_of, old_id_of
from tracelode.declarations.place import placed_list
from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.layouts import LOOK_UP, Layout, ListLayout
from tracelode.minerals import Mineral
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.text import entry_text

_IDENTIFYING = frozenset({"metal", "cid", "old_id", "name", "alias", "aliases"})
_DESCRIBING = ("country", "city", "state")


@dataclass(frozen=True, slots=True)
class ListedSmelter:
    """A smelter as the look-up tab lists it, under its standard name; None for a CID in the time before there were."""

    metal: Mineral
    cid: str | None
    name: str
    country: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """The look-up tabs by identification, and by metal and name.

    The metal is part of the key: names recur across metals. Identifications are CIDs, and in 2.x and 3.x the numbers
    that preceded them, which the tab of 3.x translates.
    """

    by_cid: Mapping[str, ListedSmelter]
    by_name: Mapping[tuple[Mineral, str], ListedSmelter]

    def named(self, metal: Mineral | None, name: str) -> ListedSmelter | None:
        """The smelter of a metal that a look-up name or alias stands for, compared without regard to case."""
        if metal is None or not name:
            return None
        return self.by_name.get((metal, name.casefold()))


NO_LOOK_UP = LookUp({}, {})


def look_up_tabs(sheets: Sheets, layout: Layout) -> tuple[tuple[Grid, ListLayout], ...]:
    """The look-up tabs that a workbook has, each with where its columns are.

    Raises RefusedError where one is damaged, or has other columns than it needs.
    """
    tabs: list[tuple[Grid, ListLayout]] = []
    for place in layout.look_ups:
        grid = sheets.grid(place.sheet)
        if grid is None and LOOK_UP in sheets.renamed:
            grid = sheets.grid(LOOK_UP)
        if grid is not None:
            tabs.append((grid, placed_list(grid, place, layout).place))
    return tuple(tabs)


def read_look_up(tabs: Iterable[tuple[Grid, ListLayout]], layout: Layout) -> LookUp:
    """The tabs' smelters; of two rows with one key the first counts, as for the sheet's MATCH (Smelter List V5)."""
    by_cid: dict[str, ListedSmelter] = {}
    by_name: dict[tuple[Mineral, str], ListedSmelter] = {}
    for grid, place in tabs:
        columns = {field: place.column(field) for field in place.columns}
        for row in range(place.first_row, min(place.last_row, len(grid.rows)) + 1):
            texts = {
                field: entry_text(grid.value(row, column)) for field, column in columns.items() if field in _IDENTIFYING
            }
            metal = layout.mineral_of(texts["metal"])
            cid = cid_of(texts.get("cid", ""))
            if metal is None or not (cid or ("cid" not in columns and texts.get("name"))):
                continue
            identifications = [number for number in (cid, old_id_of(texts.get("old_id", ""))) if number]
            known = next((by_cid[number] for number in identifications if number in by_cid), None)
            if known is None:
                rest = (entry_text(grid.value(row, columns[f])) if f in columns else "" for f in _DESCRIBING)
                known = ListedSmelter(metal, cid, texts.get("name", ""), *rest)
            for number in identifications:
                by_cid.setdefault(number, known)
            for name in _names(texts):
                by_name.setdefault((metal, name.casefold()), known)
    return LookUp(by_cid, by_name)


def _names(texts: Mapping[str, str]) -> Iterable[str]:
    """The look-up name of a row; before there was one, the standard name and the aliases that a row gives."""
    if "alias" in texts:
        return (texts["alias"],) if texts["alias"] else ()
    aliases = texts.get("aliases", "")
    return [name for name in (texts.get("name", ""), aliases, *map(str.strip, aliases.split(","))) if name]
