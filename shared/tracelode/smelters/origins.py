"""Where a mineral is said to come from: what a mine country cell holds. A smelter's own country is never its origin."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from tracelode.smelters.countries import Country, candidates_of, country_names, plain_country
from tracelode.submission import ORIGIN_CHARACTERS, RECYCLED

LONGEST_ORIGIN = 600
"""Characters of a cell that are read: ten times the longest name of a country, three times what is kept."""
MOST_NOT_UNDERSTOOD = 10
"""Parts of a text that are looked up in vain; whatever stands behind them is not read, and counts as one more."""
MOST_PARTS = 12
"""Parts between separators, or words, that one name can have."""

_BRACKETS = "([（"
_NUMBERED = re.compile(r"\bno\.?\s*[0-9]+", re.IGNORECASE)
"""The "no" of "mine no. 3" denies nothing."""


class OriginKind(StrEnum):
    """What a statement of origin is. Values read as the end of "the supplier states ..."."""

    COUNTRIES = "countries"
    """One country or several, whatever else is said beside them."""
    CONFIRMED_BY_RMI = "country of origin inquiry confirmed by RMI"
    """An answer that CMRT 6.5 allows instead of a country (Instructions A63, A64)."""
    RECYCLED = RECYCLED
    """So does CMRT 6.5 allow this one."""
    COUNTRY_LEVELS = "levels of countries"
    """The levels L1 to L3 into which RMI's inquiry data sort countries of origin: a group, not a country."""
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

    `countries` are those that it names, each once, in its order. `kind` is `COUNTRIES` where there are any, otherwise
    the first of its `statements` in the order of `OriginKind`, or `NOT_UNDERSTOOD`. `not_understood` are the parts of
    the text that name neither, as they stand (untrusted), names that several countries share (Congo) among them.
    """

    countries: tuple[Country, ...]
    kind: OriginKind
    not_understood: tuple[str, ...]
    statements: tuple[OriginKind, ...] = ()


def read_origin(text: str) -> Origin:
    """What a mine country cell says: countries, or a statement that is none. Nothing is guessed.

    A cell holds one country or several, with whatever separators; "Korea, Republic of" is one. Where an unread part
    denies something ("not from ..."), no country of the cell counts. Texts are kept to `ORIGIN_CHARACTERS` and read to
    `LONGEST_ORIGIN`: the last part of one that long may be cut off within a name, and is not read.
    """
    return _read_origin(text[: LONGEST_ORIGIN + 1])


def says_recycled(text: str) -> bool:
    """Whether a text about a mine says recycled or scrap, in any language of the template, and nothing else."""
    origin = read_origin(text)
    return origin.statements == (OriginKind.RECYCLED,) and not (origin.countries or origin.not_understood)


def speaks_of_recycled(text: str) -> bool:
    """Whether a text about a mine speaks of recycled material or scrap, whatever else it says."""
    text = text[:LONGEST_ORIGIN]
    stems, unspaced = _recycled_stems()
    plain = plain_country(text)
    return any(word.startswith(stems) for word in _words(text)) or any(stem in plain for stem in unspaced)


@lru_cache(maxsize=4096)
def _read_origin(text: str) -> Origin:
    pieces = list(_pieces(text))
    if not pieces:
        return _origin((), (OriginKind.UNKNOWN if "?" in text else OriginKind.NOTHING,), ())
    statement = _statement_of(text)
    if statement:
        return _origin((), (statement,), ())
    cut_off = []
    if len(text) == ORIGIN_CHARACTERS or len(text) > LONGEST_ORIGIN:
        cut_off = [text[piece.start : piece.end].strip() for piece in pieces[-1:]]
        pieces = pieces[:-1]
    found, statements, not_understood = _read(text, pieces)
    not_understood += cut_off
    if _denies(" ".join(not_understood)):
        return _origin((), (), (text.strip(),))
    return _origin(found, statements, not_understood)


def _origin(found: Sequence[Country], statements: Sequence[OriginKind], not_understood: Sequence[str]) -> Origin:
    stated = tuple(kind for kind in OriginKind if kind in statements)
    if found:
        kind = OriginKind.COUNTRIES
    elif stated:
        kind = stated[0]
    else:
        kind = OriginKind.NOT_UNDERSTOOD
    return Origin(tuple(dict.fromkeys(found)), kind, tuple(dict.fromkeys(not_understood)), stated)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two separators: where it is in the text, and its name with the separator before it."""

    start: int
    end: int
    plain: str
    plain_before: str


def _read(text: str, pieces: Sequence[_Piece]) -> tuple[list[Country], list[OriginKind], list[str]]:
    found: list[Country] = []
    statements: list[OriginKind] = []
    not_understood: list[str] = []
    place = 0
    while place < len(pieces):
        if len(not_understood) == MOST_NOT_UNDERSTOOD:
            not_understood.append(text[pieces[place].start :].strip())
            break
        count, country, statement = _longest(text, pieces, place)
        part = text[pieces[place].start : pieces[place + count - 1].end].strip()
        if country:
            found.append(country)
        elif statement is OriginKind.NOTHING and len(pieces) > count and _denies(part):
            not_understood.append(part)  # beside something else, No and None may deny it
        elif statement:
            statements.append(statement)
        else:
            several = _side_by_side(part) or [part]
            found += [named for named in several if isinstance(named, Country)]
            not_understood += [named for named in several if isinstance(named, str)]
        place += count
    return found, statements, not_understood


def _longest(text: str, pieces: Sequence[_Piece], place: int) -> tuple[int, Country | None, OriginKind | None]:
    """How many pieces from a place on are one name, and what it names: (1, None, None) if it names nothing."""
    first = pieces[place]
    alone = text[first.start : first.end]
    statement = _statement_of(alone)
    longest = (1, None if statement or _is_shared(first.plain) else _only(candidates_of(alone)), statement)
    plain = first.plain
    for count, piece in enumerate(pieces[place + 1 : place + MOST_PARTS], start=2):
        plain += piece.plain_before + piece.plain
        if not _begins_a_name(plain):
            break
        country = _only(country_names().get(plain, ()))
        if plain in _phrases():
            longest = (count, None, _phrases()[plain])
        elif country and not _is_a_list(text, pieces[place : place + count], country):
            longest = (count, country, None)
    return longest


def _is_a_list(text: str, pieces: Sequence[_Piece], one: Country) -> bool:
    """Whether pieces that together read as one country are several, each by itself.

    "China, Taiwan" is a list. "Taiwan, China" is not: what qualifies a name stands behind it, or in brackets.
    """
    if any(bracket in text[pieces[0].end : pieces[-1].start] for bracket in _BRACKETS):
        return False
    each = [_only(candidates_of(text[piece.start : piece.end])) for piece in pieces]
    return all(each) and each[0] is not one


def _is_shared(plain: str) -> bool:
    """Whether several countries share a name: in free text CONGO in capitals is no clearer than Congo."""
    return len(country_names().get(plain, ())) > 1


def _only(named: Sequence[Country]) -> Country | None:
    return named[0] if len(named) == 1 else None


def _side_by_side(part: str) -> list[Country | str]:
    """The names that a part consists of with nothing but spaces between them; none if it says anything else.

    A list with one country a line reaches us like that: line ends are read as spaces.
    """
    words = part.split()
    if len(words) < 2:
        return []
    named: list[Country | str] = []
    place = 0
    while place < len(words):
        end, candidates = place, tuple[Country, ...]()
        plain = ""
        for ahead, word in enumerate(words[place : place + MOST_PARTS], start=place + 1):
            plain += plain_country(word)
            if not _begins_a_name(plain):
                break
            if plain in country_names():
                end, candidates = ahead, country_names()[plain]
        if not candidates:
            return []
        named.append(_only(candidates) or " ".join(words[place:end]))
        place = end
    return named


def _pieces(text: str) -> Iterator[_Piece]:
    start, before = 0, ""
    for separator in (*_separators().finditer(text), None):
        end = separator.start() if separator else len(text)
        plain = plain_country(text[start:end])
        if plain:
            yield _Piece(start, end, plain, before)
            before = ""
        if separator:
            before += plain_country(separator.group())
            start = separator.end()


def _statement_of(text: str) -> OriginKind | None:
    plain = plain_country(text)
    if plain in _phrases():
        return _phrases()[plain]
    words = set(_words(text))
    for kind in sorted({kind for word in words for kind in _core_words().get(word, ())}):
        if words <= _vocabularies()[kind]:
            return kind
    return None


def _denies(part: str) -> bool:
    words = set(_words(_NUMBERED.sub(" ", part)))
    return bool(words & _denials()) or any(sign in part for sign in _data()["unspaced_denials"])


def _words(text: str) -> list[str]:
    return [plain for word in re.split(r"[\W_]+", text) if (plain := plain_country(word))]


def _begins_a_name(plain: str) -> bool:
    names = _sorted_names()
    place = bisect_left(names, plain)
    return place < len(names) and names[place].startswith(plain)


@cache
def _sorted_names() -> tuple[str, ...]:
    return tuple(sorted({*country_names(), *_phrases()}))


@cache
def _phrases() -> Mapping[str, OriginKind]:
    phrases: dict[str, OriginKind] = {plain_country(RECYCLED): OriginKind.RECYCLED}
    for kind, statement in _statements().items():
        phrases |= {plain_country(phrase): kind for phrase in statement["phrases"]}
    phrases.pop("", None)
    return phrases


@cache
def _core_words() -> Mapping[str, tuple[OriginKind, ...]]:
    words: dict[str, list[OriginKind]] = {}
    for kind, statement in _statements().items():
        for word in statement["core"]:
            words.setdefault(plain_country(word), []).append(kind)
    return {word: tuple(kinds) for word, kinds in words.items()}


@cache
def _vocabularies() -> Mapping[OriginKind, frozenset[str]]:
    return {
        kind: frozenset(plain_country(word) for word in (*statement["core"], *statement["words"]))
        for kind, statement in _statements().items()
    }


@cache
def _recycled_stems() -> tuple[tuple[str, ...], tuple[str, ...]]:
    recycled = _statements()[OriginKind.RECYCLED]
    return tuple(map(plain_country, recycled["stems"])), tuple(map(plain_country, recycled["unspaced_stems"]))


def _statements() -> Mapping[OriginKind, Mapping[str, Sequence[str]]]:
    return {kind: _data()[kind.name.lower()] for kind in OriginKind if kind.name.lower() in _data()}


@cache
def _denials() -> frozenset[str]:
    return frozenset(map(plain_country, _data()["denials"]))


@cache
def _separators() -> re.Pattern[str]:
    data = _data()
    signs = "".join(re.escape(sign) for sign in data["separators"])
    words = "|".join(map(re.escape, data["spaced_separators"]))
    letters = "".join(data["unspaced_separators"])
    return re.compile(rf"[{signs}{letters}\n\r\t]|(?<!\S)(?:{words})(?!\S)", re.IGNORECASE)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("tracelode.smelters").joinpath("origins.toml").read_text(encoding="utf-8"))
