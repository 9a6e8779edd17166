"""What is filed, and the linter's table, against the DTD that Arelle holds filings against.

The DTD comes with the package arelle-release and is not ours to ship; `make test` installs it
(.ci/requirements/readers.txt).
It describes a document's body alone.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.picture.test_figures import situations
from tests.unit.report.factories import interpretation, risk_view, the_filing
from tests.unit.report.filing.test_filing import SITUATIONS, hostile_situation
from tracelode.edgar.lint import _subset, lint
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import exhibit, form_sd

etree: Any = pytest.importorskip("lxml.etree", reason="lxml is not installed (.ci/requirements/readers.txt)")

EVERY = {
    "the filing": the_filing(),
    "nothing": interpretation(),
    "hostile": hostile_situation(),
    "risk": risk_view(),
    **{what: told[0] for what, told in SITUATIONS.items()},
}
VOID = re.compile(r"<(br|hr|img|meta)\b([^>]*)>")
BESIDE_THE_BODY = {"html", "head", "title", "meta"}


def _file() -> Path | None:
    try:
        path = Path(str(distribution("arelle-release").locate_file("arelle/config/edbody.dtd")))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


FILE = _file()
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(FILE is None, reason="arelle-release is not installed (.ci/requirements/readers.txt)"),
]


@pytest.fixture(scope="module")
def dtd() -> Any:
    return etree.DTD(str(FILE))


def refused(dtd: Any, document: bytes) -> list[str]:
    """What the DTD has against a document's body. Only elements without end tags are made XML; nothing is repaired."""
    text = VOID.sub(r"<\1\2/>", document.decode("ascii"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    body = etree.fromstring(text.encode("ascii"), parser).find("body")
    dtd.validate(body)
    return [str(error.message) for error in dtd.error_log.filter_from_errors()]


def both(situation: Interpretation) -> tuple[bytes, bytes]:
    told = count_figures(situation)
    return form_sd(situation, told), exhibit(situation, told)


@pytest.mark.parametrize("what", EVERY)
def test_both_documents_keep_the_dtd(dtd: Any, what: str) -> None:
    for document in both(EVERY[what]):
        assert refused(dtd, document) == []


@examples(0.25)
@given(situations)
def test_both_documents_keep_the_dtd_in_any_situation(dtd: Any, situation: Interpretation) -> None:
    for document in both(situation):
        assert refused(dtd, document) == []


@pytest.mark.parametrize(
    "seeded",
    [
        '<p align="middle">a</p>',
        '<p onclick="x()">a</p>',
        "<section>a</section>",
        "<p><b>a</b><table><tr><td>a</td></tr></table></p>",
        "<ul></ul>",
        "<table><tr></tr></table>",
        "<table><tbody><tr><td>a</td></tr></tbody><thead><tr><td>a</td></tr></thead></table>",
        "<img>",
    ],
)
def test_what_the_dtd_refuses_the_linter_refuses(dtd: Any, seeded: str) -> None:
    document = f"<html><body>{seeded}</body></html>".encode()
    assert refused(dtd, document)
    assert lint(document, "a.htm")


def leaves(content: Any) -> Iterator[str]:
    """The names in a content model; its text is #text."""
    if content is None:
        return
    if content.type == "element":
        yield content.name
    elif content.type == "pcdata":
        yield "#text"
    yield from leaves(content.left)
    yield from leaves(content.right)


def told_by_the_dtd(dtd: Any) -> Mapping[str, Any]:
    return {element.name: element for element in dtd.iterelements()}


def test_the_linter_knows_the_elements_of_the_dtd_and_no_others(dtd: Any) -> None:
    assert _subset().keys() - BESIDE_THE_BODY == told_by_the_dtd(dtd).keys()


@pytest.mark.parametrize("tag", sorted(_subset().keys() - BESIDE_THE_BODY))
def test_the_linter_allows_in_an_element_what_the_dtd_allows(dtd: Any, tag: str) -> None:
    ours, theirs = _subset()[tag], told_by_the_dtd(dtd)[tag]
    # WHEN it holds text, other elements, or nothing
    assert ours.children == frozenset(leaves(theirs.content))
    assert ours.is_empty == (theirs.type == "empty")
    assert (ours.sequence is not None) == (theirs.type == "element")
    # THEN its attributes are the same, and so are the values of those that have a list
    attributes = {attribute.name: attribute for attribute in theirs.iterattributes()}
    assert ours.attributes == attributes.keys()
    assert ours.needed == {name for name, attribute in attributes.items() if attribute.default == "required"}
    listed = {name: frozenset(a.itervalues()) for name, a in attributes.items() if a.type == "enumeration"}
    assert {name: ours.values[name] for name in ours.attributes & ours.values.keys()} == listed


@st.composite
def trees(draw: st.DrawFn, tag: str = "body", depth: int = 0) -> str:
    """Markup of an element with children that may stand in it or not."""
    element = _subset()[tag]
    if element.is_empty:
        return f"<{tag}>"
    children = sorted((element.children & _subset().keys()) - BESIDE_THE_BODY)
    inside = ""
    for child in draw(st.lists(st.sampled_from([*children, "td", "p"]), max_size=3)) if depth < 4 else ():
        inside += draw(trees(child, depth + 1))
    return f"<{tag}>{inside}</{tag}>"


@examples(1.5)
@given(trees())
def test_a_body_that_the_linter_lets_through_keeps_the_dtd(dtd: Any, body: str) -> None:
    document = f"<html>{body}</html>".encode()
    if not lint(document, "a.htm"):
        assert refused(dtd, document) == []
