"""An existing filing recounted: what its annex of smelters adds up to, against what its text states."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tracelode.edgar.annex import Annex, AnnexRow, Misfit, find_annex
from tracelode.edgar.claims import EVERYTHING, Claim, ClaimScope, claims_of
from tracelode.edgar.passages import Passage, Table, passages_of
from tracelode.minerals import ANNEX_MINERALS, CONFLICT_MINERALS, Mineral
from tracelode.smelters.status import Status

MAX_FILING_BYTES: Final = 50_000_000
"""Larger than any filing about conflict minerals, pictures included."""
_ROUNDING = 1.0
_AFRICA = "Africa"


@dataclass(frozen=True, slots=True)
class Held:
    """A stated number against the annex: what it was taken to mean, and what is counted of that.

    Where it may mean several things, `meaning`, `scope` and `counted` are those that agree, or else the likeliest. A
    share is a percentage that is printed beside a number, and agrees within a point, so that every way of rounding
    passes.
    """

    line: int
    stated: float
    counted: float
    meaning: str
    quote: str
    is_share: bool = False
    scope: ClaimScope = EVERYTHING

    @property
    def agrees(self) -> bool:
        """Whether the text states what the annex holds."""
        return abs(self.stated - self.counted) <= (_ROUNDING if self.is_share else 0)


@dataclass(frozen=True, slots=True)
class Recount:
    """What an annex adds up to. Countries are named as lists name them today; statuses by the words that it prints."""

    total: int
    by_metal: tuple[tuple[Mineral, int], ...]
    by_status: tuple[tuple[str, int], ...]
    by_metal_and_status: tuple[tuple[Mineral, str, int], ...]
    countries: tuple[tuple[str, int], ...]
    without_country: int
    in_africa: tuple[AnnexRow, ...]
    in_covered_countries: tuple[AnnexRow, ...]
    misfits: tuple[Misfit, ...]
    held: tuple[Held, ...]
    not_understood: tuple[Claim, ...]

    @property
    def is_sound(self) -> bool:
        """Whether there is an annex, all its rows fit, and everything that is stated agrees with it."""
        return self.total > 0 and not self.misfits and all(held.agrees for held in self.held)


def recount_filing(data: bytes) -> Recount:
    """Recount a filing: an exhibit or a complete submission, as text or HTML.

    A file without an annex has a total of 0 and nothing held. Raises FilingTooLargeError beyond MAX_BYTES or what
    `passages_of` reads. The file is untrusted: nothing of it is executed or fetched.
    """
    passages = passages_of(data)
    annex = find_annex(passage for passage in passages if isinstance(passage, Table))
    held, not_understood = hold(passages, annex) if annex.entries else ((), ())
    countries = Counter(entry.country.name for entry in annex.entries if entry.country)
    return Recount(
        total=len(annex.entries),
        by_metal=tuple((metal, sum(e.metal == metal for e in annex.entries)) for metal in ANNEX_MINERALS),
        by_status=tuple(sorted(Counter(e.printed for e in annex.entries if e.printed).items())),
        by_metal_and_status=tuple(
            (metal, word, number)
            for (metal, word), number in sorted(Counter((e.metal, e.printed) for e in annex.entries).items())
        ),
        countries=tuple(sorted(countries.items(), key=lambda item: (-item[1], item[0]))),
        without_country=sum(entry.country is None for entry in annex.entries),
        in_africa=tuple(entry for entry in annex.entries if _is_in(entry, ClaimScope(africa=True))),
        in_covered_countries=tuple(entry for entry in annex.entries if _is_in(entry, ClaimScope(covered=True))),
        misfits=annex.misfits,
        held=held,
        not_understood=not_understood,
    )


def hold(passages: Iterable[Passage], annex: Annex) -> tuple[tuple[Held, ...], tuple[Claim, ...]]:
    """The numbers that passages state against an annex, and those that it could not tell."""
    claims = claims_of(passages)
    answers = [tuple(_hold(claim, annex)) for claim in claims]
    return (
        tuple(one for held in answers for one in held),
        tuple(claim for claim, held in zip(claims, answers, strict=True) if not held),
    )


def _hold(claim: Claim, annex: Annex) -> Iterator[Held]:
    """The claim's number and its share against the annex; nothing where the annex could not tell."""
    tellable = [scope for scope in claim.readings if _can_tell(annex, scope)]
    if not tellable:
        return
    counted = [(_count(annex.entries, scope), scope) for scope in tellable]
    number, scope = next((pair for pair in counted if pair[0] == claim.number), counted[0])
    held = Held(claim.line, claim.number, number, _meaning(scope), claim.quote, scope=scope)
    yield held
    if claim.share is not None and number:
        yield _hold_share(claim.share, held, annex)


def _hold_share(stated: float, held: Held, annex: Annex) -> Held:
    """A percentage against the nearest that it may be: of all facilities, or of those of a metal."""
    by_metal = {metal.lower(): _count(annex.entries, ClaimScope(metal)) for metal in CONFLICT_MINERALS}
    wholes = {"all": len(annex.entries), **by_metal}
    shares = [(100 * held.counted / number, name) for name, number in wholes.items() if number >= held.counted]
    share, name = min(shares, key=lambda pair: abs(pair[0] - stated))
    meaning = f"{held.meaning}, of {name}"
    return replace(held, stated=stated, counted=round(share, 1), meaning=meaning, is_share=True)


def _can_tell(annex: Annex, scope: ClaimScope) -> bool:
    return (annex.has_statuses or not scope.statuses) and (
        annex.has_countries or not (scope.africa or scope.covered or scope.nowhere)
    )


def _count(entries: Iterable[AnnexRow], scope: ClaimScope) -> int:
    return sum(_is_in(entry, scope) for entry in entries)


def _is_in(entry: AnnexRow, scope: ClaimScope) -> bool:
    return (
        (scope.metal is None or entry.metal == scope.metal)
        and (not scope.statuses or entry.status in scope.statuses)
        and (not scope.africa or (entry.country is not None and entry.country.continent == _AFRICA))
        and (not scope.covered or (entry.country is not None and entry.country.covered))
        and (not scope.nowhere or entry.country is None)
    )


def _meaning(scope: ClaimScope) -> str:
    words = [scope.metal.lower()] if scope.metal else []
    words += [" or ".join(status.value for status in Status if status in scope.statuses)] if scope.statuses else []
    words += ["in Africa"] if scope.africa else []
    words += ["in Covered Countries"] if scope.covered else []
    words += ["whose country is not known"] if scope.nowhere else []
    return ", ".join(words) or "all"
