"""Countries as ISO 3166 codes, read from many spellings and printed in the form of the edition's year.

Where a smelter lies is one thing, where its mineral comes from another: for that see `tracelode.smelters.origins`.
"""

import gettext
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Protocol

import pycountry
from rapidfuzz import fuzz, process

from tracelode.printing.printable import printable

SIMILAR_FROM = 82.0
"""Similarity (0 to 100, rapidfuzz's ratio) from which a text may be a misspelt name of a country."""
CLEARLY_NEARER = 4.0
"""By how much a text must be nearer to the country that is suggested than to any other."""
SHORTEST_MISSPELT, LONGEST_MISSPELT = 4, 60
"""Letters of a text for which a country is suggested."""

_VOICING = frozenset("\u3099\u309a")
"""Combining marks that tell Japanese letters apart, where an accent on a Latin letter does not matter."""
_ALIKE = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_NAMES = ("name", "official_name", "common_name")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory.

    `code` is ISO 3166-1 alpha-2; `name` and `name_2016` are the forms that smelter lists print today and in 2016;
    `in_prose` reads well within a sentence; `continent` follows UN M49 and is "" where M49 gives no region; `covered`
    says whether it is the DRC or adjoins it (Dodd-Frank Act, section 1502(e)(1); CMRT 6.5, Definitions C7).
    """

    code: str
    name: str
    name_2016: str
    in_prose: str
    continent: str
    covered: bool


class HighRisk(Protocol):
    """Whatever has named lists of high-risk countries, by ISO 3166-1 alpha-2 code."""

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The lists by name."""


def country_of(spelling: str) -> Country | None:
    """The country that a text names, None if it names none or more than one.

    Names count in English and the other languages of CMRT 6.5, whatever their case, accents, spacing and punctuation;
    ISO 3166 codes count in capitals, and so does CONGO as lists print it. A misspelling is not guessed at, nor is a
    name that several countries share.
    """
    found = candidates_of(spelling)
    return found[0] if len(found) == 1 else None


def candidates_of(text: str) -> tuple[Country, ...]:
    """The countries that a text may name: none, one, or where countries share a name (Congo) all of them, by code."""
    plain = plain_country(text)
    # What cannot be printed counts for nothing, or a text would name another country once it has been printed.
    capitals = _in_capitals().get(unicodedata.normalize("NFKC", printable(text)).strip())
    if capitals or not plain:
        return (capitals,) if capitals else ()
    return _english().get(plain) or country_names().get(plain, ())


@lru_cache(maxsize=4096)
def suggested_country(text: str) -> Country | None:
    """The country whose English name a text may misspell, for a person to decide; None if none is near, or several."""
    plain = plain_country(text)
    if candidates_of(text) or not SHORTEST_MISSPELT <= len(plain) <= LONGEST_MISSPELT:
        return None
    nearest: dict[str, float] = {}
    for name, score, _ in process.extract(
        plain, _english().keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM, limit=None
    ):
        for country in _english()[name]:
            nearest[country.code] = max(score, nearest.get(country.code, 0.0))
    ranked = sorted(nearest.items(), key=lambda entry: (-entry[1], entry[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY_NEARER):
        return None
    return countries()[ranked[0][0]]


def coded(text: str) -> Country | None:
    """The country whose ISO 3166 code a text is, in capitals, and not a name or a usual abbreviation of one."""
    known = text in _codes() and text not in _abbreviations() and plain_country(text) not in country_names()
    return _in_capitals().get(text) if known else None


def country_or_code(text: str) -> Country | None:
    """As `country_of` for a text that is meant as a country: a code that is also a word (NA) counts as one."""
    return countries().get(text.strip()) or country_of(text)


def countries() -> Mapping[str, Country]:
    """All countries by ISO 3166-1 alpha-2 code."""
    return _by_code()


def continents() -> tuple[str, ...]:
    """The regions of UN M49 that a country can lie in."""
    return tuple(_data()["continents"])


def covered_countries() -> tuple[Country, ...]:
    """The DRC and the nine countries adjoining it, in the order in which filings name them."""
    return tuple(_by_code()[code] for code in _data()["covered"])


def risk_lists(country: Country, risk: HighRisk) -> tuple[str, ...]:
    """The names of the program's high-risk lists that a country is on, in the program's order."""
    return tuple(name for name, codes in risk.lists.items() if country.code in codes)


def plain_country(text: str) -> str:
    """What two spellings of a name have in common: letters and digits without case and accents, "&" as "and"."""
    text = text.replace("&", "and")
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    return "".join(character for character in decomposed if character.isalnum() or character in _VOICING)


@cache
def country_names() -> Mapping[str, tuple[Country, ...]]:
    """The countries that each name stands for, by `plain_country`: English names first, other languages beside them."""
    names = dict(_english())
    foreign: dict[str, set[str]] = defaultdict(set)
    for language in _data()["languages"]:
        translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for entry in pycountry.countries:
            for name in _iso_names(entry):
                foreign[plain_country(translation.gettext(name))].add(entry.alpha_2)
    for plain, codes in foreign.items():
        if plain:
            names.setdefault(plain, _all_of(codes))
    return names


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
def _english() -> Mapping[str, tuple[Country, ...]]:
    """The names of ISO 3166, the printed forms and our own spellings; a name that several share stands for them all."""
    data = _data()
    names: dict[str, set[str]] = defaultdict(set)
    for entry in pycountry.countries:
        country = _by_code()[entry.alpha_2]
        printed = (country.name, country.name_2016, country.in_prose)
        for name in (*_iso_names(entry), *printed, *data["spellings"].get(country.code, ())):
            names[plain_country(name)].add(country.code)
    for group in data["ambiguous"]:
        for name in group["names"]:
            names[plain_country(name)] = set(group["countries"])
    with_article = {f"the{plain}": codes for plain, codes in names.items() if plain.isascii()}
    return {plain: _all_of(codes) for plain, codes in {**with_article, **names}.items()}


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for entry in pycountry.countries for code in (entry.alpha_2, entry.alpha_3))


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(text for texts in _data()["in_capitals"].values() for text in texts)


@cache
def _in_capitals() -> Mapping[str, Country]:
    data = _data()
    codes = {code: entry.alpha_2 for entry in pycountry.countries for code in (entry.alpha_2, entry.alpha_3)}
    codes |= {text: code for code, texts in data["in_capitals"].items() for text in texts}
    return {code: _by_code()[codes[code]] for code in sorted(codes.keys() - set(data["codes_that_are_words"]))}


def _iso_names(entry: Any) -> tuple[str, ...]:
    return tuple(str(getattr(entry, attribute)) for attribute in _NAMES if getattr(entry, attribute, ""))


def _all_of(codes: Iterable[str]) -> tuple[Country, ...]:
    return tuple(_by_code()[code] for code in sorted(codes))
