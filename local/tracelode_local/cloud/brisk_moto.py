"""moto with less work behind the same answers.

moto is written for tests with small items. It weighs every item of a partition for each query, wrapping each member
anew, and copies an attribute in depth at each of its levels to print it once. With three hundred smelters in an item,
that was a quarter of moto's time in a run.
"""

import base64
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

_NUMBER, _BINARY = "N", "B"


def make_brisk() -> None:
    """Replace the two ways, in this process and for good."""
    replacements = {"size": weight, "to_regular_json": regular_json}
    for name, replacement in replacements.items():
        setattr(DynamoType, name, replacement)


def weight(attribute: Any) -> int:
    """DynamoType.size: bytes of an attribute's value, without that of its type."""
    value = attribute.value
    if isinstance(value, str | bytes):
        return len(value if attribute.type == _NUMBER or isinstance(value, bytes) else value.encode())
    if isinstance(value, bool):
        return 1
    if isinstance(value, dict):
        return sum([len(name.encode()) + weight(member) for name, member in value.items()])
    if isinstance(value, list):
        return sum([weight(DynamoType({attribute.type[0]: m}) if isinstance(m, str | bytes) else m) for m in value])
    return len(str(value))


def regular_json(attribute: Any) -> dict[str, Any]:
    """DynamoType.to_regular_json: an attribute as JSON has it, at all levels, sharing nothing that can be changed."""
    value = attribute.value
    if isinstance(value, dict):
        value = {name: regular_json(member) for name, member in value.items()}
    elif isinstance(value, list):
        value = [regular_json(member) if isinstance(member, DynamoType) else member for member in value]
    elif attribute.type == _BINARY and isinstance(value, str):
        value = base64.b64decode(value)
    return {attribute.type: value}
