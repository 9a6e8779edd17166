"""Every AWS call goes wrong once: `python -m tests.fault.sweep` runs them all, a test a sample.

The tidy run of the scenario is remembered at each step. For a fault at a call, the run starts at that call's step, goes
wrong there, is delivered again until nothing waits, and goes on to the end of the scenario. Where, at the end of a
step, the whole system is what it was in the tidy run to the last byte of table, buckets and what waits, the rest is
known.
"""

import argparse
import itertools
import random
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.fault.injection import Call, Fault, Kind
from tests.fault.lab import Lab, State, new_lab
from tests.fault.readers import Readers
from tests.fault.scenario import Step, steps

SDK_HIDES = (Kind.THROTTLED, Kind.UNREACHABLE, Kind.ANSWER_LOST)
"""What the SDK tries again by itself; a lasting one is what the function gets to see."""


@dataclass(frozen=True)
class Tidy:
    """The run in which nothing goes wrong: its calls, the system before and after each step, and its report."""

    steps: tuple[Step, ...]
    first_calls: tuple[int, ...]
    before: tuple[State, ...]
    after: tuple[object, ...]
    calls: tuple[Call, ...]
    latest: dict[str, bytes]

    def step_of(self, number: int) -> int:
        """The step in which a call is made."""
        return bisect_right(self.first_calls, number) - 1

    def points(self, kinds: Iterable[Kind] = tuple(Kind)) -> list[Fault]:
        """Every fault that any call can have."""
        return [
            fault
            for kind, call in itertools.product(kinds, self.calls)
            for lasting in ((False, True) if kind in SDK_HIDES else (False,))
            if (fault := Fault(call.number, kind, lasting)).applies(call)
        ]


@dataclass(frozen=True)
class Outcome:
    """What came of a run with a fault: whether it went wrong at all, and where it was again as if it had not."""

    fault: Fault
    struck: bool
    converged: int


class DifferentError(AssertionError):
    """A run that ended in another report than the tidy one."""


def tidy_run(lab: Lab) -> Tidy:
    """Run the scenario with nothing going wrong."""
    made = steps()
    first_calls, before, after = [], [], []
    lab.wire.restart()
    for number, step in enumerate(made):
        first_calls.append(len(lab.wire.calls))
        before.append(lab.remember())
        lab.seed(number)
        step(lab)
        lab.drain()
        after.append(lab.fingerprint())
    return Tidy(made, tuple(first_calls), tuple(before), tuple(after), tuple(lab.wire.calls), lab.latest())


def run_with(lab: Lab, tidy: Tidy, fault: Fault) -> Outcome:
    """Run the scenario with a fault. Raises DifferentError when its end, or what readers saw, is not right."""
    start = tidy.step_of(fault.at)
    lab.restore(tidy.before[start])
    lab.wire.restart()
    lab.wire.plan(Fault(fault.at - tidy.first_calls[start], fault.kind, fault.lasting))
    converged = len(tidy.steps)
    with Readers(lab) as readers:
        for number in range(start, len(tidy.steps)):
            lab.seed(number)
            tidy.steps[number](lab)
            lab.drain()
            if lab.fingerprint() == tidy.after[number]:
                converged = number
                break
    latest = lab.latest()
    wrong = sorted(name for name in {*latest, *tidy.latest} if latest.get(name) != tidy.latest.get(name))
    if (converged == len(tidy.steps) and wrong) or readers.wrong:
        raise DifferentError(f"{fault} at {tidy.calls[fault.at]}: {', '.join([*wrong, *readers.wrong])}")
    return Outcome(fault, bool(lab.wire.struck), converged - start)


def sample(points: Sequence[Fault], size: int, seed: int) -> list[Fault]:
    """Some of the points, as many of each kind as of any other as far as there are."""
    dice = random.Random(seed)
    by_kind = {kind: [point for point in points if point.kind is kind] for kind in Kind}
    each = max(1, size // len(by_kind))
    return [point for found in by_kind.values() for point in dice.sample(found, min(each, len(found)))]


def say(line: str) -> None:
    """A line of the command's answer."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """The command: says how many points of each kind there were; 1 if any run ended otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.fault.sweep", description=__doc__)
    parser.add_argument("--kinds", nargs="*", default=[kind.name for kind in Kind], choices=[k.name for k in Kind])
    parser.add_argument("--sample", type=int, default=0, help="so many points instead of all")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    started = time.monotonic()
    counted: Counter[str] = Counter()
    different = 0
    with new_lab() as lab:
        tidy = tidy_run(lab)
        points = tidy.points([Kind[name] for name in given.kinds])
        if given.sample:
            points = sample(points, given.sample, given.seed)
        say(f"{len(tidy.calls)} calls, {len(points)} fault points")
        for done, point in enumerate(points, start=1):
            try:
                outcome = run_with(lab, tidy, point)
            except AssertionError as error:
                different += 1
                say(f"DIFFERENT {error}")
                continue
            counted[point.kind + (" (lasting)" if point.lasting else "")] += outcome.struck
            if done % 100 == 0:
                say(f"{done} points, {time.monotonic() - started:.0f} s")
    for kind, number in sorted(counted.items()):
        say(f"{kind}: {number}")
    say(f"{counted.total()} faults, {different} different, {time.monotonic() - started:.0f} s")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
