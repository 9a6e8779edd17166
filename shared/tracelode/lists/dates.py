"""Dates as reference files state them: in their names, in their cells, in a line above their heading."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from tracelode.lists.effective_date import date_of
from tracelode.lists.problems import Problem, ReferenceRefusedError

_IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[ T].*)?")
_MONTHS = 12
_IN_SENTENCE = re.compile(
    r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)|(?<!\d)\d{1,2} [A-Za-z]{3,9} \d{4}(?!\d)|[A-Za-z]{3,9} \d{1,2}, \d{4}(?!\d)"
)


def date_in_name(file: str) -> date | None:
    """The date in a file's name ("conformant-2024-05-01.xml", "20240501"); None where it has none.

    Raises ReferenceRefusedError for what looks like a date and is no day of the calendar.
    """
    found = _IN_NAME.search(file)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise ReferenceRefusedError(file, (Problem("the date in its name is no day", found=found[0]),)) from None


def stated_date(text: str) -> date | None:
    """The day that a cell states, with a time behind it or not; None where it is missing or ambiguous."""
    return date_of(text, date1904=False)


def column_dates(texts: Iterable[str]) -> Mapping[str, date]:
    """The days that the texts of one column state, by text; what is no day, or stays one of two, is left out.

    Whether day or month stands first is decided for the whole column: one 15.12.2025 settles it, unless another says
    the contrary.
    """
    distinct = set(texts) - {""}
    plain = {text: day for text in distinct if (day := stated_date(text))}
    firsts = {first > second for text in plain if (parts := _NUMERIC.fullmatch(text))
              for first, second in [(int(parts[1]), int(parts[3]))] if max(first, second) > _MONTHS}  # fmt: skip
    if len(firsts) != 1:
        return plain
    day_first = firsts.pop()
    for text in distinct - plain.keys():
        if parts := _NUMERIC.fullmatch(text):
            first, second = int(parts[1]), int(parts[3])
            in_month, month = (first, second) if day_first else (second, first)
            if 1 <= month <= _MONTHS and 1 <= in_month <= _MONTHS:
                plain[text] = date(int(parts[4]), month, in_month)
    return plain


def date_in_sentence(text: str) -> date | None:
    """The first unambiguous date within a text, as in "List as of May 1, 2024"; None where there is none."""
    return next((day for found in _IN_SENTENCE.findall(text) if (day := stated_date(found))), None)
