"""Workbooks to mark up, findings to mark them with, and what openpyxl sees in them."""

import io
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.factories.archives import saved
from tracelode.feedback.markup.mark_up import mark_up
from tracelode.findings import Finding, Severity


def finding(
    cell: str | None = None,
    sheet: str | None = "Declaration",
    *,
    severity: Severity = Severity.ERROR,
    rule: str = "K01",
    found: str = "",
    message: str = "The company's name is missing.",
    remedy: str = "Enter the legal name.",
) -> Finding:
    return Finding(rule, severity, message, remedy, sheet, cell, found)


def furnished() -> bytes:
    """A workbook with a little of everything that must survive; "Declaration" is its second sheet and active."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Revision"
    sheet: Any = book.create_sheet("Declaration")
    sheet["D8"], sheet["D9"], sheet["B8"] = "Example Ltd", 12.5, "Company name"
    sheet["D9"].number_format = "0.000"
    sheet["D9"].font = Font(name="Courier New", bold=True)
    sheet["D9"].border = Border(left=Side(style="thick", color="FF00FF00"))
    sheet["D9"].protection = Protection(locked=False)
    sheet["D9"].fill = PatternFill("solid", start_color="FFEEEEEE")
    sheet["F9"] = "=D9*2"
    sheet.merge_cells("D12:J12")
    sheet["D12"] = "merged"
    sheet["P3"] = 1
    sheet["P3"].comment = Comment("the template's own comment", "Template")
    sheet.row_dimensions[20].height = 40
    rule = FormulaRule(formula=['$D$15=""'], fill=PatternFill(bgColor="FFFFFF00"), stopIfTrue=True)
    sheet.conditional_formatting.add("D15:E15", rule)
    choice = DataValidation(type="list", formula1='"Yes,No"', allow_blank=True)
    choice.add("D26:D29")
    sheet.add_data_validation(choice)
    sheet.protection.sheet = True
    sheet.protection.password = "secret"  # noqa: S105  a made-up password, which the test looks for afterwards
    sheet.print_title_rows = "1:6"
    sheet.sheet_view.tabSelected = True
    hidden = book.create_sheet("L")
    hidden["A1"] = "English"
    hidden.sheet_state = "hidden"
    book.create_sheet('Smelter\'s "List" & more')["A5"] = "CID000920"
    book.defined_names["Languages"] = DefinedName("Languages", attr_text="L!$A$1")
    book.active = 1
    return saved(book)


def marked(workbook: bytes, *findings: Finding) -> bytes:
    result = mark_up(workbook, findings)
    assert result.workbook is not None, result.reason
    assert result.reason == ""
    return result.workbook


def seen(workbook: bytes, **options: bool) -> Any:
    """The workbook as openpyxl sees it."""
    return openpyxl.load_workbook(io.BytesIO(workbook), **options)


def colour(sheet: Any, address: str) -> str | None:
    """The colour in which our conditional formats paint a cell, None if they do not."""
    return next(
        (rule.dxf.fill.bgColor.rgb
         for area, rules in sheet.conditional_formatting._cf_rules.items() if address in area.sqref
         for rule in rules if rule.formula == ['LEN("Tracelode")>0']),
        None,
    )  # fmt: skip


def look(cell: Any) -> tuple[Any, ...]:
    """A cell's whole format."""
    parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
    return (cell.number_format, *map(repr, parts), cell.quotePrefix)


def content(book: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every cell's value and whole format by sheet and address."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type, look(cell))
        for sheet in book.worksheets
        if not sheet.title.startswith("Findings")
        for cell in sheet._cells.values()  # those that there are: a marked cell may stand in the last row
        if cell.value is not None or cell.has_style
    }
