"""What passes for a name, an address, a mine; in doubt it passes."""

import pytest

from tracelode.review.rules.plausible import (
    country_code,
    is_covered,
    is_email,
    is_english_script,
    is_phone,
    is_placeholder,
    is_trader,
    is_web_address,
    names_a_mine,
)
from tracelode.smelters.origins import read_origin, says_recycled

TEMPLATE_WORDS = (
    "recycled",
    "scrap",
    "回收",
    "报废",
    "回收料",
    "报废料",
    "回收/报废",
    "回收料和报废料",
    "回收或报废",
    "再生利用品",
    "スクラップ",
    "再生利用品/スクラップ",
    "再生利用品又はスクラップ",
    "재활용",
    "스크랩",
    "재활용/스크랩",
    "재활용 또는 스크랩",
    "reciclado",
    "desperdício",
    "reciclado ou desperdício",
    "Schrott",
    "recycled oder Schrott",
    "Recycling/Schrott",
    "desecho",
    "reciclado o desecho",
    "riciclato",
    "scorie",
    "riciclato o scorie",
    "geri dönüştürülmüş",
    "hurda",
    "geri dönüştürülmüş/hurda",
    "rebuts de production",
    "déchets de consommation",
)
"""What the headers of columns N and O of the Smelter List tell suppliers to write (CMRT 6.5, sheet L)."""


@pytest.mark.parametrize("text", ["n/a", "N.A.", "same", "Same as above", "-", "...", "0", "12345", "xxx", "x", "同上",
                                  "なし", "해당 없음", "keine Angabe", "Unknown", ""])  # fmt: skip
def test_a_placeholder_only_fills_its_cell(text: str):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Na Li", "Bo", "3M", "李", "ああ", "Nonesuch Ltd", "X1", "Sam E. Sample"])
def test_what_might_be_a_name_is_no_placeholder(text: str):
    assert not is_placeholder(text)


@pytest.mark.parametrize(("text", "expected"), [
    ("a@example.com", True), ("Jo <jo@mail.example.co.jp>", True), ("x; jo@example.com", False),
    ("jo@example.com; al@example.com", True), ("jo@example", False),
    ("@", False), ("jo@.com", False), ("jo@example.", False), ("@example.com", False), ("jo example.com", False),
    ("jo@ example.com", False), ("x" * 316 + "@a.c", True), ("x" * 317 + "@a.c", False),
])  # fmt: skip
def test_an_e_mail_address_has_a_domain_with_a_dot(text: str, expected: bool):
    assert is_email(text) is expected


@pytest.mark.parametrize(("text", "expected"), [("+1 (2) 34-5", True), ("1234", False), ("ext. 12", False)])
def test_a_phone_number_has_five_digits(text: str, expected: bool):
    assert is_phone(text) is expected


@pytest.mark.parametrize(("text", "expected"), [
    ("https://example.com/policy", True), ("HTTP://EXAMPLE.COM", True), ("example.com", True),
    ("See (www.example.com).", True), ("example.com:8080/a?b#c", True), ("网址:https://example.com", True),
    ("https://例え.jp", True), ("http://localhost", False), ("jo@example.com", False), ("On our homepage", False),
    ("v2.0", False), ("Yes.", False), ("", False), ("jo@example.com and example.com", True),
])  # fmt: skip
def test_a_web_address_has_a_host_with_a_dot(text: str, expected: bool):
    assert is_web_address(text) is expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Beta Trading", True), ("BETA-TRADERS", True), ("Betatrading", False), ("深圳贝塔贸易有限公司", True),
    ("貝塔貿易有限公司", True), ("贝塔商贸", True), ("貝塔商貿", True), ("ベータ商事", True),
    ("베타무역", True), ("贝塔工贸冶炼厂", False), ("Alpha Smelting", False),
])  # fmt: skip
def test_a_trader_says_so_in_a_word_of_its_name(text: str, expected: bool):
    assert is_trader(text) is expected


@pytest.mark.parametrize(("text", "recycled", "mine"), [
    ("Recycled", True, False), ("recycled / scrap", True, False), ("SCRAP", True, False),
    ("100% Recycled", True, False), ("Secondary", True, False), ("Recycled and Peru", False, False),
    ("Scrap from Peru", False, False), ("RCOI confirmed as per RMI", False, False),
    ("Unknown", False, False), ("", False, False), ("Mine A", False, True), ("Peru", False, True),
    ("Desecho de Peru", False, False), ("RCOI not confirmed", False, False), ("Khurda", False, True),
    ("vertraulich", False, False),
])  # fmt: skip
def test_mines_and_recycled_material_are_told_apart(text: str, recycled: bool, mine: bool):
    assert (says_recycled(text), names_a_mine(text)) == (recycled, mine)


@pytest.mark.parametrize("text", TEMPLATE_WORDS)
def test_what_the_template_tells_suppliers_to_write_for_scrap_is_neither_a_mine_nor_an_unknown_country(text: str):
    assert (says_recycled(text), names_a_mine(text)) == (True, False)
    assert read_origin(text).not_understood == ()


@pytest.mark.parametrize(("text", "expected"), [
    ("RWANDA", True), ("DRC", True), ("Peru, Rwanda", True), ("Peru and Congo", True), ("Peru/DRC", True),
    ("Peru; Burundi", True), ("Peru & Uganda", True), ("Peru", False), ("", False), ("Rwandair", False),
    ("Tanzania, United Republic of", True), ("Peru,,Chile", False), ("Congo, Democratic Republic of the", True),
])  # fmt: skip
def test_a_covered_country_is_found_alone_or_among_others(text: str, expected: bool):
    assert is_covered(text) is expected


def test_countries_are_compared_by_code():
    assert country_code("Taiwan") == country_code("TAIWAN, PROVINCE OF CHINA") == "TW"
    assert country_code("Ruritania") == ""


@pytest.mark.parametrize(("text", "expected"), [
    ("Yes", True), ("", True), ("12%", True), ("我们", False), ("我们ab", True), ("我们的ab", False), ("Здесь", False),
    ("Łódź", True), ("ɏ", True), ("ɐ", False), ("12 我", False),
])  # fmt: skip
def test_english_is_written_in_latin_letters(text: str, expected: bool):
    assert is_english_script(text) is expected
