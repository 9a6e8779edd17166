"""What a supplier is told about a submission: `feedback.html` for a person, `findings.json` for a program.

Speaks of the one submission alone: no other supplier, and nothing of the report, is ever in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracelode.findings import Finding, Severity, worst_first
from tracelode.report.manifest import to_json
from tracelode.report.printable import printable
from tracelode.report.smelter_notes import SENTENCES, SmelterNotes
from tracelode.report.templating import render
from tracelode.report.wording import in_words, listed, long_date
from tracelode.review.telling import Language, language_of
from tracelode.submission import SubmissionSummary

WHOLE_FILE = "The file as a whole"

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
    """The findings of one sheet, worst first; `sheet` is None for those on the file as a whole."""

    sheet: str | None
    findings: tuple[Finding, ...]


def feedback_files(
    submission: SubmissionSummary,
    findings: Sequence[Finding],
    *,
    supplier_name: str = "",
    smelter_notes: SmelterNotes | None = None,
    marked_up: str = "",
    not_marked_up: str = "",
) -> dict[str, bytes]:
    """The feedback by file name, in English and in the language that the declaration shows itself in.

    `marked_up` is the name of the supplier's own workbook with the findings marked in it, "" where there is none;
    `not_marked_up` says why not, in our own words. `smelter_notes` are about the submission's own smelters.

    The page's first line says what happens next, and never that nothing is to do where its smelters raise points.
    Sheets come in the order of their worst finding, the file as a whole before sheets that are no worse. Names of
    sheets, answers and cell texts are untrusted and only ever quoted.
    """
    sorted_findings = worst_first(findings)
    shown = sorted_findings[:SHOWN_AT_MOST]
    counts = Counter(finding.severity for finding in sorted_findings)
    language = language_of(submission.language)
    page = render(
        "pages/feedback.html.j2",
        submission=submission,
        file_name=submission.key.rsplit("/", 1)[-1],
        supplier_name=supplier_name or submission.company_name,
        sheets=_by_sheet(shown),
        language=language,
        told=language.told if language else None,
        smelter_notes=smelter_notes,
        say=BothLanguages(language),
        received_on=date.fromisoformat(submission.received[:10]),
        marked_up=marked_up,
        not_marked_up=not_marked_up,
        counts={severity.value: counts[severity] for severity in Severity},
        left_out=len(sorted_findings) - len(shown),
        whole_file=WHOLE_FILE,
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
                "findings": [_as_json(finding) for finding in sorted_findings],
            }
        ),
    }


def _by_sheet(sorted_findings: Sequence[Finding]) -> list[SheetFindings]:
    # A sheet's first finding is its worst, because the findings come worst first.
    sheets: dict[str | None, list[Finding]] = {}
    for finding in sorted_findings:
        sheets.setdefault(finding.sheet, []).append(finding)
    severities = list(Severity)
    ordered = sorted(sheets.items(), key=lambda item: (severities.index(item[1][0].severity), item[0] is not None))
    return [SheetFindings(sheet, tuple(members)) for sheet, members in ordered]


def _as_json(finding: Finding) -> dict[str, str | None]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "sheet": printable(finding.sheet) if finding.sheet else None,
        "cell": finding.cell,
        "found": printable(finding.found),
        "message": printable(finding.message),
        "remedy": printable(finding.remedy),
    }
