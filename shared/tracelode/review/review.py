"""A declaration becomes findings."""

from tracelode.cmrt.declaration import Declaration
from tracelode.cmrt.layouts import layout_for, newest_layout
from tracelode.cmrt.versions import TemplateVersion
from tracelode.findings import Finding
from tracelode.review.completeness import COMPLETENESS_RULES
from tracelode.review.consistency import CONSISTENCY_RULES
from tracelode.review.rule import Case, Rule

RULES: tuple[Rule, ...] = (*COMPLETENESS_RULES, *CONSISTENCY_RULES)
"""Every rule that a declaration is held against."""


def review(declaration: Declaration, *, year: int, minimum_version: str = "") -> tuple[Finding, ...]:
    """Everything wrong or doubtful in a declaration for a program year, in the order of the rules.

    `minimum_version` is the oldest template version that the program year accepts, "" if it accepts all.
    Raises ValueError if it is no version: that is a mistake in the program, not in the document.
    """
    minimum = TemplateVersion.parse(minimum_version) if minimum_version else None
    if minimum_version and minimum is None:
        raise ValueError(f"not a CMRT version: {minimum_version!r}")
    version = TemplateVersion.parse(declaration.template_version)
    layout = (layout_for(version) if version else None) or newest_layout()
    case = Case(declaration, layout, year, minimum)
    return tuple(finding for rule in RULES for finding in rule.findings(case))
