"""Names that only suppliers know, as a hint for others: below what is listed, marked, and never an answer."""

import csv
import io
from dataclasses import replace

from tests.unit.report.factories import (
    MISSPELT,
    TYPED,
    UNHEARD_OF,
    decision,
    declared_by,
    name_of,
    risk_facts,
)
from tracelode.minerals import Mineral
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.report.report_set import build_report_set
from tracelode.report.tables.decisions import to_decide
from tracelode.smelters.suggestions import MOST, Suggestion
from tracelode.submission import DeclaredIdentity
from tracelode.tally.aggregate import Standing

UNLISTED = name_of("Tin", "CID003507", "Phoenix Metal Ltd.", "RWANDA", TYPED)
ALIKE = name_of("Tin", "", "Phonix Metal", "RWANDA")
LIKE_A_LISTED_ONE = name_of("Tin", "CID003510", "Old Harbour Tin Wrok", "MALAYSIA", TYPED)


def sent(*by_supplier: DeclaredIdentity) -> list[Standing]:
    """A supplier for each identity, which declares that alone."""
    return [declared_by(f"s{number}", number, {one: 1}) for number, one in enumerate(by_supplier)]


def told(*by_supplier: DeclaredIdentity) -> Interpretation:
    return interpret(risk_facts(standings=sent(*by_supplier)))


def suggestions(situation: Interpretation, identity: DeclaredIdentity) -> list[Suggestion]:
    (resolution,) = [
        name.resolution for name in situation.unidentified if name.resolution and name.resolution.identity == identity
    ]
    return list(resolution.suggestions)


def test_a_name_that_another_supplier_declares_with_a_cid_is_suggested_and_marked() -> None:
    # GIVEN two suppliers, one with the CID of a facility that nothing loaded has, one with a misspelt name for it
    situation = told(UNLISTED, ALIKE)
    # THEN it is suggested, not taken, and each place that shows it says where it is from
    (found,) = suggestions(situation, ALIKE)
    assert (found.facility.cid, found.name, found.country, found.declared) == (
        "CID003507", "Phoenix Metal Ltd.", "RWANDA", True,
    )  # fmt: skip
    assert [facility.suppliers for facility in situation.facilities] == [("s0",)]
    (row,) = csv.DictReader(io.StringIO(to_decide(situation).decode("utf-8-sig")))
    assert row["suggestion_1"] == f"CID003507 Phoenix Metal Ltd. (RWANDA) {found.score}, as suppliers declare it"
    page = build_report_set(situation, software_version="1")["index.html"].decode()
    assert '<bdi>Phoenix Metal Ltd.</bdi> <span class="id">CID003507, as suppliers declare it</span>' in page


def test_a_listed_name_goes_before_one_that_only_suppliers_know() -> None:
    # GIVEN a misspelt name that a declared one comes nearer to than a listed one
    found = suggestions(told(LIKE_A_LISTED_ONE, MISSPELT), MISSPELT)
    # THEN the listed one stands first nevertheless
    assert [(each.facility.cid, each.declared) for each in found] == [("CID000003", False), ("CID003510", True)]
    assert found[0].score < found[1].score


def test_the_last_of_three_places_is_a_declared_names_if_that_comes_nearer() -> None:
    # GIVEN more listed names that come near than there are places
    facts = risk_facts(standings=sent(LIKE_A_LISTED_ONE, MISSPELT))
    several = [replace(each, facility=replace(each.facility, cid=f"CID00009{number}"))
               for number, each in enumerate(facts.known.of_metal(Mineral.TIN) * 3)]  # fmt: skip
    crowded = replace(facts, known=type(facts.known)([*facts.known.of_metal(None), *several]))
    # THEN the declared one has the last place
    found = suggestions(interpret(crowded), MISSPELT)
    assert [each.declared for each in found] == [False] * (MOST - 1) + [True]


def test_how_suppliers_spell_a_listed_facility_is_no_hint() -> None:
    odd = name_of("Tin", "CID000003", "Zwxq Works", "", TYPED)
    assert suggestions(told(odd, name_of("Tin", "", "Zwxq Wroks", "")), name_of("Tin", "", "Zwxq Wroks", "")) == []


def test_a_name_that_only_a_decision_gives_a_cid_is_no_hint() -> None:
    mapped = name_of("Tin", "", "Fenix Metals", "RWANDA")
    facts = risk_facts(decision("Fenix Metals", "Tin", "CID003507"), standings=sent(mapped, ALIKE, UNHEARD_OF))
    assert suggestions(interpret(facts), ALIKE) == []


def test_the_order_of_suppliers_changes_no_suggestion() -> None:
    everyone = (UNLISTED, ALIKE, LIKE_A_LISTED_ONE, MISSPELT)
    there, back = told(*everyone), told(*reversed(everyone))
    assert all(suggestions(there, one) == suggestions(back, one) for one in (ALIKE, MISSPELT))


def test_who_is_suppliers_out_of_scope_alone_is_no_hint() -> None:
    facts = risk_facts(standings=sent(UNLISTED, ALIKE))
    without = tuple(replace(each, in_scope=each.supplier_id != "s0") for each in facts.roster)
    assert suggestions(interpret(replace(facts, roster=without)), ALIKE) == []
