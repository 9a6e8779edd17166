"""Template versions, compared as RMI numbers them."""

import re
from dataclasses import dataclass
from decimal import Decimal

_REVISION = re.compile(r"\s*(?:revision\s*)?(\d{1,3}+(?:\.\d{1,3}+)?+)([a-z])?+(?![a-z\d])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class TemplateVersion:
    """A template's version: a decimal and a letter, so that 6.22 < 6.31 < 6.4 < 6.5 and 2.03 < 2.03a.

    Comparing part by part would rank 6.22 above 6.5: RMI writes 6.1 for "6.10" (CMRT 6.5, Revision sheet).
    """

    number: Decimal
    letter: str = ""

    @classmethod
    def parse(cls, text: str) -> "TemplateVersion | None":
        """The version that a revision text begins with ("Revision 6.5 April 25, 2025", "2.03a"); None without one."""
        found = _REVISION.match(text)
        if found is None:
            return None
        return cls(Decimal(found[1]), (found[2] or "").lower())

    @property
    def family(self) -> int:
        """The whole number of the version: 6 for 6.22."""
        return int(self.number)

    def __str__(self) -> str:
        number = f"{self.number.normalize():f}"
        return f"{number}{'' if '.' in number else '.0'}{self.letter}"
