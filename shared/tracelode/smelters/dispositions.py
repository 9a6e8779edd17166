"""Dispositions (`dispositions.csv`): what the compliance team has decided about declared names, who, when and why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracelode.smelters.countries import country_of
from tracelode.smelters.names import plain_name
from tracelode.smelters.status import FacilityId
from tracelode.submission import DeclaredIdentity


class Decision(StrEnum):
    """What the team has decided a declared name is."""

    FACILITY = "is"
    """The name stands for the facility with the stated CID."""
    NOT_A_SMELTER = "not a smelter"


@dataclass(frozen=True, slots=True)
class Disposition:
    """One decision about a name that suppliers declare.

    `metal`, `declared_cid`, `declared_name` and `declared_country` are a line's, as the report shows them. An empty
    `metal`, `declared_country` or `declared_cid` means that the decision is for any. `facility` is None unless the
    name is one. `row` is where the decision stands in its file and is no part of what was decided.
    """

    metal: str
    declared_cid: str
    declared_name: str
    declared_country: str
    decision: Decision
    facility: FacilityId | None
    decided_by: str
    decided_on: date
    reason: str
    row: int = field(compare=False)

    @property
    def outcome(self) -> tuple[Decision, FacilityId | None]:
        """What it comes down to, whoever decided it."""
        return self.decision, self.facility


@dataclass(frozen=True, slots=True)
class Dispositions:
    """The register in force."""

    decisions: tuple[Disposition, ...] = ()
    _by_name: Mapping[str, tuple[Disposition, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, list[Disposition]] = defaultdict(list)
        for decision in self.decisions:
            by_name[plain_name(decision.declared_name)].append(decision)
        object.__setattr__(self, "_by_name", {name: tuple(found) for name, found in by_name.items()})

    def on(self, identity: DeclaredIdentity) -> Disposition | None:
        """The decision that fits a declared identity best: one for its very country and CID before one for any.

        Names are compared as `plain_name`, countries by what they spell. Of a decision for its CID and one for its
        country, the one for the CID goes first. An identity whose metal is unreadable takes a decision of any metal,
        as long as all that fit equally well come to the same.
        """
        fitting = [
            decision
            for decision in self._by_name.get(plain_name(identity.name), ())
            if (decision.metal in ("", identity.metal) or not identity.metal)
            and decision.declared_cid in ("", identity.cid)
            and country_key(decision.declared_country) in ("", country_key(identity.country))
        ]
        by_precision: dict[tuple[bool, bool, bool], list[Disposition]] = defaultdict(list)
        for decision in fitting:
            exact = (bool(decision.declared_cid), bool(decision.declared_country), decision.metal == identity.metal)
            by_precision[exact].append(decision)
        best = by_precision[max(by_precision)] if by_precision else []
        return best[0] if len({decision.outcome for decision in best}) == 1 else None


NOTHING_DECIDED = Dispositions()


def country_key(spelling: str) -> str:
    """What a country's spellings have in common: its code, or the plain name where it is no country's."""
    country = country_of(spelling)
    return country.code if country else plain_name(spelling)
