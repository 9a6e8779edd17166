"""Which of RMI's templates a workbook is, and of which version."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.catalogue import KnownKind, Templates
from tracelode.declarations.templates.layouts import DECLARATION, LOOK_UP, REVISION, SMELTER_LIST
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import Finding
from tracelode.template_kind import CMRT, TemplateKind
from tracelode.workbooks import file_rules
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.text import matching_key

_WORD = re.compile(r"\b\w+\b")
_LIST_IN_1_00 = "Smelter and Mine List"
_LOOK_UP_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class DetectedTemplate:
    """What a workbook is: a version of a template kind, and the cell where the version was found."""

    version: TemplateVersion
    sheet: str
    cell: str
    found: str

    @property
    def kind(self) -> TemplateKind:
        """The template's kind."""
        return self.version.kind


def detect(sheets: Sheets) -> DetectedTemplate:
    """The template that a workbook is, among those of the sheets.

    Raises RefusedError (F10, F11, F13) if it is none, one of a kind that is not read, or one without a version.
    """
    declaration = sheets.grid(DECLARATION)
    if declaration is None:
        raise RefusedError(file_rules.NOT_A_CMRT.finding(what=f'it has no sheet "{DECLARATION}"'))
    title = declaration.text(2, 4)
    revision = sheets.grid(REVISION)
    known = _kind(title, revision, sheets.templates) or _kind_by_sheets(sheets)
    if known is None:
        raise RefusedError(
            file_rules.NOT_A_CMRT.finding(what="its title is another", sheet=DECLARATION, cell="D2", found=title)
        )
    if not sheets.templates.of_kind(known.kind):
        raise RefusedError(_other_template(known, title, declaration))
    return _versioned(known.kind, sheets, declaration, revision)


def _kind(title: str, revision: Grid | None, templates: Templates) -> KnownKind | None:
    """The document title on the Revision sheet is typed and English, so another template's wins over a formula's.

    RMI's cobalt template shows the CMRT's title in languages that it does not offer.
    """
    shown = _kind_named(title, templates)
    typed = _kind_named(revision.text(3, 2), templates) if revision else None
    return typed if typed and typed.kind != CMRT else shown or typed


def _kind_named(title: str, templates: Templates) -> KnownKind | None:
    by_acronym = {known.kind: known for known in templates.kinds}
    acronym = next((word for word in _WORD.findall(title) if word in by_acronym), None)
    if acronym:
        return by_acronym[acronym]
    key = matching_key(title)
    return next((known for known in templates.kinds if known.title in key), None)


def _kind_by_sheets(sheets: Sheets) -> KnownKind | None:
    """What a workbook is that lost its titles: every template has sheets of its own, or minerals."""
    kinds = sheets.templates.kinds
    for known in kinds:
        if known.own_sheet and known.own_sheet in sheets:
            return known
    look_up = sheets.grid(LOOK_UP)
    if look_up is not None:
        minerals = {look_up.text(row, 1) for row in range(5, min(len(look_up.rows), _LOOK_UP_ROWS) + 1)} - {""}
        if minerals and not any(map(sheets.templates.newest(CMRT).mineral_of, minerals)):
            return next((known for known in kinds if known.lists(minerals)), None)
    listed = SMELTER_LIST in sheets or _LIST_IN_1_00 in sheets
    return next((known for known in kinds if known.kind == CMRT), None) if listed else None


def _other_template(known: KnownKind, title: str, declaration: Grid) -> Finding:
    version = TemplateVersion.parse(known.kind, declaration.text(3, 10))
    template = f"{known.name} ({known.kind}){f', version {version.stated}' if version else ''}"
    return file_rules.OTHER_TEMPLATE.finding(template=template, sheet=DECLARATION, cell="D2", found=title)


def _versioned(kind: TemplateKind, sheets: Sheets, declaration: Grid, revision: Grid | None) -> DetectedTemplate:
    for sheet, cell, found in _revision_texts(sheets, declaration, revision):
        version = TemplateVersion.parse(kind, found)
        if version is not None and version.family > 0:
            return DetectedTemplate(version, sheet, cell, found)
    raise RefusedError(file_rules.UNKNOWN_VERSION.finding(sheet=DECLARATION, cell="J3", found=declaration.text(3, 10)))


def _revision_texts(sheets: Sheets, declaration: Grid, revision: Grid | None) -> Iterable[tuple[str, str, str]]:
    """Where a revision is stated, most trustworthy first."""
    yield DECLARATION, "J3", declaration.text(3, 10)
    smelters = sheets.grid(SMELTER_LIST)
    if smelters is not None:
        for column, cell in ((17, "Q3"), (15, "O3"), (14, "N3"), (18, "R3")):
            yield SMELTER_LIST, cell, smelters.text(3, column)
    if revision is not None:
        dated = [row for row in range(13, min(len(revision.rows), 200) + 1) if revision.text(row, 4)]
        for row in reversed(dated):
            yield REVISION, f"B{row}", revision.text(row, 2)
