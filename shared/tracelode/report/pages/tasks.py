"""What needs a person now: what it is, whom it is about, and the next step, in the order of what to do first."""

from collections.abc import Sequence

from tracelode.own_text.own_sections import LeftOut
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.pages.facility_tasks import facility_tasks
from tracelode.report.pages.filing_tasks import left_out_task, tasks_before_all_else, tasks_of_the_filing
from tracelode.report.pages.list_tasks import list_tasks
from tracelode.report.pages.supplier_tasks import supplier_tasks
from tracelode.report.pages.task import Task


def tasks(
    interpretation: Interpretation,
    figures: Figures,
    rollup_problems: Sequence[str] = (),
    left_out: Sequence[LeftOut] = (),
) -> tuple[Task, ...]:
    """Everything that is open, each task with all its subjects; none where nothing is left to do.

    `figures` are the interpretation's.
    """
    return tuple(
        task
        for task in (
            *tasks_before_all_else(interpretation, figures),
            left_out_task(left_out),
            *supplier_tasks(interpretation),
            *facility_tasks(interpretation),
            *list_tasks(interpretation),
            *tasks_of_the_filing(interpretation, figures, rollup_problems),
        )
        if task.subjects
    )
