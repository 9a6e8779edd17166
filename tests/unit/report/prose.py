"""Reads a filing document back as a person does: its text without markup, and the numbers that stand in it."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from tracelode.picture.figures.by_name import figures_by_name
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation

_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"both": 2}

_NO_FIGURES = re.compile(
    r"Rule 13[pq]-1|17 CFR 240\.13[pq]-1|Act of 1934|D\.C\. 20549|Exhibit 1\.01|Items? [123]\.0[12]( and 1\.02)?"
    r"|CMRT \d+\.\d+[a-z]?|Section [123]|January 1 to December 31|Step [1-5]|\b1\.01\b"
)
"""Citations and headings: numbers that name a rule or a place, not a quantity."""

_DATE = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4})")
_NUMBER = re.compile(r"\d[\d,]*|\b(?:" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


def text_of(document: bytes) -> str:
    """The text of a document, one line for each paragraph, heading, list item or table row."""
    markup = document.decode("ascii").replace("\n", " ")
    markup = re.sub(r"<title>.*?</title>", "", markup)
    markup = re.sub(r"<(?:p|h\d|li|tr)\b[^>]*>", "\n", markup)
    markup = re.sub(r"<[^>]+>", " ", markup)
    lines = [" ".join(html.unescape(line).split()) for line in markup.split("\n")]
    return "\n".join(line for line in lines if line)


def prose_of(exhibit: bytes) -> str:
    """The exhibit's text up to its annex."""
    return text_of(exhibit).split("\nANNEX I ")[0]


def numbers_in(prose: str) -> set[int]:
    """The quantities that a prose states, in digits or words, without dates and citations."""
    remaining = _DATE.sub(" ", _NO_FIGURES.sub(" ", prose))
    return {_WORDS.get(token.lower()) or int(token.replace(",", "")) for token in _NUMBER.findall(remaining)}


def dates_in(prose: str) -> set[date]:
    """The days that a prose names."""
    return {
        datetime.strptime(day, "%B %d, %Y").date()  # noqa: DTZ007 - a day has no zone
        for day in _DATE.findall(prose)
        if not day.startswith("December 31")
    }


def numbers_of(figures: object) -> Iterator[int]:
    """Every whole number among the figures."""
    if isinstance(figures, Figures):
        yield from numbers_of(figures_by_name(figures))
    elif isinstance(figures, Mapping):
        for value in figures.values():
            yield from numbers_of(value)
    elif isinstance(figures, int) and not isinstance(figures, bool):
        yield figures


def without_names(prose: str, interpretation: Interpretation) -> str:
    """The prose without the names of facilities, which may hold digits of their own."""
    for name in sorted((facility.name for facility in interpretation.facilities), key=len, reverse=True):
        prose = prose.replace(name, "")
    return prose
