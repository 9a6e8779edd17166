"""A command of the command line: its name, what help says of it, what it takes, and where it is carried out."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = "Callable[[argparse.Namespace, Console, Console], int]"
"""Carries a command out, printing to two consoles, and returns the exit status."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command. `module` has a function `run` of the type Run and is imported when the command is run: help, mistakes
    in a command line and the completions of shells need the words alone.

    `needs_local` says that the command runs the system on this machine, for which the plain install lacks libraries.
    """

    name: str
    summary: str
    epilog: str
    module: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    more: str = ""
    needs_local: bool = False

    def add_to(self, commands: Commands) -> argparse.ArgumentParser:
        """Add the command to a command line."""
        parser = commands.add_parser(
            self.name,
            help=self.summary,
            description=f"{self.summary[0].upper()}{self.summary[1:]}.{self.more}",
            epilog=self.epilog,
            formatter_class=_Help,
        )
        self.add_arguments(parser)
        return parser


class _Help(argparse.HelpFormatter):
    """Fills a paragraph to the width of the terminal, and leaves a text of several lines as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text.strip():
            return "".join(indent + line for line in text.splitlines(keepends=True))
        return super()._fill_text(text, width, indent)
