"""Countries as ISO 3166 codes, read from many spellings and printed in the form of the edition's year."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pycountry


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory.

    `code` is ISO 3166-1 alpha-2; `name` and `name_2016` are the forms that smelter lists print today and in 2016;
    `in_prose` reads well within a sentence; `continent` follows UN M49 and is "" where M49 gives no region; `covered`
    says whether it is the DRC or adjoins it (Dodd-Frank Act, section 1502(e)(1)).
    """

    code: str
    name: str
    name_2016: str
    in_prose: str
    continent: str
    covered: bool


def country_of(spelling: str) -> Country | None:
    """The country that a text names, whatever its case, accents, spacing and punctuation; None if it names none."""
    return _by_spelling().get(_plain(spelling))


def countries() -> Mapping[str, Country]:
    """All countries by ISO 3166-1 alpha-2 code."""
    return _by_code()


def covered_countries() -> tuple[Country, ...]:
    """The DRC and the nine countries adjoining it, in the order in which filings name them."""
    return tuple(_by_code()[code] for code in _data()["covered"])


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("tracelode.smelters").joinpath("countries.toml").read_text(encoding="utf-8"))


@cache
def _by_code() -> Mapping[str, Country]:
    data = _data()
    continents = {code: name for name, codes in data["continents"].items() for code in codes.split()}
    return {
        entry.alpha_2: Country(
            code=entry.alpha_2,
            name=data["printed"].get(entry.alpha_2, entry.name.upper()),
            name_2016=data["printed_2016"].get(entry.alpha_2, data["printed"].get(entry.alpha_2, entry.name.upper())),
            in_prose=data["in_prose"].get(entry.alpha_2, getattr(entry, "common_name", entry.name)),
            continent=continents.get(entry.alpha_2, ""),
            covered=entry.alpha_2 in data["covered"],
        )
        for entry in sorted(pycountry.countries, key=lambda entry: str(entry.alpha_2))
    }


@cache
def _by_spelling() -> Mapping[str, Country]:
    spellings: dict[str, Country] = {}
    extra = _data()["spellings"]
    for entry in pycountry.countries:
        country = _by_code()[entry.alpha_2]
        official = [getattr(entry, attribute, "") for attribute in ("name", "official_name", "common_name")]
        codes = [entry.alpha_2, entry.alpha_3]
        for spelling in (*official, *codes, country.name, country.name_2016, *extra.get(country.code, ())):
            spellings.setdefault(_plain(spelling), country)
    spellings.pop("")
    return spellings


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed.casefold() if character.isalnum())
