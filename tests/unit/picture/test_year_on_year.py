"""What became of last year's facilities, wherever it is told."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest

from tests.unit.report.factories import risk_facts
from tracelode.minerals import Mineral
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.picture.year_on_year import Became, year_on_year
from tracelode.report.pages.overview import ROWS_SHOWN_AT_MOST
from tracelode.report.report_set import build_report_set
from tracelode.report.trace.explain import Provenance
from tracelode.smelters.status import FacilityId, Status
from tracelode.sources.last_year import LastYear

GONE, KNOWN_AND_GONE, NAMELESS = (
    FacilityId(Mineral.GOLD, "CID003999"), FacilityId(Mineral.TANTALUM, "CID000004"),
    FacilityId(Mineral.TIN, "CID003998"),
)  # fmt: skip
LISTED_LAST_YEAR = {
    FacilityId(Mineral.GOLD, "CID000001"): Status.CONFORMANT,
    FacilityId(Mineral.TIN, "CID000003"): Status.CONFORMANT,
    GONE: Status.CONFORMANT,
    NAMELESS: Status.INDETERMINABLE,
}


def compared(facilities: dict[FacilityId, Status] | None = None, names: dict[FacilityId, str] | None = None):
    """One facility as it was, one with another status, two gone and two new."""
    known = LastYear(LISTED_LAST_YEAR if facilities is None else facilities, names or {GONE: "Gone <Refinery>"})
    return interpret(replace(risk_facts(), last_year=known))


def built(situation: Interpretation) -> dict[str, bytes]:
    return build_report_set(situation, software_version="1")


def test_each_facility_that_is_not_as_it_was_is_told_once_and_those_that_are_gone_first() -> None:
    told = [(each.facility.cid, each.name, each.became) for each in year_on_year(compared())]
    assert told == [
        ("CID003999", "Gone <Refinery>", Became.REMOVED),
        ("CID003998", "", Became.REMOVED),
        ("CID000002", "Kigali Gold Refinery", Became.ADDED),
        ("CID000004", "Ningbo Tantalum Co., Ltd.", Became.ADDED),
        ("CID000003", "Old Harbour Tin Works", Became.CHANGED),
    ]


def test_a_facility_that_is_gone_goes_by_the_name_that_a_list_has_where_last_year_s_report_has_none() -> None:
    situation = risk_facts()
    nobody = replace(situation, roster=(), last_year=LastYear({KNOWN_AND_GONE: Status.ACTIVE}))
    assert [each.name for each in year_on_year(interpret(nobody))] == ["Ningbo Tantalum Co., Ltd."]


def test_they_are_those_that_the_figures_count() -> None:
    situation = compared()
    counted = count_figures(situation).last_year
    assert counted
    kinds = [each.became for each in year_on_year(situation)]
    assert (counted.removed, counted.added, counted.status_changed) == tuple(map(kinds.count, Became))


def test_the_workbook_lists_them_with_their_statuses_then_and_now() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(built(compared())["report.xlsx"]))["Last year"]
    assert [row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ("CID003999", "Gone <Refinery>", "Compliant", None, "removed"),
        ("CID003998", None, "Indeterminable", None, "removed"),
        ("CID000002", "Kigali Gold Refinery", None, "Indeterminable", "added"),
        ("CID000004", "Ningbo Tantalum Co., Ltd.", None, "Indeterminable", "added"),
        ("CID000003", "Old Harbour Tin Works", "Compliant", "Active", "status changed"),
    ]


def test_the_workbook_says_that_last_year_is_not_known() -> None:
    report_set = built(interpret(risk_facts()))
    sheet = openpyxl.load_workbook(io.BytesIO(report_set["report.xlsx"]))["Last year"]
    assert "not known" in str(sheet["C2"].value)
    assert "since the report on" not in report_set["index.html"].decode()


@pytest.mark.parametrize(
    ("title", "name"),
    [("Gone", "Gone &lt;Refinery&gt;"), ("Gone", "(name not known)"), ("New", "Kigali Gold Refinery"),
     ("Another status", "Old Harbour Tin Works")],
)  # fmt: skip
def test_the_page_names_them_folded(title: str, name: str) -> None:
    page = built(compared())["index.html"].decode()
    (folded,) = re.findall(rf"<details>\s*<summary>{title} since the report on 2015.*?</details>", page, re.DOTALL)
    assert f"<bdi>{name}</bdi>" in folded


def test_the_page_names_no_more_than_it_shows_of_any_list() -> None:
    many = {
        FacilityId(Mineral.GOLD, f"CID{number:06}"): Status.ACTIVE
        for number in range(100_000, 100_001 + ROWS_SHOWN_AT_MOST)
    }
    page = built(compared(many))["index.html"].decode()
    (folded,) = re.findall(r"<summary>Gone since.*?</details>", page, re.DOTALL)
    assert (folded.count("<li>"), "The rest is in the workbook." in folded) == (ROWS_SHOWN_AT_MOST, True)


def test_asked_why_so_many_are_gone_the_report_names_them() -> None:
    asked = Provenance(built(compared())["provenance.json"])
    (answer,) = asked.explain("last_year.removed")
    assert (answer.value, answer.counted) == (2, "former facilities")
    assert [item.name for item in answer.items] == [
        "Gold CID003999 Gone <Refinery>: Compliant", "Tin CID003998: Indeterminable",
    ]  # fmt: skip
    (of_tin,) = asked.explain("last_year.by_metal.Tin.removed")
    assert [item.name for item in of_tin.items] == ["Tin CID003998: Indeterminable"]
