"""Tasks about facilities: names to decide about, doubts, what changed, and what lies in covered countries."""

from collections.abc import Iterable, Iterator

from tracelode.picture.edition import WORDS
from tracelode.picture.facilities import Facility, changed_with_newest_list, lapsing_before_filing, revised_away
from tracelode.picture.interpretation import Interpretation, UnidentifiedName
from tracelode.picture.statements import in_covered_country, not_conformant
from tracelode.printing.wording import capitalized, counted, long_date
from tracelode.report.pages.task import Subject, Task
from tracelode.smelters.status import PRINTED
from tracelode.sources.program import due_date


def facility_tasks(interpretation: Interpretation) -> Iterator[Task]:
    """What is to be done about facilities, a task without subjects where there is nothing."""
    yield _names(interpretation)
    yield _in_covered_countries(interpretation)
    yield from _doubts_and_changes(interpretation)
    yield _revised(interpretation)


def most_named_first(names: Iterable[UnidentifiedName]) -> list[UnidentifiedName]:
    """Names to identify, those that most suppliers name first: one decision settles them all."""
    return sorted(
        names, key=lambda item: (-len(item.suppliers), -item.lines, item.metal, item.name, item.country, item.cid)
    )


def _names(interpretation: Interpretation) -> Task:
    names = most_named_first(interpretation.unidentified)
    return Task(
        f"Decide about {counted(len(names), 'smelter name')}",
        tuple(
            Subject(
                item.name or "(no name)",
                f"{item.metal or 'metal not stated'}, named by {counted(len(item.suppliers), 'supplier')}",
            )
            for item in names
        ),
        f"{capitalized(counted(interpretation.unidentified_lines, 'line'))} "
        f"{'leaves' if interpretation.unidentified_lines == 1 else 'leave'} open which facility is meant. Enter what "
        "you decide in to-decide.csv and hand that file in where suppliers.csv lies.",
        "#unidentified", "What comes close",
    )  # fmt: skip


def _doubts_and_changes(interpretation: Interpretation) -> Iterator[Task]:
    program = interpretation.facts.program
    word, printed = WORDS[program.vocabulary].conformant, PRINTED[program.vocabulary]
    lapsing = lapsing_before_filing(interpretation.facilities, program)
    doubtful = [facility for facility in interpretation.facilities if facility.doubts]
    changed = changed_with_newest_list(interpretation.facilities, interpretation.facts.smelter_list)
    yield Task(
        f"Settle the doubts about {counted(len(doubtful), 'facility')}",
        tuple(Subject(facility.name, _named_by(facility)) for facility in doubtful),
        "What suppliers write beside the number contradicts what is known of it. Ask them which facility they mean.",
        "#doubts", "What contradicts",
    )  # fmt: skip
    yield Task(
        f"Watch {counted(len(lapsing), 'status that lapses', 'statuses that lapse')} before filing",
        tuple(
            Subject(facility.name, f"until {long_date(facility.lapses_on)}" if facility.lapses_on else "")
            for facility in lapsing
        ),
        f"The report is due on {long_date(due_date(program.year))}. Load a newer list before you file; a facility that "
        f"is no longer {word} then changes the report.",
        "#lapsing", "Which, and who names them",
    )  # fmt: skip
    yield Task(
        f"Note {counted(len(changed), 'changed status', 'changed statuses')}",
        tuple(
            Subject(
                facility.name,
                f"{printed[facility.status_change.before].lower()}, now {facility.printed_status.lower()}"
                if facility.status_change
                else "",
            )
            for facility in changed
        ),
        "The newest list says something else than the one before. Tell those who buy from "
        "the suppliers that name them.",
        "#changed", "Which, and who names them",
    )  # fmt: skip


def _named_by(facility: Facility) -> str:
    return f"named by {counted(len(facility.suppliers), 'supplier')}"


def _in_covered_countries(interpretation: Interpretation) -> Task:
    word = WORDS[interpretation.facts.program.vocabulary].conformant
    there = [each for each in interpretation.facilities if in_covered_country(each) and not_conformant(each)]
    return Task(
        f"Look into {counted(len(there), 'facility')} in covered countries, not {word}",
        tuple(
            Subject(each.name, f"{each.printed_country}, {each.printed_status.lower()}, {_named_by(each)}")
            for each in there
        ),
        "Ask those who name them where the minerals come from and what they do about it. The report names these "
        "facilities whatever list of risk you follow.",
        "#risk", "Who names them",
    )  # fmt: skip


def _revised(interpretation: Interpretation) -> Task:
    gone = revised_away(interpretation.facilities, interpretation.facts.revisions)
    return Task(
        f"Look into {counted(len(gone), 'facility')} that the revisions removed",
        tuple(
            Subject(
                f"{facility.name} ({facility.facility.cid})",
                f"{revision.file}, row {revision.row}: removed or merged"
                + (f" on {long_date(revision.revised_on)}" if revision.revised_on else ""),
            )
            for facility, revision in gone
        ),
        "The list of revisions says that they are gone from the reference list. Ask those who name them which facility "
        "they mean, or decide it in to-decide.csv.",
    )
