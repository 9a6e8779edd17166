"""Interpretations built directly, so that the report is tested without what comes before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.factories.submissions import on_rows
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.picture.facilities import Facility
from tracelode.picture.facts import Facts, ReferenceInput
from tracelode.picture.interpretation import Interpretation, SupplierView, UnidentifiedName, interpret
from tracelode.picture.seating import Seating
from tracelode.smelters.countries import country_of
from tracelode.smelters.dispositions import Decision, Disposition, Dispositions
from tracelode.smelters.known import KnownName, NameSource, known_facilities
from tracelode.smelters.status import PRINTED, Assessment, FacilityId, ListedFacility, SmelterList, Status, Vocabulary
from tracelode.sources.program import Edition, Narrative, Program, Registrant, Risk, Signatory
from tracelode.sources.roster import Supplier
from tracelode.sources.stated_facts import Actions, SupplyChain
from tracelode.submission import DeclaredIdentity, State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing, fold, seat_number

REGISTRANT = Registrant(
    name="Example Devices, Inc.",
    short_name="Example",
    state="Delaware",
    commission_file_number="000-00000",
    employer_identification_number="00-0000000",
    address="1 Example Street, Springfield, California 00000",
    contact="Jane Doe, General Counsel",
    contact_phone="(555) 555-0100",
    website="investor.example.com",
    policy_website="www.example.com/policy",
)
SIGNATORY = Signatory("Jane Doe", "General Counsel", date(2017, 5, 26), "/s/ Jane Doe")

PRODUCTS = "The report covers devices."
EVERYTHING_DONE = Actions(
    corrections_requested=True,
    indeterminable_followed_up=True,
    product_level_encouraged=True,
    commitment_communicated=True,
    assessment_encouraged=True,
    risk_management_plan="in place",
)
AT_THE_END_OF_THE_CHAIN = SupplyChain(surveyed_tier="first", surveyed_all=True, buys_from_smelters=False)

ANNEX = {
    Mineral.GOLD: (93, 6, 36),
    Mineral.TANTALUM: (44, 0, 3),
    Mineral.TIN: (65, 7, 12),
    Mineral.TUNGSTEN: (39, 1, 4),
}
"""Conformant, active and indeterminable facilities by metal, as in the filing that the project reproduces."""

IN_AFRICA = (
    (Mineral.GOLD, "Fidelity Printers and Refiners Ltd.", "ZIMBABWE"),
    (Mineral.GOLD, "Sudan Gold Refinery", "SUDAN"),
    (Mineral.GOLD, "Universal Precious Metals Refining Zambia", "ZAMBIA"),
    (Mineral.TIN, "Phoenix Metal Ltd.", "RWANDA"),
)


@dataclass(frozen=True)
class Answers:
    """A supplier's answers: the metals in its products, and what it says of each about origin."""

    metals: Sequence[Mineral] = CONFLICT_MINERALS
    covered: str = "Unknown"
    recycled: str = "No"

    def by_question(self) -> dict[str, dict[str, str]]:
        answers = {
            Question.INTENTIONALLY_ADDED: {
                metal: "Yes" if metal in self.metals else "No" for metal in CONFLICT_MINERALS
            },
            Question.REMAINS_IN_PRODUCT: dict.fromkeys(self.metals, "Yes"),
            Question.COVERED_COUNTRIES: dict.fromkeys(self.metals, self.covered),
            Question.RECYCLED_OR_SCRAP: dict.fromkeys(self.metals, self.recycled),
        }
        return {
            question.value: {metal.value: answer for metal, answer in by_metal.items()}
            for question, by_metal in answers.items()
        }


def submission(
    supplier_id: str,
    number: int = 1,
    *,
    state: State = State.ACCEPTED,
    scope: str = "A",
    answers: Answers | None = None,
    received: str = "2017-03-02T10:00:00.000Z",
    file: str = "",
) -> SubmissionSummary:
    name = file or f"cmrt-{number}.xlsx"
    return SubmissionSummary(
        submission_id=f"s-{supplier_id}-{number}",
        supplier_id=supplier_id,
        key=f"2016/{supplier_id}/{name}",
        version_id=f"version-{supplier_id}-{number}",
        sha256=f"{sum(supplier_id.encode()) * 31 + number:064x}",
        received=received,
        state=state,
        size=1000,
        scope=scope if state is not State.REJECTED else "",
        template_version="4.20" if state is not State.REJECTED else "",
        answers=(answers or Answers()).by_question() if state is not State.REJECTED else {},
        company_answers={"A": "Yes", "B": "No", "C": "Yes"} if state is not State.REJECTED else {},
        findings={"error": 2 if state is State.NEEDS_CORRECTION else 0, "warning": int(state is not State.ACCEPTED)},
    )


def supplier(
    supplier_id: str,
    *submissions: SubmissionSummary,
    rejected: SubmissionSummary | None = None,
    name: str = "",
    on_roster: bool = True,
    in_scope: bool = True,
    attests: bool = False,
    facilities: int = 0,
    unidentified_lines: int = 0,
) -> SupplierView:
    standing = None
    if submissions or rejected:
        standing = Standing(supplier_id, seat_number(0), tuple(submissions), rejected)
    return SupplierView(
        supplier_id=supplier_id,
        name=name or f"Supplier {supplier_id}",
        on_roster=on_roster,
        in_scope=in_scope,
        attests_conformant_sourcing=attests,
        state=standing.state if standing else State.AWAITING,
        standing=standing,
        facilities=facilities,
        unidentified_lines=unidentified_lines,
    )


def answered(supplier_id: str, *, attests: bool = False, **details: object) -> SupplierView:
    """A surveyed supplier with one declaration."""
    return supplier(supplier_id, submission(supplier_id, **details), attests=attests)  # type: ignore[arg-type]


def facility(
    metal: Mineral = Mineral.TIN,
    number: int = 1,
    status: Status = Status.CONFORMANT,
    country: str = "CHINA",
    *,
    name: str = "",
    suppliers: Sequence[str] = ("s1",),
    vocabulary: Vocabulary = Vocabulary.CFSP_2016,
    risky: frozenset[str] = frozenset({"Africa"}),
) -> Facility:
    known = country_of(country)
    identifier, called = FacilityId(metal, f"CID{number:06d}"), name or f"{metal} Works No. {number}"
    on_list = status is not Status.INDETERMINABLE
    return Facility(
        facility=identifier,
        name=called,
        country=known,
        printed_country=known.name_2016 if known else country,
        status=status,
        printed_status=PRINTED[vocabulary][status],
        listed=ListedFacility(identifier, called, country, status, number) if on_list else None,
        suppliers=tuple(suppliers),
        scopes={"A": tuple(suppliers)},
        at_risk=status is Status.INDETERMINABLE and known is not None and known.continent in risky,
    )


def unidentified(name: str = "Unknown Smelter", metal: str = "Gold", lines: int = 1) -> UnidentifiedName:
    return UnidentifiedName(metal, name, "CHINA", lines, ("s1",))


def interpretation(
    suppliers: Iterable[SupplierView] = (),
    facilities: Iterable[Facility] = (),
    names: Iterable[UnidentifiedName] = (),
    program: Program | None = None,
    as_of: date | None = date(2017, 3, 31),
) -> Interpretation:
    views = tuple(sorted(suppliers, key=lambda view: view.supplier_id))
    named = tuple(names)
    chosen = program or profile()
    standings = {view.supplier_id: view.standing for view in views if view.standing}
    aggregate = Aggregate(standings, {})
    return Interpretation(
        facts=Facts(
            program=chosen,
            roster=tuple(
                Supplier(view.supplier_id, view.name, "", view.in_scope, view.attests_conformant_sourcing)
                for view in views
                if view.on_roster
            ),
            smelter_list=SmelterList({}, as_of),
            aggregate=aggregate,
            references=(
                ReferenceInput(
                    "smelter-list.csv",
                    "2016/smelter-list.csv",
                    "version-list",
                    "ab" * 32,
                    "2017-04-01T08:00:00.000Z",
                    as_of.isoformat() if as_of else "",
                ),
                ReferenceInput(
                    "program.toml", "2016/program.toml", "version-program", "cd" * 32, "2017-01-09T08:00:00.000Z"
                ),
            ),
        ),
        facilities=tuple(
            sorted(facilities, key=lambda item: (item.facility.metal, item.printed_status, item.facility.cid))
        ),
        suppliers=views,
        unidentified=named,
        unidentified_lines=sum(name.lines for name in named),
        seating=Seating(aggregate, {view.supplier_id for view in views if view.on_roster and view.in_scope}),
    )


def profile(**fields: object) -> Program:
    settings: dict[str, object] = {
        "year": 2016,
        "vocabulary": Vocabulary.CFSP_2016,
        "registrant": REGISTRANT,
        "signatory": SIGNATORY,
        "narrative": Narrative(covered_products=PRODUCTS),
        "edition": Edition(status_counts=True, dates=True),
        "actions": EVERYTHING_DONE,
        "supply_chain": AT_THE_END_OF_THE_CHAIN,
        "risk": Risk(("Africa",)),
    }
    return Program(**(settings | fields))  # type: ignore[arg-type]


def annex(counts: Mapping[Mineral, tuple[int, int, int]] = ANNEX, seven: Sequence[str] = ()) -> list[Facility]:
    """Facilities of the given counts, the four in Africa among the indeterminable; each named by some suppliers."""
    ids = seven or [f"s{number}" for number in range(1, 8)]
    africa = {
        metal: [(name, place) for owner, name, place in IN_AFRICA if owner == metal] for metal in CONFLICT_MINERALS
    }
    facilities = []
    number = 0
    for metal, by_status in counts.items():
        for status, count in zip(Status, by_status, strict=True):
            for place in range(count):
                number += 1
                name, country = "", ("CHINA", "JAPAN", "GERMANY", "BRAZIL")[number % 4]
                if status is Status.INDETERMINABLE and place < len(africa[metal]):
                    name, country = africa[metal][place]
                naming = sorted({ids[number % len(ids)], ids[number * 3 % len(ids)]})
                if country in ("RWANDA", "ZAMBIA"):  # not by those who say that they do not source there
                    naming = sorted({ids[0], ids[-1]})
                facilities.append(facility(metal, number, status, country, name=name, suppliers=naming))
    return facilities


def seven_suppliers() -> list[SupplierView]:
    """Seven company-level declarations: the second does not source from covered countries, the third attests."""
    return [
        supplier(
            f"s{number}",
            submission(f"s{number}", answers=Answers(covered="No" if number == 2 else "Unknown")),
            attests=number == 3,
            facilities=80 + number,
        )
        for number in range(1, 8)
    ]


def the_filing(**fields: object) -> Interpretation:
    """The situation of the filing that the project reproduces: seven of seven, 310 = 241 + 14 + 55, four in Africa."""
    return interpretation(seven_suppliers(), annex(), program=profile(**fields))


KNOWN = (
    ("Gold", "CID000001", "Aurum Norte S.A.", "BRAZIL"),
    ("Gold", "CID000002", "Kigali Gold Refinery", "RWANDA"),
    ("Tin", "CID000003", "Old Harbour Tin Works", "MALAYSIA"),
    ("Tantalum", "CID000004", "Ningbo Tantalum Co., Ltd.", "CHINA"),
)
"""Facilities of a reference list: the first is conformant, and lapses; the third is active, and was conformant."""


def name_of(metal: str, cid: str, name: str, country: str, evidence: str = "none") -> DeclaredIdentity:
    return DeclaredIdentity(metal, cid, name, country, evidence)


def reference_data(*decisions: Disposition) -> dict[str, Any]:
    """The part of facts that says what smelters are: names, two lists of different dates, and decisions."""
    ids = [FacilityId(Mineral(metal), cid) for metal, cid, _, _ in KNOWN]
    first, third = (ListedFacility(ids[n], KNOWN[n][2], KNOWN[n][3], Status.CONFORMANT, n + 2) for n in (0, 2))
    lapsing = replace(first, assessment=Assessment("LBMA", date(2014, 4, 30), 3), as_of=date(2017, 3, 31))
    active = ListedFacility(ids[2], KNOWN[2][2], KNOWN[2][3], Status.ACTIVE, 3, as_of=date(2017, 3, 31))
    return {
        "known": known_facilities(
            KnownName(FacilityId(Mineral(metal), cid), name, name, country, NameSource.REFERENCE_LIST, "list.xml")
            for metal, cid, name, country in KNOWN
        ),
        "smelter_list": SmelterList({ids[0]: lapsing, ids[2]: active}, date(2017, 3, 31)),
        "earlier_lists": (SmelterList({ids[0]: first, ids[2]: third}, date(2016, 9, 30)),),
        "dispositions": Dispositions(decisions),
    }


def decision(name: str = "Corner Shop", metal: str = "Tin", cid: str = "", **fields: object) -> Disposition:
    """A decision on a declared name: no smelter, or the facility with this CID."""
    settings: dict[str, object] = {
        "metal": metal,
        "declared_cid": "",
        "declared_name": name,
        "declared_country": "",
        "decision": Decision.FACILITY if cid else Decision.NOT_A_SMELTER,
        "facility": FacilityId(Mineral(metal), cid) if cid else None,
        "decided_by": "Jane Doe",
        "decided_on": date(2017, 4, 2),
        "reason": "a trader, says its own site",
        "row": 2,
    }
    return Disposition(**(settings | fields))  # type: ignore[arg-type]


def declared_by(
    supplier_id: str,
    place: int,
    identities: Mapping[DeclaredIdentity, int],
    origins: Mapping[DeclaredIdentity, tuple[str, ...]] | None = None,
    **details: object,
) -> Standing:
    sent = replace(submission(supplier_id, **details), identities=on_rows(identities), origins=dict(origins or {}))  # type: ignore[arg-type]
    return Standing(supplier_id, seat_number(place), (sent,))


TYPED = "typed"
LAPSING = name_of("Gold", "CID000001", "Aurum Norte S.A.", "BRAZIL", TYPED)
IN_RWANDA = name_of("Gold", "CID000002", "Kigali Gold Refinery", "RWANDA", TYPED)
DOWNGRADED = name_of("Tin", "CID000003", "Old Harbour Tin Works", "MALAYSIA", TYPED)
BY_NAME = name_of("Tantalum", "", "Ningbo Tantalum Co., Ltd.", "CHINA")
DOUBTFUL = name_of("Tin", "CID000003", "Quite Another Company", "PERU", TYPED)
MISSPELT = name_of("Tin", "", "Old Harbor Tin Wroks", "MALAYSIA")
UNHEARD_OF = name_of("Gold", "", "=Zwxq & <Sons>", "")
NO_SMELTER = name_of("Tin", "", "Corner Shop", "")


def risk_facts(*decisions: Disposition, standings: Sequence[Standing] = (), program: Program | None = None) -> Facts:
    """Two suppliers and one that has not answered, with something for every part of the risk view."""
    everyone = standings or (
        declared_by(
            "one",
            0,
            {LAPSING: 1, IN_RWANDA: 1, DOUBTFUL: 1, MISSPELT: 2, NO_SMELTER: 1},
            {IN_RWANDA: ("Rwanda, Peru",), DOUBTFUL: ("RCOI confirmed",)},
            received="2017-02-01T08:00:00.000Z",
        ),
        declared_by(
            "two",
            1,
            {LAPSING: 1, DOWNGRADED: 1, BY_NAME: 1, MISSPELT: 1, UNHEARD_OF: 1},
            received="2017-03-05T08:00:00.000Z",
            scope="B",
        ),
    )
    risk = Risk(lists={"High-risk list": ("RW", "CN")})
    return Facts(
        program=program or profile(risk=risk),
        roster=tuple(
            Supplier(name, f"Supplier {name}", "", True) for name in (*(s.supplier_id for s in everyone), "zero")
        ),
        aggregate=fold(everyone),
        references=(),
        **reference_data(*decisions),
    )


def risk_view(*decisions: Disposition, standings: Sequence[Standing] = ()) -> Interpretation:
    return interpret(risk_facts(*(decisions or (decision(),)), standings=standings))
