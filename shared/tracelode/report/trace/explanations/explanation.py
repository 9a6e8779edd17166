"""How a figure came about: what it counts in a sentence, whose rule that is, and what it was counted from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tracelode.declarations.templates.questions import Scope
from tracelode.report.trace.evidence import Finder


class Reckoning(StrEnum):
    """What makes a figure of its evidence."""

    COUNT = "count"
    """How many there are, in all pieces of evidence together."""
    LINES = "lines"
    """How many lines declare the names."""
    LISTED = "listed"
    """The texts themselves."""
    NEWEST = "newest"
    """The day on which the newest of the files was received."""
    SHARE = "share"
    """The sum of other figures over another one."""
    STATED = "stated"
    """What the lists themselves say."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure's entry. For a share, `parts` are the figures that are added up and `whole` the one beneath."""

    figure: str
    says: str
    rule: str
    evidence: Finder
    reckoning: Reckoning = Reckoning.COUNT
    parts: tuple[str, ...] = ()
    whole: str = ""


SCOPES: Final = {
    "company_level": (Scope.COMPANY, "their company"),
    "product_level": (Scope.PRODUCT, "products"),
    "user_defined": (Scope.USER_DEFINED, "a class of their own"),
}
"""By the name of the figures that count it, the scope of a declaration and what it is for."""
