"""The Smelter List's rows as lines, with what the sheet's own formulas would have filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracelode.declarations.declaration import CidSource, SmelterLine
from tracelode.declarations.identifier import cid_of, old_id_of
from tracelode.declarations.look_up import ListedSmelter, LookUp
from tracelode.declarations.templates.layouts import Layout
from tracelode.declarations.templates.questions import LineKind
from tracelode.declarations.templates.vocabulary import choice_of, line_kind_of
from tracelode.minerals import Mineral
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.text import CellValue, entry_text

_DECISIVE = ("cid", "metal", "look_up", "name", "identification")
"""A row is a line if one of these holds a real value."""

_FIELDS = (
    *("cid", "metal", "look_up", "name", "country", "identification", "city", "state", "mine", "mine_country"),
    *("recycled", "comments", "standard_name"),
)

_NOTHING = dict.fromkeys(_FIELDS, "")


def read_smelter_list(grid: Grid, layout: Layout, look_up: LookUp) -> tuple[SmelterLine, ...]:
    """The lines between the list's first and last row, in order. What stands below the last row is not the list's."""
    place = layout.smelter_list
    columns = {field: place.column(field) - 1 for field in _FIELDS if field in place.columns}
    decisive = [columns[field] for field in _DECISIVE if field in columns]
    first = max(place.first_row, 1)
    return tuple(
        _line(number, _texts(row, columns), layout, look_up)
        for number, row in _filled(grid.rows[first - 1 : place.last_row], first, decisive)
    )


def entries_below(grid: Grid, layout: Layout) -> int | None:
    """The first row below the list in which a CID is typed, or None.

    The copyright line, label texts and tables that some versions keep there hold none.
    """
    place = layout.smelter_list
    columns = [place.column(field) for field in ("cid", "identification") if field in place.columns]
    for row in range(place.last_row + 1, len(grid.rows) + 1):
        if any(cid_of(entry_text(grid.value(row, column))) for column in columns):
            return row
    return None


@dataclass(frozen=True, slots=True)
class _Resolved:
    source: CidSource
    cid: str | None
    metal: Mineral | None
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
    return _NOTHING | {field: entry_text(row[column]) for field, column in columns.items() if column < width}


def _line(number: int, texts: Mapping[str, str], layout: Layout, look_up: LookUp) -> SmelterLine:
    kind = line_kind_of(texts["look_up"])
    resolved = _resolve(kind, texts, layout, look_up)
    listed = resolved.listed
    shown = layout.shows_names
    country = (listed.country if listed else "") or texts["country"]
    if shown and texts["country"]:
        country = texts["country"]
    if kind is LineKind.NOT_YET_IDENTIFIED and country.casefold() == "unknown":
        country = ""  # filled by a formula in 6.01 and 6.1 only
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
        name=texts["name"] if shown and texts["name"] else listed.name if listed else _unlisted_name(kind, texts),
        country=country,
        city=listed.city if listed else texts["city"],
        state=listed.state if listed else texts["state"],
        mine=texts["mine"],
        mine_country=texts["mine_country"],
        recycled=choice_of(texts["recycled"], layout.recycled_choices) or texts["recycled"],
        comments=texts["comments"],
    )


def _resolve(kind: LineKind, texts: Mapping[str, str], layout: Layout, look_up: LookUp) -> _Resolved:
    """Who a line means, strongest evidence first."""
    typed = cid_of(texts["cid"])
    metal = layout.mineral_of(texts["metal"])
    if typed:
        listed = look_up.by_cid.get(typed)
        return _Resolved(CidSource.TYPED, typed, listed.metal if listed else metal, listed)
    # An unlisted smelter whose name is known after all is that smelter (Smelter List column V, from 6.22).
    listed = look_up.named(metal, texts["look_up"] if kind is LineKind.LISTED else texts["name"])
    if listed:
        return _Resolved(CidSource.LOOK_UP if listed.cid else CidSource.NONE, listed.cid, listed.metal, listed)
    identification = cid_of(texts["identification"])
    listed = look_up.by_cid.get(identification or old_id_of(texts["identification"]) or "")
    known = listed if listed and metal in (None, listed.metal) else None
    if identification is None and known:
        identification = known.cid  # the tab of 3.x translates the identifications of 2.x
    source = CidSource.COLUMN_F if identification else CidSource.NONE
    return _Resolved(source, identification, metal or (known.metal if known else None), known)


def _unlisted_name(kind: LineKind, texts: Mapping[str, str]) -> str:
    if kind is LineKind.LISTED:
        return texts["standard_name"] or texts["look_up"] or texts["name"]
    return texts["name"]
