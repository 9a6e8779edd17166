"""Figures as whoever names them sees them: `figures.json`, the team's own texts, the explanations.

This is the one edge between the values and their names: a name is a field's, a member of a mapping its key.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from tracelode.picture.figures.figures import Figures
from tracelode.printing.canonical_json import to_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Figure: TypeAlias = int | float | str | list[str]
"""One figure: a truth value, a number, a text, or several texts."""
Named: TypeAlias = "Figure | dict[str, Named]"
"""A figure, or a group of them by name."""


def figures_by_name(figures: "DataclassInstance") -> dict[str, Named]:
    """All figures, or a group of them, by name and in the order of the fields. What nobody knows (None) has no name."""
    return _group({field.name: getattr(figures, field.name) for field in fields(figures)})


def figures_json(figures: Figures) -> bytes:
    """`figures.json`."""
    return to_json(figures_by_name(figures))


def _group(members: Mapping[object, object]) -> dict[str, Named]:
    return {_text(name): _named(value) for name, value in members.items() if value is not None}


def _named(value: object) -> Named:
    if is_dataclass(value) and not isinstance(value, type):
        return figures_by_name(value)
    if isinstance(value, Mapping):
        return _group(value)
    if isinstance(value, tuple):
        return [_text(each) for each in value]
    return value if isinstance(value, int | float) else _text(value)


def _text(value: object) -> str:
    """A text as plain text, or that of a member of an enumeration. Nothing else is a name or a figure."""
    text = value.value if isinstance(value, Enum) else value
    if not isinstance(text, str):
        raise TypeError(f"no figure is a {type(value).__name__}")
    return str(text)
