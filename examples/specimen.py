"""Workbooks laid out as a CMRT 6.x is, for the example case and for tests: our own, with made-up or public content.

The Responsible Minerals Initiative's template is not ours to ship. A specimen has the same sheets, cells and stored
values where RMI's templates have them and short labels of our own everywhere else; it carries no
formula. What the template's formulas would show is written as plain values, or left out as a program does that fills
a template without calculating it.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.ooxml.deterministic_archive import repack

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

FIRST_SMELTER_ROW = 5
FIRST_PRODUCT_ROW = 6
FIRST_LOOK_UP_ROW = 5

CellValue: TypeAlias = str | int | float | date | None


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


@dataclass(frozen=True, slots=True)
class _Edition:
    """Where the releases of the 6.x family differ."""

    released: str
    product_footer_row: int = 2006
    product_owner: str = "Manufacturer’s"
    full_response: str | int = "100%"
    unresolved_is_zero: bool = False
    names_unlisted_by_alias: bool = True


EDITIONS: Mapping[str, _Edition] = MappingProxyType(
    {
        "6.01": _Edition("May 19, 2020", 1001, full_response=1, unresolved_is_zero=True, names_unlisted_by_alias=False),
        "6.1": _Edition(
            "April 28, 2021", 1001, full_response=1, unresolved_is_zero=True, names_unlisted_by_alias=False
        ),
        "6.22": _Edition("May 11, 2022", full_response=1),
        "6.31": _Edition("May 26, 2023"),
        "6.4": _Edition("April 26, 2024"),
        "6.5": _Edition("April 25, 2025", product_owner="Responder’s"),
    }
)
"""The layouts that can be written, by template version."""

_TITLE = "Conflict Minerals Reporting Template"
_NOTICE = (
    "Specimen written by Tracelode for its tests and examples. Not a publication of the Responsible Minerals "
    "Initiative; the official template is at responsiblemineralsinitiative.org."
)
_COMPANY_LABELS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "name": (8, "Company name (*)"),
        "scope": (9, "Declaration scope or class (*)"),
        "scope_description": (10, "Description of scope"),
        "unique_id": (12, "Company unique ID"),
        "unique_id_authority": (13, "Company unique ID authority"),
        "address": (14, "Address"),
        "contact_name": (15, "Contact name (*)"),
        "contact_email": (16, "Contact e-mail (*)"),
        "contact_phone": (17, "Contact phone (*)"),
        "authorizer_name": (18, "Authorizer (*)"),
        "authorizer_title": (19, "Authorizer title"),
        "authorizer_email": (20, "Authorizer e-mail (*)"),
        "authorizer_phone": (21, "Authorizer phone"),
        "effective_date": (22, "Effective date (*)"),
    }
)
_QUESTION_LABELS: Sequence[str] = (
    "1) Intentionally added or used?",
    "2) Remains in the product?",
    "3) Do smelters source from covered countries?",
    "4) Do smelters source from conflict-affected and high-risk areas?",
    "5) All from recycled or scrap sources?",
    "6) Share of suppliers that responded?",
    "7) All smelters identified?",
    "8) All smelter information reported?",
)
_COMPANY_QUESTION_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "A": "A. Responsible minerals sourcing policy?",
        "B": "B. Policy public on the website? (address as comment)",
        "C": "C. Validated smelters required of direct suppliers?",
        "D": "D. Due diligence measures in place?",
        "E": "E. Suppliers surveyed?",
        "F": "F. Suppliers' information reviewed?",
        "G": "G. Corrective action management?",
        "H": "H. Annual disclosure required?",
    }
)
_SMELTER_HEADERS: Sequence[tuple[str, str, int]] = (
    ("A", "Smelter ID input", 14),
    ("B", "Metal (*)", 11),
    ("C", "Smelter Look-up (*)", 42),
    ("D", "Smelter Name (1)", 32),
    ("E", "Smelter Country (*)", 28),
    ("F", "Smelter Identification", 14),
    ("G", "Source of ID", 18),
    ("H", "Street", 10),
    ("I", "City", 18),
    ("J", "State / Province", 18),
    ("K", "Contact name", 14),
    ("L", "Contact e-mail", 14),
    ("M", "Next steps", 14),
    ("N", "Mine name, or recycled / scrap", 22),
    ("O", "Mine country, or recycled / scrap", 22),
    ("P", "All feedstock recycled or scrap?", 14),
    ("Q", "Comments", 30),
    ("R", "Standard Smelter Name", 42),
    ("S", "Country Code", 10),
    ("T", "State / Province Code", 10),
)
_LOOK_UP_HEADERS: Sequence[tuple[str, str, int]] = (
    ("A", "Metal", 11),
    ("B", "Smelter Look-up", 46),
    ("C", "Standard Smelter Name", 46),
    ("D", "Smelter Country", 34),
    ("E", "Smelter ID", 14),
    ("F", "Source of ID", 12),
    ("G", "Street", 10),
    ("H", "City", 18),
    ("I", "State / Province", 18),
    ("J", "Metal + alias", 46),
)
_BOLD = Font(bold=True)
_HEADER_FILL = PatternFill("solid", start_color="FFD9E2EC")
_ENTRY_FILL = PatternFill("solid", start_color="FFFFF9DB")
_WRAP = Alignment(wrap_text=True, vertical="top")
_HIDDEN_ZERO = "General;;;@"


SAMPLE_LOOK_UP: tuple[LookUpEntry, ...] = (
    LookUpEntry("Gold", "Example Gold Refinery", "Example Gold Refinery", "SWITZERLAND", "CID900001"),
    LookUpEntry("Tantalum", "Example Tantalum Works", "Example Tantalum Works", "GERMANY", "CID900002"),
    LookUpEntry("Tin", "Example Tin Smelter", "Example Tin Smelter", "MALAYSIA", "CID900003"),
    LookUpEntry("Tungsten", "Example Tungsten Plant", "Example Tungsten Plant", "AUSTRIA", "CID900004"),
)
"""One made-up smelter for each metal."""


def write_cmrt(spec: CmrtSpecimen, *, version: str = "6.5") -> bytes:
    """The workbook that holds `spec` in the layout of a template version: the same content gives the same bytes.

    Texts are written as texts whatever they begin with, so a specimen can hold what a hostile supplier would type.

    Raises KeyError for a version that is not in EDITIONS, openpyxl's IllegalCharacterError for control characters.
    """
    edition = EDITIONS[version]
    workbook = Workbook()
    revision = workbook.active
    if not isinstance(revision, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    revision.title = "Revision"
    _write_revision(revision, version, edition)
    _write_declaration(workbook.create_sheet("Declaration"), spec, version, edition)
    _write_smelter_list(workbook.create_sheet("Smelter List"), spec, version, edition)
    _write_product_list(workbook.create_sheet("Product List"), spec, edition)
    _write_look_up(workbook.create_sheet("Smelter Look-up"), spec)
    workbook.active = 1
    written = io.BytesIO()
    workbook.save(written)
    return repack(written.getvalue())


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


def _write_revision(sheet: Worksheet, version: str, edition: _Edition) -> None:
    _put(sheet, "B2", "DOCUMENT TITLE", bold=True)
    _put(sheet, "B3", _TITLE)
    _put(sheet, "B5", _NOTICE)
    sheet["B5"].alignment = _WRAP
    _put(sheet, "B12", "REVISION", bold=True)
    _put(sheet, "D12", "RELEASE DATE", bold=True)
    _put(sheet, "B13", float(version))
    _put(sheet, "D13", edition.released)
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["D"].width = 18


def _write_declaration(sheet: Worksheet, spec: CmrtSpecimen, version: str, edition: _Edition) -> None:
    for column, width in (("A", 3), ("B", 58), ("D", 26), ("G", 30), ("J", 24)):
        sheet.column_dimensions[column].width = width
    label = _Labels(sheet, spec.cached)
    label("D2", f"{_TITLE} (CMRT)", wrap=False)
    _put(sheet, "B3", "Language:")
    _put_entry(sheet, "D3", spec.language)
    _put(sheet, "J3", _revision_text(version, edition))
    sheet["J3"].alignment = _WRAP
    label("B7", "Company information")
    for name, (row, text) in _COMPANY_LABELS.items():
        label(f"B{row}", text)
        value = getattr(spec.company, name)
        _put_entry(sheet, f"D{row}", SCOPES.get(value, value) if name == "scope" else value)
        sheet.merge_cells(f"D{row}:{'G' if name == 'scope' else 'J'}{row}")
    for number, text in enumerate(_QUESTION_LABELS, start=1):
        _write_question(sheet, spec, number, text, edition)
    label("B74", "Questions at company level")
    label("D74", "Answer")
    label("G74", "Comment")
    for row, (letter, text) in zip(range(75, 91, 2), _COMPANY_QUESTION_LABELS.items(), strict=True):
        label(f"B{row}", text)
        _put_answer(sheet, row, spec.company_answers.get(letter), spec.company_comments.get(letter))


def _write_question(sheet: Worksheet, spec: CmrtSpecimen, number: int, text: str, edition: _Edition) -> None:
    first = 25 + 6 * (number - 1)
    label = _Labels(sheet, spec.cached)
    label(f"B{first}", text)
    label(f"D{first}", "Answer")
    label(f"G{first}", "Comment")
    for row, metal in enumerate(CONFLICT_MINERALS, start=first + 1):
        label(f"B{row}", metal.value, bold=False)
        answer = spec.answers.get(number, {}).get(metal)
        if number == 6 and answer == "100%":
            answer = edition.full_response
        _put_answer(sheet, row, answer, spec.comments.get(number, {}).get(metal))
        if number == 6:
            sheet[f"D{row}"].number_format = "0%"


def _write_smelter_list(sheet: Worksheet, spec: CmrtSpecimen, version: str, edition: _Edition) -> None:
    _put(sheet, "Q3", _revision_text(version, edition))
    sheet["Q3"].alignment = _WRAP
    _write_headers(sheet, 4, _SMELTER_HEADERS, spec.cached, constant=frozenset("RST"))
    for column in "RST":
        sheet.column_dimensions[column].hidden = True
    formulas = _Formulas(spec.look_up, edition)
    for number, row in enumerate(spec.smelters, start=FIRST_SMELTER_ROW):
        cells: dict[str, str | int] = dict(formulas.shown(row)) if spec.cached else {}
        cells |= {column: value for column, value in _typed(row).items() if value != ""}
        for column, value in sorted(cells.items()):
            if value != "":
                _put(sheet, f"{column}{number}", value)
            if value == 0:
                sheet[f"{column}{number}"].number_format = _HIDDEN_ZERO
    sheet.freeze_panes = "A5"


def _typed(row: SmelterRow) -> dict[str, str | int]:
    return {
        "A": row.cid,
        "B": row.metal,
        "C": row.lookup,
        "D": row.name,
        "E": row.country,
        "F": row.identification,
        "I": row.city,
        "J": row.state,
        "N": row.mine,
        "O": row.mine_country,
        "P": row.recycled,
        "Q": row.comments,
    }


class _Formulas:
    """What the formulas of the Smelter List show (CMRT 6.x, columns B to J, R, S)."""

    def __init__(self, look_up: Iterable[LookUpEntry], edition: _Edition) -> None:
        self._edition = edition
        self._by_cid: dict[str, LookUpEntry] = {}
        self._by_alias: dict[str, LookUpEntry] = {}
        for entry in look_up:
            if entry.cid:
                self._by_cid.setdefault(entry.cid.casefold(), entry)
            self._by_alias.setdefault((entry.metal + entry.alias).casefold(), entry)

    def shown(self, row: SmelterRow) -> dict[str, str | int]:
        metal, lookup = row.metal, row.lookup
        typed: dict[str, str | int] = {}
        if row.cid != "":
            known = self._by_cid.get(row.cid.casefold()) if isinstance(row.cid, str) else None
            if known is None and not metal:
                return dict.fromkeys("BCGST", "#N/A")
            if known is not None:
                metal, lookup = metal or known.metal, lookup or known.name
                typed = {"B": metal, "C": lookup}
        if not lookup:
            return typed
        return typed | self._from_look_up(metal, lookup, row.name)

    def _from_look_up(self, metal: str, lookup: str, name: str) -> dict[str, str | int]:
        special = lookup.casefold() in (NOT_LISTED.casefold(), NOT_YET_IDENTIFIED.casefold())
        key = name if special and self._edition.names_unlisted_by_alias else lookup
        entry = self._by_alias.get((metal + key).casefold())
        if entry is not None and entry.cid:
            return {
                "E": entry.country,
                "F": entry.cid,
                "G": entry.source or 0,
                "H": 0,
                "I": entry.city or 0,
                "J": entry.state or 0,
                "R": entry.name,
                "S": entry.country_code,
            }
        cells: dict[str, str | int] = {}
        if special and self._edition.unresolved_is_zero:
            cells = dict.fromkeys("FHIJ", 0)
        if lookup.casefold() == NOT_LISTED.casefold():
            return cells | {"G": "Enter smelter details"}
        if lookup.casefold() == NOT_YET_IDENTIFIED.casefold():
            if self._edition.unresolved_is_zero:
                cells |= {"E": "Unknown", "G": 0, "R": "Unknown"}
            return cells | {"S": "Unknown"}
        return cells


def _write_product_list(sheet: Worksheet, spec: CmrtSpecimen, edition: _Edition) -> None:
    owner = edition.product_owner
    headers = (("B", f"{owner} Product Number (*)", 32), ("C", f"{owner} Product Name", 42), ("D", "Comments", 42))
    _write_headers(sheet, 5, headers, spec.cached)
    for number, product in enumerate(spec.products, start=FIRST_PRODUCT_ROW):
        for column, value in (("B", product.number), ("C", product.name), ("D", product.comments)):
            _put_entry(sheet, f"{column}{number}", value)
    if spec.cached:
        _put(sheet, f"B{edition.product_footer_row}", f"© {_NOTICE}")
        sheet.merge_cells(f"B{edition.product_footer_row}:D{edition.product_footer_row}")


def _write_look_up(sheet: Worksheet, spec: CmrtSpecimen) -> None:
    _write_headers(sheet, 4, _LOOK_UP_HEADERS, spec.cached, constant=frozenset("J"))
    for number, entry in enumerate(spec.look_up, start=FIRST_LOOK_UP_ROW):
        cells = (
            ("A", entry.metal),
            ("B", entry.alias),
            ("C", entry.name),
            ("D", entry.country),
            ("E", entry.cid),
            ("F", entry.source),
            ("H", entry.city),
            ("I", entry.state),
            ("J", entry.metal + entry.alias if spec.cached else ""),
        )
        for column, value in cells:
            if value:
                _put(sheet, f"{column}{number}", value)
    sheet.freeze_panes = "A5"


def _revision_text(version: str, edition: _Edition) -> str:
    return f"Revision {version}\n{edition.released}"


class _Labels:
    """Writes labels, which the template computes from the display language; without calculation there are none."""

    def __init__(self, sheet: Worksheet, cached: bool) -> None:
        self._sheet = sheet
        self._cached = cached

    def __call__(self, cell: str, text: str, *, bold: bool = True, wrap: bool = True) -> None:
        if self._cached:
            _put(self._sheet, cell, text, bold=bold)
            self._sheet[cell].alignment = Alignment(wrap_text=wrap, vertical="top")


def _write_headers(
    sheet: Worksheet,
    row: int,
    headers: Iterable[tuple[str, str, int]],
    cached: bool,
    constant: frozenset[str] = frozenset(),
) -> None:
    for column, text, width in headers:
        sheet.column_dimensions[column].width = width
        if cached or column in constant:
            _put(sheet, f"{column}{row}", text, bold=True)
            sheet[f"{column}{row}"].alignment = _WRAP
            sheet[f"{column}{row}"].fill = _HEADER_FILL


def _put_answer(sheet: Worksheet, row: int, answer: str | float | None, comment: str | None) -> None:
    _put_entry(sheet, f"D{row}", answer)
    _put_entry(sheet, f"G{row}", comment)
    sheet.merge_cells(f"D{row}:E{row}")
    sheet.merge_cells(f"G{row}:J{row}")


def _put_entry(sheet: Worksheet, cell: str, value: CellValue) -> None:
    if value not in (None, ""):
        _put(sheet, cell, value)
    sheet[cell].fill = _ENTRY_FILL
    sheet[cell].alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _put(sheet: Worksheet, address: str, value: CellValue, *, bold: bool = False) -> None:
    cell = sheet[address]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "e" if value == "#N/A" else "s"
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = _BOLD
