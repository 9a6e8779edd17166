"""The workbook's own Smelter Look-up tab: what the formulas of its Smelter List would find there."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracelode.cmrt.grid import Grid
from tracelode.cmrt.identifier import cid_of
from tracelode.cmrt.layouts import Layout
from tracelode.cmrt.text import entry_text
from tracelode.cmrt.vocabulary import metal_of
from tracelode.metals import Metal


@dataclass(frozen=True, slots=True)
class ListedSmelter:
    """A smelter as the look-up tab lists it, under its standard name."""

    metal: Metal
    cid: str
    name: str
    country: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """The look-up tab by CID, and by metal and name. The metal is part of the key: names recur across metals."""

    by_cid: Mapping[str, ListedSmelter]
    by_name: Mapping[tuple[Metal, str], ListedSmelter]

    def named(self, metal: Metal | None, name: str) -> ListedSmelter | None:
        """The smelter of a metal that a look-up name or alias stands for, compared without regard to case."""
        if metal is None or not name:
            return None
        return self.by_name.get((metal, name.casefold()))


NO_LOOK_UP = LookUp({}, {})


def read_look_up(grid: Grid, layout: Layout) -> LookUp:
    """The tab's smelters; of two rows with one key the first counts, as for the sheet's MATCH (Smelter List V5)."""
    columns = {field: layout.look_up.column(field) for field in layout.look_up.columns}
    by_cid: dict[str, ListedSmelter] = {}
    by_name: dict[tuple[Metal, str], ListedSmelter] = {}
    for row in range(layout.look_up.first_row, min(layout.look_up.last_row, len(grid.rows)) + 1):
        cid = cid_of(grid.text(row, columns["cid"]))
        metal = metal_of(grid.text(row, columns["metal"]))
        if cid is None or metal is None:
            continue
        if cid not in by_cid:
            texts = (entry_text(grid.value(row, columns[field])) for field in ("name", "country", "city", "state"))
            by_cid[cid] = ListedSmelter(metal, cid, *texts)
        alias = grid.text(row, columns["alias"]).casefold()
        if alias:
            by_name.setdefault((metal, alias), by_cid[cid])
    return LookUp(by_cid, by_name)
