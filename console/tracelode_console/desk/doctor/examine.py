"""The doctor: every check on every resource that it is about."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from tracelode_console.desk.doctor.check import Check, Diagnosis, Examination, NotHereError, Outcome, Verdict, fail
from tracelode_console.desk.doctor.expected import Expected, expected
from tracelode_console.desk.doctor.functions import FUNCTION_CHECKS
from tracelode_console.desk.doctor.queues import QUEUE_CHECKS
from tracelode_console.desk.doctor.stores import STORE_CHECKS, TABLE
from tracelode_console.desk.doctor.system import SYSTEM_CHECKS
from tracelode_console.desk.doctor.watchkeeping import WATCH_CHECKS
from tracelode_console.desk.installation import Installation, NoInstallationError
from tracelode_console.desk.refusals import denied, explained

CHECKS: Final = (*SYSTEM_CHECKS, *STORE_CHECKS, *QUEUE_CHECKS, *FUNCTION_CHECKS, *WATCH_CHECKS)
"""Every check, in the order in which a person would look."""
_WHOLE: Final = Expected("the system", "", "", None)


def examination(
    installation: Installation, template: Mapping[str, Any], *, year: int | None, now: datetime
) -> Examination:
    """What there is to look at, by the translated template that the system should be."""
    return Examination(
        installation,
        expected(template, installation.deployment, _streams(installation, template)),
        tuple(template.get("Outputs", {})),
        year,
        now,
    )


def examine(examination: Examination, observe: Callable[[str], None] = lambda _name: None) -> Iterator[Diagnosis]:
    """A diagnosis for each check and each subject that it has something to say on; `observe` hears of each check.

    Resources that the stack does not have are named once, by `stack-resources`, and not looked for again.
    """
    for check in CHECKS:
        observe(check.name)
        subjects = [item for item in examination.of_kind(check.about) if item.physical or _is_policy(item)]
        for subject in subjects if check.about else [_WHOLE]:
            verdict = _verdict(check, examination, subject)
            if verdict:
                yield _diagnosis(check, examination, subject, verdict)


def _is_policy(resource: Expected) -> bool:
    """Policies of buckets and queues are found by what they are attached to."""
    return resource.kind.endswith("Policy")


def _verdict(check: Check, examination: Examination, subject: Expected) -> Verdict | None:
    if check.in_accounts_only and examination.installation.local:
        return Verdict(Outcome.UNCHECKED, "there is no such thing on this machine")
    try:
        return check.look(examination, subject)
    except (NotHereError, NoInstallationError) as error:
        return Verdict(Outcome.UNCHECKED, str(error))
    except ClientError as error:
        if denied(error):
            return Verdict(Outcome.UNCHECKED, f"you lack the right to {error.operation_name}")
        if error.response["Error"]["Code"] in _GONE:
            # That it is gone is said by the check that looks for it, with what to do.
            return None if check.about else fail(explained(error))
        return Verdict(Outcome.UNCHECKED, explained(error))
    except BotoCoreError as error:
        return Verdict(Outcome.UNCHECKED, explained(error))


_GONE: Final = frozenset(
    {
        "404",
        "NoSuchBucket",
        "ResourceNotFoundException",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "NoSuchEntity",
    }
)


def _diagnosis(check: Check, examination: Examination, subject: Expected, verdict: Verdict) -> Diagnosis:
    properties = subject.properties or {}
    mend = check.mend.format(
        id=properties.get("Bucket") or subject.physical,
        subject=subject.subject,
        stack=examination.installation.deployment.name,
        year=examination.year or "YEAR",
        expected=verdict.expected,
    )
    wrong = verdict.outcome in (Outcome.FAIL, Outcome.WARN)
    return Diagnosis(check.name, subject.subject, verdict.outcome, check.holds, verdict.found, mend if wrong else "")


def _streams(installation: Installation, template: Mapping[str, Any]) -> Mapping[str, str]:
    """The stream's address of each table that the caller may see; it has the time in it at which it was made."""
    found: dict[str, str] = {}
    for logical_id, resource in template["Resources"].items():
        physical = installation.deployment.resources.get(logical_id)
        if resource["Type"] != TABLE or not physical:
            continue
        try:
            table = installation.clients.dynamodb.describe_table(TableName=physical)["Table"]
        except ClientError:
            # The checks on the table say what is wrong with it.
            continue
        if "LatestStreamArn" in table:
            found[physical] = table["LatestStreamArn"]
    return found
