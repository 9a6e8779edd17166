"""The process that moto's server runs in: `python -m tracelode_local.cloud.cloud_process SOCKET`.

SOCKET is the descriptor of the listening socket.

It ends when its standard input does, so that it never outlives the process that started it, however that one ended.
"""

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from moto import backends
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tracelode_local.cloud.brisk_moto import make_brisk
from tracelode_local.cloud.strict_uploads import make_strict

_COLLECTED_AT: Final = (100_000, 50, 100)
"""When garbage is looked for: rarely, because what is stored is all kept and looked through in vain each time."""
_SEED: Final = 20_100_721
"""Version ids and the like come from here: a run's `sources.json` is the same twice."""


class KeptAliveRequestHandler(MotoRequestHandler):
    """HTTP/1.1 with connections that last; nothing is logged.

    werkzeug's own way of answering ends the connection after each request, and waits for the client to hang up: with
    hundreds of small requests that costs more than moto's answers do.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together

    def run_wsgi(self) -> None:
        """Answer one request. Its body is read to the end first: nothing of it can be taken for the next request."""
        self.wfile.flush()  # a client that asked whether to continue waits for its answer before it sends the body
        environ = self.make_environ()
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", ""):
            body = environ["wsgi.input"].read()
            self.close_connection = True  # what may follow the last chunk is not looked at
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}
        try:
            answer = Response.from_app(self.server.app, environ, buffered=True)
        except Exception:  # noqa: BLE001  where moto stumbles, AWS would have an internal error, which clients try again
            answer = Response(status=500)
        content = answer.get_data()
        self.send_response(answer.status_code, answer.status.partition(" ")[2])
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.command != "HEAD" and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a run makes hundreds of requests."""


class OneAtATime:
    """A WSGI application behind a lock.

    moto's table and stream are plain lists and dictionaries: two writers at once can give two stream records the same
    sequence number, and a reader then never comes to the end of the stream. Real services have no such race.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, once no other is being answered."""
        with self._lock:
            body: Iterable[bytes] = self._application(environ, start_response)
            return body


def remember_modules() -> None:
    """Let moto list its own modules once: it does so for each request, a tenth of all that this process does."""
    modules = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: iter(modules)


def serve(descriptor: int) -> None:
    """Serve moto on the listening socket `descriptor` until standard input ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    mock_random.seed(_SEED)
    remember_modules()
    make_brisk()
    make_strict()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AT)
    server = make_server(
        "127.0.0.1",
        0,
        OneAtATime(DomainDispatcherApplication(create_backend_app)),
        threaded=True,
        request_handler=KeptAliveRequestHandler,
        fd=descriptor,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
