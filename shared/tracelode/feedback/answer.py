"""What a supplier is told about a submission, in the severities of the program in force and in its own language."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from tracelode.declarations.declaration import Reading
from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.layouts import DECLARATION, LANGUAGE_CELL
from tracelode.feedback.markup.labels import ENGLISH, Labels
from tracelode.feedback.markup.mark_up import mark_up
from tracelode.feedback.page import FOR_INFORMATION, OUTDATED, ReadBack, feedback_files
from tracelode.feedback.points import TOO_OLD
from tracelode.feedback.smelter_notes import SmelterNotes, smelter_notes
from tracelode.findings import Finding, Severity
from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.review.policy import state_under
from tracelode.review.reading import review_reading, under_own_names
from tracelode.review.rules.demands import Demands
from tracelode.review.telling import Language, language_of
from tracelode.submission import SubmissionSummary
from tracelode.workbooks.file_rules import LEGACY_WORKBOOK, RefusedError
from tracelode.workbooks.grid import Book, Workbook
from tracelode.workbooks.legacy import LegacyWorkbook
from tracelode.workbooks.preflight import is_legacy, open_package

MARKED_UP = "your-workbook-marked-up"


def answer_submission(
    summary: SubmissionSummary, reading: Reading, data: bytes, *, year: int, in_force: ReferenceInForce
) -> dict[str, bytes]:
    """The feedback's files by name: a page, the findings as JSON, and the supplier's own workbook with them marked.

    The page also says what the lists in force say of the smelters that the submission names. A file that gives no
    reason for a mark comes back without a workbook; for one that could not be marked, the page says why. A file that
    could not be read is answered in the language that it shows itself in, if that much can be read of it.
    """
    program = in_force.program
    demands = Demands(year, received=date.fromisoformat(summary.received[:10]))
    if program:
        demands = replace(demands, minimum_version=program.minimum_cmrt_version, severities=program.severities)
    findings = review_reading(reading, demands)
    if program:
        summary = replace(summary, state=state_under(program, summary))
    if not reading.declaration:
        summary = replace(summary, language=_language_shown(data))
    told = partial(
        feedback_files,
        summary,
        under_own_names(findings, reading.renamed),
        supplier_name=in_force.supplier_name(summary.supplier_id),
        asked_by=program.registrant.name if program else "",
        smelter_notes=_smelter_notes(summary, reading, in_force),
        read_back=_read_back(reading),
    )
    if not reading.declaration or not findings:
        return told()
    if is_legacy(data):
        return told(not_marked_up=LEGACY_WORKBOOK.finding())
    language = language_of(summary.language)
    marked = mark_up(
        data,
        [_in_both(finding, language) for finding in findings],
        labels=_labels(language, findings),
        renamed=reading.renamed,
    )
    name = f"{MARKED_UP}.xlsx" if marked.workbook else ""
    files = told(marked_up=name, not_marked_up=marked.reason)
    if marked.workbook:
        files[name] = marked.workbook
    return files


def _language_shown(data: bytes) -> str:
    """As `Declaration.language`, for a file that was not read; "" where no Declaration sheet can be opened.

    Costs at most what reading the file costs.
    """
    try:
        book: Book = LegacyWorkbook(data) if is_legacy(data) else Workbook(open_package(data))
        grid = Sheets(book).grid(DECLARATION)
    except RefusedError:
        return ""
    return grid.text(*LANGUAGE_CELL) if grid else ""


def _smelter_notes(summary: SubmissionSummary, reading: Reading, in_force: ReferenceInForce) -> SmelterNotes | None:
    if not reading.declaration or not in_force.program or not in_force.smelter_list.facilities:
        return None
    return smelter_notes(
        summary,
        known=in_force.known,
        dispositions=in_force.dispositions,
        smelter_list=in_force.smelter_list,
        program=in_force.program,
        lines=reading.declaration.smelters,
    )


def _read_back(reading: Reading) -> ReadBack | None:
    declaration = reading.declaration
    if declaration is None:
        return None
    return ReadBack(
        company=declaration.company.name.text,
        scope=declaration.company.scope.value if declaration.company.scope else "",
        answers=tuple(
            (metal.value, sum(bool(by_metal[metal].value) for by_metal in declaration.answers.values()))
            for metal in declaration.minerals
        ),
        lines=len(declaration.smelters),
    )


def _in_both(finding: Finding, language: Language | None) -> Finding:
    told = language.told(finding) if language else finding
    if told == finding:
        return finding
    return replace(told, message=f"{told.message} | {finding.message}", remedy=f"{told.remedy} | {finding.remedy}")


def _labels(language: Language | None, findings: Sequence[Finding]) -> Labels:
    """The labels in a language. The sheet asks for corrections in the workbook only where the page does."""
    labels = Labels(**language.workbook) if language else ENGLISH
    if any(finding.rule in TOO_OLD for finding in findings):
        return replace(labels, introduction=language.page["outdated_how"] if language else OUTDATED)
    if all(finding.severity is Severity.NOTICE for finding in findings):
        return replace(labels, introduction=language.page["for_information"] if language else FOR_INFORMATION)
    return labels
