"""tally: changes of what is current, from the ledger's stream, become new partials of the groups they name."""

from tracelode.entry.changes import ChangedGroup, changed_groups, work_off_changes
from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.flow.tally_group import tally_group

function = Function("TABLE_NAME")


def tally(changed: ChangedGroup) -> None:
    """Recompute one group's partial."""
    tally_group(changed.year, changed.group, function.resources.ledger)
    function.logger.info("tallied", year=changed.year, group=changed.group)
    function.count("GroupsTallied")


@function.entry
def handler(event: Event) -> BatchAnswer:
    """Recompute each group that a batch names once, then report those that failed."""
    return work_off_changes(function, changed_groups(event), tally)
