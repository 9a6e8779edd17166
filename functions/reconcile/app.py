"""reconcile: on a schedule, what was made of the ledger's facts is held against them and mended where it differs."""

from dataclasses import asdict
from datetime import UTC, datetime

from tracelode.entry.function import Event, Function
from tracelode.flow.announce_again import Announcer
from tracelode.flow.reconcile_year import reconcile_every_year

function = Function("TABLE_NAME", "INBOX_BUCKET", "REFERENCE_BUCKET", "RESULTS_BUCKET", "INTAKE_QUEUE_URL")
_FULL = ("UnsettledSuppliers", "Drift", "UnrecordedUploads")
"""What only a full reconciliation can count."""


@function.entry
def handler(event: Event) -> None:
    """Sweep every program year, or reconcile it in full if the schedule says so; the next run mends a failed one."""
    its, full = function.resources, bool(event["full"])
    function.logger.append_keys(full=full)
    counted = ("NoticesNotSent", "StaleGroups", *(_FULL if full else ()))
    for name in counted:
        function.count(name, 0)
    announcer = Announcer(its.intake_queue, datetime.now(UTC))
    for found in reconcile_every_year(its, full=full, announcer=announcer):
        function.logger.info("reconciled", **asdict(found))
        values = (int(bool(found.not_sent)), found.stale, found.unsettled, found.drift, found.unrecorded)
        for name, value in zip(counted, values, strict=False):
            function.count(name, value)
