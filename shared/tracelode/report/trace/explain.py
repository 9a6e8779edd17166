"""Why a figure is what it is, and where a facility comes from: answered from `provenance.json` alone.

Nothing is computed anew: an answer says what the report was made of when it was published.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from tracelode.declarations.cells import Cells
from tracelode.report.trace.answers import (
    CellReference,
    Choices,
    DeclaredName,
    FacilityAnswer,
    FacilityItem,
    FigureAnswer,
    FileItem,
    FileReference,
    ListReference,
    NameAnswer,
    Reply,
    ReplyItem,
    SupplierAnswer,
    SupplierItem,
    TextItem,
)
from tracelode.report.trace.number_sets import numbers_in
from tracelode.smelters.countries import countries
from tracelode.smelters.names import plain_name
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.origins import origin_of

MOST_NEAR = 5
"""Names that are suggested where one is not known."""
IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "typed": ("cid",),
    "look-up": ("metal", "look_up", "name"),
    "column-f": ("metal", "name", "identification"),
    "none": ("metal", "look_up", "name", "country"),
}
"""The columns of the Smelter List that say who a line names, by how its CID was found."""
_ANY_EVIDENCE = ("cid", "metal", "look_up", "name")
_CID = re.compile(r"CID\d{6}", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?", re.ASCII)


class UnknownNameError(LookupError):
    """Nothing in the report goes by this name; `near` are names that look like it."""

    def __init__(self, query: str, near: Sequence[str]) -> None:
        super().__init__(query)
        self.near = tuple(near)


class NoProvenanceError(ValueError):
    """The bytes are no `provenance.json` that this release can read."""


class Provenance:
    """A published report's provenance, to be asked."""

    def __init__(self, data: bytes) -> None:
        """Raises NoProvenanceError for what is no provenance, or one of a later shape."""
        try:
            document = json.loads(data)
            if document["schema"] != 1:
                raise NoProvenanceError(f"schema {document['schema']} is of a later release")
            self._lists: list[Mapping[str, Any]] = document["lists"]
            self._status_list: list[str] = document["status_list"]
            self._layouts = [Cells(layout["places"]) for layout in document["layouts"]]
            self._suppliers: list[Mapping[str, Any]] = document["suppliers"]
            self._files: list[Mapping[str, Any]] = document["files"]
            self._facilities: list[Mapping[str, Any]] = document["facilities"]
            self._names: list[Mapping[str, Any]] = document["names"]
            self._figures: Mapping[str, Mapping[str, Any]] = document["figures"]
            self.year: int = document["year"]
        except (ValueError, LookupError, TypeError) as error:
            raise NoProvenanceError(str(error)) from error

    @property
    def figures(self) -> Mapping[str, Any]:
        """Every figure's value by name."""
        return {name: figure["value"] for name, figure in self._figures.items()}

    @property
    def facilities(self) -> tuple[tuple[str, str], ...]:
        """The rows of the annex in its order: metal and CID."""
        return tuple((facility["metal"], facility["cid"]) for facility in self._facilities)

    def explain(self, query: str) -> tuple[Reply, ...]:
        """What a figure's name or value, a CID, the name of a smelter or a supplier's id or name means.

        A value that several figures have, and a part of a figure's name, are answered with those figures to choose
        from. Raises UnknownNameError with names that are near.
        """
        for ask in (self._figure_named, self._figures_of_value, self._with_cid, self._with_name, self._supplier_called,
                    self._figures_beneath, self._with_name_like):  # fmt: skip
            answers = tuple(ask(query.strip()))
            if answers:
                return answers
        raise UnknownNameError(query, self._near(query))

    # ---- what a question may mean ------------------------------------------------------------------------------

    def _figure_named(self, query: str) -> Iterator[Reply]:
        if query in self._figures:
            yield self._figure(query)

    def _figures_of_value(self, query: str) -> Iterator[Reply]:
        if not _NUMBER.fullmatch(query):
            return
        number = float(query.rstrip("%").replace(",", ""))
        found = [name for name, value in self.figures.items() if _is_number(value) and float(value) == number]
        yield from self._choices(found)

    def _with_cid(self, query: str) -> Iterator[Reply]:
        if _CID.fullmatch(query):
            cid = query.upper()
            yield from self._answers(
                (number for number, facility in enumerate(self._facilities) if facility["cid"] == cid),
                (number for number, name in enumerate(self._names) if name.get("cid") == cid),
            )

    def _with_name(self, query: str) -> Iterator[Reply]:
        wanted = plain_name(query)
        if wanted:
            yield from self._answers(
                (number for number, facility in enumerate(self._facilities) if plain_name(facility["name"]) == wanted),
                (number for number, name in enumerate(self._names) if plain_name(name.get("name", "")) == wanted),
            )

    def _with_name_like(self, query: str) -> Iterator[Reply]:
        part = plain_name(query)
        found = [n for n, facility in enumerate(self._facilities) if part and part in plain_name(facility["name"])]
        if len(found) == 1:
            yield self._facility(found[0])

    def _supplier_called(self, query: str) -> Iterator[Reply]:
        for number, supplier in enumerate(self._suppliers):
            if query == supplier["id"] or query.casefold() == supplier["name"].casefold():
                yield SupplierAnswer(
                    self._supplier_item(number, ()),
                    supplier["counts"],
                    sum(number in numbers_in(facility["suppliers"]) for facility in self._facilities),
                    self._counting("suppliers", number),
                )

    def _figures_beneath(self, query: str) -> Iterator[Reply]:
        wanted = f".{query.casefold()}."
        yield from self._choices([name for name in self._figures if wanted in f".{name.casefold()}."])

    def _choices(self, names: Sequence[str]) -> Iterator[Reply]:
        if len(names) == 1:
            yield self._figure(names[0])
        elif names:
            yield Choices(tuple((name, self._figures[name]["value"]) for name in names))

    def _answers(self, facilities: Iterable[int], names: Iterable[int]) -> Iterator[Reply]:
        """The rows of the annex, those of the names included, then the names that are none."""
        found = list(names)
        rows = {*facilities, *(self._names[n]["facility"] for n in found if self._names[n].get("facility") is not None)}
        yield from (self._facility(number) for number in sorted(rows))
        yield from (NameAnswer(self._declared(n)) for n in found if self._names[n].get("facility") is None)

    def _near(self, query: str) -> list[str]:
        known = [*self._figures, *(facility["name"] for facility in self._facilities)]
        known += [supplier["id"] for supplier in self._suppliers]
        folded = {name.casefold(): name for name in known}
        return [folded[near] for near in get_close_matches(query.casefold(), folded, MOST_NEAR)]

    # ---- answers -----------------------------------------------------------------------------------------------

    def _figure(self, name: str) -> FigureAnswer:
        figure = self._figures[name]
        pieces = figure.get("from", ())
        made_of = [*figure.get("parts", ()), *([figure["whole"]] if "whole" in figure else [])]
        return FigureAnswer(
            name=name,
            value=figure["value"],
            says=figure.get("says", ""),
            rule=figure.get("rule", ""),
            items=tuple(item for piece in pieces for item in self._items(name, piece)),
            counted="answers" if len(pieces) > 1 else pieces[0]["of"] if pieces else "",
            parts=tuple((part, self._figures[part]["value"]) for part in made_of if part in self._figures),
            lists=self._status_lists if any(piece["of"] == "facilities" for piece in pieces) else (),
        )

    def _facility(self, number: int) -> FacilityAnswer:
        facility = self._facilities[number]
        return FacilityAnswer(
            metal=facility["metal"],
            cid=facility["cid"],
            name=facility["name"],
            country=facility["country"],
            printed_status=facility["printed_status"],
            listed=self._listed(facility),
            lists=self._status_lists,
            known_from=facility.get("known_from", ""),
            suppliers=len(numbers_in(facility["suppliers"])),
            declared=tuple(map(self._declared, numbers_in(facility["names"]))),
            figures=self._counting("facilities", number),
        )

    def _counting(self, kind: str, number: int) -> tuple[str, ...]:
        return tuple(
            name
            for name, figure in self._figures.items()
            if any(piece["of"] == kind and number in _numbers(piece) for piece in figure.get("from", ()))
        )

    def _items(self, figure: str, piece: Mapping[str, Any]) -> Iterator[ReplyItem]:
        cells = tuple(piece.get("cells", ()))
        kind = piece["of"]
        if "texts" in piece:
            for text in piece["texts"]:
                yield from self._files_called(text) if kind == "lists" else [self._text_item(figure, kind, text)]
            return
        for number in _numbers(piece):
            if kind == "facilities":
                yield self._facility_item(number, figure, cells)
            elif kind == "suppliers":
                yield self._supplier_item(number, cells)
            elif kind == "files":
                yield FileItem(self._file(number), self._answer_cells(number, cells))
            elif kind == "names":
                yield self._declared(number)

    def _facility_item(self, number: int, figure: str, cells: tuple[str, ...]) -> FacilityItem:
        facility = self._facilities[number]
        columns = [place.partition(":")[2] for place in cells if place.startswith("column:")]
        return FacilityItem(
            metal=facility["metal"],
            cid=facility["cid"],
            name=facility["name"],
            country=facility["country"],
            printed_status=facility["printed_status"],
            listed=self._listed(facility),
            suppliers=len(numbers_in(facility["suppliers"])),
            cells=tuple(self._stating(facility, figure, columns)) if columns else (),
        )

    def _stating(self, facility: Mapping[str, Any], figure: str, columns: Sequence[str]) -> Iterator[CellReference]:
        """The cells in which the suppliers that state what a figure counts say something of the mineral's origin."""
        wanted = figure.rpartition(".")[2]
        for number in numbers_in(facility["names"]):
            name = self._names[number]
            stating = {
                supplier
                for text, suppliers in name.get("origins", {}).items()
                if _states(text, wanted)
                for supplier in numbers_in(suppliers)
            }
            for cell in self._line_cells(name, columns):
                if any(self._suppliers[supplier]["id"] == cell.file.supplier_id for supplier in stating):
                    yield cell

    def _supplier_item(self, number: int, cells: tuple[str, ...]) -> SupplierItem:
        supplier = self._suppliers[number]
        files = numbers_in(supplier["files"])
        return SupplierItem(
            supplier_id=supplier["id"],
            name=supplier["name"],
            state=supplier["state"],
            files=tuple(map(self._file, files)),
            cells=tuple(cell for file in files for cell in self._answer_cells(file, cells)),
        )

    def _text_item(self, figure: str, kind: str, text: str) -> TextItem:
        if kind != "countries":
            return TextItem(text, text)
        name = countries()[text].name if text in countries() else text
        lying = (facility["cid"] for facility in self._facilities if facility["country_code"] == text)
        return TextItem(text, name, () if "origin" in figure else tuple(lying))

    def _declared(self, number: int) -> DeclaredName:
        name = self._names[number]
        columns = IDENTIFYING.get(name.get("found_by", ""), _ANY_EVIDENCE)
        return DeclaredName(
            metal=name.get("metal", ""),
            cid=name.get("cid", ""),
            name=name.get("name", ""),
            country=name.get("country", ""),
            outcome=name["outcome"],
            step=name.get("step", ""),
            trace=tuple(name.get("trace", ())),
            doubts=tuple(name.get("doubts", ())),
            lines=name["lines"],
            cells=tuple(self._line_cells(name, columns)),
        )

    def _line_cells(self, name: Mapping[str, Any], columns: Sequence[str]) -> Iterator[CellReference]:
        rows = name.get("rows", "").split()
        for number, stood in zip(numbers_in(name.get("files", "")), rows, strict=True):
            cells = self._layouts[self._files[number]["layout"]]
            letters = [letter for letter in map(cells.column, columns) if letter]
            for row in stood.split("+"):
                found = tuple(f"{letter}{row}" for letter in letters) if row.isdecimal() else ()
                yield CellReference(self._file(number), cells.smelter_list, found)

    def _answer_cells(self, number: int, places: Sequence[str]) -> tuple[CellReference, ...]:
        layout = self._files[number].get("layout")
        if layout is None or not places:
            return ()
        cells = self._layouts[layout]
        found = tuple(cell for cell in dict.fromkeys(map(cells.at, places)) if cell)
        return (CellReference(self._file(number), cells.declaration, found),)

    def _file(self, number: int) -> FileReference:
        return self._references[number]

    @cached_property
    def _references(self) -> list[FileReference]:
        return [
            FileReference(
                supplier_id=self._suppliers[file["supplier"]]["id"],
                supplier=self._suppliers[file["supplier"]]["name"],
                key=file["key"],
                sha256=file["sha256"],
                received=file["received"],
                state=file["state"],
                errors=file.get("errors", {}),
            )
            for file in self._files
        ]

    def _listed(self, facility: Mapping[str, Any]) -> ListReference | None:
        listed = facility.get("listed")
        if listed is None:
            return None
        known = next(self._files_called(listed["file"]), None)
        return ListReference(
            name=listed["file"],
            key=known.key if known else "",
            sha256=known.sha256 if known else "",
            as_of=listed["as_of"],
            in_force=known.in_force if known else True,
            row=listed["row"],
            says=listed["says"],
        )

    @cached_property
    def _status_lists(self) -> tuple[ListReference, ...]:
        return tuple(found for name in self._status_list for found in self._files_called(name))

    def _files_called(self, name: str) -> Iterator[ListReference]:
        for entry in self._lists:
            if entry["name"] == name and entry["in_force"]:
                yield ListReference(name, entry["key"], entry["sha256"], entry["as_of"], entry["in_force"])


def _numbers(piece: Mapping[str, Any]) -> tuple[int, ...]:
    return numbers_in(piece.get("numbers", ""))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _states(text: str, wanted: str) -> bool:
    """Whether a statement of origin says what the last part of a figure's name stands for: a country, or a statement.

    For "facilities" any country will do.
    """
    origin = origin_of(text)
    if wanted == "facilities":
        return bool(origin.countries)
    if wanted == "facilities_from_covered_countries":
        return any(country.covered for country in origin.countries)
    if wanted.upper() in OriginKind.__members__:
        return OriginKind[wanted.upper()] in origin.statements
    return any(country.code == wanted for country in origin.countries)
