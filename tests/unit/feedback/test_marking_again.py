"""A supplier corrects a marked-up workbook and sends it back: the marks of earlier rounds go, and nothing else."""

import re
from copy import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from examples.specimen import complete_specimen, write_cmrt
from tests.factories.archives import parts_of, saved, with_part, zipped
from tests.properties import examples
from tests.unit.declarations.workbooks import cmrt
from tests.unit.feedback.marked_workbooks import colour, content, finding, furnished, marked, seen
from tests.unit.feedback.strictness import complaints
from tests.unit.feedback.test_any_cells import findings
from tracelode.declarations.read import read_declaration
from tracelode.feedback.markup.mark_up import mark_up
from tracelode.feedback.markup.styles import COLOURS
from tracelode.feedback.markup.unmark import unmark
from tracelode.findings import Severity
from tracelode.ooxml.archive import open_parts

WORKBOOK = furnished()
DECLARATION = "xl/worksheets/sheet2.xml"
BOOK = "xl/workbook.xml"
SIGN = b'<definedName name="Tracelode.Findings" localSheetId="0" hidden="1">'


def unmarked(workbook: bytes) -> bytes:
    parts = open_parts(workbook)
    unmark(parts)
    return parts.packed()


def resaved(workbook: bytes, change: Any = None) -> bytes:
    """The workbook as another program saves it: styles and parts renumbered, all XML written anew."""
    book = seen(workbook)
    if change:
        change(book)
    return saved(book)


def comments_of(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for cell in sheet._cells.values() if cell.comment}


def rules_of(sheet: Any) -> list[tuple[str, list[str], Any]]:
    return [(str(area.sqref), rule.formula, rule.dxf)
            for area, rules in sheet.conditional_formatting._cf_rules.items() for rule in rules]  # fmt: skip


@examples(0.4)
@given(findings)
def test_marking_twice_is_marking_once_to_the_byte(some):
    once = marked(WORKBOOK, *some)
    assert marked(once, *some) == once


def without_boxes(workbook: bytes) -> dict[str, bytes]:
    return {name: re.sub(rb"<x:Anchor>.*?</x:Anchor>", b"", content) for name, content in parts_of(workbook).items()}


@examples(0.6)
@given(st.lists(findings, min_size=1, max_size=3), findings)
def test_what_earlier_rounds_marked_makes_no_difference(rounds, last):
    workbook = WORKBOOK
    for some in rounds:
        workbook = marked(workbook, *some)
    # THEN all is the same to the byte, but for the size of a box in which we had written below a comment of others
    assert without_boxes(marked(workbook, *last)) == without_boxes(marked(WORKBOOK, *last))


@examples(0.4)
@given(findings)
def test_unmarking_leaves_the_suppliers_own_content(some):
    before, after = seen(WORKBOOK), seen(unmarked(marked(WORKBOOK, *some)))
    assert after.sheetnames == before.sheetnames
    assert content(after) == content(before)
    assert after.defined_names == before.defined_names
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        assert comments_of(new) == comments_of(old)
        assert rules_of(new) == rules_of(old)
        assert new.data_validations.dataValidation == old.data_validations.dataValidation
        assert new.protection == old.protection
        assert new.print_title_rows == old.print_title_rows
        assert new.defined_names == old.defined_names


def test_unmarking_leaves_every_part_as_it_was_but_the_formats_and_what_was_active():
    workbook = write_cmrt(complete_specimen())
    before = parts_of(workbook)
    after = parts_of(unmarked(marked(workbook, finding("D8"), finding("B5", "Smelter List"))))
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} <= {BOOK, "xl/styles.xml", DECLARATION}


def test_the_titles_in_the_properties_follow():
    titles = "".join(f"<vt:lpstr>{name}</vt:lpstr>" for name in ("Revision", "Declaration", "L", "Languages"))
    listed = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><HeadingPairs>'
        '<vt:vector size="4" baseType="variant"><vt:variant><vt:lpstr>Hojas</vt:lpstr></vt:variant>'
        "<vt:variant><vt:i4>3</vt:i4></vt:variant><vt:variant><vt:lpstr>Nombres</vt:lpstr></vt:variant>"
        '<vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><TitlesOfParts><vt:vector size="4" '
        f'baseType="lpstr">{titles}</vt:vector></TitlesOfParts></Properties>'
    )
    book = seen(WORKBOOK)
    del book[book.sheetnames[-1]]
    workbook = with_part(saved(book), "docProps/app.xml", listed.encode())
    once = marked(workbook, finding("D8"))
    assert b"<vt:lpstr>Findings</vt:lpstr>" in parts_of(once)["docProps/app.xml"]
    assert parts_of(unmarked(once))["docProps/app.xml"] == listed.encode()


def test_a_comment_of_others_is_the_same_to_the_byte_without_our_paragraphs():
    comments = "xl/comments/comment1.xml"
    once = marked(WORKBOOK, finding("P3"))
    assert b"Tracelode:" in parts_of(once)[comments]
    assert parts_of(unmarked(once))[comments] == parts_of(WORKBOOK)[comments]


def test_a_box_stays_with_the_comment_of_others_on_a_cell_that_had_two():
    parts = parts_of(marked(WORKBOOK, finding("D8")))
    comments = "xl/comments/comment1.xml"
    theirs = b'<comment ref="D8" authorId="0"><text><t>ours</t></text></comment></commentList>'
    doubled = zipped(parts | {comments: parts[comments].replace(b"</commentList>", theirs)})
    vml = parts_of(unmarked(doubled))["xl/drawings/commentsDrawing1.vml"]
    assert vml == parts["xl/drawings/commentsDrawing1.vml"]


def test_a_drawing_stays_with_the_comment_that_others_left_without_a_box():
    # GIVEN a comment of a supplier that no box belongs to, beside one of ours
    parts = parts_of(marked(WORKBOOK, finding("D8")))
    vml = "xl/drawings/commentsDrawing1.vml"
    shapes = re.findall(rb"<[^<]*:shape .*?:shape>", parts[vml], re.DOTALL)
    theirs = next(shape for shape in shapes if b"Row>2<" in shape)
    result = unmarked(zipped(parts | {vml: parts[vml].replace(theirs, b"")}))
    assert comments_of(seen(result)["Declaration"]) == {"P3": "the template's own comment"}
    assert b"legacyDrawing" in parts_of(result)[DECLARATION]
    assert vml in parts_of(result)


def test_a_workbook_without_marks_is_not_changed():
    assert parts_of(unmarked(WORKBOOK)) == parts_of(WORKBOOK)


def test_the_mark_of_a_corrected_cell_disappears():
    # GIVEN a marked workbook in which one of two cells was corrected, saved by another program
    first = marked(WORKBOOK, finding("D8"), finding("D15", rule="K02"), finding("P3"))

    def corrected(book: Any) -> None:
        book["Declaration"]["D15"] = "Yes"

    # WHEN it comes back and is marked again
    result = marked(resaved(first, corrected), finding("D8"))
    book = seen(result)
    sheet = book["Declaration"]
    # THEN there is one Findings sheet with what is found now, and the corrected cell bears nothing of ours
    assert book.sheetnames == seen(first).sheetnames
    assert [row[3].value for row in book["Findings"].iter_rows(min_row=5)] == ["K01"]
    assert sheet["D15"].value == "Yes"
    assert colour(sheet, "D15") is None
    assert colour(sheet, "D8") == COLOURS[Severity.ERROR]
    assert comments_of(sheet).keys() == {"D8", "P3"}
    # AND the comment of others stands alone again
    assert sheet["P3"].comment.text == "the template's own comment"
    assert [area for area, formula, _ in rules_of(sheet) if "Tracelode" in formula[0]] == ["D8"]
    assert complaints(result) == []


def test_nothing_is_left_of_us_once_all_is_corrected():
    result = marked(resaved(marked(WORKBOOK, finding("D8"), finding("D15"))))
    left = {name for name, part in parts_of(result).items() if b"Tracelode" in part}
    assert left == {BOOK, "xl/_rels/workbook.xml.rels"}
    assert complaints(result) == []


def test_many_rounds_through_another_program_do_not_pile_up():
    workbook = WORKBOOK
    sizes = []
    for number in range(4):
        workbook = resaved(marked(workbook, finding("D8"), finding(f"D{15 + number}")))
        sizes.append(len(parts_of(workbook)))
    assert len(set(sizes)) == 1
    assert [name for name in seen(workbook).sheetnames if name.startswith("Findings")] == ["Findings"]
    assert comments_of(seen(workbook)["Declaration"]).keys() == {"D8", "D18", "P3"}


def test_a_findings_sheet_is_known_whatever_it_is_called_and_wherever_it_stands():
    def moved(book: Any) -> None:
        book["Findings"].title = "Feststellungen"
        book.move_sheet("Feststellungen", 3)

    book = seen(marked(resaved(marked(WORKBOOK, finding("D8")), moved), finding("D9")))
    assert book.sheetnames == ["Findings", *seen(WORKBOOK).sheetnames]
    assert book["Declaration"].print_title_rows == "$1:$6"


def test_a_copy_of_the_findings_sheet_goes_too_and_a_sheet_with_pasted_cells_stays():
    def copied(book: Any) -> None:
        copied_sheet = book.copy_worksheet(book["Findings"])
        copied_sheet.defined_names |= {name: copy(own) for name, own in book["Findings"].defined_names.items()}
        notes = book.create_sheet("My notes")
        notes["A5"] = book["Findings"]["A5"].value

    book = seen(marked(resaved(marked(WORKBOOK, finding("D8")), copied), finding("D9")))
    assert book.sheetnames == ["Findings", *seen(WORKBOOK).sheetnames, "My notes"]


def test_colours_that_were_copied_along_with_cells_go():
    def pasted(book: Any) -> None:
        sheet = book["Revision"]
        for area, rules in book["Declaration"].conditional_formatting._cf_rules.items():
            for rule in rules:
                sheet.conditional_formatting.add(str(area.sqref), rule)

    book = seen(marked(resaved(marked(WORKBOOK, finding("D8")), pasted)))
    assert [area for area, _, _ in rules_of(book["Revision"])] == ["D15:E15"]
    assert [area for area, _, _ in rules_of(book["Declaration"])] == ["D15:E15"]


def test_comments_are_known_without_their_author_and_a_reply_below_them_stays():
    # GIVEN a program that forgets authors, and a supplier who wrote below our paragraphs in comments
    def replied(book: Any) -> None:
        sheet = book["Declaration"]
        for cell in ("D8", "D9", "P3"):
            sheet[cell].comment = Comment(sheet[cell].comment.text + "\nDone." * (cell != "D8"), " ")

    book = seen(marked(resaved(marked(WORKBOOK, *(finding(cell) for cell in ("D8", "D9", "P3"))), replied)))
    assert comments_of(book["Declaration"]) == {"D9": "\nDone.", "P3": "the template's own comment\nDone."}


def test_a_suppliers_comments_keep_their_authors():
    def commented(book: Any) -> None:
        sheet = book["Declaration"]
        sheet["A1"].comment, sheet["Z9"].comment = Comment("first", "Zoe"), Comment("last", "Adam")

    sheet = seen(marked(resaved(marked(WORKBOOK, finding("D8")), commented), finding("D9")))["Declaration"]
    authors = {cell.coordinate: cell.comment.author for cell in sheet._cells.values() if cell.comment}
    assert authors == {"A1": "Zoe", "P3": "Template", "D9": "Tracelode", "Z9": "Adam"}


@pytest.mark.parametrize(
    "text",
    [
        "Tracelode",
        "Tracelode:",
        "Tracelode:\nour smelter is called so",
        "See Tracelode: yes\n— Tracelode",
        "— Tracelode\nTracelode:\n",
    ],
)
def test_a_comment_that_speaks_of_us_is_the_suppliers(text: str):
    def commented(book: Any) -> None:
        book["Declaration"]["D8"].comment = Comment(text, "Zoe")

    workbook = resaved(WORKBOOK, commented)
    assert comments_of(seen(unmarked(workbook))["Declaration"])["D8"] == text


def test_characters_around_our_paragraphs_stay_what_they_are():
    kept = "  a < b & 'c'  d\u00a0\u200b e_x0041_ \u65e5\u672c"

    def commented(book: Any) -> None:
        book["Declaration"]["D8"].comment = Comment(f"{kept}\n\nTracelode:\nError\n— Tracelode\n{kept}", "Zoe")

    sheet = seen(unmarked(resaved(WORKBOOK, commented)))["Declaration"]
    assert sheet["D8"].comment.text == f"{kept}\n{kept}"


def forged(position: int, book: bytes = WORKBOOK) -> bytes:
    sign = SIGN.replace(b'"0"', b'"%d"' % position) + b"1</definedName>"
    return with_part(book, BOOK, lambda xml: xml.replace(b"</definedNames>", sign + b"</definedNames>"))


@pytest.mark.parametrize("position", [1, 2, 4, 999_999_999])
def test_a_forged_sign_takes_no_sheet_that_computes_or_is_referred_to(position: int):
    # GIVEN our sign on a sheet with a formula, on one that a name refers to, and on none at all
    result = mark_up(forged(position), [finding("D8")])
    if result.workbook is None:
        assert position > 4
        return
    names = seen(WORKBOOK).sheetnames
    assert seen(with_part(result.workbook, BOOK, strip_forgery)).sheetnames == ["Findings", *names]


def strip_forgery(xml: bytes) -> bytes:
    return re.sub(rb'<definedName name="Tracelode[^>]*localSheetId="\d{2,}".*?</definedName>', b"", xml) + b" "


def test_a_forged_sign_on_every_sheet_leaves_them_all():
    signs = b"".join(SIGN.replace(b'"0"', b'"%d"' % number) + b"1</definedName>" for number in range(4))
    plain = with_part(WORKBOOK, DECLARATION, lambda xml: re.sub(rb"<f>.*?</f>", b"", xml))
    book = with_part(plain, BOOK, lambda xml: re.sub(rb"<definedNames>.*</definedNames>",
                                                    b"<definedNames>" + signs + b"</definedNames>", xml))  # fmt: skip
    assert seen(marked(book, finding("D8"))).sheetnames == ["Findings", *seen(WORKBOOK).sheetnames]


def test_a_findings_sheet_to_which_a_formula_refers_is_the_suppliers_by_then():
    def used(book: Any) -> None:
        book["Declaration"]["F10"] = "=COUNTA(Findings!A5:A99)"

    result = marked(resaved(marked(WORKBOOK, finding("D8")), used), finding("D9"))
    assert seen(result).sheetnames[:2] == ["Findings (2)", "Findings"]
    assert complaints(result) == []


def test_a_part_that_others_use_stays_when_a_findings_sheet_goes():
    # GIVEN a Findings sheet that leads to the comments of another sheet
    parts = parts_of(marked(WORKBOOK, finding("D8")))
    rels = parts["xl/worksheets/_rels/sheet2.xml.rels"]
    result = marked(zipped(parts | {"xl/worksheets/_rels/sheet5.xml.rels": rels}))
    assert comments_of(seen(result)["Declaration"]) == {"P3": "the template's own comment"}
    assert complaints(result) == []


def test_a_marked_workbook_that_comes_back_is_read_as_if_it_bore_no_marks():
    specimen = write_cmrt(complete_specimen())
    result = marked(specimen, finding("D8", found="CID000920"), finding("B5", "Smelter List"), finding(None, None))
    assert read_declaration(result, "a.xlsx") == read_declaration(specimen, "a.xlsx")


def test_a_findings_sheet_full_of_cids_is_not_taken_for_a_look_up_tab_that_was_deleted():
    workbook = cmrt({"D8": "Example Ltd"}, {"A5": "CID000920"}, without=("Smelter Look-up",))
    many = [finding(f"A{row}", "Smelter List", found=f"CID{row:06}") for row in range(5, 40)]
    before, after = read_declaration(workbook, "a.xlsx"), read_declaration(marked(workbook, *many), "a.xlsx")
    assert after == before
    assert "Smelter Look-up" not in after.renamed


def test_a_finding_lands_on_a_sheet_that_the_supplier_renamed():
    # GIVEN a Smelter List that is found by its content
    book = seen(WORKBOOK)
    book["L"].title = "Our smelters"
    workbook = saved(book)
    renamed = {"Smelter List": "Our smelters"}
    result = mark_up(workbook, [finding("A1", "Smelter List")], renamed=renamed).workbook
    assert result
    sheet = seen(result)["Our smelters"]
    assert colour(sheet, "A1") == COLOURS[Severity.ERROR]
    assert sheet["A1"].comment
    assert seen(result)["Findings"]["B5"].value == "Our smelters"
    # AND without that knowledge it is listed only
    assert colour(seen(marked(workbook, finding("A1", "Smelter List")))["Our smelters"], "A1") is None
