"""What suppliers call facilities that no list and no template has: a further hint for names that are to be identified.

Such a name is worth less than a listed one. It comes after those, it is marked, and like them it is never an answer.
For the compliance team alone: no supplier is told how others call a smelter.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tracelode.minerals import Mineral
from tracelode.picture.facilities import Facility
from tracelode.smelters.identity import Resolution, Step
from tracelode.smelters.known import KnownFacilities, KnownName, NameSource, known_facilities
from tracelode.smelters.suggestions import MOST, Suggestion, suggest

_BY_CID = frozenset({Step.CID, Step.WORKBOOK})


def as_declared(found: Iterable[Facility], known: KnownFacilities) -> KnownFacilities:
    """The names under which suppliers declare facilities that nothing loaded has, each together with its CID.

    A facility's standard name is the one that the report shows.
    """
    names = (
        KnownName(
            facility.facility,
            resolution.identity.name,
            facility.name,
            facility.printed_country,
            NameSource.DECLARED,
            "",
        )
        for facility in found
        if not facility.on_list and not known.facility(facility.facility)
        for resolution in facility.resolutions
        if resolution.step in _BY_CID and resolution.identity.name
    )
    return _same(tuple(names))


@lru_cache(maxsize=2)
def _same(names: tuple[KnownName, ...]) -> KnownFacilities:
    """One object for the same names: a publish interprets a year several times, and to find two of thousands of names
    equal takes longer than to look one name up."""
    return known_facilities(names)


def with_declared(resolution: Resolution, declared: KnownFacilities) -> Resolution:
    """An unresolved name's resolution with what comes close among the names that suppliers declare, after the others.

    There are three suggestions at most. The last place is a declared name's if it scores more than what would
    stand there.
    """
    identity = resolution.identity
    metal = Mineral(identity.metal) if identity.metal else None
    near = [replace(each, declared=True) for each in suggest(declared, metal, identity.name, identity.country)]
    return replace(resolution, suggestions=_together(resolution.suggestions, near)) if near else resolution


def _together(listed: tuple[Suggestion, ...], near: list[Suggestion]) -> tuple[Suggestion, ...]:
    if len(listed) == MOST and near[0].score > listed[-1].score:
        listed = listed[:-1]
    return (*listed, *near)[:MOST]
