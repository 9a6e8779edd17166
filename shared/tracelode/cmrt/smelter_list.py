"""The Smelter List's rows as lines, with what the sheet's own formulas would have filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracelode.cmrt.declaration import CidSource, LineKind, SmelterLine
from tracelode.cmrt.grid import Grid
from tracelode.cmrt.identifier import cid_of
from tracelode.cmrt.layouts import Layout
from tracelode.cmrt.look_up import ListedSmelter, LookUp
from tracelode.cmrt.text import CellValue, entry_text
from tracelode.cmrt.vocabulary import choice_of, kind_of, metal_of
from tracelode.metals import Metal

_DECISIVE = ("cid", "metal", "look_up", "name", "identification")
"""A row is a line if one of these holds a real value (domain page, trap 11)."""


def read_smelter_list(grid: Grid, layout: Layout, look_up: LookUp) -> tuple[SmelterLine, ...]:
    """The lines between the list's first and last row, in order. What stands below the last row is not the list's."""
    columns = {field: layout.smelter_list.column(field) - 1 for field in layout.smelter_list.columns}
    decisive = [columns[field] for field in _DECISIVE]
    first, last = layout.smelter_list.first_row, layout.smelter_list.last_row
    return tuple(
        _line(number, _texts(row, columns), layout, look_up)
        for number, row in _filled(grid.rows[first - 1 : last], first, decisive)
    )


def entries_below(grid: Grid, layout: Layout) -> int | None:
    """The first row below the list in which a CID is typed, or None.

    The copyright line, label texts and tables that some versions keep there hold none (domain page, trap 12).
    """
    column = layout.smelter_list.column("cid")
    for row in range(layout.smelter_list.last_row + 1, len(grid.rows) + 1):
        if cid_of(entry_text(grid.value(row, column))):
            return row
    return None


@dataclass(frozen=True, slots=True)
class _Resolved:
    source: CidSource
    cid: str | None
    metal: Metal | None
    listed: ListedSmelter | None


def _filled(
    rows: Sequence[Sequence[CellValue]], first: int, decisive: Sequence[int]
) -> Iterator[tuple[int, Sequence[CellValue]]]:
    for number, row in enumerate(rows, start=first):
        width = len(row)
        if any(row[column] and entry_text(row[column]) for column in decisive if column < width):
            yield number, row


def _texts(row: Sequence[CellValue], columns: Mapping[str, int]) -> dict[str, str]:
    width = len(row)
    return {field: entry_text(row[column]) if column < width else "" for field, column in columns.items()}


def _line(number: int, texts: Mapping[str, str], layout: Layout, look_up: LookUp) -> SmelterLine:
    kind = kind_of(texts["look_up"])
    resolved = _resolve(kind, texts, look_up)
    listed = resolved.listed
    country = listed.country if listed else texts["country"]
    if kind is LineKind.NOT_YET_IDENTIFIED and country.casefold() == "unknown":
        country = ""  # filled by a formula in 6.01 and 6.1 only (domain page, 4.2 d)
    return SmelterLine(
        row=number,
        kind=kind,
        typed_cid=texts["cid"],
        typed_metal=texts["metal"],
        typed_lookup=texts["look_up"],
        typed_name=texts["name"],
        typed_country=texts["country"],
        typed_identification=texts["identification"],
        metal=resolved.metal,
        cid=resolved.cid,
        cid_source=resolved.source,
        name=listed.name if listed else _unlisted_name(kind, texts),
        country=country,
        city=listed.city if listed else texts["city"],
        state=listed.state if listed else texts["state"],
        mine=texts["mine"],
        mine_country=texts["mine_country"],
        recycled=choice_of(texts["recycled"], layout.recycled_choices) or texts["recycled"],
        comments=texts["comments"],
    )


def _resolve(kind: LineKind, texts: Mapping[str, str], look_up: LookUp) -> _Resolved:
    """Who a line means, strongest evidence first (domain page, 4.3)."""
    typed = cid_of(texts["cid"])
    metal = metal_of(texts["metal"])
    if typed:
        listed = look_up.by_cid.get(typed)
        return _Resolved(CidSource.TYPED, typed, listed.metal if listed else metal, listed)
    # An unlisted smelter whose name is known after all is that smelter (Smelter List column V, from 6.22).
    listed = look_up.named(metal, texts["look_up"] if kind is LineKind.LISTED else texts["name"])
    if listed:
        return _Resolved(CidSource.LOOK_UP, listed.cid, listed.metal, listed)
    identification = cid_of(texts["identification"])
    if identification:
        listed = look_up.by_cid.get(identification)
        known = listed if listed and metal in (None, listed.metal) else None
        return _Resolved(CidSource.COLUMN_F, identification, metal or (known.metal if known else None), known)
    return _Resolved(CidSource.NONE, None, metal, None)


def _unlisted_name(kind: LineKind, texts: Mapping[str, str]) -> str:
    if kind is LineKind.LISTED:
        return texts["standard_name"] or texts["look_up"] or texts["name"]
    return texts["name"]
