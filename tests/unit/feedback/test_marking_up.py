"""A supplier gets its own workbook back with the findings in it, and everything else as it was."""

import re
import zipfile
from io import BytesIO

import pytest

from examples.specimen import complete_specimen, write_cmrt
from tests.factories.archives import parts_of, saved, with_part, zipped
from tests.unit.declarations.workbooks import encrypted
from tests.unit.feedback.marked_workbooks import colour, content, finding, furnished, look, marked, seen
from tests.unit.feedback.strictness import complaints
from tracelode.declarations.read import read_declaration
from tracelode.feedback.markup.labels import Labels
from tracelode.feedback.markup.mark_up import MAX_COMMENT_CHARACTERS, mark_up
from tracelode.feedback.markup.styles import COLOURS
from tracelode.findings import Severity
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD

DECLARATION = "xl/worksheets/sheet2.xml"


def findings_rows(workbook: bytes) -> list[list[str]]:
    sheet = seen(workbook).worksheets[0]
    return [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]


def test_a_cell_is_painted_and_keeps_its_value_and_format():
    before = seen(furnished())["Declaration"]["D9"]
    sheet = seen(marked(furnished(), finding("D9")))["Declaration"]
    assert colour(sheet, "D9") == COLOURS[Severity.ERROR]
    assert colour(sheet, "D8") is None
    assert look(sheet["D9"]) == look(before)
    assert (sheet["D9"].value, sheet["D9"].number_format, sheet["D9"].font.name) == (12.5, "0.000", "Courier New")


def test_the_cells_of_a_marked_sheet_are_the_same_to_the_byte():
    before, after = (re.search(rb"<sheetData>.*</sheetData>", parts_of(book)[DECLARATION], re.DOTALL)[0] for book in (
        furnished_once, marked(furnished_once, finding("D8"), finding("P3"), finding("Z99"))))  # fmt: skip
    assert after == before


def test_the_worst_severity_colours_a_cell_and_its_findings_share_a_comment():
    # GIVEN three findings on a cell, the worst of them last
    three = [
        finding("D8", severity=Severity.NOTICE, rule="X09", message="Note this.", remedy="Nothing."),
        finding("D8", severity=Severity.WARNING, rule="X02", message="Doubtful.", remedy="Look again."),
        finding("D8", severity=Severity.ERROR, rule="K01"),
    ]
    sheet = seen(marked(furnished(), *three))["Declaration"]
    cell = sheet["D8"]
    assert colour(sheet, "D8") == COLOURS[Severity.ERROR]
    # THEN the comment has them worst first, with rule, message and remedy
    assert cell.comment.author == "Tracelode"
    assert cell.comment.text.split("\n") == [
        "Tracelode:",
        "Please correct (K01)",
        "The company's name is missing.",
        "What to do: Enter the legal name.",
        "Please check (X02)",
        "Doubtful.",
        "What to do: Look again.",
        "For information (X09)",
        "Note this.",
        "What to do: Nothing.",
        "— Tracelode",
    ]


def test_a_finding_of_several_cells_marks_each_and_links_to_the_first():
    several = finding("D8, G9, D10, … (+2)")
    workbook = seen(marked(furnished(), several))
    sheet = workbook["Declaration"]
    assert [address for address in ("D8", "D9", "G9", "D10") if colour(sheet, address)] == ["D8", "G9", "D10"]
    assert sheet["D8"].comment.text == sheet["G9"].comment.text == sheet["D10"].comment.text
    (link,) = [cell.hyperlink for cell in workbook.worksheets[0]["C"] if cell.hyperlink]
    assert link.location == "'Declaration'!D8"
    assert workbook.worksheets[0]["C5"].value == several.cell


def test_each_severity_has_its_colour():
    sheet = seen(marked(furnished(), *(finding(f"D{row}", severity=severity) for row, severity in
                                       enumerate(Severity, start=30))))["Declaration"]  # fmt: skip
    assert [colour(sheet, f"D{row}") for row in (30, 31, 32)] == [COLOURS[severity] for severity in Severity]
    assert len(set(COLOURS.values())) == 3


def test_a_comment_of_the_template_stays_and_ours_follows_it():
    result = marked(furnished(), finding("P3"))
    comment = seen(result)["Declaration"]["P3"].comment
    assert comment.text.startswith("the template's own comment\n\nTracelode:\nPlease correct (K01)\n")
    assert comment.author == "Template"
    assert complaints(result) == []


def test_a_comment_cannot_grow_without_bound():
    many = [finding("D8", message="x" * 300, rule=f"X{number}") for number in range(200)]
    text = seen(marked(furnished(), *many))["Declaration"]["D8"].comment.text
    assert len(text) < MAX_COMMENT_CHARACTERS + 500
    assert text.endswith("\n…\n— Tracelode")


def test_the_findings_sheet_stands_in_front_and_lists_all_worst_first():
    # GIVEN findings on a cell, on the file, on a sheet that is not there, and on something that is no cell
    result = marked(
        furnished(),
        finding("D8", severity=Severity.NOTICE, found="Example"),
        finding(None, None, severity=Severity.WARNING, rule="F12"),
        finding("A1", "Nowhere", rule="X01"),
        finding("all of it", rule="X02"),
    )
    # THEN each has its row, and only the cell that is there has a link
    assert findings_rows(result) == [
        ["Please correct", "Nowhere", "A1", "X01", "The company's name is missing.", "", "Enter the legal name."],
        ["Please correct", "Declaration", "all of it", "X02", "The company's name is missing.", "",
         "Enter the legal name."],
        ["Please check", "Whole file", "", "F12", "The company's name is missing.", "", "Enter the legal name."],
        ["For information", "Declaration", "D8", "K01", "The company's name is missing.", "Example",
         "Enter the legal name."],
    ]  # fmt: skip
    book = seen(result)
    assert [cell.value for cell in book["Findings"][4]] == [
        "Severity", "Sheet", "Cell", "Rule", "What it means", "What was found", "What to do",
    ]  # fmt: skip
    assert book.sheetnames == ["Findings", "Revision", "Declaration", "L", 'Smelter\'s "List" & more']
    assert book.active.title == "Findings"
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == ["Findings"]
    links = {row[2].coordinate: row[2].hyperlink.location for row in book["Findings"].iter_rows() if row[2].hyperlink}
    assert links == {"C8": "'Declaration'!D8"}
    assert complaints(result) == []


def test_without_findings_the_sheet_says_so():
    result = marked(furnished())
    assert seen(result)["Findings"]["A2"].value == "Nothing was found that needs a correction."
    assert complaints(result) == []


def test_the_fixed_texts_can_be_translated():
    german = Labels(title="Feststellungen", error="Fehler", remedy="Was zu tun ist", severity="Schwere")
    result = mark_up(furnished(), [finding("D8")], labels=german).workbook
    assert result
    book = seen(result)
    assert (book["Findings"]["A1"].value, book["Findings"]["A5"].value) == ("Feststellungen", "Fehler")
    assert "Was zu tun ist: Enter" in book["Declaration"]["D8"].comment.text


@pytest.mark.parametrize("name", ['smelter\'s "list" & MORE ', 'Smelter\'s "List" & more'])
def test_a_sheet_is_known_without_regard_to_case_and_blanks_and_its_link_is_quoted(name: str):
    result = marked(furnished(), finding("A5", name))
    assert colour(seen(result).worksheets[-1], "A5") == COLOURS[Severity.ERROR]
    assert seen(result)["Findings"]["C5"].hyperlink.location == "'Smelter''s \"List\" & more'!A5"
    assert complaints(result) == []


def test_a_hidden_sheet_is_marked_and_not_linked():
    result = marked(furnished(), finding("A1", "L"))
    assert seen(result)["L"]["A1"].comment
    assert seen(result)["L"].sheet_state == "hidden"
    assert seen(result)["Findings"]["C5"].hyperlink is None


def test_a_supplier_with_a_findings_sheet_of_its_own_keeps_it():
    book = seen(furnished())
    book["Revision"].title = "FINDINGS"
    result = marked(saved(book), finding("D8"))
    assert seen(result).sheetnames[:2] == ["Findings (2)", "FINDINGS"]
    assert complaints(result) == []


def test_a_merged_area_is_marked_at_its_first_cell():
    sheet = seen(marked(furnished(), finding("G12"), finding("J12", rule="X01")))["Declaration"]
    assert colour(sheet, "D12") == colour(sheet, "J12") == COLOURS[Severity.ERROR]
    assert "K01" in sheet["D12"].comment.text
    assert "X01" in sheet["D12"].comment.text
    assert "D12:J12" in {str(area) for area in sheet.merged_cells.ranges}


@pytest.mark.parametrize("cell", ["A1", "C8", "AZ9", "D20", "A500", "XFD1048576"])
def test_a_cell_that_is_not_there_is_marked_without_being_made(cell: str):
    result = marked(furnished(), finding(cell), finding("D9"))
    assert colour(seen(result)["Declaration"], cell) == COLOURS[Severity.ERROR]
    assert seen(result)["Declaration"][cell].comment
    assert b'r="%s"' % cell.encode() not in re.sub(rb".*</sheetViews>", b"", parts_of(result)[DECLARATION])
    assert complaints(result) == []


def test_every_other_part_is_the_same_to_the_byte():
    before, after = parts_of(furnished()), parts_of(marked(furnished(), finding("D8")))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", DECLARATION,
        "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    assert after.keys() - before.keys() == {"xl/worksheets/sheet5.xml"}
    assert list(after)[: len(before)] == list(before)


def test_every_other_cell_and_all_rules_of_a_sheet_stay():
    before, after = seen(furnished()), seen(marked(furnished(), finding("D8"), finding("D12"), finding("D15")))
    assert content(after) == content(before)
    for old, new in zip(before.worksheets, after.worksheets[1:], strict=True):
        assert new.protection == old.protection
        assert new.data_validations.dataValidation == old.data_validations.dataValidation
        assert new.print_title_rows == old.print_title_rows
    assert after.defined_names == before.defined_names
    assert after["Declaration"]["F9"].value == "=D9*2"


def test_names_of_a_sheet_follow_it():
    book = marked(furnished(), finding("D8"))
    xml = parts_of(book)["xl/workbook.xml"].decode()
    assert re.findall(r'localSheetId="(\d)"[^>]*>([^<]*)', xml) == [
        ("2", "'Declaration'!$1:$6"), ("0", "'Findings'!$4:$4"), ("0", "'Findings'!$A$1"),
    ]  # fmt: skip


def test_a_colour_lies_above_the_conditional_formats_that_cover_the_cell():
    # GIVEN one cell under a conditional format that stops all others, and one that is free
    before, after = furnished(), marked(furnished(), finding("D15"), finding("B8"))
    rules = {str(area.sqref): rules for area, rules in
             seen(after)["Declaration"].conditional_formatting._cf_rules.items()}  # fmt: skip
    # THEN ours comes first, in file and priority
    assert list(rules) == ["B8 D15", "D15:E15"]
    (ours,), (theirs,) = rules.values()
    assert (ours.priority, theirs.priority) == (1, 2)
    assert ours.dxf.fill.bgColor.rgb == COLOURS[Severity.ERROR]
    (was,) = next(iter(seen(before)["Declaration"].conditional_formatting._cf_rules.values()))
    assert (theirs.formula, theirs.dxf, theirs.stopIfTrue) == (was.formula, was.dxf, was.stopIfTrue)
    assert complaints(after) == []


HOSTILE = (
    '=HYPERLINK("https://example.com")',
    "</t></is></c><c><f>1+1</f></c>",
    "\x00\x08\x1b\ufffe\ud800 control",
    "_x003D_1+1",
    "'; <!-- ]]> & \"",
    "\u202egnp.exe",
    "@SUM(1)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_found_becomes_a_formula_or_markup(text: str):
    result = marked(furnished(), finding("D8", found=text, message=text, remedy=text), finding(text, text, rule=text))
    book = seen(result)
    for row in book["Findings"].iter_rows(min_row=5):
        assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}
    assert b"<f>" not in parts_of(result)["xl/worksheets/sheet5.xml"]
    shown = book["Findings"]["F6" if text in str(book["Findings"]["D5"].value) else "F5"].value or ""
    assert not re.search(r"[\x00-\x08\x1b\u202e]", shown)
    assert complaints(result) == []


def test_what_looks_like_a_formula_stays_text_when_it_is_edited():
    sheet = seen(marked(furnished(), finding("D8", found="=1+1")))["Findings"]
    assert sheet["F5"].value == "=1+1"
    assert sheet["F5"].quotePrefix
    assert not sheet["E5"].quotePrefix


def test_what_looks_like_an_escape_stays_what_it_is():
    xml = parts_of(marked(furnished(), finding("D8", found="_x003D_1")))["xl/worksheets/sheet5.xml"]
    assert b">_x005F_x003D_1<" in xml


def test_the_same_workbook_and_findings_give_the_same_bytes():
    assert marked(furnished_once, finding("D8")) == marked(furnished_once, finding("D8"))
    with zipfile.ZipFile(BytesIO(marked(furnished_once, finding("D8")))) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


furnished_once = furnished()


def test_the_marked_workbook_is_read_as_the_same_declaration():
    specimen = write_cmrt(complete_specimen())
    result = marked(specimen, finding("D8"), finding("B5", "Smelter List"), finding("B6", "Product List"))
    assert complaints(result) == []
    assert read_declaration(result, "a.xlsx").declaration == read_declaration(specimen, "a.xlsx").declaration


def test_a_workbook_under_the_built_in_password_comes_back_decrypted():
    result = marked(encrypted(furnished_once, BUILT_IN_PASSWORD), finding("D8"))
    assert result == marked(furnished_once, finding("D8"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF document, not an Excel workbook."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an Excel 97-2003 workbook (.xls)"),
        (furnished_once[:-2000], "The file was cut off"),
        (encrypted(furnished_once, "a password of one's own"), "The workbook is encrypted"),
        (b"PK" + bytes(31_000_000), "The file is 31 MB large"),
    ],
    ids=["empty", "pdf", "xls", "cut", "password", "large"],
)
def test_what_cannot_be_marked_up_has_a_reason(data: bytes, reason: str):
    result = mark_up(data, [finding("D8")])
    assert result.workbook is None
    assert result.reason.startswith(reason)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (DECLARATION, lambda xml: xml.replace(b"</sheetData>", b"")),
        (DECLARATION, lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"", xml, flags=re.DOTALL)),
        (DECLARATION, b"<worksheet/>"),
        (DECLARATION, b"<!DOCTYPE a><worksheet/>"),
        ("xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<tabs>").replace(b"</sheets>", b"</tabs>")),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet3.xml", b"sheet33.xml")),
        ("xl/styles.xml", lambda xml: xml[:-20]),
        ("xl/comments/comment1.xml", lambda xml: xml.replace(b"commentList", b"list")),
        ("xl/drawings/commentsDrawing1.vml", b""),
        ("xl/worksheets/_rels/sheet2.xml.rels", lambda xml: xml.replace(b"commentsDrawing1", b"commentsDrawing9")),
        ("[Content_Types].xml", b""),
    ],
)
def test_a_broken_part_is_a_reason(part: str, change):
    result = mark_up(with_part(furnished_once, part, change), [finding("D8")])
    assert result.workbook is None
    assert re.fullmatch(r"[A-Z][^<>]{20,}\.", result.reason)


def test_prefixes_that_only_an_attribute_names_stay_declared():
    namespaces = (
        b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
        b' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    )
    workbook = with_part(
        furnished_once, DECLARATION, lambda xml: xml.replace(b"<worksheet", b"<worksheet" + namespaces, 1)
    )
    result = marked(workbook, finding("D8"))
    assert namespaces in parts_of(result)[DECLARATION]
    assert complaints(result) == []


def prefixed(xml: bytes) -> bytes:
    """A part as programs write it that give every element a prefix."""
    return re.sub(rb"(</?)(?=[a-zA-Z])", rb"\1x:", xml).replace(b"xmlns=", b"xmlns:x=", 1)


def test_parts_whose_elements_bear_a_prefix_are_marked_too():
    parts = parts_of(furnished_once)
    for name in (DECLARATION, "xl/workbook.xml", "xl/styles.xml"):
        parts[name] = prefixed(parts[name])
    workbook = zipped(parts)
    result = marked(workbook, finding("D8"), finding("D15"), finding("Z99"))
    sheet = seen(result)["Declaration"]
    assert [colour(sheet, cell) for cell in ("D8", "D15", "Z99")] == [COLOURS[Severity.ERROR]] * 3
    assert complaints(result) == []
    assert {name for name in parts_of(result) if b"<c r=" in parts_of(result)[name]} == {
        f"xl/worksheets/sheet{number}.xml" for number in (1, 3, 4, 5) if number != 1
    }


def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted():
    workbook = with_part(
        furnished_once,
        DECLARATION,
        lambda xml: re.sub(
            rb"<sheetData>.*</sheetData>",
            b'<sheetData><row><c t="str"><v>A1</v></c><c t="str"><v>B1</v></c><c r="E1" t="str"><v>E1</v></c></row>'
            b'<row/><!-- <row r="4"> --><row r="5"><c t="str"><v>A5</v></c></row></sheetData>',
            xml,
            flags=re.DOTALL,
        ),
    )
    result = marked(workbook, *(finding(cell) for cell in ("B1", "D1", "B2", "A4", "A5", "C5")))
    sheet = seen(result)["Declaration"]
    assert {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value} == {
        name: name for name in ("A1", "B1", "E1", "A5")
    }
    assert all(colour(sheet, cell) == COLOURS[Severity.ERROR] for cell in ("B1", "D1", "B2", "A4", "A5", "C5"))


def test_a_workbook_without_styles_gets_them():
    parts = parts_of(furnished_once)
    del parts["xl/styles.xml"]
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = re.sub(rb"<(?:Override|Relationship) [^>]*styles[^>]*/>", b"", parts[name])
    for number in range(1, 5):
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = re.sub(rb'( s="\d+"|<conditionalFormatting.*</conditionalFormatting>)', b"", parts[name])
    result = marked(zipped(parts), finding("D8"))
    assert colour(seen(result)["Declaration"], "D8") == COLOURS[Severity.ERROR]
    assert complaints(result) == []


def test_the_title_is_added_to_the_properties_where_they_list_the_sheets():
    titles = ("Revision", "Declaration", "L", "Smelter&apos;s &quot;List&quot; &amp; more", "Languages")
    listed = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><HeadingPairs>'
        '<vt:vector size="4" baseType="variant"><vt:variant><vt:lpstr>Hojas</vt:lpstr></vt:variant>'
        "<vt:variant><vt:i4>4</vt:i4></vt:variant><vt:variant><vt:lpstr>Nombres</vt:lpstr></vt:variant>"
        '<vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><TitlesOfParts><vt:vector size="5" '
        f'baseType="lpstr">{"".join(f"<vt:lpstr>{title}</vt:lpstr>" for title in titles)}</vt:vector></TitlesOfParts>'
        "</Properties>"
    )
    workbook = with_part(furnished_once, "docProps/app.xml", listed.encode())
    app = parts_of(marked(workbook, finding("D8")))["docProps/app.xml"].decode()
    assert 'size="6" baseType="lpstr"><vt:lpstr>Findings</vt:lpstr><vt:lpstr>Revision</vt:lpstr>' in app
    assert re.findall(r"<vt:i4>(\d)</vt:i4>", app) == ["5", "1"]
    # AND where they list others, they stay
    other = with_part(workbook, "docProps/app.xml", lambda xml: xml.replace(b">L<", b">LL<"))
    assert parts_of(marked(other, finding("D8")))["docProps/app.xml"] == parts_of(other)["docProps/app.xml"]
