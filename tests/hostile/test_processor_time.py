"""What somebody could send to keep us busy costs about what its length costs, in seconds of the processor.

A limit of time stands in this folder alone. A busy machine makes nothing slower by this clock, and each limit is many
times what is needed, so that only work which grows faster than its input reaches it.
"""

import contextlib
import random
import time
from collections.abc import Iterator

import pytest

from tests.factories.archives import parts_of, zipped
from tests.unit.declarations.workbooks import cmrt, encrypted
from tests.unit.edgar.filings import annex as filed_annex
from tests.unit.edgar.filings import in_html
from tests.unit.feedback.marked_workbooks import finding, furnished, marked
from tests.unit.smelters.knowledge import annex_names, known
from tests.unit.smelters.misspellings import KINDS
from tracelode.declarations.read import read_declaration
from tracelode.edgar.passages import FilingTooLargeError
from tracelode.edgar.recount import recount_filing
from tracelode.feedback.markup.mark_up import mark_up
from tracelode.smelters.known import known_facilities
from tracelode.smelters.suggestions import suggest
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD

SIGN = b'<definedName name="Tracelode.Findings" localSheetId="0" hidden="1">'


@contextlib.contextmanager
def takes_at_most(seconds: float) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def test_endless_hashing_is_refused_before_it_begins():
    # GIVEN a workbook whose password is hashed ten times as often as Excel does
    sealed = encrypted(cmrt({"D8": "Example Ltd"}), BUILT_IN_PASSWORD)
    endless = sealed.replace(b'spinCount="100000"', b'spinCount="999999"')
    assert endless != sealed
    with takes_at_most(0.2):
        reading = read_declaration(endless, "supplied.xlsx")
    assert [found.rule for found in reading.findings] == ["F05"]


def test_many_signs_of_ours_are_taken_out_as_fast_as_they_are_read():
    # GIVEN comments and drawings full of openings without an end
    parts = parts_of(marked(furnished(), finding("D8")))
    text = b"<r><t>Tracelode:\n</t></r>" * 40_000 + b"<r><t>x</t></r>"
    parts["xl/comments/comment1.xml"] = parts["xl/comments/comment1.xml"].replace(
        b"</commentList>", b'<comment ref="A1" authorId="0"><text>' + text + b"</text></comment></commentList>"
    )
    parts["xl/drawings/commentsDrawing1.vml"] = parts["xl/drawings/commentsDrawing1.vml"].replace(
        b"</xml>", b'<v:shape id="x">' * 40_000 + b"</xml>"
    )
    names = b"".join(SIGN.replace(b'"0"', b'"%d"' % number) + b"1</definedName>" for number in range(20_000))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</definedNames>", names + b"</definedNames>")
    workbook = zipped(parts)
    with takes_at_most(20):
        mark_up(workbook, [finding("D8")])


@pytest.mark.parametrize(
    "repeated",
    [
        b"<!--",
        b"<a ",
        b"</",
        b"<table><tr><td>",
        b"<tr><td rowspan=500 colspan=500>x",
        b"one ",
        b"10 of the ",
        b"not ",
        b"(",
        b"  x",
        b"<DOCUMENT>",
    ],
)
def test_repetition_in_a_filing_costs_no_more_than_its_length(repeated: bytes):
    filing = in_html(filed_annex()) + repeated * (300_000 // len(repeated))
    with takes_at_most(20), contextlib.suppress(FilingTooLargeError):
        recount_filing(filing)


def test_two_thousand_unknown_names_are_compared_with_two_thousand_known_ones():
    # GIVEN as many names as six years of templates have, damaged variants of the annex's
    dice = random.Random(7)
    names = [
        known(each.facility.metal, f"CID{100_000 + number}", KINDS["typo"](each.name, each.country, dice), each.country)
        for number, each in enumerate(dice.choices(annex_names(), k=2_000))
    ]
    facilities = known_facilities(names)
    unknown = [
        (each.facility.metal, KINDS["swapped words"](each.name, "", dice), each.country)
        for each in dice.choices(annex_names(), k=2_000)
    ]
    with takes_at_most(30):
        for metal, name, country in unknown:
            suggest(facilities, metal, name, country)
