"""The translated template's grants, with every reference resolved, and what AWS's own services need of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.iam.recording import Call
from tests.iam.rights import Right, needed, table_arn
from tests.template.translated import as_list, resource_of
from tracelode_local.cloud.account import ACCOUNT, REGION
from tracelode_local.template.stack import read_resources, read_stack

QUEUE_POLLER = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""Lambda's poller takes messages with the function's role (AWS Lambda Developer Guide, "Using Lambda with Amazon
SQS")."""
STREAM_POLLER = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
"""Lambda's poller reads the stream with the function's role (AWS Lambda Developer Guide, "Using AWS Lambda with Amazon
DynamoDB")."""
STREAM_FINDER = ("dynamodb:ListStreams",)
"""The same page; it is asked for on the streams of the table."""
FAILURE_SENDER = ("sqs:SendMessage",)
"""Lambda tells the OnFailure destination with the function's role."""
LOG_WRITER = ("logs:CreateLogStream", "logs:PutLogEvents")
"""Lambda writes what a function prints with the function's role."""
TRACE_SENDER = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
"""Lambda's X-Ray daemon sends traces with the function's role."""

SERVICE_WILDCARDS: Mapping[str, str] = {
    "stream/*": "a table's streams are listed to find the one in use, whose ARN is not known before",
    "log-group:": "the streams of the function's own log group are named by Lambda",
}
"""Why a grant that only AWS's services use is wider than one resource, by a part that names it. `*` stands alone for
X-Ray, whose two actions know no resources."""


Rights = Mapping[str, frozenset[Right]]
"""Rights by the name of the function that has them or needs them."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What needs and grants do not agree on, a line each, sorted.

    `refused` is needed and not allowed, `unused` allowed and not needed; of `idle_wildcards` one resource was needed.
    """

    refused: tuple[str, ...]
    unused: tuple[str, ...]
    idle_wildcards: tuple[str, ...]


def held_against(granted: Rights, needed_rights: Rights) -> Findings:
    """Hold what was needed against what is granted, function by function."""
    grants = [(name, grant) for name in granted for grant in granted[name]]
    return Findings(
        refused=_lines(
            (name, right)
            for name, rights in needed_rights.items()
            for right in rights
            if not any(grant.allows(right) for grant in granted[name])
        ),
        unused=_lines((name, grant) for name, grant in grants if not _under(grant, needed_rights[name])),
        idle_wildcards=_lines(
            (name, grant)
            for name, grant in grants
            if grant.wide and not _for_services(grant) and len(_under(grant, needed_rights[name])) == 1
        ),
    )


class Policies:
    """The grants of each function's own role, and what AWS's services need of it, by the function's name."""

    def __init__(self, translated: Mapping[str, Any]) -> None:
        self._resources: Mapping[str, Any] = translated["Resources"]
        self._stack = read_stack(translated, {}, "http://localhost")
        self._intrinsics = read_resources(translated, {}, "http://localhost").intrinsics
        names = {logical_id: function.name for logical_id, function in self._stack.functions.items()}
        self.statements = {name: self._statements(logical_id) for logical_id, name in names.items()}
        self.granted: Rights = {name: frozenset(_grants(self.statements[name])) for name in names.values()}
        self.services: Rights = {
            name: frozenset(self._needs_of_services(logical_id, name)) for logical_id, name in names.items()
        }

    def needs(self, calls: Iterable[Call]) -> Rights:
        """What the calls and AWS's services need. Raises UnlistedOperationError for an operation not listed."""
        rights = {name: set(services) for name, services in self.services.items()}
        for call in calls:
            rights[call.function].update(needed(call))
        return {name: frozenset(needs) for name, needs in rights.items()}

    def _statements(self, logical_id: str) -> tuple[Mapping[str, Any], ...]:
        role = self._resources[resource_of(self._resources[logical_id]["Properties"]["Role"])]
        policies = self._intrinsics.resolve(role["Properties"]["Policies"])
        return tuple(statement for policy in policies for statement in policy["PolicyDocument"]["Statement"])

    def _needs_of_services(self, logical_id: str, function: str) -> Iterator[Right]:
        properties = self._resources[logical_id]["Properties"]
        group = self._intrinsics.resolve(properties["LoggingConfig"]["LogGroup"])
        yield from _rights(LOG_WRITER, f"{_log_group(group)}:log-stream:one")
        if properties.get("TracingConfig", {}).get("Mode") == "Active":
            yield from _rights(TRACE_SENDER, "*")
        for queue in self._stack.queue_mappings:
            if queue.function.name == function:
                yield from _rights(QUEUE_POLLER, queue.queue.arn)
        for stream in self._stack.stream_mappings:
            if stream.function.name == function:
                yield from _rights(STREAM_POLLER, stream.table.stream_arn)
                yield from _rights(STREAM_FINDER, f"{table_arn(stream.table.name)}/stream/*")
                if stream.failure_queue:
                    yield from _rights(FAILURE_SENDER, stream.failure_queue.arn)


def _rights(actions: Iterable[str], resource: str) -> Iterator[Right]:
    return (Right(action, resource) for action in actions)


def _grants(statements: Iterable[Mapping[str, Any]]) -> Iterator[Right]:
    for statement in statements:
        for action in as_list(statement["Action"]):
            yield from (Right(action, resource) for resource in as_list(statement["Resource"]))


def _under(grant: Right, rights: Iterable[Right]) -> set[str]:
    """The resources of the rights that a grant covers."""
    return {right.resource for right in rights if grant.allows(right)}


def _for_services(grant: Right) -> bool:
    return grant.resource == "*" or any(part in grant.resource for part in SERVICE_WILDCARDS)


def _log_group(name: str) -> str:
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"


def _lines(rights: Iterable[tuple[str, Right]]) -> tuple[str, ...]:
    return tuple(sorted(f"{name.rpartition('-')[2]} {right.action} {right.resource}" for name, right in rights))
