"""Years to look at: an empty one, one in which everything that can be the matter is, and one of 2,000 suppliers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

from tests.factories.submissions import on_rows
from tests.unit.report.factories import interpretation, name_of, profile, submission
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.picture.facts import Facts
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.smelters.known import KnownName, NameSource, known_facilities
from tracelode.smelters.status import Assessment, FacilityId, ListedFacility, SmelterList, Status, Vocabulary
from tracelode.sources.program import Narrative, Program, Registrant, Risk
from tracelode.sources.roster import Supplier
from tracelode.submission import DeclaredIdentity, State
from tracelode.tally.aggregate import Standing, fold, seat_number

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KGaA"
NAMES = (
    LONG, "無錫精密電子材料科技股份有限公司第三製造事業部", "شركة الصهر والتكرير المتحدة ذ.م.م", "x" * 120,
    '<script>alert(1)</script> & "quoted"', '=HYPERLINK("evil")', "Øresund Præcision ApS", "מפעלי מתכת בע״מ",
    "株式会社日本電子部品製造 第二工場", "Ordinary Parts, Inc.",
)  # fmt: skip
COUNTRIES = ("RWANDA", "SUDAN", "CHINA", "CONGO, DEMOCRATIC REPUBLIC OF THE", "GERMANY", "INDONESIA")
_STATES = (State.ACCEPTED, State.NEEDS_CORRECTION, State.REJECTED, State.AWAITING, State.ACCEPTED)
_MOSTLY_ACCEPTED = (State.ACCEPTED,) * 6 + (
    State.NEEDS_CORRECTION, State.AWAITING, State.AWAITING, State.REJECTED,
)  # fmt: skip
_AS_OF = date(2025, 2, 28)


def empty() -> Interpretation:
    """A year of which nothing is known but the profile, with every blank in it."""
    return interpretation(program=Program(2025, Vocabulary.RMAP), as_of=None)


def busy() -> Interpretation:
    """Thirty suppliers in every state, 60 facilities and 130 open names, all of them with names that break pages."""
    program = Program(
        2024,
        Vocabulary.RMAP,
        registrant=Registrant(name=f"{LONG} of Springfield"),
        narrative=Narrative(company_overview=" ".join(NAMES)),
        risk=Risk(lists={f"{LONG} list": ("RW", "CD")}),
        unknown_keys=("registrant.nmae", "narrative." + "k" * 60),
    )
    return _year(program, islice(cycle(NAMES), 30), _STATES, NAMES, facilities=60, open_names=130, aside=True)


def crowded() -> Interpretation:
    """Two thousand suppliers, most of which have answered; 380 facilities, 240 open names."""
    program = profile(year=2025, vocabulary=Vocabulary.RMAP)
    names = (f"Supplier of Parts No. {number}, Ltd." for number in range(2000))
    return _year(program, names, _MOSTLY_ACCEPTED, ("Works",), facilities=380, open_names=240)


def _year(
    program: Program, suppliers: Iterable[str], states: Sequence[State], called: Sequence[str], *,
    facilities: int, open_names: int, aside: bool = False,
) -> Interpretation:  # fmt: skip
    """A year in which the n-th facility and the n-th open name are named by up to n suppliers."""
    roster = [Supplier(f"supplier-{number:04}", name, "", True) for number, name in enumerate(suppliers)]
    listed = [_facility(number, called[number % len(called)]) for number in range(1, facilities + 1)]
    strangers = [_open_name(number, called[number % len(called)]) for number in range(open_names)]
    standings = []
    for number, supplier in enumerate(roster):
        named = {_declared(one): 1 for place, one in enumerate(listed) if place % (number + 1) < 30}
        unknown = {one: number % 3 + 1 for place, one in enumerate(strangers) if place % (number + 1) == number // 2}
        if (state := states[number * 7 % len(states)]) is not State.AWAITING:
            standings.append(_standing(number, supplier, state, named | unknown))
    if aside:
        roster.append(Supplier("not-surveyed", LONG, "", False))
        standings.append(_standing(len(roster), roster[-1], State.ACCEPTED, {}))
        standings.append(_standing(len(roster) + 1, Supplier("stranger", "", "", True), State.ACCEPTED, {}))
    earlier = [replace(one, status=Status.CONFORMANT) for one in listed[::7]]
    return interpret(
        Facts(
            program=program,
            roster=tuple(roster),
            smelter_list=SmelterList({one.facility: one for one in listed if one.row % 5}, _AS_OF),
            earlier_lists=(SmelterList({one.facility: one for one in earlier}, date(2024, 9, 30)),),
            known=known_facilities(
                KnownName(one.facility, one.name, one.name, one.country, NameSource.REFERENCE_LIST, "list.xml")
                for one in listed
                if one.row % 15
            ),
            aggregate=fold(standings),
            references=(),
        )
    )


def _facility(number: int, name: str) -> ListedFacility:
    return ListedFacility(
        FacilityId(list(CONFLICT_MINERALS)[number % 4], f"CID{number:06}"),
        f"{name} {number}",
        COUNTRIES[number % len(COUNTRIES)],
        Status.ACTIVE if number % 4 == 3 else Status.CONFORMANT,
        number,
        assessment=Assessment(f"RMAP, {LONG}" if number % 11 == 0 else "RMAP", date(2022, 3 + number % 9, 14), 3),
        as_of=_AS_OF,
    )


def _declared(facility: ListedFacility) -> DeclaredIdentity:
    metal, cid = facility.facility.metal.value, facility.facility.cid
    elsewhere = facility.row % 9 == 0
    name = f"Quite Another Company {facility.row}" if elsewhere else facility.name
    return name_of(metal, cid, name, "PERU" if elsewhere else facility.country, "typed")


def _open_name(number: int, name: str) -> DeclaredIdentity:
    return name_of(list(CONFLICT_MINERALS)[number % 4].value, "", f"{name} {number} Smeltery & Sons", "MALAYSIA")


def _standing(number: int, supplier: Supplier, state: State, identities: dict[DeclaredIdentity, int]) -> Standing:
    file = f"CMRT {supplier.name.replace('/', '_')}.xlsx"
    sent = submission(supplier.supplier_id, state=state, file=file, received="2025-03-02T10:00:00.000Z")
    wrong = {"K10": {"error": 2}, "X17": {"warning": 1}} if state is State.NEEDS_CORRECTION else {"X05": {"warning": 1}}
    if state is State.REJECTED:
        return Standing(supplier.supplier_id, seat_number(number), (), replace(sent, rules={"F01": {"error": 1}}))
    answered = replace(sent, identities=on_rows(identities), rules=wrong)
    return Standing(supplier.supplier_id, seat_number(number), (answered,))
