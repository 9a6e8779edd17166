"""Every AWS call of the functions, as botocore is asked to make it: by which function, on what, and what came of it."""

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session

from tracelode_local.delivery.environments import Environments, InProcess, Outcome
from tracelode_local.engine import LocalSystem
from tracelode_local.template.stack import Function

_KNOW_AWS = ("tracelode.flow.", "tracelode.ledger.", "tracelode.notices.", "tracelode.queues.", "tracelode.storage.")

_KEPT = frozenset(
    {
        "Bucket",
        "Key",
        "VersionId",
        "IfMatch",
        "IfNoneMatch",
        "TopicArn",
        "QueueUrl",
        "TableName",
        "IndexName",
        "RequestItems",
    }
)
"""The parameters that decide what right a call needs, and that it can be made again from."""


@dataclass(slots=True)
class Call:
    """One call. `status` is the HTTP status of its answer, 0 while there is none."""

    function: str
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    status: int = 0


class Recorder:
    """Keeps the calls of every client that is made from its session while a function's variables are set."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def session(self) -> boto3.Session:
        """A session for `boto3.DEFAULT_SESSION`, which the functions' clients are made from."""
        session = botocore.session.Session()
        session.register("before-parameter-build", self._asked)
        session.register("after-call", self._answered)
        return boto3.Session(botocore_session=session)

    def _asked(self, **said: Any) -> None:
        model, context = said["model"], said["context"]
        kept = {name: value for name, value in said["params"].items() if name in _KEPT}
        function = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        context["recorded"] = Call(function, model.service_model.service_name, model.name, kept)
        self.calls.append(context["recorded"])

    def _answered(self, **said: Any) -> None:
        said["context"]["recorded"].status = said["parsed"]["ResponseMetadata"]["HTTPStatusCode"]


class ForgetfulSystem(LocalSystem):
    """The local system in this process, each invocation of which finds nothing that an earlier one has kept.

    In Lambda a function profits from what it has read itself, never from what another has: here all share a process.
    """

    def __init__(self) -> None:
        super().__init__(in_process=True)

    def _environments(self, endpoint: str) -> Environments:
        return _Forgetful(endpoint)


class _Forgetful(InProcess):
    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self._one_at_a_time = threading.Lock()

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Outcome:
        with self._one_at_a_time:
            for name, module in sorted(sys.modules.items()):
                for kept in vars(module).values() if name.startswith(_KNOW_AWS) else ():
                    if hasattr(kept, "cache_clear"):
                        kept.cache_clear()
            return super().invoke(function, event)
