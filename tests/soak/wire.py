"""The functions' way to AWS as a server of its own, which hands requests on to moto and lets some of them go wrong.

`tests/fault/injection.py` does so inside one process. Here every function is a process, so faults are on the network:
what the SDK, its retries and its time-outs make of them is real.
"""

import http.client
import os
import random
import re
import signal
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from tests.soak.processes import environment_pids, pid_behind

THROTTLED: Final = "throttled"
FAILED: Final = "server error"
UNREACHABLE: Final = "connection cut before"
ANSWER_LOST: Final = "answer lost"
SLOW: Final = "slow"
KILLED_BEFORE: Final = "killed before a call"
KILLED_AFTER: Final = "killed after a call"
OUTAGE: Final = "outage"
REFUSED: Final = "refused"

_CHANCES: Final = {
    THROTTLED: 60,
    FAILED: 40,
    UNREACHABLE: 30,
    ANSWER_LOST: 30,
    SLOW: 20,
    # Rarely, because a process has to live for a while to show whether it grows.
    KILLED_BEFORE: 2,
    KILLED_AFTER: 2,
}
_HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})
_ERRORS: Final = {
    # Status and code, as S3 and as DynamoDB answer.
    THROTTLED: ((503, "SlowDown"), (400, "ProvisionedThroughputExceededException")),
    FAILED: ((500, "InternalError"), (500, "InternalServerError")),
    OUTAGE: ((503, "ServiceUnavailable"), (503, "ServiceUnavailable")),
    REFUSED: ((403, "AccessDenied"), (400, "AccessDeniedException")),
}
_SIGNED_FOR: Final = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Poison:
    """Requests that AWS refuses while the poison is there, as it does where a right is missing."""

    service: str
    method: str
    fragment: bytes

    def refuses(self, service: str, method: str, path: str, body: bytes) -> bool:
        """Whether a request is one of them."""
        asked = path.encode() if service == "s3" else body
        return service == self.service and method == self.method and self.fragment in asked


class Wire:
    """Context manager: the server, from entry to exit. `likelihood` is the chance of a request to go wrong."""

    def __init__(self, target: str, seed: int) -> None:
        self._target = urlsplit(target)
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._outages: dict[str, float] = {}
        self.likelihood = 0.0
        self.poisons: set[Poison] = set()
        self.struck: Counter[str] = Counter()
        self.requests = 0
        wire = self

        class Handler(_Handler):
            def answer(self) -> None:
                wire.carry(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._server.serve_forever, name="wire", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail(self, service: str, seconds: float) -> None:
        """Let all of a service be out of order for a while."""
        with self._lock:
            self._outages[service] = time.monotonic() + seconds

    def mend(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self.likelihood = 0.0
            self._outages.clear()
            self.poisons.clear()

    def carry(self, handler: "_Handler") -> None:
        """Take one request to AWS, or not."""
        service = _service(handler.headers.get("Authorization", ""))
        fate = self._fate(service, handler)
        if fate == SLOW:
            time.sleep(1.0)
        if fate == KILLED_BEFORE:
            kill_caller(handler)
        if fate in (UNREACHABLE, KILLED_BEFORE):
            handler.hang_up()
            return
        if fate in _ERRORS:
            handler.say(*_error(service, fate, handler))
            return
        answer = handler.ask(self._target)
        if fate == KILLED_AFTER:
            kill_caller(handler)
        if fate in (ANSWER_LOST, KILLED_AFTER):
            handler.hang_up()
            return
        handler.say(*answer)

    def _fate(self, service: str, handler: "_Handler") -> str:
        with self._lock:
            self.requests += 1
            fate = self._drawn(service, handler)
            if fate:
                self.struck[fate] += 1
            return fate

    def _drawn(self, service: str, handler: "_Handler") -> str:
        if any(poison.refuses(service, handler.command, handler.path, handler.body) for poison in self.poisons):
            return REFUSED
        if self._outages.get(service, 0) > time.monotonic():
            return OUTAGE
        if self._dice.random() < self.likelihood:
            return self._dice.choices(tuple(_CHANCES), tuple(_CHANCES.values()))[0]
        return ""


Answer = tuple[int, list[tuple[str, str]], bytes]


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client, and the one to moto that belongs to it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._onward: http.client.HTTPConnection | None = None

    def finish(self) -> None:
        if self._onward:
            self._onward.close()
        super().finish()

    def answer(self) -> None:
        raise NotImplementedError

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _take(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _take  # noqa: N815 - http.server's names

    def ask(self, target: object) -> Answer:
        """Have moto answer the request."""
        if self._onward is None:
            self._onward = http.client.HTTPConnection(target.hostname, target.port, timeout=120)
            self._onward.connect()
            self._onward.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        self._onward.request(self.command, self.path, self.body, headers)
        answer = self._onward.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def say(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Give the client an answer."""
        self.send_response_only(status)
        length = str(len(body))
        for name, value in headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                length = value
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """Close the connection in the middle."""
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def kill_caller(handler: _Handler) -> None:
    """Kill the process at the other end of a connection, if it is a function's."""
    pid = pid_behind(handler.client_address[1], environment_pids().values())
    if pid:
        os.kill(pid, signal.SIGKILL)


def _service(authorization: str) -> str:
    """The service that a request is signed for, which is how moto tells them apart, too."""
    signed = _SIGNED_FOR.search(authorization)
    return signed[1] if signed else "s3"


def _error(service: str, fate: str, handler: _Handler) -> Answer:
    of_s3, of_dynamodb = _ERRORS[fate]
    if service == "dynamodb":
        status, code = of_dynamodb
        body = f'{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "{fate}"}}'
        return status, [("Content-Type", "application/x-amz-json-1.0")], body.encode()
    status, code = of_s3
    body = f"<Error><Code>{code}</Code><Message>{fate}</Message></Error>"
    # The services of the query protocol put one more element around it.
    body = body if service == "s3" else f"<ErrorResponse>{body}<RequestId>wire</RequestId></ErrorResponse>"
    return status, [("Content-Type", "application/xml")], b"" if handler.command == "HEAD" else body.encode()
