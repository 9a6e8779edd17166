"""Properties are tried as often as their profile says, and no test has a deadline."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[2]
OF_THEIR_OWN = {"properties.py", "fault/machine.py", "contract/test_same_answers.py"}
"""The profiles, and state machines, whose steps are counted by their own measure."""


def of_its_own(source: str) -> bool:
    """Whether a module takes hypothesis's settings into its own hands."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "hypothesis"
        and {"settings", "HealthCheck"} & {alias.name for alias in node.names}
        for node in ast.walk(ast.parse(source))
    )


def test_no_test_has_settings_of_its_own() -> None:
    found = {str(path.relative_to(TESTS)) for path in TESTS.rglob("*.py") if of_its_own(path.read_text("utf-8"))}
    assert found == OF_THEIR_OWN


def test_settings_are_found() -> None:
    assert of_its_own("from hypothesis import given, settings")
    assert not of_its_own("from hypothesis import given")
