"""What surrounds a function in Lambda, listening: its Runtime API, an X-Ray daemon, and an AWS that refuses everything.

The emulator keeps to itself what the runtime tells X-Ray of a failure, so here the runtime speaks to us directly.
"""

import json
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.runtime.emulator import INITIALISED_WITHIN, TRACE, ManagedRuntime
from tracelode_local.template.stack import Function

_WORK = "/2018-06-01/runtime/invocation/next"
_ANSWERS = "/2018-06-01/runtime/"
_LARGEST_DATAGRAM = 65_536
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(slots=True)
class Overheard:
    """Whatever left the function, by the way it took, as text."""

    printed: str = ""
    posted: list[str] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """What it asked AWS for: that may name a file."""


def invoke_overheard(
    runtime: ManagedRuntime, function: Function, opt: Path, event: Mapping[str, Any], *, refusal: str
) -> Overheard:
    """Invoke the function once and tell what left it, AWS refusing whatever it asks for with a text of ours."""
    heard = Overheard()
    with _Surroundings(heard, event, refusal) as server, _daemon(heard) as daemon:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        environment = {
            **runtime.variables(function, opt, f"http://{address}"),
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_XRAY_DAEMON_ADDRESS": daemon,
            # botocore waits between its tries, which all come to the same here.
            "AWS_MAX_ATTEMPTS": "1",
        }
        process = subprocess.Popen(
            runtime.runtime(function.handler),
            env=environment,
            cwd=function.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            assert server.answered.wait(INITIALISED_WITHIN + function.timeout)
        finally:
            process.terminate()
            heard.printed = process.communicate(timeout=INITIALISED_WITHIN)[0].decode()
            server.over.set()
            server.shutdown()
    return heard


class _Surroundings(ThreadingHTTPServer):
    """Lambda's Runtime API with one piece of work, and beside it an AWS that refuses whatever it is asked for."""

    daemon_threads = True

    def __init__(self, heard: Overheard, event: Mapping[str, Any], refusal: str) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.heard, self.event, self.refusal = heard, event, refusal
        self.answered, self.over = threading.Event(), threading.Event()

    def handle_error(self, *_: Any) -> None:
        """Nothing: the runtime hangs up when it is ended."""


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Surroundings

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
        if self.path == _WORK:
            self._give_work()
        elif self.path.startswith(_ANSWERS):
            self.server.heard.posted.append(f"{self.path}\n{self.headers}\n{body}")
            self._send(202)
            self.server.answered.set()
        else:
            self.server.heard.asked.append(f"{self.path} {body}")
            self._refuse()

    do_GET = do_POST = do_PUT = do_HEAD = _serve  # noqa: N815  the names that the server calls

    def _give_work(self) -> None:
        if self.server.answered.is_set():  # there is no second piece of work
            self.server.over.wait()
        told = {
            "Content-Type": "application/json",  # without it the runtime's client crashes
            "Lambda-Runtime-Aws-Request-Id": "00000000-0000-4000-8000-000000000001",
            "Lambda-Runtime-Deadline-Ms": "9999999999999",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:one",
            "Lambda-Runtime-Trace-Id": TRACE,
        }
        self._send(200, json.dumps(self.server.event), told)

    def _refuse(self) -> None:
        refusal = self.server.refusal
        if "X-Amz-Target" in self.headers:
            self._send(400, json.dumps({"__type": "AccessDeniedException", "message": refusal}))
        elif self.command == "HEAD":  # there is no text in what S3 answers to it: what is there may be looked at
            self._send(200, headers={"Content-Length": "100", "x-amz-version-id": "v1"})
        else:
            self._send(403, f"<Error><Code>AccessDenied</Code><Message>{refusal}</Message></Error>")

    def _send(self, status: int, body: str = "", headers: Mapping[str, str] = _NO_HEADERS) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _daemon(heard: Overheard) -> Iterator[str]:
    """An X-Ray daemon's socket; what has come by the end of the context is heard."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.setblocking(False)
        try:
            while True:
                heard.traced.append(listening.recv(_LARGEST_DATAGRAM).decode(errors="replace"))
        except BlockingIOError:
            pass
