"""What is sent in a soak: sound workbooks of several dozen suppliers, bad files, reference files."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from examples.specimen import (
    LookUpEntry,
    SmelterRow,
    complete_specimen,
    not_listed,
    not_yet_identified,
    special_entries,
    write_cmrt,
)
from tests.hostile.corpus import CORPUS
from tracelode.minerals import CONFLICT_MINERALS, Mineral

YEAR: Final = 2016
SUPPLIERS: Final = tuple(f"supplier-{number:03}" for number in range(1, 73))
"""More than a group of the ledger holds, so that there are two."""
VARIANTS: Final = 5
"""Workbooks of each supplier; more would only fill the table with lines."""
_COUNTRIES: Final = ("CHINA", "JAPAN", "GERMANY", "BRAZIL", "INDONESIA", "VIET NAM", "RWANDA", "SUDAN", "UGANDA")
_HOSTILE: Final = (
    "empty_file",
    "a_text_file",
    "a_web_page",
    "a_pdf",
    "a_word_document",
    "an_archive_that_ends_in_the_middle",
    "a_part_that_shrinks_a_thousandfold",
    "relationships_that_leave_the_archive",
    "entities_that_multiply",
    "an_entity_that_reads_a_file",
    "a_definition_fetched_from_elsewhere",
)


def _facilities() -> tuple[LookUpEntry, ...]:
    dice = random.Random(2016)
    entries = []
    for place in range(80):
        metal = CONFLICT_MINERALS[place % 4]
        name = f"Example {metal} Works No. {place}"
        entries.append(LookUpEntry(metal, name, name, dice.choice(_COUNTRIES), f"CID9{place:05}"))
    return tuple(entries)


FACILITIES: Final = _facilities()
BAD_FILES: Final = tuple(sorted(entry.name for entry in CORPUS if entry.name in _HOSTILE))


@cache
def workbook(supplier_id: str, variant: int) -> bytes:
    """One of a supplier's workbooks; variant 3 lacks its company's name, variant 4 is about some products only."""
    dice = random.Random(f"{supplier_id}/{variant}")
    entries = dice.sample(FACILITIES, dice.randint(3, 30))
    rows = [SmelterRow(cid=entry.cid) if dice.random() < 0.7 else _by_name(entry) for entry in entries]
    if dice.random() < 0.3:
        rows.append(not_listed(Mineral.GOLD, f"Works of {supplier_id}", "PERU"))
    if dice.random() < 0.2:
        rows.append(not_yet_identified(entries[0].metal))
    specimen = complete_specimen(f"Example {supplier_id}", rows, [*FACILITIES, *special_entries()])
    if variant == 3:
        specimen = replace(specimen, company=replace(specimen.company, name=""))
    if variant == 4:
        specimen = replace(specimen, company=replace(specimen.company, scope="C", scope_description="Part 7"))
    return write_cmrt(specimen)


def _by_name(entry: LookUpEntry) -> SmelterRow:
    return SmelterRow(metal=entry.metal, lookup=entry.name)


@cache
def bad_file(name: str) -> bytes:
    """A file that is no workbook, or a hostile one."""
    return next(entry.build() for entry in CORPUS if entry.name == name)


def _csv(heading: str, rows: Sequence[str]) -> bytes:
    return "\n".join((heading, *rows, "")).encode()


def _program(*first: str) -> bytes:
    return "\n".join(
        (*first, "year = 2016", 'vocabulary = "rmap"', "[registrant]", 'name = "Example Inc."', "")
    ).encode()


def _roster(*out_of_scope: str) -> bytes:
    rows = [f"{s},Example {s},{s}@example.com,{'no' if s in out_of_scope else 'yes'}" for s in SUPPLIERS]
    return _csv("supplier_id,name,contact_email,in_scope", rows)


def _list(seed: int) -> bytes:
    dice = random.Random(seed)
    rows = [
        f"{e.metal},{e.cid},{e.name},{e.country},{dice.choice(('conformant', 'conformant', 'active'))}"
        for e in FACILITIES
        if dice.random() < 0.9
    ]
    return _csv("metal,cid,name,country,status", rows)


def _decided(cid: str) -> bytes:
    heading = "metal,declared_cid,declared_name,declared_country,decision,cid,decided_by,decided_on,reason"
    return _csv(heading, [f"Gold,,Works of {SUPPLIERS[0]},,is,{cid},Example Person,2017-01-05,asked by telephone"])


_GOLD: Final = tuple(entry.cid for entry in FACILITIES if entry.metal == Mineral.GOLD)
REFERENCES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "program.toml": (_program(), _program('minimum_cmrt_version = "6.6"'), _program()),
    "suppliers.csv": (_roster(), _roster(SUPPLIERS[3], SUPPLIERS[40]), _roster(SUPPLIERS[5])),
    "smelter-list.csv": tuple(_list(seed) for seed in range(4)),
    "dispositions.csv": (_decided(_GOLD[0]), _decided(_GOLD[1])),
}
BROKEN_REFERENCES: Final[Mapping[str, bytes]] = {
    "program.toml": b"year = 2017\n",
    "suppliers.csv": b"supplier_id\n\n",
    "smelter-list.csv": b"metal,cid\nLead,none\n",
    "dispositions.csv": b"metal,nonsense\n",
}
