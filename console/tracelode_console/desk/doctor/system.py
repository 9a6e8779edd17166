"""Checks on the system as a whole: the stack, the reference data, the report, the clock."""

from email.utils import parsedate_to_datetime
from typing import Final

from botocore.exceptions import ClientError

from tracelode.reference.kinds import missing_for_report
from tracelode.storage import places
from tracelode.storage.results import ReportDamagedError
from tracelode_console.desk.doctor.check import OK, Check, Examination, Verdict, fail, warn
from tracelode_console.desk.doctor.expected import LAYER, Expected
from tracelode_console.desk.installation import read_json
from tracelode_console.desk.published import published

SKEW_AT_MOST: Final = 300
"""Seconds between this machine's clock and AWS's; from 900 on, AWS refuses every signature."""
_HEALTHY: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
_BUSY: Final = "IN_PROGRESS"


def stack_state(examination: Examination, _: Expected) -> Verdict:
    """The stack is whole."""
    status = examination.installation.deployment.status
    if status in _HEALTHY:
        return warn("the last deployment was rolled back") if "ROLLBACK" in status else OK
    return warn(f"it is {status}: look again when it is done") if _BUSY in status else fail(f"it is {status}")


def outputs(examination: Examination, _: Expected) -> Verdict:
    """The stack says where everything is."""
    missing = sorted(set(examination.outputs) - set(examination.installation.deployment.outputs))
    return fail(f"missing: {', '.join(missing)}") if missing else OK


def resources(examination: Examination, _: Expected) -> Verdict:
    """The stack has every resource of the template. A layer's logical id has a hash in it, so that layers are left to
    the functions that use them."""
    missing = [item.logical_id for item in examination.resources if not item.physical and item.kind != LAYER]
    return fail(f"missing: {', '.join(sorted(missing))}") if missing else OK


def references_present(examination: Examination, _: Expected) -> Verdict:
    """There is what a report cannot do without."""
    if examination.year is None:
        return fail("nothing was put in for any year")
    missing = missing_for_report(examination.installation.ledger.references.in_force(examination.year))
    return fail("; ".join(f"{kind.example} ({kind.purpose})" for kind in missing)) if missing else OK


def references_taken(examination: Examination, _: Expected) -> Verdict | None:
    """No reference file was refused."""
    if examination.year is None:
        return None
    prefix = places.reference_answer(examination.year, "").removesuffix(".json")
    pages = examination.installation.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=examination.installation.results_bucket, Prefix=prefix
    )
    refused: list[str] = []
    for entry in (entry for page in pages for entry in page.get("Contents", [])):
        answer = read_json(examination.installation, entry["Key"]) or {}
        if answer.get("status") == "refused":
            problems = answer.get("problems", [])
            refused.append(f"{answer.get('file', '')}: {problems[0] if problems else 'refused'}")
    return fail("; ".join(refused)) if refused else OK


def report_whole(examination: Examination, _: Expected) -> Verdict | None:
    """The latest report is what its hashes say, in its run and in `latest/`."""
    if examination.year is None:
        return None
    latest = published(examination.installation, examination.year)
    if latest is None:
        return warn("nothing is published yet")
    try:
        examination.installation.results.read_whole_run(latest.year, latest.run, latest.files)
    except ReportDamagedError as error:
        return fail(str(error))
    behind = [
        name
        for name, sha256 in latest.files.items()
        if not _is_copy(examination, places.latest_file(latest.year, name), sha256)
    ]
    return fail(f"latest/ is not the run that latest.json names: {', '.join(behind)}") if behind else OK


def _is_copy(examination: Examination, key: str, sha256: str) -> bool:
    try:
        answer = examination.installation.clients.s3.head_object(
            Bucket=examination.installation.results_bucket, Key=key
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return False
        raise
    return answer["Metadata"].get("sha256") == sha256


def report_current(examination: Examination, _: Expected) -> Verdict | None:
    """The aggregates hold what is current."""
    if examination.year is None:
        return None
    ledger = examination.installation.ledger
    groups = ledger.groups.numbers(examination.year)
    stale = sum(ledger.groups.state(examination.year, group).stale for group in groups)
    return (
        warn(f"{stale} of {len(groups)} groups have something newer: work under way, or a lost trigger")
        if stale
        else OK
    )


def clock(examination: Examination, _: Expected) -> Verdict | None:
    """This machine's clock is right."""
    answer = examination.installation.clients.s3.head_bucket(Bucket=examination.installation.results_bucket)
    date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if not date:
        return None
    seconds = int(abs((parsedate_to_datetime(date) - examination.now).total_seconds()))
    return OK if seconds <= SKEW_AT_MOST else fail(f"this machine's clock is {seconds} s away from AWS's")


SYSTEM_CHECKS: Final = (
    Check(
        "clock",
        "",
        "this machine's clock is right",
        "set it by the network (timedatectl set-ntp true): AWS refuses signatures that are 15 minutes off",
        clock,
    ),
    Check(
        "stack-state",
        "",
        "the stack is whole",
        "aws cloudformation describe-stack-events --stack-name {stack} says what went wrong; then deploy again",
        stack_state,
        in_accounts_only=True,
    ),
    Check(
        "stack-outputs",
        "",
        "the stack says where everything is",
        "the stack was deployed from another release: sam deploy",
        outputs,
        in_accounts_only=True,
    ),
    Check(
        "stack-resources",
        "",
        "the stack has every resource of the template",
        "the stack was deployed from another release: sam deploy",
        resources,
        in_accounts_only=True,
    ),
    Check(
        "reference-present",
        "",
        "there is what a report cannot do without",
        "put it into the reference bucket as {year}/FILE",
        references_present,
    ),
    Check(
        "reference-taken",
        "",
        "no reference file was refused",
        "correct the file and drop it again; its answer lies in the results bucket under {year}/reference/",
        references_taken,
    ),
    Check(
        "report-whole",
        "",
        "the latest report is what its hashes say",
        "a sweep puts latest/ right (docs/RUNBOOK.md, Reconcile at once); a damaged run has its earlier object version "
        "in the results bucket",
        report_whole,
    ),
    Check(
        "report-current",
        "",
        "the report holds what came in",
        "wait a minute and look again; if it lasts, run a sweep (docs/RUNBOOK.md, Reconcile at once)",
        report_current,
    ),
)
