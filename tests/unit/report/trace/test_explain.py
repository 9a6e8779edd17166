"""What a report says when it is asked why."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.report.factories import IN_RWANDA, LAPSING, MISSPELT, decision, declared_by, risk_view, the_filing
from tests.unit.report.trace.test_provenance import situations
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.trace.answers import (
    Choices,
    FacilityAnswer,
    FacilityItem,
    FigureAnswer,
    NameAnswer,
    SupplierAnswer,
    TextItem,
)
from tracelode.report.trace.explain import NoProvenanceError, Provenance, UnknownNameError
from tracelode.report.trace.provenance import provenance


def asked(situation: Interpretation) -> Provenance:
    return Provenance(provenance(situation, count_figures(situation), software_version="1"))


def only(situation: Interpretation, query: str) -> Any:
    (answer,) = asked(situation).explain(query)
    return answer


def test_why_241() -> None:
    # GIVEN the filing, WHEN somebody asks about a number of it
    answer = only(the_filing(), "241")
    # THEN the one figure with that value is explained by 241 facilities
    assert isinstance(answer, FigureAnswer)
    assert (answer.name, len(answer.items)) == ("smelters.conformant", 241)
    assert {item.printed_status for item in answer.items if isinstance(item, FacilityItem)} == {"Compliant"}


def test_a_number_of_several_figures_is_answered_with_the_figures_to_choose_from() -> None:
    answer = only(the_filing(), "7")
    assert isinstance(answer, Choices)
    assert ("suppliers.responded", 7) in answer.figures
    assert {value for _, value in answer.figures} == {7}


def test_a_number_is_known_as_the_documents_print_it() -> None:
    document = json.loads(provenance(the_filing(), count_figures(the_filing()), software_version="1"))
    document["figures"]["suppliers.surveyed"]["value"] = 1400
    (answer,) = Provenance(json.dumps(document).encode()).explain("1,400")
    assert isinstance(answer, FigureAnswer)
    assert answer.name == "suppliers.surveyed"


def test_a_part_of_a_name_in_any_case_is_the_figures_that_have_it() -> None:
    assert only(the_filing(), "gold.active").name == "smelters.by_metal.Gold.active"
    answer = only(the_filing(), "Smelters.by_metal")
    assert {name.split(".")[2] for name, _ in answer.figures} == {"Gold", "Tantalum", "Tin", "Tungsten"}


def test_a_share_is_made_of_the_figures_above_and_beneath_the_line() -> None:
    answer = only(the_filing(), "smelters.conformant_or_active_percent")
    assert answer.parts == (("smelters.conformant", 241), ("smelters.active", 14), ("smelters.total", 310))


@pytest.mark.parametrize("query", ["CID000002", "cid000002", "Kigali Gold Refinery", "KIGALI  gold refinery", "kigali"])
def test_a_facility_is_found_by_cid_and_by_name(query: str) -> None:
    answer = only(risk_view(), query)
    assert isinstance(answer, FacilityAnswer)
    assert (answer.metal, answer.cid, answer.listed, answer.known_from) == ("Gold", "CID000002", None, "list.xml")
    (declared,) = answer.declared
    assert [(cell.file.supplier_id, cell.sheet, cell.cells) for cell in declared.cells] == [
        ("one", "Smelter List", ("A6",))
    ]
    assert declared.trace[-1] == "The line carries CID000002."
    assert "smelters.by_metal.Gold.indeterminable" in answer.figures


def test_a_name_that_nobody_knows_says_where_it_stands_and_what_was_tried() -> None:
    answer = only(risk_view(), MISSPELT.name)
    assert isinstance(answer, NameAnswer)
    assert (answer.declared.outcome, answer.declared.lines) == ("unresolved", 3)
    assert [cell.cells for cell in answer.declared.cells] == [
        ("B8", "C8", "D8", "E8"), ("B9", "C9", "D9", "E9"), ("B8", "C8", "D8", "E8"),
    ]  # fmt: skip
    assert len(answer.declared.trace) > 2


def test_an_origin_is_traced_to_the_cells_in_which_it_is_stated() -> None:
    answer = only(risk_view(), "smelters.declared_origins.by_country.RW")
    (item,) = answer.items
    assert isinstance(item, FacilityItem)
    assert item.cid == IN_RWANDA.cid
    assert [(cell.file.supplier_id, cell.cells) for cell in item.cells] == [("one", ("O6",))]


def test_a_supplier_that_states_no_origin_is_not_quoted_for_one() -> None:
    # GIVEN three suppliers that name a facility, two of which say where its mineral comes from: not the same
    everyone = [
        declared_by("one", 0, {IN_RWANDA: 1}, {IN_RWANDA: ("Rwanda",)}),
        declared_by("two", 1, {LAPSING: 1, IN_RWANDA: 1}, {IN_RWANDA: ("Peru",)}),
        declared_by("three", 2, {IN_RWANDA: 2}),
    ]
    situation = risk_view(standings=everyone)
    # WHEN, THEN
    for country, supplier_id in (("RW", "one"), ("PE", "two")):
        (item,) = only(situation, f"smelters.declared_origins.by_country.{country}").items
        assert [cell.file.supplier_id for cell in item.cells] == [supplier_id]


def test_countries_come_with_their_names() -> None:
    answer = only(risk_view(), "smelters.countries")
    assert ("RW", "RWANDA", ("CID000002",)) in [
        (item.text, item.name, item.facilities) for item in answer.items if isinstance(item, TextItem)
    ]


def test_a_supplier_says_where_it_stands_and_what_counts_it() -> None:
    answer = only(risk_view(), "one")
    assert isinstance(answer, SupplierAnswer)
    assert (answer.supplier.name, answer.counts, answer.facilities) == ("Supplier one", True, 3)
    assert "suppliers.responded" in answer.figures


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownNameError) as raised:
        asked(the_filing()).explain("smelters.conformnat")
    assert "smelters.conformant" in raised.value.near


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"schema": 2}', b"\xff"])
def test_what_is_no_provenance_is_refused(data: bytes) -> None:
    with pytest.raises(NoProvenanceError):
        Provenance(data)


@examples(0.4)
@given(situations(), st.data())
def test_every_figure_and_every_row_of_the_annex_has_an_answer_that_counts_up_to_it(
    situation: Interpretation, data: st.DataObject
) -> None:
    told = asked(situation)
    # WHEN figures are asked by name, THEN what is counted in an answer is the figure, and JSON can say it
    for name in data.draw(st.lists(st.sampled_from(sorted(told.figures)), min_size=5, max_size=20)):
        (answer,) = told.explain(name)
        assert isinstance(answer, FigureAnswer)
        if answer.counted not in ("", "lists") and not name.endswith((".lines", "_lines", "cut_off", "in_products")):
            assert len(answer.items) == told.figures[name], name
    # AND every row of the annex names its suppliers' files
    for metal, cid in told.facilities:
        (row,) = (row for row in told.explain(cid) if isinstance(row, FacilityAnswer) and row.metal == metal)
        assert len({cell.file.supplier_id for each in row.declared for cell in each.cells}) == row.suppliers
        assert "smelters.total" in row.figures


def test_a_decision_is_quoted_as_the_evidence() -> None:
    answer = only(risk_view(decision()), "Corner Shop")
    assert answer.declared.outcome == "not-a-smelter"
    assert "decided by" in answer.declared.trace[-1]
    assert json.dumps(answer.declared.trace)
