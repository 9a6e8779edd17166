"""Suppliers, their declarations and the reference data, made from a seed: the same for the same seed, at any number.

Four hundred facilities in a long tail (the first is on nearly every list, the last on a tenth of them), each with up to
five aliases that lead to its CID; suppliers that type CIDs and suppliers that choose names, in the spellings of some
languages; copied lists; statements of mine countries; and a share of lines whose name nobody knows.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from math import log

from examples.specimen import LookUpEntry, SmelterRow, complete_specimen, not_listed, write_cmrt
from tracelode.declarations.declaration import CidSource
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.submission import RECYCLED, DeclaredIdentity, State, SubmissionSummary

YEAR = 2025
LINES = 300
_FIRST_ROW = 5
FACILITIES = 400
UNKNOWN_SPELLINGS = 4_000
REUPLOADS = 5
"""One submission in this many is a supplier's second: every other one of them the same file once more."""
COPIED_LISTS = 12
"""Lists that one supplier in fifty copies whole."""

_COUNTRIES = ("CHINA", "JAPAN", "GERMANY", "BRAZIL", "INDONESIA", "UNITED STATES OF AMERICA", "PERU", "MALAYSIA",
              "VIET NAM", "SOUTH AFRICA", "RWANDA", "BELGIUM", "THAILAND", "POLAND", "CANADA", "INDIA")  # fmt: skip
_MINES = ("Australia", "Peru", "Rwanda", "Congo, Democratic Republic of the", "Indonesia, Malaysia", "Unknown",
          "Brazil; Peru", "RCOI confirmed as per RMI", "Canada", "Nigeria")  # fmt: skip
_WORDS = ("Amber", "Birch", "Copper", "Delta", "Eastern", "Foxglove", "Granite", "Harbour", "Iron", "Jade", "Kestrel",
          "Lantern", "Meadow", "Northern", "Orchard", "Pine", "Quarry", "River", "Silver", "Tidal")  # fmt: skip
_FORMS = ("Co., Ltd.", "GmbH", "S.A.", "Inc.", "Refinery", "Metals", "Smelting", "Ltda.")


@dataclass(frozen=True, slots=True)
class Smelter:
    """A facility with its aliases, the standard name first, and its status, "" for one that the list lacks."""

    metal: Mineral
    cid: str
    country: str
    names: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a declaration: a facility under one of its names, or a name that nobody knows."""

    metal: Mineral
    cid: str
    name: str
    country: str
    evidence: CidSource
    mine_country: str = ""
    recycled: str = ""


class Population:
    """Everything that the benchmark feeds the system, of a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed

    @cached_property
    def smelters(self) -> tuple[Smelter, ...]:
        """The facilities, the most named first."""
        dice = self._dice("smelters")
        metals = (
            Mineral.GOLD,
            Mineral.TIN,
            Mineral.GOLD,
            Mineral.TANTALUM,
            Mineral.TUNGSTEN,
            Mineral.GOLD,
            Mineral.TIN,
        )
        return tuple(
            Smelter(
                metals[rank % len(metals)],
                f"CID{rank + 1:06}",
                dice.choice(_COUNTRIES),
                tuple(_name(dice, rank) for _ in range(dice.randint(1, 5))),
                dice.choices(("conformant", "active", ""), (rank * -0.15 + 70, 8, rank * 0.1 + 5))[0],
            )
            for rank in range(FACILITIES)
        )

    @cached_property
    def unknown(self) -> tuple[tuple[Mineral, str, str], ...]:
        """Names that nobody knows, with metal and country."""
        dice = self._dice("unknown")
        metals = list(CONFLICT_MINERALS)
        return tuple(
            (dice.choice(metals), _name(dice, FACILITIES + number), dice.choice(_COUNTRIES))
            for number in range(UNKNOWN_SPELLINGS)
        )

    @cached_property
    def _unknown_weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 10) for rank in range(UNKNOWN_SPELLINGS)))

    def supplier_id(self, number: int) -> str:
        """The id of the `number`-th supplier, which does not sort by number."""
        return f"s-{sha256(f'{self._seed}-{number}'.encode()).hexdigest()[:10]}"

    def lines(self, number: int, version: int = 0) -> tuple[Line, ...]:
        """What a supplier declares: `LINES` lines. A later version differs in about one line of thirty."""
        if self.copies(number):
            return self._lines(self._dice("copied", number % COPIED_LISTS))
        lines = list(self._lines(self._dice("lines", number)))
        dice = self._dice("lines", number, version)
        for place in dice.sample(range(LINES), 10) if version else ():
            lines[place] = self._stranger(dice)
        return tuple(lines)

    def copies(self, number: int) -> bool:
        """Whether a supplier sends somebody else's list, time and again."""
        return number % 50 == 7

    def _lines(self, dice: random.Random) -> tuple[Line, ...]:
        known = LINES - dice.choice((0, 0, 1, 2, 3, 5))
        # The smallest of exponential draws, each at the facility's own rate: a weighted sample without repetition.
        ranked = sorted(range(FACILITIES), key=lambda rank: -log(dice.random()) * (rank + 60))
        typed, spelling = dice.random() < 0.5, dice.random()
        tells_mines = dice.random() < 0.3
        lines = []
        for rank in ranked[:known]:
            smelter = self.smelters[rank]
            # A supplier's names come from one template; now and then it takes another alias.
            alias = dice.random() if dice.random() < 0.1 else spelling
            name = smelter.names[0] if typed else smelter.names[int(alias**2 * len(smelter.names))]
            lines.append(
                Line(
                    smelter.metal, smelter.cid, name, smelter.country,
                    CidSource.TYPED if typed else CidSource.LOOK_UP,
                    mine_country=dice.choice(_MINES) if tells_mines and dice.random() < 0.4 else "",
                    recycled="Yes" if dice.random() < 0.02 else "No",
                )
            )  # fmt: skip
        return (*lines, *(self._stranger(dice) for _ in range(LINES - known)))

    def _stranger(self, dice: random.Random) -> Line:
        (place,) = dice.choices(range(UNKNOWN_SPELLINGS), cum_weights=self._unknown_weights)
        metal, name, country = self.unknown[place]
        return Line(metal, "", name, country, CidSource.NONE)

    def summary(self, number: int, received: str, version: int = 0) -> SubmissionSummary:
        """The summary that intake makes of a supplier's declaration."""
        supplier_id = self.supplier_id(number)
        dice = self._dice("answers", number)
        lines = self.lines(number, version)
        origins: dict[DeclaredIdentity, set[str]] = defaultdict(set)
        for line in lines:
            if line.mine_country:
                origins[_identity(line)].add(line.mine_country)
            if line.recycled == "Yes":
                origins[_identity(line)].add(RECYCLED)
        wrong = dice.random() < 0.1
        key = f"{YEAR}/{supplier_id}/CMRT-{YEAR}.xlsx"
        digest = self.digest(number, version)
        return SubmissionSummary(
            submission_id=f"{received[:4]}-{digest[:12]}",
            supplier_id=supplier_id,
            key=key,
            version_id=f"{digest[:16]}{received[-13:-1]}",
            sha256=digest,
            received=received,
            state=State.NEEDS_CORRECTION if wrong else State.ACCEPTED,
            size=120_000 + dice.randrange(60_000),
            scope="B" if dice.random() < 0.05 else "A",
            template_version=dice.choice(("6.5", "6.5", "6.4", "6.31")),
            language="en",
            company_name=f"Example {supplier_id}",
            effective_date=f"{YEAR}-06-30",
            answers=_answers(dice),
            company_answers=dict.fromkeys("ABCDEFG", "Yes"),
            identities=_rows(lines),
            origins={identity: tuple(sorted(stated)) for identity, stated in sorted(origins.items())},
            findings={"error": 2, "warning": 3, "notice": 4} if wrong else {"warning": 2, "notice": 4},
            rules={"C21": {"error": 2}, "X07": {"warning": 3}} if wrong else {"X07": {"warning": 2}},
        )

    def workbook(self, number: int, version: int = 0) -> bytes:
        """A supplier's workbook, in the layout of a CMRT 6.5 with a look-up tab of all facilities and aliases."""
        rows = [_row(line) for line in self.lines(number, version)]
        specimen = complete_specimen(
            f"Example {self.supplier_id(number)}", rows, self._look_up, metals=list(CONFLICT_MINERALS)
        )
        return write_cmrt(replace(specimen))

    @cached_property
    def _look_up(self) -> tuple[LookUpEntry, ...]:
        return tuple(
            LookUpEntry(smelter.metal, name, smelter.names[0], smelter.country, smelter.cid)
            for smelter in self.smelters
            for name in smelter.names
        )

    def reference_files(self, suppliers: int) -> dict[str, bytes]:
        """Profile, roster and smelter list for that many suppliers, by file name."""
        roster = [f"{self.supplier_id(n)},Example {self.supplier_id(n)},,yes," for n in range(suppliers)]
        listed = [
            f'{smelter.metal},{smelter.cid},"{smelter.names[0]}",{smelter.country},{smelter.status}'
            for smelter in self.smelters
            if smelter.status
        ]
        return {
            "program.toml": f'year = {YEAR}\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'.encode(),
            "suppliers.csv": _table("supplier_id,name,contact_email,in_scope,attestation", roster),
            "smelter-list.csv": _table("metal,cid,name,country,status", listed),
        }

    def digest(self, number: int, version: int = 0) -> str:
        """Stands for the SHA-256 of a supplier's workbook."""
        return sha256(f"{self._seed}-{number}-{version}".encode()).hexdigest()

    def _dice(self, *place: object) -> random.Random:
        return random.Random(f"{self._seed}-{place}")


def moments(start: int = 0) -> Iterator[str]:
    """Receipt times, a second apart."""
    for second in range(start, 10_000_000):
        day, rest = divmod(second, 86_400)
        date = f"{YEAR + 1}-0{1 + day // 28}-{1 + day % 28:02}"
        yield f"{date}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.000Z"


def _row(line: Line) -> SmelterRow:
    if not line.cid:
        return replace(not_listed(line.metal, line.name, line.country), recycled="No")
    if line.evidence is CidSource.TYPED:
        return SmelterRow(cid=line.cid, mine_country=line.mine_country, recycled=line.recycled)
    return SmelterRow(metal=line.metal, lookup=line.name, mine_country=line.mine_country, recycled=line.recycled)


def _identity(line: Line) -> DeclaredIdentity:
    return DeclaredIdentity(line.metal.value, line.cid, line.name, line.country, line.evidence.value)


def _rows(lines: Iterable[Line]) -> dict[DeclaredIdentity, tuple[int, ...]]:
    rows: dict[DeclaredIdentity, list[int]] = defaultdict(list)
    for row, line in enumerate(lines, start=_FIRST_ROW):
        rows[_identity(line)].append(row)
    return {identity: tuple(rows[identity]) for identity in sorted(rows)}


def _answers(dice: random.Random) -> dict[str, dict[str, str]]:
    covered = dice.choice(("Yes", "No", "Unknown"))
    said = {
        Question.INTENTIONALLY_ADDED: "Yes",
        Question.REMAINS_IN_PRODUCT: "Yes",
        Question.COVERED_COUNTRIES: covered,
        Question.RECYCLED_OR_SCRAP: "No",
    }
    return {question.value: {metal.value: answer for metal in CONFLICT_MINERALS} for question, answer in said.items()}


def _name(dice: random.Random, number: int) -> str:
    first, second = dice.sample(_WORDS, 2)
    return f"{first} {second} {number} {dice.choice(_FORMS)}"


def _table(heading: str, rows: Sequence[str]) -> bytes:
    return "\n".join((heading, *rows, "")).encode()
