"""What a text can hardly be meant as: a name, an address, a mine. Conservative: what might be genuine passes."""

import re
from functools import lru_cache

from tracelode.smelters.countries import candidates_of, country_of
from tracelode.smelters.origins import read_origin, speaks_of_recycled
from tracelode.workbooks.text import matching_key

_PLACEHOLDERS = frozenset(
    matching_key(text)
    for text in (
        "n/a", "na", "not available", "not applicable", "not known", "not disclosed", "confidential", "unknown", "none",
        "nil", "null", "same", "same as above", "as above", "see above", "ditto", "same as contact", "tbd", "tba",
        "tbc", "to be determined", "to be confirmed", "pending", "test", "dummy", "yes", "no", "name", "company",
        "company name", "contact name", "email", "various", "several", "many", "other", "others",
        "keine Angabe", "k.A.", "unbekannt", "nicht bekannt", "gleich", "inconnu", "idem", "néant", "desconocido",
        "ninguno", "mismo", "desconhecido", "nenhum", "mesmo", "sconosciuto", "nessuno", "stesso", "bilinmiyor",
        "無", "无", "没有", "不適用", "不适用", "未知", "同上", "不明", "なし", "該当なし", "同じ", "없음", "해당없음",
        "모름", "상동", "동일",
    )
)  # fmt: skip
_TRADERS = frozenset(
    ("trading", "trader", "traders", "distributor", "distributors", "broker", "brokers", "reseller", "wholesaler")
)
_TRADING_IN_CHARACTERS = ("贸易", "貿易", "商贸", "商貿", "商事", "무역")
_CONFIRMED_BY_RMI = "rcoi"
_LONGEST_ADDRESS = 320
_BESIDE_ADDRESS = re.compile(
    r"\([^()]{0,200}\)|\bmailto:|\b[^\W\d_]{1,20}(?:-[^\W\d_]{1,20})?\s?[:：]\s", re.IGNORECASE
)
_IN_ANGLES = re.compile(r"<([^<>]{1,320})>")
_BETWEEN_ADDRESSES = re.compile(r"[\s;,/|]+(?:(?:and|or|und|et|y|e)\s)?")
_EMAIL = re.compile(r"[^\s@<>;,:()]+@[^\s@<>;,.()]+(?:\.[^\s@<>;,.()]+)+")
_SCHEME = re.compile(r"https?://[^\s/.]+\.[^\s]", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,24}(?:[/:?#].*)?", re.DOTALL)
_WORD = re.compile(r"\w+")
_FEWEST_PHONE_DIGITS = 5
_AFTER_LATIN = 0x250


def is_placeholder(text: str) -> bool:
    """Whether a text only fills its cell: "n/a", "same", dashes, digits alone, one letter again and again."""
    key = matching_key(text)
    if not any(character.isalpha() for character in key):
        return True
    return key in _PLACEHOLDERS or (key.isascii() and len(set(key)) == 1)


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address whose domain has a dot, or several, and nothing that looks like part of one.

    A name before the address in angle brackets, a word with a colon before it and what stands in brackets are no part.
    Text beyond 320 characters is not looked at.
    """
    text = _BESIDE_ADDRESS.sub(" ", text[:_LONGEST_ADDRESS])
    addresses = _IN_ANGLES.findall(text) or [part for part in _BETWEEN_ADDRESSES.split(text) if part]
    return bool(addresses) and all(_EMAIL.fullmatch(address) for address in addresses)


def is_phone(text: str) -> bool:
    """Whether a text has digits enough for a telephone number."""
    return sum(character.isdigit() for character in text) >= _FEWEST_PHONE_DIGITS


def is_web_address(text: str) -> bool:
    """Whether a text contains an address on the web, with or without http://."""
    if _SCHEME.search(text):
        return True
    tokens = (token.strip(".,;:()[]<>'\"") for token in text.split())
    return any(_HOST.fullmatch(token) for token in tokens)


def is_trader(text: str) -> bool:
    """Whether a name says that its bearer trades rather than smelts."""
    return any(word.casefold() in _TRADERS for word in _WORD.findall(text)) or any(
        sign in text for sign in _TRADING_IN_CHARACTERS
    )


def names_a_mine(text: str) -> bool:
    """Whether a text names a mine or its country, rather than recycled material, a placeholder or RMI's own inquiry."""
    if is_placeholder(text) or speaks_of_recycled(text) or _CONFIRMED_BY_RMI in text.casefold():
        return False
    origin = read_origin(text)
    return bool(origin.countries or origin.not_understood)


@lru_cache(maxsize=4096)
def is_covered(text: str) -> bool:
    """Whether a text names the DRC or an adjoining country, alone or among others. Congo is either of two of them."""
    origin = read_origin(text)
    shared = (named for part in origin.not_understood if len(named := candidates_of(part)) > 1)
    return any(country.covered for named in (origin.countries, *shared) for country in named)


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The country that a text names, as its ISO 3166-1 alpha-2 code; "" if it names none."""
    country = country_of(text)
    return country.code if country else ""


def is_english_script(text: str) -> bool:
    """Whether at least half of a text's letters are Latin ones; a text without letters counts as such."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(ord(character) < _AFTER_LATIN for character in letters) >= len(letters)
