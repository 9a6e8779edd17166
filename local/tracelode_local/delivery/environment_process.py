"""What the process of one execution environment does.

Requests come as lines of JSON on standard input. For each there is an empty line when the handler is about to be
called, and a line of JSON with its answer or its error. Whatever the function prints goes to standard error instead.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tracelode_local.delivery.handlers import LambdaContext, load_handler


def answer_invocations(function_name: str, folder: Path, handler_name: str, memory: int) -> None:
    """Load the handler and answer until the input ends. Raises whatever a handler raises that cannot be loaded."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.path.insert(0, str(folder))
    handler = load_handler(function_name, folder, handler_name)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answers.write(b"\n")
        answers.flush()
        context = LambdaContext(function_name, memory, request["request_id"], time.monotonic() + request["timeout"])
        answer: dict[str, Any]
        try:
            answer = {"answer": handler(request["event"], context)}
            encoded = json.dumps(answer).encode()
        except Exception as error:  # noqa: BLE001  what a handler raises is its invocation's outcome
            traceback.print_exc()
            encoded = json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
        sys.stdout.flush()
        sys.stderr.flush()
        answers.write(encoded + b"\n")
        answers.flush()
