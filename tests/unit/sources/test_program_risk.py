"""The places of risk in a program's profile: every country and continent is understood, or named as a problem."""

import pytest

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.review.review import RULE_IDS
from tracelode.smelters.countries import countries, risk_lists
from tracelode.sources.program import Program, Risk, parse_program


def program(risk: str) -> Program:
    return parse_program(f'year = 2026\nvocabulary = "rmap"\n{risk}\n'.encode(), RULE_IDS)


def problems(risk: str) -> list[str]:
    with pytest.raises(ReferenceRefusedError) as refusal:
        program(risk)
    return [str(problem) for problem in refusal.value.problems]


def test_a_program_without_places_of_risk_has_none_beside_the_covered_countries() -> None:
    assert program("").risk == program("[risk]").risk == program("[risk.lists]").risk == Risk((), (), {})


def test_places_of_risk_may_be_written_by_code_or_by_name_and_are_kept_by_code() -> None:
    # GIVEN names in several spellings, codes that are also words, and the same country twice
    risk = program(
        '[risk]\ncontinents = ["africa", " ASIA ", "Africa"]\ncountries = ["AE", "Türkiye", "NA", "NO", "U.A.E."]\n'
        '[risk.lists]\n"EU CAHRA list (2024)" = ["AF", "DR Congo", "CONGO, DEMOCRATIC REPUBLIC OF THE", "Mali"]\n'
        'Sanctioned = ["North Korea"]'
    ).risk
    # THEN each place is kept once, in the order of the file
    assert risk == Risk(
        continents=("Africa", "Asia"),
        countries=("AE", "TR", "NA", "NO"),
        lists={"EU CAHRA list (2024)": ("AF", "CD", "ML"), "Sanctioned": ("KP",)},
    )
    assert list(risk.lists) == ["EU CAHRA list (2024)", "Sanctioned"]


def test_a_country_is_found_on_the_lists_of_the_program() -> None:
    risk = program('[risk.lists]\nB = ["CD", "AF"]\nA = ["CD"]').risk
    assert risk_lists(countries()["CD"], risk) == ("B", "A")
    assert risk_lists(countries()["AF"], risk) == ("B",)
    assert risk_lists(countries()["PE"], risk) == ()


def test_every_place_that_is_not_understood_is_a_problem_with_its_key() -> None:
    asked = "a country is required, by ISO 3166 code or by name"
    assert problems(
        '[risk]\ncontinents = ["Africa", "Antarctica"]\ncountries = ["Atlantis", "N/A"]\n'
        '[risk.lists]\nMine = ["CD", "Congo", "Phillipines", "XX"]\nOther = "CD"\nThird = [1]\nFourth = []'
    ) == [
        "risk.lists.Mine: " + asked + "; write CD or CG (found 'Congo')",
        "risk.lists.Mine: " + asked + "; is PH (PHILIPPINES) meant? (found 'Phillipines')",
        "risk.lists.Mine: " + asked + " (found 'XX')",
        "risk.lists.Other: a list of countries is required (found 'CD')",
        "risk.lists.Third: a list of countries is required (found [1])",
        "risk.lists.Fourth: a list of countries is required (found [])",
        'risk.continents: one of "Africa", "Americas", "Asia", "Europe", "Oceania" is required (found \'Antarctica\')',
        "risk.countries: " + asked + " (found 'Atlantis')",
        "risk.countries: " + asked + " (found 'N/A')",
    ]


def test_lists_that_are_no_table_or_have_no_name_are_problems() -> None:
    assert problems('[risk]\nlists = ["CD"]') == ["risk.lists: a table [risk.lists] is required (found ['CD'])"]
    assert problems('[risk.lists]\n" " = ["CD"]') == ["risk.lists: a list needs a name"]
    assert problems('risk = "Africa"') == ["risk: a table [risk] is required (found 'Africa')"]


def test_a_misspelt_key_beside_the_lists_is_shown() -> None:
    assert program('[risk]\ncountry = ["CD"]').unknown_keys == ("risk.country",)
