"""What EDGAR would refuse is named where it stands, and what it takes is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.report.factories import the_filing
from tracelode.edgar.lint import EDGAR_RULES, MAX_VIOLATIONS, lint
from tracelode.picture.figures.figures import count_figures
from tracelode.report.filing.filing import exhibit

SOUND = """<html>
<head>
<title>Exhibit</title>
</head>
<body>
<h1 align="center">Conflict Minerals Report</h1>
<p>Text &#8211; with <b>bold</b>, <a href="#annex">a link</a> and <a href="https://www.sec.gov/about">another</a>.<br>
<a href="form-sd.htm">The form</a> &amp; &nbsp;&lt;nothing&gt;</p>
<ul><li>one<li>two</ul>
<table border="0"><tr><th>Metal<th>Count</tr><tr><td id="annex" align="right">Tin<td><p>1</table>
<img src="chart.jpg" alt="a chart">
</body>
</html>
"""
COMPANIONS = ("form-sd.htm", "chart.jpg")


def rules(body: str, name: str = "exhibit-1-01.htm") -> list[str]:
    document = SOUND.replace("</body>", f"{body}\n</body>")
    return [violation.rule for violation in lint(document.encode("latin-1"), name, companions=COMPANIONS)]


def test_a_document_that_keeps_every_rule_has_no_violation() -> None:
    assert rules("") == []


SEEDED = {
    "a script": ("<script>alert(1)</script>", "E05"),
    "an applet": ("<applet></applet>", "E05"),
    "a form": ("<form></form>", "E05"),
    "a handler": ('<p onclick="x()">a</p>', "E05"),
    "a style that loads": ('<p style="background: url(x.gif)">a</p>', "E05"),
    "a style that imports": ("<p style=\"@import 'x'\">a</p>", "E05"),
    "a processing instruction": ("<?php echo 1 ?>", "E05"),
    "an unknown element": ("<section>a</section>", "E04"),
    "a style sheet": ("<style>p {}</style>", "E04"),
    "a canvas": ("<canvas></canvas>", "E04"),
    "an unknown attribute": ('<p data-x="1">a</p>', "E09"),
    "an attribute of another element": ('<p bgcolor="red">a</p>', "E09"),
    "a value that is not allowed": ('<p align="middle">a</p>', "E09"),
    "a table in a table": ("<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>", "E06"),
    "a table in a paragraph of a cell": ("<table><tr><td><p><table><tr><td>a</table></table>", "E06"),
    "a block in an inline element": ("<b><p>a</p></b>", "E07"),
    "a list item without a list": ("<li>a</li>", "E07"),
    "a cell without a row": ("<table><td>a</td></table>", "E07"),
    "text in a table row": ("<table><tr>text</tr></table>", "E07"),
    "a link in a link": ('<a href="#annex">a <a href="#annex">b</a></a>', "E07"),
    "a list of nothing": ("<ul></ul>", "E07"),
    "a row of nothing": ("<table><tr></tr></table>", "E07"),
    "a caption below its table": ("<table><tr><td>a</td></tr><caption>b</caption></table>", "E07"),
    "an image of nothing": ('<p><img alt="a"></p>', "E09"),
    "a named entity": ("<p>&mdash;</p>", "E08"),
    "an unknown entity": ("<p>&nothing;</p>", "E08"),
    "an entity of no character": ("<p>&#7;</p>", "E08"),
    "an entity of a Windows code page": ("<p>&#147;</p>", "E08"),
    "a link to nowhere": ('<p><a href="#nowhere">a</a></p>', "E10"),
    "a link to a file that is not filed": ('<p><a href="other.htm">a</a></p>', "E10"),
    "an image that is not filed": ('<img src="other.gif">', "E10"),
    "a link to another site": ('<p><a href="https://www.example.com">a</a></p>', "E11"),
    "a link to a site that ends alike": ('<p><a href="https://notsec.gov">a</a></p>', "E11"),
    "a mail link": ('<p><a href="mailto:a@example.com">a</a></p>', "E11"),
    "a script link": ('<p><a href="javascript:x()">a</a></p>', "E11"),
    "a link without a scheme": ('<p><a href="//example.com/x">a</a></p>', "E11"),
    "an element left open": ("<div><b>a</div>", "E12"),
    "an end without a beginning": ("<p>a</p></b>", "E12"),
    "an id twice": ('<p id="annex">a</p>', "E14"),
    "a picture in another format": ('<img src="chart.png">', "E15"),
    "a picture from elsewhere": ('<img src="https://www.sec.gov/a.gif">', "E15"),
    "a curly quotation mark": ("<p>\x93quoted\x94</p>", "E03"),
    "an accent": ("<p>caf\xe9</p>", "E03"),
    "a control character": ("<p>a\x07b</p>", "E03"),
}


@pytest.mark.parametrize("what", SEEDED)
def test_a_seeded_violation_is_named(what: str) -> None:
    body, rule = SEEDED[what]
    assert rule in rules(body)


@pytest.mark.parametrize("what", SEEDED)
def test_a_violation_seeded_into_our_own_exhibit_is_named(what: str) -> None:
    body, rule = SEEDED[what]
    situation = the_filing()
    ours = exhibit(situation, count_figures(situation)).decode().replace("<ul>", '<ul><li id="annex">one</li>', 1)
    document = ours.replace("</body>", f"{body}\n</body>").encode("latin-1")
    assert lint(ours.encode(), "exhibit-1-01.htm", companions=COMPANIONS) == ()
    assert rule in {found.rule for found in lint(document, "exhibit-1-01.htm", companions=COMPANIONS)}


def test_an_attribute_may_stand_for_its_own_value() -> None:
    assert rules("<table><tr><td nowrap>a</td></tr></table><ul compact><li>a</ul>") == []
    assert rules('<table><tr><td nowrap="yes">a</td></tr></table>') == ["E09"]


def test_there_are_more_than_twenty_five_of_them_and_every_rule_is_among_what_is_tested() -> None:
    assert len(SEEDED) >= 25
    assert {rule for _, rule in SEEDED.values()} | {"E01", "E02", "E13"} == EDGAR_RULES.keys()


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("a-name-of-more-than-thirty-two-ch.htm", "E01"),
        ("Exhibit.htm", "E02"),
        ("exhibit 1.htm", "E02"),
        ("exhibit.1.01.htm", "E02"),
        ("exhibit.docx", "E02"),
        ("_exhibit.htm", "E02"),
    ],
)
def test_a_file_name_that_edgar_does_not_take_is_named(name: str, rule: str) -> None:
    assert rule in {violation.rule for violation in lint(b"", name)}


def test_a_fragment_is_no_document() -> None:
    found = [violation.rule for violation in lint(b"<p>a</p>", "a.htm")]
    assert found.count("E13") == 2


def test_a_violation_says_where_it_is_and_what_to_do() -> None:
    (found,) = lint(SOUND.replace("<ul>", "<ul>\n  <blink>").encode(), "a.htm", companions=COMPANIONS)
    assert (found.rule, found.line, found.column) == ("E04", 10, 3)
    assert (found.message, found.remedy) == ("<blink> is not an element that EDGAR takes", "remove it")


@given(st.binary(max_size=400) | st.text(alphabet="<>&#;=/\"' abtrdp!-?[]", max_size=200).map(str.encode))
def test_whatever_bytes_come_are_answered(document: bytes) -> None:
    assert len(lint(document, "a.htm")) <= MAX_VIOLATIONS


def test_a_document_full_of_violations_ends_in_a_bounded_answer() -> None:
    assert len(lint(b"<blink>" * 50_000, "a.htm")) == MAX_VIOLATIONS
