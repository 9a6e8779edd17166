"""What a program year makes of findings: its own severities, and the oldest template that it accepts.

The ledger keeps what was found, by rule; whether that makes a declaration acceptable is decided when it is asked, so a
changed program changes states without rewriting a submission.
"""

from collections.abc import Mapping

from tracelode.cmrt.versions import TemplateVersion
from tracelode.findings import Severity
from tracelode.reference.program import Program
from tracelode.submission import State, SubmissionSummary

OUTDATED_RULE = "X26"
"""The rule on the template's version, whose weight also depends on the program's minimum version."""


def state_under(program: Program, submission: SubmissionSummary) -> State:
    """Where a submission stands under a program: what could not be read stays rejected, whatever the program says."""
    if submission.state is State.REJECTED:
        return State.REJECTED
    return State.NEEDS_CORRECTION if errors_under(program, submission) else State.ACCEPTED


def errors_under(program: Program, submission: SubmissionSummary) -> dict[str, int]:
    """How many findings of each rule are errors under a program, rules without one left out."""
    severities = dict(program.severities)
    if _is_older_than_accepted(program, submission):
        severities.setdefault(OUTDATED_RULE, Severity.ERROR)
        found: Mapping[str, Mapping[str, int]] = {**submission.rules, OUTDATED_RULE: {Severity.ERROR: 1}}
    else:
        found = submission.rules
    errors = {
        rule: sum(count for severity, count in by_severity.items() if severities.get(rule, severity) == Severity.ERROR)
        for rule, by_severity in found.items()
    }
    return {rule: errors[rule] for rule in sorted(errors) if errors[rule]}


def _is_older_than_accepted(program: Program, submission: SubmissionSummary) -> bool:
    minimum = TemplateVersion.parse(program.minimum_cmrt_version)
    version = TemplateVersion.parse(submission.template_version)
    return minimum is not None and version is not None and version < minimum
