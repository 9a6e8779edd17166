"""Interpretations built directly, so that the report is tested without what comes before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracelode.cmrt.declaration import Question
from tracelode.metals import Metal
from tracelode.reference.program import Program, Registrant, Signatory, Vocabulary
from tracelode.reference.roster import Supplier
from tracelode.report.facts import Facts, ReferenceInput
from tracelode.report.interpretation import Facility, Interpretation, SupplierView, UnidentifiedName
from tracelode.smelters.countries import country_of
from tracelode.smelters.status import PRINTED, FacilityId, SmelterList, Status
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing, seat_number

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
SIGNATORY = Signatory("Jane Doe", "General Counsel", date(2017, 5, 26))

ANNEX = {
    Metal.GOLD: (93, 6, 36),
    Metal.TANTALUM: (44, 0, 3),
    Metal.TIN: (65, 7, 12),
    Metal.TUNGSTEN: (39, 1, 4),
}
"""Conformant, active and indeterminable facilities by metal, as in the filing that the project reproduces."""

IN_AFRICA = (
    (Metal.GOLD, "Fidelity Printers and Refiners Ltd.", "ZIMBABWE"),
    (Metal.GOLD, "Sudan Gold Refinery", "SUDAN"),
    (Metal.GOLD, "Universal Precious Metals Refining Zambia", "ZAMBIA"),
    (Metal.TIN, "Phoenix Metal Ltd.", "RWANDA"),
)


@dataclass(frozen=True)
class Answers:
    """A supplier's answers: the metals in its products, and what it says of each about origin."""

    metals: Sequence[Metal] = tuple(Metal)
    covered: str = "Unknown"
    recycled: str = "No"

    def by_question(self) -> dict[str, dict[str, str]]:
        answers = {
            Question.INTENTIONALLY_ADDED: {metal: "Yes" if metal in self.metals else "No" for metal in Metal},
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
        findings={"error": 0 if state is State.ACCEPTED else 2, "warning": 1},
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
    metal: Metal = Metal.TIN,
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
    return Facility(
        facility=FacilityId(metal, f"CID{number:06d}"),
        name=name or f"{metal} Works No. {number}",
        country=known,
        printed_country=known.name_2016 if known else country,
        status=status,
        printed_status=PRINTED[vocabulary][status],
        on_list=status is not Status.INDETERMINABLE,
        suppliers=tuple(suppliers),
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
    return Interpretation(
        facts=Facts(
            program=chosen,
            roster=tuple(
                Supplier(view.supplier_id, view.name, "", view.in_scope, view.attests_conformant_sourcing)
                for view in views
                if view.on_roster
            ),
            smelter_list=SmelterList({}, as_of),
            aggregate=Aggregate(standings, {}),
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
    )


def profile(**fields: object) -> Program:
    settings: dict[str, object] = {
        "year": 2016,
        "vocabulary": Vocabulary.CFSP_2016,
        "registrant": REGISTRANT,
        "signatory": SIGNATORY,
    }
    return Program(**(settings | fields))  # type: ignore[arg-type]


def annex(counts: Mapping[Metal, tuple[int, int, int]] = ANNEX, seven: Sequence[str] = ()) -> list[Facility]:
    """Facilities of the given counts, the four in Africa among the indeterminable; each named by some suppliers."""
    ids = seven or [f"s{number}" for number in range(1, 8)]
    africa = {metal: [(name, place) for owner, name, place in IN_AFRICA if owner is metal] for metal in Metal}
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
