"""What the tally needs to know of a workbook that was read and reviewed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracelode.declarations.cells import elsewhere
from tracelode.declarations.declaration import CidSource, Declaration, Reading, SmelterLine
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.questions import LineKind
from tracelode.findings import Finding
from tracelode.smelters.origins import read_origin, recorded_origin
from tracelode.submission import (
    NAME_CHARACTERS,
    RECYCLED,
    DeclaredIdentity,
    Rows,
    State,
    SubmissionSummary,
    readable_state,
)


def summarise(
    received: SubmissionSummary, reading: Reading, findings: Sequence[Finding], templates: Templates = TEMPLATES
) -> SubmissionSummary:
    """What was received, with what its reading and review came to; no contact and no comment of the supplier is in it.

    It is rejected without a declaration, and stands with one as the severities of its findings say. That is as the
    rules weigh; what the program makes of it is for review/policy.py to say.
    """
    counted = Counter(finding.severity.value for finding in findings)
    reviewed = replace(
        received,
        state=State.REJECTED,
        elsewhere=elsewhere(reading, templates),
        findings=dict(counted),
        rules=_counted_by_rule(findings),
    )
    return _declared(reviewed, reading.declaration) if reading.declaration else reviewed


def _declared(reviewed: SubmissionSummary, declaration: Declaration) -> SubmissionSummary:
    company = declaration.company
    return replace(
        reviewed,
        template_kind=declaration.kind,
        state=readable_state(reviewed.findings),
        scope=company.scope.value if company.scope else "",
        template_version=declaration.template_version,
        language=declaration.language,
        company_name=company.name.text,
        effective_date=company.effective_date.isoformat() if company.effective_date else "",
        answers={
            question.value: {metal.value: answer.value for metal, answer in by_metal.items() if answer.value}
            for question, by_metal in declaration.answers.items()
        },
        company_answers={
            letter: answer.value for letter, answer in declaration.company_answers.items() if answer.value
        },
        identities=_identities(declaration.smelters),
        origins=_origins(declaration.smelters),
    )


def _counted_by_rule(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for finding in findings:
        by_severity = counts.setdefault(finding.rule, {})
        by_severity[finding.severity.value] = by_severity.get(finding.severity.value, 0) + 1
    return counts


def _identity(line: SmelterLine) -> DeclaredIdentity:
    return DeclaredIdentity(
        metal=line.metal.value if line.metal else "",
        cid=line.cid or "",
        name=_named(line)[:NAME_CHARACTERS].rstrip(),
        country=line.country[:NAME_CHARACTERS].rstrip(),
        evidence=line.cid_source.value,
    )


def _named(line: SmelterLine) -> str:
    """The name of a line: as it was chosen, where the workbook's own tab gives another that has no word in common.

    A tab that was edited so is as little to be relied on for the name as for the number; official names decide.
    """
    chosen = line.typed_lookup if line.cid_source is CidSource.LOOK_UP and line.kind is LineKind.LISTED else ""
    words, others = _words(chosen), _words(line.name)
    return chosen if words and others and not words & others else line.name


def _words(name: str) -> frozenset[str]:
    """The words of a name in Latin letters, none of one in another script."""
    return frozenset(name.casefold().replace(",", " ").replace(".", " ").split()) if name.isascii() else frozenset()


def _identities(lines: Iterable[SmelterLine]) -> dict[DeclaredIdentity, Rows]:
    rows: dict[DeclaredIdentity, list[int]] = defaultdict(list)
    for line in lines:
        rows[_identity(line)].append(line.row)
    return {identity: tuple(sorted(rows[identity])) for identity in sorted(rows)}


def _origins(lines: Iterable[SmelterLine]) -> dict[DeclaredIdentity, tuple[str, ...]]:
    stated: dict[DeclaredIdentity, set[str]] = defaultdict(set)
    for line in lines:
        if line.mine_country:
            stated[_identity(line)].add(recorded_origin(read_origin(line.mine_country)))
        if line.recycled == "Yes":
            stated[_identity(line)].add(RECYCLED)
    return {identity: tuple(sorted(stated[identity])) for identity in sorted(stated)}
