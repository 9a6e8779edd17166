"""Last year's facilities: `smelters.csv` of last year's report, dropped as `last-year.csv` or read from its run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracelode.lists.own_tables import read_table
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import Row
from tracelode.minerals import CONFLICT_MINERALS, mineral_named
from tracelode.smelters.status import CID, MINERAL_REQUIRED, FacilityId, Listing, Status
from tracelode.sources.status_list import listing_of
from tracelode.submission import NAME_CHARACTERS

LAST_YEAR_FILE = "last-year.csv"
LAST_YEAR_COLUMNS = ("metal", "cid", "status")


@dataclass(frozen=True, slots=True)
class LastYear:
    """The facilities that last year's report lists, each with the status that it had, whatever the word for it was.

    `names` has the names that it gives them, those without one left out.
    """

    facilities: Mapping[FacilityId, Status]
    names: Mapping[FacilityId, str] = field(default_factory=dict)


def parse_last_year(data: bytes, file: str = LAST_YEAR_FILE) -> LastYear:
    """The facilities of a CSV file with the columns metal, cid and status, and their names if it has a column name;
    others are not read. Names are cut to `NAME_CHARACTERS`.

    Raises ReferenceRefusedError with every problem, each with row and column. A facility that stands twice with
    different statuses is a problem; twice with the same is not.
    """
    problems: list[Problem] = []
    facilities: dict[FacilityId, Status] = {}
    names: dict[FacilityId, str] = {}
    for row in read_table(file, data, LAST_YEAR_COLUMNS):
        read = _facility(row, problems)
        if read and facilities.setdefault(*read) is not read[1]:
            problems.append(Problem("an earlier row gives this facility another status", row.number, "status"))
        if read and row["name"]:
            names.setdefault(read[0], row["name"][:NAME_CHARACTERS])
    if problems:
        raise ReferenceRefusedError(file, tuple(problems))
    return LastYear(
        {facility: facilities[facility] for facility in sorted(facilities)},
        {facility: names[facility] for facility in sorted(names)},
    )


def _facility(row: Row, problems: list[Problem]) -> tuple[FacilityId, Status] | None:
    metal = mineral_named(row["metal"], CONFLICT_MINERALS)
    cid = row["cid"].upper()
    listing = listing_of(row["status"])
    if metal is None:
        problems.append(Problem(MINERAL_REQUIRED, row.number, "metal", row["metal"]))
    if not CID.fullmatch(cid):
        problems.append(Problem("CID and six digits are required", row.number, "cid", row["cid"]))
    if listing is None:
        problems.append(Problem(f"one of {', '.join(Listing)} is required", row.number, "status", row["status"]))
    if metal is None or listing is None or not CID.fullmatch(cid):
        return None
    return FacilityId(metal, cid), listing.status
