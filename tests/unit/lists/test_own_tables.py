"""The team's own tables are read as people save them: any encoding, any container, the headings that people write."""

import random
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.archives import saved
from tracelode.lists.dates import column_dates
from tracelode.lists.encodings import decoded_text
from tracelode.lists.own_tables import read_table
from tracelode.lists.problems import PROBLEMS_AT_MOST, Problem, ReferenceRefusedError
from tracelode.sources.roster import Supplier, parse_roster

MIXED, GERMAN = "Größe, 三井, Łódź", "Größe & Söhne GmbH"
TEXTS = {
    "utf-8": MIXED,
    "utf-8-sig": MIXED,
    "utf-16": MIXED,
    "utf-16-le": GERMAN,
    "utf-16-be": GERMAN,
    "cp1252": "Müller & Söhne, Établissements Lefèvre",
    "cp1250": "Zakład Świętochłowice, Kovács Öntöde Győr",
    "cp1251": "ООО Металлург Новосибирск",
    "cp932": "三井金属鉱業株式会社、株式会社東京電子",
    "gb18030": "深圳市华强电子有限公司、无锡精密电子有限公司",
    "cp949": "삼성전자 주식회사",
    "big5": "台灣積體電路製造股份有限公司",
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_a_table_is_read_in_whatever_excel_saved_it(encoding: str, delimiter: str):
    name = TEXTS[encoding].replace(",", "")
    text = delimiter.join(("supplier_id", "name")) + "\r\n" + delimiter.join(("s1", name)) + "\r\n"
    (supplier,) = parse_roster(text.encode(encoding)).suppliers
    assert supplier.name == name


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused_in_words(data: bytes):
    with suppress(ReferenceRefusedError):
        assert isinstance(decoded_text("f.csv", data), str)


def test_a_workbook_is_a_table_as_well():
    book = openpyxl.Workbook()
    for row in (["Suppliers of 2025"], [], ["Supplier ID", "Supplier Name", "In scope"], ["s1", "Müller", "no"]):
        book.worksheets[0].append(row)
    (supplier,) = parse_roster(saved(book), "suppliers.xlsx").suppliers
    assert (supplier.supplier_id, supplier.name, supplier.in_scope) == ("s1", "Müller", False)


@pytest.mark.parametrize(
    "table",
    [
        "Supplier ID,Supplier Name,Contact E-Mail,In scope\ns1,Acme,a@b.example,yes",
        "vendor,name,email,in_scope\ns1,Acme,a@b.example,yes",
        "Lieferantennummer;Lieferant;E-Mail;Relevant\ns1;Acme;a@b.example;yes",
        "SUPPLIER_ID,NAME,CONTACT_EMAIL,IN_SCOPE\ns1,Acme,a@b.example,yes",
        "供应商编号,供应商名称,邮箱,in scope\ns1,Acme,a@b.example,yes",
        "name,supplier no.,in scope,mail\nAcme,s1,yes,a@b.example",
        "Roster of 2025\n\nname,supplier no.,in scope,mail\nAcme,s1,yes,a@b.example",
    ],
)
def test_columns_go_by_what_people_call_them(table: str):
    (supplier,) = parse_roster(table.encode()).suppliers
    assert supplier == Supplier("s1", "Acme", "a@b.example", in_scope=True)


def test_a_column_that_is_missing_is_told_with_what_is_near():
    with pytest.raises(
        ReferenceRefusedError, match=r'supplier_id: column is missing.*is it the one headed "suplier_idd"\?'
    ):
        read_table("suppliers.csv", b"suplier_idd,name\na,b\n", ("supplier_id", "name"))


def test_our_own_name_goes_before_what_people_call_a_column():
    (row,) = read_table("t.csv", b"supplier,name,vendor,supplier_id\nx,N,v,s1\n", ("supplier_id", "name"))
    assert (row["supplier_id"], row["name"]) == ("s1", "N")


@given(st.permutations(["01/02/2026", "15.12.2025", "2025-03-04", "3/4/2026"]))
def test_one_day_beyond_the_twelfth_settles_a_column(texts: list[str]):
    days = column_dates(texts)
    assert {text: (day.day, day.month) for text, day in days.items()} == {
        "01/02/2026": (1, 2), "15.12.2025": (15, 12), "2025-03-04": (4, 3), "3/4/2026": (3, 4)
    }  # fmt: skip


def test_a_column_that_says_both_or_nothing_is_not_guessed_at():
    assert column_dates(["1/5/2026", "2/5/2026"]) == {}
    assert set(column_dates(["1/5/2026", "13/5/2026", "5/14/2026"])) == {"13/5/2026", "5/14/2026"}


def test_what_is_wrong_in_many_rows_is_one_problem():
    rows = list(range(2, 276))
    random.Random(1).shuffle(rows)
    refused = ReferenceRefusedError("f.csv", [Problem("is no date", row, "as_of", "soon") for row in sorted(rows)])
    assert [str(problem) for problem in refused.problems] == [
        "rows 2, 3, 4 and 271 more, column as_of: is no date (found 'soon' first)"
    ]


def test_problems_without_end_are_counted():
    refused = ReferenceRefusedError("f.csv", [Problem(f"kind {number}", number) for number in range(1_000)])
    assert len(refused.problems) == PROBLEMS_AT_MOST + 1
    assert str(refused.problems[-1]) == "and 900 more of other kinds"


@pytest.mark.parametrize("other", ["ACME", "ac me", "Ａcme"])
def test_ids_that_a_person_takes_for_one_are_asked_about(other: str):
    with pytest.raises(ReferenceRefusedError, match="supplier_id"):
        parse_roster(f"supplier_id,name\nacme,A\n{other},B\n".encode())
