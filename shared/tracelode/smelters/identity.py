"""Who a declared smelter is: the first step of a fixed order that has an answer, with the evidence of every step.

A fuzzy match is never an answer. It is a suggestion for a person to decide on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracelode.minerals import Mineral
from tracelode.printing.printable import printable
from tracelode.smelters.countries import country_of
from tracelode.smelters.dispositions import Decision, Disposition, Dispositions
from tracelode.smelters.known import KnownFacilities, KnownName, NameSource
from tracelode.smelters.names import plain_name
from tracelode.smelters.status import CID, FacilityId
from tracelode.smelters.suggestions import MOST, scored, suggest
from tracelode.smelters.suggestions import Suggestion as Suggestion
from tracelode.submission import DeclaredIdentity


class Step(StrEnum):
    """The steps of a resolution, in their order."""

    DISPOSITION = "disposition"
    """The compliance team has decided."""
    CID = "cid"
    """The line carries a CID: typed, or standing in column F of the list."""
    WORKBOOK = "workbook-look-up"
    """The name is an alias in the supplier's own workbook's look-up tab."""
    REFERENCE_LIST = "reference-list"
    """The name is one of that metal's on a status list or on RMI's reference list."""
    TEMPLATE = "template"
    """The name is an alias of that metal in the look-up tab of a template that the team has loaded."""
    UNRESOLVED = "unresolved"
    """No step had an answer."""


class Outcome(StrEnum):
    """What a declared identity comes down to."""

    FACILITY = "facility"
    NOT_A_SMELTER = "not-a-smelter"
    """The team has decided that the name is no smelter's: it counts nowhere, but is shown with who decided it."""
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Trace:
    """What one step came to. `said` is our own wording; a workbook's text in it is only ever quoted."""

    step: Step
    said: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a declared identity is, and why.

    `facility` is None unless the outcome is a facility. `trace` has every step that was taken, in order, the deciding
    one last. `doubts` are contradictions between the line and what is known of its facility, each one a sentence for
    the compliance team. `suggestions`, at most three, are given for unresolved lines alone: those of lists and
    templates first, then those that suppliers declare, of each the best first. `disposition` is the team's decision
    where it was the step that answered.
    """

    identity: DeclaredIdentity
    outcome: Outcome
    step: Step
    facility: FacilityId | None
    trace: tuple[Trace, ...]
    doubts: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    disposition: Disposition | None = None


def resolve(
    identity: DeclaredIdentity, known: KnownFacilities, dispositions: Dispositions, *, suggest: bool = True
) -> Resolution:
    """Who a declared identity is, by the first step of `Step` that has an answer.

    A decision of the team goes before everything. A CID counts for the line's own metal: one that is known, but under
    other metals alone, is not that metal's facility, and the name is asked instead; one that nobody knows is a
    facility nevertheless, with a doubt if anything is known of that metal. A line without a readable metal takes the
    metal under which its CID alone is known. A name counts if it stands for one facility of the metal in the
    strongest source that has it; where only its core is the same (`KnownFacilities.named`), also the country must
    not contradict. A name of several facilities, and one that is merely similar, stays unresolved. Without `suggest`
    no suggestions are looked for.
    """
    return _Inquiry(identity, known, dispositions.on(identity)).answered(suggest)


class _Inquiry:
    """One resolution on its way through the steps."""

    def __init__(self, identity: DeclaredIdentity, known: KnownFacilities, decision: Disposition | None) -> None:
        self._identity = identity
        self._known = known
        self._decision = decision
        self._cid = identity.cid if CID.fullmatch(identity.cid) else ""
        self._elsewhere = known.with_cid(self._cid)
        self._metal = Mineral(identity.metal) if identity.metal else None
        if self._metal is None and len(self._elsewhere) == 1:
            self._metal = self._elsewhere[0].metal
        self._named = known.named(self._metal, identity.name) if self._metal else ()
        self._trace: list[Trace] = []
        self._doubts: list[str] = []

    def answered(self, with_suggestions: bool) -> Resolution:
        """The answer of the first step that has one."""
        if self._decision:
            return self._as_decided(self._decision)
        self._says(Step.DISPOSITION, "The compliance team has not decided on this name.")
        facility = self._by_cid()
        if facility and self._overruled(facility):
            return self._unresolved(with_suggestions)
        if facility:
            return self._resolution(Outcome.FACILITY, facility)
        for source, step in _SOURCES.items():
            found = [name for name in self._named if name.source is source]
            facility = self._by_name(found, step, _PLACES[source])
            if facility:
                return self._resolution(Outcome.FACILITY, facility)
            if found:
                break  # ambiguous or contradicted by a stronger source: a weaker one does not settle it
        return self._unresolved(with_suggestions)

    def _as_decided(self, decision: Disposition) -> Resolution:
        who = f"{_quoted(decision.decided_by)} on {decision.decided_on.isoformat()}: {_quoted(decision.reason)}"
        if decision.decision is Decision.NOT_A_SMELTER or decision.facility is None:
            self._says(Step.DISPOSITION, f"Not a smelter, decided by {who}.")
            return self._resolution(Outcome.NOT_A_SMELTER, None)
        facility = decision.facility
        self._says(Step.DISPOSITION, f"{facility.metal}'s {facility.cid}, decided by {who}.")
        if self._cid and self._cid != facility.cid:
            self._doubts.append(f"The line carries {self._cid}, which the decision overrules.")
        others = self._known.with_cid(facility.cid)
        if others and facility not in others:
            self._doubts.append(f"The decision names {facility.cid}, which is known for {_metals(others)} alone.")
        return self._resolution(Outcome.FACILITY, facility)

    def _by_cid(self) -> FacilityId | None:
        from_name = self._identity.evidence == "look-up"
        step = Step.WORKBOOK if from_name else Step.CID
        if not self._cid:
            self._says(Step.CID, "The line carries no CID.")
            return None
        if self._metal is None:
            several = f"is known for {_metals(self._elsewhere)}" if self._elsewhere else "is not known"
            self._says(step, f"The line's metal is unreadable, and {self._cid} {several}.")
            return None
        facility = FacilityId(self._metal, self._cid)
        if self._elsewhere and facility not in self._elsewhere:
            self._says(step, f"{self._cid} is known for {_metals(self._elsewhere)}, not for {self._metal}.")
            self._doubts.append(
                f"The line for {self._metal} carries {self._cid}, which {_metals(self._elsewhere)} has."
            )
            return None
        origin = "The look-up tab of the supplier's own workbook gives" if from_name else "The line carries"
        unknown = "" if self._known.facility(facility) else " No list and no template has it."
        self._says(step, f"{origin} {self._cid}.{unknown}")
        self._doubts.extend(self._contradictions(facility))
        return facility

    def _overruled(self, facility: FacilityId) -> bool:
        """Whether a CID that only the supplier's own look-up tab gives is not what the name stands for officially.

        A tab can be edited, official data cannot: it decides on names that nobody else knows, and leaves others open.
        """
        if self._identity.evidence != "look-up":
            return False
        official = {found.facility for found in self._named if found.source in _SOURCES}
        if not official or facility in official:
            return False
        self._says(
            Step.UNRESOLVED,
            f"Officially, {_quoted(self._identity.name)} stands for {_cids(official)}, not for {facility.cid}: a "
            f"supplier's own "
            "tab does not outrank that.",
        )
        return True

    def _contradictions(self, facility: FacilityId) -> list[str]:
        """What the line says against its own CID, as far as anything is known of it."""
        standard = self._known.facility(facility)
        doubts = self._other_country(facility) if standard else []
        others = {found.facility for found in self._named} - {facility}
        own = any(found.facility == facility for found in self._named)
        if others and not own:
            doubts.append(
                f"The name {_quoted(self._identity.name)} stands for {_cids(others)}, not for {facility.cid}."
            )
        elif standard and not own and self._identity.evidence != "look-up" and self._is_far_from(facility):
            doubts.append(
                f"The name {_quoted(self._identity.name)} is unlike {_quoted(standard.name)}, which is {facility.cid}."
            )
        return doubts

    def _other_country(self, facility: FacilityId) -> list[str]:
        declared = country_of(self._identity.country)
        places = [place for place in map(country_of, self._known.countries_of(facility)) if place]
        if declared is None or not places or declared in places:
            return []
        return [f"The line says {declared.name}, but {facility.cid} is known in {places[0].name}."]

    def _is_far_from(self, facility: FacilityId) -> bool:
        # A name in another script looks like none of the Latin ones, and may well be the right one.
        if not plain_name(self._identity.name) or not plain_name(self._identity.name).isascii():
            return False
        likeness = scored(self._known, facility, self._identity.name, "")
        return likeness is not None and likeness.score < _UNLIKE

    def _by_name(self, found: Sequence[KnownName], step: Step, where: str) -> FacilityId | None:
        if self._metal is None:
            self._says(step, f"Without a metal no name is looked for {where}.")
            return None
        facilities = {name.facility for name in found}
        if len(facilities) == 1:
            return self._as_named(found[0], step, where)
        several = f"is ambiguous {where}: {_cids(facilities)}" if facilities else f"is not known {where}"
        self._says(step, f"For {self._metal}, {_quoted(self._identity.name)} {several}.")
        return None

    def _as_named(self, found: KnownName, step: Step, where: str) -> FacilityId | None:
        facility = found.facility
        contradiction = self._other_country(facility)
        exact = plain_name(found.name) == plain_name(self._identity.name)
        same = "" if exact else ", but for legal form and small words,"
        said = f"For {self._metal}, {_quoted(self._identity.name)} is{same} the name {_quoted(found.name)} {where}"
        if contradiction and not exact:
            self._says(step, f"{said}, but the country contradicts: {contradiction[0]}")
            return None
        self._says(step, f"{said}: {facility.cid}.")
        self._doubts.extend(contradiction)
        others = {name.facility for name in self._named} - {facility}
        if others:
            self._doubts.append(f"Another source has {_quoted(self._identity.name)} as {_cids(others)}.")
        return facility

    def _unresolved(self, with_suggestions: bool) -> Resolution:
        self._says(Step.UNRESOLVED, "No step had an answer.")
        return self._resolution(Outcome.UNRESOLVED, None, self._suggestions() if with_suggestions else ())

    def _suggestions(self) -> tuple[Suggestion, ...]:
        """The facilities that the line itself names, by CID or ambiguous name, and the most similar ones."""
        name, country = self._identity.name, self._identity.country
        stated = {*self._elsewhere, *(found.facility for found in self._named)}
        certain = [each for each in (scored(self._known, facility, name, country) for facility in stated) if each]
        certain = sorted(certain, key=_best_first)[:MOST]
        similar = [each for each in suggest(self._known, self._metal, name, country) if each.facility not in stated]
        return tuple(sorted([*certain, *similar[: MOST - len(certain)]], key=lambda each: -each.score))

    def _says(self, step: Step, said: str) -> None:
        self._trace.append(Trace(step, said))

    def _resolution(
        self, outcome: Outcome, facility: FacilityId | None, suggestions: tuple[Suggestion, ...] = ()
    ) -> Resolution:
        return Resolution(
            identity=self._identity,
            outcome=outcome,
            step=self._trace[-1].step,
            facility=facility,
            trace=tuple(self._trace),
            doubts=tuple(self._doubts),
            suggestions=suggestions,
            disposition=self._decision,
        )


_SOURCES: Mapping[NameSource, Step] = {
    NameSource.REFERENCE_LIST: Step.REFERENCE_LIST,
    NameSource.TEMPLATE: Step.TEMPLATE,
}
_PLACES: Mapping[NameSource, str] = {
    NameSource.REFERENCE_LIST: "on the reference lists",
    NameSource.TEMPLATE: "in the loaded templates",
}
_UNLIKE = 50
"""The likeness of two names below which a CID and the name beside it hardly mean one facility."""
_QUOTED_CHARACTERS = 120


def _quoted(text: str) -> str:
    return f"\u201c{printable(text)[:_QUOTED_CHARACTERS]}\u201d"


def _metals(facilities: Iterable[FacilityId]) -> str:
    return " and ".join(sorted({facility.metal.value for facility in facilities}))


def _cids(facilities: Iterable[FacilityId]) -> str:
    return ", ".join(sorted({facility.cid for facility in facilities}))


def _best_first(suggestion: Suggestion) -> tuple[int, FacilityId]:
    return (-suggestion.score, suggestion.facility)
