"""What a rule is: an id, a weight, a source, words, and a check that says where it is broken."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from tracelode.cmrt.declaration import Declaration, Entry
from tracelode.cmrt.layouts import DECLARATION, Layout
from tracelode.cmrt.limits import MAX_FOUND
from tracelode.cmrt.versions import TemplateVersion
from tracelode.findings import Finding, Severity

MAX_HITS = 100
"""Findings that one rule makes on one declaration at most: the Smelter List has 2,500 rows."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at: the declaration, its template's layout, and what the program year demands."""

    declaration: Declaration
    layout: Layout
    year: int
    minimum_version: TemplateVersion | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule is broken. `words` fill the rule's `{names}`: our own words or numbers, nothing foreign."""

    sheet: str
    cell: str
    found: str = ""
    words: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong or doubtful in a declaration that was read."""

    id: str
    severity: Severity
    source: str
    message: str
    remedy: str
    check: Callable[[Case], Iterable[Hit]]

    def findings(self, case: Case) -> Iterator[Finding]:
        """A finding for each place where the rule is broken, in the order of the sheet, `MAX_HITS` at most."""
        for hit in islice(self.check(case), MAX_HITS):
            yield Finding(
                rule=self.id,
                severity=self.severity,
                message=self.message.format(**hit.words),
                remedy=self.remedy.format(**hit.words),
                sheet=hit.sheet,
                cell=hit.cell,
                found=hit.found[:MAX_FOUND],
            )


def at(entry: Entry) -> Hit:
    """The place of an entry on the Declaration sheet."""
    return Hit(DECLARATION, entry.cell, entry.text)
