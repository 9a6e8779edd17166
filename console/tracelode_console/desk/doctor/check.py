"""What a check is, and what comes of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tracelode_console.desk.doctor.expected import Expected
from tracelode_console.desk.installation import Installation


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    """Worth a look; the system works."""
    FAIL = "fail"
    """Has to be mended."""
    UNCHECKED = "unchecked"
    """Cannot be checked here, or by you: nothing is known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `expected` is what should be there, as JSON, for commands that put it back."""

    outcome: Outcome
    found: str = ""
    expected: str = ""


OK = Verdict(Outcome.OK)


@dataclass(frozen=True, slots=True)
class Examination:
    """What checks look at: the system, what the template says of it, the year, and the time."""

    installation: Installation
    resources: tuple[Expected, ...]
    outputs: tuple[str, ...]
    year: int | None
    now: datetime
    _answers: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def of_kind(self, kind: str) -> tuple[Expected, ...]:
        """The resources of a type."""
        return tuple(resource for resource in self.resources if resource.kind == kind)

    def named(self, physical: str) -> Expected | None:
        """The resource with this physical id."""
        return next((resource for resource in self.resources if resource.physical == physical), None)

    def answer(self, service: str, operation: str, **arguments: str | tuple[str, ...]) -> Any:
        """What a call says, asked once however many checks want to know. Errors are not remembered."""
        asked = (service, operation, *sorted(arguments.items()))
        if asked not in self._answers:
            self._answers[asked] = getattr(self.service(service), operation)(**arguments)
        return self._answers[asked]

    def service(self, name: str) -> Any:
        """A client. Raises NotHereError for a service that a local system does not have."""
        if name in ("s3", "sqs", "dynamodb"):
            return getattr(self.installation.clients, name)
        if self.installation.account_clients is None:
            raise NotHereError("there is no such thing on this machine")
        return self.installation.account_clients.other(name)


class NotHereError(Exception):
    """This cannot be checked here; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold.

    `about` is the type of the resources that it looks at, "" for one that looks at the system as a whole. `holds` says
    what is right, `mend` what to do where it is not; `{id}`, `{subject}`, `{stack}`, `{year}` and `{expected}` in it
    are filled in. `look` gives a verdict on one resource, None where the check has nothing to say on it.
    """

    name: str
    about: str
    holds: str
    mend: str
    look: Callable[[Examination, Expected], Verdict | None] = field(repr=False)
    in_accounts_only: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A check's verdict on a subject, and how to mend it."""

    check: str
    subject: str
    outcome: Outcome
    holds: str
    found: str
    mend: str


def fail(found: str, expected: str = "") -> Verdict:
    """Has to be mended."""
    return Verdict(Outcome.FAIL, found, expected)


def warn(found: str) -> Verdict:
    """Worth a look."""
    return Verdict(Outcome.WARN, found)


def held(found: Mapping[str, Any], wanted: Mapping[str, Any], names: Iterable[str] = ()) -> Verdict:
    """Whether what was found has what is wanted under these names, or under all that are wanted."""
    differing = [name for name in names or wanted if name in wanted and _plain(found.get(name)) != _plain(wanted[name])]
    if not differing:
        return OK
    return fail("; ".join(f"{name} is {_shown(found.get(name))}, not {_shown(wanted[name])}" for name in differing))


def _plain(value: Any) -> Any:
    """Numbers and truth values as CloudFormation, which writes them either way, and AWS both write them."""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _shown(value: Any) -> str:
    return "missing" if value is None else str(value)
