"""The template, the programs that build it, and the events."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.judgement.judge_template import EVERYTHING
from tracelode_local.template.translation import translate

from .translated import ROOT, TEMPLATE, TranslatedTemplate


@pytest.fixture(scope="session")
def template() -> TranslatedTemplate:
    """The template with its default parameters."""
    return TranslatedTemplate(translate(TEMPLATE, {}))


@pytest.fixture(scope="session")
def full_template(template: TranslatedTemplate) -> TranslatedTemplate:
    """The template with everything that is optional."""
    return TranslatedTemplate(template.document, EVERYTHING)


@pytest.fixture(scope="session")
def sam() -> Path:
    """The sam command."""
    own = ROOT / ".venv-sam/bin/sam"
    found = str(own) if own.exists() else shutil.which("sam")
    if not found:
        pytest.skip("AWS SAM CLI is not installed (make .venv-sam/bin/sam)")
    return Path(found)


@pytest.fixture(scope="session")
def runtime_python() -> Path:
    """A Python of the functions' runtime."""
    folder = _output([str(ROOT / "layers" / "runtime-python")])
    if not folder:
        pytest.skip("Python 3.13, the functions' runtime, is not installed")
    return Path(folder) / "python3.13"


@pytest.fixture(scope="session")
def event() -> Callable[[str], dict[str, Any]]:
    """Factory: an event of events/ by name."""

    def load(name: str) -> dict[str, Any]:
        return json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))

    return load


def _output(command: list[str]) -> str:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
