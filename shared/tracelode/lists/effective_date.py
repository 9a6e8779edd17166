"""The effective date, as a date cell, a serial number or text."""

import re
from datetime import date, datetime, timedelta

from tracelode.workbooks.text import CellValue, plain_text

_MONTHS = (
    ("jan", "gen", "ene", "oca", "ocak", "ian", "tammi", "sty", "led", "янв"),
    ("feb", "fev", "fév", "şub", "sub", "helmi", "lut", "úno", "фев", "febr"),
    ("mar", "mär", "mrz", "maerz", "mrt", "maart", "maalis", "bře", "márc", "мар"),
    ("apr", "avr", "abr", "nis", "huhti", "kwi", "dub", "ápr", "апр"),
    ("may", "mai", "mag", "mei", "maj", "touko", "kvě", "máj", "май", "мая"),
    ("jun", "juin", "giu", "haz", "iun", "kesä", "cze", "čer", "čvn", "jún", "июн"),
    ("jul", "juil", "lug", "tem", "iul", "heinä", "lip", "čvc", "červenec", "července", "júl", "июл"),
    ("aug", "aoû", "aou", "ago", "ağu", "agu", "elo", "sie", "srp", "авг"),
    ("sep", "set", "eyl", "syys", "wrz", "zář", "szept", "сен"),
    ("oct", "okt", "out", "ott", "eki", "loka", "paź", "říj", "окт"),
    ("nov", "kas", "noi", "marras", "lis", "ноя"),
    ("dec", "déc", "dez", "dic", "ara", "des", "joulu", "gru", "pro", "дек"),
)
"""How the months' names begin in twenty languages, those of the template in Latin letters first; May in 'mayıs' too."""

_SPELLED = sorted(
    ((start, month) for month, starts in enumerate(_MONTHS, start=1) for start in starts),
    key=lambda spelled: -len(spelled[0]),
)
_YEAR_FIRST = re.compile(r"(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})\.?(?:[ T].*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?\.?")
_EAST_ASIAN_YEAR_LAST = re.compile(r"(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?,? ?(\d{4}) ?[年년]?")
_REIWA = re.compile(r"(?:令和|R|Reiwa ?)(\d{1,2}|元)(?: ?年 ?|\.)(\d{1,2})(?: ?月 ?|\.)(\d{1,2}) ?日?", re.IGNORECASE)
_BEFORE_REIWA = 2018
"""The year before the first of Reiwa (May 1, 2019)."""
_VIETNAMESE = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s?(?=\S)|\s?[(（][^()（）]{1,4}[)）]$")
"""A weekday's name with a comma behind it, or in brackets at the end."""
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª)?[-/. ]+(?:(?:de|of) )?([^\W\d_]{3,12})\.?(?: (?:de|del))?"
    r"[-/., ]+(\d{4}|\d\d)(?: ?г\.?)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[, -]+(\d{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4})\.?(?:[ T].*)?")
_DOTTED = re.compile(r"(\d{1,2}) ?\. ?(\d{1,2}) ?\. ?(\d{4})\.?(?:[ T].*)?")
_DAY_FIRST_LANGUAGES = frozenset(("deutsch", "türkçe", "français", "italiano", "español", "português"))
"""The template's languages, as Declaration D3 names them, that write the day first where dots stand between numbers."""
_LONGEST = 60
"""Characters of a text that can be a date with a weekday."""
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
    """The date of a text in any of the forms, read without a weekday beside it where it has none with it."""
    without = _WEEKDAY.sub("", text) if len(text) <= _LONGEST else text
    return _in_form(text) or (_in_form(without) if without != text else None)


def _in_form(text: str) -> date | None:
    for pattern in (_YEAR_FIRST, _COMPACT, _EAST_ASIAN):
        if found := pattern.fullmatch(text):
            return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _EAST_ASIAN_YEAR_LAST.fullmatch(text):
        return _date(int(found[3]), int(found[1]), int(found[2]))
    if found := _VIETNAMESE.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _REIWA.fullmatch(text):
        year = 1 if found[1] == "元" else int(found[1])
        return _date(_BEFORE_REIWA + year, int(found[2]), int(found[3]))
    return _with_a_name_or_numbers(text)


def _with_a_name_or_numbers(text: str) -> date | None:
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
