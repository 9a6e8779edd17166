"""`tracelode completion`: what a shell needs to complete the command line."""

import argparse

import shtab
from rich.console import Console


def run(options: argparse.Namespace, out: Console, err: Console) -> int:  # noqa: ARG001  all commands get both
    """Print the completions of the whole command line, which the options carry; returns the exit status."""
    out.file.write(shtab.complete(options.whole, shell=options.shell))
    return 0
