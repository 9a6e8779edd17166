"""Which of RMI's templates a workbook is, and of which version (domain page, section 2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.cmrt import file_rules
from tracelode.cmrt.file_rules import RefusedError
from tracelode.cmrt.grid import Grid, Workbook, sheet_key
from tracelode.cmrt.layouts import DECLARATION, REVISION, SMELTER_LIST, layouts
from tracelode.cmrt.text import matching_key
from tracelode.cmrt.versions import TemplateVersion

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


@dataclass(frozen=True, slots=True)
class Template:
    """What a workbook is: the template's acronym and version, and the cell where the version was found."""

    kind: str
    version: TemplateVersion
    sheet: str
    cell: str
    found: str


def detect(book: Workbook) -> Template:
    """The CMRT that a workbook is. Raises RefusedError (F10, F11, F13) if it is none, or one without a version."""
    declaration = book.grid(DECLARATION)
    if declaration is None:
        raise RefusedError(file_rules.NOT_A_CMRT.finding(what=f'it has no sheet "{DECLARATION}"'))
    title = declaration.text(2, 4)
    revision = book.grid(REVISION)
    kind = _kind(title, revision.text(3, 2) if revision else "")
    if kind is None and _has_the_sheets(book):
        kind = CMRT
    if kind is None:
        raise RefusedError(
            file_rules.NOT_A_CMRT.finding(what="its title is another", sheet=DECLARATION, cell="D2", found=title)
        )
    if kind != CMRT:
        template = f"{_NAMES[kind]} ({kind})"
        raise RefusedError(
            file_rules.OTHER_TEMPLATE.finding(template=template, sheet=DECLARATION, cell="D2", found=title)
        )
    return _versioned(book, declaration, revision)


def _kind(*titles: str) -> str | None:
    for title in titles:
        acronym = _ACRONYM.search(title)
        if acronym:
            return acronym[1]
        key = matching_key(title)
        for words, kind in _TITLE_WORDS.items():
            if words in key:
                return kind
    return None


def _has_the_sheets(book: Workbook) -> bool:
    """Whether a workbook that lost its titles still has a CMRT's sheets, and no other template's."""
    keys = book.sheet_keys
    return bool(keys & {sheet_key(SMELTER_LIST), sheet_key(_LIST_IN_1_00)}) and sheet_key(_MINE_LIST) not in keys


def _versioned(book: Workbook, declaration: Grid, revision: Grid | None) -> Template:
    for sheet, cell, found in _revision_texts(book, declaration, revision):
        version = TemplateVersion.parse(found)
        if version is not None and version.family > 0:
            return Template(CMRT, version, sheet, cell, found)
    raise RefusedError(file_rules.UNKNOWN_VERSION.finding(sheet=DECLARATION, cell="J3", found=declaration.text(3, 10)))


def _revision_texts(book: Workbook, declaration: Grid, revision: Grid | None) -> Iterable[tuple[str, str, str]]:
    """Where a revision is stated, most trustworthy first (domain page, section 2)."""
    yield DECLARATION, "J3", declaration.text(3, 10)
    smelters = book.grid(SMELTER_LIST)
    if smelters is not None:
        for column, cell in ((17, "Q3"), (15, "O3"), (14, "N3"), (18, "R3")):
            yield SMELTER_LIST, cell, smelters.text(3, column)
    if revision is not None:
        dated = [row for row in range(13, min(len(revision.rows), 200) + 1) if revision.text(row, 4)]
        for row in reversed(dated):
            yield REVISION, f"B{row}", revision.text(row, 2)


def oldest_version_read() -> TemplateVersion:
    """The oldest version of the CMRT that has a layout."""
    return layouts()[0].version
