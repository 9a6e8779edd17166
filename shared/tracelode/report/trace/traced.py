"""Everything that a figure can be traced to, numbered once: suppliers, files, facilities and declared names.

The numbers depend on the facts alone (suppliers by id, files by supplier and receipt, facilities in the annex's order,
names by identity), never on the seats that suppliers happened to get.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracelode.declarations.answers import metals_in_products
from tracelode.minerals import Mineral
from tracelode.picture.declared import declared
from tracelode.picture.edition import reported_metals
from tracelode.picture.facilities import Facility
from tracelode.picture.interpretation import Interpretation, SupplierView, UnidentifiedName
from tracelode.smelters.identity import Outcome, Resolution
from tracelode.submission import DeclaredIdentity, SubmissionSummary


@dataclass(frozen=True, slots=True)
class TracedFile:
    """A supplier's current submission, or the rejected one that it is told about; `supplier` is the latter's number."""

    supplier: int
    submission: SubmissionSummary
    current: bool


@dataclass(frozen=True, slots=True)
class TracedName:
    """A declared identity that counts; `facility` is the number of the facility that it is, None for none."""

    identity: DeclaredIdentity
    outcome: Outcome
    resolution: Resolution | None
    facility: int | None
    lines: int


@dataclass(frozen=True, slots=True)
class Traced:
    """What figures are traced to. A number is a place in one of these.

    `first_file` has, by supplier id, the number of its first current file; the others follow it. `surveyed` are the
    suppliers that count (on the roster and in scope), `declarations` their current files, and `with_metal` those of
    them that say that a metal is in the products, by metal in the annex's order.
    """

    interpretation: Interpretation
    suppliers: tuple[SupplierView, ...]
    files: tuple[TracedFile, ...]
    first_file: Mapping[str, int]
    facilities: tuple[Facility, ...]
    names: tuple[TracedName, ...]
    surveyed: tuple[int, ...]
    declarations: tuple[int, ...]
    with_metal: Mapping[str, tuple[int, ...]]


def traced(interpretation: Interpretation) -> Traced:
    """The interpretation's suppliers, files, facilities and names, numbered."""
    files: list[TracedFile] = []
    first_file: dict[str, int] = {}
    for number, view in enumerate(interpretation.suppliers):
        if view.standing:
            first_file[view.supplier_id] = len(files)
            files.extend(TracedFile(number, sent, sent is not view.standing.rejected) for sent in view.sent)
    surveyed = tuple(n for n, view in enumerate(interpretation.suppliers) if view.counts)
    counted = set(surveyed)
    declarations = tuple(n for n, file in enumerate(files) if file.current and file.supplier in counted)
    return Traced(
        interpretation=interpretation,
        suppliers=interpretation.suppliers,
        files=tuple(files),
        first_file=first_file,
        facilities=interpretation.facilities,
        names=_names(interpretation),
        surveyed=surveyed,
        declarations=declarations,
        with_metal=_with_metal(files, declarations, reported_metals(interpretation.facts.program)),
    )


def _with_metal(
    files: Sequence[TracedFile], declarations: Sequence[int], metals: Iterable[Mineral]
) -> dict[str, tuple[int, ...]]:
    in_products = {number: metals_in_products(files[number].submission) for number in declarations}
    return {metal.value: tuple(n for n in declarations if metal in in_products[n]) for metal in metals}


def _names(interpretation: Interpretation) -> tuple[TracedName, ...]:
    facility_of = {
        resolution.identity: number
        for number, facility in enumerate(interpretation.facilities)
        for resolution in facility.resolutions
    }
    resolved = [
        TracedName(
            item.resolution.identity,
            item.resolution.outcome,
            item.resolution,
            facility_of.get(item.resolution.identity),
            item.lines,
        )
        for item in declared(interpretation)
    ]
    unexplained = [_without_resolution(name) for name in interpretation.unidentified if name.resolution is None]
    return tuple(sorted([*resolved, *unexplained], key=lambda name: name.identity))


def _without_resolution(name: UnidentifiedName) -> TracedName:
    identity = DeclaredIdentity(name.metal, name.cid, name.name, name.country)
    return TracedName(identity, Outcome.UNRESOLVED, None, None, name.lines)
