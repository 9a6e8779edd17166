"""LibreOffice opens the workbook: every text stays the text that it was, nothing is computed, every sheet prints."""

import io
import subprocess
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pytest

from tests.engines.libreoffice import SOFFICE, needs_libreoffice, recalculated
from tests.pages.situations import busy
from tests.unit.report.factories import answered, facility, interpretation, profile
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.tables.workbook import workbook

pytestmark = [pytest.mark.engine, needs_libreoffice]

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.com","x")', "#REF!",
            "1E5", "TRUE", "2016-01-01", "00123", "'=1", "＝1+1", "a<b>&c", "  =2", "\t=3")  # fmt: skip


def hostile() -> Interpretation:
    """The busy year with names that a spreadsheet program would like to make something of."""
    named = [facility(number=number, name=name) for number, name in enumerate(FORMULAS, start=1)]
    odd = interpretation([answered("s1")], named, program=profile())
    return replace(busy(), facilities=odd.facilities)


def texts(book: bytes) -> dict[str, list[list[str]]]:
    """What stands in the cells of each sheet."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    return {
        sheet.title: [[str(cell.value) for cell in row if cell.value not in (None, "")] for row in sheet.iter_rows()]
        for sheet in opened
    }


@pytest.mark.parametrize("situation", [busy, hostile])
def test_every_cell_stays_what_it_was(situation) -> None:
    # GIVEN a workbook full of hostile names
    ours = workbook(situation(), count_figures(busy()))

    # WHEN LibreOffice opens, computes and saves it
    (theirs,) = recalculated([ours])

    # THEN no cell is a formula, and every one holds what it held
    saved = openpyxl.load_workbook(io.BytesIO(theirs))
    types = {cell.data_type for sheet in saved for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert types <= {"s", "n"}
    expected, found = texts(ours), texts(theirs)
    assert list(found) == list(expected)
    for sheet, rows in expected.items():
        for number, (row, other) in enumerate(zip_longest(rows, found[sheet], fillvalue=[]), start=1):
            assert other == row, (sheet, number)


def test_every_sheet_prints(tmp_path: Path) -> None:
    source = tmp_path / "report.xlsx"
    source.write_bytes(workbook(busy(), count_figures(busy())))

    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(source)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=240,
    )  # fmt: skip

    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
