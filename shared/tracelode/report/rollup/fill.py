"""A declaration of our own, written into an official template: nothing of the template is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracelode.declarations.templates.layouts import CHECKER, DECLARATION, SMELTER_LIST, ListLayout
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.ooxml import schema
from tracelode.ooxml.archive import Parts, open_parts
from tracelode.ooxml.book import WORKBOOK, sheets
from tracelode.ooxml.package import Discard, relationships
from tracelode.ooxml.xml import NotMarkableError, XmlPart, decoded
from tracelode.report.rollup.answers import ALL, MetalAnswers, RollUpAnswer
from tracelode.report.rollup.sheet import SheetCells, address, cells_between
from tracelode.report.rollup.smelter_lines import NOT_LISTED, SOURCE, SmelterEntry
from tracelode.report.rollup.stale import Changed, stale_cells
from tracelode.sources.official_template import LookedUp, OfficialTemplate

_FIRST_COLUMN, _LAST_COLUMN = "A", "Q"
"""The columns of the Smelter List that a supplier fills in (CMRT 6.x)."""
_SOURCE, _STREET, _COUNTRY_CODE, _SUBDIVISION, _ROW, _GAP, _KEY = "G", "H", "S", "T", "V", "X", "AB"
"""Columns of the Smelter List that the reader's layout has no name for; from R on they are hidden."""
_COMPUTED = (*"BCEFGHIJR", _COUNTRY_CODE, _SUBDIVISION, _ROW, _GAP, _KEY)
_CALCULATION_CHAIN = "calcChain"
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


@dataclass(frozen=True, slots=True)
class OwnDeclaration:
    """What a company declares. Texts are "" and answers left out where there is nothing to say.

    `company` goes by the names of the layout's company block, without scope and date; `company_answers` by letter.
    """

    scope: Scope
    company: Mapping[str, str]
    effective_date: date | None
    answers: Sequence[MetalAnswers]
    company_answers: Mapping[str, RollUpAnswer]
    smelters: Sequence[SmelterEntry]
    products: Sequence[str] = ()


def fill(data: bytes, template: OfficialTemplate, declaration: OwnDeclaration) -> bytes:
    """The template with the declaration in it; the same input gives the same bytes.

    What a former user left in its entry cells is emptied. Values that its formulas show and that the entries change
    are written anew where they are known and left out where not, and the workbook asks to be calculated when opened.

    Raises NotMarkableError where the template lacks a cell, RefusedError as the pre-flight does.
    """
    parts = open_parts(data)
    parts_of = {tab.name: tab.part for tab in sheets(parts)}
    names = (DECLARATION, SMELTER_LIST, template.layout.product_list.sheet, CHECKER)
    if any(name not in parts_of for name in names):
        raise NotMarkableError("The template lacks a sheet, or has one under another name.")
    own, smelters, products, checker = (SheetCells(parts.xml(parts_of[name])) for name in names)
    written = _fill_declaration(own, template, declaration)
    _fill_smelter_list(smelters, template, declaration.smelters)
    _fill_product_list(products, template.layout.product_list, declaration.products)
    changed = Changed(frozenset(names[1:3]), {DECLARATION: frozenset(written)})
    by_sheet = {DECLARATION: own, CHECKER: checker}
    formulas = {name: {cell: cells.formula(cell) for cell in cells.formulas()} for name, cells in by_sheet.items()}
    for name, stale in stale_cells(formulas, changed, _defined_names(parts.xml(WORKBOOK))).items():
        for cell in sorted(stale):
            by_sheet[name].show(cell, None)
    _ask_for_calculation(parts)
    return parts.packed()


def _fill_declaration(cells: SheetCells, template: OfficialTemplate, declaration: OwnDeclaration) -> list[str]:
    """Writes the Declaration sheet; returns the cells that hold another value than before."""
    layout = template.layout
    scope = next(choice for choice, meaning in layout.scopes.items() if meaning is declaration.scope)
    typed: dict[str, str | int] = {
        address(layout.answer_column, row): declaration.company.get(name, "") for name, row in layout.company.items()
    }
    typed[address(layout.answer_column, layout.company["scope"])] = scope
    if declaration.effective_date:
        serial = (declaration.effective_date - _EPOCHS[template.date1904]).days
        typed[address(layout.answer_column, layout.company["effective_date"])] = serial
    for place, of_metal in enumerate(declaration.answers):
        for question, asked in layout.questions.items():
            stated = of_metal.answers.get(question, RollUpAnswer(""))
            row = asked.metal_rows[place]
            whole = question is Question.SUPPLIER_RESPONSE and stated.value == ALL
            typed[address(layout.answer_column, row)] = template.whole if whole else stated.value
            typed[address(layout.comment_column, row)] = stated.comment
    for letter, company_question in layout.company_questions.items():
        stated = declaration.company_answers.get(letter, RollUpAnswer(""))
        typed[address(layout.answer_column, company_question.row)] = stated.value
        typed[address(layout.comment_column, company_question.row)] = stated.comment
    return _type(cells, typed)


def _type(cells: SheetCells, typed: Mapping[str, str | int]) -> list[str]:
    said = {cell: value for cell, value in typed.items() if value != ""}
    for cell, value in said.items():
        cells.write(cell, value)
    return [*said, *cells.clear(typed)]


def _fill_smelter_list(cells: SheetCells, template: OfficialTemplate, entries: Sequence[SmelterEntry]) -> None:
    place = template.layout.smelter_list
    for row, entry in enumerate(entries, start=place.first_row):
        _fill_line(cells, template, entry, row)
    area = cells_between(address(_FIRST_COLUMN, place.first_row), address(_LAST_COLUMN, place.last_row))
    left = cells.clear(area)
    for row in sorted({int(cell.lstrip("ABCDEFGHIJKLMNOPQ")) for cell in left}):
        for column in _COMPUTED:
            cells.show(address(column, row), None)


def _fill_line(cells: SheetCells, template: OfficialTemplate, entry: SmelterEntry, row: int) -> None:
    columns = template.layout.smelter_list.columns
    typed = {
        columns["cid"]: entry.cid,
        columns["look_up"]: entry.look_up,
        columns["name"]: entry.name,
        columns["country"]: entry.country,
        columns["identification"]: entry.identification,
        columns["mine"]: entry.mine,
        columns["mine_country"]: entry.mine_country,
        columns["recycled"]: entry.recycled,
        columns["comments"]: entry.comments,
    }
    if not entry.known:
        typed[columns["metal"]] = entry.metal.value
    if entry.look_up == NOT_LISTED:
        typed[_SOURCE] = SOURCE
    for column in sorted(typed):
        if typed[column]:
            cells.write(address(column, row), typed[column])
    shown = _shown_of_known(entry.known, entry.cid, template) if entry.known else _shown_of_unknown(entry)
    for column in _COMPUTED:
        cell = address(column, row)
        value = shown.get(column)
        if cells.has_formula(cell):
            cells.show(cell, value)
        elif entry.known and isinstance(value, str) and value and not typed.get(column):
            # A copy of the template whose former user wrote over the formula: the value itself stands in.
            cells.write(cell, value)


def _shown_of_known(known: LookedUp, cid: str, template: OfficialTemplate) -> Mapping[str, str | int]:
    """What the formulas of a line make of a CID that the look-up tab has (CMRT 6.5, Smelter List row 5).

    B and C come from the first row with the CID; all others from the row that has this standard name as look-up name.
    An empty cell of the look-up tab shows as the number 0.
    """
    shown: dict[str, str | int] = {"B": known.metal.value, "C": known.name, _KEY: f"{known.metal.value}{known.name}"}
    named = template.rows.get((known.metal, known.name.casefold()))
    if named is None or set(known.name) & set("*?~"):
        return shown
    codes = {name.casefold(): code for code, name in template.countries.items()}
    return shown | {
        "E": named.country,
        "F": cid,
        _SOURCE: named.source or 0,
        _STREET: named.street or 0,
        "I": named.city or 0,
        "J": named.state or 0,
        "R": named.name,
        _COUNTRY_CODE: codes.get(named.country.casefold(), "Unknown"),
        _ROW: named.row,
        _GAP: 0,
    }


def _shown_of_unknown(entry: SmelterEntry) -> Mapping[str, str | int]:
    return {_GAP: 0, _KEY: f"{entry.metal.value}{entry.look_up}"}


def _fill_product_list(cells: SheetCells, place: ListLayout, products: Sequence[str]) -> None:
    number, last = place.columns["number"], place.columns["comments"]
    _type(cells, {address(number, row): product for row, product in enumerate(products, start=place.first_row)})
    cells.clear(cells_between(address(number, place.first_row), address(last, place.last_row)))


def _defined_names(book: XmlPart) -> Mapping[str, str]:
    return {
        decoded(element.attribute(b"name")): decoded(book.content[element.inner : element.close])
        for element in book.elements("definedName")
    }


def _ask_for_calculation(parts: Parts) -> None:
    """Have Excel compute everything when it opens the workbook; its list of formulas, no longer right, goes."""
    book = parts.xml(WORKBOOK)
    settings = book.first("calcPr")
    if settings:
        book.set_attribute(settings, b"fullCalcOnLoad", b"1")
    else:
        book.insert_in_order("calcPr", schema.WORKBOOK_ORDER, b"<" + book.prefix + b'calcPr fullCalcOnLoad="1"/>')
    discard = Discard(parts)
    for link in relationships(parts, WORKBOOK):
        if link.kind == _CALCULATION_CHAIN:
            discard.part(WORKBOOK, link)
    discard.undeclare()
