"""reconcile: on a schedule, what was made of the ledger's facts is held against them and mended where it differs."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.failures import failures_logged
from tracelode.flow.announce_again import Announcer
from tracelode.flow.reconcile_year import reconcile_every_year
from tracelode.settings import Resources

logger, tracer, metrics = (
    Logger(service="reconcile"),
    Tracer(service="reconcile"),
    Metrics(service="reconcile"),
)
_FULL = ("UnsettledSuppliers", "Drift", "UnrecordedUploads")
"""What only a full reconciliation can count."""


@cache
def resources() -> Resources:
    """The table, buckets and queue of this function; built once in an execution environment."""
    needs = ("TABLE_NAME", "INBOX_BUCKET", "REFERENCE_BUCKET", "RESULTS_BUCKET", "INTAKE_QUEUE_URL")
    return Resources(os.environ, needs=needs)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Sweep every program year, or reconcile it in full if the schedule says so; the next run mends a failed one."""
    its, full = resources(), bool(event["full"])
    counted = ("NoticesNotSent", "StaleGroups", *(_FULL if full else ()))
    for name in counted:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=0)
    with failures_logged(logger, full=full):
        for found in reconcile_every_year(its, full=full, announcer=Announcer(its.intake_queue, datetime.now(UTC))):
            logger.info("reconciled", full=full, **asdict(found))
            values = (int(bool(found.not_sent)), found.stale, found.unsettled, found.drift, found.unrecorded)
            for name, value in zip(counted, values, strict=False):
                metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
