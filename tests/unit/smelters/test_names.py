from collections import defaultdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.smelters.knowledge import annex_names
from tracelode.smelters.names import core_name, legal_forms_differ, plain_name, spoken_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cendres + Métaux S.A.", "CENDRES+METAUX SA"),
        ("KGHM Polska Miedź Spółka Akcyjna", "Kghm  Polska Miedz Spolka Akcyjna"),
        ("ＤＯＷＡ", "Dowa"),
        ("Jiangxi Minmetals Gao'an", "Jiangxi Minmetals Gao’an"),
        ("Mitsui Mining & Smelting", "Mitsui Mining and Smelting"),
        ("H.C. Starck GmbH & Co. KG", "H. C. Starck GmbH & Co.KG"),
        ("Nadir A.Ş.", "NADİR A.S."),
        ("Großhütte", "GROSSHUTTE"),
        ("Zhuzhou Cemented-Carbide", "ZhuZhou CementedCarbide"),
        ("株洲硬质合金", "株洲 硬质合金"),
    ],
)
def test_two_spellings_of_one_name_have_one_plain_name(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PT Inti Stania Prima", "PT Mitra Stania Prima"),
        ("OOO Technolom 1", "OOO Technolom 2"),
        ("江西", "浙江"),
        ("ガ", "カ"),
        ("H.C. Starck Ltd.", "H.C. Starck Inc."),
    ],
)
def test_two_names_keep_two_plain_names(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@pytest.mark.parametrize("text", ["", " ", "?", "--", "…"])
def test_a_text_without_letters_is_no_name(text: str) -> None:
    assert plain_name(text) == core_name(text) == ""


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Exotech Inc.", "exotech"),
        ("Taki Chemical Co., Ltd.", "takichemical"),
        ("Taki Chemical Co.,Ltd", "takichemical"),
        ("PT Timah (Persero) Tbk Kundur", "timahkundur"),
        ("H.C. Starck Smelting GmbH & Co. KG", "hcstarcksmelting"),
        ("KGHM Polska Miedź Spółka Akcyjna", "kghmpolskamiedz"),
        ("Modeltech Sdn Bhd", "modeltech"),
        ("Gejiu Kai Meng Industry and Trade Limited Liability Company", "gejiukaimengindustrytrade"),
        ("Soft Metais S/A", "softmetais"),
        ("Metalúrgica Met-Mex Peñoles S.A. De C.V.", "metalurgicametmexpenoles"),
        ("L.L.C. Example", "example"),
        ("タニオビス・ジャパン株式会社", "タニオビスジャパン"),
        ("株洲硬质合金集团有限公司", "株洲硬质合金集团"),
        ("㈱三菱", "三菱"),
        ("ООО «Технолом»", "технолом"),
        ("The Perth Mint", "perthmint"),
    ],
)
def test_a_core_name_has_neither_legal_form_nor_small_words(name: str, core: str) -> None:
    assert core_name(name) == core


def test_a_name_of_legal_forms_alone_keeps_them() -> None:
    assert core_name("Co., Ltd.") == "coltd"
    assert core_name("SA") == "sa"


@pytest.mark.parametrize("name", ["Gold Refinery", "Tin Group", "Metals Plant", "Yunnan Smelting"])
def test_words_of_the_trade_tell_facilities_apart_and_stay(name: str) -> None:
    assert core_name(name) == plain_name(name)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Xu Inc.", "Xu Limited", True),
        ("Xu GmbH", "Xu Co., Ltd.", True),
        ("Xu LLC", "Xu JSC", True),
        ("Xu Co., Ltd.", "Xu Ltd", False),
        ("Xu Company Limited", "Xu Pvt. Ltd.", False),
        ("Xu OJSC", "JSC Xu", False),
        ("Xu S.A.", "Xu Spółka Akcyjna", False),
        ("CV Xu", "PT Xu", False),
        ("Xu", "Xu Inc.", False),
        ("Xu Company", "Xu Inc.", False),
    ],
)
def test_legal_forms_of_two_kinds_tell_two_companies_apart(one: str, other: str, differ: bool) -> None:
    assert core_name(one) == core_name(other) == "xu"
    assert legal_forms_differ(one, other) is legal_forms_differ(other, one) is differ


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("Солика́мск ОАО", ("solikamsk",)), ("삼원", ("samwon",)), ("ООО Хафнер Лтд.", ("hafner",))],
)
def test_spoken_words_are_latin_whatever_the_script(name: str, spoken: tuple[str, ...]) -> None:
    assert spoken_words(name) == spoken


@given(st.text(max_size=60))
def test_a_plain_name_is_letters_and_digits_and_plain_already(name: str) -> None:
    plain = plain_name(name)
    assert not any(character.isspace() or character in "'.,&-_()" for character in plain)
    assert plain_name(f"  {name.upper().lower()}  ") == plain_name(name.upper().lower())
    assert bool(core_name(name)) == bool(plain)


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Zs", "Po"]))


@given(LETTERS.map(lambda text: (text * 200)[:200]), LETTERS, LETTERS)
def test_a_name_of_any_length_is_compared_by_its_beginning(beginning: str, one: str, other: str) -> None:
    """Twice as long as any real one: what a cell can hold beyond that costs a report nothing."""
    assume(len(beginning) == 200)
    for form in (plain_name, core_name, spoken_words):
        assert form(beginning + one) == form(beginning + other) == form(beginning)
    assert legal_forms_differ(f"{beginning} Inc.", "X GmbH") == legal_forms_differ(beginning, "X GmbH")


def test_no_two_of_the_annexs_facilities_have_one_plain_name_and_one_group_shares_a_core_name() -> None:
    # GIVEN the 310 facilities of the example's annex
    plain, core = defaultdict(set), defaultdict(set)
    for name in annex_names():
        plain[name.facility.metal, plain_name(name.name)].add(name.facility.cid)
        core[name.facility.metal, core_name(name.name)].add(name.name)
    # THEN every plain name is one facility's, and every shared core name is listed here
    assert len(annex_names()) == len(plain) == 310
    assert {key: names for key, names in core.items() if len(names) > 1} == {
        ("Tantalum", "hcstarck"): {"H.C. Starck Co., Ltd.", "H.C. Starck Inc.", "H.C. Starck Ltd."}
    }
