"""reference: a queue message about a dropped reference file puts it in force, or answers it with its errors."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.envelopes import object_events
from tracelode.failures import failures_logged
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.settings import Resources

logger, tracer = Logger(service="reference"), Tracer(service="reference")
metrics = Metrics(service="reference")
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@cache
def resources() -> Resources:
    """The table and buckets of this function; built once in an execution environment."""
    return Resources(os.environ, needs=("TABLE_NAME", "REFERENCE_BUCKET", "RESULTS_BUCKET"))


@tracer.capture_method(capture_response=False)
def record_handler(record: SQSRecord) -> None:
    """Adopt or refuse what each S3 record of one message points at; a message that raises is tried again."""
    logger.append_keys(message_id=record.message_id)
    with failures_logged(logger):
        for event in object_events(record.json_body):
            its = resources()
            adopted = adopt_reference(event, its)
            logger.info("adopted", file=adopted.file, in_force=adopted.in_force, problems=len(adopted.problems))
            outcome = "refused" if adopted.problems else "taken"
            metrics.add_metric(name=f"ReferenceFiles_{outcome}", unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Process a batch at least once each; the answer names the messages to try again."""
    resources()
    return process_partial_response(event, record_handler, processor, context)
