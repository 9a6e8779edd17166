"""A specimen against the official templates: what it says their formulas show is what LibreOffice makes them show."""

import io
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest

from examples.specimen import SmelterRow, complete_specimen, not_listed, not_yet_identified, write_cmrt
from tests.factories.official import missing_templates, official_template
from tracelode.minerals import CONFLICT_MINERALS

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(bool(missing_templates()), reason=missing_templates()),
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"),
]

COMPARED = "ABCDEFGHIJNOPQR"


@pytest.fixture
def recalculate(tmp_path):
    """Opens a workbook in LibreOffice, which computes every formula, and saves it as openpyxl then reads it."""

    def run(data: bytes, name: str) -> openpyxl.Workbook:
        source = tmp_path / f"{name}.xlsx"
        source.write_bytes(data)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(tmp_path / "out"),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return openpyxl.load_workbook(tmp_path / "out" / source.name, data_only=True)

    return run


def shown(workbook: openpyxl.Workbook, rows: int) -> list[dict[str, object]]:
    sheet = workbook["Smelter List"]
    return [
        {column: "" if (value := sheet[f"{column}{row}"].value) is None else value for column in COMPARED}
        for row in range(5, 5 + rows)
    ]


@pytest.mark.parametrize("version", ["6.1", "6.5"])
def test_the_formulas_show_what_the_specimen_says(recalculate, version):
    # GIVEN one row of every kind that a supplier types
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
    specimen = complete_specimen(smelters=rows, look_up=template.look_up)

    # WHEN the official template holds them and is calculated
    official = recalculate(template.fill(specimen), f"official-{version}")

    # THEN it shows what the specimen holds as plain values
    ours = openpyxl.load_workbook(io.BytesIO(write_cmrt(specimen, version=version)))
    assert shown(ours, len(rows)) == shown(official, len(rows))


def test_a_complete_specimen_satisfies_the_official_checker(recalculate):
    template = official_template("6.5")
    cids = {entry.metal: entry.cid for entry in template.look_up if entry.cid}
    specimen = complete_specimen(smelters=[SmelterRow(cid=cid) for cid in cids.values()])

    checker = recalculate(template.fill(specimen), "complete")["Checker"]

    assert str(checker["D2"].value) == "0"


def test_the_official_checker_misses_what_a_specimen_leaves_out(recalculate):
    specimen = replace(complete_specimen(smelters=[], metals=CONFLICT_MINERALS), company_answers={})

    checker = recalculate(official_template("6.5").fill(specimen), "incomplete")["Checker"]

    # The eight company questions and a smelter for each of the four metals; without B no address is asked for.
    assert str(checker["D2"].value) == "12"


def test_libreoffice_opens_a_specimen_and_keeps_its_cells(recalculate):
    kept = recalculate(write_cmrt(complete_specimen()), "specimen")

    assert kept.sheetnames == ["Revision", "Declaration", "Smelter List", "Product List", "Smelter Look-up"]
    assert kept["Declaration"]["D8"].value == "Example Components Ltd"
    assert kept["Smelter List"]["A5"].value == "CID900001"
