"""The status list that the compliance team keeps (`smelter-list.csv`), and the words of every list's cells."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tracelode.lists.dates import column_dates, date_in_name
from tracelode.lists.effective_date import ambiguous
from tracelode.lists.own_tables import read_table
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import Row
from tracelode.minerals import CONFLICT_MINERALS, mineral_named
from tracelode.smelters.status import (
    CID,
    MINERAL_REQUIRED,
    SMELTER_LIST_FILE,
    Assessment,
    FacilityId,
    ListedFacility,
    Listing,
    SmelterList,
)
from tracelode.workbooks.text import matching_key

SMELTER_LIST_COLUMNS = ("metal", "cid", "name", "country", "status")

_MORE_COLUMNS = ("as_of", "basis", "last_audit", "cycle", "re_audit", "city", "state", "alias")

MAX_CYCLE_YEARS = 9
"""Longest time between two assessments that is believed; RMI's longest is three years."""

_SPELLINGS: Mapping[Listing, tuple[str, ...]] = {
    Listing.CONFORMANT: ("conformant", "compliant", "RMAP conformant", "CFSP compliant"),
    Listing.CROSS_RECOGNIZED: (
        "cross-recognized", "cross-recognised", "conformant (cross-recognized)", "conformant - cross-recognized",
        "compliant (cross-recognized)",
    ),
    Listing.ACTIVE: ("active", "RMAP active", "CFSP active"),
    Listing.EXTENDED_CORRECTIVE_ACTION_PLAN: (
        "extended corrective action plan", "extended CAP", "active (extended corrective action plan)",
        "active - extended corrective action plan", "active (extended CAP)",
    ),
    Listing.ELIGIBLE: ("eligible", "RMAP eligible"),
    Listing.INDETERMINABLE: (
        "indeterminable", "indeterminate", "non-conformant", "not conformant", "non-compliant", "not enrolled",
        "in communication", "outreach required", "communication suspended",
        "communication suspended - not interested", "due diligence vetting process",
        "RMI due diligence review - unable to proceed", "ceased operations", "not applicable", "unknown", "removed",
        "removed from list", "suspended", "withdrawn", "inactive", "no longer operational", "closed",
    ),
}  # fmt: skip

_BY_SPELLING = {matching_key(spelling): listing for listing, words in _SPELLINGS.items() for spelling in words}

_YES = frozenset({"yes", "y", "true", "1", "x"})

_NO = frozenset({"no", "n", "false", "0", ""})

_NOT_STATED = frozenset(map(matching_key, ("", "-", "N/A", "not applicable", "none", "TBD", "unknown", "pending")))

_YEARS = re.compile(r"(\d{1,2})(?:\.0)?\s*(?:years?|yrs?|y)?", re.IGNORECASE | re.ASCII)


def parse_smelter_list(data: bytes, file: str = SMELTER_LIST_FILE) -> SmelterList:
    """The status list of a CSV file: metal, cid, name, country, status.

    It may also have as_of, basis, last_audit (a date), cycle (years), re_audit (yes or no), city, state, and alias; a
    facility with several aliases stands on several rows. The date in the file's name, else the newest as_of, is the
    list's. Raises ReferenceRefusedError with every problem, each with row and column. A facility that stands twice
    with different statuses is a problem; twice with the same is not.
    """
    problems: list[Problem] = []
    facilities: dict[FacilityId, ListedFacility] = {}
    rows = read_table(file, data, SMELTER_LIST_COLUMNS, _MORE_COLUMNS)
    dates = {column: column_dates(row[column] for row in rows) for column in ("as_of", "last_audit")}
    for row in rows:
        listed = _listed(row, file, dates, problems)
        if listed is not None:
            add_listed(facilities, listed, row["status"], "status", problems)
    if problems:
        raise ReferenceRefusedError(file, problems)
    newest = max((listed.as_of for listed in facilities.values() if listed.as_of), default=None)
    as_of = date_in_name(file) or newest
    return SmelterList({facility: facilities[facility] for facility in sorted(facilities)}, as_of, files=(file,))


def add_listed(
    facilities: dict[FacilityId, ListedFacility],
    listed: ListedFacility,
    found: str,
    column: str,
    problems: list[Problem],
) -> None:
    """Put a row's facility to the others; of a facility that is there already, the row's names and its date count.

    A row that says another status than an earlier one becomes a problem, quoting what was `found` in the `column`.
    """
    earlier = facilities.setdefault(listed.facility, listed)
    if earlier is listed:
        return
    if earlier.status is not listed.status:
        problems.append(Problem(f"row {earlier.row} gives this facility another status", listed.row, column, found))
        return
    names = dict.fromkeys((*earlier.aliases, listed.name, *listed.aliases))
    facilities[listed.facility] = replace(
        earlier,
        aliases=tuple(name for name in names if name != earlier.name),
        as_of=max((day for day in (earlier.as_of, listed.as_of) if day), default=None),
    )


def listing_of(text: str) -> Listing | None:
    """What a status column says, whatever its case and punctuation; None for a word that no list uses.

    A dash says that there is no status.
    """
    if text.strip() and not matching_key(text):
        return Listing.INDETERMINABLE
    return _BY_SPELLING.get(matching_key(text))


def _listed(
    row: Row, file: str, dates: Mapping[str, Mapping[str, date]], problems: list[Problem]
) -> ListedFacility | None:
    before = len(problems)
    metal = mineral_named(row["metal"], CONFLICT_MINERALS)
    if metal is None:
        problems.append(Problem(MINERAL_REQUIRED, row.number, "metal", row["metal"]))
    cid = row["cid"].upper()
    if not CID.fullmatch(cid):
        problems.append(Problem("CID and six digits are required", row.number, "cid", row["cid"]))
    if not row["name"]:
        problems.append(Problem("a name is required", row.number, "name"))
    listing = listing_of(row["status"])
    if listing is None:
        problems.append(Problem(f"one of {', '.join(Listing)} is required", row.number, "status", row["status"]))
    as_of = _date(row, "as_of", dates, problems)
    assessment = Assessment(
        basis=row["basis"],
        assessed_on=_date(row, "last_audit", dates, problems),
        cycle_years=_cycle(row, problems),
        reassessment=_reassessment(row, problems),
    )
    if len(problems) > before or metal is None or listing is None:
        return None
    return ListedFacility(
        facility=FacilityId(metal, cid),
        name=row["name"],
        country=row["country"],
        status=listing.status,
        row=row.number,
        listed_as=listing,
        assessment=assessment,
        as_of=as_of,
        file=file,
        city=row["city"],
        state=row["state"],
        aliases=(row["alias"],) if row["alias"] not in ("", row["name"]) else (),
    )


def _date(row: Row, column: str, dates: Mapping[str, Mapping[str, date]], problems: list[Problem]) -> date | None:
    if not row[column]:
        return None
    day = dates[column].get(row[column])
    if day is None:
        what = "is either of two days" if ambiguous(row[column]) else "is no date"
        problems.append(Problem(f"{what}; write it as 2017-03-31", row.number, column, row[column]))
    return day


def _cycle(row: Row, problems: list[Problem]) -> int | None:
    years = cycle_years(row["cycle"])
    if years is None and matching_key(row["cycle"]) not in _NOT_STATED:
        problems.append(Problem("a number of years is required", row.number, "cycle", row["cycle"]))
    return years


def _reassessment(row: Row, problems: list[Problem]) -> bool:
    answer = yes_or_no(row["re_audit"])
    if answer is None:
        problems.append(Problem("yes or no is required", row.number, "re_audit", row["re_audit"]))
    return bool(answer)


def cycle_years(text: str) -> int | None:
    """The years that a cycle takes ("3 Years", "1"); None where none is stated or the number is beyond belief."""
    found = _YEARS.fullmatch(text.strip())
    return int(found[1]) if found and 1 <= int(found[1]) <= MAX_CYCLE_YEARS else None


def yes_or_no(text: str) -> bool | None:
    """Whether a cell says yes; an empty one says no, and None is something else."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    return False if word in _NO or is_not_stated(text) else None


def is_not_stated(text: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, "N/A", "TBD"."""
    return matching_key(text) in _NOT_STATED
