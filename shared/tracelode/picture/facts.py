"""Everything a report set is made of. The same facts give the same bytes: no clock, no random id, no version id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracelode.smelters.dispositions import NOTHING_DECIDED, Dispositions
from tracelode.smelters.known import NOTHING_KNOWN, KnownFacilities
from tracelode.smelters.status import SmelterList
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection
from tracelode.sources.program import Program
from tracelode.sources.rmi_exports import Revision
from tracelode.sources.roster import Supplier
from tracelode.tally.aggregate import Aggregate


@dataclass(frozen=True, slots=True)
class ReferenceInput:
    """A reference file that the report rests on. `version_id` goes to sources.json alone (invariant 5).

    `kind` is what the ledger keeps it as; one that is not `in_force` is an earlier status list, read for what changed.
    """

    name: str
    key: str
    version_id: str
    sha256: str
    received: str
    as_of: str = ""
    kind: str = ""
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at publish: reference data in force, and the aggregate of the current submissions.

    `smelter_list` is the picture that counts (smelters/status.py: `combine`), `earlier_lists` are the pictures that
    counted before it, oldest first; `revisions` are RMI's, in its order. `template` is the newest official CMRT 6.x
    in force, for the roll-up; empty where there is none. `last_year` is what last year's report lists, None where that
    is not known; `sections` are the texts that the team puts in place of the project's own, ordered by section.
    `late` has the suppliers that sent something after the day through which responses count, each with the day of its
    newest file.
    """

    program: Program
    roster: tuple[Supplier, ...]
    smelter_list: SmelterList
    aggregate: Aggregate
    references: tuple[ReferenceInput, ...]
    known: KnownFacilities = NOTHING_KNOWN
    dispositions: Dispositions = NOTHING_DECIDED
    earlier_lists: tuple[SmelterList, ...] = ()
    revisions: tuple[Revision, ...] = ()
    template: bytes = field(default=b"", repr=False)
    last_year: LastYear | None = None
    sections: tuple[OwnSection, ...] = ()
    late: Mapping[str, str] = field(default_factory=dict)
