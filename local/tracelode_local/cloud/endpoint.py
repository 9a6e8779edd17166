"""The local stand-in for AWS: moto's server in a process of its own, on a free port of the loopback interface."""

import socket
import subprocess
import sys
from types import TracebackType


class LocalCloud:
    """Context manager: moto's server from entry to exit.

    The port is bound and listening before the process is up, so whoever connects early merely waits; nothing polls.
    """

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            host, port = listening.getsockname()
            self.endpoint = f"http://{host}:{port}"
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tracelode_local.cloud.cloud_process", str(listening.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )

    def __enter__(self) -> "LocalCloud":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
