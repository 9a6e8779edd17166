"""Whether a command could run: subcommand and options are held against what the program says of itself.

Each of these returns what is wrong, "" where nothing is.
"""

import argparse
import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import botocore.exceptions
import botocore.session
from botocore import xform_name

from tests.docs.pages import ROOT, Command
from tracelode_console import cli

SAM: Final = ROOT / ".venv-sam/bin/sam"
_AWS_EVERYWHERE: Final = frozenset(
    (
        *("--region", "--profile", "--output", "--query", "--endpoint-url", "--no-cli-pager", "--debug", "--color"),
        *("--cli-input-json", "--cli-binary-format", "--generate-cli-skeleton", "--no-verify-ssl"),
        *("--no-paginate", "--max-items", "--page-size", "--starting-token"),
    )
)
_COPIES: Final = frozenset(
    (
        *("--recursive", "--exclude", "--include", "--dryrun", "--delete", "--quiet", "--only-show-errors", "--sse"),
        *("--content-type", "--metadata"),
    )
)
_AWS_OWN: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    # The command line's own commands, which no service model describes (AWS CLI 2 reference).
    ("s3", "cp"): _COPIES,
    ("s3", "mv"): _COPIES,
    ("s3", "sync"): _COPIES,
    ("s3", "rm"): _COPIES,
    ("s3", "ls"): frozenset({"--recursive", "--human-readable", "--summarize"}),
    ("s3", "rb"): frozenset({"--force"}),
    ("s3", "presign"): frozenset({"--expires-in"}),
    ("logs", "tail"): frozenset({"--since", "--follow", "--format", "--filter-pattern", "--log-stream-names"}),
    ("configure", "list"): frozenset(),
    ("configure", "sso"): frozenset(),
    ("sso", "login"): frozenset(),
    ("ecr", "get-login-password"): frozenset(),
}


def wrong(command: Command) -> str:
    """What is wrong with a command, "" where nothing is; a program that nothing is known of is wrong."""
    check = _CHECKS.get(command.program)
    return check(command) if check else f"nothing here knows {command.program}; see tests/docs/shapes.py"


def _options(words: tuple[str, ...]) -> list[str]:
    return [word.partition("=")[0] for word in words if word.startswith("--") and word != "--"]


def _tracelode(command: Command) -> str:
    if not command.inline:
        complaint = io.StringIO()
        with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(io.StringIO()):
            try:
                cli.parser().parse_args(command.words[1:])
            except SystemExit as end:
                return complaint.getvalue() if end.code else ""
        return ""
    # Running text names a command without all that it needs.
    parser: argparse.ArgumentParser = cli.parser()
    known = set(parser._option_string_actions)
    for word in command.words[1:]:
        chosen = _subparsers(parser)
        if word in chosen:
            parser = chosen[word]
            known |= set(parser._option_string_actions)
        elif chosen and not word.startswith("-") and not word.isupper():
            return f"no command {word}"
    return "; ".join(f"no option {option}" for option in _options(command.words) if option not in known)


def _subparsers(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def _make(command: Command) -> str:
    targets = [word for word in command.words[1:] if "=" not in word and not word.startswith("-")]
    described = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True)
    known = set(re.findall(r"^  make (\S+)", described.stdout, re.MULTILINE))
    return "; ".join(f"`make help` has no {target}" for target in targets if target not in known)


def _aws(command: Command) -> str:
    words = [word for word in command.words[1:] if not word.startswith("-")]
    if len(words) < 2:
        return "" if command.inline or command.words[1:] == ("--version",) else "no service and operation"
    service, operation = words[:2]
    given = set(_options(command.words)) - _AWS_EVERYWHERE
    if (service, operation) in _AWS_OWN:
        return _unknown(given, _AWS_OWN[service, operation])
    if operation == "wait":
        return _waiter(service, words[2])
    try:
        model = botocore.session.get_session().get_service_model("s3" if service == "s3api" else service)
    except botocore.exceptions.UnknownServiceError:
        return f"no service {service}"
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        return f"{service} has no {operation}"
    shape = model.operation_model(operations[operation]).input_shape
    members = {xform_name(name, "-"): name for name in shape.members} if shape else {}
    known = {f"--{name}" for name in members} | {f"--no-{name}" for name in members}
    required = {f"--{xform_name(name, '-')}" for name in shape.required_members} if shape else set()
    missing = set() if command.inline or "--cli-input-json" in command.words else required - given
    return "; ".join(filter(None, [_unknown(given, known), *(f"{option} is missing" for option in sorted(missing))]))


def _waiter(service: str, name: str) -> str:
    client: Any = botocore.session.get_session().create_client(service, region_name="us-east-1")
    return "" if name.replace("-", "_") in client.waiter_names else f"{service} cannot wait for {name}"


def _unknown(given: set[str], known: frozenset[str] | set[str]) -> str:
    return "; ".join(f"no option {option}" for option in sorted(given - known))


def _sam(command: Command) -> str:
    if not SAM.exists():
        return ""
    words = [word for word in command.words[1:] if not word.startswith("-")]
    depth = 2 if words[:1] in (["local"], ["pipeline"], ["remote"]) else 1
    return _by_help((str(SAM), *words[:depth]), command)


def _python(command: Command) -> str:
    words = command.words[1:]
    if words[:1] == ("-m",):
        if words[1] == "venv":
            return ""
        if words[1] == "pytest":
            paths = [word.partition("::")[0] for word in words[2:] if "/" in word]
            return "; ".join(f"no {path}" for path in paths if not (ROOT / path).exists())
        return _by_help((sys.executable, *words[:2]), command)
    script = ROOT / words[0]
    if not script.is_file():
        return f"no {words[0]}"
    if "argparse" not in script.read_text("utf-8"):
        return "; ".join(f"{words[0]} takes no {option}" for option in words[1:])
    return _by_help((sys.executable, words[0]), command)


def _by_help(program: tuple[str, ...], command: Command) -> str:
    text = _help(program)
    if not text:
        return f"{' '.join(program)} --help fails"
    known = set(re.findall(r"--[\w-]+", text))
    return _unknown(set(_options(command.words)), known)


@cache
def _help(program: tuple[str, ...]) -> str:
    told = subprocess.run([*program, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    return told.stdout if told.returncode == 0 else ""


def _file(command: Command) -> str:
    return "; ".join(f"no {word}" for word in command.words[1:] if not (ROOT / word).exists())


def _nothing(command: Command) -> str:
    return ""


_CHECKS: Final[Mapping[str, Callable[[Command], str]]] = {
    "tracelode": _tracelode,
    "make": _make,
    "aws": _aws,
    "sam": _sam,
    "python": _python,
    "python3": _python,
    # Nothing of these is ours, and what they are given depends on the reader's machine.
    **dict.fromkeys(
        ("pip", "pipx", "uvx", "git", "cd", "export", "open", "xdg-open", "jq", "less", "cat", "echo", "source"),
        _nothing,
    ),
}
PROGRAMS: Final = frozenset({"tracelode", "aws", "sam"})
"""Whose commands are looked at in running text as well."""
