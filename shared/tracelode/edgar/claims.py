"""The numbers of facilities that a filing's sentences and count tables state, and what each may be counting.

Reading is cautious: a number whose sentence is not understood is told as such and held against nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from tracelode.edgar.annex import printed_metal, status_of
from tracelode.edgar.passages import Paragraph, Passage, Table, TableRow
from tracelode.minerals import Mineral
from tracelode.smelters.status import Status

MAX_CLAIMS: Final = 2_000
"""Numbers read of one filing."""
MAX_SENTENCE: Final = 2_000
"""Characters of a sentence that are read."""

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IN_WORDS = {
    **{word: value for value, word in enumerate(_UNITS, start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{f"{ten}-{unit}": 10 * tens + units for tens, ten in enumerate(_TENS, start=2)
       for units, unit in enumerate(_UNITS[:9], start=1)},
}  # fmt: skip
_BELOW_HUNDRED = "|".join(sorted(_IN_WORDS, key=len, reverse=True))
_HUNDREDS = rf"(?:a|{'|'.join(_UNITS[:9])})\s+hundred(?:\s+(?:and\s+)?(?:{_BELOW_HUNDRED})\b)?"
NUMBER_IN_WORDS: Final = rf"(?:{_HUNDREDS}|{_BELOW_HUNDRED})"
"""A number below a thousand: "three hundred and ten", "eighty-two", "nine"."""
NUMBER: Final = re.compile(
    r"(?<![\w.,$%/(#-])(?<!thousand )(\d{1,3}(?:,\d{3})+|\d{1,6}|"
    + NUMBER_IN_WORDS
    + r")(?![\w%/-]|[.,]\d|\s*(?:%|percent\b|hundred\b|thousand\b|\)))",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2}\b(?:,\s*\d{4})?"
    r"|\b(?:19|20)\d\d\b|\b(?:items?|rules?|sections?|exhibits?|steps?|annex|appendix|part|page|notes?|release)\s+[\d.]+",
    re.IGNORECASE,
)
SENTENCE: Final = re.compile(r"(?<=[.!?;])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(]?[A-Z\d])")
_NOUN = (
    r"(?:smelters?|(?:smelting|processing)\s+facilit(?:y|ies)|refiners?|refiner(?:y|ies)|facilit(?:y|ies)"
    r"|processors?|sors?)\b"
)
_NOT_FACILITIES = (
    r"suppliers?|manufacturers?|vendors?|compan(?:y|ies)|countr(?:y|ies)|responses?|respondents?|cmrts?|templates?"
    r"|products?|years?|days?|months?|steps?|times?|mines?|metals?|minerals?|programs?|employees?|who|which|that|to|in|by|and|for"
)
_NOUN_PHRASE = re.compile(
    rf"\s*((?:(?!(?:{_NOT_FACILITIES})\b)[\w\u201c\u201d\"'\u2019/-]+,?\s+){{0,5}}?)({_NOUN}(?:\s*(?:and/or|and|or|&|/)\s*{_NOUN})*)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s*(?:\([^)]{0,20}\)\s*)?(?:of\s+(?:these|them|those|which|whom)\s+)?"
    r"(?:were|was|are|is|may|might|have|has|had|remain|additional|more)\b|\s+of\s+(?:these|them|those|which)\b",
    re.IGNORECASE,
)
_OF_THE = re.compile(
    rf"(?:{_NOUN_PHRASE.pattern})?\s*(?:\([^)]{{0,20}}\)\s*)?,?\s*(?:out\s+of|of|among)\s+"
    r"(?:the|these|those|our|all|a\s+total\s+of)?\s*",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(r"\b(?:these|those|the|said|such|same)\s+(?:other\s+)?$", re.IGNORECASE)
_STATED_BEFORE = re.compile(
    rf"{_NOUN}[^.;]{{0,80}}?(?:\bwas|\bwere|\bis|\bare|\btotal(?:ed|led|s)?|:|=)\s*$", re.IGNORECASE
)

_NEITHER = re.compile(
    r"\b(?:not|neither|nor|none|never)\b.{0,90}?\b(?:lists?|listed|compliant|conformant|active|certified|validated|audited)\b"
    r"|\bindeterminab|\bindeterminate\b|\bunknown\s+status|\bnot\s+enrolled\b|\bnon-?(?:compliant|conformant)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONFORMANT = re.compile(
    r"(?<!non-)(?<!non)\b(?:compliant|conformant|validated|certified)\b"
    r"|\bconflict[- ]free\b(?!\s+(?:smelter|sourcing|minerals?))",
    re.IGNORECASE,
)
_ACTIVE = re.compile(r"\bactive\b", re.IGNORECASE)
_EITHER = re.compile(r"\bor\b|\band/or\b|\beither\b", re.IGNORECASE)
_AFRICA = re.compile(r"\b(?:located|situated|based|operating|is|are|were)\b[^.;,:]{0,30}\bin\s+Africa\b", re.IGNORECASE)
_COVERED = re.compile(
    r"\b(?:located|situated|based|operating|is|are|were)\s+(?:\w+\s+){0,2}?in\s+(?:the\s+|a\s+)?Covered\s+Countr",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|aggregate|identif|name[ds]?\b|list(?:ed|s)?\b|disclos|report|declar|provid|used|known|unique|distinct|different|altogether)",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"\b(?:remov|new(?:ly)?\b|added|addition|recycl|scrap|sourc(?:e|es|ed|ing)\b|visit|previous|prior|last\s+year|compared|increase|decrease"
    r"|no\s+longer|high(?:er)?[- ]risk|greater|red\s+flag|operational|low\s+risk|eligible|cross-recogni"
    r"|least|approximately|about|over|than|exempt)",
    re.IGNORECASE,
)
_STATUS_CHANGED = re.compile(
    r"\bchang(?:e|ed|es|ing)\b[^.;]{0,40}\bstatus|\bstatus(?:es)?\b[^.;]{0,30}\bchang", re.IGNORECASE
)
"""A sentence on what changed counts between two annexes, of which only one is at hand."""
_NEXT_PART = re.compile(r"[.,;:]|\b(?:and|but|while)\s+(?:for|of|in)\b", re.IGNORECASE)
_FOR_METAL = re.compile(r"\b(?:for|of)\s+(gold|tantalum|tin|tungsten)\b[^.;:]{0,40}$", re.IGNORECASE)
_SHARE_OF = re.compile(r"(?:%|per\s?cent)\s+of\s+(?:all\s+)?(?:of\s+)?(?:the|our|these|those)?\s*$", re.IGNORECASE)
_PART_OF_BEFORE = re.compile(
    r"\b(?:includ\w*|of\s+which|of\s+them|among\s+(?:them|which|these)|comprise\w*)\b", re.IGNORECASE
)
_LOCATION_OF = re.compile(r"\b(?:locations?|country|countries|places?|origins?)\s+of\s+(?:the\s+)?$", re.IGNORECASE)
_NOT_KNOWN = re.compile(r"\b(?:not\s+(?:been\s+)?(?:known|stated)|unknown)\b", re.IGNORECASE)
_SHARE = re.compile(r"[^.;%]{0,60}?\(\s*(?:or\s+|approximately\s+|about\s+)?(\d{1,3}(?:\.\d{1,2})?)\s*(?:%|percent)")


@dataclass(frozen=True, slots=True)
class ClaimScope:
    """Which facilities are meant: of a metal, of any of some statuses, in Africa, in a Covered Country, or nowhere."""

    metal: Mineral | None = None
    statuses: frozenset[Status] = frozenset()
    africa: bool = False
    covered: bool = False
    nowhere: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether no facility is left out."""
        return self == EVERYTHING

    def within(self, other: "ClaimScope") -> "ClaimScope":
        """The facilities that are meant if both hold, where this one says nothing of its own."""
        return ClaimScope(
            self.metal or other.metal, self.statuses or other.statuses,
            self.africa or other.africa, self.covered or other.covered, self.nowhere or other.nowhere,
        )  # fmt: skip


EVERYTHING: Final = ClaimScope()
_UNLISTED = frozenset({Status.INDETERMINABLE})
_NOT_CONFORMANT = frozenset({Status.ACTIVE, Status.INDETERMINABLE})


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a filing states of facilities.

    `readings` are the scopes that it may mean, the likeliest first; none if the sentence is not understood. `share`
    is the percentage that is printed beside it.
    """

    line: int
    number: int
    quote: str
    readings: tuple[ClaimScope, ...] = ()
    share: float | None = None


def claims_of(passages: Iterable[Passage]) -> tuple[Claim, ...]:
    """The claims of a filing in its order, at most MAX_CLAIMS."""
    found: list[Claim] = []
    before: list[Claim] = []
    continues = False
    for passage in passages:
        if isinstance(passage, Table):
            found += _of_counts(passage)
            continue
        before = before if continues else []
        for claim in _of_paragraph(passage, before):
            found.append(claim)
        continues = passage.text.rstrip().endswith((":", ",", ";", "; and", ", and"))
        if len(found) >= MAX_CLAIMS:
            break
    return tuple(found[:MAX_CLAIMS])


def _of_paragraph(paragraph: Paragraph, before: list[Claim]) -> Iterator[Claim]:
    """The claims of a paragraph; `before` are those that it may refer to, and gets its own."""
    begins = [0, *(match.end() for match in SENTENCE.finditer(paragraph.text)), len(paragraph.text)]
    line, last = paragraph.line, 0
    for begin, end in pairwise(begins):
        raw = paragraph.text[begin : min(end, begin + MAX_SENTENCE)]
        sentence = _NO_COUNT.sub(lambda match: " " * len(match[0]), raw)
        numbers = [match for match in NUMBER.finditer(sentence) if _counts_facilities(sentence, match, before)]
        for place, match in enumerate(numbers):
            limit = numbers[place + 1].start() if place + 1 < len(numbers) else len(sentence)
            start = numbers[place - 1].end() if place else 0
            line += paragraph.text.count("\n", last, begin + match.start())
            last = begin + match.start()
            after = sentence[match.end() : limit]
            part_of = place + 1 < len(numbers) and _OF_THE.fullmatch(after) is not None
            whole = place > 0 and _OF_THE.fullmatch(sentence[start : match.start()]) is not None
            if part_of:
                beyond = numbers[place + 2].start() if place + 2 < len(numbers) else len(sentence)
                after = sentence[numbers[place + 1].end() : beyond]
            if whole:
                noun = _NOUN_PHRASE.match(after)
                after = after[: noun.end()] if noun else ""
            number = value_of(match[1])
            share = _SHARE.match(sentence[match.end() : limit])
            claim = Claim(
                line,
                number,
                " ".join(raw[max(0, match.start() - 60) : match.end() + 100].split()),
                ()
                if _STATUS_CHANGED.search(sentence)
                else _readings(sentence[start : match.start()], after, number, before, is_whole=whole),
                float(share[1]) if share else None,
            )
            before.append(claim)
            yield claim


def value_of(text: str) -> int:
    """What a number says that NUMBER finds, in digits or words."""
    if text[0].isdecimal():
        return int(text.replace(",", ""))
    hundreds, hundred, rest = text.lower().rpartition("hundred")
    units = rest.split()[-1:] or ["no"]
    return 100 * _IN_WORDS.get(hundreds.strip(), 1 if hundred else 0) + _IN_WORDS.get(units[0], 0)


def _counts_facilities(sentence: str, number: re.Match[str], before: Sequence[Claim]) -> bool:
    """Whether a number counts facilities: it says so, or refers to facilities counted just before."""
    after = sentence[number.end() : number.end() + 200]
    if _NOUN_PHRASE.match(after):
        return True
    if _STATED_BEFORE.search(sentence[max(0, number.start() - 200) : number.start()]):
        return not re.match(rf"\s*(?:\w+\s+){{0,2}}(?:{_NOT_FACILITIES})\b", after, re.IGNORECASE)
    own = _OF_THE.match(after)
    if own and (whole := NUMBER.match(after, own.end())):
        return _NOUN_PHRASE.match(after, whole.end()) is not None
    earlier = sentence[: number.start()]
    known = bool(before) or _NOUN_PHRASE.search(earlier) is not None
    return known and _BARE.match(after) is not None and _predicate(after) is not None


def _predicate(text: str) -> ClaimScope | None:
    """What a sentence says of the facilities; None if it says nothing that an annex could tell."""
    statuses: frozenset[Status] = frozenset()
    conformant, active = _CONFORMANT.search(text), _ACTIVE.search(text)
    if _NEITHER.search(text):
        statuses = _UNLISTED
    elif conformant and active:
        early, late = sorted((conformant.start(), active.start()))
        both = late - early < 60 and _EITHER.search(text[early:late])
        first = Status.CONFORMANT if conformant.start() == early else Status.ACTIVE
        statuses = frozenset({Status.CONFORMANT, Status.ACTIVE}) if both else frozenset({first})
    elif conformant or active:
        statuses = frozenset({Status.CONFORMANT if conformant else Status.ACTIVE})
    scope = ClaimScope(None, statuses, _AFRICA.search(text) is not None, _COVERED.search(text) is not None)
    return None if scope.is_everything else scope


def _readings(lead: str, after: str, number: int, before: Sequence[Claim], *, is_whole: bool) -> tuple[ClaimScope, ...]:
    """What a number may mean, by the words since the number before it and up to the next."""
    noun = _NOUN_PHRASE.match(after)
    metal = None
    if noun:
        near = f"{noun[1]} {_NEXT_PART.split(after[noun.end() :])[0][:24]}"
        metal = next((m for word in re.findall(r"[\w-]+", near) if len(word) > 2 and (m := printed_metal(word))), None)
    if _LOCATION_OF.search(lead):
        placeless = replace(_predicate(after) or EVERYTHING, metal=metal, nowhere=True)
        return (placeless,) if _NOT_KNOWN.search(after) else ()
    metal = metal or _metal_before(lead)
    if _SHARE_OF.search(lead):
        is_whole = True
    said = None if is_whole and noun else _predicate(after) or (None if noun else _predicate(lead))
    same = [claim for claim in before if claim.number == number and claim.readings]
    context = next((claim.readings[0] for claim in reversed(before) if claim.readings), EVERYTHING)
    back = _REFERS_BACK.search(lead) is not None
    if said is not None:
        own = replace(said, metal=metal)
        readings = [own.within(replace(context, statuses=frozenset()) if said.statuses else context), own]
        if said.statuses == _UNLISTED:
            readings += [replace(reading, statuses=_NOT_CONFORMANT) for reading in list(readings)]
    elif back or is_whole:
        readings = [same[-1].readings[0]] if same else [replace(context, metal=metal or context.metal)]
        readings.append(ClaimScope(metal))
    elif _SOMETHING_ELSE.search(lead[-60:]) or _SOMETHING_ELSE.search(after):
        return ()
    elif metal or _TOTAL.search(lead) or _TOTAL.search(after[:120]):
        readings = [ClaimScope(metal)]
        if _PART_OF_BEFORE.search(lead):
            readings.insert(0, ClaimScope(metal).within(context))
    else:
        return ()
    return tuple(dict.fromkeys(readings))


def _metal_before(lead: str) -> Mineral | None:
    """The metal that a number is said to be of before it: "for gold we identified 3 refiners"."""
    found = list(_FOR_METAL.finditer(lead))
    return printed_metal(found[-1][1]) if found else None


def _of_counts(table: Table) -> Iterator[Claim]:
    """The cells of a table that counts facilities by metal and status, in either direction."""
    heading = next((row for row in table.rows if sum(_label(cell.text) is not None for cell in row.cells) >= 2), None)
    if heading is None:
        return
    columns = {
        column: scope
        for cell in heading.cells
        if (scope := _label(cell.text)) is not None
        for column in range(cell.column, cell.column + cell.span)
    }
    for row in table.rows[table.rows.index(heading) + 1 :]:
        yield from _of_count_row(row, columns)


def _of_count_row(row: TableRow, columns: dict[int, ClaimScope]) -> Iterator[Claim]:
    of_row = _label(row.cells[0].text)
    if of_row is None:
        return
    for cell in row.cells[1:]:
        of_column = columns.get(cell.column)
        if of_column is None or not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,6}", cell.text):
            continue
        if (of_row.metal and of_column.metal) or (of_row.statuses and of_column.statuses):
            continue
        quote = f"{row.cells[0].text}: {cell.text}"
        yield Claim(row.line, int(cell.text.replace(",", "")), quote, (of_row.within(of_column),))


def _label(text: str) -> ClaimScope | None:
    """What a row or column of a count table is about."""
    words = re.sub(rf"\b{_NOUN}|\bnumber of\b", "", text, flags=re.IGNORECASE).strip(" :*")
    if metal := printed_metal(words):
        return ClaimScope(metal)
    if status := status_of(words):
        return ClaimScope(statuses=frozenset({status}))
    return EVERYTHING if re.fullmatch(r"(?:grand |sub)?total|all(?: metals)?", words, re.IGNORECASE) else None
