"""A declaration becomes findings."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracelode.declarations.declaration import Declaration
from tracelode.declarations.look_up import LookUp
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.layouts import Layout
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import Finding, Severity
from tracelode.review.consistency import CONSISTENCY_RULES
from tracelode.review.rules.completeness import COMPLETENESS_RULES
from tracelode.review.rules.rule import Rule, case_of
from tracelode.template_kind import CMRT

RULES: tuple[Rule, ...] = (*COMPLETENESS_RULES, *CONSISTENCY_RULES)
"""Every rule that a declaration is held against."""

RULE_IDS: frozenset[str] = frozenset(rule.id for rule in RULES)
"""What a program year can give severities of its own."""

_NO_OVERRIDES: Mapping[str, Severity | None] = {}


def review(
    declaration: Declaration,
    *,
    year: int,
    minimum_version: str = "",
    received: date | None = None,
    look_up: LookUp | None = None,
    layout: Layout | None = None,
    checker_count: int | None = None,
    severities: Mapping[str, Severity | None] = _NO_OVERRIDES,
    rules: Iterable[Rule] = RULES,
    templates: Templates = TEMPLATES,
) -> tuple[Finding, ...]:
    """Everything wrong or doubtful in a declaration for a program year, in the order of the rules.

    `minimum_version` is the oldest CMRT version that the program year accepts, "" if it accepts all. `received` is
    the day of receipt (UTC), `look_up` the workbook's own look-up tab: without them the rules that need them are
    silent. `layout` is where this very workbook has its fields, None if it is where its version has them.
    `checker_count` is what its own Checker showed as missing, None if nothing. `severities` are the program year's own
    by rule id, None for a rule that is switched off. A rule is silent about a declaration of a kind that it is not for.

    Raises ValueError if the minimum is no version, or if there is no rule of that id: those are mistakes in the
    program, not in the document.
    """
    minimum = TemplateVersion.parse(CMRT, minimum_version)
    if minimum_version and minimum is None:
        raise ValueError(f"not a CMRT version: {minimum_version!r}")
    unknown = sorted(set(severities) - RULE_IDS)
    if unknown:
        raise ValueError(f"no such rules: {', '.join(unknown)}")
    case = case_of(
        declaration,
        year=year,
        minimum_version=minimum,
        received=received,
        look_up=look_up,
        layout=layout,
        checker_count=checker_count,
        templates=templates,
    )
    return tuple(
        finding
        for rule in rules
        if (severity := severities.get(rule.id, rule.severity)) is not None
        for finding in rule.findings(case, severity)
    )
