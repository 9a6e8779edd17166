"""A country is understood in every usual spelling, and what is not one, or might be another, is not."""

import string
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.printing.printable import printable
from tracelode.smelters import countries as module
from tracelode.smelters.countries import (
    candidates_of,
    continents,
    countries,
    country_names,
    country_of,
    country_or_code,
    covered_countries,
    plain_country,
    risk_lists,
    suggested_country,
)

CONGOS = ["CD", "CG"]


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
        ("D.R. Congo", "CD"),
        ("RDC", "CD"),
        ("Zaire", "CD"),
        ("CONGO, DEMOCRATIC REPUBLIC OF THE", "CD"),
        ("CONGO", "CG"),
        (" ＣＯＮＧＯ ", "CG"),
        ("Congo-Brazzaville", "CG"),
        ("WESTERN SAHARA *", "EH"),
        ("ＪＡＰＡＮ", "JP"),
        ("U.S.A.", "US"),
        ("usa", "US"),
        ("P.R. China", "CN"),
        ("VN", "VN"),
        ("NAM", "NA"),
        ("Namibia", "NA"),
        ("the Philippines", "PH"),
        ("Trinidad & Tobago", "TT"),
        ("EAST TIMOR", "TL"),
        ("ROM", "RO"),
    ],
)
def test_a_country_is_understood_in_every_usual_spelling(spelling: str, code: str) -> None:
    country = country_of(spelling)
    assert country is not None
    assert country.code == code


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("CD", "Demokratische Republik Kongo|République démocratique du Congo|República Democrática del Congo|"
               "República Democrática do Congo|Repubblica Democratica del Congo|Demokratik Kongo Cumhuriyeti|"
               "コンゴ民主共和国|콩고 민주 공화국|刚果民主共和国|刚果（金）"),
        ("CG", "République du Congo|Republik Kongo|コンゴ共和国|刚果共和国|刚果（布）"),
        ("CF", "Zentralafrikanische Republik|République centrafricaine|República Centroafricana|中非共和国"),
        ("SS", "Südsudan|Soudan du Sud|Sudán del Sur|Güney Sudan|南スーダン|남수단|南苏丹"),
        ("RW", "Ruanda|RUANDA|ルワンダ|르완다|卢旺达|盧安達"),
        ("BI", "ブルンジ|부룬디|布隆迪"),
        ("TZ", "Tansania|Tanzanie|Tanzânia|タンザニア|坦桑尼亚"),
        ("ZM", "Sambia|Zambie|Zâmbia|贊比亞|赞比亚"),
        ("AO", "アンゴラ|앙골라|安哥拉"),
        ("UG", "Ouganda|ウガンダ|우간다|乌干达"),
        ("CN", "Chine|Cina|Çin|ÇİN|中国|中國|중국|VR China"),
        ("ID", "Indonesien|Indonésie|Endonezya|インドネシア|印度尼西亚|印尼"),
        ("JP", "Japon|Japón|Giappone|Japonya|日本|일본"),
        ("US", "Vereinigte Staaten|États-Unis|Estados Unidos|EE.UU.|Stati Uniti|米国|アメリカ合衆国|미국|美国"),
        ("KR", "Südkorea|Corée du Sud|Corea del Sur|Coreia do Sul|Güney Kore|韩国|韓国|대한민국"),
        ("RU", "Russland|Rusia|Russie|Rusya Federasyonu|ロシア|러시아 연방|俄罗斯"),
        ("BR", "Brasilien|Brésil|Brasil|Brezilya|ブラジル|巴西"),
        ("TW", "台湾|臺灣|대만|Tayvan"),
        ("DE", "Deutschland|Allemagne|Alemania|Germania|Almanya|ドイツ|독일|德国"),
    ],
)  # fmt: skip
def test_a_country_is_understood_in_the_languages_of_the_template(code: str, spellings: str) -> None:
    understood = {spelling: country_of(spelling) for spelling in spellings.split("|")}
    assert {spelling for spelling, country in understood.items() if country is not countries()[code]} == set()


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "Unknown", "recycled", "scrap", "RCOI confirmed as per RMI", "Atlantis", "Africa", "N/A", "n.a.",
     "NA", "na", "no", "NO", "is", "in", "it", "Rom", "L1", "tbd", "X"],
)  # fmt: skip
def test_what_is_not_a_country_is_none(text: str) -> None:
    assert country_of(text) is None


def test_accents_do_not_matter_but_the_marks_that_make_another_japanese_letter_do() -> None:
    assert country_of("Peru") is country_of("Perú") is countries()["PE"]
    assert country_of("ガーナ") is country_of("ｶﾞｰﾅ") is countries()["GH"]
    assert country_of("カーナ") is None


@pytest.mark.parametrize("text", ["Congo", "congo", "The Congo", "Kongo", "刚果", "コンゴ", "콩고"])
def test_congo_alone_may_be_either(text: str) -> None:
    assert country_of(text) is None
    assert [country.code for country in candidates_of(text)] == CONGOS


def test_a_misspelling_is_not_read_but_suggested() -> None:
    for text, code in (("Phillipines", "PH"), ("Rwnda", "RW"), ("Germny", "DE"), ("South Afrika", "ZA")):
        assert country_of(text) is None
        suggestion = suggested_country(text)
        assert suggestion is not None
        assert suggestion.code == code


@pytest.mark.parametrize("text", ["Peru", "Congo", "Atlantis", "Austrlia", "Unknown", "Africa", "Ira", "x" * 1000])
def test_nothing_is_suggested_for_a_country_for_what_is_near_to_none_and_for_what_is_near_to_two(text: str) -> None:
    assert suggested_country(text) is None


def test_where_a_country_is_meant_a_code_that_is_a_word_is_one() -> None:
    assert [country_or_code(text) for text in ("NA", " NO ", "Rwanda", "no", "N/A", "Congo")] == [
        countries()["NA"],
        countries()["NO"],
        countries()["RW"],
        None,
        None,
        None,
    ]


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
    listed = [code for codes in module._data()["continents"].values() for code in codes.split()]
    assert sorted([*listed, "AQ"]) == sorted(countries())
    assert continents() == ("Africa", "Americas", "Asia", "Europe", "Oceania")


def test_every_printed_form_is_understood_again_in_both_editions() -> None:
    for country in countries().values():
        assert country_of(country.name) is country
        assert country_of(country.name_2016) is country
        assert country_of(country.in_prose) is country
        assert country_of(country.name.title()) is (None if country.code == "CG" else country)
        assert country_or_code(country.code) is country


def test_the_forms_of_2016_differ_where_names_have_changed_since() -> None:
    differing = {
        country.code: country.name_2016 for country in countries().values() if country.name != country.name_2016
    }
    assert differing == {
        "CD": "CONGO (DEMOCRATIC REPUBLIC OF THE)",
        "CZ": "CZECH REPUBLIC",
        "KR": "KOREA (REPUBLIC OF)",
        "MK": "MACEDONIA (THE FORMER YUGOSLAV REPUBLIC OF)",
        "SZ": "SWAZILAND",
    }


def test_no_two_countries_share_a_spelling_but_those_that_are_said_to() -> None:
    said = {plain_country(name) for group in module._data()["ambiguous"] for name in group["names"]}
    said |= {f"the{plain}" for plain in said if plain.isascii()}
    english = {plain for plain, named in module._english().items() if len(named) > 1}
    assert english == said
    # Portuguese names in pycountry: one of Afghanistan's is Pakistan's.
    assert {plain for plain, named in country_names().items() if len(named) > 1} - english == {
        "republicaislamicadopaquistao"
    }


def test_every_spelling_of_the_data_belongs_to_the_country_under_which_it_stands() -> None:
    for code, spellings in module._data()["spellings"].items():
        assert {country_of(spelling) for spelling in spellings} == {countries()[code]}, code


SPELLINGS = sorted(
    (spelling, code) for code, spellings in module._data()["spellings"].items() for spelling in spellings
) + sorted(
    (name, c.code) for c in countries().values() for name in (c.name, c.name_2016, c.in_prose) if name != "CONGO"
)


@given(st.sampled_from(SPELLINGS), st.sampled_from([str.lower, str.upper, str.title, str.strip]), st.data())
def test_case_spacing_and_punctuation_do_not_matter(spelled: tuple[str, str], cased, data: st.DataObject) -> None:
    spelling, code = spelled
    place = data.draw(st.integers(0, len(spelling)))
    noise = data.draw(st.text(string.punctuation.replace("&", "") + " \u00a0", max_size=3))
    country = country_of(cased(spelling[:place] + noise + spelling[place:]))
    assert country is not None
    assert country.code == code


@given(
    st.sampled_from([spelling for spelling, _ in SPELLINGS]) | st.sampled_from(list(countries())),
    st.sampled_from("\x00\x1b\x7f\u200b\u202e\ufeff"),
    st.data(),
)
def test_what_cannot_be_printed_makes_no_other_country(spelling: str, hidden: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(spelling)))
    hiding = spelling[:place] + hidden + spelling[place:]
    assert country_of(hiding) == country_of(printable(hiding))


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    assert country_of(text) in (None, *countries().values())
    assert suggested_country(text) in (None, *countries().values())


@dataclass(frozen=True)
class Lists:
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


def test_a_country_is_on_the_lists_that_name_it_in_the_programs_order() -> None:
    risk = Lists({"Z list": ("CD", "AF"), "A list": ("CD",), "B list": ("AF",)})
    assert risk_lists(countries()["CD"], risk) == ("Z list", "A list")
    assert risk_lists(countries()["PE"], risk) == ()
