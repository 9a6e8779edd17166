"""What a reader meets on a page: nothing broken, nothing past the edge, all of it legible, reachable, printable."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.pages.browser import DESK, DESK_AT_NIGHT, PHONE, PHONE_AT_NIGHT, Look, Page, View, look, missing
from tests.pages.situations import LONG, NAMES, busy, crowded, empty
from tests.unit.feedback.test_feedback import DISPLAYED, UNTRANSLATED, finding, missing_name, notes_on
from tests.unit.report.factories import DOUBTFUL, IN_RWANDA, LAPSING, MISSPELT, UNHEARD_OF, submission, the_filing
from tracelode.feedback.page import feedback_files
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import exhibit, form_sd
from tracelode.report.pages.overview import overview
from tracelode.submission import State

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(missing()), reason=missing() or "a browser is here")]

UNFOLDED = (replace(DESK, name="desk-unfolded", unfolded=True), replace(PHONE, name="phone-unfolded", unfolded=True))
ALL = (DESK, DESK_AT_NIGHT, PHONE, PHONE_AT_NIGHT)
BOTH = (DESK, PHONE)

EDGAR_HAS_NO = ("landmark-one-main", "region", "html-has-lang")
"""Rules that a document for EDGAR cannot keep: its HTML has no landmarks, and no attribute for a language."""


def index(situation: Interpretation) -> bytes:
    return overview(situation, count_figures(situation), software_version="1.2.3")


def feedback(displayed: str, state: State, *, name: str = "Acme", found: str = "") -> bytes:
    sent = replace(submission("s1", state=state, file=f"{name}.xlsx".replace("/", "_")), language=displayed)
    notes = notes_on(LAPSING, IN_RWANDA, DOUBTFUL, MISSPELT, UNHEARD_OF)
    findings = (missing_name(), finding(found=found), UNTRANSLATED)
    files = feedback_files(sent, findings, supplier_name=name, smelter_notes=notes, marked_up=f"{name} - marked.xlsx")
    return files["feedback.html"]


def documents() -> dict[str, tuple[bytes, Sequence[View]]]:
    """Everything that is looked at, by file name, with the ways in which it is."""
    example, hostile, blank = the_filing(), busy(), empty()
    return {
        "index-example.html": (index(example), (*ALL, *UNFOLDED)),
        "index-empty.html": (index(blank), BOTH),
        "index-busy.html": (index(hostile), (*ALL, *UNFOLDED)),
        "index-crowded.html": (index(crowded()), (replace(DESK, clip=True), replace(PHONE, clip=True))),
        "exhibit-example.htm": (exhibit(example, count_figures(example)), ALL),
        "exhibit-empty.htm": (exhibit(blank, count_figures(blank)), BOTH),
        "form-sd-example.htm": (form_sd(example, count_figures(example)), ALL),
        "form-sd-empty.htm": (form_sd(blank, count_figures(blank)), BOTH),
        "feedback-en.html": (feedback("English", State.NEEDS_CORRECTION), ALL),
        "feedback-zh.html": (feedback(DISPLAYED["zh"], State.NEEDS_CORRECTION), ALL),
        "feedback-accepted.html": (feedback(DISPLAYED["ja"], State.ACCEPTED), BOTH),
        "feedback-hostile.html": (
            feedback(DISPLAYED["de"], State.REJECTED, name=LONG * 2, found=" ".join(NAMES)),
            BOTH,
        ),
    }


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> list[Look]:
    """All pages in all their views, in one browser."""
    folder = tmp_path_factory.mktemp("pages")
    pages = []
    for name, (content, views) in documents().items():
        file = folder / name
        file.write_bytes(content)
        excused = EDGAR_HAS_NO if name.endswith(".htm") else ()
        pages.append(Page(file.stem, file.as_uri(), views, pdf=True, keyboard=True, judged=True, excused=excused))
    return look(pages, folder)


def test_every_page_is_opened_in_each_of_its_views(looks: list[Look]) -> None:
    assert [(one.page, one.view) for one in looks] == [
        (Path(name).stem, view.name) for name, (_, views) in documents().items() for view in views
    ]
    for one in looks:
        picture = one.picture.read_bytes()
        assert picture.startswith(b"\x89PNG"), one.picture
        assert len(picture) > 10_000, one.picture


def test_the_console_stays_empty_and_nothing_else_is_loaded(looks: list[Look]) -> None:
    assert {one.picture.stem: (one.said, one.asked) for one in looks if one.said or one.asked} == {}


def test_no_page_scrolls_sideways(looks: list[Look]) -> None:
    assert {one.picture.stem: one.wide for one in looks if one.scroll_width > one.width} == {}


def test_axe_finds_nothing_to_object_to(looks: list[Look]) -> None:
    assert {one.picture.stem: one.violations for one in looks if one.violations} == {}


def test_each_page_has_one_main_heading_and_leaves_out_no_level(looks: list[Look]) -> None:
    for one in looks:
        assert (one.headings[0], one.headings.count(1)) == (1, 1), one.picture.stem
        assert all(after <= before + 1 for before, after in pairwise(one.headings)), one.picture.stem


def test_pages_of_ours_have_their_landmarks(looks: list[Look]) -> None:
    expected = {"index": ["header", "nav", "main", "footer"], "feedback": ["main"], "exhibit": [], "form": []}

    for one in looks:
        assert one.landmarks == expected[one.page.partition("-")[0]], one.picture.stem


def test_the_tab_key_goes_down_the_page_and_shows_where_it_is(looks: list[Look]) -> None:
    for one in looks:
        assert [stop.place for stop in one.stops] == list(range(len(one.stops))), one.picture.stem
        assert [stop for stop in one.stops if stop.outline < 2 or not stop.inView] == [], one.picture.stem
        # A link may stand beside the one before it, never above.
        assert all(after.top > before.top - 12 for before, after in pairwise(one.stops)), one.picture.stem
    assert all(one.stops for one in looks if one.page.startswith(("index", "feedback")) and "dark" not in one.view)


def test_every_page_prints(looks: list[Look]) -> None:
    assert {one.page for one in looks if one.pdf} == {one.page for one in looks}
    for one in looks:
        if not one.pdf:
            continue
        printed = one.pdf.read_bytes()
        assert printed.startswith(b"%PDF-"), one.picture.stem
        assert re.search(rb"/Type\s*/Page\b", printed), one.picture.stem


def test_what_is_broken_is_seen(tmp_path: Path) -> None:
    # GIVEN a page with one slip of each kind that the other tests look for
    file = tmp_path / "broken.html"
    file.write_text(
        "<!DOCTYPE html><html lang='en'><title>Broken</title><style>a:focus { outline: none }</style><main>"
        "<h1>One</h1><h3>Three</h3><p style='color: #ccc; background: #fff'>Pale</p><p style='width: 3000px'>Wide</p>"
        "<a href='#' tabindex='2'>second</a><a href='#' tabindex='1'>first</a>"
        "<img src='missing.png' alt=''></main><script>console.warn('look'); undefined.broken</script></html>",
        encoding="utf-8",
    )

    # WHEN it is looked at
    (told,) = look([Page("broken", file.as_uri(), (DESK,), keyboard=True, judged=True)], tmp_path)

    # THEN each of them is told
    assert told.scroll_width > told.width
    assert told.headings == [1, 3]
    assert {one.rule for one in told.violations} >= {"color-contrast", "heading-order", "tabindex"}
    assert [stop.place for stop in told.stops] == [1, 0]
    assert [stop.outline for stop in told.stops] == [0, 0]
    assert "warning: look" in told.said
    assert any("broken" in line for line in told.said)
    assert [address.rpartition("/")[2] for address in told.asked] == ["missing.png"]
