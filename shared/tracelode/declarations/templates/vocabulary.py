"""The template's fixed words, recognised however and in whichever of its languages they are written."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from tracelode.declarations.templates.questions import LineKind, Scope
from tracelode.minerals import Mineral, RegisteredMineral
from tracelode.workbooks.text import matching_key

_HUNDRED_PERCENT = "100%"
_A_HUNDRED = re.compile(r"100(?:[.,]0{1,9})?\s{0,3}(?:[%％]|percent|per cent|prozent|pct)?", re.IGNORECASE)
_SCOPE_LETTER = re.compile(r"\s*([A-D])\s*(?:[.):]|$)", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\([^()]*\)")
_KINDS = {
    matching_key("Smelter not listed"): LineKind.NOT_LISTED,
    matching_key("Smelter not yet identified"): LineKind.NOT_YET_IDENTIFIED,
}


def choice_of(text: str, choices: tuple[str, ...]) -> str | None:
    """The choice, in the template's English wording, that a text states; None if it states none of them.

    A number 1 states 100%, because that question's cells are formatted as a percentage (CMRT 6.5, Declaration D56), and
    so does a hundred however it is written ("100", "100.00 %"); no other number is one of the choices.
    """
    if not text:
        return None
    if _HUNDRED_PERCENT in choices and (text == "1" or _A_HUNDRED.fullmatch(text)):
        return _HUNDRED_PERCENT
    key = matching_key(text)
    return _keys_of(choices).get(key) if key else None


def mineral_of(text: str, spelled: Mapping[str, Mineral]) -> Mineral | None:
    """The mineral that a text names, by `spelled_minerals`: "Gold", "gold (Au)", "Au", "Or"; None if it names none."""
    if not text:
        return None
    return spelled.get(text) or spelled.get(matching_key(_PARENTHESIS.sub(" ", text)))


def spelled_minerals(minerals: Iterable[RegisteredMineral]) -> Mapping[str, Mineral]:
    """Minerals by every name of theirs, and by their symbols."""
    known = tuple(minerals)
    words = {matching_key(word): each.mineral for each in known for word in (each.mineral, *each.spellings)}
    symbols = {matching_key(each.symbol): each.mineral for each in known if each.symbol}
    return words | symbols | {each.mineral.value: each.mineral for each in known}


def scope_of(text: str, scopes: Mapping[str, Scope]) -> Scope | None:
    """What a text means among a template's choices, by its letter or its whole wording; None for free text.

    The letter counts for the family that it stands in: B is a division in 2.x and a list of products from 3.00 on.
    """
    by_letter = {choice[0]: scope for choice, scope in scopes.items()}
    letter = _SCOPE_LETTER.match(text)
    if letter and letter[1].upper() in by_letter:
        return by_letter[letter[1].upper()]
    key = matching_key(text)
    for choice, scope in scopes.items():
        if key and key in (matching_key(choice), matching_key(choice[2:])):
            return scope
    return None


def line_kind_of(look_up: str) -> LineKind:
    """What a line claims, by the text in its look-up column. The two special words exist in English only."""
    return _KINDS.get(matching_key(look_up), LineKind.LISTED) if look_up else LineKind.LISTED


@cache
def _translations() -> Mapping[str, tuple[str, ...]]:
    text = files("tracelode.declarations.templates").joinpath("translations.toml").read_text(encoding="utf-8")
    return {
        english: tuple(word for words in languages.values() for word in words)
        for english, languages in tomllib.loads(text).items()
    }


@cache
def _keys_of(choices: tuple[str, ...]) -> Mapping[str, str]:
    return {matching_key(spelling): choice for choice in choices for spelling in _spellings(choice)}


def _spellings(word: str) -> Iterable[str]:
    return (word, *_translations().get(word, ()))
