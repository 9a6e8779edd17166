"""The command line knows words alone until a command runs, and only what runs a case imports the local system."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tracelode_console.cli import COMMANDS

ROOT = Path(__file__).parents[3]
CONSOLE = ROOT / "console" / "tracelode_console"
RUNS_CASES = CONSOLE / "commands" / "local"
BESIDE_THE_EMULATOR = ("tracelode_local.template.", "tracelode_local.cloud.account", "tracelode_local.cloud.clients")
"""What of the local system speaks to a stack as well: the template, and clients of a system that runs."""
LOADED = "import sys; from tracelode_console.cli import parser; parser(); print(*sorted(sys.modules))"
SLOW = {"boto3", "botocore", "jinja2", "moto", "openpyxl", "rich", "samtranslator", "shtab", "tracelode_local"}


def imported(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    named = [f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for alias in node.names]  # fmt: skip
    return named + [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_a_command_names_carries_it_out(command):
    # GIVEN the module that the command names
    run = import_module(command.module).run
    # THEN it takes the options and both consoles, and gives an exit status
    signature = inspect.signature(run)
    assert list(signature.parameters) == ["options", "out", "err"]
    assert signature.return_annotation is int
    # AND lies with those that run cases exactly where the command says that it does
    assert command.needs_local == (RUNS_CASES in Path(inspect.getfile(inspect.unwrap(run))).parents)


def test_help_imports_nothing_that_carries_a_command_out():
    # WHEN the whole command line is described in a process of its own
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()
    # THEN no library is loaded, and of the shared code nothing but its version
    assert not SLOW & {name.partition(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith("tracelode.")] == []
    assert [name for name in loaded if name.startswith("tracelode_console.commands")] == []


def test_the_rule_would_see_a_command_that_is_imported():
    ran = subprocess.run(
        [sys.executable, "-c", f"import tracelode_console.commands.files.edgar; {LOADED}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert SLOW & {name.partition(".")[0] for name in ran.stdout.split()}


@pytest.mark.parametrize("path", sorted(CONSOLE.rglob("*.py")), ids=lambda path: str(path.relative_to(CONSOLE)))
def test_only_what_runs_a_case_imports_the_local_system(path):
    if RUNS_CASES not in path.parents:
        assert [name for name in imported(path) if name.startswith("tracelode_local.")
                and not name.startswith(BESIDE_THE_EMULATOR)] == []  # fmt: skip
