"""The command line: a case on this machine, files by themselves, and the everyday commands to a system that is up.

Nothing is imported here but what says how commands are called: what carries one out is imported when it is run.
"""

import argparse
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, TextIO

from tracelode import __version__
from tracelode_console.arguments.command import Command, Run
from tracelode_console.arguments.completion import COMPLETION
from tracelode_console.arguments.everyday import EVERYDAY
from tracelode_console.arguments.files import FILES
from tracelode_console.arguments.local import LOCAL
from tracelode_console.local_extra import what_to_install

if TYPE_CHECKING:
    from rich.console import Console

COMMANDS: Final[Mapping[str, Command]] = {command.name: command for command in (*LOCAL, *FILES, *EVERYDAY, COMPLETION)}
"""Every command by its name, in the order in which help has them."""
REFUSED: Final = 2
INTERRUPTED: Final = 130
_PLAIN_WIDTH: Final = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = parser().parse_args(arguments)
    command = COMMANDS[options.command]
    if command.needs_local and (install := what_to_install()):
        print(f"tracelode {command.name}: {install}", file=sys.stderr)
        return REFUSED
    # A termination request ends the program the way Ctrl-C does, so that no process is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out, err = _console(sys.stdout), _console(sys.stderr)
    try:
        run: Run = import_module(command.module).run
        return run(options, out, err)
    except KeyboardInterrupt:
        out.print("stopped")
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The whole command line: docs/COMMANDS.md and the completions of shells are made of it."""
    whole = argparse.ArgumentParser(
        prog="tracelode",
        description="Suppliers' CMRT workbooks become an up-to-date conflict minerals report.",
    )
    whole.add_argument("--version", action="version", version=f"tracelode {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS.values():
        command.add_to(commands).set_defaults(whole=whole)
    return whole


def _console(stream: TextIO) -> "Console":
    """A console that prints what it is given: in a pipe or a file plainly, and a line as a line whatever its length."""
    from rich.console import Console

    terminal = stream.isatty()
    return Console(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        width=None if terminal else _PLAIN_WIDTH,
    )


if __name__ == "__main__":
    sys.exit(main())
