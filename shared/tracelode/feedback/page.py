"""What a supplier is told about a submission: `feedback.html` for a person, `findings.json` for a program.

Speaks of the one submission alone: no other supplier, and nothing of the report, is ever in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracelode.feedback.points import OrderedPoints, Point, copied_as_a_whole, told_in_order
from tracelode.feedback.smelter_notes import ROWS_AT_MOST, SENTENCES, SmelterNotes
from tracelode.findings import Finding, Severity, worst_first
from tracelode.printing.canonical_json import to_json
from tracelode.printing.printable import printable
from tracelode.printing.templating import render
from tracelode.printing.wording import in_words, listed, long_date
from tracelode.review.telling import Language, language, language_codes, language_of
from tracelode.submission import State, SubmissionSummary

WHOLE_FILE = "The file as a whole"

FOR_INFORMATION = (
    "Nothing has to be corrected. What is marked “for information” may help you with your next declaration."
)

OUTDATED = (
    "We could read your declaration, but its template is too old. Do not correct the points below in this workbook: "
    "mind them when you fill in the new one. The new file replaces this one."
)

SHOWN_AT_MOST = 500
"""Findings that the page shows; the JSON file holds all. More would not help whoever corrects the workbook."""

FOUND_AT_MOST = 200
"""Characters of a cell's text that the page quotes."""


@dataclass(frozen=True, slots=True)
class Said:
    """The same text in the supplier's language, "" where that is English, and in English."""

    translated: str
    english: str


@dataclass(frozen=True, slots=True)
class BothLanguages:
    """Says the same in the supplier's language, None where that is English or unknown, and in English."""

    language: Language | None

    def sentence(self, key: str, **fields: Said) -> Said:
        """The sentence of this key among `SENTENCES`, each field filled in its own language.

        Raises KeyError for another key, and for a sentence without one of its fields.
        """
        return self._said(
            lambda language: language.smelters[key].format(**{name: said.translated for name, said in fields.items()}),
            SENTENCES[key].format(**{name: said.english for name, said in fields.items()}),
        )

    def together(self, *sentences: Said) -> Said:
        """Sentences of one paragraph."""
        return self._said(
            lambda language: language.writing["between_sentences"].join(said.translated for said in sentences),
            " ".join(said.english for said in sentences),
        )

    def number(self, number: int) -> Said:
        """A number of things to do: small ones in words, where English has them so."""
        return self._said(lambda _: str(number), in_words(number))

    def digits(self, number: int) -> Said:
        """A number that was counted."""
        return self._said(lambda _: str(number), str(number))

    def rows(self, rows: Sequence[int]) -> Said:
        """Rows of the list, the first few of many."""
        shown = ", ".join(str(row) for row in rows[:ROWS_AT_MOST]) + (" …" if len(rows) > ROWS_AT_MOST else "")
        return self.sentence("row" if len(rows) == 1 else "rows", rows=Said(shown, shown))

    def day(self, day: date) -> Said:
        """A date as either language writes it."""
        return self._said(lambda language: language.dated(day), long_date(day))

    def term(self, name: str, word: str) -> Said:
        """An English word and what it is called among the language's terms of this name: the word, where it is none."""
        return self._said(lambda language: language.term(name, word), word)

    def status(self, printed: str) -> Said:
        """A status, in English as the edition prints it, in the language as it stands within a sentence."""
        return self._said(lambda language: language.term("status", printed.lower()), printed)

    def countries(self, names: Sequence[str]) -> Said:
        """Countries, by the names that they have within an English sentence."""
        return self._said(
            lambda language: language.listed(language.term("country", name) for name in names), listed(names)
        )

    def _said(self, translate: Callable[[Language], str], english: str) -> Said:
        return Said(translate(self.language) if self.language else "", english)


@dataclass(frozen=True, slots=True)
class SheetFindings:
    """The points of one sheet, worst first; `sheet` is None for those on the file as a whole."""

    sheet: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read of a workbook whose reading is in doubt, for the supplier to compare.

    `answers` has how many questions were answered for each metal, by its name; `lines` counts those of the smelters.
    """

    company: str
    scope: str
    answers: tuple[tuple[str, int], ...]
    lines: int


IN_DOUBT = ("F17", "F20", "F21")
"""Rules that ask to compare what was read."""


def feedback_files(
    submission: SubmissionSummary,
    findings: Sequence[Finding],
    *,
    supplier_name: str = "",
    asked_by: str = "",
    smelter_notes: SmelterNotes | None = None,
    marked_up: str = "",
    not_marked_up: str | Finding = "",
    read_back: ReadBack | None = None,
) -> dict[str, bytes]:
    """The feedback by file name, in English and in the language that the declaration shows itself in.

    `marked_up` is the name of the supplier's own workbook with the findings marked in it, "" where there is none;
    `not_marked_up` says why not, in our own words. `smelter_notes` are about the submission's own smelters, `read_back`
    is shown where a finding asks to compare what was read, and `asked_by` is the customer.

    A file that could not be read and shows no language is answered in every language: which one its sender speaks
    would depend on what else has arrived so far, and a file that comes late must not change what was said.

    The page's first line says what happens next, and never that nothing is to do where its smelters raise points.
    Sheets come in the order of their worst finding, the file as a whole before sheets that are no worse. Names of
    sheets, answers and cell texts are untrusted and only ever quoted. The JSON has the findings worst first.
    """
    sorted_findings = worst_first(findings)
    copied = copied_as_a_whole(findings, (identity.metal for identity in submission.identities))
    told = told_in_order(findings, copied=copied)
    shown = told.others[:SHOWN_AT_MOST]
    language = language_of(submission.language)
    page = render(
        "feedback/feedback.html.j2",
        submission=submission,
        file_name=submission.key.rsplit("/", 1)[-1],
        supplier_name=supplier_name or submission.company_name,
        asked_by=asked_by,
        first=told.first,
        sheets=_by_sheet(shown),
        language=language,
        told=language.told if language else None,
        others=_others(submission, language),
        smelter_notes=smelter_notes,
        say=BothLanguages(language),
        received_on=date.fromisoformat(submission.received[:10]),
        marked_up=marked_up,
        not_marked_up=not_marked_up,
        reason=not_marked_up if isinstance(not_marked_up, Finding) else None,
        read_back=read_back if any(finding.rule in IN_DOUBT for finding in findings) else None,
        counts=_counts(told),
        too_old=told.too_old,
        copied=copied,
        left_out=sum(1 + len(point.follows) for point in told.others[SHOWN_AT_MOST:]),
        whole_file=WHOLE_FILE,
        for_information=FOR_INFORMATION,
        outdated=OUTDATED,
        found_at_most=FOUND_AT_MOST,
    )
    return {
        "feedback.html": page.encode("utf-8"),
        "findings.json": to_json(
            {
                "submission_id": submission.submission_id,
                "file": printable(submission.key.rsplit("/", 1)[-1]),
                "sha256": submission.sha256,
                "received": submission.received,
                "state": submission.state.value,
                "copied_list": copied,
                "not_yet_identified": smelter_notes.not_yet_identified if smelter_notes else 0,
                "findings": [_as_json(finding) for finding in sorted_findings],
            }
        ),
    }


def _others(submission: SubmissionSummary, shown: Language | None) -> tuple[Language, ...]:
    """The languages in which a file is answered that was not read and shows none."""
    if submission.state is not State.REJECTED or shown or submission.language:
        return ()
    return tuple(language(code) for code in language_codes())


def _counts(told: OrderedPoints) -> dict[str, int]:
    counts = Counter(point.finding.severity for point in told.points)
    return {severity.value: counts[severity] for severity in Severity}


def _by_sheet(points: Sequence[Point]) -> list[SheetFindings]:
    # A sheet's first point is its worst, because they come worst first.
    sheets: dict[str | None, list[Point]] = {}
    for point in points:
        sheets.setdefault(point.finding.sheet, []).append(point)
    severities = list(Severity)
    ordered = sorted(
        sheets.items(), key=lambda item: (severities.index(item[1][0].finding.severity), item[0] is not None)
    )
    return [SheetFindings(sheet, tuple(members)) for sheet, members in ordered]


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "sheet": printable(finding.sheet) if finding.sheet else None,
        "cell": finding.cell,
        "found": printable(finding.found),
        "message": printable(finding.message),
        "remedy": printable(finding.remedy),
        "words": {name: printable(word) for name, word in sorted(finding.words.items())},
    }
