"""Whom to chase, and what to write: nothing came, nothing readable came, something has to be corrected or named.

A list copied from the template is accepted, and counts: it contradicts nothing. It says nothing either, so its supplier
is chased like one whose smelters nobody knows, under a reason of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from typing import Any, Final

from tracelode.feedback.points import OrderedPoints, Point, told_in_order
from tracelode.findings import Finding, Severity
from tracelode.printing.printable import printable
from tracelode.printing.wording import long_date
from tracelode.sources.program import Program
from tracelode.submission import State
from tracelode_console.desk.choices import Reason

FINDINGS_AT_MOST: Final = 12
"""Points that a text names; the feedback page has all of them."""
COPIED_FROM: Final = 20
"""Facilities from which on a list may be the template's own: X39 asks for as many of one metal."""
_WIDTH: Final = 100
"""Characters of a line, but for links."""
_QUOTED: Final = 60
"""Characters of a cell's text that are quoted."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the supplier was told of one file: the file's name, its findings as stored, and the link to the page.

    `copied` says that the file's list is the template's own; `not_yet_identified` counts the lines that say of
    themselves that their smelter is not known yet.
    """

    file: str
    findings: Sequence[Mapping[str, Any]]
    link: str
    copied: bool = False
    not_yet_identified: int = 0


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


def asked_of(row: Mapping[str, str]) -> bool:
    """Whether anything may be asked of the supplier of a row of `suppliers.csv`; `reason_of` says what."""
    if row["in_scope"] != "yes" or row["on_roster"] != "yes":
        return False
    if State(row["state"]) not in (State.ACCEPTED, State.ACCEPTED_WITH_REMARKS):
        return True
    may_be_copied = int(row.get("facilities") or 0) >= COPIED_FROM and row.get("warnings") != "0"
    return bool(int(row["unidentified_lines"])) or may_be_copied


def reason_of(row: Mapping[str, str], told: Sequence[Feedback] = ()) -> Reason | None:
    """Why the supplier of a row of `suppliers.csv` is to be reminded; None where nothing is to be asked of it.

    `told` is needed for a supplier that is accepted.
    """
    if not asked_of(row):
        return None
    match State(row["state"]):
        case State.AWAITING:
            return Reason.AWAITING
        case State.REJECTED:
            return Reason.REJECTED
        case State.NEEDS_CORRECTION:
            return Reason.NEEDS_CORRECTION
    if any(item.copied for item in told):
        return Reason.COPIED_LIST
    return Reason.SMELTERS if _lines_to_identify(row, told) > 0 else None


def _lines_to_identify(row: Mapping[str, str], told: Sequence[Feedback]) -> int:
    """Lines that name what nobody knows: "not yet identified" is an answer, and better than a guess."""
    return int(row["unidentified_lines"]) - sum(item.not_yet_identified for item in told)


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
    in_order = [_in_order(item) for item in told]
    what = _OUTDATED if reason is Reason.NEEDS_CORRECTION and any(item.too_old for item in in_order) else _WHAT[reason]
    middle = what.format(year=year, until=until, lines=_lines_to_identify(row, told))
    parts = [f"To {name},", fill(middle, _WIDTH), *_points(told, in_order, reason), *_how(page, told)]
    if reason is Reason.SMELTERS:
        parts.append("If you send the file again, send the whole of it, not only what changed: the newest counts.")
    elif reason is not Reason.AWAITING:
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
    Reason.COPIED_LIST: "Please list your own smelters in your conflict minerals declaration for",
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
    Reason.COPIED_LIST: (
        "thank you for your CMRT for {year}. Its Smelter List names every smelter that the template knows. Please list "
        "only those that your suppliers have named to you, and send it again{until}. Until then it counts as it is."
    ),
    Reason.SMELTERS: (
        "thank you for your CMRT for {year}. It is accepted. On {lines} lines it names smelters that we cannot "
        "identify: no list knows the name, and there is no identification number (CID). Please find out the numbers, "
        "or whether these are smelters at all, and answer{until}: correct the workbook and send it again, or write to "
        "us. What takes longer you may answer with your next declaration."
    ),
}
_OUTDATED: Final = (
    "thank you for your CMRT for {year}. Its template is too old. Please put your answers into the current one, mind "
    "the points below when you do, and send that{until}."
)


def _in_order(item: Feedback) -> OrderedPoints:
    return told_in_order([_finding(stored) for stored in item.findings], copied=item.copied)


def _finding(stored: Mapping[str, Any]) -> Finding:
    return Finding(
        rule=stored["rule"],
        severity=Severity(stored["severity"]),
        message=stored["message"],
        remedy=stored["remedy"],
        sheet=stored.get("sheet"),
        cell=stored.get("cell"),
        found=stored.get("found") or "",
        words=stored.get("words", {}),
    )


def _points(told: Sequence[Feedback], in_order: Sequence[OrderedPoints], reason: Reason) -> list[str]:
    # What else a copied list raises is about lines that are to go.
    wanted = {Severity.ERROR, Severity.WARNING} if reason is Reason.SMELTERS else {Severity.ERROR}
    if reason is Reason.AWAITING:
        return []
    parts: list[str] = []
    for item, ordered in zip(told, in_order, strict=True):
        points = [*ordered.first, *(point for point in ordered.others if point.finding.severity in wanted)]
        if not points:
            continue
        lines = [f"In {printable(item.file)}:"]
        lines += [_point(point) for point in points[:FINDINGS_AT_MOST]]
        if len(points) > FINDINGS_AT_MOST:
            lines.append(f"  - and {len(points) - FINDINGS_AT_MOST} more, on the page with all of them")
        parts.append("\n".join(lines))
    return parts


def _point(point: Point) -> str:
    finding = point.finding
    where = "!".join(printable(part) for part in (finding.sheet, finding.cell) if part)
    found = printable(finding.found)[:_QUOTED]
    quoted = f' (found: "{found}")' if found else ""
    said = f"{printable(finding.message)}{quoted} {printable(finding.remedy)}"
    if point.follows:
        said += f" What is missing for the same metal may then not be needed: {printable(point.cells)}."
    return fill(f"{where}: {said}" if where else said, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _how(page: bool, told: Sequence[Feedback]) -> list[str]:
    parts: list[str] = []
    links = [item.link for item in told if item.link]
    if links:
        parts.append("All points, in your language as well, for some days here:\n" + "\n".join(links))
    if page:
        parts.append("To send the file, open the attached page in your browser; it needs no account.")
    return parts
