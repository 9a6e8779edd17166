"""What the template says that a deployed stack consists of: every resource with its properties worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracelode_console.desk.installation import Deployment
from tracelode_local.template.intrinsics import Intrinsics, UnresolvableError

URL_SUFFIX: Final = "amazonaws.com"
LAYER: Final = "AWS::Lambda::LayerVersion"
"""A layer's logical id has a hash of its content in it: which version a function has is not worked out here."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A resource as the template has it.

    `physical` is its id in the account, "" where the stack has none of that name. `properties` is None where the
    template says something that cannot be worked out from outside.
    """

    logical_id: str
    kind: str
    physical: str
    properties: Mapping[str, Any] | None

    @property
    def subject(self) -> str:
        """What to call it: its logical id, as in the template."""
        return self.logical_id


def expected(template: Mapping[str, Any], deployment: Deployment, streams: Mapping[str, str]) -> tuple[Expected, ...]:
    """The resources of a translated template for a stack; `streams` has the stream's ARN by the table's name.

    Parameters that the template does not know are those of another release and left out.
    """
    declared = template.get("Parameters", {})
    given = {name: value for name, value in deployment.parameters.items() if name in declared}
    attributes: dict[str, Mapping[str, str]] = {}
    intrinsics = Intrinsics(template, given, attributes, _surroundings(deployment))
    present = {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if "Condition" not in resource or intrinsics.condition(resource["Condition"])
    }
    for logical_id, resource in present.items():
        physical = deployment.resources.get(logical_id, "")
        attributes[logical_id] = (
            {"Ref": logical_id}
            if resource["Type"] == LAYER
            else _attributes(resource["Type"], physical, deployment, streams)
        )
    return tuple(
        Expected(
            logical_id,
            resource["Type"],
            deployment.resources.get(logical_id, ""),
            _resolved(intrinsics, resource.get("Properties", {})),
        )
        for logical_id, resource in present.items()
    )


def _resolved(intrinsics: Intrinsics, properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Each property by itself: one that cannot be worked out (a layer's version, say) leaves the others."""
    resolved: dict[str, Any] = {}
    for name, value in properties.items():
        try:
            resolved[name] = intrinsics.resolve({name: value}).get(name)
        except UnresolvableError:
            continue
    return {name: value for name, value in resolved.items() if value is not None}


def _surroundings(deployment: Deployment) -> Mapping[str, str]:
    return {
        "AWS::AccountId": deployment.account,
        "AWS::Partition": deployment.partition,
        "AWS::Region": deployment.region,
        "AWS::StackName": deployment.name,
        "AWS::StackId": deployment.stack_id,
        "AWS::URLSuffix": URL_SUFFIX,
    }


def _attributes(kind: str, physical: str, deployment: Deployment, streams: Mapping[str, str]) -> Mapping[str, str]:
    if not physical:
        return {}

    def arn(service: str, resource: str, *, region: str = deployment.region) -> str:
        return f"arn:{deployment.partition}:{service}:{region}:{deployment.account}:{resource}"

    match kind:
        case "AWS::Lambda::Function":
            return {"Ref": physical, "Arn": arn("lambda", f"function:{physical}")}
        case "AWS::SQS::Queue":
            name = physical.rpartition("/")[2]
            return {"Ref": physical, "Arn": arn("sqs", name), "QueueName": name}
        case "AWS::S3::Bucket":
            return {"Ref": physical, "Arn": f"arn:{deployment.partition}:s3:::{physical}"}
        case "AWS::DynamoDB::Table":
            stream = {"StreamArn": streams[physical]} if physical in streams else {}
            return {"Ref": physical, "Arn": arn("dynamodb", f"table/{physical}"), **stream}
        case "AWS::IAM::Role":
            return {"Ref": physical, "Arn": arn("iam", f"role/{physical}", region="")}
        case "AWS::Logs::LogGroup":
            return {"Ref": physical, "Arn": arn("logs", f"log-group:{physical}:*")}
    return {"Ref": physical, "Arn": physical} if physical.startswith("arn:") else {"Ref": physical}
