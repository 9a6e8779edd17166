"""What `tracelode completion` takes."""

import argparse
from typing import Final

from tracelode_console.arguments.command import Command

SHELLS: Final = ("bash", "zsh", "fish")


def _completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=SHELLS)


COMPLETION: Final = Command(
    name="completion",
    summary="print what a shell needs to complete this command line",
    epilog="""\
bash:  tracelode completion bash > ~/.local/share/bash-completion/completions/tracelode
zsh:   tracelode completion zsh > ~/.zsh/completions/_tracelode      (a folder of your $fpath)
fish:  tracelode completion fish > ~/.config/fish/completions/tracelode.fish
""",
    module="tracelode_console.commands.completion",
    add_arguments=_completion,
)
