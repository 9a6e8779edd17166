"""Template versions, compared as RMI numbers them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from tracelode.template_kind import TemplateKind

_REVISION = re.compile(
    r"\s*(?:revision\s*)?(\d{1,3}+(?:\.\d{1,3}+)?+)(?:\.(\d{1,2}+))?+([a-z])?+(?![a-z\d])", re.IGNORECASE
)


@total_ordering
@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A version of a template kind: a decimal, a patch and a letter, so that 6.22 < 6.31 < 6.4 < 6.5, 6.6 < 6.6.1 and
    2.03 < 2.03a.

    Comparing part by part would rank 6.22 above 6.5: RMI writes 6.1 for "6.10" (CMRT 6.5, Revision sheet). Versions of
    two kinds are neither older nor newer: comparing them raises TypeError.
    """

    kind: TemplateKind
    number: Decimal
    letter: str = ""
    patch: int = 0

    @classmethod
    def parse(cls, kind: TemplateKind, text: str) -> "TemplateVersion | None":
        """The version that a revision text begins with ("Revision 6.5 April 25, 2025", "2.03a"); None without one."""
        found = _REVISION.match(text)
        if found is None:
            return None
        return cls(kind, Decimal(found[1]), (found[3] or "").lower(), int(found[2] or 0))

    @property
    def family(self) -> int:
        """The whole number of the version: 6 for 6.22."""
        return int(self.number)

    @property
    def stated(self) -> str:
        """The version without its kind, as a submission is recorded with it beside its kind: "6.5"."""
        number = f"{self.number.normalize():f}"
        patch = f".{self.patch}" if self.patch else ""
        return f"{number}{'' if '.' in number else '.0'}{patch}{self.letter}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, TemplateVersion) or other.kind != self.kind:
            return NotImplemented
        return (self.number, self.patch, self.letter) < (other.number, other.patch, other.letter)

    def __str__(self) -> str:
        return f"{self.kind} {self.stated}"


def is_revision(text: str) -> bool:
    """Whether a text begins with a version, of whatever kind."""
    return _REVISION.match(text) is not None
