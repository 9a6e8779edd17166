"""`index.html`: what the compliance team opens first."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.report.factories import (
    answered,
    facility,
    interpretation,
    profile,
    submission,
    supplier,
    the_filing,
    unidentified,
)
from tests.unit.report.filing.test_filing import hostile_situation
from tracelode.minerals import Mineral
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.pages.overview import ROWS_SHOWN_AT_MOST, overview
from tracelode.report.report_set import build_report_set
from tracelode.smelters.status import Status, Vocabulary
from tracelode.sources.program import Program, Risk
from tracelode.submission import State


def page_of(situation: Interpretation) -> str:
    return overview(situation, count_figures(situation), software_version="1.2.3").decode("utf-8")


def text_of(page: str) -> str:
    body = re.sub(r"<(style|title|desc)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def links_of(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page)


def busy_situation() -> Interpretation:
    views = [
        answered("s1"),
        supplier("s2", submission("s2", state=State.NEEDS_CORRECTION, file="a b&c.xlsx"), name="Second & Sons"),
        supplier("s3", rejected=submission("s3", state=State.REJECTED)),
        supplier("s4"),
        supplier("out", submission("out"), in_scope=False),
        supplier("stranger", submission("stranger"), on_roster=False),
    ]
    return interpretation(
        views,
        [facility(Mineral.GOLD, 1, Status.INDETERMINABLE, "RWANDA", name="Kigali Gold")],
        [unidentified("Mystery Smelter", lines=2)],
        program=Program(2024, Vocabulary.RMAP, unknown_keys=("registrant.nmae",)),
    )


def test_the_headline_states_the_figures_of_the_filing() -> None:
    told = text_of(page_of(the_filing()))

    assert "Responses 7 of 7 suppliers" in told
    assert "310 facilities = 241 + 14 + 55" in told
    assert "Indeterminable and at risk 4 in Africa Two of them in covered countries." in told
    assert "Form SD on 2016 is due on May 31, 2017." in told


def test_the_page_lists_what_needs_a_person() -> None:
    told = text_of(page_of(busy_situation()))

    assert "Ask one supplier for a readable file Supplier s3" in told
    assert "Chase one correction Second &amp; Sons 2 errors" in told
    assert "Chase one supplier for an answer Supplier s4" in told
    assert "Decide about one smelter name" in told
    assert "Mystery Smelter" in told
    assert "name of registrant registrant.name" in told
    assert "registrant.nmae" in told
    assert "Decide about one sender not on the roster" in told
    assert "Kigali Gold CID000001 Gold Rwanda covered country" in told


def test_suppliers_that_need_somebody_stand_first() -> None:
    told = text_of(page_of(busy_situation()))
    table = told[told.index("Supplier State Documents") :]

    places = [
        table.index(f"Supplier {name}" if name != "s2" else "Second &amp; Sons") for name in ("s3", "s2", "s4", "s1")
    ]
    assert places == sorted(places)


def test_suppliers_that_count_nowhere_stand_apart() -> None:
    told = text_of(page_of(busy_situation()))

    assert told.index("They are kept, and count in no figure.") < told.index("Supplier out")
    assert told.index("They are kept, and count in no figure.") < told.index("Supplier stranger")


def test_each_submission_leads_to_its_feedback() -> None:
    links = links_of(page_of(busy_situation()))

    assert "../feedback/s1/s-s1-1/feedback.html" in links
    assert "../feedback/s3/s-s3-1/feedback.html" in links


def test_a_link_to_feedback_is_an_address_whatever_the_ids_hold() -> None:
    odd = submission("A & B Co. 1")
    view = supplier("A & B Co. 1", replace(odd, submission_id='x"/../?#'))

    assert "../feedback/A%20%26%20B%20Co.%201/x%22%2F..%2F%3F%23/feedback.html" in links_of(
        page_of(interpretation([view]))
    )


def test_every_download_is_a_file_of_the_set() -> None:
    report_set = build_report_set(the_filing(), software_version="1")
    links = links_of(report_set["index.html"].decode())

    assert set(report_set) - {"index.html"} <= set(links)
    assert [link for link in links if not link.startswith(("../feedback/", "#")) and link not in report_set] == []


def test_local_links_lead_somewhere() -> None:
    page = page_of(busy_situation())
    ids = set(re.findall(r'id="([^"]+)"', page))

    assert {link[1:] for link in links_of(page) if link.startswith("#")} <= ids


def test_inputs_are_shown_with_the_beginning_of_their_hash() -> None:
    told = text_of(page_of(the_filing()))

    assert "Made from nine files" in told
    assert "2016/program.toml 2017-01-09 cdcdcdcdcdcd" in told
    assert "Files that a newer one has replaced are kept in the inbox and not listed." in told


def test_charts_are_described_for_those_who_do_not_see_them() -> None:
    page = page_of(the_filing())

    assert page.count("<svg") == page.count('role="img"') == page.count("<desc ") == 6
    assert "93 compliant, 6 active, 36 indeterminable." in page


def test_nothing_is_loaded_and_nothing_runs() -> None:
    for situation in (the_filing(), interpretation(), hostile_situation(), busy_situation()):
        page = page_of(situation)
        assert not re.search(r"<(script|link|img|iframe|object|form)\b", page)
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert "url(" not in page
        assert "http" not in page.replace("http-equiv", "")


def test_hostile_names_stay_text_and_tags_stay_balanced() -> None:
    page = page_of(hostile_situation())

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page

    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the base class passes them
            if tag not in ("meta", "br"):
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    reader = Balance()
    reader.feed(page)
    assert reader.open == []


def test_a_page_without_suppliers_and_risk_places_is_whole() -> None:
    told = text_of(page_of(interpretation(program=profile(risk=Risk(continents=())))))

    assert "0 of 0 suppliers" in told
    assert "The roster names no supplier in scope." in told


def test_a_long_list_is_cut_and_says_so() -> None:
    told = text_of(page_of(interpretation([supplier(f"s{n:04d}") for n in range(ROWS_SHOWN_AT_MOST + 1)])))

    assert told.count("nothing received") == ROWS_SHOWN_AT_MOST
    assert "The rest is in the workbook." in told


@pytest.mark.engine
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not on this machine")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_never_scrolls_sideways(tmp_path: Path, width: int) -> None:
    # GIVEN a page full of long and foreign names, with its ban on scripts lifted so that it can measure itself
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page_of(hostile_situation()))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "frame.html").write_text(
        f'<iframe src="page.html" width="{width}" height="900"></iframe><p id="told"></p><script>onload = () => {{'
        "const root = document.querySelector('iframe').contentDocument.documentElement;"
        "document.querySelector('#told').textContent = 'scroll ' + root.scrollWidth + ' of ' + root.clientWidth;}"
        "</script>",
        encoding="utf-8",
    )

    # WHEN a browser lays it out at the width of a phone or of a desk
    told = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'browser'}", "--window-size=1400,1000",
            "--dump-dom", (tmp_path / "frame.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout  # fmt: skip

    # THEN it is no wider than its window
    found = re.search(r"scroll (\d+) of (\d+)", told)
    assert found
    assert int(found[1]) <= int(found[2])
