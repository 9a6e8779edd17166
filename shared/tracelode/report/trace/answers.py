"""What `explain` answers: a figure, a row of the annex, a name or a supplier, with their cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FileReference:
    """A supplier's file, by what names it in bucket and manifest."""

    supplier_id: str
    supplier: str
    key: str
    sha256: str
    received: str
    state: str
    errors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CellReference:
    """Cells of a sheet of a supplier's file; no cells where the row is not known."""

    file: FileReference
    sheet: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListReference:
    """A reference file, and the row of it that is meant: 0 for the file as a whole."""

    name: str
    key: str
    sha256: str
    as_of: str
    in_force: bool
    row: int = 0
    says: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """A smelter as lines name it: what it came to, by which steps, and where each of those lines stands."""

    metal: str
    cid: str
    name: str
    country: str
    outcome: str
    step: str
    trace: tuple[str, ...]
    doubts: tuple[str, ...]
    lines: int
    cells: tuple[CellReference, ...]


@dataclass(frozen=True, slots=True)
class FacilityItem:
    """A facility that a figure counts; `cells` are given where the figure is about what is stated of it."""

    metal: str
    cid: str
    name: str
    country: str
    printed_status: str
    listed: ListReference | None
    suppliers: int
    cells: tuple[CellReference, ...] = ()


@dataclass(frozen=True, slots=True)
class SupplierItem:
    """A supplier that a figure counts, with its files, and the cells that decide where there are such."""

    supplier_id: str
    name: str
    state: str
    files: tuple[FileReference, ...]
    cells: tuple[CellReference, ...] = ()


@dataclass(frozen=True, slots=True)
class FileItem:
    """A declaration that a figure counts, and the cells that decide where there are such."""

    file: FileReference
    cells: tuple[CellReference, ...] = ()


@dataclass(frozen=True, slots=True)
class TextItem:
    """A metal, or a country by its code, that a figure counts; with the CIDs of the facilities that lie there."""

    text: str
    name: str
    facilities: tuple[str, ...] = ()


ReplyItem = FacilityItem | SupplierItem | FileItem | DeclaredName | TextItem | ListReference


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """A figure: its value, what it counts and by whose rule, and everything that it was counted from.

    `counted` says what the items are; "answers" are declarations that count once for each metal.
    A figure that is made of others has them in `parts`, the one beneath the line last. Where facilities are counted,
    `lists` are the files that the status list in force was read from.
    """

    name: str
    value: Any
    says: str
    rule: str
    items: tuple[ReplyItem, ...]
    counted: str
    parts: tuple[tuple[str, Any], ...]
    lists: tuple[ListReference, ...]
    answer: str = "figure"


@dataclass(frozen=True, slots=True)
class FacilityAnswer:
    """A row of the annex: its status with the list's row, and who names it, where, and how that was identified.

    `lists` are the files of the status list in force; `listed` is None for a facility that they do not have.
    """

    metal: str
    cid: str
    name: str
    country: str
    printed_status: str
    listed: ListReference | None
    lists: tuple[ListReference, ...]
    known_from: str
    suppliers: int
    declared: tuple[DeclaredName, ...]
    figures: tuple[str, ...]
    answer: str = "facility"


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """A declared name that is no facility of the annex."""

    declared: DeclaredName
    answer: str = "name"


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """A supplier: where it stands, its files with their errors, and the figures that count it."""

    supplier: SupplierItem
    counts: bool
    facilities: int
    figures: tuple[str, ...]
    answer: str = "supplier"


@dataclass(frozen=True, slots=True)
class Choices:
    """Several figures that the question may mean."""

    figures: tuple[tuple[str, Any], ...]
    answer: str = "choices"


Reply = FigureAnswer | FacilityAnswer | NameAnswer | SupplierAnswer | Choices
