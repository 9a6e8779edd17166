"""What changed on the newest day of a year's inputs: the report held against one without the inputs of that day."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tracelode.picture.facts import Facts
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.printing.wording import listed
from tracelode.reference.kinds import missing_for_report
from tracelode.reference.snapshot import ReferenceSnapshot, ReferenceVanishedError, newest_of_each_kind
from tracelode.report.trace.changes import Cause, Changes, InputKind, NewInput, differences, statements_of
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing, as_of, newest_day

APART = 4
"""Causes that reference files of one day are told apart into: each beyond costs an interpretation, so that the last one
has all the rest together."""

FactsOf = Callable[[Sequence[ReferenceSnapshot], Aggregate], Facts]
"""The facts that a history of reference files and an aggregate come to."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Inputs, and what the facts are once they are in; None where that is what they were."""

    inputs: tuple[NewInput, ...]
    facts: Facts | None


def what_changed(
    now: Interpretation, history: Sequence[ReferenceSnapshot], aggregate: Aggregate, facts_of: FactsOf
) -> Changes:
    """What the report says otherwise through what came on the UTC day of its newest input, cause by cause.

    `now` is what is published, of the whole `history` of reference files and the `aggregate`. It costs as many
    interpretations as the day has causes.
    """
    day = max([newest_day(aggregate), *(_day(snapshot) for snapshot in history)])
    earlier = [snapshot for snapshot in history if _day(snapshot) < day]
    missing = missing_for_report(newest_of_each_kind(earlier))
    if missing:
        lacking = listed([kind.example for kind in missing])
        return Changes(day, uncompared=f"There was no report before that day: {lacking} had not come yet.")
    then = as_of(aggregate, day)
    try:
        before = facts_of(earlier, then)
        steps = list(_references(before, earlier, [s for s in history if _day(s) == day], then, facts_of))
    except ReferenceVanishedError:
        return Changes(day, uncompared="A reference file that was in force before that day was erased.")
    names = {view.supplier_id: view.name for view in now.suppliers}
    came = (replace(item, supplier=names[item.supplier_id]) for item in _sent(aggregate.standings.values(), day))
    sent = tuple(sorted(came, key=lambda item: (item.key, item.kind)))
    return Changes(day, tuple(_causes(interpret(before), steps, sent, now)))


def _causes(
    before: Interpretation, steps: Sequence[_Step], sent: tuple[NewInput, ...], now: Interpretation
) -> Iterator[Cause]:
    said = statements_of(before)
    left = [step.facts for step in steps if step.facts]
    for step in steps:
        if step.facts is None:
            yield Cause(step.inputs)
            continue
        # Without anything from suppliers the last change of reference data leads to what is published.
        last = step.facts is left[-1] and not sent
        says = statements_of(now if last else interpret(step.facts))
        yield Cause(step.inputs, differences(said, says))
        said = says
    if sent:
        yield Cause(sent, differences(said, statements_of(now), {item.supplier_id for item in sent}))


def _references(
    before: Facts,
    earlier: Sequence[ReferenceSnapshot],
    arrived: Iterable[ReferenceSnapshot],
    then: Aggregate,
    facts_of: FactsOf,
) -> Iterator[_Step]:
    """The day's reference files in order of receipt, at most `APART` of them by themselves that change anything."""
    known, facts, apart = list(earlier), before, 0
    rest: list[_Step] = []
    for snapshot in sorted(arrived, key=lambda item: (item.received, item.key, item.sha256)):
        known.append(snapshot)
        after = facts_of(known, then)
        step = _Step((_reference(snapshot),), None if _same(facts, after) else after)
        facts = after
        apart += step.facts is not None
        if apart < APART:
            yield step
        else:
            rest.append(step)
    if rest:
        changed = [step.facts for step in rest if step.facts]
        yield _Step(tuple(item for step in rest for item in step.inputs), changed[-1])


def _same(before: Facts, after: Facts) -> bool:
    """Whether two facts are read in the same way: which files they are from and the roll-up's template are not."""
    return replace(before, references=(), template=b"") == replace(after, references=(), template=b"")


def _sent(standings: Iterable[Standing], day: str) -> Iterator[NewInput]:
    """What came from suppliers on a day and counts, and what they deleted on it."""
    for standing in standings:
        if standing.day != day:
            continue
        rejected = (standing.rejected,) if standing.rejected else ()
        came = [submission for submission in (*standing.current, *rejected) if submission.received[:10] == day]
        yield from map(_submission, came)
        for key in standing.withdrawn:
            yield NewInput(InputKind.WITHDRAWAL, key, supplier_id=standing.supplier_id)


def _submission(submission: SubmissionSummary) -> NewInput:
    return NewInput(
        InputKind.SUBMISSION,
        submission.key,
        received=submission.received,
        sha256=submission.sha256,
        supplier_id=submission.supplier_id,
    )


def _reference(snapshot: ReferenceSnapshot) -> NewInput:
    return NewInput(
        InputKind.REFERENCE,
        snapshot.key,
        received=snapshot.received,
        sha256=snapshot.sha256,
        as_of=snapshot.as_of,
    )


def _day(snapshot: ReferenceSnapshot) -> str:
    """The UTC date of its receipt."""
    return snapshot.received[:10]
