"""A file that was read becomes findings: those of the reader and those of the review, one for each problem."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracelode.declarations.declaration import Reading
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.findings import Finding
from tracelode.review.policy import OUTDATED_RULE
from tracelode.review.review import RULES, review
from tracelode.review.rules.demands import Demands
from tracelode.review.rules.rule import Rule
from tracelode.workbooks import file_rules
from tracelode.workbooks.limits import MAX_FOUND
from tracelode.workbooks.text import plain_text

_SAID_BY: Mapping[str, str] = {
    file_rules.OUTDATED_FAMILY.id: OUTDATED_RULE,
    file_rules.AMBIGUOUS_DATE.id: "X25",
    "X45": "X46",
}
"""Rules that are silent where another one has found the same cause."""


def review_reading(
    reading: Reading, demands: Demands, *, rules: Iterable[Rule] = RULES, templates: Templates = TEMPLATES
) -> tuple[Finding, ...]:
    """Everything to be said about a file that was read, the reader's findings first.

    Places are those of this very workbook, also where its columns moved; sheets go by the template's titles. That a
    template is outdated is said once: by X26 where the program year does not accept it, else by F12 for a family that
    was replaced, else by X43. So is that the date can be read as two days (X25, else F22), and that it is too old
    (before the year X46, else before the template X45). Raises what `review` raises.
    """
    reviewed = review(reading, demands, rules=rules, templates=templates)
    found = {finding.rule for finding in reviewed}
    return tuple(finding for finding in (*reading.findings, *reviewed) if _SAID_BY.get(finding.rule) not in found)


def under_own_names(findings: Iterable[Finding], renamed: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings with the workbook's own names of its sheets, which whoever looks for the cells will see there.

    `renamed` has them by the template's titles. They are untrusted, so they are made printable and cut to `MAX_FOUND`
    characters; a sheet whose name cannot be shown keeps the template's title.
    """
    shown = {title: plain_text(name)[:MAX_FOUND] or title for title, name in renamed.items()}
    return tuple(
        replace(finding, sheet=shown.get(finding.sheet, finding.sheet)) if finding.sheet else finding
        for finding in findings
    )
