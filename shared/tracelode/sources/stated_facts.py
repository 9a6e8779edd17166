"""What only the registrant can say of itself, and no data tell: `[actions]` and `[supply_chain]` of the profile."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from tracelode.lists.problems import Problem


@dataclass(frozen=True, slots=True)
class Actions:
    """What the registrant did about suppliers in the year; None where it says nothing, which is not 0.

    `contracts_ended`: contracts with so many suppliers ended because of what they declared; `corrections_requested`:
    what the review finds goes to the supplier, with the request to correct it; `indeterminable_followed_up`: those who
    name indeterminable facilities are asked about them; `product_level_encouraged`: suppliers are encouraged to declare
    at product level; `commitment_communicated`: suppliers were told what the registrant expects and commits itself to;
    `assessment_encouraged`: suppliers are encouraged to buy from assessed facilities; `risk_management_plan`: how far
    the plan is.
    """

    contracts_ended: int | None = None
    corrections_requested: bool | None = None
    indeterminable_followed_up: bool | None = None
    product_level_encouraged: bool | None = None
    commitment_communicated: bool | None = None
    assessment_encouraged: bool | None = None
    risk_management_plan: str | None = None


NOTHING_DONE = Actions()
"""A profile that says nothing of what was done."""


@dataclass(frozen=True, slots=True)
class SupplyChain:
    """Where the registrant stands in its supply chain, and whom of it it asked; None where it says nothing.

    `surveyed_tier`: suppliers of which tier were asked; `surveyed_all`: whether all of these were; `coverage`: what
    share of spend or products those asked stand for, in words; `buys_from_smelters`: whether it buys minerals or metal
    from mines, smelters or refiners itself.
    """

    surveyed_tier: str | None = None
    surveyed_all: bool | None = None
    coverage: str | None = None
    buys_from_smelters: bool | None = None


NOTHING_STATED = SupplyChain()
"""A profile that says nothing of the supply chain."""

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "risk_management_plan": ("in place", "in development"),
    "surveyed_tier": ("first",),
}
_NUMBERS: Final = ("contracts_ended",)
_TEXTS: Final = ("coverage",)
_Stated = TypeVar("_Stated", Actions, SupplyChain)


def read_stated(name: str, kind: type[_Stated], table: Any, problems: list[Problem], unknown: list[str]) -> _Stated:
    """What a table of the profile states; what is no such fact is a problem, a key that nothing reads is unknown."""
    if not isinstance(table, dict):
        problems.append(Problem(f"a table [{name}] is required", column=name, found=table))
        return kind()
    keys = {field.name for field in fields(kind)}
    accepted: dict[str, Any] = {}
    for key, value in table.items():
        asked = _asked(key, value)
        if key not in keys:
            unknown.append(f"{name}.{key}")
        elif asked:
            problems.append(Problem(f"{asked} is required", column=f"{name}.{key}", found=value))
        else:
            accepted[key] = value.strip() if isinstance(value, str) else value
    return kind(**accepted)


def _asked(key: str, value: Any) -> str:
    """What a key asks for, where the value is not that."""
    if key in _NUMBERS:
        return "" if type(value) is int and value >= 0 else "a whole number such as 0"
    if key in _TEXTS:
        return "" if isinstance(value, str) else "a text"
    if key in _CHOICES:
        choices = _CHOICES[key]
        return "" if value in choices else "one of " + ", ".join(f'"{choice}"' for choice in choices)
    return "" if isinstance(value, bool) else "true or false"
