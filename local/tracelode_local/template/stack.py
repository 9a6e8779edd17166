"""What the translated template describes, as values: functions, queues, buckets, tables and how they are wired.

Nothing here creates anything. Names are given as CloudFormation would give them: the template's own, or one made of the
stack's name and the logical id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tracelode_local.cloud.account import ACCOUNT, REGION
from tracelode_local.template.intrinsics import STACK, Intrinsics, UnresolvableError

_WITHOUT_LOCAL_EFFECT: Final = (
    "AWS::ApplicationInsights::",
    "AWS::CloudWatch::",
    "AWS::Events::Rule",
    "AWS::GuardDuty::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::",
    "AWS::ResourceGroups::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::",
)
"""Resource types that nothing on this machine would heed by itself: permissions, logs, alarms, layers."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: where its code lies, and what Lambda would run it with. `timeout` is in seconds."""

    name: str
    folder: Path
    handler: str
    timeout: float
    memory: int
    environment: Mapping[str, str]

    @property
    def arn(self) -> str:
        """The function's ARN."""
        return _arn("lambda", f"function:{self.name}")


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue. `dead_letter_arn` is None for a queue that nothing is redriven from."""

    name: str
    arn: str
    url: str
    visibility: int
    dead_letter_arn: str | None = None
    max_receive_count: int = 0


@dataclass(frozen=True, slots=True)
class Notification:
    """Which events of a bucket go to which queue. `event` may end in `*`."""

    event: str
    queue_arn: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket."""

    name: str
    versioned: bool
    notifications: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A DynamoDB table. `definition` is what CreateTable takes; `stream_arn` only stands for the stream to come."""

    name: str
    stream_arn: str
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """An SNS topic. Who subscribed to it in the template is not heeded: nobody gets mail from this machine."""

    name: str
    arn: str


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """An event source mapping from a queue to a function. `concurrency` is its MaximumConcurrency, or None."""

    function: Function
    queue: Queue
    batch_size: int
    reports_failures: bool
    concurrency: int | None


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """An event source mapping from a table's stream to a function.

    `filters` are patterns of which a record has to match one (none: every record goes); `window` is in seconds;
    `retries` is None where the template sets no limit.
    """

    function: Function
    table: Table
    batch_size: int
    window: float
    filters: tuple[Mapping[str, Any], ...]
    bisects: bool
    retries: int | None
    reports_failures: bool
    failure_queue: Queue | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """An EventBridge schedule that invokes a function. `expression` is the template's; `event` is what it sends."""

    name: str
    function: Function
    expression: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stack:
    """All of it. The mappings and schedules stand in the template's order."""

    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]
    buckets: Mapping[str, Bucket]
    tables: Mapping[str, Table]
    queue_mappings: tuple[QueueMapping, ...]
    stream_mappings: tuple[StreamMapping, ...]
    schedules: tuple[Schedule, ...] = ()
    topics: Mapping[str, Topic] = field(default_factory=dict)

    def queue(self, arn: str) -> Queue:
        """The queue with this ARN; raises UnresolvableError where the template has none."""
        for queue in self.queues.values():
            if queue.arn == arn:
                return queue
        raise UnresolvableError(f"no queue {arn} in the template")

    @property
    def dead_letter_queues(self) -> tuple[Queue, ...]:
        """The queues that failures end in: targets of a redrive policy or of a stream's failure destination."""
        redriven = {queue.dead_letter_arn for queue in self.queues.values()}
        failed = {mapping.failure_queue.arn for mapping in self.stream_mappings if mapping.failure_queue}
        return tuple(queue for queue in self.queues.values() if queue.arn in redriven | failed)

    def bucket_for(self, variable: str) -> str:
        """The bucket's name that the functions get in an environment variable.

        Raises UnresolvableError where no function has it or two functions disagree.
        """
        names = {fn.environment[variable] for fn in self.functions.values() if variable in fn.environment}
        if len(names) != 1:
            raise UnresolvableError(f"{variable} names {len(names)} buckets in the template, not one")
        return names.pop()


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources that a stack gets, as the template writes them, and what resolves the values in them.

    `attributes` has the `Ref` and the attributes of each by logical id.
    """

    present: Mapping[str, Mapping[str, Any]]
    attributes: Mapping[str, Mapping[str, str]]
    intrinsics: Intrinsics


def read_resources(template: Mapping[str, Any], parameters: Mapping[str, str], endpoint: str) -> Resources:
    """The resources of a translated template whose conditions hold with these parameters.

    Raises UnresolvableError for a resource type that is not known here.
    """
    attributes: dict[str, Mapping[str, str]] = {}
    intrinsics = Intrinsics(template, parameters, attributes)
    present: dict[str, Mapping[str, Any]] = {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if "Condition" not in resource or intrinsics.condition(resource["Condition"])
    }
    for logical_id, resource in present.items():
        attributes[logical_id] = _attributes(logical_id, resource, intrinsics, endpoint)
    return Resources(present, attributes, intrinsics)


def read_stack(template: Mapping[str, Any], parameters: Mapping[str, str], endpoint: str) -> Stack:
    """The stack that a translated template describes, for the local cloud at `endpoint`.

    Raises UnresolvableError for a resource type, property or function that this machine would have to heed and cannot.
    """
    resources = read_resources(template, parameters, endpoint)
    reader = _Reader(resources.intrinsics, resources.attributes)
    kinds: dict[str, dict[str, Mapping[str, Any]]] = {}
    for logical_id, resource in resources.present.items():
        kinds.setdefault(resource["Type"], {})[logical_id] = resource
    functions = {name: reader.function(name, entry) for name, entry in kinds.get("AWS::Lambda::Function", {}).items()}
    queues = {name: reader.queue(name, entry) for name, entry in kinds.get("AWS::SQS::Queue", {}).items()}
    tables = {name: reader.table(name, entry) for name, entry in kinds.get("AWS::DynamoDB::Table", {}).items()}
    wired = Stack(
        functions=functions,
        queues=queues,
        buckets={name: reader.bucket(name, entry) for name, entry in kinds.get("AWS::S3::Bucket", {}).items()},
        tables=tables,
        queue_mappings=(),
        stream_mappings=(),
    )
    return replace(
        reader.wire(wired, kinds.get("AWS::Lambda::EventSourceMapping", {})),
        schedules=reader.schedules(wired, kinds.get("AWS::Scheduler::Schedule", {})),
        topics={
            name: Topic(resources.attributes[name]["TopicName"], resources.attributes[name]["Ref"])
            for name in kinds.get("AWS::SNS::Topic", {})
        },
    )


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _attributes(
    logical_id: str, resource: Mapping[str, Any], intrinsics: Intrinsics, endpoint: str
) -> Mapping[str, str]:
    kind: str = resource["Type"]
    properties = resource.get("Properties", {})

    def name(given: str) -> str:
        return str(intrinsics.resolve(properties.get(given, f"{STACK}-{logical_id}")))

    match kind:
        case "AWS::Lambda::Function":
            return {"Ref": name("FunctionName"), "Arn": _arn("lambda", f"function:{name('FunctionName')}")}
        case "AWS::SQS::Queue":
            queue = name("QueueName")
            return {"Ref": f"{endpoint}/{ACCOUNT}/{queue}", "Arn": _arn("sqs", queue), "QueueName": queue}
        case "AWS::S3::Bucket":
            bucket = name("BucketName").lower()
            return {"Ref": bucket, "Arn": f"arn:aws:s3:::{bucket}"}
        case "AWS::DynamoDB::Table":
            table = _arn("dynamodb", f"table/{name('TableName')}")
            return {"Ref": name("TableName"), "Arn": table, "StreamArn": f"{table}/stream/local"}
        case "AWS::Logs::LogGroup":
            # CloudFormation's own attribute ends so.
            return {"Ref": name("LogGroupName"), "Arn": _arn("logs", f"log-group:{name('LogGroupName')}:*")}
        case "AWS::SNS::Topic":
            return {"Ref": _arn("sns", name("TopicName")), "TopicName": name("TopicName")}
        case "AWS::Lambda::EventSourceMapping":
            return {"Ref": logical_id}
    if kind.startswith(_WITHOUT_LOCAL_EFFECT):
        return {"Ref": logical_id, "Arn": f"arn:aws:local:{logical_id}"}
    raise UnresolvableError(f"{logical_id}: {kind} is not known here")


class _Reader:
    """Reads resources as values, each property through the intrinsics."""

    def __init__(self, intrinsics: Intrinsics, attributes: Mapping[str, Mapping[str, str]]) -> None:
        self._intrinsics = intrinsics
        self._attributes = attributes

    def _properties(self, resource: Mapping[str, Any], *names: str) -> dict[str, Any]:
        properties = resource.get("Properties", {})
        found: dict[str, Any] = self._intrinsics.resolve(
            {name: properties[name] for name in names if name in properties}
        )
        return found

    def function(self, logical_id: str, resource: Mapping[str, Any]) -> Function:
        properties = self._properties(resource, "Handler", "Timeout", "MemorySize", "Environment")
        folder = resource.get("Metadata", {}).get("LocalCodeUri")
        if not folder:
            raise UnresolvableError(f"{logical_id}: no Metadata.LocalCodeUri says where its code lies")
        variables = properties.get("Environment", {}).get("Variables", {})
        return Function(
            name=self._attributes[logical_id]["Ref"],
            folder=Path(folder),
            handler=properties["Handler"],
            timeout=float(properties.get("Timeout", 3)),
            memory=int(properties.get("MemorySize", 128)),
            environment={name: str(value) for name, value in variables.items()},
        )

    def queue(self, logical_id: str, resource: Mapping[str, Any]) -> Queue:
        properties = self._properties(resource, "VisibilityTimeout", "RedrivePolicy", "FifoQueue")
        if properties.get("FifoQueue"):
            raise UnresolvableError(f"{logical_id}: FIFO queues are not known here")
        redrive = properties.get("RedrivePolicy", {})
        if isinstance(redrive, str):
            redrive = json.loads(redrive)
        attributes = self._attributes[logical_id]
        return Queue(
            name=attributes["QueueName"],
            arn=attributes["Arn"],
            url=attributes["Ref"],
            visibility=int(properties.get("VisibilityTimeout", 30)),
            dead_letter_arn=redrive.get("deadLetterTargetArn"),
            max_receive_count=int(redrive.get("maxReceiveCount", 0)),
        )

    def bucket(self, logical_id: str, resource: Mapping[str, Any]) -> Bucket:
        properties = self._properties(resource, "VersioningConfiguration", "NotificationConfiguration")
        notifications = properties.get("NotificationConfiguration", {})
        others = sorted(set(notifications) - {"QueueConfigurations"})
        if others:
            raise UnresolvableError(f"{logical_id}: {', '.join(others)} are not known here")
        return Bucket(
            name=self._attributes[logical_id]["Ref"],
            versioned=properties.get("VersioningConfiguration", {}).get("Status") == "Enabled",
            notifications=tuple(_notification(entry) for entry in notifications.get("QueueConfigurations", ())),
        )

    def table(self, logical_id: str, resource: Mapping[str, Any]) -> Table:
        attributes = self._attributes[logical_id]
        definition = self._properties(
            resource,
            "KeySchema",
            "AttributeDefinitions",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
            "BillingMode",
            "ProvisionedThroughput",
            "StreamSpecification",
        )
        if "StreamSpecification" in definition:
            definition["StreamSpecification"] = {
                "StreamEnabled": True,
                "StreamViewType": definition["StreamSpecification"]["StreamViewType"],
            }
        return Table(attributes["Ref"], attributes["StreamArn"], {"TableName": attributes["Ref"], **definition})

    def wire(self, stack: Stack, resources: Mapping[str, Mapping[str, Any]]) -> Stack:
        queues: list[QueueMapping] = []
        streams: list[StreamMapping] = []
        by_stream = {table.stream_arn: table for table in stack.tables.values()}
        by_function = {function.name: function for function in stack.functions.values()}
        for logical_id, resource in resources.items():
            properties: dict[str, Any] = self._intrinsics.resolve(resource.get("Properties", {}))
            if str(properties.pop("Enabled", True)).lower() == "false":
                continue
            source = properties.pop("EventSourceArn")
            name = properties.pop("FunctionName").rpartition(":")[2]
            if name not in by_function:
                raise UnresolvableError(f"{logical_id}: no function {name} in the template")
            if source in by_stream:
                streams.append(_stream_mapping(logical_id, by_function[name], by_stream[source], properties, stack))
            else:
                queues.append(_queue_mapping(logical_id, by_function[name], stack.queue(source), properties))
        return Stack(stack.functions, stack.queues, stack.buckets, stack.tables, tuple(queues), tuple(streams))

    def schedules(self, stack: Stack, resources: Mapping[str, Mapping[str, Any]]) -> tuple[Schedule, ...]:
        by_arn = {function.arn: function for function in stack.functions.values()}
        found: list[Schedule] = []
        for logical_id, resource in resources.items():
            properties: dict[str, Any] = self._intrinsics.resolve(resource.get("Properties", {}))
            if properties.get("State", "ENABLED") != "ENABLED":
                continue
            target = properties["Target"]
            if target["Arn"] not in by_arn:
                raise UnresolvableError(f"{logical_id}: no function {target['Arn']} in the template")
            if "Input" not in target:
                raise UnresolvableError(f"{logical_id}: a schedule without an Input is not known here")
            event = json.loads(target["Input"])
            found.append(Schedule(logical_id, by_arn[target["Arn"]], properties["ScheduleExpression"], event))
        return tuple(found)


def _notification(entry: Mapping[str, Any]) -> Notification:
    rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", ())
    parts = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return Notification(
        event=entry["Event"], queue_arn=entry["Queue"], prefix=parts.get("prefix", ""), suffix=parts.get("suffix", "")
    )


def _reports_failures(properties: dict[str, Any]) -> bool:
    return "ReportBatchItemFailures" in properties.pop("FunctionResponseTypes", ())


def _queue_mapping(logical_id: str, function: Function, queue: Queue, properties: dict[str, Any]) -> QueueMapping:
    mapping = QueueMapping(
        function=function,
        queue=queue,
        batch_size=int(properties.pop("BatchSize", 10)),
        reports_failures=_reports_failures(properties),
        concurrency=properties.pop("ScalingConfig", {}).get("MaximumConcurrency"),
    )
    # A queue's window only asks for fuller batches; here the queue is full before the first batch is taken.
    _refuse_unread(logical_id, properties, "MaximumBatchingWindowInSeconds")
    return mapping


def _stream_mapping(
    logical_id: str, function: Function, table: Table, properties: dict[str, Any], stack: Stack
) -> StreamMapping:
    filters = properties.pop("FilterCriteria", {}).get("Filters", ())
    retries = int(properties.pop("MaximumRetryAttempts", -1))
    destination = properties.pop("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    mapping = StreamMapping(
        function=function,
        table=table,
        batch_size=int(properties.pop("BatchSize", 100)),
        window=float(properties.pop("MaximumBatchingWindowInSeconds", 0)),
        filters=tuple(json.loads(entry["Pattern"]) for entry in filters),
        bisects=str(properties.pop("BisectBatchOnFunctionError", False)).lower() == "true",
        retries=None if retries < 0 else retries,
        reports_failures=_reports_failures(properties),
        failure_queue=stack.queue(destination) if destination else None,
    )
    # One shard is read by one invocation at a time, from its beginning; nothing here grows a day old.
    _refuse_unread(logical_id, properties, "StartingPosition", "MaximumRecordAgeInSeconds", "ParallelizationFactor")
    return mapping


def _refuse_unread(logical_id: str, properties: Mapping[str, Any], *harmless: str) -> None:
    unread = sorted(set(properties) - {"Tags", "MetricsConfig", "LoggingConfig", *harmless})
    if unread:
        raise UnresolvableError(f"{logical_id}: {', '.join(unread)} is not known here")
