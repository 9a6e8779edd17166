"""A declaration becomes findings."""

from collections.abc import Iterable

from tracelode.declarations.declaration import Reading
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.findings import Finding
from tracelode.review.consistency import CONSISTENCY_RULES
from tracelode.review.rules.completeness import COMPLETENESS_RULES
from tracelode.review.rules.demands import Demands
from tracelode.review.rules.rule import Rule, case_of

RULES: tuple[Rule, ...] = (*COMPLETENESS_RULES, *CONSISTENCY_RULES)
"""Every rule that a declaration is held against."""

RULE_IDS: frozenset[str] = frozenset(rule.id for rule in RULES)
"""What a program year can give severities of its own."""


def review(
    reading: Reading, demands: Demands, *, rules: Iterable[Rule] = RULES, templates: Templates = TEMPLATES
) -> tuple[Finding, ...]:
    """Everything wrong or doubtful in the declaration of a reading, in the order of the rules; nothing without one.

    A rule is silent about a declaration of a kind that it is not for.

    Raises ValueError if the minimum demanded is no version, or if there is no rule of an id: those are mistakes in the
    program, not in the document.
    """
    _ = demands.oldest_accepted
    unknown = sorted(set(demands.severities) - RULE_IDS)
    if unknown:
        raise ValueError(f"no such rules: {', '.join(unknown)}")
    if reading.declaration is None:
        return ()
    case = case_of(reading, reading.declaration, demands, templates)
    return tuple(
        finding
        for rule in rules
        if (severity := demands.severities.get(rule.id, rule.severity)) is not None
        for finding in rule.findings(case, severity)
    )
