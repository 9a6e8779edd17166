"""reference: a queue message about a dropped reference file puts it in force, or answers it with its errors."""

from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.entry.messages import work_off_messages
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.storage.objects import ObjectEvent

function = Function("TABLE_NAME", "REFERENCE_BUCKET", "RESULTS_BUCKET")


def adopt(event: ObjectEvent) -> None:
    """Adopt or refuse the file that one notice points at."""
    adopted = adopt_reference(event, function.resources)
    function.logger.info("adopted", file=adopted.file, in_force=adopted.in_force, problems=len(adopted.problems))
    function.count(f"ReferenceFiles_{'refused' if adopted.problems else 'taken'}")


@function.entry
def handler(event: Event) -> BatchAnswer:
    """Take each message of a batch at least once, then report those that failed."""
    return work_off_messages(function, event, adopt)
