"""A dropped object becomes a recorded submission, or takes one back."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tracelode.declarations.cells import elsewhere
from tracelode.declarations.declaration import Declaration, SmelterLine
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.findings import Finding, Severity
from tracelode.flow.reference_at_hand import reference_at_hand
from tracelode.flow.tell_supplier import tell_supplier
from tracelode.ledger.ledger import RACE_ATTEMPTS, Ledger, LostRaceError
from tracelode.review.reading import review_reading
from tracelode.storage import places
from tracelode.storage.objects import DroppedObjects, ObjectEvent
from tracelode.storage.results import Results
from tracelode.submission import (
    NAME_CHARACTERS,
    ORIGIN_CHARACTERS,
    RECYCLED,
    DeclaredIdentity,
    Rows,
    State,
    SubmissionSummary,
)
from tracelode.tally.current import Placement, Withdrawal, place
from tracelode.workbooks.limits import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an object event. `state` is None for a deletion and for an object that is gone already.

    `rules` counts the findings by the rule that made them.
    """

    supplier_id: str
    submission_id: str
    state: State | None
    findings: int
    rules: Mapping[str, int] = field(default_factory=dict)


def record_submission(
    event: ObjectEvent,
    *,
    ledger: Ledger,
    inbox: DroppedObjects,
    reference: DroppedObjects,
    results: Results,
    templates: Templates = TEMPLATES,
) -> Recorded:
    """Record what an object event points at. Safe to repeat: every step writes the same under the same key.

    In this order: the smelter lines, the submission with its summary, which of the supplier's submissions are
    current, the feedback. A bad document is recorded with its findings and is no error.

    What is recorded does not depend on reference data, so it is the same in whatever order things arrive; only the
    feedback speaks in the severities of the program and of the smelters' status that are in force then.

    Raises MisplacedObjectError for a key that names no supplier, and LostRaceError or an AWS error for what is worth
    another try.
    """
    where = places.inbox_place(event.key)
    if event.deleted:
        withdrawal = Withdrawal(event.time, event.key, event.version_id, event.marker)
        ledger.put_withdrawal(where.year, where.supplier_id, withdrawal)
        settle_current(where.year, where.supplier_id, ledger)
        return Recorded(where.supplier_id, "", None, 0)
    version = inbox.head(event.key, event.version_id)
    data = inbox.read(event.key, version.version_id, MAX_FILE_BYTES + 1) if version else None
    if version is None or data is None:
        return Recorded(where.supplier_id, "", None, 0)
    reading = read_declaration(data, where.file, templates)
    received_on = date.fromisoformat(event.time[:10])
    findings = review_reading(reading, year=where.year, received=received_on, templates=templates)
    sha256 = hashlib.sha256(data).hexdigest()
    received = SubmissionSummary(
        submission_id=submission_id(event.time, event.key, sha256),
        supplier_id=where.supplier_id,
        key=event.key,
        version_id=version.version_id,
        sha256=sha256,
        received=event.time,
        state=State.REJECTED,
        size=version.size,
        findings=dict(Counter(finding.severity.value for finding in findings)),
        rules=_counted_by_rule(findings),
    )
    summary = summarise(received, reading.declaration) if reading.declaration else received
    summary = replace(summary, elsewhere=elsewhere(reading, templates))
    if reading.declaration:
        ledger.put_lines(where.year, where.supplier_id, sha256, reading.declaration.smelters)
    ledger.put_submission(where.year, summary)
    settle_current(where.year, where.supplier_id, ledger)
    at_hand = reference_at_hand(where.year, ledger=ledger, reference=reference)
    for name, body in tell_supplier(summary, reading, data, year=where.year, at_hand=at_hand).items():
        results.put(places.feedback(where.year, where.supplier_id, summary.submission_id, name), body)
    rules = dict(Counter(finding.rule for finding in findings))
    return Recorded(where.supplier_id, summary.submission_id, summary.state, len(findings), rules)


def settle_current(year: int, supplier_id: str, ledger: Ledger) -> None:
    """Write which of a supplier's submissions count, from all that is recorded of the supplier at this moment.

    It looks again once it has written: somebody who recorded more meanwhile may have found that what stood there was
    right for that, and so have left no trace that this write could have stumbled over.

    Raises LostRaceError after too many rounds against others.
    """
    seat = ledger.seat(year, supplier_id)
    for _ in range(RACE_ATTEMPTS):
        version = ledger.current_version(year, supplier_id, seat)
        placement = _placement(year, supplier_id, ledger)
        written = ledger.put_current(year, supplier_id, seat, version, placement)
        if written and _placement(year, supplier_id, ledger) == placement:
            return
    raise LostRaceError(f"current submissions of supplier {supplier_id} in {year}")


def _placement(year: int, supplier_id: str, ledger: Ledger) -> Placement:
    return place(ledger.receipts(year, supplier_id), ledger.withdrawals(year, supplier_id))


def submission_id(received: str, key: str, sha256: str) -> str:
    """The public name of a submission: sortable by receipt, decided by key and content, free of storage coordinates."""
    moment = "".join(character for character in received if character.isdigit())
    return f"{moment}-{hashlib.sha256(json.dumps([key, sha256]).encode()).hexdigest()[:12]}"


def summarise(received: SubmissionSummary, declaration: Declaration) -> SubmissionSummary:
    """What the tally needs to know of a declaration; no contact and no comment of the supplier is in it.

    It is accepted unless there are error findings.
    """
    company = declaration.company
    return replace(
        received,
        state=State.NEEDS_CORRECTION if received.findings.get(Severity.ERROR) else State.ACCEPTED,
        scope=company.scope.value if company.scope else "",
        template_kind=declaration.kind,
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
        name=line.name[:NAME_CHARACTERS].rstrip(),
        country=line.country[:NAME_CHARACTERS].rstrip(),
        evidence=line.cid_source.value,
    )


def _identities(lines: Iterable[SmelterLine]) -> dict[DeclaredIdentity, Rows]:
    rows: dict[DeclaredIdentity, list[int]] = defaultdict(list)
    for line in lines:
        rows[_identity(line)].append(line.row)
    return {identity: tuple(sorted(rows[identity])) for identity in sorted(rows)}


def _origins(lines: Iterable[SmelterLine]) -> dict[DeclaredIdentity, tuple[str, ...]]:
    stated: dict[DeclaredIdentity, set[str]] = defaultdict(set)
    for line in lines:
        if line.mine_country:
            stated[_identity(line)].add(line.mine_country[:ORIGIN_CHARACTERS])
        if line.recycled == "Yes":
            stated[_identity(line)].add(RECYCLED)
    return {identity: tuple(sorted(stated[identity])) for identity in sorted(stated)}
