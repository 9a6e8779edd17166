"""Nothing that comes alive goes back under our name: what a supplier put into its workbook is left out of the copy."""

import re
from collections.abc import Callable

import pytest

from tests.factories.archives import parts_of, with_part, zipped
from tests.unit.feedback.marked_workbooks import finding, furnished, marked, seen
from tracelode.feedback.markup.mark_up import mark_up

BOOK, BOOK_LINKS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
DECLARATION, DECLARATION_LINKS = "xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = b"http://schemas.microsoft.com/office/2006/relationships"
SIGN = b"only-here-while-alive"
NO_LINKS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

Parts = dict[str, bytes]


def before(parts: Parts, part: str, mark: bytes, xml: bytes) -> None:
    assert mark in parts[part]
    parts[part] = parts[part].replace(mark, xml + mark, 1)


def link(parts: Parts, links: str, kind: bytes, target: bytes, *, outside: bool = False) -> bytes:
    """A link to a target; returns its id."""
    identifier = b"alive%d" % len(parts)
    parts.setdefault(links, NO_LINKS)
    mode = b' TargetMode="External"' if outside else b""
    said = b'<Relationship Id="%s"%s Type="%s" Target="%s"/>' % (identifier, mode, kind, target)
    before(parts, links, b"</Relationships>", said)
    return identifier


def linked(parts: Parts, links: str, kind: bytes, target: str) -> bytes:
    """A part with our sign in it, and the link of that kind to it."""
    parts[target] = b"<part>" + SIGN + b"</part>"
    return link(parts, links, kind, b"/" + target.encode())


def formula(parts: Parts, text: bytes, attributes: bytes = b"") -> None:
    """A formula in F9 instead of the one there, with the value 25."""
    cell = b"<f%s>%s</f><v>25</v>" % (attributes, text)
    parts[DECLARATION] = re.sub(rb"<f>D9\*2</f>(?:<v ?/>|<v></v>)?", lambda _: cell, parts[DECLARATION])
    assert text in parts[DECLARATION]


def macros(parts: Parts) -> None:
    linked(parts, BOOK_LINKS, MICROSOFT + b"/vbaProject", "xl/vbaProject.bin")
    kind = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    before(parts, TYPES, b"</Types>", kind)
    plain, macro = b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    assert plain in parts[TYPES]
    parts[TYPES] = parts[TYPES].replace(plain, macro)


def macros_that_nothing_leads_to(parts: Parts) -> None:
    parts["xl/vbaProject.bin"] = SIGN


def a_macro_sheet_that_runs_by_itself(parts: Parts) -> None:
    identifier = linked(parts, BOOK_LINKS, MICROSOFT + b"/xlMacrosheet", "xl/macrosheets/sheet1.xml")
    tab = b'<sheet xmlns:r="%s" name="Macro1" sheetId="77" state="veryHidden" r:id="%s"/>' % (OFFICE, identifier)
    before(parts, BOOK, b"</sheets>", tab)
    runs = b'<definedName name="_xlnm.Auto_Open" comment="%s">Macro1!$A$1</definedName>' % SIGN
    before(parts, BOOK, b"</definedNames>", runs)


def a_link_to_another_workbook(parts: Parts) -> None:
    identifier = linked(parts, BOOK_LINKS, OFFICE + b"/externalLink", "xl/externalLinks/externalLink1.xml")
    reference = b'<externalReference xmlns:r="%s" r:id="%s"/>' % (OFFICE, identifier)
    before(parts, BOOK, b"<definedNames>", b"<externalReferences>" + reference + b"</externalReferences>")
    formula(parts, b"[1]Prices!$A$1")


def connections(parts: Parts) -> None:
    linked(parts, BOOK_LINKS, OFFICE + b"/connections", "xl/connections.xml")


def an_embedded_object(parts: Parts) -> None:
    identifier = linked(parts, DECLARATION_LINKS, OFFICE + b"/oleObject", "xl/embeddings/oleObject1.bin")
    shown = b'<oleObject progId="Package" xmlns:r="%s" r:id="%s"/>' % (OFFICE, identifier)
    before(parts, DECLARATION, b"</worksheet>", b"<oleObjects>" + shown + b"</oleObjects>")


def a_ribbon(parts: Parts) -> None:
    linked(parts, "_rels/.rels", MICROSOFT + b"/ui/extensibility", "customUI/customUI.xml")


def a_link_that_runs_a_script(parts: Parts) -> None:
    link(parts, DECLARATION_LINKS, OFFICE + b"/hyperlink", b"javascript:" + SIGN, outside=True)


def a_link_to_a_file_on_a_server(parts: Parts) -> None:
    link(parts, DECLARATION_LINKS, OFFICE + b"/hyperlink", b"file:///\\\\server\\" + SIGN, outside=True)


def a_picture_that_is_fetched(parts: Parts) -> None:
    link(parts, DECLARATION_LINKS, OFFICE + b"/image", b"https://seen.example/" + SIGN, outside=True)


def a_formula(text: bytes, attributes: bytes = b"") -> Callable[[Parts], None]:
    return lambda parts: formula(parts, text + b"&amp;&quot;" + SIGN + b"&quot;", attributes)


def a_condition_that_reaches_outside(parts: Parts) -> None:
    parts[DECLARATION] = parts[DECLARATION].replace(b'$D$15=""', b"[1]A!$A$1=&quot;" + SIGN + b"&quot;")


def a_choice_that_reaches_outside(parts: Parts) -> None:
    parts[DECLARATION] = parts[DECLARATION].replace(b'"Yes,No"', b"[1]A!$A$1&amp;&quot;" + SIGN + b"&quot;")


def a_name_that_reaches_outside(parts: Parts) -> None:
    before(parts, BOOK, b"</definedNames>", b"<definedName name=\"Far\">'[1]%s'!$A$1</definedName>" % SIGN)


ALIVE: dict[str, Callable[[Parts], None]] = {
    function.__name__: function
    for function in (
        macros,
        macros_that_nothing_leads_to,
        a_macro_sheet_that_runs_by_itself,
        a_link_to_another_workbook,
        connections,
        an_embedded_object,
        a_ribbon,
        a_link_that_runs_a_script,
        a_link_to_a_file_on_a_server,
        a_picture_that_is_fetched,
        a_condition_that_reaches_outside,
        a_choice_that_reaches_outside,
        a_name_that_reaches_outside,
    )
} | {
    "a call to the web": a_formula(b"WEBSERVICE(D8)"),
    "a link that is computed": a_formula(b"HYPERLINK(&quot;http://evil.example&quot;,D8)"),
    "a link spelt in small letters": a_formula(b"hyperlink(D8)"),
    "a link under its namespace": a_formula(b"_xlfn.IMAGE(D8)"),
    "a link spelt in references": a_formula(b"&#72;YPERLINK&#x28;D8)"),
    "a link in a CDATA section": a_formula(b"<![CDATA[HYPERLINK(D8)]]>"),
    "a link in an array": a_formula(b"HYPERLINK(D8)", b' t="array" ref="F9"'),
    "an exchange with a program": a_formula(b"cmd|&apos;/c calc&apos;!A1"),
    "another workbook by its name": a_formula(b"&apos;C:\\[Book.xlsx]A&apos;!A1"),
}


@pytest.fixture(params=ALIVE, scope="module")
def copy(request: pytest.FixtureRequest) -> bytes:
    # GIVEN a workbook with something in it that comes alive
    parts = parts_of(furnished())
    ALIVE[request.param](parts)
    workbook = zipped(parts)
    assert any(SIGN in content for content in parts_of(workbook).values())
    # WHEN it is marked up
    return marked(workbook, finding("D8"))


def test_the_copy_holds_nothing_of_it(copy: bytes):
    for name, content in parts_of(copy).items():
        assert SIGN not in content, name
        assert b"macroEnabled" not in content


def test_nothing_is_left_that_leads_to_what_is_gone(copy: bytes):
    parts = parts_of(copy)
    said = parts[TYPES] + b"".join(content for name, content in parts.items() if name.endswith(".rels"))
    for gone in ("vbaProject.bin", "macrosheets/", "externalLink", "connections.xml", "oleObject", "customUI"):
        assert gone.encode() not in said


def test_the_supplier_finds_its_answers_in_the_copy(copy: bytes):
    sheet = seen(copy)["Declaration"]
    assert (sheet["D8"].value, sheet["D9"].value, sheet["D12"].value) == ("Example Ltd", 12.5, "merged")


def test_a_formula_that_reaches_outside_keeps_its_value():
    parts = parts_of(furnished())
    formula(parts, b"[1]Prices!$A$1")
    assert seen(marked(zipped(parts), finding("D8")))["Declaration"]["F9"].value == 25


def test_a_formula_of_the_workbooks_own_stays():
    parts = parts_of(furnished())
    formula(parts, b"IF(D9&gt;1,INDIRECT(&quot;D&quot;&amp;9),&quot;a|b [1] HYPERLINK(&quot;)")
    assert seen(marked(zipped(parts), finding("D8")))["Declaration"]["F9"].value.startswith("=IF(D9>1,INDIRECT(")


def test_links_to_the_web_and_to_mail_stay():
    parts = parts_of(furnished())
    targets = (b"https://example.com/policy", b"mailto:someone@example.com", b"#Revision!A1")
    for target in targets:
        link(parts, DECLARATION_LINKS, OFFICE + b"/hyperlink", target, outside=True)
    left = parts_of(marked(zipped(parts), finding("D8")))[DECLARATION_LINKS]
    assert all(b'"%s"' % target in left for target in targets)


def test_a_kind_of_part_that_nobody_has_looked_at_is_not_copied():
    parts = parts_of(furnished())
    linked(parts, BOOK_LINKS, OFFICE + b"/somethingNew", "xl/new.xml")
    assert mark_up(zipped(parts), [finding("D8")]).reason == "The workbook holds a kind of part that is not copied."


def test_a_sheet_in_an_encoding_that_hides_its_formulas_is_not_copied():
    hidden = with_part(furnished(), DECLARATION, lambda xml: b'<?xml version="1.0" encoding="latin-1"?>' + xml)
    assert "an encoding" in mark_up(hidden, [finding("D8")]).reason
