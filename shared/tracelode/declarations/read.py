"""A file becomes a declaration, or the finding that says why it cannot."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tracelode.declarations.declaration import Answer, Company, Declaration, Entry, Product, Reading, SmelterLine
from tracelode.declarations.detect import DetectedTemplate, detect
from tracelode.declarations.look_up import NO_LOOK_UP, LookUp, look_up_tabs, read_look_up
from tracelode.declarations.place import Placed, PlacedList, placed_declaration, placed_list, placed_products
from tracelode.declarations.sheets import Sheets
from tracelode.declarations.smelter_list import entries_below, read_smelter_list
from tracelode.declarations.templates.catalogue import TEMPLATES, Templates
from tracelode.declarations.templates.layouts import CHECKER, DECLARATION, LANGUAGE_CELL, Layout, ListLayout
from tracelode.declarations.templates.questions import Question
from tracelode.declarations.templates.vocabulary import choice_of, scope_of
from tracelode.findings import Finding
from tracelode.lists.effective_date import ambiguous, date_of
from tracelode.minerals import Mineral
from tracelode.workbooks import file_rules
from tracelode.workbooks.addresses import column_letters, column_number, parse_cell
from tracelode.workbooks.file_rules import FileRule, RefusedError
from tracelode.workbooks.grid import Book, Grid, Workbook
from tracelode.workbooks.legacy import LegacyWorkbook
from tracelode.workbooks.limits import MAX_CUTS_TOLD, MAX_FOUND, MAX_ORIGIN_CHARACTERS, MAX_ORIGIN_TEXT, MAX_TEXT
from tracelode.workbooks.preflight import is_legacy, open_package
from tracelode.workbooks.text import CellValue, entry_text, plain_text

_CHECKER_TOTAL = (2, 4)
_SMALL_NUMBER = re.compile(r"[0-9]{1,4}")
_FOOTER_MARKS = ("©", "2011 Electronic Industry")
_NOWHERE = Entry("", "")
_NO_ANSWER = Answer(_NOWHERE, None, _NOWHERE)


def read_declaration(data: bytes, file_name: str, templates: Templates = TEMPLATES) -> Reading:
    """What a file declares. Never raises for a bad document: it comes back without a declaration and with an error.

    `file_name` proves nothing about the content and decides nothing; it is quoted when the
    content is no workbook at all. Time and memory are bounded by tracelode.workbooks.limits.
    """
    try:
        return _reading(data, templates)
    except RefusedError as refused:
        finding = refused.finding
        if finding.rule == file_rules.NOT_A_WORKBOOK.id and not finding.found:
            finding = replace(finding, found=plain_text(file_name)[:MAX_FOUND])
        return Reading(None, (finding,))


def _reading(data: bytes, templates: Templates) -> Reading:
    book: Book = LegacyWorkbook(data) if is_legacy(data) else Workbook(open_package(data))
    sheets = Sheets(book, templates)
    template = detect(sheets)
    layout = templates.layout_for(template.version)
    if layout is None:
        raise RefusedError(_unknown(template))
    notes = _Notes()
    for title in sheets.renamed:
        notes.add(file_rules.FOUND_BY_CONTENT, sheet=title, found=sheets.renamed[title], sheet_name=title)
    declaration, placed, look_up = _declaration(sheets, template, layout, notes)
    newest = templates.newest(template.kind).version
    checked = _checker_count(sheets) if layout.version.family == newest.family else None
    return Reading(declaration, tuple(notes.findings), sheets.renamed, look_up, placed, checked)


_OF_A_PRODUCT = ("number", "name", "comments", "requester_number", "requester_name")


@dataclass(slots=True)
class _Notes:
    """What is to be said about a file that can be read."""

    findings: list[Finding] = field(default_factory=list)
    cuts: int = 0

    def add(
        self, rule: FileRule, *, sheet: str | None = None, cell: str | None = None, found: str = "", **words: object
    ) -> None:
        self.findings.append(rule.finding(sheet=sheet, cell=cell, found=found, **words))

    def text(self, grid: Grid, sheet: str, row: int, column: int) -> str:
        """A cell's text; says so where it had to be cut."""
        value = grid.value(row, column)
        self.cut(value, sheet, row, column)
        return entry_text(value)

    def cut(self, value: CellValue, sheet: str, row: int, column: int) -> None:
        if isinstance(value, str) and len(value) > MAX_TEXT and self.cuts < MAX_CUTS_TOLD:
            self.cuts += 1
            cell = f"{column_letters(column)}{row}"
            self.add(file_rules.TEXT_CUT, sheet=sheet, cell=cell, found=plain_text(value[:MAX_FOUND]), limit=MAX_TEXT)

    def too_much(self, line: SmelterLine, place: ListLayout) -> None:
        """Say that a mine country is cut because all of them together are too long."""
        if self.cuts < MAX_CUTS_TOLD:
            self.cuts += 1
            cell = f"{column_letters(place.column('mine_country'))}{line.row}"
            found = line.mine_country[:MAX_FOUND]
            self.add(file_rules.TEXT_CUT, sheet=place.sheet, cell=cell, found=found, limit=MAX_ORIGIN_TEXT)


def _unknown(template: DetectedTemplate) -> Finding:
    return file_rules.UNKNOWN_VERSION.finding(sheet=template.sheet, cell=template.cell, found=template.found)


def _declaration(
    sheets: Sheets, template: DetectedTemplate, layout: Layout, notes: _Notes
) -> tuple[Declaration, Layout, LookUp]:
    grid = sheets.grid(DECLARATION)
    smelters = sheets.grid(layout.smelter_list.sheet)
    if grid is None or smelters is None:
        raise RefusedError(file_rules.SHEET_MISSING.finding(sheet_name=layout.smelter_list.sheet))
    placed = placed_declaration(grid, layout)
    listed = placed_list(smelters, layout.smelter_list, layout)
    products = sheets.grid(layout.product_list.sheet) if layout.product_list.sheet else None
    product_list = placed_products(products, layout.product_list) if products else layout.product_list
    layout = replace(placed.layout, smelter_list=listed.place, product_list=product_list)
    _note_version(sheets.templates, template, placed, listed, notes)
    for moved, title in ((placed.moved, DECLARATION), (listed.moved, layout.smelter_list.sheet)):
        if moved:
            notes.add(file_rules.FOUND_BY_LABELS, sheet=title)
    look_up = _look_up(sheets, layout, notes)
    links = sheets.links(DECLARATION)
    declaration = Declaration(
        kind=template.kind,
        template_version=template.version.stated,
        language=grid.text(*LANGUAGE_CELL),
        company=_company(grid, layout, notes, date1904=sheets.date1904),
        answers=_answers(grid, layout, notes),
        company_answers={
            letter: _linked(_answer(grid, layout, notes, place.row, place.choices), links)
            for letter, place in layout.company_questions.items()
        },
        smelters=_smelters(smelters, layout, look_up, notes),
        products=_products(products, layout.product_list, notes),
    )
    return declaration, layout, look_up


def _note_version(
    templates: Templates, template: DetectedTemplate, placed: Placed, listed: PlacedList, notes: _Notes
) -> None:
    """What the version means for the reading. Raises RefusedError (F13) if its layout cannot even be guessed."""
    place = {"sheet": template.sheet, "cell": template.cell, "found": template.found}
    version, layout = template.version, placed.layout
    newest = templates.newest(template.kind).version
    fitting, expected = placed.fitting + listed.fitting, placed.expected + listed.expected
    if version.family > newest.family and placed.fitting < placed.expected:
        raise RefusedError(_unknown(template))
    printed = templates.as_printed(version)
    if not templates.is_known(version):
        notes.add(file_rules.NEWER_VERSION, version=printed, layout=templates.as_printed(layout.version), **place)
    if version.family < newest.family:
        notes.add(file_rules.OUTDATED_FAMILY, version=printed, newest=templates.as_printed(newest), **place)
    if not layout.documented:
        confidence = _confidence(fitting, expected)
        notes.add(
            file_rules.UNDOCUMENTED_VERSION,
            version=printed,
            confidence=confidence,
            fitting=fitting,
            expected=expected,
            **place,
        )


def _confidence(fitting: int, expected: int) -> str:
    low, medium, high = file_rules.CONFIDENCES
    share = fitting / expected
    return high if share > 0.9 else medium if share > 0.5 else low


def _smelters(grid: Grid, layout: Layout, look_up: LookUp, notes: _Notes) -> tuple[SmelterLine, ...]:
    place = layout.smelter_list
    below = entries_below(grid, layout)
    if below is not None:
        notes.add(file_rules.BEYOND_THE_LIST, sheet=place.sheet, cell=f"A{below}", last_row=place.last_row)
    lines = read_smelter_list(grid, layout, look_up)
    columns = [place.column(name) for name in place.columns]
    for line in lines:
        for column in columns:
            notes.cut(grid.value(line.row, column), place.sheet, line.row, column)
    return tuple(_within_bounds(lines, layout, notes))


def _within_bounds(lines: Iterable[SmelterLine], layout: Layout, notes: _Notes) -> Iterator[SmelterLine]:
    """The lines with the mine countries that are kept: all of each, until they are more than anybody has to say."""
    seen: set[str] = set()
    left = MAX_ORIGIN_CHARACTERS
    for line in lines:
        if line.mine_country not in seen:
            seen.add(line.mine_country)
            left -= len(line.mine_country)
        if left < 0 and len(line.mine_country) > MAX_ORIGIN_TEXT:
            notes.too_much(line, layout.smelter_list)
            line = replace(line, mine_country=line.mine_country[:MAX_ORIGIN_TEXT])
        yield line


def _look_up(sheets: Sheets, layout: Layout, notes: _Notes) -> LookUp:
    tabs = look_up_tabs(sheets, layout)
    if layout.look_ups and not tabs:
        notes.add(
            file_rules.PART_MISSING,
            sheet_name=layout.look_ups[0].sheet,
            consequence=file_rules.NO_SMELTER_NAMES,
        )
    return read_look_up(tabs, layout) if tabs else NO_LOOK_UP


def _checker_count(sheets: Sheets) -> int | None:
    grid = sheets.dispensable(CHECKER)
    shown = grid.text(*_CHECKER_TOTAL) if grid else ""
    return int(shown) if _SMALL_NUMBER.fullmatch(shown) else None


def _products(grid: Grid | None, place: ListLayout, notes: _Notes) -> tuple[Product, ...]:
    if grid is None:
        if place.sheet:
            notes.add(file_rules.PART_MISSING, sheet_name=place.sheet, consequence=file_rules.NO_PRODUCTS)
        return ()

    def product(row: int) -> Product:
        texts = {
            name: notes.text(grid, place.sheet, row, place.column(name))
            for name in _OF_A_PRODUCT
            if name in place.columns
        }
        return Product(row, **{"number": "", "name": "", "comments": "", **texts})

    columns = [place.column(name) for name in _OF_A_PRODUCT if name in place.columns]
    products = (
        product(row)
        for row in range(place.first_row, min(place.last_row, len(grid.rows)) + 1)
        if any(grid.value(row, column) not in ("", None) for column in columns)
    )
    return tuple(
        each
        for each in products
        if any((each.number, each.name, each.comments, each.requester_number, each.requester_name))
        and not each.number.startswith(_FOOTER_MARKS)
    )


def _company(grid: Grid, layout: Layout, notes: _Notes, *, date1904: bool) -> Company:
    column = column_number(layout.answer_column)
    entries = {
        name: Entry(notes.text(grid, DECLARATION, row, column), f"{layout.answer_column}{row}")
        for name, row in layout.company.items()
    }
    if layout.date_cells:
        when: CellValue = _date_in_parts(grid, layout.date_cells)
        dated = Entry(plain_text(when), layout.date_cells["day"])
    else:
        when = grid.value(layout.company["effective_date"], column)
        dated = entries["effective_date"]
    effective_date = date_of(when, date1904=date1904, language=grid.text(*LANGUAGE_CELL))
    if effective_date is None and ambiguous(dated.text):
        notes.add(file_rules.AMBIGUOUS_DATE, sheet=DECLARATION, cell=dated.cell, found=dated.text)
    if effective_date is not None and not isinstance(when, str):
        dated = Entry(effective_date.isoformat(), dated.cell)

    def entry(name: str) -> Entry:
        return entries.get(name, _NOWHERE)

    return Company(
        name=entry("name"),
        scope=scope_of(entry("scope").text, layout.scopes),
        scope_entry=entry("scope"),
        scope_description=entry("scope_description"),
        unique_id=entry("unique_id"),
        unique_id_authority=entry("unique_id_authority"),
        address=entry("address"),
        contact_name=entry("contact_name"),
        contact_email=entry("contact_email"),
        contact_phone=entry("contact_phone"),
        authorizer_name=entry("authorizer_name"),
        authorizer_title=entry("authorizer_title"),
        authorizer_email=entry("authorizer_email"),
        authorizer_phone=entry("authorizer_phone"),
        effective_date=effective_date,
        effective_date_entry=dated,
    )


def _linked(answer: Answer, links: Mapping[str, str]) -> Answer:
    """An answer whose comment knows where its cell leads."""
    link = plain_text(links.get(answer.comment.cell, ""))
    comment = answer.comment
    return replace(answer, comment=Entry(comment.text or link, comment.cell, link)) if link else answer


def _date_in_parts(grid: Grid, cells: Mapping[str, str]) -> str:
    """Day, month and year of CMRT 1.00, which stand in a cell each, as one text."""
    parts = []
    for name in ("day", "month", "year"):
        if at := parse_cell(cells[name]):
            parts.append(grid.text(at.row, at.column))
    return " ".join(parts) if all(parts) else ""


def _answers(grid: Grid, layout: Layout, notes: _Notes) -> Mapping[Question, Mapping[Mineral, Answer]]:
    """An answer for every question and metal; one that this family does not ask has no cell."""
    return {
        question: {
            metal: _answer(grid, layout, notes, row, place.choices, place.means)
            for metal, row in zip(layout.minerals, place.metal_rows, strict=True)
        }
        if place.metal_rows
        else dict.fromkeys(layout.minerals, _NO_ANSWER)
        for question, place in layout.questions.items()
    }


def _answer(
    grid: Grid,
    layout: Layout,
    notes: _Notes,
    row: int,
    choices: tuple[str, ...],
    means: Mapping[str, str] | None = None,
) -> Answer:
    column = column_number(layout.answer_column)
    comments = column_number(layout.comment_column)
    text = notes.text(grid, DECLARATION, row, column)
    choice = choice_of(text, choices)
    return Answer(
        entry=Entry(text, f"{layout.answer_column}{row}"),
        value=(means or {}).get(choice, choice) if choice else None,
        comment=Entry(notes.text(grid, DECLARATION, row, comments), f"{layout.comment_column}{row}"),
    )
