"""Workbooks laid out as a CMRT 6.x is, for the example case and for tests: our own, with made-up or public content.

The Responsible Minerals Initiative's template is not ours to ship. A specimen has the same sheets, cells and stored
values where RMI's templates have them and short labels of our own everywhere else; it carries no
formula. What the template's formulas would show is written as plain values, or left out as a program does that fills
a template without calculating it.
"""

from examples.specimen.content import (
    NOT_LISTED,
    NOT_YET_IDENTIFIED,
    SAMPLE_LOOK_UP,
    SCOPES,
    CmrtSpecimen,
    CompanyBlock,
    LookUpEntry,
    ProductRow,
    SmelterRow,
    complete_specimen,
    not_listed,
    not_yet_identified,
    special_entries,
)
from examples.specimen.layout import EDITIONS, FIRST_LOOK_UP_ROW, FIRST_PRODUCT_ROW, FIRST_SMELTER_ROW
from examples.specimen.write import CellValue, write_cmrt

__all__ = [
    "EDITIONS",
    "FIRST_LOOK_UP_ROW",
    "FIRST_PRODUCT_ROW",
    "FIRST_SMELTER_ROW",
    "NOT_LISTED",
    "NOT_YET_IDENTIFIED",
    "SAMPLE_LOOK_UP",
    "SCOPES",
    "CellValue",
    "CmrtSpecimen",
    "CompanyBlock",
    "LookUpEntry",
    "ProductRow",
    "SmelterRow",
    "complete_specimen",
    "not_listed",
    "not_yet_identified",
    "special_entries",
    "write_cmrt",
]
