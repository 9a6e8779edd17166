"""No function loads a library that it has no use for: a cold start would wait for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = {"aws_xray_sdk", "jinja2", "openpyxl", "pycountry", "python_calamine", "rapidfuzz"}
LOADED = {
    "intake": HEAVY - {"aws_xray_sdk", "openpyxl"},
    "reference": HEAVY - {"aws_xray_sdk", "openpyxl", "jinja2"},
    "tally": set(),
    "publish": HEAVY - {"aws_xray_sdk"},
    "reconcile": HEAVY - {"aws_xray_sdk"},
}
"""Of what is slow to load, what each needs for almost everything that it is handed."""


@pytest.mark.parametrize("function", LOADED)
def test_a_function_loads_what_it_needs_and_nothing_else_that_is_slow_to_load(function):
    program = f"import app, sys; print(*({HEAVY!r} & set(sys.modules)))"

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "functions" / function,
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(ran.stdout.split()) == LOADED[function]


def test_every_function_is_held_to_it():
    assert {path.parent.name for path in (ROOT / "functions").glob("*/app.py")} == set(LOADED)
