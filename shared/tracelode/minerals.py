"""Minerals: which are known, kept as data (minerals.toml), and which of them the law of the United States knows.

Nobody asks for all minerals there are. Which ones a question is about is said by a template, a declaration or a
program; what Form SD, its exhibit and its annex speak of are the `CONFLICT_MINERALS`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, ClassVar


class Mineral(str):
    """A mineral by its English name: a text, so that it prints, sorts and is written as its name.

    Templates also ask about minerals in free text, so any name is one; what is known of it stands in a registry. Two
    of one name are equal, not identical. The four with a name in the code are those that the statute names.
    """

    __slots__ = ()

    TANTALUM: ClassVar["Mineral"]
    TIN: ClassVar["Mineral"]
    GOLD: ClassVar["Mineral"]
    TUNGSTEN: ClassVar["Mineral"]

    @property
    def value(self) -> str:
        """The name as plain text."""
        return str(self)


Mineral.TANTALUM = Mineral("Tantalum")
Mineral.TIN = Mineral("Tin")
Mineral.GOLD = Mineral("Gold")
Mineral.TUNGSTEN = Mineral("Tungsten")


@dataclass(frozen=True, slots=True)
class RegisteredMineral:
    """What is known of a mineral: its chemical symbol ("" for none), whether the law on conflict minerals names it, and
    its names in the other languages of the templates."""

    mineral: Mineral
    symbol: str
    conflict_mineral: bool
    spellings: tuple[str, ...]


def read_minerals(document: Mapping[str, Any]) -> Mapping[Mineral, RegisteredMineral]:
    """A registry from its data (minerals.toml), in the order in which it has them."""
    return MappingProxyType({Mineral(entry["name"]): _registered(entry) for entry in document["mineral"]})


def mineral_named(text: str, minerals: Iterable[Mineral]) -> Mineral | None:
    """Which of some minerals a text names in English, whatever its case; None if it names none of them."""
    folded = text.casefold()
    return next((mineral for mineral in minerals if mineral.casefold() == folded), None)


def _registered(entry: Mapping[str, Any]) -> RegisteredMineral:
    return RegisteredMineral(
        mineral=Mineral(entry["name"]),
        symbol=entry.get("symbol", ""),
        conflict_mineral=entry.get("conflict_mineral", False),
        spellings=tuple(spelling for spelled in entry.get("spellings", {}).values() for spelling in spelled),
    )


MINERALS: Mapping[Mineral, RegisteredMineral] = read_minerals(
    tomllib.loads(files("tracelode").joinpath("minerals.toml").read_text(encoding="utf-8"))
)
"""The registry."""

CONFLICT_MINERALS: tuple[Mineral, ...] = tuple(known.mineral for known in MINERALS.values() if known.conflict_mineral)
"""Tantalum, tin, gold and tungsten ("3TG"), in the order of a CMRT: all that Form SD and its exhibit speak of, and all
that "covered countries" are asked about (Dodd-Frank Act, section 1502; 17 CFR 240.13p-1)."""

ANNEX_MINERALS: tuple[Mineral, ...] = tuple(sorted(CONFLICT_MINERALS))
"""The same in the order of a filing's annex."""
