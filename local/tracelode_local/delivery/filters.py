"""Lambda's event filtering (event source mappings, FilterCriteria): which stream records reach a function."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracelode_local.template.intrinsics import UnresolvableError

_MISSING = object()


def matches(patterns: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """Whether a record passes the filter: one of the patterns matches it, or there is no pattern at all.

    Raises UnresolvableError for a comparison that is not known here.
    """
    listed = tuple(patterns)
    return not listed or any(_object(pattern, record) for pattern in listed)


def check(pattern: Mapping[str, Any]) -> None:
    """Raise UnresolvableError now for a pattern that could not be applied later."""
    for value in pattern.values():
        if isinstance(value, Mapping):
            check(value)
        elif isinstance(value, list):
            for rule in value:
                _rule(rule, "")
        else:
            raise UnresolvableError(f"a filter's leaf has to be a list, not {value!r}")


def _object(pattern: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    for key, expected in pattern.items():
        if isinstance(expected, Mapping):
            if not _object(expected, value.get(key)):
                return False
        elif not any(_rule(rule, value.get(key, _MISSING)) for rule in expected):
            return False
    return True


def _rule(rule: Any, value: Any) -> bool:
    if not isinstance(rule, Mapping):
        return value is not _MISSING and bool(value == rule)
    (name, operand), *others = rule.items()
    if others:
        raise UnresolvableError(f"a filter rule has one comparison, not {sorted(rule)}")
    match name:
        case "prefix":
            return isinstance(value, str) and value.startswith(operand)
        case "suffix":
            return isinstance(value, str) and value.endswith(operand)
        case "exists":
            return (value is not _MISSING) is operand
        case "anything-but" if isinstance(operand, str | list):
            return value is not _MISSING and value not in ([operand] if isinstance(operand, str) else operand)
        case "anything-but" if isinstance(operand, Mapping):
            return value is not _MISSING and not _rule(operand, value)
    raise UnresolvableError(f"filter comparison {name} is not known here")
