"""What the compliance team is told when there is a new report: one message, whatever number of files it answers."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracelode.picture.headline import FiguresDocument, tell_headline
from tracelode.printing.wording import grouped, pluralized
from tracelode.submission import State

SUBJECT_CHARACTERS = 99
"""SNS takes subjects of fewer than 100 characters, in ASCII, without line breaks and control characters."""
SUPPLIERS_NAMED_AT_MOST = 25
"""Suppliers of one state that a notice names; the report names all."""

_WIDTH = 78
_STATES = {
    State.REJECTED: "could not be read",
    State.NEEDS_CORRECTION: "needs correction",
    State.ACCEPTED_WITH_REMARKS: "accepted with remarks",
    State.ACCEPTED: "accepted",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to people: the subject line, and the text, wrapped and ending in a line break."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """What a notice needs of a published run: its name, the content of its `figures.json`, the inputs of its manifest.

    `run` begins with the run's number: `000012-...`.
    """

    run: str
    figures: FiguresDocument
    inputs: tuple[Mapping[str, str], ...]

    @property
    def number(self) -> int:
        """The run's number."""
        return int(self.run.partition("-")[0])


@dataclass(frozen=True, slots=True)
class News:
    """The inputs of a report that were not in the one before: submissions, and how many reference files."""

    submissions: tuple[Mapping[str, str], ...]
    references: int
    newest_received: str = ""

    def suppliers(self, state: State) -> tuple[str, ...]:
        """Ids of the suppliers that sent a file which came to this state, sorted."""
        return tuple(sorted({item["supplier_id"] for item in self.submissions if item["state"] == state.value}))


def news(before: PublishedRun | None, now: PublishedRun) -> News:
    """What has come in since the edition before; all of it when there was none. Nothing is new in a withdrawal."""
    known = {_identity(item) for item in before.inputs} if before else set()
    new = [item for item in now.inputs if _identity(item) not in known]
    return News(
        submissions=tuple(item for item in new if item["kind"] == "submission"),
        references=sum(item["kind"] == "reference" for item in new),
        newest_received=max((item["received"] for item in new), default=""),
    )


def notice_of_report(year: int, before: PublishedRun | None, now: PublishedRun, *, bucket: str) -> Notice:
    """The notice of a report: what changed since the one that was told of last, who has to correct something.

    Suppliers are named by their id alone. Nothing in it is from a workbook, and there is no personal data.
    """
    new = news(before, now)
    to_correct = {*new.suppliers(State.REJECTED), *new.suppliers(State.NEEDS_CORRECTION)}
    subject = f"{year} report {now.number}"
    if to_correct:
        subject += f", {_counted(len(to_correct), 'supplier')} to write to"
    paragraphs = [
        _opening(year, before, now),
        _changes(before, now),
        _arrivals(before, new),
        _advice(year, bucket) if to_correct else "",
        f"The report, run {now.run}:\n  aws s3 sync s3://{bucket}/{year}/latest/ latest/",
    ]
    return Notice(subject_line(subject), "\n\n".join(part for part in paragraphs if part) + "\n")


def subject_line(text: str) -> str:
    """The text as SNS and every mail program take it for a subject: printable ASCII on one line, of bounded length."""
    line = " ".join("".join(char if " " <= char <= "~" else " " for char in text).split())
    return line if len(line) <= SUBJECT_CHARACTERS else line[: SUBJECT_CHARACTERS - 3].rstrip() + "..."


def _identity(item: Mapping[str, str]) -> tuple[str, str, str]:
    return (item["key"], item["sha256"], item["received"])


def _opening(year: int, before: PublishedRun | None, now: PublishedRun) -> str:
    if before is None:
        return _wrapped(f"There is a conflict minerals report for {year} now: report {now.number}.")
    return _wrapped(f"The conflict minerals report for {year} was made again: report {now.number}.")


def _changes(before: PublishedRun | None, now: PublishedRun) -> str:
    after = tell_headline(now.figures)
    if before is None:
        return _list("What it says", (f"{label}: {text}" for label, text in after.items()))
    earlier = tell_headline(before.figures)
    changed = [
        f"{label}: {text} (before: {earlier[label]})"
        for label, text in after.items()
        if earlier.get(label, text) != text
    ]
    if not changed:
        return _wrapped(f"Its headline figures are those of report {before.number}.")
    return _list(f"What changed since report {before.number}", changed)


def _arrivals(before: PublishedRun | None, new: News) -> str:
    lines = [
        f"{label} ({len(named)}): {_named(named)}"
        for state, label in _STATES.items()
        for named in [new.suppliers(state)]
        if named
    ]
    if new.references:
        lines.append(f"{_counted(new.references, 'reference file')} of your own")
    return _list("What came in since then" if before else "What it was made of", lines)


def _named(suppliers: tuple[str, ...]) -> str:
    named = ", ".join(suppliers[:SUPPLIERS_NAMED_AT_MOST])
    more = len(suppliers) - SUPPLIERS_NAMED_AT_MOST
    return named if more <= 0 else f"{named} and {more} more"


def _advice(year: int, bucket: str) -> str:
    return _wrapped(
        "A supplier whose file needs correction or could not be read has to send another. What to tell it is written"
        " already: a page with each finding, and mostly its own workbook with the cells marked. Both lie under"
    ) + (f"\n  s3://{bucket}/{year}/feedback/SUPPLIER/")


def _counted(number: int, thing: str) -> str:
    return f"{grouped(number)} {pluralized(number, thing)}"


def _list(heading: str, lines: Iterable[str]) -> str:
    """A heading and its lines, each wrapped; nothing where there are no lines."""
    wrapped = [_wrapped(line, first="  ", then="    ") for line in lines]
    return "\n".join([heading, *wrapped]) if wrapped else ""


def _wrapped(text: str, *, first: str = "", then: str = "") -> str:
    # An id is never broken, whatever its hyphens.
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False, break_long_words=False
    )
