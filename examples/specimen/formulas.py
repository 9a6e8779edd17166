"""What the formulas of a CMRT's Smelter List show, as plain values."""

from collections.abc import Iterable

from examples.specimen.content import NOT_LISTED, NOT_YET_IDENTIFIED, LookUpEntry, SmelterRow
from examples.specimen.layout import Edition


class Formulas:
    """What the formulas of the Smelter List show (CMRT 6.x, columns B to J, R, S)."""

    def __init__(self, look_up: Iterable[LookUpEntry], edition: Edition) -> None:
        self._edition = edition
        self._by_cid: dict[str, LookUpEntry] = {}
        self._by_alias: dict[str, LookUpEntry] = {}
        for entry in look_up:
            if entry.cid:
                self._by_cid.setdefault(entry.cid.casefold(), entry)
            self._by_alias.setdefault((entry.metal + entry.alias).casefold(), entry)

    def shown(self, row: SmelterRow) -> dict[str, str | int]:
        """The values of a row's formulas by column; only of those that show anything."""
        metal, lookup = row.metal, row.lookup
        typed: dict[str, str | int] = {}
        if row.cid != "":
            known = self._by_cid.get(row.cid.casefold()) if isinstance(row.cid, str) else None
            if known is None and not metal:
                return dict.fromkeys("BCGST", "#N/A")
            if known is not None:
                metal, lookup = metal or known.metal, lookup or known.name
                typed = {"B": metal, "C": lookup}
        if not lookup:
            return typed
        return typed | self._from_look_up(metal, lookup, row.name)

    def _from_look_up(self, metal: str, lookup: str, name: str) -> dict[str, str | int]:
        special = lookup.casefold() in (NOT_LISTED.casefold(), NOT_YET_IDENTIFIED.casefold())
        key = name if special and self._edition.names_unlisted_by_alias else lookup
        entry = self._by_alias.get((metal + key).casefold())
        if entry is not None and entry.cid:
            return {
                "E": entry.country,
                "F": entry.cid,
                "G": entry.source or 0,
                "H": 0,
                "I": entry.city or 0,
                "J": entry.state or 0,
                "R": entry.name,
                "S": entry.country_code,
            }
        cells: dict[str, str | int] = {}
        if special and self._edition.unresolved_is_zero:
            cells = dict.fromkeys("FHIJ", 0)
        if lookup.casefold() == NOT_LISTED.casefold():
            return cells | {"G": "Enter smelter details"}
        if lookup.casefold() == NOT_YET_IDENTIFIED.casefold():
            if self._edition.unresolved_is_zero:
                cells |= {"E": "Unknown", "G": 0, "R": "Unknown"}
            return cells | {"S": "Unknown"}
        return cells
