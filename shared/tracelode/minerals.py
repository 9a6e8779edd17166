"""The four conflict minerals' metals (Dodd-Frank Act, section 1502: tantalum, tin, tungsten, gold)."""

from enum import StrEnum


class Mineral(StrEnum):
    """A metal, in the order of a CMRT's question blocks (CMRT 6.5, Declaration rows 26-29)."""

    TANTALUM = "Tantalum"
    TIN = "Tin"
    GOLD = "Gold"
    TUNGSTEN = "Tungsten"


ALPHABETICAL: tuple[Mineral, ...] = tuple(sorted(Mineral))
"""The order of a filing's annex."""
