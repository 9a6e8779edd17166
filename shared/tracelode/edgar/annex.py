"""A filing's annex of smelters: its entries, and the rows that do not say what their columns promise."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from tracelode.edgar.passages import Table, TableCell, TableRow
from tracelode.minerals import Mineral
from tracelode.smelters.countries import Country, country_of
from tracelode.smelters.status import CID, Status
from tracelode.workbooks.text import matching_key

LIKE: Final = 0.6
"""Share of a column's cells that have to read as metals, countries, ... for the column to be one of these."""

_FOOTNOTE = re.compile(r"(?:\s*(?:[*\u2020\u2021\u00a7]+|\(\d{1,2}\)|\[\d{1,2}\]))+$")
_TOTAL = re.compile(r"^(?:grand |sub)?-?total\b", re.IGNORECASE)
_HEADING_CHARACTERS = 80
_ROWS_TO_JUDGE_BY = 60


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of the annex. `status` is None and `printed` "" where it states none; `printed` is the word as printed."""

    line: int
    metal: Mineral
    name: str
    country: Country | None
    status: Status | None
    printed: str = ""
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that does not say what its columns promise: its line, a kind for programs, and a sentence for people."""

    line: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Annex:
    """The entries in the order of the file. What a filing does not print for any facility is no misfit."""

    entries: tuple[AnnexRow, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    has_countries: bool = False
    has_statuses: bool = False


def find_annex(tables: Iterable[Table]) -> Annex:
    """The annex that a filing's tables make up; empty if there is none.

    Consecutive tables (one for each metal, or one a page) count together. A table that repeats rows of another, such
    as one of the facilities in Africa, counts once.
    """
    read: list[_Reading] = []
    roles: Mapping[int, str] = {}
    for table in tables:
        reading = _Reading(table, roles)
        if reading.is_annex:
            read.append(reading)
            roles = reading.roles
    kept: list[_Reading] = []
    known: set[tuple[Mineral, str]] = set()
    for reading in sorted(read, key=lambda one: -len(one.entries)):
        own = [(entry.metal, matching_key(entry.name)) for entry in reading.entries]
        if known and sum(key in known for key in own) > len(own) * LIKE:
            continue
        known.update(own)
        kept.append(reading)
    kept.sort(key=lambda one: one.table.rows[0].line)
    entries = tuple(entry for reading in kept for entry in reading.entries)
    found = [misfit for reading in kept for misfit in reading.misfits]
    found += _repeated(entries)
    found += _odd_words(entries)
    return Annex(
        entries,
        tuple(sorted(found, key=lambda misfit: (misfit.line, misfit.kind))),
        any("country" in reading.roles.values() for reading in kept),
        any(entry.printed for entry in entries),
    )


def printed_metal(text: str) -> Mineral | None:
    """The metal that a text names, footnote marks aside."""
    return _words().metals.get(matching_key(_FOOTNOTE.sub("", text)))


def status_of(text: str) -> Status | None:
    """The status that a text stands for, footnote marks aside."""
    return _words().statuses.get(matching_key(_FOOTNOTE.sub("", text)))


def _country(text: str) -> Country | None:
    return country_of(_FOOTNOTE.sub("", text))


@dataclass(frozen=True, slots=True)
class _Words:
    columns: Mapping[str, re.Pattern[str]]
    metals: Mapping[str, Mineral]
    statuses: Mapping[str, Status]


@cache
def _words() -> _Words:
    data: dict[str, Any] = tomllib.loads(
        files("tracelode.edgar").joinpath("annex_words.toml").read_text(encoding="utf-8")
    )
    return _Words(
        {role: re.compile(pattern, re.IGNORECASE) for role, pattern in data["columns"].items()},
        {matching_key(word): Mineral(metal) for metal, words in data["metals"].items() for word in words},
        {matching_key(word): Status(status) for status, words in data["statuses"].items() for word in words},
    )


_READ_AS: Mapping[str, Callable[[str], object]] = {
    "metal": printed_metal,
    "country": _country,
    "status": status_of,
    "cid": CID.fullmatch,
}


class _Reading:
    """One table read as an annex."""

    def __init__(self, table: Table, roles_before: Mapping[int, str]) -> None:
        self.table = table
        self.entries: list[AnnexRow] = []
        self.misfits: list[Misfit] = []
        self.roles: Mapping[int, str] = {}
        self._metal: Mineral | None = None
        self._status = ""
        header = next((place for place, row in enumerate(table.rows[:12]) if len(_header_roles(row)) >= 2), None)
        if header is not None:
            self.roles = _header_roles(table.rows[header])
        else:
            self.roles = _roles_by_content(table.rows) or (roles_before if _fits(table.rows, roles_before) else {})
        if "name" not in self.roles.values() or len(self.roles) < 2:
            return
        for row in table.rows[: header or 0]:
            self._take_heading(row)
        for row in table.rows[0 if header is None else header + 1 :]:
            self._take(row)

    @property
    def is_annex(self) -> bool:
        return bool(self.entries)

    def _take_heading(self, row: TableRow) -> None:
        text = row.cells[0].text
        if len(row.cells) == 1 and len(text) <= _HEADING_CHARACTERS:
            self._metal = printed_metal(text) or self._metal
            self._status = text if status_of(text) else self._status

    def _take(self, row: TableRow) -> None:
        said = _said(row, self.roles)
        texts = [cell.text for cell in row.cells]
        if len(_header_roles(row)) >= 2 or any(_TOTAL.match(text) for text in texts):
            return
        if len(row.cells) == 1:
            self._take_heading(row)
            return
        # A metal that is printed once, beside the first of its rows, holds for those below.
        written = said.get("metal", "")
        metal = printed_metal(written) if written else self._metal
        elsewhere = {
            role: text
            for role, reads in _READ_AS.items()
            for text in texts
            if role in self.roles.values() and text != said.get(role) and text != said.get("name") and reads(text)
        }
        if metal is None and "metal" in elsewhere:
            metal = printed_metal(elsewhere["metal"])
            self._misfit(row, "shifted", f"the metal {_quoted(elsewhere['metal'])} stands in another column")
        if metal is None:
            if "metal" in self.roles.values() and len(row.cells) > 2:
                self._misfit(row, "metal-unknown", f"{_quoted(written or texts[0])} is no metal")
            return
        self._metal = metal
        name = said.get("name", "")
        if not name:
            self._misfit(row, "name-missing", "no smelter is named")
        country, printed = self._country_and_status(row, said, elsewhere, name)
        cid = said.get("cid", "")
        if cid and not CID.fullmatch(cid) and any(CID.fullmatch(text) for text in texts):
            self._misfit(row, "shifted", f"{_quoted(cid)} stands where the identification number belongs")
            cid = next(text for text in texts if CID.fullmatch(text))
        self.entries.append(
            AnnexRow(row.line, metal, name, country, status_of(printed), printed, cid if CID.fullmatch(cid) else "")
        )

    def _country_and_status(
        self, row: TableRow, said: Mapping[str, str], elsewhere: Mapping[str, str], name: str
    ) -> tuple[Country | None, str]:
        """The country and the word for the status, wherever in the row they stand."""
        place, printed = said.get("country", ""), said.get("status", "") or self._status
        country = _country(place)
        has_country, has_status = "country" in self.roles.values(), "status" in self.roles.values()
        called = _quoted(name)
        if has_country and country is None and status_of(place):
            moved = "" if status_of(printed) else printed
            self._misfit(
                row, "shifted",
                f"{called}: the status {_quoted(place)} stands in the column of the country, so no country is stated",
            )  # fmt: skip
            return _country(moved), place
        if has_country and country is None and place and "country" in elsewhere:
            self._misfit(row, "shifted", f"{called}: {_quoted(place)} stands in the column of the country")
            country = _country(elsewhere["country"])
        elif has_country and not place:
            self._misfit(row, "country-missing", f"{called}: no country is stated")
        elif has_country and country is None:
            self._misfit(row, "country-unknown", f"{called}: {_quoted(place)} is not known as a country")
        if has_status and not printed:
            self._misfit(row, "status-missing", f"{called}: no status is stated")
        elif has_status and status_of(printed) is None and "status" in elsewhere:
            self._misfit(row, "shifted", f"{called}: {_quoted(printed)} stands in the column of the status")
            printed = elsewhere["status"]
        return country, printed

    def _misfit(self, row: TableRow, kind: str, message: str) -> None:
        self.misfits.append(Misfit(row.line, kind, message))


def _header_roles(row: TableRow) -> Mapping[int, str]:
    """What each column is, by the headings of a row; empty if it is no row of headings."""
    roles: dict[int, str] = {}
    for cell in row.cells:
        text = _FOOTNOTE.sub("", cell.text)
        if len(text) > _HEADING_CHARACTERS:
            return {}
        role = next((role for role, pattern in _words().columns.items() if pattern.search(text)), "")
        if role and role not in roles.values():
            roles.update(dict.fromkeys(range(cell.column, cell.column + cell.span), role))
    return roles if len(set(roles.values())) >= 2 else {}


def _said(row: TableRow, roles: Mapping[int, str]) -> Mapping[str, str]:
    said: dict[str, str] = {}
    for cell in row.cells:
        role = roles.get(cell.column)
        if role:
            said[role] = f"{said[role]} {cell.text}" if role in said else cell.text
    return said


def _roles_by_content(rows: Sequence[TableRow]) -> Mapping[int, str]:
    """What each column is, by what stands in it; empty unless two beside the names can be told."""
    columns: dict[int, list[TableCell]] = {}
    judged = [row for row in rows if len(row.cells) > 1][:_ROWS_TO_JUDGE_BY]
    for row in judged:
        for cell in row.cells:
            columns.setdefault(cell.column, []).append(cell)
    roles: dict[int, str] = {}
    for column, cells in sorted(columns.items()):
        for role, reads in _READ_AS.items():
            fitting = sum(reads(cell.text) is not None for cell in cells)
            if fitting > LIKE * len(cells) and role not in roles.values():
                roles[column] = role
                break
    if len(roles) < 2 or len(judged) < 2:
        return {}
    rest = {column: {cell.text for cell in cells if re.search("[^\\W\\d_]{2}", cell.text)}
            for column, cells in columns.items() if column not in roles}  # fmt: skip
    names = max(rest, key=lambda column: (len(rest[column]), -column), default=-1)
    return {**roles, names: "name"} if names >= 0 and rest[names] else {}


def _fits(rows: Sequence[TableRow], roles: Mapping[int, str]) -> bool:
    """Whether rows continue a table of these columns."""
    by_role = {role: [text for row in rows if (text := _said(row, roles).get(role))] for role in _READ_AS}
    told = {role: texts for role, texts in by_role.items() if texts and role in roles.values()}
    return bool(told) and all(
        sum(_READ_AS[role](text) is not None for text in texts) > LIKE * len(texts) for role, texts in told.items()
    )


def _repeated(entries: Sequence[AnnexRow]) -> Iterable[Misfit]:
    """Facilities that are listed twice: by metal and identification number, or by metal and name and country."""
    first: dict[tuple[str, ...], AnnexRow] = {}
    for entry in entries:
        country = entry.country.code if entry.country else ""
        key = (entry.metal, entry.cid or matching_key(entry.name), "" if entry.cid else country)
        if not (entry.cid or entry.name):
            continue
        before = first.setdefault(key, entry)
        if before is not entry:
            differs = before.printed != entry.printed
            yield Misfit(
                entry.line, "status-differs" if differs else "repeated",
                f"{_quoted(entry.name)} ({entry.metal.lower()}) stands in line {before.line} already"
                + (f", as {_quoted(before.printed)} and not as {_quoted(entry.printed)}" if differs else ""),
            )  # fmt: skip


def _odd_words(entries: Sequence[AnnexRow]) -> Iterable[Misfit]:
    """Words in the column of the status that are neither known nor used again."""
    used = Counter(matching_key(entry.printed) for entry in entries)
    for entry in entries:
        if entry.printed and entry.status is None and used[matching_key(entry.printed)] == 1 and len(entries) > 1:
            yield Misfit(entry.line, "status-unknown", f"{_quoted(entry.name)}: {_quoted(entry.printed)} is no status")


def _quoted(text: str) -> str:
    return f"\u201c{text[:80]}\u201d"
