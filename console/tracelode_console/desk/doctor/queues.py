"""Checks on queues."""

import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from tracelode.queues.dead_letters import messages_in, subject
from tracelode_console.desk.doctor.check import OK, Check, Examination, Verdict, fail, held
from tracelode_console.desk.doctor.expected import Expected
from tracelode_console.desk.doctor.policies import held_against

QUEUE: Final = "AWS::SQS::Queue"
TIMES_TIMEOUT: Final = 6
"""How many times the function's timeout a message stays hidden at least. Source: Lambda's guide on SQS."""
_GONE: Final = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


def _attributes(examination: Examination, url: str) -> Mapping[str, str]:
    found: Mapping[str, str] = examination.answer("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=("All",))[
        "Attributes"
    ]
    return found


def queue_exists(examination: Examination, queue: Expected) -> Verdict:
    """The queue is there."""
    try:
        _attributes(examination, queue.physical)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return fail("there is no such queue")
        raise
    return OK


def redrive(examination: Examination, queue: Expected) -> Verdict | None:
    """What keeps failing is set aside."""
    wanted = (queue.properties or {}).get("RedrivePolicy")
    if not wanted:
        return None
    policy = json.loads(_attributes(examination, queue.physical).get("RedrivePolicy", "{}"))
    if not policy:
        return fail("nothing is set aside: there is no redrive policy", json.dumps(_escaped(wanted)))
    verdict = held(policy, wanted)
    return verdict if verdict is OK else fail(verdict.found, json.dumps(_escaped(wanted)))


def _escaped(policy: Mapping[str, Any]) -> Mapping[str, str]:
    return {"RedrivePolicy": json.dumps({name: str(value) for name, value in policy.items()})}


def visibility(examination: Examination, queue: Expected) -> Verdict | None:
    """A message stays hidden for as long as its function may need."""
    timeout = _timeout_of_reader(examination, queue)
    if timeout is None:
        return None
    hidden = int(_attributes(examination, queue.physical)["VisibilityTimeout"])
    if hidden >= TIMES_TIMEOUT * timeout:
        return OK
    return fail(f"hidden for {hidden} s, with a function of {timeout} s", str(TIMES_TIMEOUT * timeout))


def _timeout_of_reader(examination: Examination, queue: Expected) -> int | None:
    """The timeout, in seconds, of the function that reads a queue, as the template has it."""
    functions = examination.of_kind("AWS::Lambda::Function")
    arn = queue.physical.rpartition("/")[2]
    for mapping in examination.of_kind("AWS::Lambda::EventSourceMapping"):
        properties = mapping.properties or {}
        if str(properties.get("EventSourceArn", "")).rpartition(":")[2] == arn:
            reader = str(properties.get("FunctionName", "")).rpartition(":")[2]
            function = next((item for item in functions if item.physical == reader), None)
            return int((function.properties or {}).get("Timeout", 3)) if function else None
    return None


def retention(examination: Examination, queue: Expected) -> Verdict | None:
    """Messages are kept for as long as the template says."""
    wanted = (queue.properties or {}).get("MessageRetentionPeriod")
    if wanted is None:
        return None
    kept = int(_attributes(examination, queue.physical)["MessageRetentionPeriod"])
    return OK if kept >= int(wanted) else fail(f"kept for {kept} s, not {wanted}", str(wanted))


def encrypted(examination: Examination, queue: Expected) -> Verdict | None:
    """Messages are encrypted."""
    if str((queue.properties or {}).get("SqsManagedSseEnabled")).lower() != "true":
        return None
    there = _attributes(examination, queue.physical)
    secret = there.get("SqsManagedSseEnabled") == "true" or there.get("KmsMasterKeyId")
    return OK if secret else fail("messages are stored in the clear")


def queue_policy(examination: Examination, policy: Expected) -> Verdict | None:
    """The queue takes the bucket's notices, over TLS, and nobody else's."""
    properties = policy.properties or {}
    if not {"Queues", "PolicyDocument"} <= set(properties):
        return None
    for url in properties["Queues"]:
        verdict = held_against(_attributes(examination, url).get("Policy"), properties["PolicyDocument"])
        if verdict is not OK:
            return Verdict(verdict.outcome, verdict.found, json.dumps({"Policy": verdict.expected}))
    return OK


def dead_letters(examination: Examination, queue: Expected) -> Verdict | None:
    """Nothing was given up on."""
    redrives = [(item.properties or {}).get("RedrivePolicy", {}) for item in examination.of_kind(QUEUE)]
    mappings = [(item.properties or {}) for item in examination.of_kind("AWS::Lambda::EventSourceMapping")]
    targets = [str(policy.get("deadLetterTargetArn", "")) for policy in redrives]
    targets += [
        str(mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")) for mapping in mappings
    ]
    if queue.physical.rpartition("/")[2] not in {target.rpartition(":")[2] for target in targets}:
        return None
    count = int(_attributes(examination, queue.physical)["ApproximateNumberOfMessages"])
    if not count:
        return OK
    first = messages_in(examination.service("sqs"), queue.physical, at_most=1)[:1]
    about = f", about {subject(first[0]['Body'])} first" if first else ""
    return fail(f"{count} {'letter' if count == 1 else 'letters'}{about}")


_SET: Final = "aws sqs set-queue-attributes --queue-url {id} --attributes "
QUEUE_CHECKS: Final = (
    Check("queue-exists", QUEUE, "the queue is there", "deploy again: sam deploy", queue_exists),
    Check(
        "queue-redrive",
        QUEUE,
        "what keeps failing goes to its dead-letter queue",
        _SET + "'{expected}'",
        redrive,
    ),
    Check(
        "queue-visibility",
        QUEUE,
        "a message stays hidden for six times the time that its function may take",
        _SET + "VisibilityTimeout={expected}",
        visibility,
    ),
    Check(
        "queue-retention",
        QUEUE,
        "messages are kept long enough to mend a cause",
        _SET + "MessageRetentionPeriod={expected}",
        retention,
        in_accounts_only=True,
    ),
    Check(
        "queue-encryption",
        QUEUE,
        "messages are encrypted",
        _SET + "SqsManagedSseEnabled=true",
        encrypted,
        in_accounts_only=True,
    ),
    Check(
        "queue-policy",
        "AWS::SQS::QueuePolicy",
        "the queue takes its bucket's notices, and nobody else's",
        "aws sqs set-queue-attributes --queue-url QUEUE_URL --attributes '{expected}' for each queue of {subject}",
        queue_policy,
        in_accounts_only=True,
    ),
    Check(
        "dead-letters",
        QUEUE,
        "nothing was given up on",
        "mend the cause (docs/RUNBOOK.md has a section on each queue), then: tracelode redrive",
        dead_letters,
    ),
)
