"""The words of the cell as they are looked up: names, groups, and statements that are no country."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from re import split

from tracelode.smelters.countries import country_names, plain_country
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.origin_tokens import data, plain_words
from tracelode.submission import RECYCLED


def statement_of(text: str) -> OriginKind | None:
    """What a text states that is no country, as a whole; None where it states nothing of the kind."""
    plain = plain_country(text)
    if plain in phrases():
        return phrases()[plain]
    words = {plain} if text.isalnum() else set(words_of(text))
    cores = words & _core_words().keys()
    for kind in sorted({kind for word in cores for kind in _core_words()[word]}):
        if words <= _vocabularies()[kind]:
            return kind
    return None


def words_of(text: str) -> list[str]:
    """The words of a text in plain form."""
    return [plain for word in split(r"[\W_]+", text) if (plain := plain_country(word))]


@lru_cache(maxsize=65_536)
def begins_a_name(plain: str) -> bool:
    """Whether a name of a country, a state or a group, or a statement, begins with a plain text."""
    names = _sorted_names()
    place = bisect_left(names, plain)
    return place < len(names) and names[place].startswith(plain)


@cache
def _sorted_names() -> tuple[str, ...]:
    return tuple(sorted({*country_names(), *phrases(), *states_alone(), *covered_groups()}))


@cache
def covered_groups() -> frozenset[str]:
    """Groups that hold covered countries, in plain form."""
    return plain_words("covered_groups")


@cache
def reach_words() -> frozenset[str]:
    """Words across which a denial reaches to a name, in plain form."""
    return plain_words("reach_words")


@cache
def state_names() -> frozenset[str]:
    """The states of the USA, in plain form."""
    return frozenset(map(plain_country, data()["us_states"].values()))


@cache
def states_alone() -> frozenset[str]:
    """Those of them that no country is called like."""
    return state_names() - country_names().keys()


@cache
def phrases() -> Mapping[str, OriginKind]:
    """Statements by their plain form."""
    found: dict[str, OriginKind] = {plain_country(RECYCLED): OriginKind.RECYCLED}
    for kind, statement in _statements().items():
        found |= {plain_country(phrase): kind for phrase in statement["phrases"]}
    found.pop("", None)
    return found


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
def recycled_stems() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How words about recycled material begin, and what stands in unspaced writing about it."""
    recycled = _statements()[OriginKind.RECYCLED]
    return tuple(map(plain_country, recycled["stems"])), tuple(map(plain_country, recycled["unspaced_stems"]))


def _statements() -> Mapping[OriginKind, Mapping[str, Sequence[str]]]:
    return {kind: data()[kind.name.lower()] for kind in OriginKind if kind.name.lower() in data()}
