"""A dropped object becomes a recorded submission, or takes one back."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.feedback.answer import answer_submission
from tracelode.flow.settle_supplier import settle_current
from tracelode.flow.stores import Stores
from tracelode.review.reading import review_reading
from tracelode.review.rules.demands import Demands
from tracelode.review.summary import summarise
from tracelode.storage import places
from tracelode.storage.objects import ObjectEvent
from tracelode.storage.reference_files import ReferenceFiles
from tracelode.submission import State, SubmissionSummary, submission_id
from tracelode.tally.current import Withdrawal
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


def record_submission(event: ObjectEvent, stores: Stores, templates: Templates = TEMPLATES) -> Recorded:
    """Record what an object event points at. Safe to repeat: every step writes the same under the same key.

    In this order: the submission with what it declares, which of the supplier's submissions are current, the feedback.
    A bad document is recorded with its findings and is no error.

    What is recorded does not depend on reference data, so it is the same in whatever order things arrive; only the
    feedback speaks in the severities of the program and of the smelters' status that are in force then.

    Raises MisplacedObjectError for a key that names no supplier, and LostRaceError or an AWS error for what is worth
    another try.
    """
    where = places.inbox_place(event.key)
    if event.deleted:
        withdrawal = Withdrawal(event.time, event.key, event.version_id, event.marker)
        stores.ledger.submissions.record_withdrawal(where.year, where.supplier_id, withdrawal)
        settle_current(where.year, where.supplier_id, stores.ledger)
        return Recorded(where.supplier_id, "", None, 0)
    version = stores.inbox.head(event.key, event.version_id)
    data = stores.inbox.read(event.key, version.version_id, MAX_FILE_BYTES + 1) if version else None
    if version is None or data is None:
        return Recorded(where.supplier_id, "", None, 0)
    reading = read_declaration(data, where.file, templates)
    demands = Demands(where.year, received=date.fromisoformat(event.time[:10]))
    findings = review_reading(reading, demands, templates=templates)
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
    )
    summary = summarise(received, reading, findings, templates)
    stores.ledger.submissions.record(where.year, summary)
    settle_current(where.year, where.supplier_id, stores.ledger)
    files = ReferenceFiles(stores.reference)
    # What a supplier is told does not wait for a file that somebody erased; publish fails loudly for it.
    in_force = files.in_force(files.readable(stores.ledger.references.in_force(where.year).values()))
    for name, body in answer_submission(summary, reading, data, year=where.year, in_force=in_force).items():
        stores.results.put(places.feedback(where.year, where.supplier_id, summary.submission_id, name), body)
    rules = dict(Counter(finding.rule for finding in findings))
    return Recorded(where.supplier_id, summary.submission_id, summary.state, len(findings), rules)
