"""Generated situations of a program year, as data that says in plain numbers what must be true of their documents.

Nothing here goes through figures or claims: what a document may say is worked out from the situation itself.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from tests.unit.report.factories import (
    PRODUCTS,
    Answers,
    facility,
    interpretation,
    profile,
    submission,
    supplier,
    unidentified,
)
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.picture.facilities import DeclaredOrigins, Facility
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.status import FacilityId, ListedFacility, Listing, Status, Vocabulary
from tracelode.sources.last_year import LastYear
from tracelode.sources.program import Edition, Narrative, Program, Risk
from tracelode.sources.stated_facts import Actions, SupplyChain
from tracelode.submission import State

EVERYTHING = Edition(
    status_counts=True,
    year_on_year=True,
    response_statistics=True,
    declared_origins=True,
    dates=True,
    sole_suppliers=True,
    corrective_action=True,
    identification_numbers=True,
)
NOTHING_MORE = Edition()
ANYWHERE_IN_AFRICA = Risk(("Africa",))
OPTIONS = tuple(name for name, default in asdict(NOTHING_MORE).items() if default is False)
ALL = CONFLICT_MINERALS
HOME = ("CHINA", "JAPAN", "GERMANY", "BRAZIL", "INDONESIA", "UNITED STATES OF AMERICA")
ODD_NAMES = (
    "شركة الصهر المحدودة", "מפעל הזיקוק", "無錫精密電子有限公司", "한국제련 주식회사", "三井金属鉱業",
    "Ögussa & Söhne <GmbH>",
    "W" * 250, "100 Percent Gold, 7 of 9", "\u202egnp.exe", "{{ figures.smelters.total }}", "Métaux № 12",
)  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """How many suppliers stand how, what those with a declaration answer, and which facilities they name.

    `statuses` counts conformant, active and indeterminable facilities by metal, `unplaced`, `african` and `covered`
    say how many of the indeterminable have no known country, lie in Africa outside of the covered countries, or in
    one of these; `plans` how many of the active are under an extended plan. `scopes` are dealt out in turn.
    """

    accepted: int = 0
    to_correct: int = 0
    rejected: int = 0
    awaiting: int = 0
    scopes: Sequence[str] = ("A",)
    versions: Sequence[str] = ("6.5",)
    metals: Sequence[Mineral] = ALL
    covered_answer: str = "Unknown"
    recycled_answer: str = "No"
    attesting: int = 0
    statuses: Mapping[Mineral, tuple[int, int, int]] = field(default_factory=dict)
    african: int = 0
    covered: int = 0
    unplaced: int = 0
    plans: int = 0
    origins: Sequence[str] = ()
    shared: int = 0
    names: Sequence[str] = ()
    unidentified_lines: int = 0
    last_year: tuple[int, int, int] | None = None
    vocabulary: Vocabulary = Vocabulary.RMAP
    edition: Edition = EVERYTHING
    term: str = "suppliers"
    contracts_ended: int | None = None
    done: bool | None = True
    risk: Risk = ANYWHERE_IN_AFRICA
    as_of: date | None = date(2025, 3, 31)

    @property
    def surveyed(self) -> int:
        return self.accepted + self.to_correct + self.rejected + self.awaiting

    @property
    def responded(self) -> int:
        return self.accepted + self.to_correct

    def count(self, place: int) -> int:
        return sum(counts[place] for counts in self.statuses.values())

    @property
    def conformant(self) -> int:
        return self.count(0)

    @property
    def active(self) -> int:
        return self.count(1)

    @property
    def indeterminable(self) -> int:
        return self.count(2)

    @property
    def total(self) -> int:
        return self.conformant + self.active + self.indeterminable

    @property
    def safely_placed(self) -> int:
        """Indeterminable facilities in a known country outside of Africa."""
        return self.indeterminable - self.african - self.covered - self.unplaced

    @property
    def contained(self) -> bool:
        """Whether a declaration has one of the metals in the products."""
        return self.responded > 0 and bool(self.metals)

    @property
    def gives_reason_to_believe(self) -> bool:
        """Whether a supplier answers Yes, or states a covered country as a mineral's origin."""
        yes = self.covered_answer == "Yes" and self.recycled_answer != "Yes"
        return self.contained and (yes or "CD" in self.origins[: self.total])

    @property
    def ruled_out(self) -> bool:
        """Whether every answer rules covered countries out, and nothing that is known speaks against it."""
        answers = self.covered_answer == "No" or self.recycled_answer == "Yes"
        complete = self.accepted == self.surveyed
        declared = all(metal in self.metals for metal, counts in self.statuses.items() if any(counts))
        return (
            self.contained and answers and complete and declared and not (self.gives_reason_to_believe or self.covered)
        )

    def scope_count(self, scope: str) -> int:
        return sum(self.scopes[number % len(self.scopes)] == scope for number in range(self.responded))

    def built(self) -> Interpretation:
        """The situation as an interpretation."""
        views = self._views()
        found = self._facilities([view.supplier_id for view in views[: self.responded]])
        made = interpretation(
            views,
            found,
            [unidentified("Nobody Knows Ltd.", "Tin", self.unidentified_lines)] if self.unidentified_lines else [],
            program=self._program(),
            as_of=self.as_of,
        )
        return replace(made, facts=replace(made.facts, last_year=self._last_year(made.facilities)))

    def _program(self) -> Program:
        return profile(
            year=2016 if self.vocabulary is Vocabulary.CFSP_2016 else 2024,
            vocabulary=self.vocabulary,
            edition=self.edition,
            narrative=Narrative(covered_products=PRODUCTS, supplier_term=self.term),
            actions=Actions(self.contracts_ended, self.done, self.done, self.done, self.done, self.done, self._plan),
            supply_chain=SupplyChain("first", True, None, False) if self.done else SupplyChain(),
            risk=self.risk,
        )

    @property
    def _plan(self) -> str | None:
        return "in development" if self.done else None

    def _views(self) -> list[SupplierView]:
        answers = Answers(self.metals, self.covered_answer, self.recycled_answer)
        views = []
        for number in range(self.surveyed):
            name = f"s{number:05d}"
            if number < self.responded:
                state = State.ACCEPTED if number < self.accepted else State.NEEDS_CORRECTION
                sent = submission(name, state=state, scope=self.scopes[number % len(self.scopes)], answers=answers)
                sent = replace(sent, template_version=self.versions[number % len(self.versions)])
                # The last ones attest, so that "another" is tried beside those that do not source there at all.
                views.append(supplier(name, sent, attests=number >= self.responded - self.attesting))
            elif number < self.responded + self.rejected:
                views.append(supplier(name, rejected=submission(name, state=State.REJECTED)))
            else:
                views.append(supplier(name))
        return views

    def _facilities(self, naming: Sequence[str]) -> list[Facility]:
        places = ["SUDAN"] * self.african + ["RWANDA"] * self.covered + ["Nowhereland"] * self.unplaced
        made: list[Facility] = []
        plans = self.plans
        for metal, counts in self.statuses.items():
            for status, count in zip(Status, counts, strict=True):
                for _ in range(count):
                    number = len(made) + 1
                    country = HOME[number % len(HOME)]
                    if status is Status.INDETERMINABLE and places:
                        country = places.pop()
                    who = naming[:2] if number <= self.shared else naming[number % len(naming) :][:1]
                    one = facility(
                        metal, number, status, country, suppliers=who, vocabulary=self.vocabulary,
                        name=self.names[number % len(self.names)] if self.names else "",
                        risky=frozenset(self.risk.continents),
                    )  # fmt: skip
                    if status is Status.ACTIVE and plans:
                        plans -= 1
                        one = replace(one, listed=planned(one))
                    if number <= len(self.origins):
                        stated = {self.origins[number - 1]: tuple(who)} if self.origins[number - 1] else {}
                        one = replace(one, origins=DeclaredOrigins(stated, {OriginKind.UNKNOWN: tuple(who)}))
                    made.append(one)
        return made

    def _last_year(self, now: Sequence[Facility]) -> LastYear | None:
        """Last year's facilities: so many of this year's kept, so many of these with another status, so many gone."""
        if self.last_year is None:
            return None
        kept, changed, gone = self.last_year
        before = {one.facility: one.status for one in now[:kept]}
        for one in now[:changed]:
            before[one.facility] = next(status for status in Status if status is not one.status)
        before |= {FacilityId(Mineral.TIN, f"CID{900_000 + number}"): Status.ACTIVE for number in range(gone)}
        return LastYear(before)


def planned(one: Facility) -> ListedFacility:
    return ListedFacility(
        one.facility, one.name, "CHINA", Status.ACTIVE, 1, listed_as=Listing.EXTENDED_CORRECTIVE_ACTION_PLAN
    )


def each(conformant: int, active: int, indeterminable: int, metals: Sequence[Mineral] = ALL) -> dict:
    return dict.fromkeys(metals, (conformant, active, indeterminable))


SITUATIONS: dict[str, Situation] = {
    "nobody surveyed": Situation(),
    "nobody surveyed, in the words of 2016": Situation(vocabulary=Vocabulary.CFSP_2016, edition=NOTHING_MORE),
    "one asked, no answer": Situation(awaiting=1),
    "nobody of seven answered": Situation(awaiting=7),
    "everything rejected": Situation(rejected=5),
    "one asked, and rejected": Situation(rejected=1),
    "nothing readable, some silent": Situation(rejected=2, awaiting=3),
    "one supplier, one facility": Situation(accepted=1, statuses={Mineral.TIN: (1, 0, 0)}),
    "one supplier, one indeterminable facility": Situation(accepted=1, statuses={Mineral.GOLD: (0, 0, 1)}),
    "one supplier, one facility in Rwanda": Situation(accepted=1, statuses={Mineral.GOLD: (0, 0, 1)}, covered=1),
    "one supplier, one facility nowhere": Situation(accepted=1, statuses={Mineral.GOLD: (0, 0, 1)}, unplaced=1),
    "one supplier to correct": Situation(to_correct=1, statuses={Mineral.TIN: (0, 1, 0)}, plans=1),
    "one supplier of two": Situation(accepted=1, awaiting=1, statuses=each(1, 1, 1)),
    "two of two": Situation(accepted=2, statuses=each(2, 1, 1), shared=16, contracts_ended=0),
    "six of seven": Situation(accepted=6, awaiting=1, statuses=each(60, 3, 14), covered=2, african=2),
    "seven of seven, as in 2016": Situation(
        accepted=7, vocabulary=Vocabulary.CFSP_2016, edition=NOTHING_MORE, term="contract manufacturers", attesting=1,
        statuses={Mineral.GOLD: (93, 6, 36), Mineral.TANTALUM: (44, 0, 3), Mineral.TIN: (65, 7, 12),
                  Mineral.TUNGSTEN: (39, 1, 4)},
        african=2, covered=2, as_of=date(2017, 4, 28),
    ),
    "199 of 200": Situation(accepted=150, to_correct=49, awaiting=1, statuses=each(30, 4, 9), scopes="AAB"),
    "two thousand": Situation(
        accepted=1200, to_correct=500, rejected=100, awaiting=200, scopes="AABC",
        versions=("6.5", "6.4", "6.31", "6.22"),
        statuses=each(250, 40, 260), african=30, covered=40, unplaced=11, shared=1100, last_year=(2000, 120, 310),
    ),
    "no metal in the products": Situation(accepted=3, metals=()),
    "no metal in the products of one": Situation(accepted=1, metals=()),
    "gold alone": Situation(accepted=3, metals=(Mineral.GOLD,), statuses={Mineral.GOLD: (4, 1, 2)}),
    "tungsten alone": Situation(
        accepted=1, metals=(Mineral.TUNGSTEN,), statuses={Mineral.TUNGSTEN: (0, 0, 2)}, african=1
    ),
    "two metals": Situation(accepted=2, metals=ALL[:2], statuses=each(3, 0, 0, ALL[:2])),
    "three metals": Situation(accepted=4, metals=ALL[:3], statuses=each(1, 0, 2, ALL[:3]), covered=1),
    "product level": Situation(accepted=3, scopes="B", statuses=each(1, 1, 1)),
    "one at product level": Situation(accepted=1, scopes="B", statuses=each(1, 1, 1)),
    "user-defined": Situation(accepted=2, scopes="C", statuses=each(1, 1, 1)),
    "one user-defined": Situation(accepted=1, scopes="C", statuses=each(1, 1, 1)),
    "one without a scope": Situation(accepted=1, scopes=("",), statuses=each(1, 0, 1)),
    "all scopes": Situation(
        accepted=9, scopes=("A", "B", "C", ""), versions=("6.5", "4.20", ""), statuses=each(2, 2, 2)
    ),
    "none indeterminable": Situation(accepted=3, statuses=each(5, 2, 0)),
    "all conformant": Situation(accepted=3, statuses=each(5, 0, 0), recycled_answer="Yes"),
    "all active": Situation(accepted=3, statuses=each(0, 3, 0), plans=12),
    "all active, one under a plan": Situation(accepted=3, statuses=each(0, 3, 0), plans=1),
    "one active, under a plan": Situation(accepted=3, statuses={Mineral.TIN: (3, 1, 1)}, plans=1),
    "all indeterminable": Situation(accepted=3, statuses=each(0, 0, 2), african=3, covered=5),
    "all indeterminable, all placed": Situation(accepted=3, statuses=each(0, 0, 2)),
    "half at risk": Situation(accepted=3, statuses=each(0, 0, 2), african=1, covered=3),
    "a dozen at risk": Situation(accepted=3, statuses=each(1, 0, 5), african=6, covered=6),
    "no place is risky": Situation(accepted=3, statuses=each(1, 0, 5), african=6, risk=Risk(continents=())),
    "nothing from covered countries": Situation(accepted=2, covered_answer="No", statuses=each(1, 0, 0)),
    "one, with nothing from covered countries": Situation(accepted=1, covered_answer="No", statuses=each(1, 0, 0)),
    "everything recycled": Situation(accepted=1, recycled_answer="Yes", covered_answer="Yes", statuses=each(1, 0, 0)),
    "two attest": Situation(accepted=4, attesting=2, statuses=each(1, 0, 0)),
    "nothing from covered countries, it is said": Situation(
        accepted=3, covered_answer="No", statuses=each(1, 1, 2), covered=2, origins=("CD",)
    ),
    "everything recycled, says the one to correct": Situation(to_correct=1, recycled_answer="Yes", covered=1,
                                                             statuses={Mineral.TIN: (0, 0, 1)}, covered_answer="No"),
    "conformant alone, it is said": Situation(accepted=2, attesting=2, statuses=each(1, 1, 2), covered=3),
    "one attests and names others": Situation(accepted=1, attesting=1, statuses=each(0, 1, 0)),
    "two at risk": Situation(accepted=2, statuses={Mineral.TIN: (0, 0, 2)}, african=2),
    "two at risk in a covered country": Situation(accepted=2, statuses={Mineral.TIN: (0, 0, 2)}, covered=2),
    "two indeterminable": Situation(accepted=2, statuses={Mineral.TIN: (0, 0, 2)}),
    "nothing is said of what was done": Situation(
        accepted=3, to_correct=2, statuses=each(1, 1, 2), contracts_ended=0, done=None
    ),
    "nothing was done": Situation(accepted=1, to_correct=1, statuses=each(1, 0, 1), done=False),
    "who does not source there attests": Situation(
        accepted=3, covered_answer="No", attesting=1, statuses=each(1, 0, 0)
    ),
    "names in any script": Situation(accepted=2, statuses=each(4, 1, 6), african=5, covered=6, names=ODD_NAMES),
    "lines nobody can identify": Situation(accepted=2, unidentified_lines=1234),
    "one line nobody can identify": Situation(accepted=1, unidentified_lines=1, statuses={Mineral.TIN: (1, 0, 0)}),
    "the same as last year": Situation(accepted=2, statuses=each(2, 0, 0), last_year=(8, 0, 0)),
    "one new, one gone, one changed": Situation(accepted=2, statuses=each(2, 1, 1), last_year=(15, 1, 1)),
    "everything new": Situation(accepted=2, statuses=each(2, 1, 1), last_year=(0, 0, 0)),
    "everything gone": Situation(awaiting=2, last_year=(0, 0, 44)),
    "many changed": Situation(accepted=5, statuses=each(30, 5, 5), last_year=(150, 60, 25), contracts_ended=2),
    "one contract ended": Situation(accepted=1, statuses=each(1, 1, 0), contracts_ended=1),
    "one origin": Situation(accepted=2, statuses=each(1, 1, 1), origins=("PE",)),
    "one covered origin": Situation(accepted=2, statuses=each(1, 1, 1), origins=("CD", "CD", "")),
    "many origins": Situation(
        accepted=9, statuses=each(9, 3, 3), origins=("PE", "CD", "RW", "AU", "CD", "ZM", "CN") * 5
    ),
    "origins of all": Situation(accepted=2, statuses={Mineral.TIN: (2, 0, 0)}, origins=("PE", "BO")),
    "named by one only": Situation(accepted=3, statuses=each(2, 1, 1), shared=0),
    "one named by one only": Situation(accepted=3, statuses=each(2, 1, 1), shared=15),
    "no date": Situation(accepted=3, statuses=each(2, 1, 1), as_of=None),
    "no option in the words of today": Situation(
        accepted=3, to_correct=2, rejected=1, awaiting=1, statuses=each(7, 2, 4), plans=3, edition=NOTHING_MORE,
        origins=("PE",), last_year=(10, 2, 3), covered=2,
    ),
    "the registrant's own term": Situation(
        accepted=1, to_correct=1, term="contract manufacturers", statuses=each(1, 1, 1)
    ),
}  # fmt: skip
"""By name; each is rendered as it is."""


def drawn(seed: int) -> Situation:
    """A situation drawn at random, the same for the same seed."""
    dice = random.Random(seed)
    several = (0, 0, 1, 1, 2, 3, 7, 40)
    metals = tuple(metal for metal in ALL if dice.random() < 0.7)
    accepted, to_correct = dice.choice(several), dice.choice(several)
    statuses = {}
    if accepted + to_correct:
        statuses = {metal: tuple(dice.choice((0, 1, 2, 5, 30)) for _ in Status) for metal in metals}
    unlisted = sum(counts[2] for counts in statuses.values())
    african = dice.randint(0, unlisted)
    covered = dice.randint(0, unlisted - african)
    total = sum(sum(counts) for counts in statuses.values())
    kept = dice.randint(0, total)
    return Situation(
        accepted=accepted,
        to_correct=to_correct,
        rejected=dice.choice(several),
        awaiting=dice.choice(several),
        scopes=dice.choice(("A", "B", "C", "AB", "ABC", "AAC")),
        versions=dice.choice((("6.5",), ("6.5", "6.4"), ("6.31", "5.11", ""))),
        metals=metals,
        covered_answer=dice.choice(("Yes", "No", "Unknown", "")),
        recycled_answer=dice.choice(("Yes", "No", "Unknown", "")),
        attesting=dice.randint(0, min(2, accepted + to_correct)),
        statuses=statuses,
        african=african,
        covered=covered,
        unplaced=dice.randint(0, unlisted - african - covered),
        plans=dice.randint(0, sum(counts[1] for counts in statuses.values())),
        origins=tuple(dice.choice(("PE", "CD", "CN", "")) for _ in range(dice.randint(0, total))),
        shared=dice.randint(0, total),
        unidentified_lines=dice.choice((0, 1, 12)) if accepted + to_correct else 0,
        last_year=dice.choice((None, (kept, dice.randint(0, kept), dice.choice(several)))),
        vocabulary=dice.choice(tuple(Vocabulary)),
        edition=Edition(**{name: dice.random() < 0.7 for name in OPTIONS}),
        contracts_ended=dice.choice((None, 0, 1, 3)),
        done=dice.choice((None, False, True)),
        as_of=dice.choice((None, date(2017, 4, 28))),
    )
