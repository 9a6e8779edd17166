"""Checks on functions, what calls them, and what they may."""

import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from tracelode_console.desk.doctor.check import OK, Check, Examination, Verdict, fail, held, warn
from tracelode_console.desk.doctor.expected import Expected
from tracelode_console.desk.doctor.policies import held_against

FUNCTION: Final = "AWS::Lambda::Function"
MAPPING: Final = "AWS::Lambda::EventSourceMapping"
_COMPARED: Final = ("Runtime", "Handler", "Timeout", "MemorySize", "Role")
_MAPPED: Final = (
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "MaximumRetryAttempts",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "ScalingConfig",
    "DestinationConfig",
)


def _function(examination: Examination, function: Expected) -> Any:
    return examination.answer("lambda", "get_function_configuration", FunctionName=function.physical)


def active(examination: Examination, function: Expected) -> Verdict:
    """The function can be called."""
    try:
        there = _function(examination, function)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return fail("there is no such function")
        raise
    state, update = there.get("State", "Active"), there.get("LastUpdateStatus", "Successful")
    if state not in ("Active", "Inactive"):
        return fail(f"it is {state.lower()}: {there.get('StateReason', '')}")
    return OK if update != "Failed" else fail(f"its last update failed: {there.get('LastUpdateStatusReason', '')}")


def settings(examination: Examination, function: Expected) -> Verdict:
    """The function is told where everything is."""
    wanted = (function.properties or {}).get("Environment", {}).get("Variables", {})
    there = _function(examination, function).get("Environment", {}).get("Variables", {})
    return held(there, wanted)


def runtime(examination: Examination, function: Expected) -> Verdict:
    """The function runs as the template has it."""
    return held(_function(examination, function), function.properties or {}, _COMPARED)


def layers(examination: Examination, function: Expected) -> Verdict | None:
    """The function has its layers."""
    wanted = len((function.properties or {}).get("Layers", ()))
    there = len(_function(examination, function).get("Layers", ()))
    if not wanted:
        return None
    return OK if there == wanted else fail(f"{there} layers, not {wanted}")


def concurrency(examination: Examination, function: Expected) -> Verdict:
    """Nothing keeps the function from being called."""
    answer = examination.service("lambda").get_function_concurrency(FunctionName=function.physical)
    reserved = answer.get("ReservedConcurrentExecutions")
    if reserved == 0:
        return fail("its reserved concurrency is 0: it is switched off")
    needed = sum(
        int((mapping.properties or {}).get("ScalingConfig", {}).get("MaximumConcurrency", 0))
        for mapping in examination.of_kind(MAPPING)
        if str((mapping.properties or {}).get("FunctionName", "")).rpartition(":")[2] == function.physical
    )
    if reserved is not None and reserved < needed:
        return warn(f"{reserved} reserved, while its queue calls up to {needed} at once: good messages may fail")
    return OK


def _mapping(examination: Examination, mapping: Expected) -> Any:
    return examination.answer("lambda", "get_event_source_mapping", UUID=mapping.physical)


def enabled(examination: Examination, mapping: Expected) -> Verdict:
    """The queue or stream is read."""
    try:
        state = _mapping(examination, mapping)["State"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return fail("it is gone: nothing reads the queue or stream")
        raise
    return OK if state in ("Enabled", "Enabling", "Updating", "Creating") else fail(f"it is {state.lower()}")


def filters(examination: Examination, mapping: Expected) -> Verdict:
    """The function is called for what concerns it, and for all of that."""
    there = _mapping(examination, mapping).get("FilterCriteria") or {}
    wanted = (mapping.properties or {}).get("FilterCriteria", {})
    if _patterns(there) == _patterns(wanted):
        return OK
    return fail("its filters are not the template's", json.dumps(wanted))


def _patterns(criteria: Mapping[str, Any]) -> list[str]:
    return sorted(json.dumps(json.loads(entry["Pattern"]), sort_keys=True) for entry in criteria.get("Filters", []))


def partial_failures(examination: Examination, mapping: Expected) -> Verdict | None:
    """One failing message does not take the others of its batch with it."""
    wanted = (mapping.properties or {}).get("FunctionResponseTypes")
    if not wanted:
        return None
    there = _mapping(examination, mapping).get("FunctionResponseTypes") or []
    return OK if set(wanted) <= set(there) else fail("it fails whole batches: ReportBatchItemFailures is not set")


def batching(examination: Examination, mapping: Expected) -> Verdict:
    """Batches, retries and what is given up on are as the template has them."""
    return held(_mapping(examination, mapping), mapping.properties or {}, _MAPPED)


def role(examination: Examination, role: Expected) -> Verdict | None:
    """The role has the template's rights, no fewer and no more."""
    iam, properties = examination.service("iam"), role.properties or {}
    due = {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", ())}
    for policy in examination.of_kind("AWS::IAM::RolePolicy"):
        beside = policy.properties or {}
        if beside.get("RoleName") == role.physical:
            due[beside["PolicyName"]] = beside["PolicyDocument"]
    try:
        there = set(iam.list_role_policies(RoleName=role.physical)["PolicyNames"])
        attached = iam.list_attached_role_policies(RoleName=role.physical)["AttachedPolicies"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return fail("there is no such role")
        raise
    missing, extra = sorted(set(due) - there), sorted(there - set(due))
    extra += sorted({policy["PolicyArn"] for policy in attached} - set(properties.get("ManagedPolicyArns", ())))
    if missing or extra:
        texts = [*(f"no policy {name}" for name in missing), *(f"a policy too many: {name}" for name in extra)]
        return fail("; ".join(texts))
    for name, wanted in due.items():
        document = iam.get_role_policy(RoleName=role.physical, PolicyName=name)["PolicyDocument"]
        verdict = held_against(document, wanted)
        if verdict is not OK:
            return verdict
    return OK


def schedule(examination: Examination, schedule: Expected) -> Verdict:
    """The schedule is on, at the template's rate."""
    try:
        there = examination.service("scheduler").get_schedule(Name=schedule.physical)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return fail("there is no such schedule")
        raise
    return held(there, {"State": "ENABLED", **(schedule.properties or {})}, ("State", "ScheduleExpression"))


_UPDATE: Final = "aws lambda update-event-source-mapping --uuid {id} "
FUNCTION_CHECKS: Final = (
    Check("function-active", FUNCTION, "the function can be called", "deploy again: sam deploy", active),
    Check(
        "function-settings",
        FUNCTION,
        "the function's environment is the template's",
        "put back what is named with aws lambda update-function-configuration --function-name {id} --environment, "
        "which replaces all variables at once",
        settings,
    ),
    Check(
        "function-runtime",
        FUNCTION,
        "runtime, handler, time, memory and role are the template's",
        "aws lambda update-function-configuration --function-name {id} with what is named",
        runtime,
    ),
    Check("function-layers", FUNCTION, "the function has its layers", "deploy again: make build && sam deploy", layers),
    Check(
        "function-concurrency",
        FUNCTION,
        "nothing keeps the function from being called",
        "aws lambda delete-function-concurrency --function-name {id}",
        concurrency,
    ),
    Check("source-enabled", MAPPING, "the queue or stream is read", _UPDATE + "--enabled", enabled),
    Check(
        "source-filters",
        MAPPING,
        "the function is called for all that concerns it",
        _UPDATE + "--filter-criteria '{expected}'",
        filters,
    ),
    Check(
        "source-failures",
        MAPPING,
        "one failing message does not take the others of its batch with it",
        _UPDATE + "--function-response-types ReportBatchItemFailures",
        partial_failures,
    ),
    Check(
        "source-batching",
        MAPPING,
        "batches, retries and failures are dealt with as the template says",
        "aws lambda update-event-source-mapping --uuid {id} with what is named",
        batching,
    ),
    Check(
        "role-rights",
        "AWS::IAM::Role",
        "the role has the rights that the template gives it, no fewer and no more",
        "put the policy back with aws iam put-role-policy --role-name {id}, or take away what is too many",
        role,
    ),
    Check(
        "schedule",
        "AWS::Scheduler::Schedule",
        "sweeps and reconciliations are started",
        "compare `aws scheduler get-schedule --name {id}` with {subject} in the translated template and update it",
        schedule,
    ),
)
