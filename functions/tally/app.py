"""tally: changes of what is current, from the ledger's stream, become new partials of the groups they name."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.envelopes import changed_groups
from tracelode.failures import failures_logged
from tracelode.flow.tally_group import tally_group
from tracelode.settings import Resources

logger, tracer, metrics = (
    Logger(service="tally"),
    Tracer(service="tally"),
    Metrics(service="tally"),
)


@cache
def resources() -> Resources:
    """The table of this function; built once in an execution environment."""
    return Resources(os.environ, needs=("TABLE_NAME",))


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Recompute each group that a batch names once; a failure has the whole batch tried again, harmlessly."""
    its = resources()
    groups = changed_groups(DynamoDBStreamEvent(event).records)
    for year, group in groups:
        with failures_logged(logger, year=year, group=group):
            tally_group(year, group, its.ledger)
        logger.info("tallied", year=year, group=group)
    metrics.add_metric(name="GroupsTallied", unit=MetricUnit.Count, value=len(groups))
    return {"batchItemFailures": []}
