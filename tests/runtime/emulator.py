"""Functions as `sam build` packed them, under Lambda's own runtime interface: its emulator and its runtime client.

The emulator (aws-lambda-rie) comes with the AWS SAM CLI, the client (awslambdaric) from PyPI. Together they are what
a container image of a function runs on: cold start, handler look-up, context, time limit and errors are theirs.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracelode_local.delivery.environments import Environments, Outcome, variables
from tracelode_local.engine import LocalSystem
from tracelode_local.template.stack import Function, Stack, read_stack
from tracelode_local.template.translation import LOCAL_CODE, translate

UP_WITHIN = 20.0
"""Seconds for the emulator to listen; it takes a fraction of one."""
INITIALISED_WITHIN = 60.0
"""Seconds for a cold start on a busy machine, beside the function's own time limit."""
LOG_TAIL = 64 * 1024
TRACE = "Root=1-58b69a00-000000000000000000000001;Parent=0000000000000001;Sampled=1"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class ManagedRuntime:
    """What Lambda brings along: the emulator, a Python of the functions' version, and the runtime client's folder."""

    emulator: Path
    python: Path
    client: Path

    def command(self, handler: str, interface: int, api: int) -> list[str]:
        """The emulator with the runtime in it, both on the loopback interface alone.

        Python starts without its site-packages, so that a package is found in a layer or not at all.
        """
        return [
            str(self.emulator),
            "--runtime-interface-emulator-address",
            f"127.0.0.1:{interface}",
            "--runtime-api-address",
            f"127.0.0.1:{api}",
            *self.runtime(handler),
        ]

    def runtime(self, handler: str) -> list[str]:
        """The runtime by itself, which asks whatever AWS_LAMBDA_RUNTIME_API names for work."""
        return [str(self.python), "-S", "-m", "awslambdaric", handler]

    def variables(self, function: Function, opt: Path, endpoint: str) -> dict[str, str]:
        """What a function's process sees, nothing of this machine's surroundings; `opt` holds its layers."""
        version = self.python.name
        packages = (opt / f"python/lib/{version}/site-packages", opt / "python", self.client)
        return {
            **variables(function, endpoint),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(function.timeout)),
            "LAMBDA_TASK_ROOT": str(function.folder),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            # A built folder is read-only in Lambda.
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@dataclass(frozen=True, slots=True)
class Build:
    """What `sam build` made: its template, translated, and what /opt is for each function, by logical id."""

    translated: Mapping[str, Any]
    stack: Stack
    opt: Mapping[str, Path]


def read_build(folder: Path, scratch: Path, architecture: str) -> Build:
    """The build in a folder, its layers laid over one another in a scratch folder on the same disk."""
    translated = translate(folder / "template.yaml", {"Architecture": architecture})
    stack = read_stack(translated, {}, "http://localhost")
    laid: dict[tuple[Path, ...], Path] = {}
    for logical_id in stack.functions:
        layers = _layers(translated, logical_id)
        if layers not in laid:
            laid[layers] = _lay_over(layers, scratch / f"opt-{len(laid)}")
    return Build(translated, stack, {name: laid[_layers(translated, name)] for name in stack.functions})


def _layers(translated: Mapping[str, Any], logical_id: str) -> tuple[Path, ...]:
    resources = translated["Resources"]
    references = resources[logical_id]["Properties"].get("Layers", [])
    return tuple(Path(resources[layer["Ref"]]["Metadata"][LOCAL_CODE]) for layer in references)


def _lay_over(layers: Iterable[Path], opt: Path) -> Path:
    """Each layer's content, a later one's over an earlier one's, as Lambda extracts them."""
    for layer in layers:
        for source in sorted(path for path in layer.rglob("*") if path.is_file()):
            target = opt / source.relative_to(layer)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            os.link(source, target)
    return opt


class Emulators:
    """The execution environments of a build, one for each function (see tracelode_local.delivery.environments).

    Nothing of this process's surroundings reaches a function; what it prints is in `<log_folder>/<function>.log`.
    `extra` are variables beside those of the template and of Lambda.
    """

    def __init__(
        self,
        build: Build,
        runtime: ManagedRuntime,
        endpoint: str,
        log_folder: Path,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._runtime = runtime
        self._opt = {build.stack.functions[logical_id].name: folder for logical_id, folder in build.opt.items()}
        self._endpoint = endpoint
        self._log_folder = log_folder
        self._extra = dict(extra or {})
        self._lock = threading.Lock()
        self._emulators: dict[str, Emulator] = {}

    def slots(self, function: Function) -> int:  # noqa: ARG002  every function has the one
        """One: a second invocation at the same time ends the emulator."""
        return 1

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Outcome:
        """One invocation, the function's first being its cold start."""
        with self._lock:
            if function.name not in self._emulators:
                self._emulators[function.name] = Emulator(
                    function,
                    self._runtime,
                    {**self._runtime.variables(function, self._opt[function.name], self._endpoint), **self._extra},
                    self._log_folder / f"{function.name}.log",
                )
        return self._emulators[function.name].invoke(event)

    def close(self) -> None:
        """End every emulator with the runtime in it."""
        for emulator in self._emulators.values():
            emulator.close()


class Emulator:
    """One execution environment: an emulator's process with the runtime as its child. One invocation at a time."""

    def __init__(self, function: Function, runtime: ManagedRuntime, environment: Mapping[str, str], log: Path) -> None:
        self._function = function
        self._runtime = runtime
        self._environment = dict(environment)
        self._log = log
        self._lock = threading.Lock()
        self._process, self._port = self._start()

    def invoke(self, event: Mapping[str, Any]) -> Outcome:
        """The answer, or the error, as Lambda would tell the caller."""
        with self._lock:
            logged = self._log.stat().st_size
            request = urllib.request.Request(
                f"http://127.0.0.1:{self._port}/2015-03-31/functions/function/invocations",
                data=json.dumps(event).encode(),
                headers={"X-Amzn-Trace-Id": TRACE},
            )
            try:
                with _DIRECT.open(request, timeout=self._function.timeout + INITIALISED_WITHIN) as response:
                    body = response.read()
            except urllib.error.HTTPError as error:
                body = error.read()
            except OSError as error:
                body = f"the emulator is gone: {error}".encode()
            return _outcome(body, self._logged_since(logged))

    def close(self) -> None:
        """End the emulator, which ends the runtime; whatever is left of them is killed."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> tuple[subprocess.Popen[bytes], int]:
        for _ in range(3):
            interface, api = _free_ports()
            with self._log.open("ab") as log:
                process = subprocess.Popen(
                    self._runtime.command(self._function.handler, interface, api),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self._environment,
                    cwd=self._function.folder,
                    start_new_session=True,
                )
            if _listens(process, interface):
                return process, interface
        raise RuntimeError(f"the emulator of {self._function.name} does not start: {self._logged_since(0)}")

    def _logged_since(self, offset: int) -> str:
        with self._log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(offset, end - LOG_TAIL))
            return log.read().decode("utf-8", "replace")


class BuiltSystem(LocalSystem):
    """The local system with its functions as `sam build` packed them, wired by the template that it wrote."""

    def __init__(
        self, build: Build, runtime: ManagedRuntime, log_folder: Path, extra: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(build.translated, log_folder=log_folder)
        self._build = build
        self._runtime = runtime
        self._extra = extra

    def _environments(self, endpoint: str) -> Environments:
        return Emulators(self._build, self._runtime, endpoint, self.log_folder, self._extra)


def _outcome(body: bytes, log: str) -> Outcome:
    try:
        answer = json.loads(body)
    except ValueError:
        return Outcome(error=body.decode("utf-8", "replace"), log=log)
    if isinstance(answer, dict) and "errorType" in answer:
        return Outcome(error=f"{answer['errorType']}: {answer.get('errorMessage', '')}", log=log)
    return Outcome(answer=answer, log=log)


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return True
    process.kill()
    process.wait()
    return False
