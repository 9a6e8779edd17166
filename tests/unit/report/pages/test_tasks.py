"""What needs a person: nothing open is left out, each task says who and what next, and nothing is made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.situations import busy, crowded, empty
from tests.unit.report.factories import (
    Answers,
    answered,
    facility,
    interpretation,
    risk_view,
    submission,
    supplier,
    the_filing,
)
from tracelode.minerals import Mineral
from tracelode.own_text.own_sections import parse_own_section
from tracelode.picture.facilities import DeclaredOrigins
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.pages import tasks as report_tasks
from tracelode.report.pages.tasks import Task
from tracelode.smelters.status import Status
from tracelode.sources.program import Narrative, Signatory
from tracelode.sources.stated_facts import Actions
from tracelode.submission import State

SITUATIONS = {"risk": risk_view, "empty": empty, "busy": busy, "crowded": crowded, "filing": the_filing}


def tasks(situation: Interpretation, *more: Sequence) -> tuple[Task, ...]:
    return report_tasks.tasks(situation, count_figures(situation), *more)


def by_title(situation: Interpretation, beginning: str) -> Task:
    (task,) = [task for task in tasks(situation) if task.title.startswith(beginning)]
    return task


def test_a_year_in_which_all_is_well_has_no_task() -> None:
    # GIVEN the filing, of which two facilities in covered countries are on neither list
    (watch,) = tasks(the_filing())

    # THEN these alone are left to look into
    assert watch.title == "Look into two facilities in covered countries, not compliant"


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
    about_suppliers = [task for task in tasks(interpretation(views)) if task.address == "#suppliers"]
    chased = [subject.name for task in about_suppliers for subject in task.subjects]

    # THEN each that has not been accepted without a remark is in one of them, and no other
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

    assert not [task for task in tasks(situation) if task.address == "#suppliers"]


def test_tasks_count_what_the_figures_count() -> None:
    situation = busy()
    numbers = count_figures(situation)

    assert len(by_title(situation, "Decide about 130").subjects) == numbers.smelters.unidentified_names
    assert len(by_title(situation, "Watch").subjects) == numbers.smelters.lapsing_before_filing
    assert len(by_title(situation, "Settle").subjects) == numbers.smelters.with_doubts
    assert len(by_title(situation, "Note").subjects) == numbers.smelters.status_changed
    assert len(by_title(situation, "Chase six corrections").subjects) == numbers.suppliers.needs_correction


def test_what_the_roll_up_lacks_is_a_task() -> None:
    (task,) = [each for each in tasks(the_filing(), ["No answer to question 3."]) if "roll-up" in each.title]

    assert [subject.name for subject in task.subjects] == ["No answer to question 3."]


def test_suppliers_whose_declarations_contradict_what_they_say_are_named() -> None:
    # GIVEN one that says No to covered countries and one that attests, who name what does not go with it
    views = [
        answered("s1", answers=Answers(covered="No")),
        answered("s2", attests=True),
        answered("s3", answers=Answers(covered="No"), attests=True),
    ]
    named = [
        facility(Mineral.TIN, 1, Status.INDETERMINABLE, "RWANDA", suppliers=("s1", "s2")),
        replace(
            facility(Mineral.TIN, 2, Status.CONFORMANT, "PERU", suppliers=("s1", "s3")),
            origins=DeclaredOrigins({"CD": ("s1",), "PE": ("s3",)}),
        ),
    ]
    # WHEN
    situation = interpretation(views, named)
    task = by_title(situation, "Clear up with two suppliers")
    # THEN
    assert {subject.name: subject.note for subject in task.subjects} == {
        "Supplier s1": "says No to covered countries, and names one facility in one; says No to covered countries, and "
        "states one as a mineral's origin",
        "Supplier s2": "attests compliant facilities alone in covered countries, and names one facility there not "
        "compliant",
    }
    numbers = count_figures(situation).suppliers
    assert numbers.not_sourcing_but_naming_there == 1
    assert numbers.not_sourcing_but_stating_origin_there == 1
    assert numbers.attesting_but_naming_not_conformant == 1
    assert numbers.attesting_but_naming_not_conformant_there == 1


def test_counsel_has_to_choose_where_every_declaration_rules_covered_countries_out() -> None:
    ruled_out = interpretation([answered("s1", answers=Answers(covered="No"))])
    left_open = interpretation([answered("s1", answers=Answers(covered="No")), answered("s2")])
    some_silent = interpretation([answered("s1", answers=Answers(covered="No")), supplier("s2")])

    assert "edition.without_report = true" in by_title(ruled_out, "Have counsel choose").next_step
    for situation in (left_open, some_silent):
        assert not [task for task in tasks(situation) if task.title.startswith("Have counsel")]
    # AND it is chosen where the team has a text of its own
    own = parse_own_section("item-1-01", "section-item-1-01.txt", b"We determined so.")
    chosen = replace(ruled_out, facts=replace(ruled_out.facts, sections=(own,)))
    assert not [task for task in tasks(chosen) if task.title.startswith("Have counsel")]


@pytest.mark.parametrize(
    ("signed", "before"),
    [
        (date(2016, 5, 26), ["the end of the year", "the newest response", "the date of the status list"]),
        (date(2017, 3, 1), ["the newest response", "the date of the status list"]),
        (date(2017, 3, 15), ["the date of the status list"]),
        (date(2017, 3, 31), []),
        (None, []),
    ],
)
def test_a_date_of_signature_that_was_copied_from_last_year_is_a_slip(signed: date | None, before: list[str]) -> None:
    situation = the_filing(signatory=Signatory("Jane Doe", "Counsel", signed, "/s/ Jane Doe"))

    found = [s.name for t in tasks(situation) if t.title.startswith("Correct the date") for s in t.subjects]

    assert len(found) == len(before)
    assert all(name.startswith(beginning) for name, beginning in zip(found, before, strict=True))


def test_what_the_profile_does_not_say_of_what_was_done_is_asked_for() -> None:
    untold = the_filing(actions=Actions())
    assert [s.note for s in by_title(untold, "Say in the profile").subjects] == [
        "actions.indeterminable_followed_up",
        "actions.product_level_encouraged",
        "actions.commitment_communicated",
        "actions.assessment_encouraged",
        "actions.risk_management_plan",
    ]
    told = the_filing(actions=Actions(0, False, False, False, False, False, "in development"))
    assert not [t for t in tasks(told) if t.title.startswith("Say in")]


def test_a_missing_signature_and_description_of_products_are_blanks_to_complete() -> None:
    situation = the_filing(narrative=Narrative(), signatory=Signatory("Jane Doe", "Counsel", date(2017, 5, 26)))

    assert [s.note for s in by_title(situation, "Complete the profile").subjects] == [
        "narrative.covered_products",
        "signatory.signature",
    ]
