"""Every command of every page can be run, and what this machine can run is run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import ROOT, Command, commands, inline_commands, pages, simple_commands
from tests.docs.shapes import PROGRAMS, wrong

COMMANDS: Final = [command for page in pages() for command in commands(page)]
INLINE: Final = [command for page in pages() for command in inline_commands(page, PROGRAMS)]
RUN: Final = ("run", "rebuild", "replay", "review", "lint-edgar", "recount")
"""Commands of tracelode that are run here as they stand, on the example case."""
NOT_RUN: Final[Mapping[str, str]] = {
    "make": "`make check` and `make test` are how this is run; the other targets stand for commands of these pages",
    "aws": "needs an account; service, operation and options are held against AWS's own models",
    "sam": "needs an account or builds for minutes; options are held against its own help (tests/template builds)",
    "python": "measures or searches for minutes to hours; options are held against its own help",
    "python3": "as python",
    "tracelode watch": "runs until it is stopped; tests/e2e/test_watch.py",
    "tracelode status": "needs a stack; tests of its own run it against moto",
    "tracelode latest": "as status",
    "tracelode smelters": "as status",
    "tracelode freeze": "as status",
    "tracelode redline": "as status",
    "tracelode take-back": "needs what a lawyer has edited; tests/unit/console/test_take_back_command.py",
    "tracelode explain": "as status",
    "tracelode invite": "as status",
    "tracelode remind": "as status",
    "tracelode redrive": "as status",
    "tracelode doctor": "as status",
    "tracelode completion": "prints what a shell reads; a test of its own",
    "git": "fetches",
    "pip": "fetches",
    "pipx": "fetches; tests/e2e/test_wheel.py installs what it would and uses every command",
    "uvx": "as pipx",
    "cd": "the shell's own",
    "export": "the shell's own",
    "source": "the shell's own",
    "open": "the reader's machine",
    "xdg-open": "the reader's machine",
    "jq": "the reader's machine",
    "cat": "the reader's machine",
    "echo": "the reader's machine",
    "less": "the reader's machine",
}
"""Why a command is not run here, by program or by program and subcommand."""


def is_run(command: Command) -> bool:
    return command.program == "tracelode" and command.words[1] in RUN and "--stack" not in command.words


LINES: Final = sorted({command.line for command in COMMANDS if is_run(command)})


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_has_the_shape_that_its_program_asks_for(command: Command) -> None:
    assert wrong(command) == ""


@pytest.mark.parametrize("command", INLINE, ids=str)
def test_a_command_in_running_text_names_what_there_is(command: Command) -> None:
    assert wrong(command) == ""


@pytest.mark.parametrize("command", [command for command in COMMANDS if not is_run(command)], ids=str)
def test_there_is_a_reason_for_each_command_that_is_not_run(command: Command) -> None:
    assert NOT_RUN.get(command.program) or NOT_RUN.get(" ".join((command.program, *command.words[1:2])))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder: the project's programs, a case of the reader's own, and the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / ".venv/bin").mkdir(parents=True)
    for program in ("tracelode", "python"):
        (folder / ".venv/bin" / program).symlink_to(Path(sys.prefix) / "bin" / program)
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples/qualys-2016", folder / "my-case")
    shutil.copy(ROOT / "examples/qualys-2016/inbox/dunlowe/dunlowe-cmrt.xlsx", folder / "CMRT_acme.xlsx")
    ran = shell(".venv/bin/tracelode run my-case --out out", folder)
    assert ran.returncode == 0, ran.stderr
    for name in ("exhibit-1-01.htm", "form-sd.htm"):
        shutil.copy(folder / "out/2016/latest" / name, folder / name)
    shutil.copy(folder / "exhibit-1-01.htm", folder / "filing.htm")
    return folder


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PATH": f"{folder / '.venv/bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=surroundings, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_pages_does_what_it_says(desk: Path, line: str) -> None:
    # WHEN a reader types it
    ran = shell(line, desk)
    # THEN it works; that a review has something to say (1) is no failure
    assert ran.returncode in ((0, 1) if " review " in line else (0,)), ran.stderr
    assert ran.stdout


def test_the_pages_have_commands() -> None:
    assert len(COMMANDS) > 20
    assert len(LINES) >= 5


def test_lines_are_taken_apart_as_a_shell_does() -> None:
    line = "Q=$(aws sqs get-queue-url --queue-name 'a b' --query \"x\" --output text) && aws s3 ls 2>/dev/null | less"
    assert simple_commands(line) == [
        ("aws", "sqs", "get-queue-url", "--queue-name", "a b", "--query", "x", "--output", "text"),
        ("aws", "s3", "ls"),
        ("less",),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "aws s3 sync s3://bucket/2016/latest/ latest/ --recursiv",
        "aws sqs start-message-move-task --source ARN",
        "aws lambda invoke --payload x /dev/null",
        "aws nothing at-all",
        "aws dynamodb wait table-gone --table-name x",
        "sam deploy --guide",
        "tracelode run",
        "tracelode rum my-case --out out",
        "tracelode review --yaer 2025 a.xlsx",
        "make nothing",
        "python -m tests.fault.sweep --everything",
        "python benchmarks/nothing.py",
        "frobnicate",
    ],
)
def test_a_command_that_could_not_run_is_found(line: str) -> None:
    (words,) = simple_commands(line)
    assert wrong(Command("page", line, words)) != ""
