"""Case directories, as the command line takes them, with the figures that the report must show.

What is expected is counted here in plain sets, without any code of the system under test.
"""

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from examples.specimen import (
    CmrtSpecimen,
    LookUpEntry,
    SmelterRow,
    complete_specimen,
    not_yet_identified,
    special_entries,
    write_cmrt,
)
from tests.factories.official import official_template
from tracelode.minerals import CONFLICT_MINERALS

CONFORMANT, ACTIVE, INDETERMINABLE = "conformant", "active", "indeterminable"
PRINTED = {
    "cfsp-2016": {CONFORMANT: "Compliant", ACTIVE: "Active", INDETERMINABLE: "Indeterminable"},
    "rmap": {CONFORMANT: "Conformant", ACTIVE: "Active", INDETERMINABLE: "Indeterminable"},
}
COVERED = frozenset({"RWANDA", "ZAMBIA", "UGANDA", "CONGO, DEMOCRATIC REPUBLIC OF THE", "TANZANIA, UNITED REPUBLIC OF"})
AFRICAN = COVERED | {"SUDAN", "ZIMBABWE", "SOUTH AFRICA", "GHANA", "MAURITANIA"}
_COUNTRIES = (
    "CHINA",
    "JAPAN",
    "GERMANY",
    "BRAZIL",
    "INDONESIA",
    "UNITED STATES OF AMERICA",
    "BOLIVIA (PLURINATIONAL STATE OF)",
    "VIET NAM",
    "SOUTH AFRICA",
    "RWANDA",
    "SUDAN",
    "UGANDA",
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row of suppliers.csv."""

    supplier_id: str
    name: str = ""
    contact_email: str = ""
    in_scope: str = "yes"
    attestation: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of smelter-list.csv."""

    metal: str
    cid: str
    name: str
    country: str
    status: str
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A row of smelters.csv, in its order, with the suppliers that name the facility."""

    metal: str
    cid: str
    name: str
    country: str
    status: str
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case directory; `figures` holds what figures.json must say at least, `smelters` the rows of smelters.csv."""

    folder: Path
    year: int
    figures: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    smelters: tuple[ExpectedRow, ...] = ()


def write_case(
    folder: Path,
    *,
    year: int = 2016,
    vocabulary: str = "cfsp-2016",
    suppliers: Iterable[RosterRow],
    smelter_list: Iterable[ListRow],
    inbox: Mapping[str, Mapping[str, bytes]],
) -> Path:
    """Write a case directory: `inbox` maps supplier id -> file name -> content."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.toml").write_text(
        f'year = {year}\nvocabulary = "{vocabulary}"\n\n'
        '[registrant]\nname = "Example Registrant, Inc."\nshort_name = "Example"\nstate = "Delaware"\n'
        'commission_file_number = "001-00000"\n\n'
        f'[signatory]\nname = "Sam Sample"\ntitle = "General Counsel"\ndate = {year + 1}-05-26\n',
        encoding="utf-8",
    )
    heading = ("supplier_id", "name", "contact_email", "in_scope", "attestation")
    _write_csv(folder / "suppliers.csv", heading, [_roster_row(row) for row in suppliers])
    write_smelter_list(folder, smelter_list)
    for supplier_id, files in inbox.items():
        for name, content in files.items():
            path = folder / "inbox" / supplier_id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


def write_smelter_list(folder: Path, rows: Iterable[ListRow]) -> None:
    """Write, or replace, the smelter list of a case."""
    heading = ("metal", "cid", "name", "country", "status", "as_of")
    listed = [(row.metal, row.cid, row.name, row.country, row.status, row.as_of) for row in rows]
    _write_csv(folder / "smelter-list.csv", heading, listed)


def random_case(
    folder: Path,
    seed: int,
    *,
    suppliers: int = 7,
    facilities: int = 60,
    year: int = 2016,
    vocabulary: str = "cfsp-2016",
) -> Case:
    """A case of made-up facilities split at random over suppliers, some of which are not as they should be.

    From four suppliers on, one is awaited, one sent something unreadable, one is out of scope and one lacks its
    company's name; the rest are fine. Rows repeat under another alias, and some lines name no smelter.
    """
    dice = random.Random(seed)
    table = _made_up_facilities(dice, facilities)
    statuses = {entry.cid: dice.choice((CONFORMANT, CONFORMANT, ACTIVE, INDETERMINABLE)) for entry in table}
    ids = [f"supplier-{number:03}" for number in range(1, suppliers + 1)]
    roles = dict(zip(ids, _roles(dice, suppliers), strict=True))
    named = _split(dice, table, [name for name in ids if roles[name] not in ("awaited", "unreadable")])
    unidentified = 0
    not_sourcing = 0
    inbox: dict[str, dict[str, bytes]] = {}
    for supplier_id, role in roles.items():
        if role == "unreadable":
            inbox[supplier_id] = {"cmrt.xlsx": b"not a workbook"}
        if supplier_id not in named:
            continue
        entries = named[supplier_id]
        says_no = dice.random() < 0.3 and not any(entry.country in COVERED for entry in entries)
        placeholders = 0 if says_no else dice.randrange(3)
        specimen = _declaration(dice, supplier_id, entries, table, placeholders, "No" if says_no else "Unknown")
        if role == "incomplete":
            specimen = replace(specimen, company=replace(specimen.company, name=""))
        inbox[supplier_id] = {f"CMRT {supplier_id}.xlsx": write_cmrt(specimen)}
        if role != "out-of-scope":
            unidentified += placeholders
            not_sourcing += says_no and bool(entries)
    write_case(
        folder,
        year=year,
        vocabulary=vocabulary,
        suppliers=[RosterRow(name, in_scope="no" if roles[name] == "out-of-scope" else "yes") for name in ids],
        smelter_list=_smelter_list(dice, table, statuses),
        inbox=inbox,
    )
    counted = {name: entries for name, entries in named.items() if roles[name] != "out-of-scope"}
    return Case(
        folder,
        year,
        figures={
            "suppliers": _supplier_figures(list(roles.values()))
            | {"not_sourcing_from_covered_countries": not_sourcing},
            "smelters": _smelter_figures(counted, statuses, vocabulary) | {"unidentified_lines": unidentified},
        },
        smelters=_rows(counted, statuses, vocabulary),
    )


def official_case(
    folder: Path,
    *,
    suppliers: int = 3,
    smelters: int = 300,
    seed: int = 1,
    year: int = 2024,
    vocabulary: str = "rmap",
    version: str = "6.5",
) -> Case:
    """A case of official workbooks, each with `smelters` CIDs (as many as the template's look-up tab has, at most).

    Raises FileNotFoundError on a machine without the official templates.
    """
    dice = random.Random(seed)
    template = official_template(version)
    table = tuple({entry.cid: entry for entry in template.look_up if entry.cid and entry.alias == entry.name}.values())
    statuses = {entry.cid: dice.choice((CONFORMANT, CONFORMANT, ACTIVE, INDETERMINABLE)) for entry in table}
    ids = [f"supplier-{number:03}" for number in range(1, suppliers + 1)]
    named = {supplier_id: tuple(dice.sample(table, min(smelters, len(table)))) for supplier_id in ids}
    inbox = {
        supplier_id: {
            "CMRT.xlsx": template.fill(
                complete_specimen(f"Example {supplier_id}", [SmelterRow(cid=e.cid) for e in entries], table)
            )
        }
        for supplier_id, entries in named.items()
    }
    write_case(
        folder,
        year=year,
        vocabulary=vocabulary,
        suppliers=[RosterRow(name) for name in ids],
        smelter_list=_smelter_list(dice, table, statuses),
        inbox=inbox,
    )
    figures = {
        "suppliers": _supplier_figures(["fine"] * suppliers) | {"not_sourcing_from_covered_countries": 0},
        "smelters": _smelter_figures(named, statuses, vocabulary) | {"unidentified_lines": 0},
    }
    return Case(folder, year, figures, _rows(named, statuses, vocabulary))


def _made_up_facilities(dice: random.Random, count: int) -> tuple[LookUpEntry, ...]:
    numbers = dice.sample(range(910_000, 990_000), count)
    entries = []
    for place, number in enumerate(numbers):
        metal = list(CONFLICT_MINERALS)[place % 4] if place < 4 else dice.choice(list(CONFLICT_MINERALS))
        name = f"Example {metal} Works No. {number}"
        entries.append(LookUpEntry(metal, name, name, dice.choice(_COUNTRIES), f"CID{number}"))
    return tuple(entries)


def _roles(dice: random.Random, suppliers: int) -> list[str]:
    special = ["awaited", "unreadable", "out-of-scope", "incomplete"] if suppliers > 4 else []
    roles = special + ["fine"] * (suppliers - len(special))
    dice.shuffle(roles)
    return roles


def _split(
    dice: random.Random, table: Sequence[LookUpEntry], suppliers: Sequence[str]
) -> dict[str, tuple[LookUpEntry, ...]]:
    named: dict[str, list[LookUpEntry]] = {supplier_id: [] for supplier_id in suppliers}
    for entry in table:
        for supplier_id in dice.sample(suppliers, dice.randint(1, len(suppliers))):
            named[supplier_id].append(entry)
    return {supplier_id: tuple(entries) for supplier_id, entries in named.items()}


def _declaration(
    dice: random.Random,
    supplier_id: str,
    entries: Sequence[LookUpEntry],
    table: Sequence[LookUpEntry],
    placeholders: int,
    covered_countries: str,
) -> CmrtSpecimen:
    aliases = [replace(entry, alias=f"{entry.cid} alias") for entry in table]
    rows = [
        SmelterRow(cid=entry.cid) if dice.random() < 0.6 else SmelterRow(metal=entry.metal, lookup=entry.name)
        for entry in entries
    ]
    repeated = [SmelterRow(metal=e.metal, lookup=f"{e.cid} alias") for e in entries if dice.random() < 0.1]
    metals = [metal for metal in CONFLICT_MINERALS if any(entry.metal == metal for entry in entries)]
    unknown = [not_yet_identified(dice.choice(metals)) for _ in range(placeholders)] if metals else []
    specimen = complete_specimen(
        f"Example {supplier_id}",
        [*rows, *repeated, *unknown],
        [*table, *aliases, *special_entries()],
        covered_countries=covered_countries,
        metals=metals,
        effective_date=date(2025, 6, 30),
    )
    if unknown:
        answers = {**specimen.answers, 7: dict.fromkeys(metals, "No")}
        comments = {7: dict.fromkeys(metals, "One of our suppliers does not know yet.")}
        specimen = replace(specimen, answers=answers, comments=comments)
    return replace(specimen, cached=dice.random() < 0.5)


def _supplier_figures(roles: Sequence[str]) -> dict[str, object]:
    surveyed = len(roles) - roles.count("out-of-scope")
    responded = roles.count("fine") + roles.count("incomplete")
    return {
        "surveyed": surveyed,
        "responded": responded,
        "accepted": roles.count("fine"),
        "needs_correction": roles.count("incomplete"),
        "rejected": roles.count("unreadable"),
        "awaiting": roles.count("awaited"),
        "company_level": responded,
        "product_level": 0,
        "user_defined": 0,
    }


def _smelter_figures(
    named: Mapping[str, Iterable[LookUpEntry]], statuses: Mapping[str, str], vocabulary: str
) -> dict[str, object]:
    watched = AFRICAN if vocabulary == "cfsp-2016" else COVERED
    facilities = {entry for entries in named.values() for entry in entries}
    return {
        **_by_status(facilities, statuses),
        "indeterminable_at_risk": sum(
            statuses[entry.cid] == INDETERMINABLE and entry.country in watched for entry in facilities
        ),
        "by_metal": {
            metal.value: _by_status({entry for entry in facilities if entry.metal == metal}, statuses)
            for metal in CONFLICT_MINERALS
        },
    }


def _by_status(facilities: set[LookUpEntry], statuses: Mapping[str, str]) -> dict[str, int]:
    found = [statuses[entry.cid] for entry in facilities]
    return {"total": len(found), **{status: found.count(status) for status in (CONFORMANT, ACTIVE, INDETERMINABLE)}}


def _rows(
    named: Mapping[str, Iterable[LookUpEntry]], statuses: Mapping[str, str], vocabulary: str
) -> tuple[ExpectedRow, ...]:
    by_facility: dict[LookUpEntry, set[str]] = {}
    for supplier_id, entries in named.items():
        for entry in entries:
            by_facility.setdefault(entry, set()).add(supplier_id)
    rows = [
        ExpectedRow(
            entry.metal,
            entry.cid,
            entry.name,
            entry.country,
            PRINTED[vocabulary][statuses[entry.cid]],
            tuple(sorted(suppliers)),
        )
        for entry, suppliers in by_facility.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.metal, row.status, row.cid)))


def _smelter_list(dice: random.Random, table: Iterable[LookUpEntry], statuses: Mapping[str, str]) -> list[ListRow]:
    rows = [
        ListRow(entry.metal, entry.cid, entry.name, entry.country, statuses[entry.cid], "2017-04-28")
        for entry in table
        if statuses[entry.cid] != INDETERMINABLE
    ]
    dice.shuffle(rows)
    return rows


def _roster_row(row: RosterRow) -> tuple[str, ...]:
    name = row.name or f"Example {row.supplier_id}"
    mailbox = row.contact_email or f"{row.supplier_id}@example.com"
    return (row.supplier_id, name, mailbox, row.in_scope, row.attestation)


def _write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)
