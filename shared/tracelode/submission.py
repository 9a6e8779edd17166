"""A submission: one object version in the inbox, and what it comes down to once read and reviewed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracelode.findings import Severity
from tracelode.template_kind import CMRT, TemplateKind


class State(StrEnum):
    """Where a submission (review/policy.py decides), or a supplier (tally/aggregate.py), stands."""

    AWAITING = "awaiting"
    """Nothing came. Suppliers only."""
    REJECTED = "rejected"
    """Nothing readable came."""
    NEEDS_CORRECTION = "needs_correction"
    """Readable, with error findings."""
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    """Readable, without errors, and the supplier is asked about something that it says."""
    ACCEPTED = "accepted"
    """Readable, and nothing is asked about it."""

    @property
    def words(self) -> str:
        """As it reads in a sentence."""
        return self.value.replace("_", " ")


def readable_state(counted: Mapping[str, int]) -> State:
    """Where a readable submission with so many findings by severity stands: what is for information weighs nothing."""
    if counted.get(Severity.ERROR):
        return State.NEEDS_CORRECTION
    return State.ACCEPTED_WITH_REMARKS if counted.get(Severity.WARNING) else State.ACCEPTED


RESPONDED = (State.ACCEPTED, State.ACCEPTED_WITH_REMARKS, State.NEEDS_CORRECTION)
"""Where suppliers stand that sent a readable declaration, the best first."""


RECYCLED = "recycled or scrap"
"""The statement of origin of a line that says its whole feedstock is recycled or scrap (CMRT 6.5, list column P)."""
Rows = tuple[int, ...]
"""The rows of the Smelter List on which an identity is declared, in ascending order: one a line, at least one."""
UNKNOWN_ROW = 0
"""Stands for the row of a line in what releases recorded that counted lines only."""
NAME_CHARACTERS = 200
"""Characters of a declared name, and of its country, that are kept: no smelter that RMI lists has a hundred."""


@dataclass(frozen=True, slots=True, order=True)
class DeclaredIdentity:
    """A smelter as a line names it; what it means is decided when a report is published, not here.

    `metal` is a Mineral's value or "" where the line's metal is unreadable; `cid` is "CID" and six digits or "";
    `name` and `country` are normalised text, the look-up tab's where it knew the smelter, cut to `NAME_CHARACTERS`.
    `evidence` says how the CID
    was found (a CidSource's value: "typed", "look-up", "column-f", "none"), "" where that is not known.
    """

    metal: str
    cid: str
    name: str
    country: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """What the tally folds: a submission without its lines.

    `received` is the receipt time as ISO 8601 in UTC with milliseconds; `template_kind` and `template_version` say of
    which template it is ("CMRT", "6.5"), and mean nothing where nothing was readable; `answers` maps question -> metal
    -> value with unanswered ones left out; `identities` has the lines of each declared identity, as rows of the
    Smelter List; `rules` counts findings by rule and by the severity that the rule gave them, `findings` by severity
    alone.
    `origins` has what the lines of an identity state about where its mineral comes from: what their mine country cells
    say, each once and as smelters/origins.py records it, and `RECYCLED` where a line says that all of it is recycled
    or scrap. `elsewhere` says what the workbook has elsewhere than its template version
    (declarations/cells.py).
    No contact of the supplier is in here (no personal data beyond what the addressee needs).

    In a partial, where identities are kept once for the whole group, `identities` and `origins` are empty and `rows`
    has the rows of each identity that the submission names, in the order of the identities.
    """

    submission_id: str
    supplier_id: str
    key: str
    version_id: str
    sha256: str
    received: str
    state: State
    size: int = 0
    scope: str = ""
    template_kind: TemplateKind = CMRT
    template_version: str = ""
    language: str = ""
    company_name: str = ""
    effective_date: str = ""
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    company_answers: Mapping[str, str] = field(default_factory=dict)
    identities: Mapping[DeclaredIdentity, Rows] = field(default_factory=dict)
    origins: Mapping[DeclaredIdentity, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Rows, ...] = ()
    findings: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, str, str]:
        """Which of two submissions is newer: (event time, key, version id), whatever order the events came in."""
        return (self.received, self.key, self.version_id)

    def answer(self, question: str, metal: str) -> str:
        """Its answer to a question about a metal, "" where it gives none."""
        return self.answers.get(question, {}).get(metal, "")


def submission_id(received: str, key: str, sha256: str) -> str:
    """The public name of a submission, which is not its key in the ledger (ledger/keys.py).

    Sortable by receipt, decided by key and content, free of storage coordinates.
    """
    moment = "".join(character for character in received if character.isdigit())
    return f"{moment}-{hashlib.sha256(json.dumps([key, sha256]).encode()).hexdigest()[:12]}"
