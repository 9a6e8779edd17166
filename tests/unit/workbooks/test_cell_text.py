import unicodedata
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode.lists.effective_date import ambiguous, date_of
from tracelode.workbooks.limits import MAX_COMBINING, MAX_TEXT
from tracelode.workbooks.text import entry_text, matching_key, normalised, plain_text

hostile_text = st.text(
    st.one_of(st.characters(), st.sampled_from(" \t\r\n\xa0\u200b\ufeff_x000D_#N/A１Ａ（")), max_size=60
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  a \n b\t", "a b"),
        ("ＹＥＳ（１）", "YES(1)"),
        ("100\xa0%", "100 %"),
        ("a\u200bb\ufeff", "ab"),
        ("line_x000D_\nend", "line end"),
        ("file_x0041_", "file_x0041_"),
        ("#N/A", ""),
        (" #ref! ", ""),
        ("#1 Main Street", "#1 Main Street"),
        (1.0, "1"),
        (12345.0, "12345"),
        (0.5, "0.5"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (float("inf"), ""),
        (True, "TRUE"),
        (None, ""),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31), "2026-01-31"),  # noqa: DTZ001  a workbook's dates know no zone
        (datetime(2026, 1, 31, 12, 30), "2026-01-31T12:30:00"),  # noqa: DTZ001
        (time(0, 0), "00:00:00"),
        (timedelta(days=1), "1 day, 0:00:00"),
    ],
)
def test_a_cell_reads_as_text(value: object, text: str):
    assert plain_text(value) == text  # type: ignore[arg-type]


def test_the_number_zero_is_an_empty_entry_but_the_text_zero_is_not():
    assert (entry_text(0), entry_text(0.0), entry_text("0"), entry_text(False)) == ("", "", "0", "FALSE")


@given(hostile_text)
def test_normalised_text_is_stable_bounded_and_clean(value: str):
    once = plain_text(value)
    assert plain_text(once) == once
    assert len(once) <= MAX_TEXT
    assert not any(unicodedata.category(character) == "Cc" for character in once)
    assert once == once.strip()
    assert "  " not in once


@given(st.text(max_size=10).map(lambda text: text * 2_000))
def test_long_text_is_cut(value: str):
    assert len(plain_text(value)) <= MAX_TEXT


@given(hostile_text)
def test_matching_ignores_case_width_spacing_and_punctuation(value: str):
    assert matching_key(f" {value}! ") == matching_key(value)


@pytest.mark.parametrize(
    "value",
    [
        date(2025, 4, 3),
        datetime(2025, 4, 3, 8, 0),  # noqa: DTZ001
        45750,
        45750.5,
        "2025-04-03",
        "2025/4/3",
        "2025-04-03 00:00:00",
        "3-Apr-2025",
        "3 April 2025",
        "April 3rd, 2025",
        "Apr. 3, 2025",
        "03-Apr-25",
        "3 avril 2025",
        "3. April 2025",
        "3 de abril de 2025",
        "2025年4月3日",
        "2025년 4월 3일",
    ],
)
def test_a_date_is_understood(value: object):
    assert date_of(value, date1904=False) == date(2025, 4, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "n/a", "03/04/2025", "2025-13-01", "31 Feb 2025", "5 Foo 2025", 7, 1e9, True])
def test_an_ambiguous_or_impossible_date_is_none(value: object):
    assert date_of(value, date1904=False) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("13/04/2025", date(2025, 4, 13)),
        ("04/13/2025", date(2025, 4, 13)),
        ("04.04.2025", date(2025, 4, 4)),
        ("1 Mayıs 2025", date(2025, 5, 1)),
        ("15 août 2025", date(2025, 8, 15)),
        ("2 marzo 2025", date(2025, 3, 2)),
        ("24. Dezember 2025", date(2025, 12, 24)),
        ("7 juillet 2025", date(2025, 7, 7)),
        ("7 juin 2025", date(2025, 6, 7)),
        ("3 Ocak 2025", date(2025, 1, 3)),
    ],
)
def test_a_date_that_is_one_day_only_is_understood(value: str, day: date):
    assert date_of(value, date1904=False) == day
    assert not ambiguous(value)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("03.04.2026", "Deutsch", date(2026, 4, 3)),
        ("3.4.2026 00:00", "Türkçe", date(2026, 4, 3)),
        ("04.13.2026", "Deutsch", date(2026, 4, 13)),
        ("32.13.2026", "Deutsch", None),
        ("03.04.2026", "English", None),
        ("03.04.2026", "中文 Chinese", None),
        ("03/04/2026", "Deutsch", None),
    ],
)
def test_dots_put_the_day_first_where_the_language_does(value: str, language: str, expected: date | None):
    assert date_of(value, date1904=False, language=language) == expected


@pytest.mark.parametrize("value", ["03/04/2025", "1.2.2025", "12-11-2025 00:00"])
def test_a_date_that_is_either_of_two_days_is_ambiguous(value: str):
    assert date_of(value, date1904=False) is None
    assert ambiguous(value)


@pytest.mark.parametrize("value", ["", "n/a", "45/45/2025", "31/02/2025", "2025-04-03"])
def test_what_is_no_date_or_a_plain_one_is_not_ambiguous(value: str):
    assert not ambiguous(value)


def test_a_serial_number_counts_in_the_date_system_of_the_workbook():
    assert date_of(40328, date1904=True) == date(2014, 5, 31)


@given(st.text(), st.integers(0, 2_000))
def test_a_run_of_marks_is_bounded_and_nothing_else_is_touched(before: str, marks: int):
    # GIVEN a letter with more and more marks, out of their order
    run = "a" + "\u0301\u0316" * marks
    # THEN the text around it is as Unicode has it, and the run is no longer than it may be
    read = normalised(before + run + "z")
    assert read == unicodedata.normalize("NFKC", before + run + "z") or marks * 2 > MAX_COMBINING or len(before) > 30
    assert sum(unicodedata.combining(character) > 0 for character in normalised(run)) <= MAX_COMBINING
