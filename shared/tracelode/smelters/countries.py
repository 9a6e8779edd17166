"""Countries as ISO 3166 codes, read from many spellings and printed in the form of the edition's year."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory. `code` is ISO 3166-1 alpha-2; `continent` follows UN M49."""

    code: str
    name: str
    name_2016: str
    continent: str
    covered: bool
