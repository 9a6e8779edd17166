"""Writing cells at the XML level."""

import pytest

from tracelode.ooxml.xml import NotMarkableError, XmlPart
from tracelode.report.rollup.sheet import ERROR, SheetCells
from tracelode.report.rollup.smelter_lines import cell_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(*cells: str) -> SheetCells:
    rows = "".join(cells)
    return SheetCells(
        XmlPart(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{rows}</row></sheetData></worksheet>'.encode())
    )


def content(cells: SheetCells) -> str:
    text = cells.part.edited().decode()
    return text[text.index('<row r="1">') + 11 : text.index("</row>")]


def test_a_text_keeps_the_style_and_becomes_no_formula():
    cells = sheet('<c r="A1" s="7"/>', '<c r="B1" s="8" t="s"><v>4</v></c>')
    cells.write("A1", "=1+1 <f>")
    cells.write("B1", 3)
    assert content(cells) == (
        '<c r="A1" s="7" t="inlineStr"><is><t xml:space="preserve">=1+1 &lt;f&gt;</t></is></c>'
        '<c r="B1" s="8"><v>3</v></c>'
    )


def test_only_what_is_typed_is_emptied():
    cells = sheet('<c r="A1" t="s"><v>4</v></c>', '<c r="B1"><f>A1</f><v>4</v></c>', '<c r="C1" s="1"/>')
    assert cells.clear(["A1", "B1", "C1", "Z9"]) == ["A1"]
    assert content(cells) == '<c r="A1"></c><c r="B1"><f>A1</f><v>4</v></c><c r="C1" s="1"/>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x & y", '<c r="A1" t="str"><f>B1</f><v>x &amp; y</v></c>'), (5, '<c r="A1"><f>B1</f><v>5</v></c>'),
     (ERROR, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'), (None, '<c r="A1"><f>B1</f></c>')],
)  # fmt: skip
def test_a_formula_shows_another_value(value: str | int | None, shown: str):
    cells = sheet('<c r="A1" t="str"><f>B1</f><v>old</v></c>')
    cells.show("A1", value)
    assert content(cells) == shown


def test_a_formula_that_others_share_is_not_overwritten():
    cells = sheet('<c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f><v>1</v></c>')
    with pytest.raises(NotMarkableError, match="share the formula of A1"):
        cells.write("A1", "x")
    cells.show("A1", None)
    assert "<v>" not in content(cells)


def test_a_missing_cell_is_said():
    with pytest.raises(NotMarkableError, match="no cell B7"):
        sheet().write("B7", "x")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("=cmd|' /C calc'!A0", "cmd|' /C calc'!A0"), ("@=+-x", "x"), ("＝x", "x"), ("#REF!", "REF!"), ("  a\n b ", "a b"),
     ("x" * 300, "x" * 255), ("", "")],
)  # fmt: skip
def test_untrusted_text_begins_like_no_formula(text: str, plain: str):
    assert cell_text(text) == plain
