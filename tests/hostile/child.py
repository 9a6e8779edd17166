"""Reads, reviews and marks files up, each in a process: a path in a line, out in a line how it ended, as JSON."""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path

from tests.factories.reviewing import review_reading
from tracelode.declarations.read import read_declaration
from tracelode.feedback.markup.mark_up import mark_up

MEGABYTES = 512
SECONDS = 10
"""Of the processor, so that a busy machine changes nothing."""


def main() -> None:
    """Answer until there is no more to read. Each file gets a process that may take no more than it must."""
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            measured(Path(line.strip()), writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        _, status = os.waitpid(child, 0)
        print(text or json.dumps({"ended": f"killed by signal {os.WTERMSIG(status)}"}), flush=True)  # noqa: T201


def measured(path: Path, writing: int) -> None:
    """How a file ends within the limits; whatever else happens is told as it is."""
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS + 1))
    data = path.read_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1024 * 1024,) * 2)
    started = processor_seconds()
    rules: list[str] = []
    try:
        read = read_declaration(data, path.name)
        rules = [finding.rule for finding in read.findings]
        if read.declaration is not None:
            findings = review_reading(read, year=2025)
            mark_up(data, findings, renamed=read.renamed)
        ended = "read" if read.declaration is not None else rules[0]
    except BaseException as error:  # noqa: BLE001  the test wants to know
        ended = f"{type(error).__name__}: {error}"
    seconds = processor_seconds() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with contextlib.suppress(OSError):
        os.write(writing, json.dumps({"ended": ended, "rules": rules, "seconds": seconds, "mb": megabytes}).encode())


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
