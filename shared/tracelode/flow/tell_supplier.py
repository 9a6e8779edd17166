"""What a supplier is told about a submission, in the severities of the program in force and in its own language."""

from dataclasses import replace
from datetime import date

from tracelode.cmrt.declaration import Reading
from tracelode.findings import Finding
from tracelode.flow.reference_at_hand import ReferenceAtHand
from tracelode.markup.labels import ENGLISH, Labels
from tracelode.markup.mark_up import mark_up
from tracelode.reference.program import Program
from tracelode.report.feedback import feedback_files
from tracelode.report.smelter_notes import SmelterNotes, smelter_notes
from tracelode.review.policy import state_under
from tracelode.review.reading import review_reading, under_own_names
from tracelode.review.telling import Language, language_of
from tracelode.submission import SubmissionSummary

MARKED_UP = "your-workbook-marked-up"


def tell_supplier(
    summary: SubmissionSummary, reading: Reading, data: bytes, *, year: int, at_hand: ReferenceAtHand
) -> dict[str, bytes]:
    """The feedback's files by name: a page, the findings as JSON, and the supplier's own workbook with them marked.

    The page also says what the lists in force say of the smelters that the submission names. A file that gives no
    reason for a mark comes back without a workbook; for one that could not be marked, the page says why.
    """
    program = at_hand.program
    findings = review_reading(
        reading,
        year=year,
        minimum_version=program.minimum_cmrt_version if program else "",
        severities=program.severities if program else {},
        received=date.fromisoformat(summary.received[:10]),
    )
    if program:
        summary = replace(summary, state=state_under(program, summary))
    shown = under_own_names(findings, reading.renamed)
    notes = _smelter_notes(summary, at_hand, program) if reading.declaration and program else None
    if not reading.declaration or not findings:
        return feedback_files(summary, shown, smelter_notes=notes)
    language = language_of(summary.language)
    marked = mark_up(
        data,
        [_in_both(finding, language) for finding in findings],
        labels=_labels(language) if language else ENGLISH,
        renamed=reading.renamed,
    )
    name = f"{MARKED_UP}{marked.extension}" if marked.workbook else ""
    files = feedback_files(summary, shown, smelter_notes=notes, marked_up=name, not_marked_up=marked.reason)
    if marked.workbook:
        files[name] = marked.workbook
    return files


def _smelter_notes(summary: SubmissionSummary, at_hand: ReferenceAtHand, program: Program) -> SmelterNotes | None:
    if not at_hand.smelter_list.facilities:
        return None
    return smelter_notes(
        summary,
        known=at_hand.known,
        dispositions=at_hand.dispositions,
        smelter_list=at_hand.smelter_list,
        program=program,
    )


def _in_both(finding: Finding, language: Language | None) -> Finding:
    told = language.told(finding) if language else finding
    if told == finding:
        return finding
    return replace(told, message=f"{told.message} | {finding.message}", remedy=f"{told.remedy} | {finding.remedy}")


def _labels(language: Language) -> Labels:
    return Labels(**language.workbook)
