"""Dates as reference files state them: in their names, in their cells, in a line above their heading."""

import re
from datetime import date

from tracelode.lists.effective_date import date_of
from tracelode.lists.problems import Problem, ReferenceRefusedError

_IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
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


def date_in_sentence(text: str) -> date | None:
    """The first unambiguous date within a text, as in "List as of May 1, 2024"; None where there is none."""
    return next((day for found in _IN_SENTENCE.findall(text) if (day := stated_date(found))), None)
