"""The smelter list (`smelter-list.csv`): status belongs to (metal, CID), never to a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracelode.metals import Metal
from tracelode.reference.problems import Problem, ReferenceRefusedError
from tracelode.reference.program import Vocabulary
from tracelode.reference.tables import Row, read_table

FILE = "smelter-list.csv"
REQUIRED = ("metal", "cid", "name", "country", "status")
CID = re.compile(r"CID\d{6}")
"""A smelter identification number (RMI's look-up tabs: always CID and six digits)."""


class Status(StrEnum):
    """A facility's standing with the assessment program; whatever is not on its lists is indeterminable."""

    CONFORMANT = "conformant"
    ACTIVE = "active"
    INDETERMINABLE = "indeterminable"


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

_SPELLINGS: Mapping[str, Status] = {
    "conformant": Status.CONFORMANT,
    "compliant": Status.CONFORMANT,
    "active": Status.ACTIVE,
    "indeterminable": Status.INDETERMINABLE,
}


@dataclass(frozen=True, slots=True, order=True)
class FacilityId:
    """A facility: one metal, one CID."""

    metal: Metal
    cid: str


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A row of the smelter list. `row` is where it stands in the file; `country` is as the list spells it."""

    facility: FacilityId
    name: str
    country: str
    status: Status
    row: int


@dataclass(frozen=True, slots=True)
class SmelterList:
    """A status list at a date. `as_of` is the newest `as_of` of its rows, None when the file has no such column."""

    facilities: Mapping[FacilityId, ListedFacility]
    as_of: date | None = None

    def status(self, facility: FacilityId) -> Status:
        """The facility's status on this list."""
        listed = self.facilities.get(facility)
        return listed.status if listed else Status.INDETERMINABLE


def parse_smelter_list(data: bytes) -> SmelterList:
    """The status list of a CSV file.

    Raises ReferenceRefusedError with every problem, each with row and column. A facility that stands twice with
    different statuses is a problem; twice with the same status is not.
    """
    problems: list[Problem] = []
    facilities: dict[FacilityId, ListedFacility] = {}
    dates: list[date] = []
    for row in read_table(FILE, data, REQUIRED):
        listed = _listed(row, problems)
        if row["as_of"]:
            try:
                dates.append(date.fromisoformat(row["as_of"]))
            except ValueError:
                problems.append(Problem("a date such as 2017-03-31 is required", row.number, "as_of", row["as_of"]))
        if listed is None:
            continue
        earlier = facilities.setdefault(listed.facility, listed)
        if earlier.status is not listed.status:
            problems.append(
                Problem(f"row {earlier.row} gives this facility another status", row.number, "status", row["status"])
            )
    if problems:
        raise ReferenceRefusedError(FILE, tuple(problems))
    return SmelterList({facility: facilities[facility] for facility in sorted(facilities)}, max(dates, default=None))


def _listed(row: Row, problems: list[Problem]) -> ListedFacility | None:
    before = len(problems)
    metal = next((metal for metal in Metal if metal.lower() == row["metal"].lower()), None)
    if metal is None:
        problems.append(Problem(f"one of {', '.join(Metal)} is required", row.number, "metal", row["metal"]))
    cid = row["cid"].upper()
    if not CID.fullmatch(cid):
        problems.append(Problem("CID and six digits are required", row.number, "cid", row["cid"]))
    if not row["name"]:
        problems.append(Problem("a name is required", row.number, "name"))
    status = _SPELLINGS.get(row["status"].lower())
    if status is None:
        problems.append(Problem(f"one of {', '.join(_SPELLINGS)} is required", row.number, "status", row["status"]))
    if len(problems) > before or metal is None or status is None:
        return None
    return ListedFacility(FacilityId(metal, cid), row["name"], row["country"], status, row.number)
