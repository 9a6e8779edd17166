"""Cell values as text: one spelling for what means the same."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TypeAlias

from tracelode.workbooks.limits import MAX_COMBINING, MAX_TEXT

CellValue: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

ERROR_TEXTS = frozenset(
    {
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"),
        *("#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#PYTHON!"),
    }
)
"""What Excel shows for a formula that failed: never something that a supplier declared."""

_ESCAPED_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f]|7[Ff])_")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_LAST_COMBINING = 0x1FFFF
"""Unicode has assigned combining marks in its first two planes alone."""

_NOT_SIGNIFICANT = re.compile(r"[^\w%<>]|_")


def plain_text(value: CellValue) -> str:
    """A cell's value as text: NFKC, without control and invisible characters, single spaces, at most `MAX_TEXT` long.

    1.0 reads "1", a date "2026-01-31", a failed formula "" (Excel's error texts). Line ends that Excel escaped in XML
    ("_x000D_") count as spaces.
    """
    if isinstance(value, str):
        return _clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value) if isinstance(value, timedelta) else value.isoformat()


def entry_text(value: CellValue) -> str:
    """As `plain_text`, but the number 0 reads "" as in the Checker: it is what a formula makes of an empty cell."""
    return "" if value == 0 and not isinstance(value, bool) else plain_text(value)


def matching_key(text: str) -> str:
    """What two texts must have in common to count as the same answer: letters, digits and % < >, whatever case.

    "Yes, in conformance with IPC-1755 [e.g., CMRT]" and "IPC1755 (e.g., CMRT)" spell one choice.
    """
    return _NOT_SIGNIFICANT.sub("", normalised(text).casefold())


def normalised(text: str) -> str:
    """Text in Unicode's form NFKC, in time that grows with its length: of a run of combining marks 30 are kept.

    Normalising sorts such a run by insertion. No language writes more than a few marks on a letter; 30 is what
    Unicode's own stream-safe format allows (UAX #15, section 13).
    """
    if len(text) > MAX_COMBINING and not text.isascii():
        text = _long_runs().sub(r"\1", text)
    return unicodedata.normalize("NFKC", text)


@cache
def _long_runs() -> re.Pattern[str]:
    marks = "".join(re.escape(chr(code)) for code in range(_LAST_COMBINING + 1) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{{MAX_COMBINING}}})[{marks}]+")


def _clean(value: str) -> str:
    if not value:
        return ""
    value = value[:MAX_TEXT]
    if not (value.isascii() and value.isprintable() and "_x" not in value):
        value = _INVISIBLE.sub("", normalised(value))
        value = _CONTROL.sub(" ", _ESCAPED_CONTROL.sub(" ", value))
    text = " ".join(value.split())[:MAX_TEXT].rstrip()
    return "" if text[:1] == "#" and text.upper() in ERROR_TEXTS else text


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**21 else f"{value:.6e}"
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    return f"{value:.0f}" if value == int(value) and abs(value) < 10**21 else repr(value)
