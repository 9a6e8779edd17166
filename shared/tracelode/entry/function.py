"""What every function begins with: its log, its metrics, what it holds of AWS, and how it fails."""

import logging
import os
import warnings
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tracelode.entry.failures import FunctionFailedError, log_failure
from tracelode.entry.resources import Resources

Event = dict[str, Any]
BatchAnswer = Mapping[str, Any] | None
"""What of a batch has to be tried again (Lambda, ReportBatchItemFailures); None where there is no batch."""
Handler = Callable[[Event, LambdaContext], BatchAnswer]


class Function:
    """One function of the template in one execution environment; `needs` are the variables that it cannot do without.

    The template says in POWERTOOLS_* what the function is called, where its metrics go and how much it logs.
    """

    def __init__(self, *needs: str) -> None:
        _hush_libraries()
        self.logger = Logger()
        self.metrics = Metrics()
        self._needs = needs

    @cached_property
    def resources(self) -> Resources:
        """What the function's environment names. Raises MissingSettingsError if that is not all it needs."""
        return Resources(os.environ, needs=self._needs)

    def count(self, name: str, value: int = 1) -> None:
        """Add to what this invocation counts under a name."""
        self.metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)

    def measure_seconds(self, name: str, seconds: float) -> None:
        """Add to the durations that this invocation measures under a name."""
        self.metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)

    def count_beside(self, name: str, value: int, **beside: str) -> None:
        """Count something in a line of its own, with what it is about beside it: no dimension, a word to search by."""
        with single_metric(name=name, unit=MetricUnit.Count, value=value) as metric:
            metric.add_dimension("service", self.metrics.service)
            for key, word in beside.items():
                metric.add_metadata(key, word)

    def entry(self, work: Callable[[Event], BatchAnswer]) -> Handler:
        """The handler that Lambda calls, around the work that one event asks for.

        A missing setting fails it before anything is done. Whatever the work raises is logged, and the invocation fails
        with a FunctionFailedError in its place.
        """

        @self.logger.inject_lambda_context(clear_state=True)
        @self.metrics.log_metrics
        @wraps(work)
        def handler(event: Event, _context: LambdaContext) -> BatchAnswer:
            _ = self.resources
            try:
                return work(event)
            except Exception as error:  # noqa: BLE001  the invocation fails, with what may be said of it
                failure = log_failure(self.logger, error)
            # Out of the except clause, so that the error with its message does not hang on to the one without.
            raise FunctionFailedError(failure)

        return handler


def _hush_libraries() -> None:
    """Have no library say anything by itself: a warning may quote a cell, or an address with a file's name in it."""
    logging.getLogger().setLevel(logging.CRITICAL + 1)
    warnings.simplefilter("ignore")
