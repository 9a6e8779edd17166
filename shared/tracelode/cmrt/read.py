"""A file becomes a declaration, or the finding that says why it cannot."""

from dataclasses import replace

from openpyxl.utils import column_index_from_string

from tracelode.cmrt import file_rules
from tracelode.cmrt.declaration import Answer, Company, Declaration, Entry, Product, Reading
from tracelode.cmrt.detect import Template, detect, oldest_version_read
from tracelode.cmrt.effective_date import date_of
from tracelode.cmrt.file_rules import RefusedError
from tracelode.cmrt.grid import Grid, Workbook
from tracelode.cmrt.layouts import (
    DECLARATION,
    LOOK_UP,
    PRODUCT_LIST,
    REVISION,
    SMELTER_LIST,
    Layout,
    is_known,
    layout_for,
)
from tracelode.cmrt.limits import MAX_FOUND
from tracelode.cmrt.look_up import NO_LOOK_UP, LookUp, read_look_up
from tracelode.cmrt.preflight import open_package
from tracelode.cmrt.smelter_list import entries_below, read_smelter_list
from tracelode.cmrt.text import entry_text, plain_text
from tracelode.cmrt.vocabulary import choice_of, scope_of
from tracelode.findings import Finding

_SHEETS_READ = (DECLARATION, REVISION, SMELTER_LIST, PRODUCT_LIST, LOOK_UP)
_LANGUAGE_CELL = (3, 4)
_FOOTER_MARK = "©"


def read_cmrt(data: bytes, file_name: str) -> Reading:
    """What a file declares. Never raises for a bad document: it comes back without a declaration and with an error.

    `file_name` proves nothing about the content (domain page, section 2) and decides nothing; it is quoted when the
    content is no workbook at all. Time and memory are bounded by tracelode.cmrt.limits.
    """
    try:
        return _reading(data)
    except RefusedError as refused:
        finding = refused.finding
        if finding.rule == file_rules.NOT_A_WORKBOOK.id and not finding.found:
            finding = replace(finding, found=plain_text(file_name)[:MAX_FOUND])
        return Reading(None, (finding,))


def _reading(data: bytes) -> Reading:
    book = Workbook(open_package(data), _SHEETS_READ, lists=(SMELTER_LIST,))
    template = detect(book)
    layout = layout_for(template.version)
    if layout is None:
        raise RefusedError(_refusal_of(template))
    findings: list[Finding] = []
    if not is_known(template.version):
        findings.append(
            file_rules.NEWER_VERSION.finding(
                version=template.version,
                layout=layout.version,
                sheet=template.sheet,
                cell=template.cell,
                found=template.found,
            )
        )
    declaration = _declaration(book, template, layout, findings)
    return Reading(declaration, tuple(findings))


def _refusal_of(template: Template) -> Finding:
    place = {"sheet": template.sheet, "cell": template.cell, "found": template.found}
    if template.version < oldest_version_read():
        return file_rules.OUTDATED_FAMILY.finding(version=template.version, oldest=oldest_version_read(), **place)
    return file_rules.UNKNOWN_VERSION.finding(**place)


def _declaration(book: Workbook, template: Template, layout: Layout, findings: list[Finding]) -> Declaration:
    grid = book.grid(DECLARATION)
    smelters = book.grid(SMELTER_LIST)
    if grid is None or smelters is None:
        raise RefusedError(file_rules.SHEET_MISSING.finding(sheet_name=SMELTER_LIST))
    _refuse_moved_rows(grid, layout)
    below = entries_below(smelters, layout)
    if below is not None:
        findings.append(
            file_rules.BEYOND_THE_LIST.finding(
                last_row=layout.smelter_list.last_row, sheet=SMELTER_LIST, cell=f"A{below}"
            )
        )
    return Declaration(
        kind=template.kind,
        template_version=str(template.version),
        language=grid.text(*_LANGUAGE_CELL),
        company=_company(grid, layout, date1904=book.date1904),
        answers={
            question: {
                metal: _answer(grid, layout, place.row + offset, place.choices)
                for offset, metal in enumerate(layout.metals, start=1)
            }
            for question, place in layout.questions.items()
        },
        company_answers={
            letter: _answer(grid, layout, place.row, place.choices)
            for letter, place in layout.company_questions.items()
        },
        smelters=read_smelter_list(smelters, layout, _look_up(book, layout, findings)),
        products=_products(book, layout, findings),
    )


def _refuse_moved_rows(grid: Grid, layout: Layout) -> None:
    """Labels begin with the question's number in every language; without cached values there are none to compare."""
    column = column_index_from_string(layout.label_column)
    for place in layout.questions.values():
        label = grid.text(place.row, column)
        if label and not label.startswith(f"{place.number})"):
            raise RefusedError(
                file_rules.ROWS_MOVED.finding(sheet=DECLARATION, cell=f"{layout.label_column}{place.row}", found=label)
            )


def _look_up(book: Workbook, layout: Layout, findings: list[Finding]) -> LookUp:
    grid = book.grid(LOOK_UP)
    if grid is None:
        findings.append(
            file_rules.PART_MISSING.finding(
                sheet_name=LOOK_UP, consequence="names and CIDs could not be completed from it"
            )
        )
        return NO_LOOK_UP
    return read_look_up(grid, layout)


def _products(book: Workbook, layout: Layout, findings: list[Finding]) -> tuple[Product, ...]:
    grid = book.grid(PRODUCT_LIST)
    if grid is None:
        findings.append(
            file_rules.PART_MISSING.finding(sheet_name=PRODUCT_LIST, consequence="no product could be read")
        )
        return ()
    place = layout.product_list
    columns = [place.column(field) for field in ("number", "name", "comments")]
    products = (
        Product(row, *(grid.text(row, column) for column in columns))
        for row in range(place.first_row, min(place.last_row, len(grid.rows)) + 1)
        if any(grid.value(row, column) not in ("", None) for column in columns)
    )
    return tuple(
        product
        for product in products
        if (product.number or product.name or product.comments) and not product.number.startswith(_FOOTER_MARK)
    )


def _company(grid: Grid, layout: Layout, *, date1904: bool) -> Company:
    column = column_index_from_string(layout.answer_column)
    entries = {
        field: Entry(entry_text(grid.value(row, column)), f"{layout.answer_column}{row}")
        for field, row in layout.company.items()
    }
    when = grid.value(layout.company["effective_date"], column)
    return Company(
        name=entries["name"],
        scope=scope_of(entries["scope"].text, layout.scopes),
        scope_entry=entries["scope"],
        scope_description=entries["scope_description"],
        unique_id=entries["unique_id"],
        unique_id_authority=entries["unique_id_authority"],
        address=entries["address"],
        contact_name=entries["contact_name"],
        contact_email=entries["contact_email"],
        contact_phone=entries["contact_phone"],
        authorizer_name=entries["authorizer_name"],
        authorizer_title=entries["authorizer_title"],
        authorizer_email=entries["authorizer_email"],
        authorizer_phone=entries["authorizer_phone"],
        effective_date=date_of(when, date1904=date1904),
        effective_date_entry=entries["effective_date"],
    )


def _answer(grid: Grid, layout: Layout, row: int, choices: tuple[str, ...]) -> Answer:
    column = column_index_from_string(layout.answer_column)
    text = entry_text(grid.value(row, column))
    return Answer(
        entry=Entry(text, f"{layout.answer_column}{row}"),
        value=choice_of(text, choices),
        comment=Entry(
            entry_text(grid.value(row, column_index_from_string(layout.comment_column))),
            f"{layout.comment_column}{row}",
        ),
    )
