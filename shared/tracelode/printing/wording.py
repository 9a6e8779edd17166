"""How figures read in a sentence: number words, plurals, lists, dates. Used by the templates as filters."""

import re
from collections.abc import Sequence
from datetime import date

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: int) -> str:
    """Up to ten in words, beyond in digits with thousands separators; none is "no"."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else grouped(number)


def grouped(number: int) -> str:
    """In digits with thousands separators, as a table has it."""
    return f"{number:,}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """The number in words and what it counts: "one facility", "seven contract manufacturers"."""
    return f"{in_words(number)} {pluralized(number, singular, plural)}"


def pluralized(number: int, singular: str, plural: str = "") -> str:
    """`singular` for one, else `plural`, by default the regular plural of `singular`."""
    if number == 1:
        return singular
    if plural:
        return plural
    if singular.endswith("y") and singular[-2:-1] not in tuple("aeiou"):
        return f"{singular[:-1]}ies"
    return f"{singular}s"


def singular_of(plural: str) -> str:
    """The singular of an English plural such as a supplier term: "contract manufacturers" -> "contract manufacturer".

    Of several terms in a row each is put into the singular: "suppliers and contract manufacturers" -> "supplier or
    contract manufacturer". A word whose plural follows no rule known here stays as it is.
    """
    parts = re.split(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+", plural)
    return listed([_singular(part) for part in parts], "or")


def _singular(plural: str) -> str:
    if plural.endswith("ies"):
        return f"{plural[:-3]}y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    if plural.endswith("s") and not plural.endswith("ss"):
        return plural[:-1]
    return plural


def listed(items: Sequence[str], conjunction: str = "and") -> str:
    """A list as a sentence has it: "gold", "gold and tin", "gold, tantalum and tin"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def capitalized(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def long_date(day: date | str) -> str:
    """A date (or its ISO form) as an American filing prints it: "May 26, 2017"."""
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text: parted by empty lines, each on one line."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]
