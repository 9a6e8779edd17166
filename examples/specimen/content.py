"""What stands in a specimen: what a supplier typed, and the look-up tab that its template had."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from tracelode.minerals import CONFLICT_MINERALS, Mineral

LISTED_SOURCE = "RMI"
NOT_LISTED = "Smelter not listed"
NOT_YET_IDENTIFIED = "Smelter not yet identified"
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "A": "A. Company",
        "B": "B. Product (or List of Products)",
        "C": "C. User defined [Specify in 'Description of scope']",
    }
)
"""The choices of Declaration D9 by their letter; English in every display language."""


@dataclass(frozen=True, slots=True)
class LookUpEntry:
    """A row of the Smelter Look-up tab: an alias of a smelter (its standard name is an alias too)."""

    metal: str
    alias: str
    name: str
    country: str
    cid: str
    city: str = ""
    state: str = ""
    country_code: str = ""
    source: str = LISTED_SOURCE


@dataclass(frozen=True, slots=True)
class SmelterRow:
    """What a supplier typed into one row of the Smelter List; what is left empty stays to the formulas.

    `cid` is column A, `metal` B, `lookup` C, `name` D, `country` E, `identification` F (typed over its formula).
    """

    cid: str | int = ""
    metal: str = ""
    lookup: str = ""
    name: str = ""
    country: str = ""
    identification: str | int = ""
    city: str = ""
    state: str = ""
    mine: str = ""
    mine_country: str = ""
    recycled: str = ""
    comments: str = ""


def not_listed(metal: str, name: str, country: str) -> SmelterRow:
    """A smelter that the look-up tab lacks, named by the supplier (CMRT 6.5, Checker row 69 asks for both)."""
    return SmelterRow(metal=metal, lookup=NOT_LISTED, name=name, country=country)


def not_yet_identified(metal: str) -> SmelterRow:
    """The row of a supplier that does not know its smelter of a metal."""
    return SmelterRow(metal=metal, lookup=NOT_YET_IDENTIFIED)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A row of the Product List."""

    number: str | float = ""
    name: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class CompanyBlock:
    """The company block, in the order of Declaration D8 to D22. `scope` is A, B, C or the text to put as it is."""

    name: str = ""
    scope: str = ""
    scope_description: str = ""
    unique_id: str = ""
    unique_id_authority: str = ""
    address: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    authorizer_name: str = ""
    authorizer_title: str = ""
    authorizer_email: str = ""
    authorizer_phone: str = ""
    effective_date: date | str | None = None


@dataclass(frozen=True, slots=True)
class CmrtSpecimen:
    """What stands in a workbook. `answers` and `comments` go by question number (1 to 8) and metal.

    `company_answers` and `company_comments` go by letter (A to H; the address of the policy is the comment of B).
    """

    company: CompanyBlock = CompanyBlock()
    answers: Mapping[int, Mapping[Mineral, str | float]] = field(default_factory=dict)
    comments: Mapping[int, Mapping[Mineral, str]] = field(default_factory=dict)
    company_answers: Mapping[str, str] = field(default_factory=dict)
    company_comments: Mapping[str, str] = field(default_factory=dict)
    smelters: tuple[SmelterRow, ...] = ()
    products: tuple[ProductRow, ...] = ()
    look_up: tuple[LookUpEntry, ...] = ()
    language: str = "English"
    cached: bool = True


SAMPLE_LOOK_UP: tuple[LookUpEntry, ...] = (
    LookUpEntry("Gold", "Example Gold Refinery", "Example Gold Refinery", "SWITZERLAND", "CID900001"),
    LookUpEntry("Tantalum", "Example Tantalum Works", "Example Tantalum Works", "GERMANY", "CID900002"),
    LookUpEntry("Tin", "Example Tin Smelter", "Example Tin Smelter", "MALAYSIA", "CID900003"),
    LookUpEntry("Tungsten", "Example Tungsten Plant", "Example Tungsten Plant", "AUSTRIA", "CID900004"),
)
"""One made-up smelter for each metal."""


def complete_specimen(
    company_name: str = "Example Components Ltd",
    smelters: Sequence[SmelterRow] | None = None,
    look_up: Sequence[LookUpEntry] | None = None,
    *,
    covered_countries: str = "Unknown",
    metals: Iterable[Mineral] | None = None,
    effective_date: date = date(2025, 6, 30),
) -> CmrtSpecimen:
    """A company-level declaration that satisfies every row of the Checker (CMRT 6.5) and contradicts itself nowhere.

    The metals in scope are those given, else those of the smelters; the others are answered No in question 1.
    `covered_countries` answers question 3 for every metal in scope, and question 4 alike. Without smelters there is
    one made-up smelter for each metal, by CID. Vary it with `dataclasses.replace`.
    """
    table = tuple(look_up) if look_up is not None else SAMPLE_LOOK_UP
    rows = tuple(smelters) if smelters is not None else tuple(SmelterRow(cid=entry.cid) for entry in SAMPLE_LOOK_UP)
    in_scope = frozenset(metals) if metals is not None else _metals_of(rows, table)
    answered: dict[int, dict[Mineral, str | float]] = {
        1: {metal: "Yes" if metal in in_scope else "No" for metal in CONFLICT_MINERALS}
    }
    for number, answer in enumerate(("Yes", covered_countries, covered_countries, "No", "100%", "Yes", "Yes"), start=2):
        answered[number] = {metal: answer for metal in CONFLICT_MINERALS if metal in in_scope}
    return CmrtSpecimen(
        company=CompanyBlock(
            name=company_name,
            scope="A",
            address="1 Example Street, Exampleton",
            contact_name="Robin Example",
            contact_email="robin@example.com",
            contact_phone="+1 555 0100",
            authorizer_name="Sam Sample",
            authorizer_title="Head of Compliance",
            authorizer_email="sam@example.com",
            authorizer_phone="+1 555 0101",
            effective_date=effective_date,
        ),
        answers=answered,
        company_answers={
            "A": "Yes",
            "B": "Yes",
            "C": "Yes",
            "D": "Yes",
            "E": "Yes, in conformance with IPC1755 (e.g., CMRT)",
            "F": "Yes",
            "G": "Yes",
            "H": "No",
        },
        company_comments={
            "B": "https://www.example.com/minerals-policy",
            "G": "Suppliers get a plan with dates and are followed up on it.",
        },
        smelters=rows,
        look_up=table,
    )


def special_entries() -> tuple[LookUpEntry, ...]:
    """The rows that the template's look-up tab has for unlisted and unidentified smelters of each metal."""
    return tuple(
        entry
        for metal in sorted(CONFLICT_MINERALS)
        for entry in (
            LookUpEntry(metal, NOT_LISTED, "", "", "", source=""),
            LookUpEntry(metal, NOT_YET_IDENTIFIED, "Unknown", "Unknown", "", source=""),
        )
    )


def _metals_of(rows: Iterable[SmelterRow], table: Iterable[LookUpEntry]) -> frozenset[Mineral]:
    by_cid = {entry.cid: entry.metal for entry in table}
    named = {row.metal or by_cid.get(str(row.cid), "") for row in rows}
    return frozenset(metal for metal in CONFLICT_MINERALS if metal in named)
