"""Every figure is explained, and what it was counted from counts up to it again."""

import json
from collections import Counter
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import on_rows
from tests.properties import examples
from tests.unit.report.factories import (
    BY_NAME,
    DOUBTFUL,
    DOWNGRADED,
    IN_RWANDA,
    KNOWN,
    LAPSING,
    MISSPELT,
    NO_SMELTER,
    UNHEARD_OF,
    decision,
    profile,
    reference_data,
    risk_view,
    submission,
    the_filing,
)
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS
from tracelode.picture.facts import Facts
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.figures.shares import whole_percent
from tracelode.picture.figures.smelters import SmelterFigures
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.report.trace.explanations.explained import EXPLANATIONS, count_again, explained
from tracelode.report.trace.explanations.explanation import Reckoning
from tracelode.report.trace.number_sets import number_set, numbers_in
from tracelode.report.trace.provenance import provenance
from tracelode.report.trace.traced import traced
from tracelode.smelters.status import FacilityId, Status
from tracelode.sources.last_year import LastYear
from tracelode.sources.program import Risk
from tracelode.sources.roster import Supplier
from tracelode.sources.stated_facts import Actions
from tracelode.submission import RECYCLED, State
from tracelode.tally.aggregate import Standing, fold, seat_number

IDENTITIES = [LAPSING, IN_RWANDA, DOWNGRADED, BY_NAME, DOUBTFUL, MISSPELT, UNHEARD_OF, NO_SMELTER]
ORIGINS = ["Peru", "Rwanda, Peru", RECYCLED, "RCOI confirmed", "somewhere"]
LAST_YEARS = st.builds(
    LastYear,
    st.dictionaries(
        st.builds(
            FacilityId, st.sampled_from(CONFLICT_MINERALS), st.sampled_from(["CID000001", "CID000002", "CID000003"])
        ),
        st.sampled_from(Status),
    ),
)
answers = st.dictionaries(
    st.sampled_from([question.value for question in Question]),
    st.dictionaries(
        st.sampled_from([metal.value for metal in CONFLICT_MINERALS]), st.sampled_from(["Yes", "No", "Unknown"])
    ),
)


@st.composite
def situations(draw: st.DrawFn) -> Interpretation:
    """Facts with suppliers in and out of scope and off the roster, several files each, and every kind of smelter."""
    numbers = draw(st.lists(st.sampled_from([0, 1, 2, 3, 63, 64, 70]), unique=True, max_size=6))
    standings = [Standing(f"s{n:02}", seat_number(n), *_sent(draw, f"s{n:02}")) for n in numbers]
    roster = [
        Supplier(each, each.upper(), "", draw(st.booleans()), draw(st.booleans()))
        for each in sorted({*(one.supplier_id for one in standings if draw(st.integers(0, 4))), "awaited"})
    ]
    # A status list that is newer than anything, so that some facility's status changes with it.
    data = reference_data(*([decision()] if draw(st.booleans()) else []))
    risk = Risk(continents=("Africa",), lists={"High-risk list": ("RW", "CN"), "v1.2": ("BR",)})
    return interpret(
        Facts(
            program=profile(
                risk=risk,
                actions=draw(st.builds(Actions, st.none() | st.just(2))),
                year=draw(st.sampled_from([2015, 2016])),
            ),
            roster=tuple(roster),
            aggregate=fold(standings),
            references=(),
            last_year=draw(st.none() | LAST_YEARS),
            **data,
        )
    )


def _sent(draw: st.DrawFn, supplier_id: str) -> tuple[Any, Any]:
    current = []
    for number in range(draw(st.integers(0, 2))):
        lines = on_rows(draw(st.dictionaries(st.sampled_from(IDENTITIES), st.integers(1, 2))), first=5 + number)
        stated = {one: tuple(sorted(draw(st.sets(st.sampled_from(ORIGINS), max_size=2)))) for one in lines}
        sent = submission(
            supplier_id,
            number + 1,
            scope=draw(st.sampled_from(["A", "B", "C", ""])),
            received=f"2017-0{draw(st.integers(1, 4))}-0{number + 1}T10:00:00.000Z",
        )
        rules = draw(st.sampled_from([{}, {"C21": {"error": 2}}, {"X07": {"warning": 1}}]))
        version = draw(st.sampled_from(["4.20", "6.5"]))
        current.append(
            replace(
                sent,
                identities=lines,
                origins={one: texts for one, texts in stated.items() if texts},
                answers=draw(answers),
                rules=rules,
                template_version=version,
            )
        )
    rejected = draw(st.booleans())
    return tuple(current), submission(supplier_id, 9, state=State.REJECTED) if rejected else None


@pytest.mark.parametrize("situation", [the_filing(), risk_view()], ids=["the filing", "risk"])
def test_every_figure_has_an_explanation(situation: Interpretation) -> None:
    assert not [each.name for each in explained(count_figures(situation)) if each.explanation is None]


@examples(1.5)
@given(situations())
def test_counting_the_evidence_again_gives_the_figure(situation: Interpretation) -> None:
    # GIVEN any situation, its figures, and what each of them was counted from
    numbers, known = count_figures(situation), traced(situation)
    told = {each.name: each.value for each in explained(numbers)}
    for each in explained(numbers):
        assert each.explanation, each.name
        reckoning = each.explanation.reckoning
        # WHEN it is counted again
        pieces = each.explanation.evidence(known, each.values)
        # THEN it is the figure
        if reckoning is Reckoning.SHARE:
            part, whole = sum(told[name] for name in each.explanation.parts), told[each.explanation.whole]
            share = round(part / whole, 4) if whole else 0.0
            assert each.value in (share, whole_percent(part, whole)), each.name
        elif reckoning is not Reckoning.STATED:
            assert count_again(each.explanation, pieces, known) == each.value, each.name
        for piece in pieces:
            assert len(set(piece.numbers)) == len(piece.numbers), each.name
            assert list(piece.numbers) == sorted(piece.numbers), each.name


@given(situations())
def test_the_file_says_the_same_to_somebody_who_has_nothing_else(situation: Interpretation) -> None:
    # GIVEN the file alone
    data = json.loads(provenance(situation, count_figures(situation), software_version="1"))
    # WHEN lines are counted by their rows, name by name
    rows = [[rows.split("+") for rows in name.get("rows", "").split()] for name in data["names"]]
    # THEN they are the lines that the figures count, in as many files
    assert [sum(map(len, each)) for each in rows] == [name["lines"] for name in data["names"]]
    assert [len(each) for each in rows] == [len(numbers_in(name["files"])) for name in data["names"]]
    for facility in data["facilities"]:
        # AND a facility's suppliers are those whose files declare its names
        names = [data["names"][number] for number in numbers_in(facility["names"])]
        files = {file for name in names for file in numbers_in(name["files"])}
        assert {data["files"][file]["supplier"] for file in files} == set(numbers_in(facility["suppliers"]))
    for name, figure in data["figures"].items():
        if figure["by"] == "count":
            pieces = figure["from"]
            assert figure["value"] == sum(
                len(piece["texts"]) if "texts" in piece else len(numbers_in(piece["numbers"])) for piece in pieces
            ), name


@given(situations())
def test_each_row_is_the_one_on_which_the_file_declares_the_name(situation: Interpretation) -> None:
    # GIVEN what the suppliers in scope sent, and a ledger that kept it in partials
    data = json.loads(provenance(situation, count_figures(situation), software_version="1"))
    counted = {supplier["id"] for supplier in data["suppliers"] if supplier["counts"]}
    # WHEN the file is read back
    told = Counter(
        (data["files"][file]["key"], *_declared(name), int(row))
        for name in data["names"]
        for file, rows in zip(numbers_in(name["files"]), name["rows"].split(), strict=True)
        for row in rows.split("+")
    )
    # THEN the rows are those of the submissions, which the partials no longer hold by identity
    again = Counter()
    identities = list(situation.facts.aggregate.identities)
    for standing in situation.facts.aggregate.standings.values():
        for place, sent in enumerate(standing.current if standing.supplier_id in counted else ()):
            naming = [
                one
                for one in identities
                for group, found in situation.facts.aggregate.identities[one].items()
                if group == standing.seat.group
                and found.mask >> standing.seat.seat & 1
                and place in found.partly.get(standing.seat.seat, (place,))
            ]
            for one, rows in zip(naming, sent.rows, strict=True):
                again.update((sent.key, one.metal, one.cid, one.name, one.country, row) for row in rows)
    assert told == again


def _declared(name: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name.get(field, "") for field in ("metal", "cid", "name", "country"))


def test_lines_whose_rows_an_earlier_release_did_not_keep_are_marked_so() -> None:
    # GIVEN a partial without rows, as it stands until the next sweep folds it again
    situation = risk_view()
    bare = {
        name: replace(standing, current=tuple(replace(sent, rows=()) for sent in standing.current))
        for name, standing in situation.facts.aggregate.standings.items()
    }
    facts = replace(situation.facts, aggregate=replace(situation.facts.aggregate, standings=bare))
    data = json.loads(provenance(interpret(facts), count_figures(situation), software_version="1"))
    # THEN its files are named, and its rows are not made up
    assert {rows for name in data["names"] for rows in name["rows"].split()} == {"?"}
    assert all(name["files"] for name in data["names"])


def test_a_new_figure_does_not_pass_for_another_one() -> None:
    # GIVEN one figure more than anybody has explained
    figures = count_figures(the_filing())
    counted = {field.name: getattr(figures.smelters, field.name) for field in fields(figures.smelters)}
    figures = replace(figures, smelters=_WithOneMore(**counted, shiny=3))
    # THEN it has its value and no explanation
    assert [each.name for each in explained(figures) if each.explanation is None] == ["smelters.shiny"]
    data = json.loads(provenance(the_filing(), figures, software_version="1"))
    assert data["figures"]["smelters.shiny"] == {"value": 3}


@dataclass(frozen=True, slots=True)
class _WithOneMore(SmelterFigures):
    shiny: int


def test_no_entry_is_there_in_vain() -> None:
    # GIVEN situations that have everything
    compared = the_filing(actions=Actions(2))
    compared = replace(compared, facts=replace(compared.facts, last_year=LastYear({})))
    used = {
        each.explanation.figure
        for situation in (compared, risk_view(decision()))
        for each in explained(count_figures(situation))
        if each.explanation
    }
    assert used == {entry.figure for entry in EXPLANATIONS}


@given(st.sets(st.integers(0, 200)).map(sorted))
def test_a_set_of_numbers_comes_back_from_its_text(numbers: list[int]) -> None:
    assert list(numbers_in(number_set(numbers))) == numbers


def test_a_facility_says_which_row_of_which_list_gives_its_status() -> None:
    data = json.loads(provenance(risk_view(), count_figures(risk_view()), software_version="1"))
    by_cid = {facility["cid"]: facility for facility in data["facilities"]}
    assert by_cid["CID000001"]["listed"] == {
        "file": "smelter-list.csv",
        "row": 2,
        "as_of": date(2017, 3, 31).isoformat(),
        "says": "conformant",
    }
    assert "listed" not in by_cid["CID000002"]
    assert by_cid["CID000002"]["known_from"] == "list.xml"
    assert len(by_cid) == len(KNOWN)
