"""Policy documents, held against those of the template."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tracelode_console.desk.doctor.check import OK, Verdict, fail, warn


def held_against(actual: str | Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Verdict:
    """Whether a policy says what the template says, in whatever order.

    A statement that is missing or changed fails; one that the template has not is worth a look where it denies, and
    fails where it allows something.
    """
    expected = json.dumps(wanted)
    if actual is None:
        return fail("there is no policy", expected)
    document = json.loads(actual) if isinstance(actual, str) else actual
    there = {_canonical(statement): statement for statement in _statements(document)}
    due = {_canonical(statement): statement for statement in _statements(wanted)}
    missing = [_name(due[key]) for key in sorted(set(due) - set(there))]
    extra = [there[key] for key in sorted(set(there) - set(due))]
    if missing:
        return fail(f"missing or changed: {', '.join(missing)}", expected)
    if any(statement.get("Effect") == "Allow" for statement in extra):
        return fail(f"allows what the template does not: {', '.join(_name(item) for item in extra)}", expected)
    return warn(f"denies what the template does not: {', '.join(_name(item) for item in extra)}") if extra else OK


def _statements(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = document.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def _name(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or statement.get("Action") or "a statement")


def _canonical(statement: Mapping[str, Any]) -> str:
    """A statement whose lists are sorted sets and whose single values are lists of one; its name is none of it."""
    return json.dumps(_sorted({name: value for name, value in statement.items() if name != "Sid"}), sort_keys=True)


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: item if name == "Effect" else _sorted(item) for name, item in value.items()}
    items = value if isinstance(value, list) else [value]
    return sorted(str(item).lower() if isinstance(item, bool) else str(item) for item in items)
