"""What a command line can name: systems, reasons, queues, days.

Apart from what is done with them, because the command line needs the words before it is known what to do.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

DEFAULT_FOLDER: Final = Path("out")
"""Where a local system is looked for that nobody named."""
STACK_VARIABLE: Final = "TRACELODE_STACK"
"""The variable of the environment that names a stack."""
LONGEST_DAYS: Final = 7
"""Days after which S3 takes no signature any more, whatever the policy says."""


class Reason(StrEnum):
    """Why a supplier is reminded."""

    AWAITING = "awaiting"
    REJECTED = "rejected"
    NEEDS_CORRECTION = "needs_correction"
    COPIED_LIST = "copied_list"
    """Accepted, with the template's own list in place of the supplier's."""
    SMELTERS = "smelters"
    """Accepted, with smelters that no list knows."""


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A dead-letter queue: `name` as the commands speak of it; `source` is the queue that its letters came from, ""
    where they came from the stream."""

    name: str
    logical_id: str
    source: str = ""


DEAD_LETTER_QUEUES: Final = (
    DeadLetterQueue("intake", "IntakeDeadLetterQueue", source="IntakeQueue"),
    DeadLetterQueue("reference", "ReferenceDeadLetterQueue", source="ReferenceQueue"),
    DeadLetterQueue("tally", "TallyDeadLetterQueue"),
    DeadLetterQueue("publish", "PublishDeadLetterQueue"),
)
