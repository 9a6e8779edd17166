"""Which of RMI's templates a workbook is, and of which version."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.declarations.sheets import Sheets
from tracelode.declarations.templates.layouts import DECLARATION, LOOK_UP, REVISION, SMELTER_LIST
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.declarations.templates.vocabulary import metal_of
from tracelode.findings import Finding
from tracelode.workbooks import file_rules
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.text import matching_key

CMRT = "CMRT"

_ACRONYM = re.compile(r"\b(CMRT|EMRT|CRT|AMRT|PRT)\b")
_NAMES = {
    "CMRT": "Conflict Minerals Reporting Template",
    "EMRT": "Extended Minerals Reporting Template",
    "CRT": "Cobalt Reporting Template",
    "AMRT": "Additional Minerals Reporting Template",
    "PRT": "Pilot Reporting Template",
}
_TITLE_WORDS = {
    "conflictminerals": "CMRT",
    "extendedmineral": "EMRT",
    "cobaltreporting": "CRT",
    "additionalmineral": "AMRT",
    "pilotreporting": "PRT",
}
_LIST_IN_1_00 = "Smelter and Mine List"
_MINE_LIST = "Mine List"
_MINERALS_SCOPE = "Minerals Scope"
_LOOK_UP_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Template:
    """What a workbook is: the template's acronym and version, and the cell where the version was found."""

    kind: str
    version: TemplateVersion
    sheet: str
    cell: str
    found: str


def detect(sheets: Sheets) -> Template:
    """The CMRT that a workbook is. Raises RefusedError (F10, F11, F13) if it is none, or one without a version."""
    declaration = sheets.grid(DECLARATION)
    if declaration is None:
        raise RefusedError(file_rules.NOT_A_CMRT.finding(what=f'it has no sheet "{DECLARATION}"'))
    title = declaration.text(2, 4)
    revision = sheets.grid(REVISION)
    kind = _kind(title, revision) or _kind_by_sheets(sheets)
    if kind is None:
        raise RefusedError(
            file_rules.NOT_A_CMRT.finding(what="its title is another", sheet=DECLARATION, cell="D2", found=title)
        )
    if kind != CMRT:
        raise RefusedError(_other_template(kind, title, declaration))
    return _versioned(sheets, declaration, revision)


def _kind(title: str, revision: Grid | None) -> str | None:
    """The document title on the Revision sheet is typed and English, so another template's wins over a formula's.

    RMI's cobalt template shows the CMRT's title in languages that it does not offer.
    """
    shown = _kind_named(title)
    typed = _kind_named(revision.text(3, 2)) if revision else None
    return typed if typed not in (None, CMRT) else shown or typed


def _kind_named(title: str) -> str | None:
    acronym = _ACRONYM.search(title)
    if acronym:
        return acronym[1]
    key = matching_key(title)
    return next((kind for words, kind in _TITLE_WORDS.items() if words in key), None)


def _kind_by_sheets(sheets: Sheets) -> str | None:
    """What a workbook is that lost its titles: every template has sheets of its own."""
    if _MINERALS_SCOPE in sheets:
        return "AMRT"
    if _MINE_LIST in sheets:
        return "EMRT"
    look_up = sheets.grid(LOOK_UP)
    if look_up is not None:
        minerals = {look_up.text(row, 1) for row in range(5, min(len(look_up.rows), _LOOK_UP_ROWS) + 1)} - {""}
        if minerals and not any(metal_of(mineral) for mineral in minerals):
            return "CRT" if minerals <= {"Cobalt"} else "EMRT"
    return CMRT if SMELTER_LIST in sheets or _LIST_IN_1_00 in sheets else None


def _other_template(kind: str, title: str, declaration: Grid) -> Finding:
    version = TemplateVersion.parse(declaration.text(3, 10))
    template = f"{_NAMES[kind]} ({kind}){f', version {version}' if version else ''}"
    return file_rules.OTHER_TEMPLATE.finding(template=template, sheet=DECLARATION, cell="D2", found=title)


def _versioned(sheets: Sheets, declaration: Grid, revision: Grid | None) -> Template:
    for sheet, cell, found in _revision_texts(sheets, declaration, revision):
        version = TemplateVersion.parse(found)
        if version is not None and version.family > 0:
            return Template(CMRT, version, sheet, cell, found)
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
