"""`tracelode redrive`: what was given up on is taken up again, once its cause is mended."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Final

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode_console.commands.everyday.which_system import DONE, OPEN, installation_of, refusals_told
from tracelode_console.desk.choices import DEAD_LETTER_QUEUES, DeadLetterQueue
from tracelode_console.desk.dead_letters import (
    Letter,
    SweepFailedError,
    letters,
    send_back,
    sweep_and_clear,
)
from tracelode_console.desk.installation import Installation
from tracelode_console.json_output import print_json

SHOWN_AT_MOST: Final = 200
"""Letters of a queue that are shown before it is asked whether to send them back."""


@refusals_told
def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Show the dead letters and send them back; returns the exit status."""
    installation = installation_of(options)
    queues = [queue for queue in DEAD_LETTER_QUEUES if not options.only or queue.name in options.only]
    found = letters(installation, queues, at_most=SHOWN_AT_MOST)
    if not options.json:
        _print(out, found)
    redriven: dict[str, int] = {}
    failed = ""
    if found and not options.dry_run and (options.yes or _agreed(options, out, err)):
        redriven, failed = _redrive(installation, queues, found, out, quiet=options.json)
    if options.json:
        answer = {"letters": [asdict(letter) for letter in found], "redriven": redriven, "error": failed}
        print_json(out, answer)
    elif redriven:
        out.print(", ".join(f"{count} of {name}" for name, count in redriven.items()) + " taken up again")
    if failed:
        err.print(Text(printable(f"the sweep failed, its letters stay: {failed}"), style="bold red"))
    return DONE if not failed and (redriven or not found) else OPEN


def _print(out: Console, found: Sequence[Letter]) -> None:
    if not found:
        out.print("nothing was given up on")
    for letter in found:
        out.print(Text(printable(f"{letter.queue:<10} {letter.sent or '-':<20}  {letter.subject}")))


def _agreed(options: argparse.Namespace, out: Console, err: Console) -> bool:
    if options.json or not sys.stdin.isatty():
        err.print("nothing is sent back without --yes where nobody can be asked")
        return False
    out.print("Is the cause mended, and should these be taken up again? [y/N] ", end="")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _redrive(
    installation: Installation, queues: Sequence[DeadLetterQueue], found: Sequence[Letter], out: Console, *, quiet: bool
) -> tuple[dict[str, int], str]:
    """How many letters of each queue were taken up again, and why the sweep failed, "" if it did not."""
    with_letters = [queue for queue in queues if any(letter.queue == queue.name for letter in found)]
    redriven: dict[str, int] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as progress:
        task = progress.add_task("", total=None)
        for queue in with_letters:
            if queue.source:
                observe = _telling(progress, task, queue)
                redriven[queue.name] = send_back(installation, queue, observe=observe)
        streams = [queue for queue in with_letters if not queue.source]
        if streams:
            progress.update(task, description="sweeping")
            try:
                redriven[" and ".join(queue.name for queue in streams)] = sweep_and_clear(installation, streams)
            except SweepFailedError as error:
                return redriven, str(error)
    return redriven, ""


def _telling(progress: Progress, task: TaskID, queue: DeadLetterQueue) -> Callable[[int], None]:
    return lambda moved: progress.update(task, description=f"{queue.name}: {moved} sent back")
