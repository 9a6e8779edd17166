"""The report set: every file that the compliance team downloads, from one interpretation. Same inputs, same bytes."""

from collections.abc import Mapping

from tracelode.edgar.lint import lint
from tracelode.own_text.blanks import printed_blanks
from tracelode.own_text.own_sections import placed_sections
from tracelode.picture.figures.by_name import figures_json
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.files import (
    CHANGES,
    EXHIBIT,
    EXHIBIT_IN_WORD,
    FACILITIES,
    FIGURES,
    FILED,
    FORM_SD,
    FORM_SD_IN_WORD,
    INDEX,
    MANIFEST,
    PROVENANCE,
    REPORT_WORKBOOK,
    RESOLUTIONS,
    ROLLUP_FILE,
    SOURCES,
    SUPPLIERS,
    TO_DECIDE,
)
from tracelode.report.filing import filing
from tracelode.report.filing.word import word
from tracelode.report.frozen_run import FrozenReport
from tracelode.report.manifest import manifest, sources
from tracelode.report.pages.overview import overview
from tracelode.report.rollup.roll_up import Rollup, no_roll_up, roll_up
from tracelode.report.tables.decisions import resolutions_csv, to_decide
from tracelode.report.tables.tables import smelters_csv, suppliers_csv
from tracelode.report.tables.workbook import workbook
from tracelode.report.trace.changes import NOT_COMPARED, Changes, changes_json
from tracelode.report.trace.explanations.explained import explained
from tracelode.report.trace.provenance import provenance
from tracelode.report.trace.since_frozen import since_frozen


class UnfilableDocumentError(RuntimeError):
    """A document that EDGAR would refuse: a bug in a template, which must not be published."""


def build_report_set(
    interpretation: Interpretation,
    changes: Changes = NOT_COMPARED,
    *,
    frozen: FrozenReport | None = None,
    software_version: str,
) -> dict[str, bytes]:
    """The files of a report set by name.

    They depend on the interpretation, what changed on its newest day, the run that is to be filed and the software
    version alone: no clock, no random id, no order of dictionaries. A report that says what the frozen run says is what
    it would be if nothing were frozen.
    Storage coordinates stand in `sources.json` only.

    Raises UnfilableDocumentError when a document for EDGAR breaks one of its rules.
    """
    figures = count_figures(interpretation)
    template = interpretation.facts.template
    rolled = roll_up(template, interpretation, figures) if template else Rollup(None)
    own = placed_sections(interpretation, figures)
    form = filing.form_sd_by_section(interpretation, figures, own)
    exhibit = filing.exhibit_by_section(interpretation, figures, own)
    outputs = {
        FORM_SD: filing.as_filed(form),
        EXHIBIT: filing.as_filed(exhibit),
        REPORT_WORKBOOK: workbook(interpretation, figures, changes),
        FACILITIES: smelters_csv(interpretation),
        SUPPLIERS: suppliers_csv(interpretation),
        TO_DECIDE: to_decide(interpretation),
        RESOLUTIONS: resolutions_csv(interpretation),
        FIGURES: figures_json(figures),
        CHANGES: changes_json(changes),
        PROVENANCE: provenance(interpretation, figures, software_version=software_version),
        **({ROLLUP_FILE: rolled.workbook or no_roll_up(rolled.problems)} if template else {}),
    }
    since = (
        since_frozen(
            frozen,
            outputs,
            software_version=software_version,
            counting={each.name: each.says.rstrip(".") for each in explained(figures)},
        )
        if frozen
        else None
    )
    outputs[INDEX] = overview(
        interpretation,
        figures,
        changes=changes,
        since=since,
        rolled=rolled,
        own=own,
        software_version=software_version,
    )
    _hold_against_edgar({name: outputs[name] for name in FILED})
    open_ = printed_blanks(interpretation.facts.program)
    outputs[FORM_SD_IN_WORD], outputs[EXHIBIT_IN_WORD] = word(form, blanks=open_), word(exhibit, blanks=open_)
    return {
        **outputs,
        MANIFEST: manifest(interpretation, outputs, own=own, software_version=software_version),
        SOURCES: sources(interpretation),
    }


def _hold_against_edgar(documents: Mapping[str, bytes]) -> None:
    for name, document in documents.items():
        for violation in lint(document, name, companions=documents):
            raise UnfilableDocumentError(f"{name}:{violation.line}: {violation.rule} {violation.message}")
