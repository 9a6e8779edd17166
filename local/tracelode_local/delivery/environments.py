"""Execution environments: where a function's handler runs when it is invoked.

`InProcess` runs handlers in this process, one at a time, for tests that want to see into them. `ChildProcesses` gives
each environment a process of its own, with nothing of this process's surroundings, as Lambda does.
"""

import contextlib
import io
import itertools
import json
import os
import queue
import select
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from tracelode_local.cloud.account import ACCESS_KEY, REGION, SECRET_KEY
from tracelode_local.delivery.handlers import Handler, LambdaContext, load_handler
from tracelode_local.delivery.zygote import Zygote
from tracelode_local.template.stack import Function

_INHERITED: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "VIRTUAL_ENV")
_LOG_TAIL: Final = 64 * 1024
_LOAD_LIMIT: Final = 60.0
"""Seconds for loading a handler; far more than it takes, so that only one that hangs is cut off."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an invocation: the handler's answer, or the error that it failed with; and what it logged."""

    answer: Any = None
    error: str = ""
    log: str = ""

    @property
    def failed(self) -> bool:
        """Whether the invocation itself failed: an exception, a crash, or no answer in time."""
        return bool(self.error)


class Environments(Protocol):
    """Runs handlers. Safe to call from several threads."""

    def slots(self, function: Function) -> int:
        """How many invocations of the function can run at once."""

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Outcome:
        """One invocation, from event to outcome; never raises for what the handler does."""

    def close(self) -> None:
        """End every environment."""


def variables(function: Function, endpoint: str) -> dict[str, str]:
    """The environment variables that a function sees: the template's and Lambda's own, all AWS calls sent home."""
    return {
        **_variables_of_all(endpoint),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        **function.environment,
    }


def _variables_of_all(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "NO_PROXY": "*",
        # The layers have no lxml, with which openpyxl writes other bytes; an environment on this machine may have it.
        "OPENPYXL_LXML": "False",
        "TZ": "UTC",
    }


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


class _RequestIds:
    """Request ids that a run counts rather than draws."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __next__(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._numbers):012d}"


class InProcess:
    """Handlers run in this process, one invocation at a time, `os.environ` being theirs while they run.

    A handler that outlives its time limit is not interrupted; it only sees its remaining time run out.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._handlers: dict[str, Handler] = {}
        self._request_ids = _RequestIds()

    def slots(self, function: Function) -> int:  # noqa: ARG002  every function has the one
        """One."""
        return 1

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Outcome:
        """One invocation in the calling thread, once no other is running."""
        with self._lock, _surroundings(variables(function, self._endpoint)):
            captured = io.StringIO()
            with contextlib.redirect_stdout(captured), contextlib.redirect_stderr(captured):
                try:
                    if function.name not in self._handlers:
                        self._handlers[function.name] = load_handler(function.name, function.folder, function.handler)
                    context = LambdaContext(
                        function.name, function.memory, next(self._request_ids), time.monotonic() + function.timeout
                    )
                    answer = self._handlers[function.name](json.loads(json.dumps(event)), context)
                    return Outcome(answer=json.loads(json.dumps(answer)), log=captured.getvalue())
                except Exception as error:  # noqa: BLE001  what a handler raises is its invocation's outcome
                    traceback.print_exc(file=captured)
                    return Outcome(error=f"{type(error).__name__}: {error}", log=captured.getvalue())

    def close(self) -> None:
        """Nothing is left to end."""


@contextlib.contextmanager
def _surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    before, seen = dict(os.environ), _inherited() | dict(environment)
    os.environ.clear()
    os.environ.update(seen)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class ChildProcesses:
    """A process for each execution environment, started when first needed or by `prepare`, replaced when it dies.

    What a function prints and logs is in `<log_folder>/<function>-<number>.log`.
    """

    def __init__(self, endpoint: str, log_folder: Path, slots: Mapping[str, int]) -> None:
        self._endpoint = endpoint
        self._log_folder = log_folder
        self._slots = slots
        self._request_ids = _RequestIds()
        self._lock = threading.Lock()
        self._free: dict[str, queue.LifoQueue[_Child]] = {}
        self._children: list[_Child] = []
        self._zygote = Zygote(_inherited() | _variables_of_all(endpoint), log_folder / "zygote.log")

    def slots(self, function: Function) -> int:
        """As many as were asked for by function name; one where nothing was."""
        return self._slots.get(function.name, 1)

    def prepare(self, *functions: Function) -> None:
        """Start the functions' environments, without waiting for them."""
        with self._lock:
            new = [function for function in functions if function.name not in self._free]
            if new:
                self._zygote.warm_up(new)
            for function in new:
                self._free[function.name] = queue.LifoQueue()
                for number in range(1, self.slots(function) + 1):
                    log = self._log_folder / f"{function.name}-{number}.log"
                    child = _Child(function, self._zygote, variables(function, self._endpoint), log)
                    self._children.append(child)
                    self._free[function.name].put(child)

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Outcome:
        """One invocation in a free environment of the function; waits for one to be free."""
        self.prepare(function)
        free = self._free[function.name]
        child = free.get()
        try:
            return child.invoke(event, next(self._request_ids))
        finally:
            free.put(child)

    def close(self) -> None:
        """End every process, also those in the middle of an invocation. Closing again changes nothing."""
        with self._lock:
            for child in self._children:
                child.kill()
            self._zygote.close()


class _Child:
    """One execution environment: a process that answers a line of JSON for each line of JSON."""

    def __init__(self, function: Function, zygote: Zygote, environment: Mapping[str, str], log: Path) -> None:
        self._function = function
        self._zygote = zygote
        self._log = log
        self._environment = _inherited() | dict(environment)
        self._lock = threading.Lock()
        self._status = 0
        self._start()

    def _start(self) -> None:
        asked, requests = os.pipe()
        answers, answered = os.pipe()
        with self._log.open("ab") as log, open(asked, "rb"), open(answered, "wb"):  # noqa: PTH123  descriptors
            streams = (asked, answered, log.fileno())
            self._number: int | None = self._zygote.start(self._function, self._environment, streams)
        self._requests = open(requests, "wb")  # noqa: PTH123, SIM115  open as long as the process is
        self._answers = open(answers, "rb", buffering=0)  # noqa: PTH123, SIM115

    def invoke(self, event: Mapping[str, Any], request_id: str) -> Outcome:
        if self._has_ended():
            self.kill()
            self._start()
        logged = self._log.stat().st_size
        request = {"event": event, "request_id": request_id, "timeout": self._function.timeout}
        try:
            line = self._exchange(json.dumps(request).encode() + b"\n")
        except TimeoutError as error:
            self.kill()
            return Outcome(error=str(error), log=self._logged_since(logged))
        except (OSError, ValueError):  # the process has died, or the environments were closed meanwhile
            line = b""
        log = self._logged_since(logged)
        if not line.endswith(b"\n"):
            return Outcome(error=f"Runtime exited with status {self.kill()}", log=log)
        answer = json.loads(line)
        return Outcome(answer=answer.get("answer"), error=answer.get("error", ""), log=log)

    def _has_ended(self) -> bool:
        """Whether the process is gone: unasked, there is nothing to be read of a live one."""
        return self._answers.closed or bool(select.select([self._answers], [], [], 0)[0])

    def _exchange(self, request: bytes) -> bytes:
        """Send the request and collect the answer. As in Lambda, the time limit starts when the handler is loaded."""
        self._requests.write(request)
        self._requests.flush()
        loaded = False
        deadline = time.monotonic() + _LOAD_LIMIT
        answer = b""
        while not answer.endswith(b"\n"):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                seconds = self._function.timeout if loaded else _LOAD_LIMIT
                raise TimeoutError(f"Task timed out after {seconds:.2f} seconds" + ("" if loaded else " of loading"))
            if not select.select([self._answers], [], [], remaining)[0]:
                continue
            chunk = self._answers.read(1 << 20)
            if not chunk:
                break
            answer += chunk
            if not loaded and answer.startswith(b"\n"):
                loaded = True
                answer = answer[1:]
                deadline = time.monotonic() + self._function.timeout
        return answer

    def _logged_since(self, offset: int) -> str:
        with self._log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(offset, end - _LOG_TAIL))
            return log.read().decode("utf-8", "replace")

    def kill(self) -> int:
        """End the process, if it has not ended by itself or been ended before; returns its exit status."""
        with self._lock:
            if self._number is not None:
                self._status = self._zygote.end(self._number)
                self._number = None
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        return self._status
