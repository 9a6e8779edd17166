"""publish: changed partials and reference data, from the ledger's stream, become the latest report set."""

from dataclasses import asdict
from datetime import UTC, datetime

from tracelode.entry.changes import ChangedYear, changed_years, work_off_changes
from tracelode.entry.function import BatchAnswer, Event, Function
from tracelode.flow.tell_team import publish_and_tell

function = Function("TABLE_NAME", "REFERENCE_BUCKET", "RESULTS_BUCKET")


def publish(changed: ChangedYear) -> None:
    """Publish one program year as it stands now, and tell the team."""
    year = changed.year
    published, told = publish_and_tell(year, function.resources)
    function.logger.info("published", year=year, **asdict(published), told=told.run, not_sent=told.not_sent)
    function.count("ReportsPublished", int(published.new))
    function.count("NoticesNotSent", int(bool(told.not_sent)))
    if (lag := told.lag(datetime.now(UTC))) is not None:
        function.measure_seconds("PublishLag", lag)


@function.entry
def handler(event: Event) -> BatchAnswer:
    """Publish each program year that a batch names once, then report those that failed."""
    return work_off_changes(function, changed_years(event), publish)
