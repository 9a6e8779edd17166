"""Two or more at once: one worker stopped at each of its calls while another runs to its end, or all on threads."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.fault.lab import Lab

Work = Callable[[], object]


EVERYTHING = "TRACELODE_FAULTS"
"""The variable that asks, with the value `full`, for every interleaving instead of a sample."""


def interleavings(
    lab: Lab, first: Work, others: Work, *, every: int = 1, start: int = 0, at_most: int = 500
) -> Iterator[int]:
    """Run `first` again and again from one moment, each time with `others` from beginning to end before another of its
    calls; yields the number of that call when all is done. A sample takes only each so many calls.

    Raises AssertionError when `first` has more calls than `at_most`.
    """
    moment = lab.remember()
    for number in range(start, at_most, 1 if os.environ.get(EVERYTHING) == "full" else every):
        lab.restore(moment)
        lab.forget_what_a_process_remembers()
        lab.wire.restart()
        came: list[bool] = []

        def interrupt(came: list[bool] = came) -> None:
            came.append(True)
            others()

        lab.wire.interrupt(number, interrupt)
        first()
        if not came:
            return
        lab.wire.restart()
        yield number
    raise AssertionError(f"more than {at_most} calls")


def at_once(*works: Work) -> None:
    """Run all on threads of their own, and wait. Raises the first error of any."""
    with ThreadPoolExecutor(max_workers=len(works)) as executor:
        for done in [executor.submit(work) for work in works]:
            done.result()
