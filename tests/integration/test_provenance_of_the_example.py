"""What provenance says of the example is opened and looked at: every cell that it names holds what it says."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.conftest import new_account
from tests.integration.test_flows import YEAR, World
from tracelode.declarations.templates.layouts import LOOK_UP
from tracelode.report.trace.answers import CellReference, DeclaredName, FacilityAnswer, FileItem, SupplierItem
from tracelode.report.trace.explain import Provenance

CASE = Path(__file__).resolve().parents[2] / "examples" / "qualys-2016"
Sheets = Mapping[str, Mapping[str, Any]]


class Example:
    """The example after all of its events, with nothing but its report set and the files that suppliers sent."""

    def __init__(self, world: World) -> None:
        for name in ("program.toml", "suppliers.csv", "smelter-list.csv"):
            assert world.adopt(world.refer(name, (CASE / name).read_bytes())).in_force
        for file in sorted((CASE / "inbox").glob("*/*")):
            world.take(world.drop(f"{YEAR}/{file.parent.name}/{file.name}", file.read_bytes()))
        world.publish()
        self.files = {key.rpartition("/")[2]: body for key, body in world.latest().items()}
        self.provenance = Provenance(self.files["provenance.json"])
        self.smelter_list = list(csv.reader(io.StringIO((CASE / "smelter-list.csv").read_text(encoding="utf-8"))))
        self._opened: dict[str, Sheets] = {}

    def sheets(self, cell: CellReference) -> Sheets:
        """The cells of a supplier's workbook as openpyxl reads them."""
        _, supplier_id, name = cell.file.key.split("/")
        if cell.file.key not in self._opened:
            book = openpyxl.load_workbook(CASE / "inbox" / supplier_id / name, read_only=True)
            titles = ("Declaration", "Smelter List", LOOK_UP)
            self._opened[cell.file.key] = {
                title: {
                    found.coordinate: found.value for row in book[title].iter_rows() for found in row if found.value
                }
                for title in titles
            }
        return self._opened[cell.file.key]

    def held(self, cell: CellReference) -> list[str]:
        return [str(self.sheets(cell)[cell.sheet].get(each) or "") for each in cell.cells]

    def annex(self) -> list[FacilityAnswer]:
        rows = [answer for _, cid in self.provenance.facilities for answer in self.provenance.explain(cid)]
        return [row for row in rows if isinstance(row, FacilityAnswer)]


@pytest.fixture(scope="module")
def example():
    with new_account() as account:
        yield Example(World(account, iter(range(10, 60))))  # type: ignore[arg-type]


def assert_names(example: Example, row: FacilityAnswer, declared: DeclaredName, cell: CellReference) -> None:
    """The cells of a line name the facility: by its CID, or by metal and a name that its own look-up tab knows."""
    held = example.held(cell)
    if len(held) == 1:
        assert held == [row.cid]
        return
    metal, chosen, _ = held
    assert metal == row.metal == declared.metal
    tab = example.sheets(cell)[LOOK_UP]
    known = {tab.get(f"E{at}") for at in range(1, 1200) if (tab.get(f"A{at}"), tab.get(f"B{at}")) == (metal, chosen)}
    assert known == {row.cid}


def test_every_row_of_the_annex_is_in_the_cells_that_are_named(example: Example) -> None:
    # GIVEN the annex
    annex = example.annex()
    assert len(annex) == 310
    opened = 0
    for row in annex:
        cells = [(declared, cell) for declared in row.declared for cell in declared.cells]
        # WHEN each cell of each of its lines is opened, THEN it names that facility
        for declared, cell in cells:
            assert_names(example, row, declared, cell)
            opened += 1
        # AND as many suppliers as the annex counts stand behind it
        assert len({cell.file.supplier_id for _, cell in cells}) == row.suppliers
    # AND no line of any file is left out
    told = json.loads(example.files["figures.json"])["smelters"]
    assert opened == sum(step["lines"] for step in told["resolved_by"].values()) - told["unidentified_lines"]


def test_every_status_stands_on_the_row_of_the_list_that_is_named(example: Example) -> None:
    for row in example.annex():
        if row.listed is None:
            assert row.printed_status == "Indeterminable"
            assert not [entry for entry in example.smelter_list if entry[:2] == [row.metal, row.cid]]
            continue
        entry = example.smelter_list[row.listed.row - 1]
        assert entry[:2] == [row.metal, row.cid]
        assert entry[4].casefold() == row.listed.says or entry[4].casefold() in ("compliant", "conformant")


@pytest.mark.parametrize(
    ("figure", "answers"),
    [
        ("suppliers.not_sourcing_from_covered_countries", {"Yes", "No", ""}),  # unasked of metals not in its products
        ("metals.by_metal.Gold.covered_countries.no", {"No"}),
        ("metals.by_metal.Gold.covered_countries.unknown", {"Unknown"}),
        ("metals.by_metal.Tin.declarations", {"Yes"}),
    ],
)
def test_the_answers_that_a_figure_counts_stand_in_the_cells_that_are_named(
    example: Example, figure: str, answers: set[str]
) -> None:
    (answer,) = example.provenance.explain(figure)
    assert len(answer.items) == answer.value > 0
    for item in answer.items:
        assert isinstance(item, FileItem | SupplierItem)
        assert item.cells
        assert {text for cell in item.cells for text in example.held(cell)} == answers
