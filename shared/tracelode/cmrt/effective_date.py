"""The effective date, as a date cell, a serial number or text."""

import re
from datetime import date, datetime, timedelta

from tracelode.cmrt.text import CellValue, plain_text

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?[-/., ]+(\d{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[, -]+(\d{4})", re.IGNORECASE)
_EARLIEST_SERIAL, _LATEST_SERIAL = 30_000, 80_000
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def date_of(value: CellValue, *, date1904: bool) -> date | None:
    """The date that a cell means; None where it is missing or ambiguous (03/04/2025 is either of two days).

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
    return _date_in(plain_text(value))


def _date_in(text: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _month(name: str) -> int:
    start = name[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
