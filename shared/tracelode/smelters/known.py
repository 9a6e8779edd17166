"""What is known of facilities, from every source that the compliance team has loaded: names, aliases, countries."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tracelode.minerals import Mineral
from tracelode.smelters.names import core_name, legal_forms_differ, plain_name
from tracelode.smelters.status import FacilityId


class NameSource(StrEnum):
    """Where a name was found, strongest first: the order in which a line's name is looked for."""

    REFERENCE_LIST = "reference-list"
    """A status list or RMI's smelter reference list."""
    TEMPLATE = "template"
    """The look-up tab of an official template that the team has loaded."""
    DECLARED = "declared"
    """What suppliers write beside a CID: it is suggested, and no line's name is ever looked for in it."""


@dataclass(frozen=True, slots=True, order=True)
class KnownName:
    """A name that stands for a facility: its standard name or an alias, as the source spells it.

    `standard_name` is the source's own name for the facility; `country` is as the source spells it, "" where it does
    not say; `file` is the reference file that says so.
    """

    facility: FacilityId
    name: str
    standard_name: str
    country: str
    source: NameSource
    file: str


class KnownFacilities:
    """Facilities by CID and by name, from all sources together. Built by `known_facilities`; never changes.

    A facility's standard names count among its names. Whatever the order of the input, everything comes in one order:
    the strongest source first, then by metal, CID and name; of several files of a source the one with the higher
    numbers in its name goes first (a template 6.10 before a 6.5, a list of 2017 before one of 2016).
    """

    def __init__(self, names: Iterable[KnownName]) -> None:
        given = set(names)
        standing = {replace(known, name=known.standard_name) for known in given if known.standard_name}
        self._names = tuple(sorted(given | standing, key=_rank))
        self._by_plain = _index(self._names, plain_name)
        self._by_core = _index(self._names, core_name)
        by_metal: dict[Mineral, list[KnownName]] = defaultdict(list)
        for known in self._names:
            by_metal[known.facility.metal].append(known)
        self._by_metal = {metal: tuple(names) for metal, names in by_metal.items()}
        self._of_facility: dict[FacilityId, list[KnownName]] = defaultdict(list)
        for known in self._names:
            self._of_facility[known.facility].append(known)
        self._by_cid: dict[str, tuple[FacilityId, ...]] = {}
        for facility in sorted(self._of_facility):
            self._by_cid[facility.cid] = (*self._by_cid.get(facility.cid, ()), facility)
        self._hash = hash(self._names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownFacilities) and self._names == other._names

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> bool:
        return bool(self._names)

    def named(self, metal: Mineral, name: str) -> tuple[KnownName, ...]:
        """What a metal's facilities are called by this very name (`plain_name`), in every source.

        Only if no source knows it, the names that differ in legal form and small words alone (`core_name`), unless
        the forms are of different kinds. Names of several facilities mean that the name is ambiguous. An empty name
        is nobody's.
        """
        plain = plain_name(name)
        if not plain:
            return ()
        return self._by_plain.get((metal, plain)) or tuple(
            known
            for known in self._by_core.get((metal, core_name(name)), ())
            if not legal_forms_differ(known.name, name)
        )

    def facility(self, facility_id: FacilityId) -> KnownName | None:
        """The facility under its standard name, as its strongest source has it; None for one that nobody lists."""
        known = next(iter(self._of_facility.get(facility_id, ())), None)
        return replace(known, name=known.standard_name or known.name) if known else None

    def with_cid(self, cid: str) -> tuple[FacilityId, ...]:
        """The facilities that have this CID, one for each metal under which it is known."""
        return self._by_cid.get(cid, ())

    def countries_of(self, facility_id: FacilityId) -> tuple[str, ...]:
        """The countries that sources give for a facility, as they spell them, the strongest source's first."""
        return tuple(dict.fromkeys(known.country for known in self._of_facility.get(facility_id, ()) if known.country))

    def of_metal(self, metal: Mineral | None) -> tuple[KnownName, ...]:
        """All names of a metal's facilities; of every metal's for None."""
        return self._by_metal.get(metal, ()) if metal else self._names


def known_facilities(names: Iterable[KnownName]) -> KnownFacilities:
    """What the names of all sources come to, in whatever order they are given."""
    return KnownFacilities(names)


_STRENGTH: Mapping[NameSource, int] = {source: place for place, source in enumerate(NameSource)}
_NUMBER = re.compile(r"([0-9]+)")


def _rank(known: KnownName) -> tuple[int, FacilityId, tuple[tuple[int, str], ...], str, str, str]:
    return (
        _STRENGTH[known.source],
        known.facility,
        tuple((-int(part) if part.isdecimal() else 0, part) for part in _NUMBER.split(known.file)),
        known.standard_name,
        known.name,
        known.country,
    )


def _index(
    names: Iterable[KnownName], form: Callable[[str], str]
) -> Mapping[tuple[Mineral, str], tuple[KnownName, ...]]:
    index: dict[tuple[Mineral, str], list[KnownName]] = defaultdict(list)
    for known in names:
        index[known.facility.metal, form(known.name)].append(known)
    return {key: tuple(found) for key, found in index.items()}


NOTHING_KNOWN = known_facilities(())
"""Before any list or template has been loaded."""
