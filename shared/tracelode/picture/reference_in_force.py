"""What the reference files in force say together."""

from dataclasses import dataclass

from tracelode.smelters.dispositions import NOTHING_DECIDED, Dispositions
from tracelode.smelters.known import NOTHING_KNOWN, KnownFacilities
from tracelode.smelters.status import SmelterList
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection
from tracelode.sources.program import Program
from tracelode.sources.rmi_exports import Revision
from tracelode.sources.roster import Supplier

_NO_LIST = SmelterList({})


@dataclass(frozen=True, slots=True)
class ReferenceInForce:
    """What is in force of each kind; empty where nothing of the kind was put in yet.

    `smelter_list` is the picture that counts (smelters/status.py: `combine`); `revisions` are RMI's, in its order;
    `sections` are the texts that the team puts in place of the project's own, ordered by section.
    """

    program: Program | None = None
    suppliers: tuple[Supplier, ...] = ()
    smelter_list: SmelterList = _NO_LIST
    known: KnownFacilities = NOTHING_KNOWN
    dispositions: Dispositions = NOTHING_DECIDED
    revisions: tuple[Revision, ...] = ()
    last_year: LastYear | None = None
    sections: tuple[OwnSection, ...] = ()

    def supplier_name(self, supplier_id: str) -> str:
        """The name that the roster gives a supplier; "" for one that it does not know."""
        return next((supplier.name for supplier in self.suppliers if supplier.supplier_id == supplier_id), "")
