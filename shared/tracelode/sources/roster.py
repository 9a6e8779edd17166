"""The roster (`suppliers.csv`): who was surveyed for the year."""

import re
import unicodedata
from dataclasses import dataclass

from tracelode.lists.own_tables import read_table
from tracelode.lists.problems import Problem, ReferenceRefusedError

ROSTER_FILE = "suppliers.csv"
ROSTER_COLUMNS = ("supplier_id", "name", "contact_email", "in_scope")

SUPPLIER_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?")
"""What a supplier id may be: it becomes a folder name, a part of keys and of addresses."""


def folder_key(supplier_id: str) -> str:
    """What two ids that a person takes for one have in common: they differ in capitals, width and spaces alone."""
    return "".join(unicodedata.normalize("NFKC", supplier_id).casefold().split())


_YES = frozenset({"yes", "y", "true", "1", "x", ""})
_NO = frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class Supplier:
    """A surveyed supplier.

    `attests_conformant_sourcing`: the supplier told us, outside its CMRT, that what it sources from covered countries
    comes only from conformant smelters (optional column `attestation` holding `conformant-only`). An empty `in_scope`
    means yes.
    """

    supplier_id: str
    name: str
    contact_email: str
    in_scope: bool
    attests_conformant_sourcing: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """The suppliers surveyed, ordered by id."""

    suppliers: tuple[Supplier, ...]


def parse_roster(data: bytes, file: str = ROSTER_FILE) -> Roster:
    """The roster of a table with the columns supplier_id and name, and perhaps contact_email, in_scope, attestation.

    Raises ReferenceRefusedError with every problem, each with row and column.
    """
    problems: list[Problem] = []
    suppliers: dict[str, Supplier] = {}
    alike: dict[str, tuple[str, int]] = {}
    for row in read_table(file, data, ROSTER_COLUMNS[:2], (*ROSTER_COLUMNS[2:], "attestation")):
        supplier_id = row["supplier_id"]
        if not SUPPLIER_ID.fullmatch(supplier_id):
            problems.append(
                Problem(
                    "letters, digits, space, dot, dash and underscore only, at most 64",
                    row.number,
                    "supplier_id",
                    supplier_id,
                )
            )
        elif supplier_id in suppliers:
            problems.append(Problem("stands on an earlier row already", row.number, "supplier_id", supplier_id))
        elif (earlier := alike.setdefault(folder_key(supplier_id), (supplier_id, row.number)))[0] != supplier_id:
            problems.append(
                Problem(
                    f'differs from "{earlier[0]}" on row {earlier[1]} only in capitals or spaces: no disk can hold '
                    "both folders, and nobody could tell them apart",
                    row.number,
                    "supplier_id",
                    supplier_id,
                )
            )
        if not row["name"]:
            problems.append(Problem("a name is required", row.number, "name"))
        in_scope = row["in_scope"].lower()
        if in_scope not in _YES | _NO:
            problems.append(Problem("yes or no is required", row.number, "in_scope", row["in_scope"]))
        attestation = row["attestation"].lower()
        if attestation not in ("", "conformant-only"):
            problems.append(
                Problem("conformant-only or nothing is required", row.number, "attestation", row["attestation"])
            )
        suppliers[supplier_id] = Supplier(
            supplier_id, row["name"], row["contact_email"], in_scope in _YES, attestation == "conformant-only"
        )
    if problems:
        raise ReferenceRefusedError(file, problems)
    return Roster(tuple(suppliers[supplier_id] for supplier_id in sorted(suppliers)))
