"""publish: changed partials and reference data, from the ledger's stream, become the latest report set."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.envelopes import changed_years
from tracelode.failures import failures_logged
from tracelode.flow.tell_team import publish_and_tell
from tracelode.settings import Resources

logger, tracer, metrics = (
    Logger(service="publish"),
    Tracer(service="publish"),
    Metrics(service="publish"),
)


@cache
def resources() -> Resources:
    """The table and buckets of this function; built once in an execution environment."""
    return Resources(os.environ, needs=("TABLE_NAME", "REFERENCE_BUCKET", "RESULTS_BUCKET"))


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Publish each program year that a batch names once; a failure has the whole batch tried again, harmlessly."""
    its = resources()
    for year in changed_years(DynamoDBStreamEvent(event).records):
        with failures_logged(logger, year=year):
            published, told = publish_and_tell(year, its)
        logger.info("published", year=year, **asdict(published), told=told.run, not_sent=told.not_sent)
        metrics.add_metric(name="ReportsPublished", unit=MetricUnit.Count, value=int(published.new))
        metrics.add_metric(name="NoticesNotSent", unit=MetricUnit.Count, value=int(bool(told.not_sent)))
        if (lag := told.lag(datetime.now(UTC))) is not None:
            metrics.add_metric(name="PublishLag", unit=MetricUnit.Seconds, value=lag)
    return {"batchItemFailures": []}
