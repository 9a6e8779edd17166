"""The risk view, as the workbook, the page and the figures show it."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import openpyxl
import pytest

from tests.unit.report.factories import (
    DOUBTFUL,
    DOWNGRADED,
    IN_RWANDA,
    LAPSING,
    MISSPELT,
    NO_SMELTER,
    answered,
    decision,
    declared_by,
    facility,
    interpretation,
    name_of,
    risk_facts,
    risk_view,
    the_filing,
    unidentified,
)
from tests.unit.report.pages.test_overview import links_of, page_of, text_of
from tracelode.feedback.to_ask import AskedAbout, to_ask
from tracelode.picture.declared import Decided
from tracelode.picture.figures.by_name import figures_by_name
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.figures.origins import OriginFigures
from tracelode.picture.figures.smelters import ScopeCounts
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.report.pages.overview import NAMED_IN_A_ROW_AT_MOST, OPEN_AT_MOST
from tracelode.report.tables.workbook import workbook
from tracelode.smelters.identity import Step
from tracelode.smelters.known import known_facilities
from tracelode.smelters.status import Status

Table = list[dict[str, object]]


def sheet(situation: Interpretation, title: str) -> Table:
    opened = openpyxl.load_workbook(io.BytesIO(workbook(situation, count_figures(situation))))
    heading, *rows = opened[title].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def by_cid(situation: Interpretation) -> dict[object, dict[str, object]]:
    return {row["CID"]: row for row in sheet(situation, "Facilities")}


def panel(page: str, name: str) -> str:
    """The text of one table of the page."""
    found = re.search(rf'<table class="stack" id="{name}">(.*?)</table>', page, re.DOTALL)
    return text_of(found[1]) if found else ""


def test_the_facilities_sheet_says_on_what_ground_a_status_stands() -> None:
    told = by_cid(risk_view())["CID000001"]

    assert (told["Status"], told["Listed as"], told["Basis"]) == ("Compliant", "Compliant", "LBMA")
    assert (told["List as of"], told["Last assessed"], told["Lapses on"]) == ("2017-03-31", "2014-04-30", "2017-04-30")
    assert told["Lapses before filing"] == "yes"
    assert by_cid(risk_view())["CID000002"]["Listed as"] == "not listed"


def test_the_facilities_sheet_keeps_the_smelters_place_and_the_minerals_origin_apart() -> None:
    told = by_cid(risk_view())
    rwanda, malaysia, china = told["CID000002"], told["CID000003"], told["CID000004"]

    assert (rwanda["Country"], rwanda["Covered country"], rwanda["High-risk lists"]) == (
        "RWANDA",
        "yes",
        "High-risk list",
    )
    assert (rwanda["Declared origins"], rwanda["Covered countries of origin"]) == ("PERU; RWANDA", "RWANDA")
    assert malaysia["Declared origins"] is None
    assert malaysia["Other statements of origin"] == "country of origin inquiry confirmed by RMI (1)"
    assert (china["High-risk lists"], china["Declared origins"], china["Covered country"]) == (
        "High-risk list",
        None,
        "no",
    )


def test_the_facilities_sheet_says_who_names_a_facility_at_which_scope_and_since_when() -> None:
    told = by_cid(risk_view())
    both, alone = told["CID000001"], told["CID000004"]

    assert (both["Suppliers"], both["At company level"], both["At product level"], both["User-defined"]) == (2, 1, 1, 0)
    assert (both["Only named by"], both["Named by"]) == (None, "one, two")
    assert (both["First named"], both["Last named"]) == ("2017-02-01", "2017-03-05")
    assert (alone["Only named by"], alone["First named"]) == ("two", "2017-03-05")


def test_the_facilities_sheet_says_how_a_facility_was_identified_and_what_is_doubtful() -> None:
    told = by_cid(risk_view(decision("Old Harbor Tin Wroks", cid="CID000003")))

    assert told["CID000004"]["How identified"] == "name on a list"
    assert told["CID000003"]["How identified"] == "decided by the team; CID as declared"
    assert "PERU" in str(told["CID000003"]["Doubts"])
    assert told["CID000001"]["Doubts"] is None


def test_the_facilities_sheet_shows_the_last_change_of_a_status() -> None:
    told = by_cid(risk_view())

    assert (told["CID000003"]["Status before"], told["CID000003"]["Status changed on"]) == ("Compliant", "2017-03-31")
    assert told["CID000001"]["Status before"] is None


def test_the_unresolved_sheet_suggests_and_says_why_nothing_fits() -> None:
    told = {row["Name as declared"]: row for row in sheet(risk_view(), "Unresolved")}
    misspelt, unheard_of = told["Old Harbor Tin Wroks"], told["=Zwxq & <Sons>"]

    assert misspelt["Best suggestion"] == "CID000003 Old Harbour Tin Works (MALAYSIA)"
    assert isinstance(misspelt["Score"], int)
    assert (misspelt["Lines"], misspelt["Suppliers"], misspelt["Named by"]) == (3, 2, "one, two")
    assert (unheard_of["Best suggestion"], unheard_of["Score"]) == (None, None)
    assert "is not known" in str(misspelt["Why not identified"])


def test_the_decisions_sheet_says_who_when_why_and_what_it_touches() -> None:
    told = sheet(risk_view(decision(), decision("Nobody Names It", cid="CID000003", row=3)), "Decisions")

    first = told[0]
    assert (first["Decided by"], first["Decided on"]) == ("Jane Doe", "2017-04-02")
    assert first["Reason"] == "a trader, says its own site"
    assert [(row["Name as declared"], row["Lines touched"]) for row in told] == [
        ("Corner Shop", 1),
        ("Nobody Names It", 0),
    ]
    assert told[1]["Facility"] == "Old Harbour Tin Works"


def test_the_suppliers_sheet_counts_what_is_not_conformant_and_not_identified() -> None:
    told = {row["Supplier id"]: row for row in sheet(risk_view(), "Suppliers")}

    assert {name: (row["Not conformant"], row["Unidentified lines"]) for name, row in told.items()} == {
        "one": (2, 2),
        "two": (2, 2),
        "zero": (0, 0),
    }


def test_each_supplier_is_asked_about_its_own_smelters_and_no_others() -> None:
    asked = {(item.supplier_id, item.matter, item.which, item.lines) for item in to_ask(risk_view())}

    assert asked == {
        ("one", AskedAbout.NOT_RECOGNISED, "Old Harbor Tin Wroks, MALAYSIA", 2),
        ("one", AskedAbout.NOT_A_SMELTER, "Corner Shop", 1),
        ("one", AskedAbout.NOT_CONFORMANT, "CID000002 Kigali Gold Refinery", 0),
        ("one", AskedAbout.NOT_CONFORMANT, "CID000003 Old Harbour Tin Works", 0),
        ("one", AskedAbout.LAPSES, "CID000001 Aurum Norte S.A. (2017-04-30)", 0),
        ("two", AskedAbout.NOT_RECOGNISED, "=Zwxq & <Sons>", 1),
        ("two", AskedAbout.NOT_RECOGNISED, "Old Harbor Tin Wroks, MALAYSIA", 1),
        ("two", AskedAbout.NOT_CONFORMANT, "CID000003 Old Harbour Tin Works", 0),
        ("two", AskedAbout.NOT_CONFORMANT, "CID000004 Ningbo Tantalum Co., Ltd.", 0),
        ("two", AskedAbout.LAPSES, "CID000001 Aurum Norte S.A. (2017-04-30)", 0),
    }


def test_what_is_asked_of_many_facilities_is_one_row() -> None:
    many = {name_of("Tin", f"CID0009{n:02}", f"Works {n:02}", "PERU", "typed"): 1 for n in range(20)}
    asked = to_ask(risk_view(standings=[declared_by("one", 0, many)]))

    assert [(item.matter, item.count) for item in asked] == [(AskedAbout.NOT_CONFORMANT, 20)]
    assert all(f"CID0009{n:02} Works {n:02}" in asked[0].which for n in range(20))


def test_the_sheet_to_ask_says_what_to_ask_in_the_words_of_the_edition() -> None:
    told = sheet(risk_view(), "To ask")
    misspelt = next(row for row in told if str(row["Which"]).startswith("Old Harbor Tin Wroks"))

    assert [row["Supplier id"] for row in told] == ["one"] * 5 + ["two"] * 5
    assert misspelt["What to ask"] == 'Ask which facility is meant: CID000003 "Old Harbour Tin Works"?'
    assert all(str(row["What to ask"]).startswith("Ask ") for row in told)
    assert not any("conformant" in str(row["What to ask"]) for row in told)
    assert any("2017-05-31" in str(row["What to ask"]) for row in told)


def test_the_page_begins_with_what_needs_a_person() -> None:
    page = page_of(risk_view())
    told = text_of(page)

    assert "Decide about two smelter names" in told
    assert "Four lines leave open which facility is meant" in told
    assert "Settle the doubts about one facility Old Harbour Tin Works named by two suppliers" in told
    assert "Note one changed status Old Harbour Tin Works compliant, now active" in told
    assert "Watch one status that lapses before filing Aurum Norte S.A. until April 30, 2017" in told
    assert "The report is due on May 31, 2017" in told
    assert "to-decide.csv" in links_of(page)


def test_the_page_shows_each_open_name_with_the_best_suggestion_and_its_score() -> None:
    situation = risk_view()
    best = next(name.resolution.suggestions[0] for name in situation.unidentified
                if name.resolution and name.resolution.suggestions)  # fmt: skip
    told = text_of(page_of(situation))

    assert f"Old Harbor Tin Wroks Tin MALAYSIA 3 {best.score} Old Harbour Tin Works CID000003 one and two" in told
    assert "=Zwxq &amp; &lt;Sons&gt; Gold not stated 1 none comes close two" in told


def test_names_that_most_suppliers_use_stand_first() -> None:
    told = text_of(page_of(risk_view()))

    assert told.index("Old Harbor Tin Wroks") < told.index("=Zwxq")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("doubts", "Old Harbour Tin Works CID000003 Tin The line says PERU"),
        ("changed", "Old Harbour Tin Works CID000003 Tin Compliant Active one and two"),
        ("lapsing", "Aurum Norte S.A. CID000001 Gold LBMA April 30, 2017 one and two"),
        ("places", "Kigali Gold Refinery CID000002 Gold Indeterminable Rwanda covered country High-risk list one"),
        ("origins", "Kigali Gold Refinery CID000002 Gold Indeterminable Rwanda one"),
        ("dismissed", "Corner Shop Tin 1 a trader, says its own site 2017-04-02 one"),
        ("alone", "one 1 1 Kigali Gold Refinery two 1 1 Ningbo Tantalum Co., Ltd."),
    ],
)
def test_the_page_singles_out(name: str, expected: str) -> None:
    assert expected in panel(page_of(risk_view()), name)


def test_the_page_mentions_every_facility_that_lapses_and_no_other_as_lapsing() -> None:
    # GIVEN as many lapsing assessments as one likes
    situation = risk_view()
    lapsing = next(item for item in situation.facilities if item.lapses_on)
    many = [replace(lapsing, name=f"Works {n:03}") for n in range(30)]
    page = page_of(replace(situation, facilities=(*situation.facilities, *many)))
    # THEN each stands in the table
    assert panel(page, "lapsing").count("April 30, 2017") == 31
    assert all(item.name in panel(page, "lapsing") for item in many)
    assert "Old Harbour" not in panel(page, "lapsing")


def test_a_status_that_changed_with_an_earlier_list_is_no_news() -> None:
    # GIVEN the same two lists, and a third that repeats the second
    facts = risk_facts()
    newest = replace(facts.smelter_list, as_of=date(2017, 4, 30))
    situation = interpret(replace(facts, smelter_list=newest, earlier_lists=(*facts.earlier_lists, facts.smelter_list)))
    # THEN the change is still on record, and nobody is asked to note it
    assert by_cid(situation)["CID000003"]["Status changed on"] == "2017-03-31"
    assert panel(page_of(situation), "changed") == ""
    assert count_figures(situation).smelters.status_changed == 0


def test_nothing_is_singled_out_where_there_is_nothing() -> None:
    page = page_of(the_filing())

    assert [name for name in ("doubts", "changed", "lapsing", "origins", "dismissed") if panel(page, name)] == []


def test_a_number_that_nothing_loaded_has_is_shown_and_is_no_task() -> None:
    # GIVEN a CID that no list and no template knows
    nowhere = name_of("Tin", "CID009999", "Far Away Tin", "PERU", "typed")
    page = page_of(risk_view(standings=[declared_by("one", 0, {nowhere: 1})]))
    # THEN it has its own table, and nobody is asked to settle a contradiction
    assert "Far Away Tin CID009999 Tin Peru one" in panel(page, "unknown")
    assert panel(page, "doubts") == ""
    assert "Settle the doubts" not in text_of(page)


def test_where_only_the_status_list_is_loaded_no_number_is_called_unknown() -> None:
    situation = risk_view()
    listed = situation.facts.smelter_list.facilities
    names = known_facilities(name for name in situation.facts.known.of_metal(None) if name.facility in listed)
    narrower = interpret(replace(situation.facts, known=names))

    assert narrower.facilities
    assert panel(page_of(narrower), "unknown") == ""
    assert not any("no loaded list" in item.ask for item in to_ask(narrower))


def test_a_number_that_is_not_known_is_doubtful_if_its_name_is_somebody_elses() -> None:
    borrowed = name_of("Tin", "CID009999", "Old Harbour Tin Works", "MALAYSIA", "typed")
    page = page_of(risk_view(standings=[declared_by("one", 0, {borrowed: 1})]))

    assert "CID009999" in panel(page, "doubts")


def test_a_supplier_is_asked_to_check_a_number_that_is_not_known() -> None:
    nowhere = name_of("Tin", "CID009999", "Far Away Tin", "PERU", "typed")
    asked = to_ask(risk_view(standings=[declared_by("one", 0, {nowhere: 1, IN_RWANDA: 1})]))

    assert [item.which for item in asked if "no loaded list" in item.ask] == ["CID009999 Far Away Tin"]


def test_a_long_list_is_folded_and_a_short_one_is_not() -> None:
    few = page_of(risk_view())
    many = page_of(interpretation([answered("s1")], names=[unidentified(f"Name {n}") for n in range(OPEN_AT_MOST + 3)]))

    assert re.search(r"<details open>\s*<summary>Doubts", few)
    assert "Further names" not in few
    assert "Further names 3" in text_of(many)
    assert all(f"Name {n} " in text_of(many) for n in range(OPEN_AT_MOST + 3))


def test_many_suppliers_are_counted_rather_than_listed() -> None:
    naming = [f"s{n}" for n in range(NAMED_IN_A_ROW_AT_MOST + 3)]
    told = text_of(
        page_of(
            interpretation(
                [answered("s1")], [facility(suppliers=naming, status=Status.INDETERMINABLE, country="RWANDA")]
            )
        )
    )

    assert "s0, s1, s2 and 4 more" in told


def test_headings_come_in_order_on_a_page_with_everything() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page_of(risk_view()))]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_figures_of_the_risk_view() -> None:
    told = count_figures(risk_view()).smelters

    assert (told.with_doubts, told.lapsing_before_filing, told.status_changed, told.dismissed_names) == (1, 1, 1, 1)
    assert told.on_risk_lists == {"High-risk list": 2}
    assert told.declared_origins == OriginFigures(
        facilities=1,
        countries=2,
        covered_countries=1,
        facilities_from_covered_countries=1,
        by_country={"PE": 1, "RW": 1},
        statements={"confirmed_by_rmi": 1},
    )
    assert told.named_by == ScopeCounts(company_level=3, product_level=3, user_defined=0)
    assert told.resolved_by[Step.CID] == Decided(names=4, lines=5)


def test_a_decision_moves_exactly_what_it_decides() -> None:
    # GIVEN the figures before and after the team decides on one name
    before = count_figures(risk_view()).smelters
    after = count_figures(risk_view(decision(), decision("Old Harbor Tin Wroks", cid="CID000003", row=3))).smelters
    # THEN its lines are open no more and nothing else has moved
    named, then = figures_by_name(before), figures_by_name(after)
    moved = {name for name in named if named[name] != then[name]}
    assert moved == {"unidentified_lines", "unidentified_names", "resolved_by"}
    assert before.unidentified_lines - after.unidentified_lines == 3


def test_suppliers_out_of_scope_appear_in_no_part_of_the_risk_view() -> None:
    facts = risk_facts(decision(), standings=[
        declared_by("one", 0, {LAPSING: 1}),
        declared_by("aside", 1, {IN_RWANDA: 1, DOUBTFUL: 1, DOWNGRADED: 1, MISSPELT: 1, NO_SMELTER: 1}),
    ])  # fmt: skip
    roster = tuple(replace(item, in_scope=item.supplier_id != "aside") for item in facts.roster)
    situation = interpret(replace(facts, roster=roster))

    assert set(by_cid(situation)) == {"CID000001"}
    assert {item.supplier_id for item in to_ask(situation)} == {"one"}
    assert sheet(situation, "Unresolved") == []
    assert sheet(situation, "Decisions")[0]["Lines touched"] == 0
