"""Whom to chase, and what to write: nothing came, nothing readable came, something has to be corrected or named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from textwrap import fill
from typing import Any, Final

from tracelode.findings import Severity
from tracelode.reference.program import Program
from tracelode.report.printable import printable
from tracelode.report.wording import long_date
from tracelode.submission import State

FINDINGS_AT_MOST: Final = 12
"""Points that a text names; the feedback page has all of them."""
_WIDTH: Final = 100
"""Characters of a line, but for links."""
_QUOTED: Final = 60
"""Characters of a cell's text that are quoted."""


class Reason(StrEnum):
    """Why a supplier is reminded."""

    AWAITING = "awaiting"
    REJECTED = "rejected"
    NEEDS_CORRECTION = "needs_correction"
    SMELTERS = "smelters"
    """Accepted, with smelters that no list knows."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the supplier was told of one file: the file's name, its findings as stored, and the link to the page."""

    file: str
    findings: Sequence[Mapping[str, Any]]
    link: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text to send to a supplier: its first line is the subject."""

    supplier_id: str
    name: str
    reason: Reason
    subject: str
    body: str

    @property
    def text(self) -> str:
        """The whole text."""
        return f"Subject: {self.subject}\n\n{self.body}"


def reason_of(row: Mapping[str, str]) -> Reason | None:
    """Why the supplier of a row of `suppliers.csv` is to be reminded; None where nothing is to be asked of it."""
    if row["in_scope"] != "yes" or row["on_roster"] != "yes":
        return None
    match State(row["state"]):
        case State.AWAITING:
            return Reason.AWAITING
        case State.REJECTED:
            return Reason.REJECTED
        case State.NEEDS_CORRECTION:
            return Reason.NEEDS_CORRECTION
    return Reason.SMELTERS if int(row["unidentified_lines"]) else None


def weighed(findings: Iterable[Mapping[str, Any]], program: Program) -> list[Mapping[str, Any]]:
    """Findings as a program weighs them today, without those of rules that it switches off.

    They were stored as they weighed when the file came, and the supplier's state is of today. A rule that was switched
    off then was not stored.
    """
    return [
        {**finding, "severity": severity.value}
        for finding in findings
        if (severity := program.severities.get(finding["rule"], Severity(finding["severity"])))
    ]


def reminder(
    row: Mapping[str, str],
    reason: Reason,
    feedback: Iterable[Feedback],
    *,
    year: int,
    company: str,
    due: date | None,
    page: bool,
) -> Reminder:
    """The text for one supplier; `page` says that an upload page comes with it.

    Names, and whatever is quoted from a workbook, are printed on one line: nothing of them can become a line of its
    own, or a header of the message.
    """
    name, company = printable(row["name"]), printable(company) or "we"
    until = f" by {long_date(due)}" if due else ""
    told = tuple(feedback)
    middle = _WHAT[reason].format(year=year, until=until, lines=row["unidentified_lines"])
    parts = [f"To {name},", fill(middle, _WIDTH), *_points(told, reason), *_how(page, told)]
    if reason is not Reason.AWAITING:
        parts.append("Please send the whole file again, not only what changed: the newest counts.")
    parts.append(printable(company) if company != "we" else "Thank you")
    return Reminder(
        supplier_id=row["supplier_id"],
        name=name,
        reason=reason,
        subject=printable(f"{_SUBJECT[reason]} {year}" + (f" ({company})" if company != "we" else "")),
        body="\n\n".join(parts) + "\n",
    )


_SUBJECT: Final = {
    Reason.AWAITING: "Your conflict minerals declaration for",
    Reason.REJECTED: "We cannot read your conflict minerals declaration for",
    Reason.NEEDS_CORRECTION: "Please correct your conflict minerals declaration for",
    Reason.SMELTERS: "Smelters in your conflict minerals declaration for",
}
_WHAT: Final = {
    Reason.AWAITING: (
        "we have asked you for your Conflict Minerals Reporting Template (CMRT) for {year}, and nothing has arrived "
        "yet. Please send it{until}. If your company uses none of tin, tantalum, tungsten and gold, say so in the "
        "template's first two questions: that is an answer as well."
    ),
    Reason.REJECTED: (
        "thank you for your file for {year}. We could not read it as a CMRT, so that it does not count as an answer "
        "yet. Please send a filled-in template{until}."
    ),
    Reason.NEEDS_CORRECTION: (
        "thank you for your CMRT for {year}. Some of its answers are missing or contradict each other. Please correct "
        "the points below and send it again{until}."
    ),
    Reason.SMELTERS: (
        "thank you for your CMRT for {year}. It names smelters on {lines} lines that we cannot identify: no list knows "
        "the name, and there is no identification number (CID). Please find out the numbers, or whether these are "
        "smelters at all, and send the file again{until}."
    ),
}


def _points(told: Sequence[Feedback], reason: Reason) -> list[str]:
    wanted = {"error"} if reason in (Reason.REJECTED, Reason.NEEDS_CORRECTION) else {"error", "warning"}
    if reason is Reason.AWAITING:
        return []
    parts: list[str] = []
    for item in told:
        findings = [finding for finding in item.findings if finding["severity"] in wanted]
        if not findings:
            continue
        lines = [f"In {printable(item.file)}:"]
        lines += [_point(finding) for finding in findings[:FINDINGS_AT_MOST]]
        if len(findings) > FINDINGS_AT_MOST:
            lines.append(f"  - and {len(findings) - FINDINGS_AT_MOST} more, on the page with all of them")
        parts.append("\n".join(lines))
    return parts


def _point(finding: Mapping[str, Any]) -> str:
    where = "!".join(printable(part) for part in (finding.get("sheet"), finding.get("cell")) if part)
    found = printable(finding.get("found") or "")[:_QUOTED]
    quoted = f' (found: "{found}")' if found else ""
    said = f"{printable(finding['message'])}{quoted} {printable(finding['remedy'])}"
    return fill(f"{where}: {said}" if where else said, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _how(page: bool, told: Sequence[Feedback]) -> list[str]:
    parts: list[str] = []
    links = [item.link for item in told if item.link]
    if links:
        parts.append("All points, in your language as well, for some days here:\n" + "\n".join(links))
    if page:
        parts.append("To send the file, open the attached page in your browser; it needs no account.")
    return parts
