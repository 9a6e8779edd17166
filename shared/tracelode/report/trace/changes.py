"""What changed on the newest day of a report's inputs, and through which of them.

A report is compared with what it would have said without the inputs of that day, never with the one that happened to be
published before it: which were published depends on how events were gathered, and a report set on its inputs alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracelode.picture.declared import decisions_in_force
from tracelode.picture.figures.by_name import Figure
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.printing.canonical_json import to_json
from tracelode.report.trace.explanations.explained import explained
from tracelode.smelters.status import FacilityId
from tracelode.submission import DeclaredIdentity

SUPPLIERS_AT_MOST = 20
"""Suppliers that a difference names where it is written down; of more it says how many there are."""

StatedValue = str | int | float


class DifferenceKind(StrEnum):
    """What a difference is about, in the order in which they are told."""

    SUPPLIER = "supplier"
    """Where a supplier stands."""
    FACILITY_ADDED = "facility added"
    FACILITY_REMOVED = "facility removed"
    STATUS = "status"
    """A facility's status, as printed."""
    COUNTRY = "country"
    """A facility's country, as printed."""
    NAMED_BY = "named by"
    """How many suppliers name a facility that is in the report before and after: a difference for those that newly do,
    then one for those that no longer do."""
    NAME = "name"
    """Who a declared name is taken for: a CID, `OPEN`, `DISMISSED`, or nobody because nobody names it."""
    DECISION = "decision"
    """A decision of the team's and what it decides."""
    FIGURE = "figure"


OPEN = "to identify"
DISMISSED = "no smelter"


class InputKind(StrEnum):
    """What came on the day."""

    REFERENCE = "reference"
    SUBMISSION = "submission"
    WITHDRAWAL = "withdrawal"
    """A key of which every version was withdrawn."""


@dataclass(frozen=True, slots=True)
class NewInput:
    """A file that came on the day and counts, or a key that was deleted on it: that has no hash and no time.

    `as_of` is a reference file's date; `supplier_id` and `supplier`, its name, are "" for a reference file.
    """

    kind: InputKind
    key: str
    received: str = ""
    sha256: str = ""
    as_of: str = ""
    supplier_id: str = ""
    supplier: str = ""

    @property
    def file(self) -> str:
        """The file's name."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the report says otherwise. `before` or `after` is "" where it says nothing of it.

    `subject` identifies what it is about: "Gold CID000058", a supplier's id, a figure's dotted name. `suppliers` are
    those of the cause through whose documents it came, none where it came through all of the cause together.
    """

    matter: DifferenceKind
    subject: str
    name: str
    before: StatedValue
    after: StatedValue
    suppliers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Inputs, and the differences that they made together: none where they changed nothing that is compared."""

    inputs: tuple[NewInput, ...]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed on `day` (UTC, ISO 8601), cause by cause, each on top of those before it: reference files in the
    order of their receipt, then what suppliers sent and deleted.

    `uncompared` says why there is nothing to compare with, "" where there is.
    """

    day: str = ""
    causes: tuple[Cause, ...] = ()
    uncompared: str = ""


NOT_COMPARED = Changes(uncompared="Nothing is known of what the report said before.")


@dataclass(frozen=True, slots=True)
class FacilityStatement:
    """What a report states of a facility."""

    name: str
    status: str
    country: str
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportStatements:
    """What a report states as far as it is compared: small, so that one per cause can be kept.

    `figures` are by their dotted names, a list as one text; `counting` says what each of them counts.
    """

    figures: Mapping[str, StatedValue]
    counting: Mapping[str, str]
    suppliers: Mapping[str, tuple[str, str]]
    facilities: Mapping[FacilityId, FacilityStatement]
    names: Mapping[DeclaredIdentity, str]
    naming: Mapping[DeclaredIdentity, tuple[str, ...]]
    decisions: Mapping[tuple[str, ...], str] = field(default_factory=dict)


def statements_of(interpretation: Interpretation) -> ReportStatements:
    """What is compared of an interpretation."""
    names: dict[DeclaredIdentity, str] = {}
    naming: dict[DeclaredIdentity, tuple[str, ...]] = {}
    for facility in interpretation.facilities:
        names.update((resolution.identity, facility.facility.cid) for resolution in facility.resolutions)
    for name in interpretation.unidentified:
        if name.resolution:
            names[name.resolution.identity] = OPEN
            naming[name.resolution.identity] = name.suppliers
    for dismissed in interpretation.dismissed:
        names[dismissed.resolution.identity] = DISMISSED
        naming[dismissed.resolution.identity] = dismissed.suppliers
    numbers = explained(count_figures(interpretation))
    return ReportStatements(
        figures={each.name: _one_value(each.value) for each in numbers},
        counting={each.name: each.says.rstrip(".") for each in numbers},
        suppliers={view.supplier_id: (view.name, _where_it_stands(view)) for view in interpretation.suppliers},
        facilities={
            item.facility: FacilityStatement(item.name, item.printed_status, item.printed_country, item.suppliers)
            for item in interpretation.facilities
        },
        names=names,
        naming=naming,
        decisions=_decisions(interpretation),
    )


def differences(
    before: ReportStatements, after: ReportStatements, senders: Collection[str] = ()
) -> tuple[Difference, ...]:
    """What the second states otherwise than the first; `senders` are the suppliers whose documents came between."""
    return (
        *_suppliers(before, after, frozenset(senders)),
        *sorted(_facilities(before, after, frozenset(senders)), key=_told),
        *_names(before, after, frozenset(senders)),
        *(
            Difference(DifferenceKind.DECISION, ", ".join(filter(None, key[:-1])), key[-1], *values)
            for key, values in _changed(before.decisions, after.decisions)
        ),
        *(
            Difference(DifferenceKind.FIGURE, name, after.counting.get(name) or before.counting.get(name, ""), *values)
            for name, values in _changed(before.figures, after.figures)
        ),
    )


def changes_json(changes: Changes) -> bytes:
    """`changes.json`: the day, and each cause with its inputs and differences."""
    return to_json(
        {
            "day": changes.day,
            "compared_with": "what was received before that day (UTC)" if not changes.uncompared else None,
            "uncompared": changes.uncompared or None,
            "causes": [
                {
                    "inputs": [_without_blanks(item, "kind", "key", *_INPUT_DETAILS) for item in cause.inputs],
                    "differences": [_difference(item) for item in cause.differences],
                }
                for cause in changes.causes
            ],
        }
    )


_INPUT_DETAILS = ("received", "sha256", "as_of", "supplier_id", "supplier")


def _without_blanks(item: NewInput, *names: str) -> dict[str, str]:
    return {name: str(value) for name in names if (value := getattr(item, name))}


def _difference(item: Difference) -> dict[str, Any]:
    told = {"matter": item.matter.value, "subject": item.subject, "before": item.before, "after": item.after}
    named = {"name": item.name} if item.name and item.matter is not DifferenceKind.FIGURE else {}
    if not item.suppliers:
        return told | named
    many = {"suppliers_in_all": len(item.suppliers)} if len(item.suppliers) > SUPPLIERS_AT_MOST else {}
    return told | named | many | {"suppliers": list(item.suppliers[:SUPPLIERS_AT_MOST])}


def _where_it_stands(view: SupplierView) -> str:
    if not view.on_roster:
        return "not on the roster"
    return view.state.value.replace("_", " ") if view.in_scope else "out of scope"


def _decisions(interpretation: Interpretation) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for item in decisions_in_force(interpretation):
        decided = item.disposition
        key = (decided.metal, decided.declared_cid, decided.declared_country, decided.declared_name)
        facility = f" {decided.facility.cid}" if decided.facility else ""
        found[key] = f"{decided.decision.value}{facility}: names {item.names}, lines {item.lines}"
    return found


def _changed(
    before: Mapping[Any, StatedValue], after: Mapping[Any, StatedValue]
) -> Iterator[tuple[Any, tuple[StatedValue, StatedValue]]]:
    for key in sorted(before.keys() | after.keys()):
        values = (before.get(key, ""), after.get(key, ""))
        if values[0] != values[1]:
            yield key, values


def _suppliers(before: ReportStatements, after: ReportStatements, senders: frozenset[str]) -> Iterator[Difference]:
    for supplier_id in sorted(before.suppliers.keys() | after.suppliers.keys()):
        old_name, old = before.suppliers.get(supplier_id, ("", ""))
        name, new = after.suppliers.get(supplier_id, (old_name, ""))
        if old != new:
            yield Difference(DifferenceKind.SUPPLIER, supplier_id, name, old, new, _among((supplier_id,), senders))


def _facilities(before: ReportStatements, after: ReportStatements, senders: frozenset[str]) -> Iterator[Difference]:
    for facility in sorted(before.facilities.keys() | after.facilities.keys()):
        subject = f"{facility.metal} {facility.cid}"
        old, new = before.facilities.get(facility), after.facilities.get(facility)
        if new is None and old:
            through = _among(old.suppliers, senders)
            yield Difference(DifferenceKind.FACILITY_REMOVED, subject, old.name, old.status, "", through)
        if old is None and new:
            through = _among(new.suppliers, senders)
            yield Difference(DifferenceKind.FACILITY_ADDED, subject, new.name, "", new.status, through)
        if old and new:
            yield from _facility(subject, old, new, senders)


def _facility(
    subject: str, old: FacilityStatement, new: FacilityStatement, senders: frozenset[str]
) -> Iterator[Difference]:
    through = _among(set(old.suppliers) ^ set(new.suppliers), senders)
    if old.status != new.status:
        yield Difference(DifferenceKind.STATUS, subject, new.name, old.status, new.status, through)
    if old.country != new.country:
        yield Difference(DifferenceKind.COUNTRY, subject, new.name, old.country, new.country, through)
    joined, left = set(new.suppliers) - set(old.suppliers), set(old.suppliers) - set(new.suppliers)
    most = len(old.suppliers) + len(joined)
    if joined:
        through = _among(joined, senders)
        yield Difference(DifferenceKind.NAMED_BY, subject, new.name, len(old.suppliers), most, through)
    if left:
        yield Difference(DifferenceKind.NAMED_BY, subject, new.name, most, len(new.suppliers), _among(left, senders))


def _names(before: ReportStatements, after: ReportStatements, senders: frozenset[str]) -> Iterator[Difference]:
    """Names whose meaning changed; that a known name came or went is told of its facility."""
    for identity, (old, new) in _changed(before.names, after.names):
        if {old, new} & {OPEN, DISMISSED} or (old and new):
            naming = set(before.naming.get(identity, ())) ^ set(after.naming.get(identity, ()))
            subject = ", ".join(filter(None, (identity.metal, identity.cid, identity.country)))
            yield Difference(DifferenceKind.NAME, subject, identity.name, old, new, _among(naming, senders))


def _among(suppliers: Iterable[str], senders: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(senders.intersection(suppliers)))


def _told(difference: Difference) -> int:
    return list(DifferenceKind).index(difference.matter)


def _one_value(figure: Figure) -> StatedValue:
    return ", ".join(figure) if isinstance(figure, list) else figure
