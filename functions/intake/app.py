"""intake: a queue message about a dropped or deleted CMRT becomes a recorded submission, or takes one back."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.envelopes import object_events
from tracelode.failures import failures_logged
from tracelode.flow.record_submission import record_submission
from tracelode.settings import Resources

logger, tracer, metrics = (
    Logger(service="intake"),
    Tracer(service="intake"),
    Metrics(service="intake"),
)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@cache
def resources() -> Resources:
    """The table and buckets of this function; built once in an execution environment."""
    return Resources(os.environ, needs=("TABLE_NAME", "INBOX_BUCKET", "REFERENCE_BUCKET", "RESULTS_BUCKET"))


@tracer.capture_method(capture_response=False)
def record_handler(record: SQSRecord) -> None:
    """Record what each S3 record of one message points at; a message that raises is tried again."""
    logger.append_keys(message_id=record.message_id)
    with failures_logged(logger):
        for event in object_events(record.json_body):
            its = resources()
            with logger.append_context_keys(version=event.version_id):
                done = record_submission(event, its)
                logger.info("recorded", supplier=done.supplier_id, submission=done.submission_id, state=done.state)
            metrics.add_metric(name=f"Submissions_{done.state or 'withdrawn'}", unit=MetricUnit.Count, value=1)
            for rule, count in done.rules.items():
                with single_metric(name="Findings", unit=MetricUnit.Count, value=count) as found:
                    found.add_dimension("service", "intake")
                    found.add_metadata("rule", rule)


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Process a batch at least once each; the answer names the messages to try again."""
    resources()
    return process_partial_response(event, record_handler, processor, context)
