"""A function's handler, loaded as Lambda loads it, and the context object that it is called with."""

import importlib.util
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tracelode_local.cloud.account import ACCOUNT, REGION

Handler = Callable[[Mapping[str, Any], "LambdaContext"], Any]


class HandlerNotFoundError(LookupError):
    """The template names a handler that is not there."""


class LambdaContext:
    """What a handler is told about its invocation. `deadline` is in seconds of the monotonic clock."""

    def __init__(self, function_name: str, memory: int, request_id: str, deadline: float) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name}"
        self.memory_limit_in_mb = memory
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = "local"
        self.identity = None
        self.client_context = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is cut off; never negative."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def load_handler(function_name: str, folder: Path, handler: str) -> Handler:
    """The handler `module.attribute` of a function's folder.

    Every function's module gets a name of its own, because they are all called app.

    Raises HandlerNotFoundError where the file or the attribute is missing; whatever the module itself raises passes.
    """
    path, _, attribute = handler.rpartition(".")
    source = folder / f"{path.replace('.', '/')}.py"
    if not path or not source.is_file():
        raise HandlerNotFoundError(f"{function_name}: no file {source} for the handler {handler}")
    name = "tracelode_function_" + re.sub(r"\W", "_", function_name)
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise HandlerNotFoundError(f"{function_name}: {source} is not a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    found = getattr(module, attribute, None)
    if not callable(found):
        raise HandlerNotFoundError(f"{function_name}: {source} has no function {attribute}")
    loaded: Handler = found
    return loaded
