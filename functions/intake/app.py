"""intake: a queue message about a dropped or deleted CMRT becomes a recorded submission, or takes one back."""

from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.entry.messages import work_off_messages
from tracelode.flow.record_submission import record_submission
from tracelode.storage.objects import ObjectEvent

function = Function("TABLE_NAME", "INBOX_BUCKET", "REFERENCE_BUCKET", "RESULTS_BUCKET")


def record(event: ObjectEvent) -> None:
    """Record what one notice points at."""
    log = function.logger
    with log.append_context_keys(version=event.version_id):
        done = record_submission(event, function.resources)
        log.info("recorded", supplier=done.supplier_id, submission=done.submission_id, state=done.state)
    function.count(f"Submissions_{done.state or 'withdrawn'}")
    for rule, times in done.rules.items():
        function.count_beside("Findings", times, rule=rule)


@function.entry
def handler(event: Event) -> BatchAnswer:
    """Take each message of a batch at least once, then report those that failed."""
    return work_off_messages(function, event, record)
