"""The effective date, as a date cell, a serial number or text."""

import re
from datetime import date, datetime, timedelta

from tracelode.workbooks.text import CellValue, plain_text

_MONTHS = (
    ("jan", "gen", "ene", "oca", "ocak"),
    ("feb", "fev", "fév", "şub", "sub"),
    ("mar", "mär", "mrz", "maerz"),
    ("apr", "avr", "abr", "nis"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu", "haz"),
    ("jul", "juil", "lug", "tem"),
    ("aug", "aoû", "aou", "ago", "ağu", "agu"),
    ("sep", "set", "eyl"),
    ("oct", "okt", "out", "ott", "eki"),
    ("nov", "kas"),
    ("dec", "déc", "dez", "dic", "ara"),
)
"""How the months' names begin in the template's languages that are written in Latin letters; May in 'mayıs' too."""

_SPELLED = sorted(
    ((start, month) for month, starts in enumerate(_MONTHS, start=1) for start in starts),
    key=lambda spelled: -len(spelled[0]),
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[-/. ]+(?:de )?([^\W\d_]{3,10})\.?(?: de)?[-/., ]+(\d{4}|\d\d)", re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[, -]+(\d{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T].*)?")
_DAY_FIRST_LANGUAGES = frozenset(("deutsch", "türkçe", "français", "italiano", "español", "português"))
"""The template's languages, as Declaration D3 names them, that write the day first where dots stand between numbers."""
_CENTURY = 2000
_DECEMBER = 12
_EARLIEST_SERIAL, _LATEST_SERIAL = 30_000, 80_000
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def date_of(value: CellValue, *, date1904: bool, language: str = "") -> date | None:
    """The date that a cell means; None where it is missing or ambiguous (03/04/2025 is either of two days).

    `language` is the one that the template shows itself in: 03.04.2025 is the third of April in Deutsch.
    A number without a date format is a serial day in the workbook's date system (ECMA-376 part 1, 18.17.4.1).
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not _EARLIEST_SERIAL <= value <= _LATEST_SERIAL:
            return None
        return (_EPOCH_1904 if date1904 else _EPOCH_1900) + timedelta(days=int(value))
    text = plain_text(value)
    if language.casefold() in _DAY_FIRST_LANGUAGES and (dotted := _DOTTED.fullmatch(text)):
        return _date(int(dotted[3]), int(dotted[2]), int(dotted[1])) or _date_in(text)
    return _date_in(text)


def ambiguous(text: str) -> bool:
    """Whether a text by itself states one of two days: 03/04/2025, but not 13/04/2025, nor 04/04/2025."""
    found = _NUMBERS.fullmatch(text)
    return found is not None and _date_in(text) is None and int(found[1]) <= _DECEMBER and int(found[2]) <= _DECEMBER


def _date_in(text: str) -> date | None:
    for pattern in (_YEAR_FIRST, _EAST_ASIAN):
        if found := pattern.fullmatch(text):
            return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return _date(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMBERS.fullmatch(text):
        return _date_of_numbers(int(found[1]), int(found[2]), int(found[3]))
    return None


def _date_of_numbers(first: int, second: int, year: int) -> date | None:
    if first > _DECEMBER:
        return _date(year, second, first)
    return _date(year, first, second) if second > _DECEMBER or first == second else None


def _year(text: str) -> int:
    return int(text) if len(text) > len("25") else _CENTURY + int(text)


def _month(name: str) -> int:
    lower = name.lower()
    return next((month for start, month in _SPELLED if lower.startswith(start)), 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
