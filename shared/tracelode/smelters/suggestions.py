"""Which known facilities an unresolved line may mean: ranked candidates for a person to decide between.

A score is evidence, never an answer: nothing in here resolves a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from tracelode.minerals import Mineral
from tracelode.smelters.countries import country_of
from tracelode.smelters.known import KnownFacilities, KnownName
from tracelode.smelters.names import plain_name, spoken_words
from tracelode.smelters.status import FacilityId

MOST = 3
"""Suggestions for one line: more than that are not read."""
_MOST_INEXACT = 99.0
"""No name that is spelt differently scores as if it were the same."""
FLOOR = 65
"""The least score that is worth a person's look: 99 in 100 damaged spellings of the example's annex lie above it, and
half of the names that are nobody's below."""

_NEAR = 12
"""How many names each way of comparing brings up for a closer look."""
_AS_WRITTEN = 0.1
"""The weight of the name as it is written, legal form included, which parts facilities that differ in nothing else."""
_SAME_COUNTRY, _OTHER_COUNTRY = 4.0, -8.0
"""What a country adds: it breaks ties and overrules a few letters, never a different name."""


AS_DECLARED = ", as suppliers declare it"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A facility that an unresolved line may mean; `score` is 0 to 100, `matched` the known name that came closest.

    `declared` says that nothing loaded has it: its name is what suppliers write beside its CID.
    """

    facility: FacilityId
    name: str
    country: str
    matched: str
    score: int
    declared: bool = False

    @property
    def authority(self) -> str:
        """What a reader has to know of the name, to be put behind it; "" for one that is listed."""
        return AS_DECLARED if self.declared else ""


def suggest(known: KnownFacilities, metal: Mineral | None, name: str, country: str) -> tuple[Suggestion, ...]:
    """Up to three facilities of a metal (of any, for None) whose names come closest, best first, each at least `FLOOR`.

    A country that fits raises a score, one that contradicts lowers it, an unknown one does neither. Of two facilities
    with one score the lower in (metal, CID) goes first. A name without letters has no suggestions.
    """
    best: dict[FacilityId, tuple[float, int]] = {}
    spellings = _spellings(known, metal)
    wanted = _Wanted.of(name, country)
    for place in _near(spellings, wanted):
        score = _score(spellings, place, wanted)
        facility = spellings.names[place].facility
        if score >= FLOOR and score > best.get(facility, (0.0, 0))[0]:
            best[facility] = (score, place)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:MOST]
    return tuple(_suggestion(known, spellings.names[place], score) for _, (score, place) in ranked)


def scored(known: KnownFacilities, facility: FacilityId, name: str, country: str) -> Suggestion | None:
    """One facility as a suggestion for a name, however low it scores; None for a facility that nobody lists."""
    standard = known.facility(facility)
    if standard is None:
        return None
    spellings, wanted = _spellings(known, facility.metal), _Wanted.of(name, country)
    places = [place for place, candidate in enumerate(spellings.names) if candidate.facility == facility]
    score, place = max(((_score(spellings, place, wanted), -place) for place in places), default=(0.0, 0))
    return _suggestion(known, spellings.names[-place], score) if places else _suggestion(known, standard, 0.0)


@dataclass(frozen=True, slots=True)
class _Spellings:
    """A metal's known names in the forms that are compared, each list in the order of `names`."""

    names: tuple[KnownName, ...]
    ordered: tuple[str, ...]
    run_together: tuple[str, ...]
    plain: tuple[str, ...]
    countries: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A declared name in the forms that are compared; `country` is an ISO code, "" where none was understood."""

    ordered: str
    run_together: str
    plain: str
    country: str

    @classmethod
    def of(cls, name: str, country: str) -> "_Wanted":
        words = spoken_words(name)
        return cls(" ".join(words), "".join(words), plain_name(name), _code(country))


@lru_cache(maxsize=16)
def _spellings(known: KnownFacilities, metal: Mineral | None) -> _Spellings:
    distinct: Mapping[tuple[FacilityId, str], KnownName] = {
        (entry.facility, plain_name(entry.name)): entry for entry in reversed(known.of_metal(metal))
    }
    names = tuple(distinct[key] for key in sorted(distinct) if spoken_words(distinct[key].name))
    words = [spoken_words(entry.name) for entry in names]
    return _Spellings(
        names=names,
        ordered=tuple(" ".join(each) for each in words),
        run_together=tuple("".join(each) for each in words),
        plain=tuple(plain_name(entry.name) for entry in names),
        countries=tuple(frozenset(filter(None, map(_code, known.countries_of(entry.facility)))) for entry in names),
    )


def _near(spellings: _Spellings, wanted: _Wanted) -> Sequence[int]:
    """The places of names that are near in any of the ways in which a spelling goes wrong."""
    if not wanted.run_together:
        return ()
    ways = (
        (wanted.run_together, spellings.run_together, fuzz.ratio),
        (wanted.ordered, spellings.ordered, fuzz.token_set_ratio),
    )
    near = {
        place
        for query, choices, scorer in ways
        for _, _, place in process.extract(query, choices, scorer=scorer, limit=_NEAR, processor=None)
    }
    return sorted(near)


def _score(spellings: _Spellings, place: int, wanted: _Wanted) -> float:
    together = fuzz.ratio(wanted.run_together, spellings.run_together[place])
    shared = fuzz.token_set_ratio(wanted.ordered, spellings.ordered[place]) * _shared_weight(
        len(wanted.run_together), len(spellings.run_together[place])
    )
    name = max(together, shared)
    score = name * (1 - _AS_WRITTEN) + fuzz.ratio(wanted.plain, spellings.plain[place]) * _AS_WRITTEN
    countries = spellings.countries[place]
    if wanted.country and countries:
        score += _SAME_COUNTRY if wanted.country in countries else _OTHER_COUNTRY
    most = 100.0 if wanted.plain == spellings.plain[place] else _MOST_INEXACT
    return min(max(score, 0.0), most)


def _shared_weight(one: int, other: int) -> float:
    """Words in common count for less the more the lengths differ: "Gold Refinery" is part of many a name."""
    return 0.7 + 0.27 * min(one, other) / max(one, other)


def _code(country: str) -> str:
    found = country_of(country)
    return found.code if found else ""


def _suggestion(known: KnownFacilities, matched: KnownName, score: float) -> Suggestion:
    standard = known.facility(matched.facility) or matched
    return Suggestion(matched.facility, standard.name, standard.country, matched.name, round(score))
