"""RMI's Checker as an oracle: it judges what is typed into the official templates, many times a second."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.engines.checker.cells import DECLARATION, ENTRY_CELLS, POLICY_ADDRESS, Cells, by_sheet
from tests.engines.libreoffice import SOFFICE
from tests.factories.official import find_template

_PROCESS = Path(__file__).parent / "calc_process.py"
_PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python")


@cache
def python_with_uno() -> str:
    """A Python that can talk to LibreOffice, "" where there is none: the project's own cannot."""
    for python in _PYTHONS:
        if Path(python).exists() and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode:
            return python
    return ""


needs_uno = pytest.mark.skipif(
    not (SOFFICE and python_with_uno()),
    reason="LibreOffice Calc or its Python bridge is not installed (Debian: libreoffice-calc and python3-uno)",
)


class CalculatorError(RuntimeError):
    """LibreOffice could not do what it was asked to."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The Checker rows (4 to 69) that are incomplete, and those that show an error because a formula failed."""

    incomplete: frozenset[int]
    spoilt: frozenset[int]


class RmiChecker:
    """A running LibreOffice. Each template is loaded when it is first needed, as the Initiative's file is."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._loaded: set[str] = set()

    def judge(self, version: str, cells: Cells) -> Verdict:
        """The Checker's verdict on a new template with the cells typed into it."""
        if version not in self._loaded:
            blank = {DECLARATION: [*ENTRY_CELLS, POLICY_ADDRESS]}
            self._ask("open", version=version, path=str(self._copied(version)), blank=blank)
            self._loaded.add(version)
        return _verdict(self._ask("judge", version=version, cells=by_sheet(cells)))

    def convert(self, workbook: bytes) -> tuple[Verdict, bytes]:
        """The Checker's verdict on a file, and the file as LibreOffice computes and saves it."""
        source, target = self._folder / "supplied.xlsx", self._folder / "computed.xlsx"
        source.write_bytes(workbook)
        verdict = _verdict(self._ask("convert", source=str(source), target=str(target)))
        return verdict, target.read_bytes()

    def _copied(self, version: str) -> Path:
        """A copy of a template: LibreOffice writes a lock file beside what it opens."""
        template = find_template(version)
        assert template
        return Path(shutil.copy(template, self._folder))

    def _ask(self, do: str, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise CalculatorError(f"LibreOffice ended while it was asked to {do}")
        result: dict[str, Any] = json.loads(answer)
        if "error" in result:
            raise CalculatorError(result["error"])
        return result


def _verdict(answer: dict[str, Any]) -> Verdict:
    return Verdict(frozenset(answer["incomplete"]), frozenset(answer["spoilt"]))


@contextmanager
def rmi_checker() -> Iterator[RmiChecker]:
    """A LibreOffice of its own for as long as it is needed."""
    command = [python_with_uno(), str(_PROCESS), str(SOFFICE)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        yield RmiChecker(process, Path(folder))
