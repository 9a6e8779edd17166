"""What a text claims of all or none: facilities, suppliers, minerals and products, held against what is known.

Reading is cautious: a sentence that is not understood is held against nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tracelode.edgar.claims import SENTENCE
from tracelode.minerals import Mineral
from tracelode.own_text.claims import Claims
from tracelode.picture.conclusion import Against
from tracelode.picture.facilities import Facility
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.wording import counted, pluralized
from tracelode.smelters.status import Status

_METAL: Final = r"(?:(?P<metal>gold|tantalum|tin|tungsten)\s+)?"
_FACILITIES: Final = (
    r"(?:smelters?\s+(?:and|or)\s+refiners?|smelters?|refiners?|refiner(?:y|ies)|(?:processing\s+)?facilit(?:y|ies))"
)
_SUPPLIERS: Final = r"(?:suppliers?|vendors?|(?:contract\s+)?manufacturers?|respondents?)"
_THE: Final = (
    r"(?:(?:the|our|these|those|its|such|identified|listed|named|\d[\d,]*|"
    r"(?!(?:suppliers?|vendors?|manufacturers?|respondents?|mines?|countries|country|products?)\b)[a-z]+)\s+){0,4}?"
)
_NONE: Final = r"(?:none\s+of|neither\s+of|not\s+(?:a\s+single\s+)?one\s+of|no(?:\s+single)?)"
_ALL: Final = (
    r"(?:every(?:\s+(?:one|single\s+one)\s+of)?|each(?:\s+of|\s+one\s+of)?|all(?:\s+of)?|both(?:\s+of)?"
    r"|the\s+entirety\s+of)"
)
_NEARLY: Final = re.compile(r"\b(?:not|nearly|almost|virtually|substantially|practically|hardly)\s+$", re.IGNORECASE)
_OF_ONE_LIST: Final = re.compile(
    r"\b(?:suppliers?|vendors?|manufacturers?|respondents?|declarations?)\b[^.]{0,160}\b(?:nam|list|declar|report|identif)\w*\b[^.]{0,100}$",
    re.IGNORECASE,
)
"""A supplier's list of facilities is meant, and not all of them."""
_ABOUT: Final = r"(?P<quantity>{none}|{all})\s+{the}{metal}{noun}\b(?P<rest>[^.;!?]{{0,200}})"
_OF_FACILITIES: Final = re.compile(
    _ABOUT.format(none=_NONE, all=_ALL, the=_THE, metal=_METAL, noun=_FACILITIES), re.IGNORECASE
)
_OF_SUPPLIERS: Final = re.compile(
    _ABOUT.format(none=_NONE, all=_ALL, the=_THE, metal="(?P<metal>)", noun=_SUPPLIERS), re.IGNORECASE
)
_NEGATED: Final = re.compile(
    r"\b(?:not|never|neither|nor|no|isn['’]t|aren['’]t|don['’]t|doesn['’]t|didn['’]t)\b", re.IGNORECASE
)
_COVERED: Final = re.compile(
    r"\b(?:in|within|inside)\s+(?:a|any|the|one\s+of\s+the)?\s*(?:covered\s+countr|drc|democratic\s+republic)",
    re.IGNORECASE,
)
_OUTSIDE: Final = re.compile(
    r"\boutside\s+(?:of\s+)?(?:a|any|the|all)?\s*(?:covered\s+countr|drc|democratic\s+republic)", re.IGNORECASE
)
_AFRICA: Final = re.compile(r"\bin\s+africa\b", re.IGNORECASE)
_CONFORMANT: Final = re.compile(r"\b(?<!non-)(?:conformant|compliant|validated|certified)\b", re.IGNORECASE)
_ACTIVE: Final = re.compile(r"\bactive\b", re.IGNORECASE)
_INDETERMINABLE: Final = re.compile(r"\bindetermina(?:ble|te)\b", re.IGNORECASE)
_SOURCES: Final = re.compile(
    r"\b(?:sourc\w*|originat\w*|obtain\w*|purchas\w*|buy\w*|com(?:e|es|ing))\b[^.;]{0,60}\bcovered\s+countr",
    re.IGNORECASE,
)
_ANSWERED: Final = re.compile(
    r"\b(?:responded|answered|replied|returned|submitted|provided|completed|sent)\b", re.IGNORECASE
)
_MINERALS_FROM_THERE: Final = re.compile(
    r"(?:\bnone\s+of\s+(?:the|our|its)\s+(?:\w+\s+){0,3}?(?:minerals?|gold|tin|tantalum|tungsten|3tg)\b[^.;]{0,80}?"
    r"|\bno\s+(?:conflict\s+)?minerals?\b[^.;]{0,80}?)\b(?:originat|com(?:e|es)\s+from|came\s+from|sourced)\w*[^.;]{0,40}covered\s+countr"
    r"|\b(?:minerals?|3tg)\b[^.;]{0,60}\b(?:did|do|does)\s+not\s+originate\s+in[^.;]{0,30}covered\s+countr",
    re.IGNORECASE,
)
_CONFLICT_FREE: Final = re.compile(
    r"\bDRC\s+conflict[- ]free\b|\bconflict[- ]free\s+(?:products?|minerals?|goods|devices|3tg)\b"
    r"|\b(?:products?|minerals?|goods|devices|3tg)\b[^.;]{0,60}\b(?:is|are|was|were|be|been|as)\s+(?:\w+\s+)?"
    r"conflict[- ]free\b(?!\s+(?:smelter|sourcing))",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|unable|whether|if|undeterminable|goal|aim|intend|strive|towards?|call|define[ds]?|means)\b",
    re.IGNORECASE,
)
_QUOTED: Final = 100


@dataclass(frozen=True, slots=True)
class FalseClaim:
    """A claim of all or none that the data deny: the sentence, and what stands against it."""

    quote: str
    against: str

    def __str__(self) -> str:
        return f"claims “{self.quote}”, which is not true: {self.against}"


def false_claims(texts: Iterable[str], interpretation: Interpretation, figures: Figures) -> tuple[FalseClaim, ...]:
    """The claims of all or none in texts that the data deny, or that nothing here can bear out, in their order."""
    sentences = (sentence for text in texts for sentence in SENTENCE.split(text))
    return tuple(
        FalseClaim(" ".join(sentence.split())[:_QUOTED], against)
        for sentence in sentences
        for against in _against(sentence, interpretation, figures)
    )


def _against(sentence: str, interpretation: Interpretation, figures: Figures) -> Iterator[str]:
    for found in _OF_FACILITIES.finditer(sentence):
        lead = sentence[: found.start()]
        if not _NEARLY.search(lead) and not _OF_ONE_LIST.search(lead):
            yield from _facilities_against(found, interpretation)
    for found in _OF_SUPPLIERS.finditer(sentence):
        if not _NEARLY.search(sentence[: found.start()]):
            yield from _suppliers_against(found, figures)
    if _MINERALS_FROM_THERE.search(sentence) and not Claims(figures).origin_ruled_out:
        yield f"origin there is {_not_ruled_out(figures)} (figures.origin)"
    yield from _conflict_free(sentence, interpretation)


def _not_ruled_out(figures: Figures) -> str:
    return (
        "what declarations give reason to believe"
        if Claims(figures).may_come_from_covered_countries
        else "not ruled out"
    )


def _conflict_free(sentence: str, interpretation: Interpretation) -> Iterator[str]:
    claimed = _CONFLICT_FREE.search(sentence)
    if not claimed or interpretation.facts.program.edition.private_sector_audit:
        return
    if not _DENIED.search(sentence[: claimed.end()]):
        yield (
            "it calls for an independent private sector audit of the report (Form SD, Item 1.01(c)(1)); if there is "
            "one, set edition.private_sector_audit = true"
        )


_Holds = Callable[[Facility], bool]


def _predicate(rest: str) -> tuple[str, _Holds] | None:
    """What is said of facilities; None if it is nothing that is known of them."""
    if _OUTSIDE.search(rest):
        return "outside of the covered countries", lambda each: each.country is not None and not each.country.covered
    if _COVERED.search(rest):
        return "in a covered country", lambda each: each.country is not None and each.country.covered
    if _AFRICA.search(rest):
        return "in Africa", lambda each: each.country is not None and each.country.continent == "Africa"
    statuses = [
        status
        for status, pattern in (
            (Status.CONFORMANT, _CONFORMANT), (Status.ACTIVE, _ACTIVE), (Status.INDETERMINABLE, _INDETERMINABLE),
        )
        if pattern.search(rest)
    ]  # fmt: skip
    if not statuses:
        return None
    return " or ".join(status.value for status in statuses), lambda each: each.status in statuses


def _facilities_against(found: re.Match[str], interpretation: Interpretation) -> Iterator[str]:
    rest = found["rest"]
    said = _predicate(rest)
    metal = Mineral(found["metal"].capitalize()) if found["metal"] else None
    meant = [each for each in interpretation.facilities if metal is None or each.facility.metal == metal]
    if said is None or not meant:
        return
    what, holds = said
    denied = bool(_NEGATED.search(rest[: _place(rest)]))
    none = found["quantity"].lower().startswith(("no", "neither"))
    wrong = [each for each in meant if holds(each) == (none != denied)]
    if none and denied:
        wrong = [each for each in meant if not holds(each)]
    if not wrong:
        return
    is_ = pluralized(len(wrong), "is", "are")
    negation = "" if holds(wrong[0]) else "not "
    example = f" ({wrong[0].name})" if len(wrong) == 1 else ""
    yield f"{counted(len(wrong), 'facility')}{example} {is_} {negation}{what}"


def _place(rest: str) -> int:
    """Where the predicate stands; what is denied stands before it."""
    patterns = (_OUTSIDE, _COVERED, _AFRICA, _CONFORMANT, _ACTIVE, _INDETERMINABLE)
    return min((found.start() for pattern in patterns if (found := pattern.search(rest))), default=len(rest))


def _suppliers_against(found: re.Match[str], figures: Figures) -> Iterator[str]:
    rest, suppliers = found["rest"], figures.suppliers
    none = found["quantity"].lower().startswith(("no", "neither"))
    sources = _SOURCES.search(rest)
    if sources:
        denied = none != bool(_NEGATED.search(rest[: sources.start()]))
        yes = figures.origin.against[Against.ANSWER_YES] or figures.origin.against[Against.ORIGIN_THERE]
        if denied and yes:
            yield f"{counted(yes, 'supplier')} {pluralized(yes, 'declares', 'declare')} otherwise"
        elif denied and not none and suppliers.not_sourcing_from_covered_countries < suppliers.surveyed:
            said = suppliers.not_sourcing_from_covered_countries
            yield f"{counted(said, 'supplier')} of {suppliers.surveyed} {pluralized(said, 'says', 'say')} so"
        return
    answered = _ANSWERED.search(rest)
    if answered and not none and not _NEGATED.search(rest[: answered.start()]):
        missing = suppliers.surveyed - suppliers.responded
        if missing and not re.search(r"\bthat\s+(?:have\s+)?(?:responded|answered)", rest, re.IGNORECASE):
            yield f"{counted(missing, 'supplier')} did not (figures.suppliers.responded)"
