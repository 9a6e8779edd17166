"""CloudFormation's intrinsic functions, worked out for a stack on this machine. What is not known fails loudly."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tracelode_local.cloud.account import ACCOUNT, REGION

STACK: Final = "tracelode"

_PSEUDO_PARAMETERS: Final[Mapping[str, str]] = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": STACK,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/local",
    "AWS::URLSuffix": "amazonaws.com",
}
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


class UnresolvableError(ValueError):
    """The template says something that this machine cannot give a value to."""


class _NoValue:
    """What `AWS::NoValue` leaves behind: nothing."""


_NO_VALUE: Final = _NoValue()


class Intrinsics:
    """Resolves the values of one translated template.

    `attributes` maps a logical id to its `Ref` (under the name "Ref") and its attributes; it may grow while resources
    are created. `surroundings` are the pseudo parameters, those of this machine unless given. Resolving is lazy: only
    what is asked for has to be resolvable.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, str],
        attributes: Mapping[str, Mapping[str, str]],
        surroundings: Mapping[str, str] = _PSEUDO_PARAMETERS,
    ) -> None:
        self._conditions: Mapping[str, Any] = template.get("Conditions", {})
        self._mappings: Mapping[str, Any] = template.get("Mappings", {})
        self._parameters = _parameter_values(template.get("Parameters", {}), parameters)
        self._attributes = attributes
        self._surroundings = surroundings
        self._functions: Mapping[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
            "Fn::Equals": self._equals,
            "Fn::And": lambda tests: all(self.resolve(test) for test in tests),
            "Fn::Or": lambda tests: any(self.resolve(test) for test in tests),
            "Fn::Not": lambda tests: not self.resolve(tests[0]),
        }

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function replaced by its result, and `AWS::NoValue` left out.

        Raises UnresolvableError for a function, reference or attribute that is not known here.
        """
        if isinstance(value, list):
            return [item for item in (self.resolve(item) for item in value) if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            function = self._functions.get(name)
            if function:
                return function(argument)
            if name.startswith("Fn::"):
                raise UnresolvableError(f"{name} is not known here")
        resolved = ((key, self.resolve(item)) for key, item in value.items())
        return {key: item for key, item in resolved if item is not _NO_VALUE}

    def condition(self, name: str) -> bool:
        """Whether a named condition holds."""
        if name not in self._conditions:
            raise UnresolvableError(f"condition {name} is not declared")
        return bool(self.resolve(self._conditions[name]))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self._surroundings:
            return self._surroundings[name]
        if name in self._parameters:
            return self._parameters[name]
        return self._attribute(name, "Ref")

    def _get_att(self, argument: str | list[str]) -> str:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else (argument[0], ".".join(argument[1:]))
        return self._attribute(name, attribute)

    def _attribute(self, name: str, attribute: str) -> str:
        known = self._attributes.get(name, {})
        if attribute not in known:
            raise UnresolvableError(f"{attribute} of {name} is not known here")
        return known[attribute]

    def _sub(self, argument: str | list[Any]) -> str:
        text, extra = (argument, {}) if isinstance(argument, str) else (argument[0], self.resolve(argument[1]))

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return _text(extra[name])
            return _text(self._get_att(name) if "." in name else self._ref(name))

        return _VARIABLE.sub(value, text)

    def _join(self, argument: list[Any]) -> str:
        return str(argument[0]).join(_text(item) for item in self.resolve(argument[1]))

    def _select(self, argument: list[Any]) -> Any:
        return self.resolve(argument[1])[int(self.resolve(argument[0]))]

    def _split(self, argument: list[Any]) -> list[str]:
        return str(self.resolve(argument[1])).split(str(argument[0]))

    def _find_in_map(self, argument: list[Any]) -> Any:
        found: Any = self._mappings
        for key in self.resolve(argument):
            if not isinstance(found, dict) or key not in found:
                raise UnresolvableError(f"no mapping {' / '.join(map(str, self.resolve(argument)))}")
            found = found[key]
        return found

    def _if(self, argument: list[Any]) -> Any:
        name, then, otherwise = argument
        return self.resolve(then if self.condition(name) else otherwise)

    def _equals(self, argument: list[Any]) -> bool:
        left, right = self.resolve(argument)
        return _text(left) == _text(right)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parameter_values(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise UnresolvableError(f"the template declares no parameter {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name, declaration in declared.items():
        value = given.get(name, declaration.get("Default"))
        if value is None:
            raise UnresolvableError(f"parameter {name} has no value")
        is_list = "List" in declaration.get("Type", "String")
        values[name] = str(value).split(",") if is_list else value
    return values
