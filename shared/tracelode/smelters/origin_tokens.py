"""The cell of a mine's country in tokens: words with what they do there, numbers, shares and what stands between."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from tracelode.smelters.countries import Country, candidates_of, coded, country_names, plain_country

MOST_TOKENS = 4_000
"""Tokens of a cell that are read: as many as a cell of 4,000 characters can have."""

_TOKEN = re.compile(
    r"(?P<share>\d{1,9}(?:[.,]\d{1,9})?\s{0,3}[%％])|(?P<number>\d[\d.,]{0,19})(?![^\W\d_])|(?P<word>[^\W\d_]{1,9}n['’]t\b|[^\W_]+)"
    r"|(?P<stop>[;；。\n\r])|(?P<dot>\.)|(?P<comma>[,/|&+、，／＆・·•\t])|(?P<open>[(（\[])|(?P<close>[)）\]])|(?P<asks>[?？])"
    r"|(?P<sign>[:：=–—-])"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST_UNSPACED = 16
"""Characters of the longest name or word in unspaced writing that is looked for."""
_NUMBERED = ("no", "nr")
_DOES = {
    "and_words": "joins", "denials": "denies", "denials_behind": "denies_behind", "reach_words": "reaches",
    "hedges": "hedges", "than_words": "than", "other_words": "other", "but_words": "but", "fillers": "fills",
    "subdivision_words": "of_a_place",
}  # fmt: skip
"""What the words of each list of the data do, as `Word` calls it."""


class Role(StrEnum):
    """What a token does in the cell."""

    WORD = "word"
    NUMBER = "number"
    SHARE = "share"
    COMMA = "comma"
    """Parts the members of a list, and so does `AND`."""
    AND = "and"
    STOP = "stop"
    """Ends whatever was said before."""
    OPEN = "open"
    CLOSE = "close"
    ASKS = "asks"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a word wherever it stands: its plain form, and what it can do in a cell."""

    plain: str = ""
    joins: bool = False
    denies: bool = False
    denies_behind: bool = False
    reaches: bool = False
    unspaced_reaches: bool = False
    hedges: bool = False
    than: bool = False
    other: bool = False
    but: bool = False
    fills: bool = False
    of_a_place: bool = False
    numbers: bool = False
    code: Country | None = None
    candidates: tuple[Country, ...] = ()


NO_WORD = Word()
"""What is known of a token that is no word."""


class Token(NamedTuple):
    """A token: where it is in the text, what it does, and what is known of it if it is a word."""

    role: Role
    start: int
    end: int
    text: str
    word: Word = NO_WORD

    @property
    def plain(self) -> str:
        """Its plain form, "" for what is no word."""
        return self.word.plain

    @property
    def is_word(self) -> bool:
        """Whether it is a word, which a name can be made of."""
        return self.role is Role.WORD or self.role is Role.AND


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, `text` being what they lie in; `complete` says whether that is all of it."""

    text: str
    tokens: tuple[Token, ...]
    complete: bool = True


def tokens_of(cell: str) -> Tokens:
    """The tokens of a cell. Its text is compared in compatibility form, with initials (D.R.C.) as one word."""
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), unicodedata.normalize("NFKC", cell))
    read: list[Token] = []
    for token in _tokens(text):
        if len(read) == MOST_TOKENS:
            return Tokens(text, tuple(read), complete=False)
        read.append(token)
    return Tokens(text, tuple(read))


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind, start, end = found.lastgroup, found.start(), found.end()
        if kind == "word":
            yield from _words(found[0], start)
        elif kind == "dot":
            yield Token(Role.STOP if end == len(text) or text[end].isspace() else Role.COMMA, start, end, ".")
        else:
            yield Token(Role(kind or Role.SIGN), start, end, found[0])


def _words(text: str, start: int) -> Iterator[Token]:
    if not _UNSPACED.search(text):
        yield _word(text, start)
        return
    place = begin = 0
    while place < len(text):
        length = _longest_known(text, place)
        if length:
            if begin < place:
                yield _word(text[begin:place], start + begin)
            yield _word(text[place : place + length], start + place)
            begin = place + length
        place += length or 1
    if begin < len(text):
        yield _word(text[begin:], start + begin)


def _longest_known(text: str, place: int) -> int:
    if text[place : place + 2] not in _unspaced_beginnings() and text[place] not in _unspaced_beginnings():
        return 0
    for length in range(min(_LONGEST_UNSPACED, len(text) - place), 0, -1):
        if text[place : place + length] in _unspaced_words():
            return length
    return 0


def _word(text: str, start: int) -> Token:
    word = _known_word(text)
    return Token(Role.AND if word.joins else Role.WORD, start, start + len(text), text, word)


@lru_cache(maxsize=8192)
def _known_word(text: str) -> Word:
    plain = plain_country(text)
    does = _by_plain_word().get(plain, {}) | _by_unspaced_word().get(text, {})
    return Word(plain, code=coded(text), candidates=candidates_of(text), **does)


@cache
def _by_plain_word() -> dict[str, dict[str, bool]]:
    """What each word of the data does, by its plain form."""
    does: dict[str, dict[str, bool]] = {word: {"numbers": True} for word in _NUMBERED}
    for name, what in _DOES.items():
        for word in plain_words(name):
            does.setdefault(word, {})[what] = True
    return does


@cache
def _by_unspaced_word() -> dict[str, dict[str, bool]]:
    """What each word of writing without spaces does, as it is written."""
    does: dict[str, dict[str, bool]] = {word: {"unspaced_reaches": True} for word in data()["unspaced_reach_words"]}
    for name, what in _DOES.items():
        for word in data().get(f"unspaced_{name}", ()):
            does.setdefault(word, {})[what] = True
    return does


def is_numbering(token: Token, behind: Sequence[Token]) -> bool:
    """Whether the "no" of "mine no. 3" numbers, and denies nothing; `behind` are the next two tokens."""
    following = [each.role for each in behind if each.text != "."]
    return token.word.numbers and following[:1] == [Role.NUMBER]


@cache
def _unspaced_words() -> frozenset[str]:
    """What is looked for in writing without spaces: names of countries as they are written there, and our words."""
    words = {word for name, listed in data().items() if name.startswith("unspaced") for word in listed}
    phrases = {
        phrase
        for table in data().values()
        if isinstance(table, Mapping)
        for phrase in table.get("phrases", ())
        if _UNSPACED.search(phrase)
    }
    groups = {group for group in data()["covered_groups"] if _UNSPACED.search(group)}
    names = {unicodedata.normalize("NFC", name) for name in country_names() if not name.isascii()}
    return frozenset({name for name in names if _UNSPACED.search(name)} | words | phrases | groups)


@cache
def _unspaced_beginnings() -> frozenset[str]:
    return frozenset(word[:2] for word in _unspaced_words())


@cache
def plain_words(name: str) -> frozenset[str]:
    """The words of a list of the data, in plain form."""
    return frozenset(map(plain_country, data()[name])) - {""}


@cache
def data() -> Mapping[str, Any]:
    """The words of the cell (`origins.toml`)."""
    return tomllib.loads(files("tracelode.smelters").joinpath("origins.toml").read_text(encoding="utf-8"))
