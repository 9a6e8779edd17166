"""What declared identities mean under the reference data in force."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import facts, identity, standing, submission
from tests.unit.report.factories import decision
from tracelode.findings import Severity
from tracelode.picture.interpretation import interpret
from tracelode.smelters.dispositions import Disposition, Dispositions
from tracelode.smelters.status import Status, Vocabulary
from tracelode.submission import State
from tracelode.tally.aggregate import GROUP_SIZE, Seat, Standing, seat_number


def test_the_same_cid_from_two_suppliers_is_one_facility() -> None:
    told = interpret(facts([standing("a", Seat(0, 0), identity()), standing("b", Seat(1, 0), identity(name="Alias"))]))
    assert [facility.suppliers for facility in told.facilities] == [("a", "b")]


def test_one_cid_under_two_metals_is_two_facilities() -> None:
    told = interpret(facts([standing("a", Seat(0, 0), identity("Gold"), identity("Tin"))]))
    assert [facility.facility.metal for facility in told.facilities] == ["Gold", "Tin"]


def test_the_status_belongs_to_metal_and_cid() -> None:
    told = interpret(
        facts(
            [standing("a", Seat(0, 0), identity("Gold"), identity("Tin"))],
            listed={("Tin", "CID000001"): Status.CONFORMANT},
        )
    )
    assert {f.facility.metal: f.status for f in told.facilities} == {
        "Gold": Status.INDETERMINABLE,
        "Tin": Status.CONFORMANT,
    }


def test_a_line_without_a_cid_is_counted_and_is_no_facility() -> None:
    told = interpret(facts([standing("a", Seat(0, 0), identity(cid=""), lines=3)]))
    assert told.facilities == ()
    assert told.unidentified_lines == 3
    assert told.suppliers[0].unidentified_lines == 3


def test_a_cid_without_a_metal_takes_the_metal_of_the_list() -> None:
    told = interpret(
        facts([standing("a", Seat(0, 0), identity(metal=""))], listed={("Tin", "CID000001"): Status.ACTIVE})
    )
    assert [(f.facility.metal, f.status) for f in told.facilities] == [("Tin", Status.ACTIVE)]


def test_a_cid_without_a_metal_that_nobody_knows_stays_unidentified() -> None:
    told = interpret(facts([standing("a", Seat(0, 0), identity(metal=""))]))
    assert told.facilities == ()
    assert told.unidentified_lines == 1


def test_suppliers_out_of_scope_or_off_the_roster_name_nothing() -> None:
    told = interpret(
        facts(
            [standing("a", Seat(0, 0), identity()), standing("b", Seat(0, 1), identity(cid="CID000002"))],
            in_scope={"a": False},
        )
    )
    assert told.facilities == ()
    assert [(view.supplier_id, view.on_roster, view.in_scope) for view in told.suppliers] == [
        ("a", True, False),
        ("b", False, False),
    ]


def test_the_list_names_a_facility_and_most_suppliers_name_it_where_it_is_not_listed() -> None:
    everyone = [
        standing("a", Seat(0, 0), identity(name="Odd"), identity("Tin", "CID000002", "Odd")),
        standing("b", Seat(0, 1), identity(name="Usual"), identity("Tin", "CID000002", "Usual")),
        standing("c", Seat(0, 2), identity(name="Usual")),
    ]
    told = interpret(facts(everyone, listed={("Tin", "CID000002"): Status.ACTIVE}))
    assert [facility.name for facility in told.facilities] == ["Usual", "Listed CID000002"]


def unlisted(*standings: Standing, decided: Sequence[Disposition] = ()) -> list[str]:
    """The names of the facilities where no list has any."""
    told = interpret(replace(facts(standings), dispositions=Dispositions(tuple(decided))))
    return [facility.name for facility in told.facilities]


def test_a_name_is_counted_over_all_identities_that_bear_it() -> None:
    # GIVEN a facility on no list, whose usual name two suppliers write for two countries, one of them in capitals
    everyone = [
        standing("a", Seat(0, 0), identity(name="Phoenix Metal Ltd.", country="RWANDA")),
        standing("b", Seat(0, 1), identity(name="PHOENIX METAL LTD", country="Kigali")),
        standing("c", Seat(0, 2), identity(name="Fenix", country="RWANDA")),
    ]
    # THEN the two outvote the third, whose spelling stands first in the alphabet
    assert unlisted(*everyone) in (["Phoenix Metal Ltd."], ["PHOENIX METAL LTD"])


def test_a_name_that_only_a_decision_explains_gives_way_to_one_that_explains_itself() -> None:
    # GIVEN a misspelt name that the team has mapped, as many suppliers writing it as the name that comes with the CID
    everyone = [
        standing("a", Seat(0, 0), identity("Tin", name="Phoenix Metal Ltd.")),
        standing("b", Seat(0, 1), identity("Tin", cid="", name="Fenix Metal")),
    ]
    mapped = decision("Fenix Metal", "Tin", "CID000001", declared_country="JAPAN")
    # THEN it does not name the facility, though the alphabet has it first; another spelling with a CID would
    assert unlisted(*everyone, decided=[mapped]) == ["Phoenix Metal Ltd."]
    typed = standing("b", Seat(0, 1), identity("Tin", name="Fenix Metal"))
    assert unlisted(everyone[0], typed) == ["Fenix Metal"]


def test_findings_are_counted_as_the_program_weighs_them() -> None:
    # GIVEN a declaration of which one rule says something that it takes for a warning
    sent = replace(submission("a"), findings={"warning": 1}, rules={"X45": {"warning": 1}})
    situation = facts([Standing("a", Seat(0, 0), (sent,))])

    def under(**severities: Severity | None) -> tuple[State, Mapping[str, int]]:
        (view,) = interpret(replace(situation, program=replace(situation.program, severities=severities))).suppliers
        assert view.standing
        return view.state, view.standing.current[0].findings

    # THEN state and counts say the same under every program
    assert under() == (State.ACCEPTED_WITH_REMARKS, {"warning": 1})
    assert under(X45=None) == (State.ACCEPTED, {})
    assert under(X45=Severity.ERROR) == (State.NEEDS_CORRECTION, {"error": 1})


def test_facilities_stand_in_the_order_of_the_annex() -> None:
    everyone = [
        standing("a", Seat(0, 0), *(identity(m, c) for m in ("Tin", "Gold") for c in ("CID000002", "CID000001")))
    ]
    told = interpret(facts(everyone, listed={("Gold", "CID000002"): Status.ACTIVE}, vocabulary=Vocabulary.CFSP_2016))
    assert [(f.facility.metal, f.printed_status, f.facility.cid) for f in told.facilities] == [
        ("Gold", "Active", "CID000002"),
        ("Gold", "Indeterminable", "CID000001"),
        ("Tin", "Indeterminable", "CID000001"),
        ("Tin", "Indeterminable", "CID000002"),
    ]


def test_only_an_indeterminable_facility_in_a_place_of_risk_is_at_risk() -> None:
    everyone = [
        standing("a", Seat(0, 0), identity(country="ZAMBIA"), identity(cid="CID000002", country="RWANDA"),
                 identity(cid="CID000003", country="JAPAN"), identity(cid="CID000004", country="Atlantis"))
    ]  # fmt: skip
    told = interpret(facts(everyone, listed={("Gold", "CID000002"): Status.CONFORMANT}))
    assert {f.facility.cid: f.at_risk for f in told.facilities} == {
        "CID000001": True,
        "CID000002": False,
        "CID000003": False,
        "CID000004": False,
    }


def test_a_country_prints_in_the_form_of_the_edition_and_an_unknown_one_as_declared() -> None:
    everyone = [
        standing("a", Seat(0, 0), identity(country="South Korea"), identity(cid="CID000002", country="Atlantis"))
    ]
    of_2016 = interpret(facts(everyone, vocabulary=Vocabulary.CFSP_2016))
    of_today = interpret(facts(everyone, vocabulary=Vocabulary.RMAP))
    assert [f.printed_country for f in of_2016.facilities] == ["KOREA (REPUBLIC OF)", "Atlantis"]
    assert [f.printed_country for f in of_today.facilities] == ["KOREA, REPUBLIC OF", "Atlantis"]


@given(st.dictionaries(st.integers(0, 2 * GROUP_SIZE), st.sets(st.integers(1, 9), max_size=9), max_size=8))
def test_each_facility_knows_exactly_the_suppliers_that_name_it(named: dict[int, set[int]]) -> None:
    # GIVEN suppliers in several groups, each naming some facilities
    everyone = [
        standing(f"s{number:03}", seat_number(number), *(identity(cid=f"CID00000{n}") for n in cids))
        for number, cids in named.items()
    ]
    # WHEN they are interpreted
    told = interpret(facts(everyone))
    # THEN each facility lists whoever named it, counted plainly
    plain = {
        f"CID00000{n}": tuple(sorted(f"s{number:03}" for number, cids in named.items() if n in cids))
        for n in set().union(*named.values())
    }
    assert {f.facility.cid: f.suppliers for f in told.facilities} == plain


def test_suppliers_with_the_same_long_list_are_compared_for_the_team() -> None:
    # GIVEN two suppliers with one list of twenty facilities, and a third with another
    names = [identity(cid=f"CID{number:06}") for number in range(20)]
    everyone = [
        standing("a", Seat(0, 0), *names),
        standing("b", Seat(0, 1), *names),
        standing("c", Seat(0, 2), *names[:19]),
    ]
    # WHEN they are interpreted
    told = interpret(facts(everyone))
    # THEN the two are named, and so are all three that sent the same bytes (the factory's hash)
    assert [(item.rule, item.suppliers) for item in told.comparisons] == [("C01", ("a", "b")), ("C03", ("a", "b", "c"))]


def test_a_supplier_out_of_scope_is_compared_with_nobody() -> None:
    names = [identity(cid=f"CID{number:06}") for number in range(20)]
    everyone = [standing("a", Seat(0, 0), *names), standing("b", Seat(0, 1), *names)]
    assert interpret(facts(everyone, in_scope={"a": True, "b": False})).comparisons == ()
