"""The Word document says what the HTML says, with the structure that Word is strict about."""

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.picture.test_figures import situations
from tests.unit.report.factories import facility, interpretation, profile, risk_view, the_filing
from tests.unit.report.filing.test_filing import hostile_situation, suppliers
from tests.unit.report.prose import text_of
from tracelode.minerals import Mineral
from tracelode.own_text.blanks import printed_blanks
from tracelode.own_text.sections import SECTIONS
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import (
    as_filed,
    exhibit,
    exhibit_by_section,
    form_sd,
    form_sd_by_section,
)
from tracelode.report.filing.html_grid import MAX_GRID_COLUMNS
from tracelode.report.filing.word import TEXT_WIDTH, bookmark_of, word
from tracelode.smelters.status import Status, Vocabulary
from tracelode.sources.program import Narrative, Program

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = {
    "body": "p|tbl|bookmarkStart|bookmarkEnd sectPr",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p|tbl",
    "p": "pPr r|fldSimple|ins|del",
    "r": "rPr t|delText|br",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs bidi spacing ind jc outlineLvl "
    "rPr",
    "rPr": "ins|del rFonts b bCs i iCs strike color sz szCs highlight u shd vertAlign rtl lang",
    "numPr": "ilvl numId",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "trPr": "cantSplit tblHeader ins|del",
    "sectPr": "headerReference footerReference pgSz pgMar",
    "styles": "docDefaults latentStyles style",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "numbering": "abstractNum num",
    "abstractNum": "nsid multiLevelType tmpl lvl",
    "lvl": "start numFmt suff lvlText lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
}
"""Children in the order of the schema (ECMA-376 part 1, annex A), as far as we write them."""
FLOW = {
    "p",
    "fldSimple",
    "tbl",
    "r",
    "t",
    "br",
    "ins",
    "del",
    "delText",
    "bookmarkStart",
    "bookmarkEnd",
    "tr",
    "tc",
    "style",
    "lvl",
    "num",
    "abstractNum",
    "lvlOverride",
    "tblStylePr",
}
"""What may stand more than once."""
SITUATIONS = {
    "the filing": the_filing(),
    "nothing": interpretation(),
    "hostile": hostile_situation(),
    "risk": risk_view(),
}


def html_of(situation: Interpretation) -> bytes:
    return exhibit(situation, count_figures(situation))


def page(body: str) -> bytes:
    return f"<html><head><title>A &#38; B</title></head><body>{body}</body></html>".encode("ascii", "xmlcharrefreplace")


def parts_of(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(docx: bytes, name: str = "word/document.xml") -> Element:
    return ElementTree.fromstring(parts_of(docx)[name])


def body_of(docx: bytes) -> Element:
    found = part(docx).find(f"{W}body")
    assert found is not None
    return found


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def said(element: Element) -> str:
    """The text of an element, a line break as a line feed."""
    spoken = (each for each in element.iter() if local(each) in ("t", "br"))
    return "".join("\n" if local(each) == "br" else each.text or "" for each in spoken)


def lines_of(docx: bytes) -> str:
    """The text as `prose.text_of` gives a document's: a line for each paragraph or row."""
    lines = []
    for block in body_of(docx):
        rows = [block] if local(block) == "p" else block.iter(f"{W}tr")
        lines += [" ".join(" ".join(said(each) for each in row.iter(f"{W}p")).split()) for row in rows]
        if local(block) == "p":
            lines[-1] = " ".join(said(block).split())
    return "\n".join(line for line in lines if line)


def styled(docx: bytes) -> list[tuple[str, str]]:
    """The paragraphs outside tables with their styles, without the ones that hold nothing."""
    return [(style_of(each), said(each)) for each in body_of(docx).findall(f"{W}p") if said(each)]


def style_of(paragraph: Element) -> str:
    return value(paragraph, "pPr/pStyle")


def value(element: Element, path: str) -> str:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return "" if found is None else found.get(f"{W}val", "")


def tables(docx: bytes) -> list[Element]:
    return body_of(docx).findall(f"{W}tbl")


def annex_of(docx: bytes) -> Element:
    return tables(docx)[-1]


def cells(table: Element) -> list[list[str]]:
    return [[said(cell) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]


def complaints(docx: bytes) -> Iterator[str]:
    """What Word would have to repair: order, references that lead nowhere, cells and tables that end wrongly."""
    parts = parts_of(docx)
    for name in parts:
        if name.startswith("word/") and name.endswith(".xml"):
            yield from (f"{name}: {slip}" for element in part(docx, name).iter() for slip in out_of_order(element))
    document, styles = part(docx), {style.get(f"{W}styleId") for style in part(docx, "word/styles.xml")}
    numbers = {each.get(f"{W}numId") for each in part(docx, "word/numbering.xml").findall(f"{W}num")}
    for kind in ("pStyle", "tblStyle"):
        yield from (f"no style {each}" for each in {value_of(e) for e in document.iter(f"{W}{kind}")} - styles)
    yield from (f"no list {each}" for each in {value_of(e) for e in document.iter(f"{W}numId")} - numbers)
    for holder in (*document.iter(f"{W}tc"), body_of(docx)):
        blocks = [local(child) for child in holder if local(child) in ("p", "tbl")]
        if blocks[-1:] == ["tbl"] or (local(holder) == "tc" and not blocks) or ("tbl", "tbl") in pairwise(blocks):
            yield f"{local(holder)} holds {blocks}"
    yield from (slip for table in document.iter(f"{W}tbl") for slip in off_grid(table))
    yield from broken_links(parts)


def value_of(element: Element) -> str:
    return element.get(f"{W}val", "")


def out_of_order(element: Element) -> Iterator[str]:
    if local(element) not in ORDER or not element.tag.startswith(W):
        return
    places = {name: n for n, step in enumerate(ORDER[local(element)].split()) for name in step.split("|")}
    names = [local(child) for child in element]
    yield from (f"{local(element)} holds {name}" for name in names if name not in places)
    known = [name for name in names if name in places]
    if any(places[one] > places[other] for one, other in pairwise(known)):
        yield f"{local(element)} holds {known}"
    yield from (f"{local(element)} twice {name}" for name in set(known) - FLOW if known.count(name) > 1)


def off_grid(table: Element) -> Iterator[str]:
    grid = [int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")][
        : len(table.find(f"{W}tblGrid") or ())
    ]
    merged: set[int] = set()
    for row in table.findall(f"{W}tr"):
        column, below = 0, set()
        for cell in row.findall(f"{W}tc"):
            span = int(value(cell, "tcPr/gridSpan") or 1)
            merge = value(cell, "tcPr/vMerge")
            if merge == "continue" and column not in merged:
                yield "a merged cell with nothing above"
            below |= {column} if merge else set()
            if int(cell.findall(f"{W}tcPr/{W}tcW")[0].get(f"{W}w", "")) != sum(grid[column : column + span]):
                yield "a cell's width is not its columns'"
            column += span
        merged = below
        if column != len(grid):
            yield f"{column} columns of {len(grid)}"


def broken_links(parts: dict[str, bytes]) -> Iterator[str]:
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    overridden = {each.get("PartName") for each in types if local(each) == "Override"}
    yield from (f"no part {name}" for name in overridden if str(name)[1:] not in parts)
    yield from (f"{name} has no type" for name in parts if name.endswith(".xml") and f"/{name}" not in overridden
                and name != "[Content_Types].xml")  # fmt: skip
    reached = {"[Content_Types].xml", *(name for name in parts if name.endswith(".rels"))}
    for name in [name for name in parts if name.endswith(".rels")]:
        for link in ElementTree.fromstring(parts[name]):
            target = normpath(join(dirname(dirname(name)), link.get("Target", "")))
            reached.add(target)
            if link.get("TargetMode") or target not in parts:
                yield f"{name} leads to {link.get('Target')}"
    yield from (f"nothing leads to {name}" for name in set(parts) - reached)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_text_is_that_of_the_exhibit(name: str) -> None:
    html = html_of(SITUATIONS[name])

    assert lines_of(word(html)) == text_of(html)


@examples(0.3)
@given(situations)
def test_in_any_situation_the_text_is_that_of_the_exhibit_and_word_has_nothing_to_repair(situation) -> None:
    html = html_of(situation)
    docx = word(html)

    assert lines_of(docx) == text_of(html)
    assert list(complaints(docx)) == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_word_has_nothing_to_repair(name: str) -> None:
    assert list(complaints(word(html_of(SITUATIONS[name])))) == []


def test_headings_are_headings_in_their_order() -> None:
    html = html_of(the_filing()).decode()
    asked = [(f"Heading{level}", " ".join(re.sub("<[^>]+>", "", text).split()).replace("&#8211;", "–"))
             for level, text in re.findall(r"<h(\d)[^>]*>(.*?)</h\1>", html, re.DOTALL)]  # fmt: skip

    told = [(style, text.replace("\n", " ")) for style, text in styled(word(html.encode())) if "Heading" in style]

    assert told == asked
    assert told[0] == ("Heading1", "Example Devices, Inc. Conflict Minerals Report")
    assert told[-1][1].startswith("ANNEX I")


def test_the_annex_is_a_table_of_the_facilities() -> None:
    situation = the_filing()

    heading, *rows = cells(annex_of(word(html_of(situation))))

    assert heading == ["Metal", "Smelter Name", "Country", "Status"]
    assert rows == [
        [item.facility.metal.value, item.name, item.printed_country, item.printed_status]
        for item in situation.facilities
    ]


def test_the_annexs_heading_row_stands_on_every_page_and_no_row_is_divided() -> None:
    rows = annex_of(word(html_of(the_filing()))).findall(f"{W}tr")

    assert [n for n, row in enumerate(rows) if row.find(f"{W}trPr/{W}tblHeader") is not None] == [0]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_the_columns_have_the_widths_that_the_html_gives_them() -> None:
    table = annex_of(word(html_of(the_filing())))

    widths = [int(column.get(f"{W}w", "")) for column in table.iter(f"{W}gridCol")]

    assert sum(widths) == TEXT_WIDTH
    assert [round(100 * width / TEXT_WIDTH) for width in widths] == [13, 42, 26, 19]


def test_the_annex_begins_on_a_new_page() -> None:
    breaking = [said(each) for each in body_of(word(html_of(the_filing()))).findall(f"{W}p")
                if each.find(f"{W}pPr/{W}pageBreakBefore") is not None]  # fmt: skip

    assert [text[:7] for text in breaking] == ["ANNEX I"]


def test_every_page_has_its_number() -> None:
    docx = word(html_of(the_filing()))
    footer = part(docx, "word/footer.xml")
    reference = next(body_of(docx).iter(f"{W}footerReference"))
    links = part(docx, "word/_rels/document.xml.rels")

    assert [each.get(f"{W}instr", "").strip() for each in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    named = reference.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
    assert [each.get("Target") for each in links if each.get("Id") == named] == ["footer.xml"]


def test_an_introduction_stays_with_its_list_and_a_small_table_stays_whole() -> None:
    docx = word(page("<p>These:</p>\n<ul><li>a</li></ul><p>so</p><table border=1><tr><td>1</td></tr><tr><td>2</td></tr>"
                     "</table>" + "<table border=1>" + "<tr><td>x</td></tr>" * 13 + "</table>"))  # fmt: skip

    kept = [said(each) for each in body_of(docx).iter(f"{W}p") if each.find(f"{W}pPr/{W}keepNext") is not None]

    assert kept == ["These:", "so", "1"]


def test_the_same_exhibit_makes_the_same_bytes_without_a_date() -> None:
    html = html_of(the_filing())

    assert word(html) == word(html)
    with zipfile.ZipFile(io.BytesIO(word(html))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_the_properties_hold_a_title_and_a_language_and_no_date_or_person() -> None:
    properties = part(word(page("<p>x</p>")), "docProps/title.xml")

    assert {local(each): each.text for each in properties} == {"title": "A & B", "language": "en-US"}
    language = next(part(word(page("<p>x</p>")), "word/styles.xml").iter(f"{W}lang"))
    assert language.get(f"{W}val") == "en-US"


def test_hostile_names_are_names() -> None:
    names = ["=cmd|' /C calc'!A0", "]]></w:t>", "{{ title }}{body}", "無錫精密電子", "شركة الصهر", "y" * 1000, "<w:p/>"]
    docx = word(html_of(interpretation(
        suppliers(1),
        [facility(Mineral.GOLD, number, Status.CONFORMANT, name=name) for number, name in enumerate(names)],
    )))  # fmt: skip

    assert [row[1] for row in cells(annex_of(docx))[1:]] == names
    assert list(complaints(docx)) == []


def test_characters_that_hide_or_that_xml_cannot_hold_are_dropped() -> None:
    docx = word(page("<p>a&#1;b&#8;&#8238;c&#65534;d&#0;e\x0cf&#160;g</p>"))

    assert said(body_of(docx)) == "abcd\ufffde f\xa0g"


def test_text_from_right_to_left_is_marked_and_stays_in_its_order() -> None:
    docx = word(page("<p>Works شركة الصهر (gold) and חברה 2</p>"))

    runs = [(said(run), run.find(f"{W}rPr/{W}rtl") is not None) for run in body_of(docx).iter(f"{W}r")]

    assert runs == [("Works ", False), ("شركة الصهر", True), (" (gold) and ", False), ("חברה", True), (" 2", False)]


def test_white_space_is_as_a_browser_shows_it() -> None:
    docx = word(page("<p>\n a <b> b</b>\n\t<i>c </i><br>\n d <br> </p> loose \n<p> </p><p>e<b> </b>f</p>"))

    assert styled(docx) == [("BodyText", "a b c\nd"), ("BodyText", "loose"), ("BodyText", "e f")]


def test_marks_are_kept() -> None:
    docx = word(
        page("<p><b>b<i>bi</i></b><u>u</u><strike>s</strike><sup>2<sub>3</sub></sup><tt>t</tt><font>f</font></p>")
    )

    dressed = {
        said(run): "".join(f"<{local(each)}>" for each in run.find(f"{W}rPr") or ())
        for run in body_of(docx).iter(f"{W}r")
    }

    assert dressed == {
        "b": "<b><bCs>", "bi": "<b><bCs><i><iCs>", "u": "<u>", "s": "<strike>", "2": "<vertAlign>", "3": "<vertAlign>",
        "t": "<rFonts>", "f": "",
    }  # fmt: skip


def test_each_numbered_list_counts_for_itself_and_lists_stand_in_lists() -> None:
    docx = word(page("<ol><li>a<ul><li>b</ul>c</li></ol><ol start=4><li><p>d<p>e</ol>"))

    listed = [(said(each), style_of(each), value(each, "pPr/numPr/ilvl"), value(each, "pPr/numPr/numId"))
              for each in body_of(docx).findall(f"{W}p")]  # fmt: skip

    assert listed == [
        ("a", "ListNumber", "0", "2"), ("b", "ListBullet", "1", "1"), ("c", "ListContinue", "", ""),
        ("d", "ListNumber", "0", "3"), ("e", "ListContinue", "", ""),
    ]  # fmt: skip
    starts = {each.get(f"{W}numId"): value(each, "lvlOverride/startOverride")
              for each in part(docx, "word/numbering.xml").findall(f"{W}num")}  # fmt: skip
    assert starts == {"1": "", "2": "1", "3": "4"}


def test_cells_that_reach_over_columns_and_rows_keep_the_grid() -> None:
    docx = word(
        page("<table border=1><tr><th colspan=2>a<th rowspan=3>b<tr><td>c<td rowspan=2>d<tr><td>e<tr><td>f</table>")
    )

    assert list(complaints(docx)) == []
    assert cells(tables(docx)[0]) == [["a", "b"], ["c", "d", ""], ["e", "", ""], ["f", "", ""]]
    merges = [[value(cell, "tcPr/vMerge") for cell in row.iter(f"{W}tc")] for row in tables(docx)[0].iter(f"{W}tr")]
    assert merges == [["", "restart"], ["", "restart", "continue"], ["", "continue", "continue"], ["", "", ""]]


def test_a_cell_over_one_that_reaches_down_ends_it() -> None:
    docx = word(page("<table><tr><td>a<td rowspan=3>b<tr><td colspan=2>c<tr><td>d<td>e</table>"))

    assert list(complaints(docx)) == []
    assert cells(tables(docx)[0]) == [["a", "b"], ["c"], ["d", "e"]]


def test_an_aligned_list_item_keeps_its_number() -> None:
    docx = word(page('<ol><li><p align="right">a</p><p align="center">b</p></li></ol>'))

    assert list(complaints(docx)) == []
    assert [value(each, "pPr/jc") for each in body_of(docx).findall(f"{W}p")] == ["right", "center"]


def test_sizes_that_no_table_can_have_are_bounded() -> None:
    docx = word(
        page('<table width="0%"><tr><td colspan="999999999" rowspan="99999999999">a<td>b<tr><td width="9e9%">c</table>')
    )

    assert list(complaints(docx)) == []
    assert len(list(tables(docx)[0].iter(f"{W}gridCol"))) == MAX_GRID_COLUMNS


def test_a_rule_is_a_rule_unless_a_heading_follows() -> None:
    docx = word(page("<p>a</p><hr><p>b</p><hr><h2>c</h2>"))

    assert [style_of(each) for each in body_of(docx).findall(f"{W}p")] == ["BodyText", "Rule", "BodyText", "Heading2"]


def test_a_link_and_an_image_leave_their_text_only() -> None:
    docx = word(page('<p>see <a href="https://www.sec.gov/x">the rule</a> <img src="logo.jpg" alt="Our logo"></p>'))

    assert styled(docx) == [("BodyText", "see the rule Our logo")]
    assert b"sec.gov" not in b"".join(parts_of(docx).values())


def subset() -> dict[str, dict[str, object]]:
    found = tomllib.loads(files("tracelode.edgar").joinpath("html_subset.toml").read_text())["elements"]
    return {name: rules for name, rules in found.items() if rules["contains"] != "nothing"}


INSIDE = {
    "li": "<ul>{}</ul>", "dt": "<dl>{}</dl>", "dd": "<dl>{}</dl>", "tr": "<table>{}</table>",
    "td": "<table><tr>{}</table>", "th": "<table><tr>{}</table>", "caption": "<table>{}<tr><td>y</table>",
    **dict.fromkeys(("thead", "tbody", "tfoot"), "<table>{}</table>"),
}  # fmt: skip
HOLDING = {
    "table": "<tr><td>{}</td></tr>", "tr": "<td>{}</td>", "dl": "<dd>{}</dd>",
    **dict.fromkeys(("thead", "tbody", "tfoot"), "<tr><td>{}</td></tr>"),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), "<li>{}</li>"),
}  # fmt: skip


def within(tag: str, content: str) -> str:
    element = f"<{tag}>{HOLDING.get(tag, '{}').format(content)}</{tag}>"
    return INSIDE.get(tag, "{}").format(element)


@pytest.mark.parametrize("tag", sorted(subset().keys() - {"html", "head", "title", "body"}))
def test_every_element_that_edgar_takes_keeps_its_text(tag: str) -> None:
    docx = word(page(f"<p>before</p>{within(tag, 'marked')}<p>after</p>"))

    assert "".join(said(body_of(docx)).split()).replace("y", "") == "beforemarkedafter"
    assert list(complaints(docx)) == []


inline_html = st.recursive(
    st.sampled_from(["word ", "&#38;", " &#8212; ", "<br>", "شركة ", "無錫"]),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format, st.sampled_from(["b", "i", "sup", "span"]), st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=4,
)
any_html = st.recursive(
    inline_html | st.just("<hr>"),
    lambda inner: st.builds(
        within,
        st.sampled_from(sorted(subset().keys() - {"html", "head", "title", "body", "p", "caption", "tfoot", "pre"})),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=10,
)


@examples(1.5)
@given(st.lists(any_html, max_size=4).map("".join))
def test_however_elements_are_nested_the_text_stays_and_word_has_nothing_to_repair(html: str) -> None:
    docx = word(page(html))

    told = re.sub(r"<[^>]+>|\s", "", html.replace("&#38;", "&").replace("&#8212;", "—"))
    assert "".join(said(body_of(docx)).split()) == told
    assert list(complaints(docx)) == []


def test_the_registrants_own_paragraphs_are_in_it() -> None:
    situation = interpretation(
        suppliers(1), program=profile(narrative=Narrative(company_overview="We make.\n\nThings."))
    )

    assert [text for _, text in styled(word(html_of(situation)))[6:8]] == ["We make.", "Things."]


def test_another_reader_finds_the_same_headings_and_rows() -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    read = docx.Document(io.BytesIO(word(html_of(the_filing()))))

    headings = [each.text for each in read.paragraphs if each.style.name.startswith("Heading")]

    assert headings[-1].startswith("ANNEX I")
    assert [[cell.text for cell in row.cells] for row in read.tables[-1].rows] == cells(
        annex_of(word(html_of(the_filing())))
    )
    assert read.core_properties.title == "Conflict Minerals Report of Example Devices, Inc. for 2016"
    assert read.core_properties.author == ""


def test_blanks_are_highlighted_and_nothing_else_is() -> None:
    situation = interpretation(program=Program(2016, Vocabulary.CFSP_2016))
    blank = printed_blanks(situation.facts.program)
    docx = word(form_sd(situation, count_figures(situation)), blanks=blank)

    runs = list(body_of(docx).iter(f"{W}r"))
    highlighted = [said(run) for run in runs if value(run, "rPr/highlight") == "yellow"]

    assert set(highlighted) <= set(blank)
    assert {"[name of registrant]", "[date of signature]"} <= set(highlighted)
    assert not any("[" in said(run) for run in runs if value(run, "rPr/highlight") == "")
    assert list(complaints(docx)) == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_section_stands_in_a_bookmark_and_the_text_is_the_same(name: str) -> None:
    situation = SITUATIONS[name]
    for by_section in (exhibit_by_section, form_sd_by_section):
        html = by_section(situation, count_figures(situation))
        docx = word(html)
        assert lines_of(docx) == text_of(as_filed(html))
        assert list(complaints(docx)) == []
        names = [each.get(f"{W}name", "") for each in body_of(docx) if local(each) == "bookmarkStart"]
        ends = [each.get(f"{W}id") for each in body_of(docx) if local(each) == "bookmarkEnd"]
        assert ends == [each.get(f"{W}id") for each in body_of(docx) if local(each) == "bookmarkStart"]
        assert len(set(names)) == len(names)
        assert set(names) <= {bookmark_of(section) for section in SECTIONS}


def test_every_section_has_a_bookmark_that_word_takes() -> None:
    marks = {bookmark_of(section) for section in SECTIONS}
    assert len(marks) == len(SECTIONS)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", mark) for mark in marks)


def test_what_is_filed_has_no_trace_of_its_sections() -> None:
    situation = the_filing()
    assert b"section" not in re.sub(rb">[^<]*<", b"><", exhibit(situation, count_figures(situation)))


def test_the_title_of_the_form_stands_below_a_line_and_its_signatures_on_a_page_of_their_own() -> None:
    situation = the_filing()
    docx = word(form_sd(situation, count_figures(situation)))
    breaking = [said(each) for each in body_of(docx).findall(f"{W}p")
                if each.find(f"{W}pPr/{W}pageBreakBefore") is not None]  # fmt: skip
    assert "FORM SD" not in breaking
    assert "SIGNATURES" in breaking
