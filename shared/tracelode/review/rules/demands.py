"""What a program year demands of a declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import Severity
from tracelode.template_kind import CMRT


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded for a program year, and when the file came that it is demanded of.

    `minimum_version` is the oldest CMRT version that the year accepts, "" if it accepts all; `received` the day of
    receipt (UTC), None where it is unknown: rules that need it are then silent. `severities` are the year's own by rule
    id, None for a rule that is switched off.
    """

    year: int
    minimum_version: str = ""
    received: date | None = None
    severities: Mapping[str, Severity | None] = field(default_factory=dict)

    @property
    def oldest_accepted(self) -> TemplateVersion | None:
        """The oldest CMRT version that is accepted; None if all are.

        Raises ValueError if the minimum is no version: that is a mistake in the program, not in the document.
        """
        minimum = TemplateVersion.parse(CMRT, self.minimum_version)
        if self.minimum_version and minimum is None:
            raise ValueError(f"not a CMRT version: {self.minimum_version!r}")
        return minimum
