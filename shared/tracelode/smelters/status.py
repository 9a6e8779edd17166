"""Status lists: what an assessment program says of a facility. Status belongs to (metal, CID), never to a name."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import cast

from tracelode.minerals import CONFLICT_MINERALS, Mineral

SMELTER_LIST_FILE = "smelter-list.csv"
CID = re.compile(r"CID\d{6}", re.ASCII)
"""A smelter identification number (RMI's look-up tabs: always CID and six digits)."""
MINERAL_REQUIRED = f"one of {', '.join(CONFLICT_MINERALS)} is required"
"""What is said of a row of reference data that is about no mineral of which a filing speaks."""
ASSESSED_BY_RMI = "RMAP"
"""Basis of a status on RMI's own lists where the list names no other programme."""


class Vocabulary(StrEnum):
    """The words of an edition: the Conflict-Free Smelter Program's of 2016, or RMAP's since."""

    CFSP_2016 = "cfsp-2016"
    RMAP = "rmap"


class Status(StrEnum):
    """A facility's standing with the assessment program; whatever is not on its lists is indeterminable."""

    CONFORMANT = "conformant"
    ACTIVE = "active"
    INDETERMINABLE = "indeterminable"


class Listing(StrEnum):
    """What a list says of a facility, in RMI's own distinctions; strongest first."""

    CONFORMANT = "conformant"
    CROSS_RECOGNIZED = "cross-recognized"
    """Assessed under another programme that RMI recognises; counts as conformant."""
    ACTIVE = "active"
    EXTENDED_CORRECTIVE_ACTION_PLAN = "extended corrective action plan"
    """Still being assessed, with more time to correct; counts as active."""
    ELIGIBLE = "eligible"
    """Able to undergo an assessment, no more; counts as indeterminable."""
    INDETERMINABLE = "indeterminable"

    @property
    def status(self) -> Status:
        """The status that it counts as."""
        return _COUNTS_AS[self]


_COUNTS_AS: Mapping[Listing, Status] = {
    Listing.CONFORMANT: Status.CONFORMANT,
    Listing.CROSS_RECOGNIZED: Status.CONFORMANT,
    Listing.ACTIVE: Status.ACTIVE,
    Listing.EXTENDED_CORRECTIVE_ACTION_PLAN: Status.ACTIVE,
    Listing.ELIGIBLE: Status.INDETERMINABLE,
    Listing.INDETERMINABLE: Status.INDETERMINABLE,
}
_WEAKEST_FIRST = {listing: strength for strength, listing in enumerate(reversed(Listing))}

PRINTED: Mapping[Vocabulary, Mapping[Status, str]] = {
    Vocabulary.CFSP_2016: {
        Status.CONFORMANT: "Compliant",
        Status.ACTIVE: "Active",
        Status.INDETERMINABLE: "Indeterminable",
    },
    Vocabulary.RMAP: {
        Status.CONFORMANT: "Conformant",
        Status.ACTIVE: "Active",
        Status.INDETERMINABLE: "Indeterminable",
    },
}
"""The word that an edition prints for a status."""

PRINTED_LISTING: Mapping[Vocabulary, Mapping[Listing, str]] = {
    Vocabulary.CFSP_2016: {
        Listing.CONFORMANT: "Compliant",
        Listing.CROSS_RECOGNIZED: "Compliant (cross-recognized)",
        Listing.ACTIVE: "Active",
        Listing.EXTENDED_CORRECTIVE_ACTION_PLAN: "Active (extended corrective action plan)",
        Listing.ELIGIBLE: "Eligible",
        Listing.INDETERMINABLE: "Indeterminable",
    },
    Vocabulary.RMAP: {
        Listing.CONFORMANT: "Conformant",
        Listing.CROSS_RECOGNIZED: "Conformant (cross-recognized)",
        Listing.ACTIVE: "Active",
        Listing.EXTENDED_CORRECTIVE_ACTION_PLAN: "Active (extended corrective action plan)",
        Listing.ELIGIBLE: "Eligible",
        Listing.INDETERMINABLE: "Indeterminable",
    },
}
"""The word that an edition prints for what a list says, where the distinction is worth showing."""


@dataclass(frozen=True, slots=True, order=True)
class FacilityId:
    """A facility: one metal, one CID."""

    metal: Mineral
    cid: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a status rests on, as far as a list says so.

    `basis` is the programme, as listed ("RMAP", "LBMA", "RJC", "TI-CMC"); `cycle_years` the time from the last
    assessment to the next planned one; `reassessment` whether one is in progress.
    """

    basis: str = ""
    assessed_on: date | None = None
    cycle_years: int | None = None
    reassessment: bool = False

    @property
    def lapses_on(self) -> date | None:
        """The day on which the status lapses unless the facility is assessed again: last assessment and cycle.

        None while a re-assessment is in progress, or where date or cycle are not known. Of 29 February the day
        before counts in a year that has none.
        """
        if self.assessed_on is None or self.cycle_years is None or self.reassessment:
            return None
        year = self.assessed_on.year + self.cycle_years
        try:
            return self.assessed_on.replace(year=year)
        except ValueError:
            return date(year, 2, 28)


NOT_STATED = Assessment()
_AS_THE_STATUS = cast(Listing, None)


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A facility on a list. `row` is where it stands in `file`; `country` is as the list spells it.

    `listed_as` is what the list says in RMI's own distinctions; left out, what the status is called. `as_of` is the
    date of the file, or of the row where rows are dated; `aliases` are the other names that the list gives it.
    """

    facility: FacilityId
    name: str
    country: str
    status: Status
    row: int
    listed_as: Listing = _AS_THE_STATUS
    assessment: Assessment = NOT_STATED
    as_of: date | None = None
    file: str = SMELTER_LIST_FILE
    city: str = ""
    state: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.listed_as is _AS_THE_STATUS:
            object.__setattr__(self, "listed_as", Listing(self.status.value))


class ListOrigin(StrEnum):
    """Whose list it is, and whether it is the whole picture; of equally new pictures the last named here counts."""

    OURS = "smelter-list.csv"
    """The list that the compliance team keeps: a complete picture."""
    COMBINED = "combined"
    """A list of facilities of every standing, with a status column: a complete picture."""
    PART = "part"
    """One of RMI's lists, of the facilities of one standing; only together are they a picture."""


@dataclass(frozen=True, slots=True)
class SmelterList:
    """A status list at a date, or several that together are one.

    `as_of` is the newest date of its files or rows, None where no file states one; `placed_on` is the day by which it
    counts as newer than another list, where no date is stated that of its receipt. `parts` are the standings that
    RMI's lists in it are of; `files` are those that it was read from.
    """

    facilities: Mapping[FacilityId, ListedFacility]
    as_of: date | None = None
    origin: ListOrigin = ListOrigin.OURS
    parts: frozenset[Listing] = frozenset()
    files: tuple[str, ...] = ()
    placed_on: date | None = None

    @property
    def counts_from(self) -> date | None:
        """The day by which it counts as newer than another list."""
        return self.placed_on or self.as_of

    def tells(self, status: Status) -> bool:
        """Whether the facilities of a status are known from it: of those, the others are told apart."""
        return self.origin is not ListOrigin.PART or any(part.status is status for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether a facility that is not on it is indeterminable: RMI's lists must be of the conformant and active."""
        return self.origin is not ListOrigin.PART or {Listing.CONFORMANT, Listing.ACTIVE} <= self.parts

    def status(self, facility: FacilityId) -> Status:
        """The facility's status on this list."""
        listed = self.facilities.get(facility)
        return listed.status if listed else Status.INDETERMINABLE


def placed(smelter_list: SmelterList, on: date) -> SmelterList:
    """The list as it counts among others: from its own date on, else from a day on; its own for facilities without."""
    as_of = smelter_list.as_of
    return replace(
        smelter_list,
        placed_on=as_of or on,
        facilities={
            facility: replace(listed, as_of=as_of) if as_of and not listed.as_of else listed
            for facility, listed in smelter_list.facilities.items()
        },
    )


def combine(*lists: SmelterList) -> SmelterList:
    """The picture that counts among the lists in force: the newest complete one, wholly.

    The team's own list is a complete picture, so is a combined list; RMI's lists of conformant and of active
    facilities are one together, with the cross-recognized and the eligible as far as they are there. Where no picture
    is complete, the newest incomplete one counts. Of equally new ones RMI's counts. On RMI's lists a facility stands
    as the newest list with it says, and as the strongest where those are of one date. The result does not depend on
    the order of the lists.
    """
    pictures = [smelter_list for smelter_list in lists if smelter_list.origin is not ListOrigin.PART]
    parts = [smelter_list for smelter_list in lists if smelter_list.origin is ListOrigin.PART]
    if parts:
        pictures.append(_joined(parts))
    return max(pictures, key=_precedence, default=SmelterList({}))


def _precedence(picture: SmelterList) -> tuple[bool, date, int, tuple[str, ...]]:
    return (picture.complete, picture.counts_from or date.min, tuple(ListOrigin).index(picture.origin), picture.files)


def _joined(parts: Sequence[SmelterList]) -> SmelterList:
    entries: dict[FacilityId, list[_Entry]] = defaultdict(list)
    for part in parts:
        for facility, listed in part.facilities.items():
            listed = listed if listed.as_of else replace(listed, as_of=part.as_of)
            entries[facility].append((listed.as_of or part.counts_from or date.min, listed))
    return SmelterList(
        facilities={facility: _settled(entries[facility]) for facility in sorted(entries)},
        as_of=max((part.as_of for part in parts if part.as_of), default=None),
        placed_on=max((day for part in parts if (day := part.counts_from)), default=None),
        origin=ListOrigin.PART,
        parts=frozenset[Listing]().union(*(part.parts for part in parts)),
        files=tuple(sorted(file for part in parts for file in part.files)),
    )


_Entry = tuple[date, ListedFacility]
"""What a list says of a facility, and from when on it counts."""


def _settled(entries: Sequence[_Entry]) -> ListedFacility:
    """One facility of what RMI's lists say of it; what the deciding one leaves out, another of that status may say."""
    by_age = sorted(
        entries,
        key=lambda entry: (entry[0], _WEAKEST_FIRST[entry[1].listed_as], entry[1].file, entry[1].row),
        reverse=True,
    )
    ranked = [entry for _, entry in by_age]
    first = ranked[0]
    alike = [entry.assessment for entry in ranked if entry.status is first.status]
    basis = next((assessment.basis for assessment in alike if assessment.basis), "")
    if not basis and first.listed_as is not Listing.CROSS_RECOGNIZED and first.status is not Status.INDETERMINABLE:
        basis = ASSESSED_BY_RMI
    timed = next((assessment for assessment in alike if assessment.assessed_on), first.assessment)
    names = dict.fromkeys(name for entry in ranked for name in (entry.name, *entry.aliases))
    return replace(
        first,
        assessment=replace(timed, basis=basis),
        country=next((entry.country for entry in ranked if entry.country), ""),
        city=next((entry.city for entry in ranked if entry.city), ""),
        state=next((entry.state for entry in ranked if entry.state), ""),
        aliases=tuple(sorted(name for name in names if name != first.name)),
    )
