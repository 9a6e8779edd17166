"""What a mine country cell says, as a value; and the form in which the ledger keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracelode.smelters.countries import Country
from tracelode.submission import RECYCLED

MOST_NOT_UNDERSTOOD = 20
"""Parts of a cell that are told as not understood: bounded in number, whatever the cell's length."""
MOST_CHARACTERS = 60
"""Characters that are told of such a part."""


class OriginKind(StrEnum):
    """What a statement of origin is. Values read as the end of "the supplier states ..."."""

    COUNTRIES = "countries"
    """One country or several, whatever else is said beside them."""
    CONFIRMED_BY_RMI = "country of origin inquiry confirmed by RMI"
    """An answer that CMRT 6.5 allows instead of a country (Instructions A63, A64)."""
    RECYCLED = RECYCLED
    """So does CMRT 6.5 allow this one."""
    COUNTRY_LEVELS = "levels of countries"
    """The levels L1 to L3 into which RMI's inquiry data sort countries of origin, and other groups: no country."""
    VARIOUS = "various countries"
    NOT_DISCLOSED = "not disclosed"
    NOT_APPLICABLE = "not applicable or not available"
    """"N/A" does not say which."""
    UNKNOWN = "unknown"
    NOTHING = "nothing"
    """Only something that fills the cell."""
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a mine country cell says.

    `countries` are those that it names as origins, each once, in its order. `kind` is `COUNTRIES` where there are any,
    otherwise the first of its `statements` in the order of `OriginKind`, or `NOT_UNDERSTOOD`. `not_understood` are the
    parts of the text that say neither, and what it denies (untrusted; at most `MOST_NOT_UNDERSTOOD` of them), names
    that several countries share (Congo) among them. `perhaps_covered` says that it speaks of a covered country, or of a
    group that holds some (level 3), and leaves open whether minerals come from there.
    """

    countries: tuple[Country, ...]
    kind: OriginKind
    not_understood: tuple[str, ...]
    statements: tuple[OriginKind, ...] = ()
    perhaps_covered: bool = False


def stated_origin(
    found: Iterable[Country],
    statements: Iterable[OriginKind],
    not_understood: Iterable[str],
    *,
    perhaps: bool = False,
) -> Origin:
    """The origin that these countries, statements and parts make, each once and within bounds."""
    stated = tuple(kind for kind in OriginKind if kind in set(statements))
    named = tuple(dict.fromkeys(found))
    kind = OriginKind.COUNTRIES if named else stated[0] if stated else OriginKind.NOT_UNDERSTOOD
    parts = dict.fromkeys(part[:MOST_CHARACTERS].strip() for part in not_understood)
    covered = any(country.covered for country in named)
    told = tuple(part for part in parts if part)[:MOST_NOT_UNDERSTOOD]
    return Origin(named, kind, told, stated, perhaps_covered=perhaps and not covered)
