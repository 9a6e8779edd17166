"""A case in which smelters are named in every way that suppliers have, with who each line really means.

Built from an official look-up tab: all of its facilities, in declarations of several languages and two versions.
What is expected is noted while the lines are written, without any code of the system under test.
"""

import random
import string
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, not_listed, not_yet_identified
from tests.factories.cases import ListRow, RosterRow, write_case
from tests.factories.official import find_template, official_template
from tracelode.minerals import CONFLICT_MINERALS, Mineral

YEAR = 2025
LANGUAGES = ("English", "中文 Chinese", "日本語 Japanese", "Deutsch")
_INVENTED = ("Amber Falls", "Birch Hollow", "Copper Gate", "Drifting Sand", "Eastern Quarry", "Foxglove", "Granite Bay")

Place = tuple[str, str]
"""Metal and CID."""


@dataclass
class IdentityCase:
    """A case directory, and who its lines mean.

    `exact` has the suppliers that name a facility in a way that leaves no doubt; `misspelt` the facility that each
    damaged name stands for, by metal and name; `unknown` the names that no list has; `placeholders` counts the lines
    that say themselves that they name nobody; `newer` are facilities that one supplier's older template lacks, and
    that it therefore names as not listed.
    """

    folder: Path
    exact: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    misspelt: dict[Place, Place] = field(default_factory=dict)
    unknown: set[Place] = field(default_factory=set)
    newer: set[Place] = field(default_factory=set)
    placeholders: int = 0
    lines: int = 0


def identity_case(folder: Path, *, seed: int = 1, suppliers: int = 8) -> IdentityCase:
    """All facilities of the official 6.5 look-up tab over some suppliers, one of whom still uses 6.1.

    A quarter of the lines name an alias, a quarter a CID alone, a tenth are misspelt, 3 % are of smelters that no list
    has, 1 % not yet identified; the rest choose the standard name. Raises FileNotFoundError without the templates.
    """
    dice = random.Random(seed)
    newest, older = official_template("6.5"), official_template("6.1")
    aliases, older_aliases = _aliases(newest.look_up), _aliases(older.look_up)
    facilities = sorted(aliases)
    spellings = {(entry.metal, _letters(entry.alias)) for entry in newest.look_up}
    case = IdentityCase(folder)
    ids = [f"supplier-{number:02}" for number in range(1, suppliers + 1)]
    rows: dict[str, list[SmelterRow]] = defaultdict(list)
    for facility in facilities:
        for supplier_id in dice.sample(ids, dice.randint(2, 4)):
            names = (older_aliases if supplier_id == ids[-1] else aliases).get(facility)
            if names:
                rows[supplier_id].append(_row(dice, case, facility, names, supplier_id, spellings))
                continue
            entry = aliases[facility][0]
            rows[supplier_id].append(not_listed(entry.metal, entry.name, entry.country))
            case.exact[facility].add(supplier_id)
            case.newer.add(facility)
    inbox = {
        supplier_id: {
            "CMRT.xlsx": (older if supplier_id == ids[-1] else newest).fill(
                replace(
                    complete_specimen(
                        f"Example {supplier_id}", rows[supplier_id], newest.look_up, metals=list(CONFLICT_MINERALS)
                    ),
                    language=LANGUAGES[number % len(LANGUAGES)],
                )
            )
        }
        for number, supplier_id in enumerate(ids)
    }
    listed = dice.sample(facilities, 2 * len(facilities) // 3)
    write_case(
        folder,
        year=YEAR,
        vocabulary="rmap",
        suppliers=[RosterRow(supplier_id) for supplier_id in ids],
        smelter_list=[
            ListRow(metal, cid, aliases[metal, cid][0].name, aliases[metal, cid][0].country,
                    dice.choice(("conformant", "active")), "2026-03-31")
            for metal, cid in listed
        ],
        inbox=inbox,
    )  # fmt: skip
    template = find_template("6.5")
    if template:
        (folder / "cmrt-template.xlsx").write_bytes(template.read_bytes())
    case.lines = sum(len(lines) for lines in rows.values())
    return case


def _row(
    dice: random.Random,
    case: IdentityCase,
    facility: Place,
    names: list[LookUpEntry],
    supplier_id: str,
    spellings: set[tuple[str, str]],
) -> SmelterRow:
    metal, cid = facility
    entry = dice.choice(names)
    kind = dice.random()
    if kind < 0.04:
        if kind < 0.01:
            case.placeholders += 1
            return not_yet_identified(Mineral(metal))
        invented = f"{dice.choice(_INVENTED)} {''.join(dice.choices(string.ascii_uppercase, k=6))} Metallurgy"
        case.unknown.add((metal, invented))
        return not_listed(metal, invented, entry.country)
    if kind < 0.14:
        damaged = _misspelt(dice, entry.name)
        if (metal, _letters(damaged)) not in spellings and case.misspelt.setdefault(
            (metal, damaged), facility
        ) == facility:
            return not_listed(metal, damaged, entry.country)
    case.exact[facility].add(supplier_id)
    if kind < 0.39:
        return SmelterRow(metal=metal, lookup=entry.alias)
    if kind < 0.64:
        return SmelterRow(cid=cid)
    return SmelterRow(metal=metal, lookup=entry.name)


def _aliases(look_up: tuple[LookUpEntry, ...]) -> Mapping[Place, list[LookUpEntry]]:
    by_facility: dict[Place, list[LookUpEntry]] = defaultdict(list)
    for entry in look_up:
        if entry.cid:
            by_facility[entry.metal, entry.cid].append(entry)
    return by_facility


def _misspelt(dice: random.Random, name: str) -> str:
    """A name with two letters doubled, dropped, swapped or replaced."""
    letters = list(name)
    for _ in range(2):
        place = dice.randrange(1, len(letters) - 1)
        match dice.randrange(4):
            case 0:
                letters.insert(place, letters[place])
            case 1:
                del letters[place]
            case 2:
                letters[place - 1], letters[place] = letters[place], letters[place - 1]
            case _:
                letters[place] = dice.choice(string.ascii_lowercase)
    return " ".join("".join(letters).split())


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
