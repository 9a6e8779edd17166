"""RMI's downloadable lists: facilities by standing, the smelter reference list, and the list of revisions.

The lists are RMI's and come from its page after its terms are accepted; this only reads them. Which columns they have
is what two programs show that read them daily, and RMI's look-up tabs: see `headings.toml`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tracelode.declarations.templates.vocabulary import mineral_of, spelled_minerals
from tracelode.lists.columns import ListTable, read_list
from tracelode.lists.dates import date_in_name, date_in_sentence, stated_date
from tracelode.lists.problems import Problem, ReferenceRefusedError, in_few_words
from tracelode.lists.tables import Row
from tracelode.minerals import CONFLICT_MINERALS, MINERALS
from tracelode.smelters.status import (
    CID,
    MINERAL_REQUIRED,
    Assessment,
    FacilityId,
    ListedFacility,
    Listing,
    ListOrigin,
    SmelterList,
)
from tracelode.sources.status_list import add_listed, cycle_years, is_not_stated, listing_of, yes_or_no

MAX_NOTES = 20
_CONFLICT_MINERALS = spelled_minerals(MINERALS[mineral] for mineral in CONFLICT_MINERALS)
"""Things told about a list that was taken all the same; more than that are counted."""
_SHOWN_WORDS = 8
_CELLS_OF_A_ROW = 2
"""What has fewer cells is a footnote."""


@dataclass(frozen=True, slots=True)
class ReferenceName:
    """A row of the smelter reference list: a name by which a facility is known, and RMI's standard name for it."""

    facility: FacilityId
    alias: str
    standard_name: str
    country: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of the revision list: what was changed about a facility, and why.

    `basis` and `details` are RMI's words; `row` is where it stands in `file`.
    """

    facility: FacilityId
    name: str
    basis: str
    details: str
    revised_on: date | None
    row: int
    file: str


@dataclass(slots=True)
class _Remarks:
    """What makes rows of a list unusable (they are left out) and what is only doubtful in them: all of it is told."""

    file: str
    table: ListTable
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    other_minerals: Counter[str] = field(default_factory=Counter)

    def problem(self, message: str, row: Row, meaning: str) -> None:
        self.problems.append(self._at(message, row, meaning))

    def doubt(self, message: str, row: Row, meaning: str) -> None:
        self.doubts.append(self._at(message, row, meaning))

    def _at(self, message: str, row: Row, meaning: str) -> Problem:
        return Problem(message, row.number, self.table.headings.get(meaning, meaning), found=row[meaning])

    def settle(self, rows: int) -> tuple[str, ...]:
        """The notes. Raises ReferenceRefusedError where nothing sound is left: no row of the four metals."""
        if not rows:
            nothing = Problem("no row about tantalum, tin, gold or tungsten can be used")
            raise ReferenceRefusedError(self.file, (nothing, *self.problems))
        left_out = in_few_words(replace(each, message=f"{each.message}; left out") for each in self.problems)
        notes = [str(each) for each in (*left_out, *in_few_words(self.doubts))]
        if len(notes) > MAX_NOTES:
            notes = [*notes[:MAX_NOTES], f"and {len(notes) - MAX_NOTES} more of other kinds"]
        if self.other_minerals:
            words = sorted(self.other_minerals)
            shown = ", ".join(repr(word[:40]) for word in words[:_SHOWN_WORDS])
            more = f" and {len(words) - _SHOWN_WORDS} more" if len(words) > _SHOWN_WORDS else ""
            notes.append(f"{self.other_minerals.total()} rows of other minerals are passed over: {shown}{more}")
        return tuple(notes)


def parse_status_export(file: str, data: bytes, standing: Listing | None) -> tuple[SmelterList, tuple[str, ...]]:
    """One of RMI's status lists, and what is doubtful in it.

    `standing` is what the list is of; None for one of facilities of every standing, which needs a status column. Where
    a list of one standing has such a column, what it says of a facility goes before. Rows of minerals other than the
    four metals are passed over, and so are rows that cannot be used, and facilities that two rows give different
    statuses. Raises ReferenceRefusedError only where nothing sound is left, with every problem.
    """
    required = ("metal", "facility", "name") if standing else ("metal", "facility", "name", "status")
    table = read_list(file, data, required)
    remarks = _Remarks(file, table)
    facilities: dict[FacilityId, ListedFacility] = {}
    contradicted: set[FacilityId] = set()
    for row, facility in _facility_rows(table, remarks):
        listing = _listing(row, standing, remarks)
        if not row["name"]:
            remarks.problem("a name is required", row, "name")
        elif listing:
            listed = _listed(row, file, facility, listing, remarks)
            before = len(remarks.problems)
            add_listed(facilities, listed, row["status"], table.headings.get("status", "status"), remarks.problems)
            if len(remarks.problems) > before:
                contradicted.add(facility)
    for facility in contradicted:
        del facilities[facility]
    notes = remarks.settle(len(facilities))
    as_of = _as_of(file, table)
    smelter_list = SmelterList(
        facilities={facility: replace(facilities[facility], as_of=as_of) for facility in sorted(facilities)},
        as_of=as_of,
        origin=ListOrigin.PART if standing else ListOrigin.COMBINED,
        parts=frozenset({standing}) if standing else frozenset(),
        files=(file,),
    )
    return smelter_list, notes


def parse_reference_list(file: str, data: bytes) -> tuple[tuple[ReferenceName, ...], tuple[str, ...], date | None]:
    """The rows of the smelter reference list, what is doubtful in it, and its date where it states one.

    Raises ReferenceRefusedError with every problem, each with row and column.
    """
    table = read_list(file, data, ("metal", "facility", "name"))
    remarks = _Remarks(file, table)
    names = []
    for row, facility in _facility_rows(table, remarks):
        standard_name = row["name"] or row["alias"]
        if not standard_name:
            remarks.problem("a name is required", row, "name")
            continue
        names.append(
            ReferenceName(
                facility, row["alias"] or standard_name, standard_name, row["country"], row["city"], row["state"]
            )
        )
    notes = remarks.settle(len(names))
    return tuple(names), notes, _as_of(file, table)


def parse_revisions(file: str, data: bytes) -> tuple[tuple[Revision, ...], tuple[str, ...], date | None]:
    """The rows of the revision list in its order, what is doubtful in it, and its date where it states one.

    Raises ReferenceRefusedError with every problem, each with row and column.
    """
    table = read_list(file, data, ("metal", "facility", "revision_basis"))
    remarks = _Remarks(file, table)
    revisions = []
    for row, facility in _facility_rows(table, remarks):
        revised_on = stated_date(row["revision_date"])
        if revised_on is None and not is_not_stated(row["revision_date"]):
            remarks.doubt("no unambiguous date, left out", row, "revision_date")
        revisions.append(
            Revision(
                facility, row["name"], row["revision_basis"], row["revision_details"], revised_on, row.number, file
            )
        )
    notes = remarks.settle(len(revisions))
    return tuple(revisions), notes, _as_of(file, table)


def _facility_rows(table: ListTable, remarks: _Remarks) -> Iterator[tuple[Row, FacilityId]]:
    for row in table.rows:
        if sum(map(bool, row.cells.values())) < _CELLS_OF_A_ROW:
            continue
        metal, cid = mineral_of(row["metal"], _CONFLICT_MINERALS), row["facility"].upper()
        if metal is None and row["metal"]:
            remarks.other_minerals[row["metal"]] += 1
            continue
        if metal is None:
            remarks.problem(MINERAL_REQUIRED, row, "metal")
        if not CID.fullmatch(cid):
            remarks.problem("CID and six digits are required", row, "facility")
        elif metal:
            yield row, FacilityId(metal, cid)


def _listing(row: Row, standing: Listing | None, remarks: _Remarks) -> Listing | None:
    if standing and not row["status"]:
        return standing
    stated = listing_of(row["status"])
    if stated is None:
        remarks.problem(f'"{row["status"][:80]}" is no status that is known', row, "status")
    return stated


def _listed(row: Row, file: str, facility: FacilityId, listing: Listing, remarks: _Remarks) -> ListedFacility:
    return ListedFacility(
        facility=facility,
        name=row["name"],
        country=row["country"],
        status=listing.status,
        row=row.number,
        listed_as=listing,
        assessment=_assessment(row, remarks),
        file=file,
        city=row["city"],
        state=row["state"],
        aliases=(row["alias"],) if row["alias"] not in ("", row["name"]) else (),
    )


def _assessment(row: Row, remarks: _Remarks) -> Assessment:
    assessed_on, years = stated_date(row["last_audit"]), cycle_years(row["cycle"])
    reassessment = yes_or_no(row["re_audit"])
    if assessed_on is None and not is_not_stated(row["last_audit"]):
        remarks.doubt("no unambiguous date, left out", row, "last_audit")
    if years is None and not is_not_stated(row["cycle"]):
        remarks.doubt("no number of years, left out", row, "cycle")
    if reassessment is None:
        remarks.doubt("neither yes nor no, taken for no", row, "re_audit")
    basis = "" if is_not_stated(row["basis"]) else row["basis"]
    return Assessment(basis, assessed_on, years, bool(reassessment))


def _as_of(file: str, table: ListTable) -> date | None:
    stated = (day for row in table.rows if (day := stated_date(row["as_of"])))
    above = (day for text in table.above if (day := date_in_sentence(text)))
    return date_in_name(file) or max(stated, default=None) or next(above, None)
