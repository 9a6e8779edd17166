"""The values that a readable declaration consists of. Everything here is untrusted text, normalised but not judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.findings import Finding
from tracelode.minerals import Mineral
from tracelode.template_kind import TemplateKind

if TYPE_CHECKING:
    from tracelode.declarations.look_up import LookUp
    from tracelode.declarations.templates.layouts import Layout


@dataclass(frozen=True, slots=True)
class Entry:
    """What one cell holds: its text after whitespace and Unicode normalisation, and where it stands (A1).

    `link` is the address that it leads to, "" for none; a cell that shows nothing and leads somewhere has that as text.
    """

    text: str
    cell: str
    link: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question.

    `value` is the template's own English wording when the text is one of its choices (whatever the case, width,
    spacing or language it was typed in), else None; the words of older templates come to those of the newest ("Yes,
    100%" to "100%"). `entry.text` is what was typed. A question that a template does not ask has entries without a
    cell.
    """

    entry: Entry
    value: str | None
    comment: Entry


@dataclass(frozen=True, slots=True)
class Company:
    """The company block (CMRT 6.5, Declaration rows 8-22)."""

    name: Entry
    scope: Scope | None
    scope_entry: Entry
    scope_description: Entry
    unique_id: Entry
    unique_id_authority: Entry
    address: Entry
    contact_name: Entry
    contact_email: Entry
    contact_phone: Entry
    authorizer_name: Entry
    authorizer_title: Entry
    authorizer_email: Entry
    authorizer_phone: Entry
    effective_date: date | None
    effective_date_entry: Entry


class CidSource(StrEnum):
    """How the CID of a smelter line was found, strongest evidence first."""

    TYPED = "typed"
    """Typed into column A, the smelter identification input column."""
    LOOK_UP = "look-up"
    """Metal and look-up name (or, for an unlisted smelter, its name) are in the workbook's own Smelter Look-up tab."""
    COLUMN_F = "column-f"
    """Stands in column F, Smelter Identification, without the look-up tab confirming it."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmelterLine:
    """One row of the Smelter List as declared, with what the sheet's own formulas would have filled.

    The `typed_*` fields are what the cells hold; `metal`, `cid`, `name` and `country` are what the line means after
    resolution against the workbook's own look-up tab. Contact columns (K, L) are personal data and are never read.
    """

    row: int
    kind: LineKind
    typed_cid: str
    typed_metal: str
    typed_lookup: str
    typed_name: str
    typed_country: str
    typed_identification: str
    metal: Mineral | None
    cid: str | None
    cid_source: CidSource
    name: str
    country: str
    city: str = ""
    state: str = ""
    mine: str = ""
    mine_country: str = ""
    recycled: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the Product List; what the requester calls the product is asked for from CMRT 6.6 on."""

    row: int
    number: str
    name: str
    comments: str
    requester_number: str = ""
    requester_name: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a readable workbook says: of which template kind it is, and about which minerals it answers.

    `template_version` is the version without its kind.
    """

    kind: TemplateKind
    template_version: str
    language: str
    company: Company
    answers: Mapping[Question, Mapping[Mineral, Answer]]
    company_answers: Mapping[str, Answer]
    smelters: tuple[SmelterLine, ...]
    products: tuple[Product, ...]

    @property
    def minerals(self) -> tuple[Mineral, ...]:
        """The minerals that it is asked about, in the order of its questions."""
        return tuple(self.answers[Question.INTENTIONALLY_ADDED])

    def out_of_scope(self, metal: Mineral) -> bool:
        """Whether the answers take a metal out (CMRT 6.5, Checker: Q1 is No, or Q1 is Yes and Q2 is No)."""
        added = self.answers[Question.INTENTIONALLY_ADDED][metal].value
        remains = self.answers[Question.REMAINS_IN_PRODUCT][metal].value
        return added == "No" or (added == "Yes" and remains == "No")

    def in_scope(self, metal: Mineral) -> bool:
        """Whether a metal is declared in the products (Q1 and Q2 are both Yes)."""
        added = self.answers[Question.INTENTIONALLY_ADDED][metal].value
        remains = self.answers[Question.REMAINS_IN_PRODUCT][metal].value
        return added == "Yes" and remains == "Yes"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: a declaration, or None with at least one error finding saying why not.

    `renamed` has, by the template's title, the workbook's own name of each sheet that was found by its content alone;
    `look_up` is what the workbook's own look-up tab knows, and `layout` is where this very workbook has its fields,
    which need not be where its version has them; both None where nothing was read. `checker_count` is how many
    required fields the workbook's own Checker showed as missing when it was last saved (CMRT 6.5, Checker D2); None
    where it shows nothing, and in families whose Checker counts otherwise. Findings name sheets by the template's
    titles.
    """

    declaration: Declaration | None
    findings: tuple[Finding, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    look_up: "LookUp | None" = None
    layout: "Layout | None" = None
    checker_count: int | None = None
