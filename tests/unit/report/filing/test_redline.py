"""A redline holds both editions: without what was inserted it is the first, without what was deleted the second."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.report.factories import the_filing
from tests.unit.report.filing.test_filing import hostile_situation
from tests.unit.report.filing.test_word import W, body_of, complaints, local
from tracelode.picture.figures.figures import count_figures
from tracelode.report.filing.filing import exhibit, form_sd
from tracelode.report.filing.html_tree import HtmlElement, read_html
from tracelode.report.filing.redline import passages_that_differ, redline, redline_page, text_blocks
from tracelode.report.filing.word import word

HOSTILE = hostile_situation()
EDITIONS = [
    document(situation, count_figures(situation))
    for document in (exhibit, form_sd)
    for situation in (the_filing(), HOSTILE, the_filing(year=2024))
]
WORDS = st.sampled_from(["We", "asked", "310", "1,234", "smelters", ".", "a&b", "<x>", "(", "“Rule”", "the"])
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def escaped(text: str) -> str:
    return text.replace("&", "&#38;").replace("<", "&#60;").replace(">", "&#62;")


def block(kind: str, texts: list[str]) -> str:
    match kind:
        case "ul":
            return f"<ul>{''.join(f'<li>{escaped(text)}</li>' for text in texts)}</ul>"
        case "table":
            return f"<table>{''.join(f'<tr><td>{escaped(t)}</td><td>{escaped(t)}</td></tr>' for t in texts)}</table>"
    return "".join(f"<{kind}>{escaped(text)}</{kind}>" for text in texts)


BLOCKS = st.tuples(st.sampled_from(["p", "h2", "ul", "table"]), st.lists(TEXTS, min_size=1, max_size=3))
DOCUMENTS = st.lists(BLOCKS, max_size=6).map(
    lambda blocks: f"<html><body>{''.join(block(*each) for each in blocks)}</body></html>".encode(
        "ascii", "xmlcharrefreplace"
    )
)


def said(document: bytes, without: str = "") -> list[tuple[str, ...]]:
    """What a document says, block by block, but for what was inserted or deleted."""
    tree = read_html(document.decode("ascii"))
    if without:
        drop(tree, without)
    html = html_of(tree).encode("ascii", "xmlcharrefreplace")
    keys = [tuple(" ".join(part.split()) for part in each.key) for each in text_blocks(html)]
    return [key for key in keys if key[0] == "hr" or any(key[1:])]


def drop(element: HtmlElement, change: str) -> None:
    tags = {"inserted": "ins", "deleted": "del"}
    element.children = [
        child
        for child in element.children
        if isinstance(child, str) or (child.tag != tags[change] and child.attributes.get("class") != change)
    ]
    for child in element.children:
        if isinstance(child, HtmlElement):
            drop(child, change)


def html_of(node: HtmlElement | str) -> str:
    if isinstance(node, str):
        return escaped(node)
    inside = "".join(map(html_of, node.children))
    if node.tag == "#document":
        return inside
    attributes = "".join(f' {name}="{value}"' for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}>" + ("" if node.tag in ("br", "hr", "img") else f"{inside}</{node.tag}>")


def accepted(docx: bytes, kept: str) -> list[str]:
    """The paragraphs as Word has them once all changes are accepted ("ins" is kept), or rejected ("del")."""
    gone, lines = {"ins": "del", "del": "ins"}[kept], []
    for paragraph in body_of(docx).iter(f"{W}p"):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            continue
        text = "".join(
            "\n" if local(each) == "br" else each.text or ""
            for child in paragraph
            if local(child) != gone
            for each in child.iter()
            if local(each) in ("t", "delText", "br")
        )
        lines.append(" ".join(text.split()))
    return [line for line in lines if line]


def assert_holds_both(before: bytes, after: bytes) -> None:
    lined = redline(before, after)
    assert said(lined.document, without="inserted") == said(before)
    assert said(lined.document, without="deleted") == said(after)
    docx = word(lined.document)
    assert list(complaints(docx)) == []
    assert accepted(docx, "ins") == accepted(word(after), "ins")
    assert accepted(docx, "del") == accepted(word(before), "del")


@examples(0.5)
@given(DOCUMENTS, DOCUMENTS)
def test_a_redline_of_any_two_documents_holds_both(before: bytes, after: bytes) -> None:
    assert_holds_both(before, after)
    assert redline(before, after).changes == passages_that_differ(before, after)


@pytest.mark.parametrize("after", range(len(EDITIONS)))
def test_a_redline_of_two_editions_of_the_filing_holds_both(after: int) -> None:
    assert_holds_both(EDITIONS[0], EDITIONS[after])


@pytest.mark.parametrize("document", EDITIONS)
def test_the_same_text_has_no_changes(document: bytes) -> None:
    lined = redline(document, document)
    assert lined.changes == 0
    assert not re.search(rb"<ins|<del|inserted|deleted", lined.document)


def test_words_are_told_apart_within_a_paragraph_and_paragraphs_within_a_document() -> None:
    before = b"<p>We asked seven suppliers.</p><ul><li>one</li><li>two</li></ul><p>Gone.</p>"
    after = b"<p>We asked <b>eight</b> suppliers.</p><ul><li>one</li><li>new</li><li>two</li></ul>"
    shown = redline(before, after).document.decode()
    assert "<p>We asked <del>seven </del><ins><b>eight</b></ins><ins> </ins>suppliers.</p>" in shown
    assert '<ul>\n<li>one</li>\n<li class="inserted">new</li>\n<li>two</li>\n</ul>' in shown
    assert '<p class="deleted">Gone.</p>' in shown


def test_line_breaks_stay_where_they_are() -> None:
    before, after = b"<p>Acme<br><br>Street 1<br>Town</p>", b"<p>Acme<br><br>Street 2<br>Town</p>"
    assert_holds_both(before, after)
    assert redline(before, after).document.count(b"<br>") == 3


def test_what_a_name_holds_cannot_become_a_tag_of_the_page() -> None:
    page = redline_page("T", "From a to b.", [("x", redline(EDITIONS[0], EDITIONS[1]))]).decode()
    assert "<script" not in page
    assert "<GmbH>" not in page


def test_many_rows_that_all_changed_cost_no_comparison_of_each_with_each() -> None:
    table = "<table>{}</table>"
    before, after = (
        table.format("".join(f"<tr><td>{side} {n}</td><td>x</td></tr>" for n in range(1500))).encode()
        for side in ("old", "new")
    )
    assert redline(before, after).changes == 3000
