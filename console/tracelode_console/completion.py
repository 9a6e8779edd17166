"""`tracelode completion`: what a shell needs to complete the command line."""

import argparse
from collections.abc import Callable
from typing import Final

import shtab
from rich.console import Console

SHELLS: Final = ("bash", "zsh", "fish")
_HELP: Final = """\
bash:  tracelode completion bash > ~/.local/share/bash-completion/completions/tracelode
zsh:   tracelode completion zsh > ~/.zsh/completions/_tracelode      (a folder of your $fpath)
fish:  tracelode completion fish > ~/.config/fish/completions/tracelode.fish
"""


def add_completion(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to a command line."""
    text = "print what a shell needs to complete this command line"
    command = commands.add_parser(
        "completion",
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("shell", choices=SHELLS)


def completion(parser: Callable[[], argparse.ArgumentParser]) -> Callable[[argparse.Namespace, Console, Console], int]:
    """The command, for the command line that `parser` makes."""

    def run(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
        out.file.write(shtab.complete(parser(), shell=options.shell))
        return 0

    return run
