"""Tasks about the lists that facilities are compared with: which is missing, undated or old."""

from collections.abc import Iterator

from tracelode.picture.edition import WORDS
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.wording import counted, listed, long_date
from tracelode.report.pages.task import Subject, Task
from tracelode.smelters.status import Status


def list_tasks(interpretation: Interpretation) -> Iterator[Task]:
    """What is to be done about the status lists in force, a task without subjects where there is nothing."""
    yield _missing(interpretation)
    yield _undated(interpretation)
    yield _older_than_the_year(interpretation)


def _missing(interpretation: Interpretation) -> Task:
    status_list, words = interpretation.facts.smelter_list, WORDS[interpretation.facts.program.vocabulary]
    printed = {Status.CONFORMANT: words.conformant, Status.ACTIVE: "active"}
    missing = [word for status, word in printed.items() if not status_list.tells(status)]
    return Task(
        "Hand in the list that is missing",
        tuple(
            Subject(f"the list of {word} facilities", f"read so far: {listed(status_list.files) or 'none'}")
            for word in missing
        ),
        f"{words.initiative_short} publishes one list of {words.conformant} and one of active facilities. The report "
        "says which was compared; whether a facility is on the other nobody can tell.",
    )


def _undated(interpretation: Interpretation) -> Task:
    status_list = interpretation.facts.smelter_list
    rows = [each for each in interpretation.facilities if each.listed and not (each.listed.as_of or status_list.as_of)]
    undated = bool(status_list.facilities) and status_list.as_of is None
    return Task(
        "Say of which day the status list is",
        tuple(
            Subject(file, f"undated; {counted(len(rows), 'facility')} of this report rest on it")
            for file in status_list.files
            if undated
        ),
        "The list gives no date, and the day on which it was handed in is not its date: the report prints none. Put "
        "the date into the file's name (smelter-list-2026-05-01.csv), or into a column as_of.",
    )


def _older_than_the_year(interpretation: Interpretation) -> Task:
    year, status_list = interpretation.facts.program.year, interpretation.facts.smelter_list
    begin = f"{year}-01-01"
    if status_list.as_of and status_list.as_of.isoformat() < begin:
        old = [
            Subject(file, f"as of {long_date(status_list.as_of)}, before {year} began") for file in status_list.files
        ]
    else:
        old = [
            Subject(facility.name, f"listed as of {long_date(facility.listed.as_of)}")
            for facility in interpretation.facilities
            if facility.listed and facility.listed.as_of and facility.listed.as_of.isoformat() < begin
        ]
    return Task(
        f"Hand in a newer list: {counted(len(old), 'entry')} {'is' if len(old) == 1 else 'are'} older than {year}",
        tuple(old),
        f"A standing that was listed before {year} began says little about {year}. The report gives the oldest date "
        "that it rests on.",
    )
