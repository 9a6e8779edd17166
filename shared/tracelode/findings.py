"""What is wrong or doubtful in a document, and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CELLS_APART = ", "
"""What stands between the cells of a finding that several break alike."""


class Severity(StrEnum):
    """How much a finding weighs: an error asks for a correction, a warning for a look, a notice for nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or doubtful: rule id, severity, where, what was found, and what to do.

    `sheet` and `cell` (A1 notation) are None for a finding on the file as a whole. `cell` may name several cells of the
    sheet, with `CELLS_APART` between them, and say at its end how many more there are; `found` is then that of the
    first. `found` is the text as it stands
    in the workbook, untrusted and already cut to a bounded length; `message` and `remedy` are our own words.

    `words` are what filled the `{names}` of the rule's templates: our own terms and numbers, never a workbook's text.
    With them and the rule's id a finding can be told in another language.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None
    found: str = ""
    words: Mapping[str, str] = field(default_factory=dict, hash=False)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings, errors before warnings before notices, otherwise in the order given."""
    return tuple(sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.severity)))
