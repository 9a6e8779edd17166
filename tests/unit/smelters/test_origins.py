"""A mine country cell is read to countries and statements; what is not a country is never counted as one."""

import gettext
from pathlib import Path

import pycountry
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracelode.smelters.countries import candidates_of, countries, country_names, covered_countries
from tracelode.smelters.origin import MOST_NOT_UNDERSTOOD, OriginKind
from tracelode.smelters.origin_statements import phrases
from tracelode.smelters.origin_tokens import data
from tracelode.smelters.origins import origin_of, read_origin, recorded_origin
from tracelode.submission import RECYCLED
from tracelode.workbooks.limits import MAX_TEXT

TEMPLATE_WORDS = {
    OriginKind.CONFIRMED_BY_RMI: "RCOI confirmed as per RMI|根据 RMI 确认 RCOI|"
    "RMIにより確認されたRCOI|RMI에 따라 확인된 RCOI|"
    "RCOI confirmed as per RMI（RMIにより確認されたRCOI）|RCOI confirmado segundo a RMI|RCOI-bestätigt gemäß RMI|"
    "Enquête à travers la chaîne d’approvisionnement (RCOI) confirmée conformément à la RMI|Conferma RCOI come da RMI|"
    "RMI uyarınca onaylanan RCOI",
    OriginKind.RECYCLED: "Recycled|Scrap|回收料|报废料|Recycled（リサイクル業者）|"
    "Scrap（スクラップサプライヤー）|Recyclé|Débris|Reciclado|"
    "Reciclada|Sucata|wiederverwertet|Ausschuss|Riciclato|Scarto|Geri Dönüştürülmüş|Hurda",
    OriginKind.UNKNOWN: "Unknown|未知|Unknown（不明）|Inconnu|Desconhecido|Unbekannt|Sconosciuto|Bilinmiyor",
}
"""What the instructions of CMRT 6.5 name in their ten languages (A63, A64)."""


def codes(text: str) -> list[str]:
    return [country.code for country in read_origin(text).countries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peru", "PE"),
        ("Peru, Bolivia; Brazil / Chile & Mexico and Mali", "PE BO BR CL MX ML"),
        ("Korea, Republic of", "KR"),
        ("Korea, Republic of, Peru", "KR PE"),
        ("Peru; Korea, Republic of / Japan", "PE KR JP"),
        ("Congo, Democratic Republic of the, Rwanda", "CD RW"),
        ("the Democratic Republic of the Congo and the Republic of the Congo", "CD CG"),
        ("Bosnia and Herzegovina and Peru", "BA PE"),
        ("Trinidad & Tobago & Peru", "TT PE"),
        ("Bolivia (Plurinational State of), Peru", "BO PE"),
        ("Guinea, Guinea-Bissau, Papua New Guinea", "GN GW PG"),
        ("Niger Nigeria", "NE NG"),
        ("South Sudan, Sudan", "SS SD"),
        ("Peru\nChile", "PE CL"),
        ("Peru Chile", "PE CL"),
        ("Democratic Republic of Congo Rwanda", "CD RW"),
        ("Peru - Bolivia", "PE BO"),
        ("PE, BO, US", "PE BO US"),
        ("China, Taiwan", "CN TW"),
        ("Taiwan, China", "TW"),
        ("China (Taiwan)", "TW"),
        ("Peru, peru, PERU", "PE"),
        ("中国、秘鲁", "CN PE"),
        ("刚果民主共和国和卢旺达", "CD RW"),
        ("ルワンダ、コンゴ民主共和国", "RW CD"),
        ("Ruanda y Perú", "RW PE"),
        ("Côte d'Ivoire et Mali", "CI ML"),
        ("Serbia and Montenegro", "RS ME"),
    ],
)
def test_one_country_or_several_are_read_whatever_stands_between_them(text: str, expected: str) -> None:
    origin = read_origin(text)
    assert [country.code for country in origin.countries] == expected.split()
    assert (origin.kind, origin.not_understood, origin.statements) == (OriginKind.COUNTRIES, (), ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [(text, kind) for kind, texts in TEMPLATE_WORDS.items() for text in texts.split("|")],
)
def test_what_the_template_allows_instead_of_a_country_is_a_statement(text: str, kind: OriginKind) -> None:
    origin = read_origin(text)
    assert (origin.countries, origin.kind, origin.not_understood) == ((), kind, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RECYCLED, OriginKind.RECYCLED),
        ("100% recycled / scrap material", OriginKind.RECYCLED),
        ("RCOI conducted by RMI", OriginKind.CONFIRMED_BY_RMI),
        ("L1", OriginKind.COUNTRY_LEVELS),
        ("L1, L2", OriginKind.COUNTRY_LEVELS),
        ("Level 1, 2 and 3 countries", OriginKind.COUNTRY_LEVELS),
        ("various", OriginKind.VARIOUS),
        ("Multiple countries", OriginKind.VARIOUS),
        ("Not disclosed by the smelter", OriginKind.NOT_DISCLOSED),
        ("CONFIDENTIAL", OriginKind.NOT_DISCLOSED),
        ("保密", OriginKind.NOT_DISCLOSED),
        ("N/A", OriginKind.NOT_APPLICABLE),
        ("NA", OriginKind.NOT_APPLICABLE),
        ("k.A.", OriginKind.NOT_APPLICABLE),
        ("country of origin is unknown", OriginKind.UNKNOWN),
        ("TBD", OriginKind.UNKNOWN),
        ("???", OriginKind.UNKNOWN),
        ("", OriginKind.NOTHING),
        ("--", OriginKind.NOTHING),
        ("NO", OriginKind.NOTHING),
        ("None", OriginKind.NOTHING),
    ],
)
def test_a_statement_that_is_no_country_is_counted_as_none(text: str, kind: OriginKind) -> None:
    origin = read_origin(text)
    assert (origin.countries, origin.kind, origin.not_understood) == ((), kind, ())


@pytest.mark.parametrize(
    ("text", "not_understood"),
    [
        ("Congo", ("Congo",)),
        ("CONGO", ("CONGO",)),
        ("Africa", ("Africa",)),
        ("pe", ("pe",)),
        ("as/is", ("as", "is")),
        ("Mine 12", ("Mine 12",)),
        ("RCOI not confirmed", ("RCOI not confirmed",)),
    ],
)
def test_what_is_neither_is_said_not_to_be_understood(text: str, not_understood: tuple[str, ...]) -> None:
    origin = read_origin(text)
    assert (origin.countries, origin.kind, origin.not_understood) == ((), OriginKind.NOT_UNDERSTOOD, not_understood)


CELLS = [
    line.split("\t") for line in (Path(__file__).parent / "origin_cells.tsv").read_text("utf-8").split("\n") if line
]


@pytest.mark.parametrize(("cell", "expected", "perhaps"), CELLS, ids=[cell for cell, _, _ in CELLS])
def test_cells_as_people_fill_them(cell: str, expected: str, perhaps: str) -> None:
    origin = read_origin(cell)
    assert [country.code for country in origin.countries] == expected.split()
    assert origin.perhaps_covered == bool(perhaps)


def test_countries_count_beside_what_is_not_understood_and_beside_statements() -> None:
    origin = read_origin("The hill, Peru; Recycled / Rwanda (Congo) & unknown; The hill")
    assert [country.code for country in origin.countries] == ["PE", "RW"]
    assert origin.kind is OriginKind.COUNTRIES
    assert origin.statements == (OriginKind.RECYCLED, OriginKind.UNKNOWN)
    assert origin.not_understood == ("The hill", "Congo")


def test_a_text_that_an_earlier_release_cut_off_is_not_read_to_its_last_name() -> None:
    # GIVEN a list of countries that was kept up to the middle of Guinea-Bissau
    cut = "Peru, " * 32 + "; Guinea"
    assert len(cut) == 200
    # THEN Guinea is not taken from it, though it is from a cell of that length as it is read now
    assert [country.code for country in origin_of(cut).countries] == ["PE"]
    assert origin_of(cut).not_understood[-1].endswith("Guinea")
    assert codes(cut) == ["PE", "GN"]


@pytest.mark.parametrize("cell", [cell for cell, _, _ in CELLS])
def test_what_is_recorded_of_a_cell_is_what_it_says(cell: str) -> None:
    assert origin_of(recorded_origin(read_origin(cell))) == read_origin(cell)


def test_what_is_not_understood_is_bounded_in_number_and_countries_are_not() -> None:
    text = "; ".join([*(f"hill {chr(97 + number % 26)}{number}x" for number in range(60)), "Mali", "Chad"])
    origin = read_origin(text)
    assert [country.code for country in origin.countries] == ["ML", "TD"]
    assert len(origin.not_understood) == MOST_NOT_UNDERSTOOD


def test_a_cell_of_all_countries_is_read_to_its_end() -> None:
    every = countries().values()
    text = ", ".join(country.in_prose for country in every)
    assert len(text) <= MAX_TEXT
    assert set(codes(text)) >= {country.code for country in covered_countries()}
    assert len(codes(text)) > 0.98 * len(every)


def test_every_statement_of_the_data_is_read_as_itself() -> None:
    for kind in OriginKind:
        for phrase in data().get(kind.name.lower(), {}).get("phrases", ()):
            assert read_origin(phrase).kind is kind, phrase


def test_no_statement_is_also_the_name_of_a_country() -> None:
    assert not set(phrases()) & set(country_names())
    for kind in OriginKind:
        for word in data().get(kind.name.lower(), {}).get("core", ()):
            assert read_origin(word).countries == ()


FORMS = sorted(
    (form, c.code) for c in countries().values() for form in (c.name, c.name_2016, c.in_prose) if form != "CONGO"
)
BETWEEN = [", ", "; ", " / ", " & ", " and ", "、", "\n", " | ", " + ", "；", " und "]


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4), st.sampled_from(BETWEEN))
def test_any_list_of_printed_forms_reads_back_to_its_countries(listed: list[tuple[str, str]], between: str) -> None:
    text = between.join(form for form, _ in listed)
    origin = read_origin(text)
    expected = list(dict.fromkeys(code for _, code in listed))
    # What qualifies a name stands behind it: Taiwan and China in this order are one.
    if "CN" in expected and {"TW", "HK", "MO"} & set(expected):
        assert {country.code for country in origin.countries} <= set(expected)
    else:
        assert [country.code for country in origin.countries] == expected
    assert origin.not_understood == ()


@given(st.text(), st.text())
def test_no_text_breaks_the_reading_and_nothing_is_lost_silently(before: str, after: str) -> None:
    text = f"{before}, {after}"
    origin = read_origin(text)
    assert origin.countries or origin.statements or origin.not_understood
    assert (origin.kind is OriginKind.COUNTRIES) == bool(origin.countries)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Zs"]), max_size=30))
def test_a_word_beside_a_country_never_adds_one(word: str) -> None:
    assume(not read_origin(word).countries and f"{word}Peru" not in country_names())
    assert set(codes(f"{word}; Peru")) <= {"PE"}


LISTS = st.lists(st.sampled_from([form for form in FORMS if "CONGO" not in form[0]]), min_size=1, max_size=12)


@given(LISTS, st.sampled_from(["; ", "\n"]), st.sampled_from([cell for cell, _, _ in CELLS]))
def test_whatever_is_appended_to_a_list_no_country_that_was_read_is_lost(listed, between: str, tail: str) -> None:
    text = between.join(form for form, _ in listed)
    assert set(codes(text)) <= set(codes(f"{text}{between}{tail}"))


@given(
    st.permutations([country.in_prose for country in covered_countries()]),
    st.lists(st.sampled_from(BETWEEN), min_size=9),
)
def test_covered_countries_are_read_wholly_in_any_order_and_between_any_signs(
    names: list[str], between: list[str]
) -> None:
    text = names[0] + "".join(f"{sign}{name}" for sign, name in zip(between, names[1:], strict=False))
    assert set(codes(text)) == {country.code for country in covered_countries()}


IN_SENTENCES = {
    "": ["Mined in {}", "{} 100%", "1. Peru 2. {}", "{} and other countries", "Some ore comes from {}", "{} (30 t)"],
    "de": ["abgebaut in {}", "Erz aus {}", "{} und andere Länder"],
    "fr": ["extrait: {}", "mines: {}", "minerais provenant de {}"],
    "es": ["extraído en {}", "minas de {}"],
    "it": ["estratto in {}", "miniere in {}"],
    "pt": ["extraído: {}", "minas: {}"],
    "tr": ["{} madeni", "Peru, {}"],
    "zh_CN": ["产自{}", "{}和秘鲁", "秘鲁、{}"],
    "ja": ["{}産", "ペルーと{}", "原産: {}"],
    "ko": ["{}에서", "페루, {}"],
}
NOT_IN_SENTENCES = {
    "": ["not from {}", "no {}", "{} (0%)", "{}: none", "without {}", "except {}"],
    "de": ["nicht aus {}", "ohne {}", "kein {}"],
    "fr": ["sans {}", "hors {}"],
    "es": ["excepto {}", "sin {}"],
    "it": ["senza {}", "tranne {}"],
    "pt": ["sem {}", "exceto {}"],
    "tr": ["{} hariç", "{} değil"],
    "zh_CN": ["不来自{}", "除{}以外"],
    "ja": ["{}以外", "{}ではない"],
    "ko": ["{} 제외"],
}


def named_in(language: str, code: str) -> str:
    name = pycountry.countries.get(alpha_2=code)
    english = countries()[code].in_prose
    return (
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language]).gettext(name.name) if language else english
    )


def sentences(of: dict[str, list[str]]):
    return st.sampled_from([(language, each) for language, listed in of.items() for each in listed])


@given(sentences(IN_SENTENCES), st.sampled_from([country.code for country in covered_countries()]))
def test_a_country_in_a_sentence_counts_in_any_of_the_languages(sentence: tuple[str, str], code: str) -> None:
    language, form = sentence
    name = named_in(language, code)
    assume(len(candidates_of(name)) == 1)
    assert code in codes(form.format(name))


@given(sentences(NOT_IN_SENTENCES), st.sampled_from([country.code for country in covered_countries()]))
def test_a_country_that_is_denied_counts_in_none_of_them(sentence: tuple[str, str], code: str) -> None:
    language, form = sentence
    origin = read_origin(f"Peru; {form.format(named_in(language, code))}")
    assert [country.code for country in origin.countries] == ["PE"]
    assert not origin.perhaps_covered


@given(
    st.sampled_from([country.in_prose for country in countries().values()]),
    st.sampled_from(sorted(data()["us_states"].values())),
)
def test_a_town_or_state_of_the_usa_that_is_called_like_a_country_is_none(name: str, state: str) -> None:
    assume(state != "Georgia")
    assert set(codes(f"{name}, {state}, USA")) == {"US"}


@given(
    st.lists(st.sampled_from(["HR", "LR", "MR", "L1", "L2"]), min_size=1, max_size=4),
    st.sampled_from([", ", "; ", "/"]),
)
def test_categories_of_risk_are_no_countries(listed: list[str], between: str) -> None:
    origin = read_origin(between.join(listed))
    assert (origin.countries, origin.perhaps_covered) == ((), False)
    for group in ("CC", "L3"):
        assert read_origin(between.join([*listed, group])).perhaps_covered
