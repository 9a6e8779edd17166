import pytest

from tracelode.smelters.countries import countries, country_of, covered_countries


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("KOREA (REPUBLIC OF)", "KR"),
        ("Korea, Republic of", "KR"),
        ("TAIWAN, PROVINCE OF CHINA", "TW"),
        ("BOLIVIA (PLURINATIONAL STATE OF)", "BO"),
        ("MACEDONIA (THE FORMER YUGOSLAV REPUBLIC OF)", "MK"),
        ("NORTH MACEDONIA, REPUBLIC OF", "MK"),
        ("CZECH REPUBLIC", "CZ"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("CÔTE D'IVOIRE", "CI"),
        ("cote d ivoire", "CI"),
        ("DRC", "CD"),
        ("CONGO, DEMOCRATIC REPUBLIC OF THE", "CD"),
        ("CONGO", "CG"),
        ("WESTERN SAHARA *", "EH"),
        ("ＪＡＰＡＮ", "JP"),
        ("U.S.A.", "US"),
        ("P.R. China", "CN"),
        ("VN", "VN"),
    ],
)
def test_a_country_is_understood_in_every_usual_spelling(spelling: str, code: str) -> None:
    country = country_of(spelling)
    assert country is not None
    assert country.code == code


@pytest.mark.parametrize("text", ["", " ", "Unknown", "recycled", "scrap", "RCOI confirmed as per RMI", "Atlantis"])
def test_what_is_not_a_country_is_none(text: str) -> None:
    assert country_of(text) is None


def test_the_covered_countries_are_the_drc_and_its_nine_neighbours() -> None:
    assert [country.code for country in covered_countries()] == [
        "CD",
        "CG",
        "CF",
        "SS",
        "UG",
        "RW",
        "BI",
        "TZ",
        "ZM",
        "AO",
    ]
    assert all(country.continent == "Africa" for country in covered_countries())
    assert sum(country.covered for country in countries().values()) == 10


def test_every_country_but_antarctica_has_one_continent() -> None:
    assert [country.code for country in countries().values() if not country.continent] == ["AQ"]
    assert len(countries()) == 249


def test_every_printed_form_is_understood_again() -> None:
    for country in countries().values():
        assert country_of(country.name) is country
        assert country_of(country.name_2016) is country
