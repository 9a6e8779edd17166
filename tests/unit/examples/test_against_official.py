"""A specimen against the official templates: what it says their formulas show is what LibreOffice makes them show."""

import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from examples.specimen import (
    CmrtSpecimen,
    SmelterRow,
    complete_specimen,
    not_listed,
    not_yet_identified,
    write_cmrt,
)
from tests.engines.libreoffice import needs_libreoffice, recalculated
from tests.factories.official import missing_templates, official_template
from tracelode.minerals import CONFLICT_MINERALS

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(bool(missing_templates()), reason=missing_templates()),
    needs_libreoffice,
]

COMPARED = "ABCDEFGHIJNOPQR"
VERSIONS = ("6.1", "6.5")


@pytest.fixture(scope="module")
def computed() -> dict[str, CalamineWorkbook]:
    """What LibreOffice, which computes every formula, makes of the workbooks that these tests are about, in one run."""
    books = {
        "complete": official_template("6.5").fill(every_metal()),
        "incomplete": official_template("6.5").fill(incomplete()),
        "ours": write_cmrt(complete_specimen()),
        **{version: official_template(version).fill(rows_of_every_kind(version)) for version in VERSIONS},
    }
    found = recalculated(list(books.values()))
    return {name: opened(book) for name, book in zip(books, found, strict=True)}


def opened(workbook: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook))


def cells(workbook: CalamineWorkbook, sheet: str) -> list[list[object]]:
    return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def shown(workbook: CalamineWorkbook, rows: int) -> list[dict[str, object]]:
    return [
        {column: row[ord(column) - ord("A")] for column in COMPARED if ord(column) - ord("A") < len(row)}
        for row in cells(workbook, "Smelter List")[4 : 4 + rows]
    ]


KINDS = 8


def rows_of_every_kind(version: str) -> CmrtSpecimen:
    template = official_template(version)
    known = next(entry for entry in template.look_up if entry.metal == "Gold" and entry.cid)
    alias = next(entry for entry in template.look_up if entry.cid and entry.alias != entry.name)
    rows = (
        SmelterRow(cid=known.cid),
        SmelterRow(cid=known.cid.lower()),
        SmelterRow(metal=alias.metal, lookup=alias.alias, mine="a mine", mine_country="PERU", recycled="No"),
        SmelterRow(cid="CID999999"),
        SmelterRow(metal="Tin", lookup="No such smelter"),
        not_listed("Tin", "A smelter of our own", "PERU"),
        not_listed(alias.metal, alias.alias, "PERU"),
        not_yet_identified("Tungsten"),
    )
    assert len(rows) == KINDS
    return complete_specimen(smelters=rows, look_up=template.look_up)


def every_metal() -> CmrtSpecimen:
    cids = {entry.metal: entry.cid for entry in official_template("6.5").look_up if entry.cid}
    return complete_specimen(smelters=[SmelterRow(cid=cid) for cid in cids.values()])


def incomplete() -> CmrtSpecimen:
    return replace(complete_specimen(smelters=[], metals=CONFLICT_MINERALS), company_answers={})


@pytest.mark.parametrize("version", VERSIONS)
def test_the_formulas_show_what_the_specimen_says(computed, version):
    # GIVEN an official template with one row of every kind that a supplier types, calculated
    # THEN it shows what the specimen holds as plain values
    ours = opened(write_cmrt(rows_of_every_kind(version), version=version))
    assert shown(ours, KINDS) == shown(computed[version], KINDS)


def test_a_complete_specimen_satisfies_the_official_checker(computed):
    assert cells(computed["complete"], "Checker")[1][3] == "0"


def test_the_official_checker_misses_what_a_specimen_leaves_out(computed):
    # The eight company questions and a smelter for each of the four metals; without B no address is asked for.
    assert cells(computed["incomplete"], "Checker")[1][3] == 12


def test_libreoffice_opens_a_specimen_and_keeps_its_cells(computed):
    kept = computed["ours"]
    assert kept.sheet_names == ["Revision", "Declaration", "Smelter List", "Product List", "Smelter Look-up"]
    assert cells(kept, "Declaration")[7][3] == "Example Components Ltd"
    assert cells(kept, "Smelter List")[4][0] == "CID900001"
