"""The register of dispositions (`dispositions.csv`): read as the team filled it in, written for it to fill in."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracelode.lists.own_tables import read_table
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import Row
from tracelode.minerals import CONFLICT_MINERALS, mineral_named
from tracelode.printing.printable import csv_cell, looks_like_formula, printable
from tracelode.smelters.dispositions import Decision, Disposition, Dispositions, country_key
from tracelode.smelters.names import plain_name
from tracelode.smelters.status import CID, MINERAL_REQUIRED, FacilityId
from tracelode.smelters.suggestions import MOST, Suggestion
from tracelode.submission import DeclaredIdentity

DISPOSITIONS_FILE = "dispositions.csv"

DISPOSITION_COLUMNS = ("metal", "declared_name", "decision", "cid", "decided_by", "decided_on", "reason")

COLUMNS = (
    "metal", "declared_cid", "declared_name", "declared_country",
    "decision", "cid", "decided_by", "decided_on", "reason",
)  # fmt: skip
"""The columns that are read back; `declared_cid` and `declared_country` may be missing."""

EVIDENCE_COLUMNS = ("lines", "suppliers", *(f"suggestion_{number}" for number in range(1, MOST + 1)))
"""The columns behind them, which help to decide and are not read back."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A declared name for the team to decide on: how many lines and which suppliers carry it, what it may mean."""

    identity: DeclaredIdentity
    lines: int
    suppliers: tuple[str, ...]
    suggestions: tuple[Suggestion, ...] = ()


def parse_dispositions(data: bytes) -> Dispositions:
    """The register of a CSV file, in the form that `to_decide_csv` writes, filled in or not.

    A row without a decision is undecided and means nothing. A decision is "is" with a CID in `cid`, a CID alone, or
    "not a smelter". Raises ReferenceRefusedError with every problem, each with row and column: a decision without
    who, when or why, and two rows that decide one name in two ways.
    """
    problems: list[Problem] = []
    decisions: dict[tuple[str, str, str, str], Disposition] = {}
    for row in read_table(DISPOSITIONS_FILE, data, DISPOSITION_COLUMNS):
        decision = _disposition(row, problems)
        if decision is None:
            continue
        earlier = decisions.setdefault(_key(decision), decision)
        if earlier.outcome != decision.outcome:
            problems.append(
                Problem(
                    f"row {earlier.row} decides the same name in another way", row.number, "decision", row["decision"]
                )
            )
    if problems:
        raise ReferenceRefusedError(DISPOSITIONS_FILE, tuple(problems))
    return Dispositions(tuple(decisions.values()))


def to_decide_csv(dispositions: Dispositions, undecided: Iterable[Undecided]) -> bytes:
    """The register to fill in: the decisions in force as they stand, then what is undecided, most suppliers first.

    One row for each metal, CID, name and country that can be decided apart; what a decision covers is left out. With
    a byte order mark, without which spreadsheet programs take UTF-8 for something else. No cell can become a formula,
    and `parse_dispositions` gives back the very decisions.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, *EVIDENCE_COLUMNS))
    for decision in dispositions.decisions:
        writer.writerow([_written(cell) for cell in (*_decided(decision), *[""] * len(EVIDENCE_COLUMNS))])
    for name in _gathered(name for name in undecided if dispositions.on(name.identity) is None):
        writer.writerow([_written(cell) for cell in _to_decide(name)])
    return text.getvalue().encode("utf-8-sig")


def _disposition(row: Row, problems: list[Problem]) -> Disposition | None:
    cells = {column: _read(row[column]) for column in COLUMNS}
    spelt = cells["decision"]
    if not spelt:
        if cells["cid"]:
            problems.append(Problem('a CID without a decision; "is" is required', row.number, "decision"))
        return None
    before = len(problems)
    metal = mineral_named(cells["metal"], CONFLICT_MINERALS)
    decision, cid = _decision(spelt, cells["cid"], row.number, problems)
    if metal is None and (cells["metal"] or decision is Decision.FACILITY):
        problems.append(Problem(MINERAL_REQUIRED, row.number, "metal", cells["metal"]))
    declared_cid = cells["declared_cid"].upper()
    if declared_cid and not CID.fullmatch(declared_cid):
        problems.append(
            Problem("CID and six digits are required, or nothing", row.number, "declared_cid", declared_cid)
        )
    if not declared_cid and not plain_name(cells["declared_name"]):
        problems.append(Problem("a name is required where no CID was declared", row.number, "declared_name"))
    decided_on = _signed(cells, row.number, problems)
    if len(problems) > before or decision is None or decided_on is None:
        return None
    return Disposition(
        metal=metal or "",
        declared_cid=declared_cid,
        declared_name=cells["declared_name"],
        declared_country=cells["declared_country"],
        decision=decision,
        facility=FacilityId(metal, cid) if metal and decision is Decision.FACILITY else None,
        decided_by=cells["decided_by"],
        decided_on=decided_on,
        reason=cells["reason"],
        row=row.number,
    )


def _decision(spelt: str, cid: str, row: int, problems: list[Problem]) -> tuple[Decision | None, str]:
    alone, cid = spelt.upper(), cid.upper()
    if CID.fullmatch(alone):
        if cid not in ("", alone):
            problems.append(Problem(f"the decision says {alone}", row, "cid", cid))
        return Decision.FACILITY, alone
    decision = next((known for known in Decision if known == " ".join(spelt.casefold().split())), None)
    if decision is None:
        wanted = ", ".join(f'"{known}"' for known in Decision)
        problems.append(Problem(f"one of {wanted}, or a CID, is required", row, "decision", spelt))
    elif decision is Decision.FACILITY and not CID.fullmatch(cid):
        problems.append(Problem("CID and six digits are required", row, "cid", cid))
    elif decision is Decision.NOT_A_SMELTER and cid:
        problems.append(Problem("what is not a smelter has no CID", row, "cid", cid))
    return decision, cid


def _signed(cells: Mapping[str, str], row: int, problems: list[Problem]) -> date | None:
    for column, wanted in (("decided_by", "who decided it"), ("reason", "why it was decided")):
        if not cells[column]:
            problems.append(Problem(f"{wanted} is required", row, column))
    try:
        return date.fromisoformat(cells["decided_on"])
    except ValueError:
        problems.append(Problem("a date such as 2017-03-31 is required", row, "decided_on", cells["decided_on"]))
        return None


def _decided(decision: Disposition) -> tuple[str, ...]:
    return (
        decision.metal,
        decision.declared_cid,
        decision.declared_name,
        decision.declared_country,
        decision.decision.value,
        decision.facility.cid if decision.facility else "",
        decision.decided_by,
        decision.decided_on.isoformat(),
        decision.reason,
    )


def _gathered(undecided: Iterable[Undecided]) -> list[Undecided]:
    """One entry for each thing to decide, the spelling of most lines standing for it."""
    alike: dict[tuple[str, str, str, str], list[Undecided]] = defaultdict(list)
    for name in undecided:
        identity = name.identity
        alike[identity.metal, identity.cid, plain_name(identity.name), country_key(identity.country)].append(name)
    gathered = []
    for names in alike.values():
        first = min(names, key=lambda name: (-name.lines, name.identity))
        suppliers = tuple(sorted({supplier for name in names for supplier in name.suppliers}))
        gathered.append(Undecided(first.identity, sum(name.lines for name in names), suppliers, first.suggestions))
    return sorted(gathered, key=lambda name: (-len(name.suppliers), -name.lines, name.identity))


def _to_decide(name: Undecided) -> tuple[str, ...]:
    identity = name.identity
    shown = [_shown(suggestion, identity.metal) for suggestion in name.suggestions[:MOST]]
    return (
        *(identity.metal, identity.cid, identity.name, identity.country, *[""] * 5),
        *(str(name.lines), " ".join(name.suppliers), *shown, *[""] * (MOST - len(shown))),
    )


def _shown(suggestion: Suggestion, metal: str) -> str:
    facility = suggestion.facility
    # A facility of another metal is never the answer for this one: it says whose name the supplier wrote.
    place = ", ".join(filter(None, ("" if facility.metal == metal else facility.metal.value, suggestion.country)))
    return f"{facility.cid} {suggestion.name}{f' ({place})' if place else ''} {suggestion.score}{suggestion.authority}"


def _key(decision: Disposition) -> tuple[str, str, str, str]:
    country = country_key(decision.declared_country)
    return decision.metal, decision.declared_cid, plain_name(decision.declared_name), country


def _written(cell: str) -> str:
    """The cell, with an apostrophe in front where it, or what follows its own apostrophes, could be a formula."""
    text = " ".join(printable(cell).split())
    return f"'{text}" if text.startswith("'") and looks_like_formula(text.lstrip("'")) else csv_cell(text)


def _read(cell: str) -> str:
    """The cell without the apostrophe that `_written` put in front."""
    text = " ".join(printable(cell).split())
    return text[1:] if text.startswith("'") and looks_like_formula(text.lstrip("'")) else text
