"""Somebody who looks at the results bucket after every single change of it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from tests.fault.injection import Call
from tests.fault.lab import POINTER, YEAR, Lab

LATEST = f"{YEAR}/latest/"


class Readers:
    """Context manager: notes in `wrong` what no reader may ever see.

    The pointer never goes back. Whoever follows it finds every file of its run with the hash that it states. No file of
    `latest/` is ever replaced by an older run's.
    """

    def __init__(self, lab: Lab) -> None:
        self.wrong: list[str] = []
        self._lab = lab
        self._pointers: list[Any] = []
        self._shown: dict[str, int] = {}
        pointer = lab.result(POINTER)
        if pointer:
            self._pointers.append(json.loads(pointer))
            self._shown = dict.fromkeys(self._pointers[0]["files"], 0)

    def __enter__(self) -> "Readers":
        self._lab.wire.observers.append(self._look)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lab.wire.observers.remove(self._look)

    @contextmanager
    def blind(self) -> Iterator[None]:
        """Look away, while the bucket is not the one that is looked at."""
        self._lab.wire.observers.remove(self._look)
        try:
            yield
        finally:
            self._lab.wire.observers.append(self._look)

    def _look(self, call: Call) -> None:
        if call.operation != "PutObject":
            return
        key = call.target.partition(f"/{YEAR}/")[2]
        if key == "latest.json":
            self._follow()
        elif key.startswith("latest/"):
            self._compare(key.removeprefix("latest/"))
        elif key.startswith("runs/") and self._pointers:
            self._intact()

    def _follow(self) -> None:
        pointer = json.loads(self._lab.result(POINTER) or b"{}")
        if self._pointers and pointer["run"] == self._pointers[-1]["run"]:
            if pointer["confirmed"] < self._pointers[-1]["confirmed"]:
                self.wrong.append(f"the confirmations of {pointer['run']} went back")
            self._pointers[-1] = pointer
            return
        if self._pointers and pointer["number"] <= self._pointers[-1]["number"]:
            self.wrong.append(f"the pointer went from {self._pointers[-1]['number']} to {pointer['number']}")
        self._pointers.append(pointer)
        self._intact()

    def _intact(self) -> None:
        pointer = self._pointers[-1]
        for name, sha256 in pointer["files"].items():
            body = self._lab.result(f"{YEAR}/runs/{pointer['run']}/{name}")
            if body is None or hashlib.sha256(body).hexdigest() != sha256:
                self.wrong.append(f"run {pointer['run']} holds another {name} than its pointer says")

    def _compare(self, name: str) -> None:
        body = self._lab.result(LATEST + name) or b""
        sha256 = hashlib.sha256(body).hexdigest()
        before = self._shown.get(name, 0)
        shown = next(
            (n for n in range(before, len(self._pointers)) if self._pointers[n]["files"].get(name) == sha256), None
        )
        if shown is None:
            self.wrong.append(f"latest/{name} went back")
        else:
            self._shown[name] = shown
