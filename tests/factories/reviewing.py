"""Reviews of declarations that no file was read for, and of readings, with the demands given by name.

The review is looked up when it is asked for, because its mutants are put in its place for the time of a test.
"""

from importlib import import_module
from typing import Any

from tracelode.declarations.declaration import Declaration, Reading
from tracelode.findings import Finding

_READ = ("look_up", "layout", "checker_count")
_CALLED = ("rules", "templates")


def review(declaration: Declaration, **settings: Any) -> tuple[Finding, ...]:
    """The findings of the rules alone."""
    reading = Reading(declaration, **{name: settings.pop(name) for name in _READ if name in settings})
    called = {name: settings.pop(name) for name in _CALLED if name in settings}
    found: tuple[Finding, ...] = import_module("tracelode.review.review").review(reading, _demands(settings), **called)
    return found


def review_reading(reading: Reading, **settings: Any) -> tuple[Finding, ...]:
    """All findings of a file that was read."""
    called = {name: settings.pop(name) for name in _CALLED if name in settings}
    found: tuple[Finding, ...] = import_module("tracelode.review.reading").review_reading(
        reading, _demands(settings), **called
    )
    return found


def _demands(settings: dict[str, Any]) -> object:
    return import_module("tracelode.review.rules.demands").Demands(**settings)
