"""A mine country cell is read to countries and statements; what is not a country is never counted as one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracelode.smelters.countries import countries, country_names
from tracelode.smelters.origins import LONGEST_ORIGIN, OriginKind, _data, _phrases, read_origin
from tracelode.submission import ORIGIN_CHARACTERS, RECYCLED

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
        ("New Mexico", ("New Mexico",)),
        ("pe", ("pe",)),
        ("as/is", ("as", "is")),
        ("Confidential Peru", ("Confidential Peru",)),
        ("Mine 12", ("Mine 12",)),
        ("covered countries", ("covered countries",)),
        ("RCOI not confirmed", ("RCOI not confirmed",)),
    ],
)
def test_what_is_neither_is_said_not_to_be_understood(text: str, not_understood: tuple[str, ...]) -> None:
    origin = read_origin(text)
    assert (origin.countries, origin.kind, origin.not_understood) == ((), OriginKind.NOT_UNDERSTOOD, not_understood)


@pytest.mark.parametrize(
    "text",
    ["Not from DRC, Rwanda or Uganda", "Non-DRC, Rwanda", "Outside DRC; Rwanda", "none; DRC", "No, DRC",
     "kein Kongo, Ruanda", "any country except Rwanda, DRC", "不是卢旺达、刚果（金）", "Rwanda, DRC 제외한 국가"],
)  # fmt: skip
def test_a_country_that_is_denied_is_not_counted_and_nor_is_any_beside_it(text: str) -> None:
    origin = read_origin(text)
    assert (origin.countries, origin.kind, origin.not_understood) == ((), OriginKind.NOT_UNDERSTOOD, (text,))


def test_countries_count_beside_what_is_not_understood_and_beside_statements() -> None:
    origin = read_origin("Mine No. 3, Peru; Recycled / Rwanda (Congo) & unknown; Mine No. 3")
    assert [country.code for country in origin.countries] == ["PE", "RW"]
    assert origin.kind is OriginKind.COUNTRIES
    assert origin.statements == (OriginKind.RECYCLED, OriginKind.UNKNOWN)
    assert origin.not_understood == ("Mine No. 3", "Congo")


def test_the_last_name_of_a_text_that_was_cut_off_is_not_read() -> None:
    # GIVEN a list of countries that is kept up to the middle of Guinea-Bissau
    cut = "Peru, " * 32 + "; Guinea"
    assert len(cut) == ORIGIN_CHARACTERS
    # THEN Guinea is not taken from it, though it is from a shorter text
    assert codes(cut) == ["PE"]
    assert read_origin(cut).not_understood[-1] == "Guinea"
    assert codes(cut[6:]) == ["PE", "GN"]


def test_a_longer_text_is_read_to_the_limit() -> None:
    text = "Peru, " * (LONGEST_ORIGIN // 6) + "Mali, Chad"
    assert codes(text) == ["PE"]
    assert read_origin(text).not_understood == ("M",)


def test_every_statement_of_the_data_is_read_as_itself() -> None:
    for kind in OriginKind:
        for phrase in _data().get(kind.name.lower(), {}).get("phrases", ()):
            assert read_origin(phrase).kind is kind, phrase


def test_no_statement_is_also_the_name_of_a_country() -> None:
    assert not set(_phrases()) & set(country_names())
    for kind in OriginKind:
        for word in _data().get(kind.name.lower(), {}).get("core", ()):
            assert read_origin(word).countries == ()


FORMS = sorted(
    (form, c.code) for c in countries().values() for form in (c.name, c.name_2016, c.in_prose) if form != "CONGO"
)
BETWEEN = [", ", "; ", " / ", " & ", " and ", "、", "\n", " | ", " + ", "；", " und "]


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4), st.sampled_from(BETWEEN))
def test_any_list_of_printed_forms_reads_back_to_its_countries(listed: list[tuple[str, str]], between: str) -> None:
    text = between.join(form for form, _ in listed)
    assume(len(text) != ORIGIN_CHARACTERS)
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
