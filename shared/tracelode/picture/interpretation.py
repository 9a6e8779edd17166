"""What the facts mean today: facilities with status and place, suppliers with their standing.

Interpretation happens at publish, over the distinct declared identities; a new smelter list, roster or disposition
rewrites no line.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from tracelode.minerals import Mineral
from tracelode.picture.as_declared import as_declared, with_declared
from tracelode.picture.facilities import Facility, facilities
from tracelode.picture.facts import Facts
from tracelode.picture.seating import Seating
from tracelode.review.cross_checks import CrossFinding, other_companies, same_files, same_namings
from tracelode.review.policy import counted_under, state_under
from tracelode.smelters.dispositions import Disposition
from tracelode.smelters.identity import Outcome, Resolution, resolve
from tracelode.smelters.status import Status
from tracelode.submission import DeclaredIdentity, State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier as the report shows it: on the roster, in scope, and where it stands.

    `standing` is None for a surveyed supplier of which nothing was ever received. `facilities` counts the distinct
    facilities that it names, `unidentified_lines` its lines that name no known smelter, `not_conformant` its
    facilities that are not conformant.
    """

    supplier_id: str
    name: str
    on_roster: bool
    in_scope: bool
    attests_conformant_sourcing: bool
    state: State
    standing: Standing | None
    facilities: int
    unidentified_lines: int
    not_conformant: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is on the roster and in scope: of others nothing is counted, so that 0 says nothing of them."""
        return self.on_roster and self.in_scope

    @property
    def current(self) -> tuple[SubmissionSummary, ...]:
        """Its current submissions, none if nothing readable came."""
        return self.standing.current if self.standing else ()

    @property
    def sent(self) -> tuple[SubmissionSummary, ...]:
        """Its current submissions, then the rejected one that it is told about."""
        rejected = self.standing.rejected if self.standing else None
        return (*self.current, rejected) if rejected else self.current


@dataclass(frozen=True, slots=True)
class UnidentifiedName:
    """A smelter that in-scope suppliers name and that no step of the resolution knows: what the team has to find out.

    `cid` is what the line gives, "" for none: it does not name a facility of that metal.
    """

    metal: str
    name: str
    country: str
    lines: int
    suppliers: tuple[str, ...]
    cid: str = ""
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class DismissedName:
    """A declared name that the team has decided is no smelter's: its lines count nowhere."""

    resolution: Resolution
    disposition: Disposition
    lines: int
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Facilities in the annex's order (metal, printed status, CID), suppliers by id, unidentified names by metal.

    `comparisons` is what only comparing suppliers shows; it is for the compliance team and never for a supplier.
    `seating` says who names what among the suppliers that count.
    """

    facts: Facts
    facilities: tuple[Facility, ...]
    suppliers: tuple[SupplierView, ...]
    unidentified: tuple[UnidentifiedName, ...]
    unidentified_lines: int
    seating: Seating = field(repr=False, compare=False)
    comparisons: tuple[CrossFinding, ...] = ()
    dismissed: tuple[DismissedName, ...] = ()

    @property
    def surveyed(self) -> tuple[SupplierView, ...]:
        """The suppliers that count: on the roster and in scope."""
        return tuple(view for view in self.suppliers if view.counts)

    @property
    def declarations(self) -> tuple[SubmissionSummary, ...]:
        """The current submissions of the suppliers that count."""
        return tuple(declaration for view in self.surveyed for declaration in view.current)


def interpret(facts: Facts) -> Interpretation:
    """What the facts come down to under the reference data in force.

    Only in-scope suppliers of the roster count. Each declared identity is resolved once (tracelode.smelters.identity);
    where the line's own metal was unreadable, the CID's metal on the smelter list, or on other suppliers' lines, stands
    in. What no step knows stays unidentified: its lines are counted, never guessed at.
    """
    facts = replace(facts, aggregate=_under_program(facts))
    in_scope = {supplier.supplier_id for supplier in facts.roster if supplier.in_scope}
    seating = Seating(facts.aggregate, in_scope)
    metals = _metals_by_cid(facts)
    named: list[Resolution] = []
    unidentified: list[UnidentifiedName] = []
    dismissed: list[DismissedName] = []
    for identity in facts.aggregate.identities:
        if not seating.named(identity):
            continue
        resolution = _resolved(facts, identity, metals)
        if resolution.outcome is Outcome.FACILITY:
            named.append(resolution)
            continue
        lines = seating.lines(identity)
        suppliers = tuple(lines)
        if resolution.disposition and resolution.outcome is Outcome.NOT_A_SMELTER:
            dismissed.append(DismissedName(resolution, resolution.disposition, sum(lines.values()), suppliers))
        else:
            unidentified.append(
                UnidentifiedName(
                    identity.metal, identity.name, identity.country, sum(lines.values()), suppliers,
                    cid=identity.cid, resolution=resolution,
                )
            )  # fmt: skip
    found = facilities(facts, seating, named)
    declared = as_declared(found, facts.known)
    unidentified = [
        replace(name, resolution=with_declared(name.resolution, declared)) if name.resolution else name
        for name in unidentified
    ]
    unidentified.sort(key=lambda name: (name.metal, name.name, name.country, name.cid))
    return Interpretation(
        facts=facts,
        facilities=found,
        suppliers=_supplier_views(facts, seating, found, unidentified),
        unidentified=tuple(unidentified),
        unidentified_lines=sum(name.lines for name in unidentified),
        seating=seating,
        comparisons=_comparisons(facts, seating, in_scope),
        dismissed=tuple(dismissed),
    )


def _resolved(facts: Facts, identity: DeclaredIdentity, metals: dict[str, Mineral]) -> Resolution:
    """The resolution of an identity, under the metal that its CID stands for where the line's own was unreadable."""
    if identity.metal or identity.cid not in metals:
        return resolve(identity, facts.known, facts.dispositions)
    told = resolve(replace(identity, metal=metals[identity.cid].value), facts.known, facts.dispositions)
    return replace(told, identity=identity)


def _under_program(facts: Facts) -> Aggregate:
    """The aggregate with each submission in the state, and its findings in the number, that the program gives them.

    Whatever counts errors or warnings of an interpretation's submissions counts what made the state.
    """

    def judged(submission: SubmissionSummary) -> SubmissionSummary:
        program = facts.program
        return replace(submission, state=state_under(program, submission), findings=counted_under(program, submission))

    standings = {
        supplier_id: replace(standing, current=tuple(judged(submission) for submission in standing.current))
        for supplier_id, standing in facts.aggregate.standings.items()
    }
    return replace(facts.aggregate, standings=standings)


def _comparisons(facts: Facts, seating: Seating, in_scope: set[str]) -> tuple[CrossFinding, ...]:
    standings = [facts.aggregate.standings[name] for name in sorted(in_scope & facts.aggregate.standings.keys())]
    answered = [standing for standing in standings if standing.current]
    return (
        *same_namings(facts.aggregate.identities, seating.suppliers),
        *same_files({s.supplier_id: {submission.sha256 for submission in s.current} for s in answered}),
        *other_companies(
            {s.supplier_id: s.current[-1].company_name for s in answered},
            {supplier.supplier_id: supplier.name for supplier in facts.roster},
        ),
    )


def _metals_by_cid(facts: Facts) -> dict[str, Mineral]:
    """The metal of each CID that one metal alone claims; the list's word goes before the suppliers'."""
    declared: dict[str, set[Mineral]] = defaultdict(set)
    listed: dict[str, set[Mineral]] = defaultdict(set)
    for identity in facts.aggregate.identities:
        if identity.cid and identity.metal:
            declared[identity.cid].add(Mineral(identity.metal))
    for facility in facts.smelter_list.facilities:
        listed[facility.cid].add(facility.metal)
    return {cid: metal for cid, (metal, *others) in {**declared, **listed}.items() if not others}


def _supplier_views(
    facts: Facts, seating: Seating, found: tuple[Facility, ...], unidentified: list[UnidentifiedName]
) -> tuple[SupplierView, ...]:
    counts: Counter[str] = Counter()
    not_conformant: Counter[str] = Counter()
    for facility in found:
        counts.update(facility.suppliers)
        if facility.status is not Status.CONFORMANT:
            not_conformant.update(facility.suppliers)
    open_lines: Counter[str] = Counter()
    for name in unidentified:
        if name.resolution:
            open_lines.update(seating.lines(name.resolution.identity))
    roster = {supplier.supplier_id: supplier for supplier in facts.roster}
    views = []
    for supplier_id in sorted({*roster, *facts.aggregate.standings}):
        supplier = roster.get(supplier_id)
        standing = facts.aggregate.standings.get(supplier_id)
        views.append(
            SupplierView(
                supplier_id=supplier_id,
                name=supplier.name if supplier else supplier_id,
                on_roster=supplier is not None,
                in_scope=supplier is not None and supplier.in_scope,
                attests_conformant_sourcing=supplier is not None and supplier.attests_conformant_sourcing,
                state=standing.state if standing else State.AWAITING,
                standing=standing,
                facilities=counts[supplier_id],
                unidentified_lines=open_lines[supplier_id],
                not_conformant=not_conformant[supplier_id],
            )
        )
    return tuple(views)
