"""What needs a person: nothing open is left out, each task says who and what next, and nothing is made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.situations import busy, crowded, empty
from tests.unit.report.factories import answered, interpretation, risk_view, submission, supplier, the_filing
from tracelode.report.figures import figures
from tracelode.report.interpretation import Interpretation
from tracelode.report.tasks import Task, tasks
from tracelode.submission import State

SITUATIONS = {"risk": risk_view, "empty": empty, "busy": busy, "crowded": crowded, "filing": the_filing}


def by_title(situation: Interpretation, beginning: str) -> Task:
    (task,) = [task for task in tasks(situation) if task.title.startswith(beginning)]
    return task


def test_a_year_in_which_all_is_well_has_no_task() -> None:
    assert tasks(the_filing()) == ()


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_task_says_what_whom_and_the_next_step(name: str) -> None:
    for task in tasks(SITUATIONS[name]()):
        assert task.title
        assert task.subjects
        assert all(subject.name for subject in task.subjects)
        assert task.next_step.endswith(".")
        assert bool(task.address) == bool(task.more)


@given(states=st.lists(st.sampled_from([*State]), max_size=8))
def test_every_supplier_that_is_not_done_with_is_chased_once(states: list[State]) -> None:
    # GIVEN suppliers in any states
    views = []
    for number, state in enumerate(states):
        sent = submission(f"s{number}", state=state)
        if state is State.AWAITING:
            views.append(supplier(f"s{number}"))
        elif state is State.REJECTED:
            views.append(supplier(f"s{number}", rejected=sent))
        else:
            views.append(supplier(f"s{number}", sent))

    # WHEN the tasks are written
    chased = [subject.name for task in tasks(interpretation(views)) for subject in task.subjects]

    # THEN each that has not been accepted is in one of them, and no other
    assert sorted(chased) == sorted(view.name for view in views if view.state is not State.ACCEPTED)


def test_whom_to_chase_leads_to_what_the_supplier_was_told() -> None:
    wrong = supplier("s1", submission("s1", 1), submission("s1", 2, state=State.NEEDS_CORRECTION))
    rejected = supplier("s2", rejected=submission("s2", state=State.REJECTED))
    situation = interpretation([wrong, rejected, supplier("s3")])

    assert [s.address for s in by_title(situation, "Chase one correction").subjects] == [
        "../feedback/s1/s-s1-2/feedback.html"
    ]
    assert [s.address for s in by_title(situation, "Ask one supplier").subjects] == [
        "../feedback/s2/s-s2-1/feedback.html"
    ]
    assert [s.address for s in by_title(situation, "Chase one supplier").subjects] == [""]


def test_suppliers_out_of_scope_are_not_chased() -> None:
    situation = interpretation([replace(supplier("s1"), in_scope=False), answered("s2")])

    assert tasks(situation) == ()


def test_tasks_count_what_the_figures_count() -> None:
    situation = busy()
    numbers = figures(situation)

    assert len(by_title(situation, "Decide about 130").subjects) == numbers["smelters"]["unidentified_names"]
    assert len(by_title(situation, "Watch").subjects) == numbers["smelters"]["lapsing_before_filing"]
    assert len(by_title(situation, "Settle").subjects) == numbers["smelters"]["with_doubts"]
    assert len(by_title(situation, "Note").subjects) == numbers["smelters"]["status_changed"]
    assert len(by_title(situation, "Chase six corrections").subjects) == numbers["suppliers"]["needs_correction"]


def test_what_the_roll_up_lacks_is_a_task() -> None:
    (task,) = tasks(the_filing(), ["No answer to question 3."])

    assert task.title == "Complete the roll-up CMRT"
    assert [subject.name for subject in task.subjects] == ["No answer to question 3."]
