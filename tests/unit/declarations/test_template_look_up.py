"""The look-up tab of a template, row by row."""

import io
import re
from collections import Counter

import openpyxl
import pytest

from tests.factories.archives import saved
from tests.factories.official import VERSIONS, find_template, missing_templates
from tests.unit.declarations.workbooks import LOOK_UP_ROWS, cmrt
from tracelode.declarations.template_look_up import LookUpRow, NoTemplateLookUpError, read_template_look_up
from tracelode.minerals import CONFLICT_MINERALS, Mineral

ROWS_BY_VERSION = {"6.01": 579, "6.1": 598, "6.22": 620, "6.31": 629, "6.4": 652, "6.5": 629}


def test_every_name_of_a_smelter_comes_in_the_spelling_and_order_of_the_tab():
    # GIVEN a template that is not filled in WHEN its tab is read
    rows = read_template_look_up(cmrt())
    # THEN each name of each smelter is there, also the second of two that differ in case only, and no special choice
    named = [row for row in LOOK_UP_ROWS if row[4]]
    assert [(row.metal, row.alias, row.standard_name, row.country, row.cid) for row in rows] == named
    assert rows[1] == LookUpRow(
        Mineral.GOLD, "Johnson Matthey Inc.", "Asahi Refining USA Inc.", "CID000920", "UNITED STATES OF AMERICA", "", ""
    )


def test_the_tab_is_found_under_another_name():
    # GIVEN a tab that was renamed, with the headers that the template shows
    book = openpyxl.load_workbook(io.BytesIO(cmrt(renamed={"Smelter Look-up": "Known smelters"})))
    headers = ("Metal", "Smelter Look-up (*)", "Standard Smelter Names", "Smelter Country", "Smelter ID")
    for column, header in enumerate(headers, start=1):
        book["Known smelters"].cell(4, column, header)
    # THEN it is read as if it had its own
    assert read_template_look_up(saved(book)) == read_template_look_up(cmrt())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF document, not an Excel workbook."),
        (cmrt(without=("Declaration",)), "not a Conflict Minerals Reporting Template"),
        (cmrt(without=("Smelter Look-up",)), "no look-up tab"),
        (cmrt(revision="Revision 1.00"), "no look-up tab"),
        (cmrt(revision="Revision 0.5"), "version cannot be told"),
        (cmrt(first_title="Cobalt Reporting Template (CRT)"), "This is RMI's Cobalt Reporting Template"),
    ],
)
def test_a_file_without_such_a_tab_is_refused_with_the_reason(data, reason):
    with pytest.raises(NoTemplateLookUpError, match=re.escape(reason)) as refused:
        read_template_look_up(data)
    assert refused.value.reason == str(refused.value)


@pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())
@pytest.mark.parametrize("version", VERSIONS)
def test_every_blank_official_template_gives_its_whole_tab(version):
    rows = read_template_look_up(find_template(version).read_bytes())

    assert len(rows) == ROWS_BY_VERSION[version]
    assert rows[0].alias == "8853 S.p.A."
    assert (rows[0].cid, rows[0].country, rows[0].city, rows[0].state) == ("CID002763", "ITALY", "Pero", "Lombardia")
    assert set(Counter(row.metal for row in rows)) == set(CONFLICT_MINERALS)
    assert len({(row.metal, row.cid) for row in rows}) > 300
    assert all(row.alias == row.alias.strip() and row.standard_name for row in rows)
