"""The reference data that are in force for a year, for those who need a word of them before publish."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tracelode.flow.reference_in_force import ReferenceVanishedError, content_of, picture
from tracelode.ledger.ledger import Ledger, ReferenceSnapshot
from tracelode.reference.kinds import Taken
from tracelode.smelters.dispositions import NOTHING_DECIDED, Dispositions
from tracelode.smelters.known import NOTHING_KNOWN, KnownFacilities, known_facilities
from tracelode.smelters.status import SmelterList
from tracelode.sources.program import Program
from tracelode.storage.objects import DroppedObjects

REMEMBERED = 8
"""Program years whose reference data a process remembers, put together."""

_NO_LIST = SmelterList({})


@dataclass(frozen=True, slots=True)
class ReferenceAtHand:
    """What is in force of each kind; empty where there is nothing yet."""

    program: Program | None = None
    smelter_list: SmelterList = _NO_LIST
    known: KnownFacilities = NOTHING_KNOWN
    dispositions: Dispositions = NOTHING_DECIDED
    supplier_names: Mapping[str, str] = field(default_factory=dict)


def reference_at_hand(year: int, *, ledger: Ledger, reference: DroppedObjects) -> ReferenceAtHand:
    """The reference data in force. A file whose version was erased from the bucket counts as not there.

    What a supplier is told must not wait for the compliance team; publish fails loudly on an erased version.
    """

    def read(snapshot: ReferenceSnapshot) -> Taken | None:
        try:
            return content_of(snapshot, reference)
        except ReferenceVanishedError:
            return None

    readable = tuple(snapshot for _, snapshot in sorted(ledger.references(year).items()) if read(snapshot))
    return _put_together(_Readable(readable, reference))


@dataclass(frozen=True, slots=True)
class _Readable:
    """Snapshots that can be read, known by what they are and not by where they are read from."""

    snapshots: tuple[ReferenceSnapshot, ...]
    reference: DroppedObjects = field(compare=False, repr=False)


@lru_cache(maxsize=REMEMBERED)
def _put_together(readable: _Readable) -> ReferenceAtHand:
    content = [content_of(snapshot, readable.reference) for snapshot in readable.snapshots]
    return ReferenceAtHand(
        program=next((taken.program for taken in content if taken.program), None),
        smelter_list=picture(readable.snapshots, readable.reference),
        known=known_facilities(name for taken in content for name in taken.names),
        dispositions=next((taken.dispositions for taken in content if taken.dispositions), NOTHING_DECIDED),
        supplier_names={supplier.supplier_id: supplier.name for taken in content for supplier in taken.suppliers or ()},
    )
