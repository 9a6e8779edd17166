"""Execution environments are forked from one process that has imported what their functions import.

Imports are most of what a fresh environment costs, and the functions share nearly all of them. The process here imports
what the handlers' files name, never the handlers themselves. It has one thread, makes no client and opens no
connection, so that an environment shares nothing with another but loaded code.

`python -m tracelode_local.delivery.zygote DESCRIPTOR` is that process; DESCRIPTOR is the socket that it is asked by. It
ends when the other end of the socket is closed.
"""

import ast
import contextlib
import functools
import gc
import importlib
import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from tracelode_local.delivery.environment_process import answer_invocations
from tracelode_local.template.stack import Function

Streams = tuple[int, int, int]
"""Descriptors of standard input, output and error."""
_STREAMS: Final = 3
_SERVICES: Final = ("dynamodb", "s3", "sns", "sqs")
_DESCRIPTIONS: Final = ("service-2", "endpoint-rule-set-1", "paginators-1")


class Zygote:
    """The other end of the socket: asks for environments. Safe to call from several threads.

    `environment` is what every function sees, as far as it is the same for all: libraries read some of it when they
    are imported. What goes wrong in the process itself is told in the file `log`.
    """

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._control, asked = socket.socketpair()
        with asked, log.open("ab") as errors:
            self._process = subprocess.Popen(
                # Without -P, a file of the folder that somebody works in could stand in for a module of ours.
                [sys.executable, "-P", "-m", __name__, str(asked.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[asked.fileno()],
                env=dict(environment),
                start_new_session=True,
            )

    def warm_up(self, functions: Sequence[Function]) -> None:
        """Have imported what the functions' handlers import, without waiting for it."""
        with self._lock:
            self._send({"warm up": [(str(function.folder), function.handler) for function in functions]})

    def start(self, function: Function, environment: Mapping[str, str], streams: Streams) -> int:
        """Start an environment, without waiting for it; returns the number by which it is ended."""
        with self._lock:
            self._count += 1
            arguments = (function.name, str(function.folder), function.handler, function.memory)
            self._send({"start": self._count, "arguments": arguments, "environment": dict(environment)}, streams)
            return self._count

    def end(self, number: int) -> int:
        """End an environment, if it has not ended by itself; returns its exit status, that of a signal as negative."""
        status = b""
        # Without the process, there is nobody to ask; its environments end when their input does.
        with self._lock, contextlib.suppress(OSError):
            self._send({"end": number})
            while not status.endswith(b"\n") and (more := self._control.recv(16)):
                status += more
        return int(status or -signal.SIGKILL)

    def close(self) -> None:
        """End the process. What environments are left end by themselves when nobody holds their input any more."""
        self._control.close()
        self._process.wait()

    def _send(self, request: Mapping[str, Any], streams: Sequence[int] = ()) -> None:
        encoded = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self._control, [encoded], streams)
        self._control.sendall(encoded[sent:])


def serve(control: socket.socket) -> None:
    """Do what is asked, until nobody can ask any more."""
    processes: dict[int, int] = {}
    for request, streams in _requests(control):
        match request:
            case {"warm up": handlers}:
                for folder, handler in handlers:
                    import_what_is_named(Path(folder), handler)
                if "botocore" in sys.modules:
                    _share_descriptions()
                gc.freeze()  # what is loaded is never garbage; looking through it would copy the memory it lies in
            case {"start": number, "arguments": arguments, "environment": environment}:
                processes[number] = os.fork()
                if not processes[number]:
                    _become_environment(arguments, environment, streams)
                for descriptor in streams:
                    os.close(descriptor)
            case {"end": number}:
                control.sendall(b"%d\n" % _end(processes.pop(number)))


def import_what_is_named(folder: Path, handler: str) -> None:
    """Import the modules that a handler's file names, but for those that lie beside it.

    What cannot be imported is left for the handler to fail on.
    """
    try:
        tree = ast.parse((folder / handler.rpartition(".")[0].replace(".", "/")).with_suffix(".py").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                modules = [module]
            case _:
                continue
        for module in modules:
            own = folder / module.partition(".")[0]
            if not own.exists() and not own.with_suffix(".py").exists():
                with contextlib.suppress(Exception):
                    importlib.import_module(module)


@functools.cache
def _share_descriptions() -> None:
    """Have botocore's descriptions of the services read once; every client of every environment would parse them."""
    from botocore import loaders

    read = functools.cache(loaders.JSONFileLoader().load_file)
    setattr(loaders.JSONFileLoader, "load_file", lambda _, path: read(path))  # noqa: B010  mypy forbids it otherwise
    loader = loaders.create_loader()
    loader.load_data("endpoints")
    for service, description in itertools.product(_SERVICES, _DESCRIPTIONS):
        loader.load_service_model(service, description)


def _requests(control: socket.socket) -> Iterator[tuple[dict[str, Any], Sequence[int]]]:
    received = b""
    descriptors: list[int] = []
    while True:
        more, sent_along, _, _ = socket.recv_fds(control, 1 << 16, _STREAMS)
        if not more:
            return
        descriptors += sent_along
        *lines, received = (received + more).split(b"\n")
        for line in lines:
            request = json.loads(line)
            count = _STREAMS if "start" in request else 0
            streams, descriptors = descriptors[:count], descriptors[count:]
            yield request, streams


def _become_environment(arguments: Sequence[Any], environment: Mapping[str, str], streams: Sequence[int]) -> NoReturn:
    """Turn this process, which has just been forked, into an execution environment."""
    status = 1
    try:
        os.setsid()
        for standard, descriptor in enumerate(streams):
            os.dup2(descriptor, standard)
        os.closerange(_STREAMS, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        name, folder, handler, memory = arguments
        os.chdir(folder)
        answer_invocations(name, Path(folder), handler, memory)
        status = 0
    except BaseException:  # noqa: BLE001  nothing may get from here into the loop of the process that this came from
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _end(process: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
