"""A short run of the state machine (machine.py), always the same one."""

from tests.fault.lab import Lab
from tests.fault.machine import Anything, run


def test_whatever_happens_in_whatever_order_ends_in_the_full_fold_and_a_fresh_runs_report(lab: Lab) -> None:
    Anything.empty = lab.remember()
    Anything.counted.clear()
    run(lab, seed=4, runs=3, steps=25, shrink=False)
    assert Anything.counted["rests"] >= 3
    assert Anything.counted["faults"] >= 3
