"""What a task is: one thing for a person to do, whom or what it is about, and the next step."""

from dataclasses import dataclass
from urllib.parse import quote

from tracelode.picture.interpretation import SupplierView
from tracelode.submission import SubmissionSummary


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a task is about: its name, untrusted, a note of ours, and the address of a page about it, or ""."""

    name: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; `address` is where more about it stands, on the page or beside it, and `more` what that is."""

    title: str
    subjects: tuple[Subject, ...]
    next_step: str
    address: str = ""
    more: str = ""


def feedback_address(submission: SubmissionSummary) -> str:
    """The address of a submission's feedback, relative to a file of `latest/`."""
    folder = f"{quote(submission.supplier_id, safe='')}/{quote(submission.submission_id, safe='')}"
    return f"../feedback/{folder}/feedback.html"


def about(view: SupplierView, note: str = "") -> Subject:
    """A supplier as a subject, by its name, with the feedback on what it sent last."""
    return Subject(view.name or view.supplier_id, note, feedback_address(view.sent[-1]) if view.sent else "")
