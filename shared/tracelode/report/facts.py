"""Everything a report set is made of. The same facts give the same bytes: no clock, no random id, no version id."""

from dataclasses import dataclass

from tracelode.reference.program import Program
from tracelode.reference.roster import Supplier
from tracelode.smelters.status import SmelterList
from tracelode.tally.aggregate import Aggregate


@dataclass(frozen=True, slots=True)
class ReferenceInput:
    """A reference file in force. `version_id` goes to sources.json alone (invariant 5)."""

    name: str
    key: str
    version_id: str
    sha256: str
    received: str
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at publish: reference data in force, and the aggregate of the current submissions."""

    program: Program
    roster: tuple[Supplier, ...]
    smelter_list: SmelterList
    aggregate: Aggregate
    references: tuple[ReferenceInput, ...]
