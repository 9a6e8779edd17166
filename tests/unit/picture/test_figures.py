"""Every number of the report, by example and in general."""

import json
import random
from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.report.factories import (
    Answers,
    annex,
    answered,
    facility,
    interpretation,
    submission,
    supplier,
    the_filing,
    unidentified,
)
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.picture.figures.by_name import figures_by_name, figures_json
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.figures.shares import whole_percent
from tracelode.picture.figures.smelters import StatusCounts
from tracelode.smelters.status import Status
from tracelode.sources.last_year import LastYear
from tracelode.sources.stated_facts import Actions
from tracelode.submission import State


def test_the_filing_has_seven_responses_and_310_facilities() -> None:
    told = count_figures(the_filing())

    assert (told.suppliers.surveyed, told.suppliers.responded, told.suppliers.accepted) == (7, 7, 7)
    assert told.suppliers.response_rate == 1.0
    assert told.suppliers.company_level == 7
    assert told.suppliers.not_sourcing_from_covered_countries == 1
    assert told.suppliers.attesting_conformant_sourcing == 1
    assert by_status(told.smelters) == StatusCounts(total=310, conformant=241, active=14, indeterminable=55)
    assert told.smelters.indeterminable_at_risk == 4
    assert told.smelters.indeterminable_at_risk_in_covered_countries == 2
    assert told.smelters.by_metal[Mineral.GOLD] == StatusCounts(total=135, conformant=93, active=6, indeterminable=36)


def by_status(counts: StatusCounts) -> StatusCounts:
    return StatusCounts(counts.total, *map(counts.with_status, Status))


def test_every_metal_has_its_counts_even_at_zero() -> None:
    by_metal = count_figures(interpretation()).smelters.by_metal

    assert by_metal == dict.fromkeys(CONFLICT_MINERALS, StatusCounts(0, 0, 0, 0))


def test_nobody_surveyed_is_a_response_rate_of_zero() -> None:
    told = count_figures(interpretation()).suppliers

    assert (told.surveyed, told.responded, told.response_rate) == (0, 0, 0.0)


def test_responded_are_the_accepted_and_those_that_need_correction() -> None:
    # GIVEN six of seven suppliers with something readable, one of them with errors
    views = [answered(f"s{number}") for number in range(1, 6)]
    views += [supplier("s6", submission("s6", state=State.NEEDS_CORRECTION)), supplier("s7")]

    told = count_figures(interpretation(views)).suppliers

    assert (told.responded, told.accepted, told.needs_correction, told.awaiting) == (6, 5, 1, 1)
    assert told.response_rate == 0.8571
    assert told.response_rate_percent == 86


def test_a_supplier_with_nothing_readable_is_rejected_and_has_not_responded() -> None:
    refused = supplier("s1", rejected=submission("s1", state=State.REJECTED))

    told = count_figures(interpretation([refused])).suppliers

    assert (told.rejected, told.responded) == (1, 0)


def test_suppliers_out_of_scope_or_not_on_the_roster_count_nowhere() -> None:
    aside = Answers(metals=(Mineral.GOLD,), covered="No")
    views = [
        answered("s1", answers=Answers(metals=(Mineral.TIN,))),
        supplier("s2", submission("s2", answers=aside), in_scope=False, attests=True),
        supplier("s3", submission("s3", answers=aside, scope="B"), on_roster=False, attests=True),
    ]

    told = count_figures(interpretation(views))

    assert told.suppliers.surveyed == 1
    assert told.suppliers.not_sourcing_from_covered_countries == 0
    assert told.suppliers.attesting_conformant_sourcing == 0
    assert told.suppliers.product_level == 0
    assert (told.suppliers.out_of_scope, told.suppliers.not_on_roster) == (1, 1)
    assert told.metals.in_products == (Mineral.TIN,)
    assert told.declarations.current == 1


@pytest.mark.parametrize(
    ("submissions", "counts"),
    [
        ([("No", (Mineral.TIN, Mineral.GOLD))], True),
        ([("Unknown", (Mineral.TIN,))], False),
        ([("", (Mineral.TIN,))], False),
        ([("No", ())], False),
        ([("No", (Mineral.TIN,)), ("No", (Mineral.GOLD,))], True),
        ([("No", (Mineral.TIN,)), ("Yes", (Mineral.GOLD,))], False),
    ],
)
def test_not_sourcing_takes_a_no_for_every_metal_in_the_products(submissions, counts) -> None:
    view = supplier(
        "s1",
        *(
            submission("s1", number, scope="B", answers=Answers(metals=metals, covered=covered))
            for number, (covered, metals) in enumerate(submissions)
        ),
    )

    assert count_figures(interpretation([view])).suppliers.not_sourcing_from_covered_countries == int(counts)


def test_a_no_for_a_metal_that_is_not_in_the_products_does_not_count() -> None:
    answers = Answers(metals=(Mineral.TIN,), covered="Yes").by_question()
    answers["covered_countries"]["Gold"] = "No"
    view = supplier("s1", submission("s1"))
    view.standing.current[0].answers.clear()
    view.standing.current[0].answers.update(answers)

    assert count_figures(interpretation([view])).suppliers.not_sourcing_from_covered_countries == 0


def test_a_supplier_with_declarations_of_two_scopes_counts_under_both() -> None:
    view = supplier("s1", submission("s1", 1, scope="A"), submission("s1", 2, scope="B"))

    told = count_figures(interpretation([view]))

    assert (told.suppliers.company_level, told.suppliers.product_level) == (1, 1)
    assert told.declarations.current == 2


def test_a_facility_whose_country_is_unknown_is_neither_at_risk_nor_elsewhere() -> None:
    nowhere = facility(status=Status.INDETERMINABLE, country="Nowhereland")
    told = count_figures(interpretation([answered("s1")], [nowhere]))

    assert told.smelters.indeterminable_without_country == 1
    assert told.smelters.indeterminable_elsewhere == 0


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 0, 0), (0, 7, 0), (6, 7, 86), (7, 7, 100), (199, 200, 99), (1, 1000, 1)]
)
def test_a_percentage_is_never_rounded_to_all_or_none(part: int, whole: int, percent: int) -> None:
    assert whole_percent(part, whole) == percent


def test_unidentified_lines_are_counted_apart_from_facilities() -> None:
    names = [unidentified(lines=2), unidentified("Other", lines=3)]
    told = count_figures(interpretation([answered("s1")], names=names))

    assert (told.smelters.unidentified_lines, told.smelters.total) == (5, 0)


statuses = st.sampled_from(Status)
facilities = st.lists(
    st.tuples(
        st.sampled_from(CONFLICT_MINERALS),
        statuses,
        st.sampled_from(("CHINA", "RWANDA", "SUDAN", "JAPAN", "Nowhereland")),
    ),
    max_size=40,
).map(lambda rows: [facility(metal, number, status, place) for number, (metal, status, place) in enumerate(rows)])


@st.composite
def supplier_views(draw: st.DrawFn):
    kinds = draw(st.lists(st.sampled_from(("accepted", "errors", "rejected", "awaiting", "aside")), max_size=25))
    views = []
    for number, kind in enumerate(kinds):
        supplier_id = f"s{number:02d}"
        answers = Answers(
            metals=tuple(draw(st.sets(st.sampled_from(CONFLICT_MINERALS)))),
            covered=draw(st.sampled_from(("Yes", "No", "Unknown", ""))),
            recycled=draw(st.sampled_from(("Yes", "No"))),
        )
        scope = draw(st.sampled_from(("A", "B", "C", "")))
        attests = draw(st.booleans())
        state = State.NEEDS_CORRECTION if kind == "errors" else State.ACCEPTED
        sent = submission(supplier_id, state=state, scope=scope, answers=answers)
        if kind == "awaiting":
            views.append(supplier(supplier_id, attests=attests))
        elif kind == "rejected":
            views.append(supplier(supplier_id, rejected=submission(supplier_id, state=State.REJECTED), attests=attests))
        else:
            views.append(supplier(supplier_id, sent, attests=attests, in_scope=kind != "aside"))
    return views


situations = st.builds(interpretation, supplier_views(), facilities)


@given(situations)
def test_totals_always_add_up(situation) -> None:
    told = count_figures(situation)
    s, n = told.suppliers, told.smelters

    assert s.surveyed == s.accepted + s.needs_correction + s.rejected + s.awaiting
    assert s.responded == s.accepted + s.needs_correction
    assert 0 <= s.response_rate <= 1
    assert (s.response_rate_percent == 100) == (s.surveyed > 0 and s.responded == s.surveyed)
    assert s.not_sourcing_from_covered_countries <= s.responded
    assert n.total == n.conformant + n.active + n.indeterminable == len(situation.facilities)
    assert n.indeterminable == (
        n.indeterminable_at_risk + n.indeterminable_without_country + n.indeterminable_elsewhere
    )
    assert astuple(by_status(n)) == tuple(map(sum, zip(*map(astuple, n.by_metal.values()), strict=True)))
    d = told.declarations
    assert d.current == d.company_level + d.product_level + d.user_defined + d.scope_not_stated
    assert d.current == sum(d.template_versions.values())


@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(situation, shuffler: random.Random) -> None:
    before = figures_json(count_figures(situation))
    for view in situation.suppliers:
        for item in view.standing.current if view.standing else ():
            shuffled = list(item.answers.items())
            shuffler.shuffle(shuffled)
            item.answers.clear()
            item.answers.update(shuffled)

    assert figures_json(count_figures(situation)) == before


def test_figures_are_plain_json() -> None:
    told = count_figures(interpretation([answered("s1")], annex()))

    assert json.loads(figures_json(told)) == figures_by_name(told)
    assert {type(name) for name in figures_by_name(told.smelters)["by_metal"]} == {str}


def test_what_nobody_knows_has_no_name() -> None:
    # GIVEN a year of which neither the facilities of the year before nor any action is known, and one with both
    nothing = the_filing()
    both = the_filing(actions=Actions(contracts_ended=0, corrections_requested=False))
    both = replace(both, facts=replace(both.facts, last_year=LastYear({})))
    # THEN the one names no such figure, and the other those that are known, at 0 and at no as well
    without, named = figures_by_name(count_figures(nothing)), figures_by_name(count_figures(both))
    assert named.keys() - without.keys() == {"last_year"}
    assert named["actions"] == {"contracts_ended": 0, "corrections_requested": False}


@given(situations)
def test_every_state_and_status_is_counted_under_its_own_name(situation) -> None:
    told = count_figures(situation)
    suppliers, smelters = figures_by_name(told.suppliers), figures_by_name(told.smelters)
    assert {state: told.suppliers.in_state(state) for state in State} == {s: suppliers[s.value] for s in State}
    assert {status: told.smelters.with_status(status) for status in Status} == {s: smelters[s.value] for s in Status}
