"""Numbers that somebody else's text states of our data, held against the figures, as cautiously as a filing is."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import Final

from tracelode.edgar.annex import Annex, AnnexRow
from tracelode.edgar.claims import NUMBER, NUMBER_IN_WORDS, SENTENCE, ClaimScope, value_of
from tracelode.edgar.passages import Paragraph
from tracelode.edgar.recount import hold
from tracelode.minerals import Mineral
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import Status

_POINT: Final = 1.0
"""How far a stated percentage may be off, so that every way of rounding passes."""
_SHARE = rf"(?<![\w.,-])(?P<share>\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER_IN_WORDS})\s*(?:%|per\s?cent\b)"
_ANSWERED = r"(?:responded|answered|replied)\b"
_RATE = re.compile(
    rf"{_SHARE}\s+(?:response\s+rate|of\s+[^.;%]{{0,60}}?{_ANSWERED}|(?:have\s+|had\s+)?{_ANSWERED}(?=\s*(?:[.,;)]|and\b|$)))",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(
    r"(?:response\s+rate\s+(?:of|was|is|:|came\s+to|stood\s+at|reached|amounted\s+to)"
    r"|(?:responses?|answers?|replies|cmrts?|templates?)\s+(?:\w+\s+)?from)\s*" + _SHARE,
    re.IGNORECASE,
)
_SHARE_OF_FACILITIES = re.compile(
    _SHARE + r"\s+of\s+(?:the\s+|our\s+|all\s+|these\s+|those\s+)*(?:(?P<metal>gold|tantalum|tin|tungsten)\s+)?"
    r"(?:smelters\s+and\s+refiners|smelters|refiners|facilities)\s+(?:are|were)\s+(?:listed\s+as\s+)?"
    r"(?P<status>compliant|conformant|active|indeterminable)\b(?P<also>\s+or\s+active\b)?",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:ask|request|survey|inquir|respon|return|answer|repl(?:y|ied)|complet|submit|sent|in\s+scope)", re.IGNORECASE
)
_REFERS_BACK = re.compile(r"\b(?:these|those|such)\s+[\w,-]+\s", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:previous|prior|last\s+year|earlier|visit|train|new\b|least|approximately|about|over|than)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FalseNumber:
    """A number that a text states and the data do not: what is stated, what is true, of which figure, and where."""

    stated: float
    true: float
    figure: str
    quote: str

    def __str__(self) -> str:
        return f"states {self.stated:,g} where {self.figure} is {self.true:,g} (“{self.quote}”)"


def false_numbers(texts: Iterable[str], interpretation: Interpretation, figures: Figures) -> tuple[FalseNumber, ...]:
    """The numbers and shares of facilities, surveyed suppliers and responses that texts state and the figures do not.

    A number whose sentence is not understood is held against nothing.
    """
    paragraphs = [Paragraph(place, text) for place, text in enumerate(texts, start=1)]
    term = interpretation.facts.program.narrative.supplier_term
    return (
        *_of_facilities(paragraphs, interpretation),
        *(false for paragraph in paragraphs for false in _of_suppliers(paragraph.text, term, figures)),
        *(false for paragraph in paragraphs for false in _of_responses(paragraph.text, figures)),
        *(false for paragraph in paragraphs for false in _of_shares(paragraph.text, figures)),
    )


def _of_facilities(paragraphs: list[Paragraph], interpretation: Interpretation) -> Iterator[FalseNumber]:
    entries = tuple(
        AnnexRow(0, f.facility.metal, f.name, f.country, f.status, f.printed_status, f.facility.cid)
        for f in interpretation.facilities
    )
    held, _ = hold(paragraphs, Annex(entries, has_countries=True, has_statuses=True))
    counts = Counter(f.status for f in interpretation.facilities)
    for one in held:
        # "These 55 facilities" may have been counted in a section above, which a text stands in the middle of.
        counted_above = _REFERS_BACK.search(one.quote) and one.stated in (counts.total(), *counts.values())
        if not one.agrees and not counted_above:
            share = "the share of " if one.is_share else ""
            yield FalseNumber(one.stated, one.counted, f"{share}{_figure(one.scope, one.meaning)}", one.quote)


def _figure(scope: ClaimScope, meaning: str) -> str:
    """The figure that counts a scope, or what is meant where several figures would have to be added."""
    statuses = [status.value for status in Status if status in scope.statuses]
    placed = scope.africa or scope.covered or scope.nowhere
    if placed or len(statuses) > 1:
        return f"the number of facilities ({meaning})"
    within = f"smelters.by_metal.{scope.metal}" if scope.metal else "smelters"
    return f"figures.{within}.{statuses[0] if statuses else 'total'}"


def _of_suppliers(text: str, term: str, figures: Figures) -> Iterator[FalseNumber]:
    suppliers = figures.suppliers
    true = {value for value in astuple(suppliers) if isinstance(value, int)}
    called = "|".join(re.escape(word) for word in sorted({term, "suppliers", "manufacturers", "vendors"}) if word)
    counts = re.compile(rf"\s+(?:[\w-]+\s+){{0,3}}?(?:{called})\b", re.IGNORECASE)
    for sentence in SENTENCE.split(text):
        if not _ASKED.search(sentence) or _OTHERWISE.search(sentence):
            continue
        for number in NUMBER.finditer(sentence):
            stated = value_of(number[1])
            if counts.match(sentence, number.end()) and stated not in true:
                asked = re.search(r"\b(?:respon|return|answer|repl|submit)", sentence, re.IGNORECASE) is None
                name, number_of = ("surveyed", suppliers.surveyed) if asked else ("responded", suppliers.responded)
                yield FalseNumber(stated, number_of, f"figures.suppliers.{name}", _quoted(sentence, number))


def _of_responses(text: str, figures: Figures) -> Iterator[FalseNumber]:
    surveyed, responded = figures.suppliers.surveyed, figures.suppliers.responded
    exact = 100 * responded / surveyed if surveyed else 0.0
    for rate in (*_RATE.finditer(text), *_RATE_BEFORE.finditer(text)):
        stated = _share(rate)
        if not _is_share(stated, exact):
            percent = figures.suppliers.response_rate_percent
            yield FalseNumber(stated, percent, "figures.suppliers.response_rate_percent", _quoted(text, rate))


def _of_shares(text: str, figures: Figures) -> Iterator[FalseNumber]:
    for share in _SHARE_OF_FACILITIES.finditer(text):
        metal = Mineral(share["metal"].capitalize()) if share["metal"] else None
        status = Status(share["status"].lower().replace("compliant", "conformant"))
        counts = figures.smelters.by_metal[metal] if metal else figures.smelters
        counted = counts.with_status(status) + (counts.active if share["also"] and status is not Status.ACTIVE else 0)
        exact = 100 * counted / counts.total if counts.total else 0.0
        if not _is_share(_share(share), exact):
            within = f"figures.smelters.by_metal.{metal}" if metal else "figures.smelters"
            name = f"{within}.{status}{f' + {within}.active' if share['also'] else ''}"
            yield FalseNumber(_share(share), round(exact, 1), f"the share of {name}", _quoted(text, share))


def _share(found: re.Match[str]) -> float:
    stated = found["share"]
    return float(stated) if stated[0].isdecimal() else value_of(stated)


def _is_share(stated: float, exact: float) -> bool:
    """Whether a percentage may stand for a share: in any way of rounding, but 100 for all alone and 0 for none."""
    ends = (0.0, 100.0)
    return stated == exact if stated in ends or exact in ends else abs(stated - exact) <= _POINT


def _quoted(text: str, found: re.Match[str]) -> str:
    before = text[max(0, found.start() - 40) : found.start()]
    whole_words = before if found.start() <= len(before) else before.partition(" ")[2]
    return " ".join(f"{whole_words}{text[found.start() : found.end() + 60]}".split())
