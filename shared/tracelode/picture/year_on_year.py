"""What became of last year's facilities: those that are gone, those that are new, those with another status."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracelode.picture.interpretation import Interpretation
from tracelode.smelters.status import PRINTED, FacilityId, Status, Vocabulary


class Became(StrEnum):
    """What became of a facility, in the order in which it is told."""

    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "status changed"


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A facility that is not as it was: its statuses in last year's report and now, None where it is not listed.

    A facility that is gone has the name that last year's report gives it, else the one that a loaded list or template
    knows, else none.
    """

    facility: FacilityId
    name: str
    before: Status | None
    now: Status | None

    @property
    def became(self) -> Became:
        """What became of it."""
        if self.now is None:
            return Became.REMOVED
        return Became.ADDED if self.before is None else Became.CHANGED

    def printed(self, vocabulary: Vocabulary) -> tuple[str, str]:
        """Its statuses then and now in the words of an edition, "" where it is not listed."""
        words = PRINTED[vocabulary]
        return (words[self.before] if self.before else "", words[self.now] if self.now else "")


def year_on_year(interpretation: Interpretation) -> tuple[YearOnYear, ...]:
    """The facilities that are not as last year's report lists them, by what became of them, metal and CID.

    They are those that the figures under `last_year` count; none where last year's facilities are not known.
    """
    return tuple(sorted(_found(interpretation), key=lambda each: (list(Became).index(each.became), each.facility)))


def _found(interpretation: Interpretation) -> Iterator[YearOnYear]:
    facts = interpretation.facts
    if facts.last_year is None:
        return
    before = facts.last_year.facilities
    for facility in interpretation.facilities:
        was = before.get(facility.facility)
        if was is not facility.status:
            yield YearOnYear(facility.facility, facility.name, was, facility.status)
    for gone in before.keys() - {facility.facility for facility in interpretation.facilities}:
        known = facts.known.facility(gone)
        yield YearOnYear(gone, facts.last_year.names.get(gone) or (known.name if known else ""), before[gone], None)
