"""What the facts mean today: facilities with status and place, suppliers with their standing.

Interpretation happens at publish, over the distinct declared identities; a new smelter list or roster rewrites no line.
"""

from dataclasses import dataclass

from tracelode.report.facts import Facts
from tracelode.smelters.countries import Country
from tracelode.smelters.status import FacilityId, Status
from tracelode.submission import State
from tracelode.tally.aggregate import Standing


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility that in-scope suppliers name.

    `country` is None where no spelling was understood; `printed_country` is then the text as declared (or empty).
    `suppliers` are the ids of the in-scope suppliers that name it, ordered. `at_risk` is only ever true for an
    indeterminable facility in one of the program's risk places.
    """

    facility: FacilityId
    name: str
    country: Country | None
    printed_country: str
    status: Status
    printed_status: str
    on_list: bool
    suppliers: tuple[str, ...]
    at_risk: bool


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier as the report shows it: on the roster, in scope, and where it stands.

    `standing` is None for a surveyed supplier of which nothing was ever received. `facilities` counts the distinct
    facilities that it names, `unidentified_lines` its lines without a CID.
    """

    supplier_id: str
    name: str
    on_roster: bool
    in_scope: bool
    attests_conformant_sourcing: bool
    state: State
    standing: Standing | None
    facilities: int
    unidentified_lines: int


@dataclass(frozen=True, slots=True)
class UnidentifiedName:
    """A smelter that in-scope suppliers name without a CID: what the team has to find out."""

    metal: str
    name: str
    country: str
    lines: int
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Facilities in the annex's order (metal, printed status, CID), suppliers by id, unidentified names by metal."""

    facts: Facts
    facilities: tuple[Facility, ...]
    suppliers: tuple[SupplierView, ...]
    unidentified: tuple[UnidentifiedName, ...]
    unidentified_lines: int
