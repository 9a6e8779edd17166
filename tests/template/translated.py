"""The translated template, and ways to ask it questions."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tracelode_local.template.intrinsics import Intrinsics

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"

Resource = Mapping[str, Any]
NOTHING = {"Ref": "AWS::NoValue"}


class TranslatedTemplate:
    """The resources as CloudFormation gets them with these parameters: conditions decided, references as they are."""

    def __init__(self, document: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> None:
        self.document = document
        self._intrinsics = Intrinsics(document, parameters or {}, {})
        self.resources: Mapping[str, Resource] = {
            name: self._decided(resource)
            for name, resource in document["Resources"].items()
            if "Condition" not in resource or self._intrinsics.condition(resource["Condition"])
        }

    def _decided(self, value: Any) -> Any:
        if isinstance(value, list):
            decided = [self._decided(item) for item in value]
            return [item for item in decided if item != NOTHING]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Fn::If"}:
            condition, then, otherwise = value["Fn::If"]
            return self._decided(then if self._intrinsics.condition(condition) else otherwise)
        decided = {name: self._decided(item) for name, item in value.items()}
        return {name: item for name, item in decided.items() if item != NOTHING}

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Resources of a type by logical id."""
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, name: str) -> Mapping[str, Any]:
        """Properties of a resource."""
        return self.resources[name]["Properties"]

    def functions(self) -> dict[str, Mapping[str, Any]]:
        """Properties of the functions by logical id."""
        return {name: resource["Properties"] for name, resource in self.of_type("AWS::Lambda::Function").items()}

    def sources(self, function: str) -> list[Mapping[str, Any]]:
        """Properties of the event source mappings of a function."""
        mappings = self.of_type("AWS::Lambda::EventSourceMapping").values()
        return [
            mapping["Properties"] for mapping in mappings if mapping["Properties"]["FunctionName"] == {"Ref": function}
        ]

    def statements(self, function: str) -> Iterable[Mapping[str, Any]]:
        """Policy statements of a function's own role."""
        role = self.properties(resource_of(self.functions()[function]["Role"]))
        return [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]


def resource_of(reference: Mapping[str, Any]) -> str:
    """Logical id that a Ref or Fn::GetAtt points to."""
    return reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]


def arn_text(reference: Any) -> str:
    """An ARN as the template writes it, in one line: `Name.Arn`, `Name` of a reference, or a substitution's text."""
    if isinstance(reference, str):
        return reference
    if "Fn::GetAtt" in reference:
        return ".".join(reference["Fn::GetAtt"])
    return str(reference["Ref"] if "Ref" in reference else reference["Fn::Sub"])


def as_list(value: Any) -> list[Any]:
    """A policy's value, which may stand alone, as a list."""
    return value if isinstance(value, list) else [value]
