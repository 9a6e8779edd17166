"""What a program year makes of findings: its own severities, and the oldest template that it accepts.

The ledger keeps what was found, by rule; whether that makes a declaration acceptable is decided when it is asked, so a
changed program changes states without rewriting a submission.
"""

from collections import Counter
from dataclasses import dataclass

from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import Severity
from tracelode.sources.program import Program
from tracelode.submission import State, SubmissionSummary, readable_state
from tracelode.template_kind import CMRT

OUTDATED_RULE = "X26"
"""The rule on the template's version, whose weight also depends on the program's minimum version."""


@dataclass(frozen=True, slots=True)
class FoundUnder:
    """How often a rule is broken in a document, and what that weighs in a program year."""

    rule: str
    severity: Severity
    count: int


def findings_under(program: Program, submission: SubmissionSummary) -> tuple[FoundUnder, ...]:
    """What was found in a document, rule by rule, as a program weighs it; without the rules that it switches off.

    What could not be read weighs what it weighs, whatever the program says.
    """
    severities: dict[str, Severity | None] = {}
    found = submission.rules
    if submission.state is not State.REJECTED:
        severities = dict(program.severities)
        if _is_older_than_accepted(program, submission):
            severities.setdefault(OUTDATED_RULE, Severity.ERROR)
            found = {**found, OUTDATED_RULE: {Severity.ERROR: 1}}
    weighed: Counter[tuple[str, Severity]] = Counter()
    for rule, by_severity in found.items():
        for own, count in by_severity.items():
            severity = severities.get(rule, Severity(own))
            if severity is not None and count:
                weighed[rule, severity] += count
    return tuple(FoundUnder(rule, severity, weighed[rule, severity]) for rule, severity in sorted(weighed))


def counted_under(program: Program, submission: SubmissionSummary) -> dict[str, int]:
    """How many findings of each severity a document has as a program weighs them, severities without one left out."""
    counts: Counter[str] = Counter()
    for item in findings_under(program, submission):
        counts[item.severity.value] += item.count
    return dict(counts)


def state_under(program: Program, submission: SubmissionSummary) -> State:
    """Where a submission stands under a program: what could not be read stays rejected, whatever the program says."""
    return (
        submission.state if submission.state is State.REJECTED else readable_state(counted_under(program, submission))
    )


def errors_under(program: Program, submission: SubmissionSummary) -> dict[str, int]:
    """How many findings of each rule are errors under a program, rules without one left out."""
    found = findings_under(program, submission)
    return {item.rule: item.count for item in found if item.severity is Severity.ERROR}


def _is_older_than_accepted(program: Program, submission: SubmissionSummary) -> bool:
    if submission.template_kind != CMRT:
        return False
    minimum = TemplateVersion.parse(CMRT, program.minimum_cmrt_version)
    version = TemplateVersion.parse(CMRT, submission.template_version)
    return minimum is not None and version is not None and version < minimum
