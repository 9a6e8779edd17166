"""What people type is read as it is meant, in any spelling of its kind; what means nothing stays nothing."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracelode.declarations.identifier import cid_of
from tracelode.declarations.place import placed_products
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.vocabulary import choice_of
from tracelode.lists.effective_date import ambiguous, date_of
from tracelode.review.rules.functions import names_a_function
from tracelode.review.rules.plausible import is_email
from tracelode.template_kind import CMRT
from tracelode.workbooks.grid import Grid
from tracelode.workbooks.links import links_in

LAYOUT = TEMPLATES.newest(CMRT)
SHARES = ("100%", "Greater than 90%", "Greater than 75%", "Greater than 50%", "50% or less", "None")


@given(
    st.integers(0, 999_999),
    st.sampled_from(["", " ", "-", "_", ":", ": ", " - ", ".", "#", " No. "]),
    st.sampled_from(["", "#", " ", "("]),
    st.sampled_from(["", ";", ",", ".", ")", " "]),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.booleans(),
)
def test_a_smelter_s_number_is_read_in_any_spelling(number, between, before, behind, case, wide) -> None:
    assume("No" not in between)
    text = f"{before}{case('CID')}{between}{number:06}{behind}"
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
        assert unicodedata.normalize("NFKC", text).isascii()
    assert cid_of(text) == f"CID{number:06}"


@pytest.mark.parametrize("text", ["CID00046", "CID0004600", "CID 1", "000460", "XCID000460", "CID000460A", "CID", ""])
def test_nothing_is_guessed_of_a_number_that_is_not_whole(text: str) -> None:
    assert cid_of(text) is None


FORMS = (
    "{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{y:04}. {m}. {d}.", "{y:04}.{m:02}.{d:02}", "{y:04}{m:02}{d:02}",
    "{y:04}年{m}月{d}日", "{y:04}년 {m}월 {d}일", "{m}月{d}日{y:04}", "ngày {d} tháng {m} năm {y:04}",
    "{d} {month} {y:04}", "{d}. {month} {y:04}", "{month} {d}, {y:04}", "{d}-{month}-{y:04}",
    "Monday, {month} {d}, {y:04}",
    "{y:04}年{m}月{d}日(月)",
)  # fmt: skip
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
}


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_is_known_by_its_name(language: str) -> None:
    names = MONTHS[language].split()
    assert [date_of(f"1 {name} 2026", date1904=False) for name in names] == [date(2026, m, 1) for m in range(1, 13)]


@given(
    st.dates(date(2000, 1, 1), date(2079, 12, 31)),
    st.sampled_from(FORMS),
    st.sampled_from(sorted(MONTHS)),
    st.booleans(),
)
def test_a_date_is_read_in_the_forms_of_twenty_places(day: date, form: str, language: str, wide: bool) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day, month=MONTHS[language].split()[day.month - 1])
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isdigit() else sign for sign in text)
    assert date_of(text, date1904=False) == day


@given(st.dates(date(2000, 1, 1), date(2079, 12, 31)), st.sampled_from("/-."), st.booleans())
def test_a_date_of_numbers_alone_is_ambiguous_where_day_and_month_can_be_swapped(
    day: date, sign: str, first: bool
) -> None:
    parts = (day.day, day.month) if first else (day.month, day.day)
    text = sign.join(map(str, (*parts, day.year)))
    swappable = day.day <= 12 and day.day != day.month
    assert date_of(text, date1904=False) == (None if swappable else day)
    assert ambiguous(text) == swappable


@given(st.sampled_from(["", ".0", ".00", ",0", ".000"]), st.sampled_from(["", "%", " %", "％", " percent"]))
def test_a_hundred_percent_is_that_choice_however_it_is_written(digits: str, sign: str) -> None:
    assert choice_of(f"100{digits}{sign}", SHARES) == "100%"
    assert choice_of(f"95{digits}{sign}", SHARES) is None
    assert choice_of(f"100{digits}{sign}", ("Yes", "No")) is None


ADDRESS = st.from_regex(r"[a-z][a-z0-9.]{0,8}[a-z]@[a-z]{2,8}\.(com|co\.jp|de)", fullmatch=True)


@given(st.lists(ADDRESS, min_size=1, max_size=3), st.sampled_from(["; ", ",", " / ", " and ", "\n"]))
def test_addresses_are_whole_or_something_is_wrong(addresses: list[str], between: str) -> None:
    assert is_email(between.join(addresses))
    assert is_email(f"Ann Weaver <{addresses[0]}>")
    assert is_email(f"E-mail: {addresses[0]}")
    assert not is_email(f"ann,{addresses[0]}")
    assert not is_email(f"{between.join(addresses)}{between}ann")


@pytest.mark.parametrize(
    "text", ["CEO", "Quality Department", "Sales Team", "Purchasing", "Leiter Einkauf", "Responsable qualité", "质量部",
             "Director de Compras", "品質保証部", "구매팀", "EHS Manager"],
)  # fmt: skip
def test_a_function_is_no_person(text: str) -> None:
    assert names_a_function(text)


@pytest.mark.parametrize(
    "text", ["Maria Sales", "Ann Weaver", "Dr. Quality Smith", "王经", "李明", "Bo Manager-Carver", "", "7"]
)
def test_a_person_is_one_whatever_else_stands_beside_the_name(text: str) -> None:
    assert not names_a_function(text)


HEADINGS = {
    "number": "Responder's Product Number",
    "name": "Responder's Product Name",
    "requester_number": "Requester’s Product Number",
    "requester_name": "Requester's Product Name",
    "comments": "Comments",
}


@given(st.permutations(sorted(HEADINGS)), st.integers(0, 3), st.integers(1, 9))
def test_the_product_list_is_read_by_its_headings_in_any_order(order: list[str], before: int, header_row: int) -> None:
    rows = [[None] * 9 for _ in range(header_row - 1)]
    rows.append([*[None] * before, *(HEADINGS[name] for name in order)])
    place = placed_products(Grid(rows), LAYOUT.product_list)
    assert place.first_row == header_row + LAYOUT.product_list.first_row - LAYOUT.product_list.header_row
    for number, name in enumerate(order, start=before + 1):
        assert place.column(name) == number


def test_where_cells_lead_is_read_and_nothing_is_followed() -> None:
    sheet = (
        b'<row><c r="G63" t="str"><f>HYPERLINK("https://example.com/a?b=1&amp;c=2","Our policy")</f><v>Ours</v></c>'
        b'<c r="G64"><f>SUM(1)</f></c></row><hyperlinks><hyperlink ref="B2:C2" r:id="r7"/>'
        b'<hyperlink ref="B3" location="Sheet!A1"/></hyperlinks>'
    )
    assert links_in(sheet, {"r7": "https://example.com/p"}) == {
        "G63": "https://example.com/a?b=1&c=2",
        "B2": "https://example.com/p",
    }
