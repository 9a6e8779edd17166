"""What the facts mean today: facilities with status and place, suppliers with their standing.

Interpretation happens at publish, over the distinct declared identities; a new smelter list or roster rewrites no line.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from tracelode.metals import Metal
from tracelode.reference.program import Vocabulary
from tracelode.report.facts import Facts
from tracelode.review.cross_checks import CrossFinding, other_companies, same_files, same_lists
from tracelode.review.policy import state_under
from tracelode.smelters.countries import Country, country_of
from tracelode.smelters.status import PRINTED, FacilityId, Status
from tracelode.submission import DeclaredIdentity, State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility that in-scope suppliers name.

    `country` is None where no spelling was understood; `printed_country` is then the text as declared (or empty).
    `suppliers` are the ids of the in-scope suppliers that name it, ordered. `at_risk` is only ever true for an
    indeterminable facility in one of the program's risk places.
    """

    facility: FacilityId
    name: str
    country: Country | None
    printed_country: str
    status: Status
    printed_status: str
    on_list: bool
    suppliers: tuple[str, ...]
    at_risk: bool


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier as the report shows it: on the roster, in scope, and where it stands.

    `standing` is None for a surveyed supplier of which nothing was ever received. `facilities` counts the distinct
    facilities that it names, `unidentified_lines` its lines without a CID.
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


@dataclass(frozen=True, slots=True)
class UnidentifiedName:
    """A smelter that in-scope suppliers name without a CID: what the team has to find out."""

    metal: str
    name: str
    country: str
    lines: int
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Facilities in the annex's order (metal, printed status, CID), suppliers by id, unidentified names by metal.

    `comparisons` is what only comparing suppliers shows; it is for the compliance team and never for a supplier.
    """

    facts: Facts
    facilities: tuple[Facility, ...]
    suppliers: tuple[SupplierView, ...]
    unidentified: tuple[UnidentifiedName, ...]
    unidentified_lines: int
    comparisons: tuple[CrossFinding, ...] = ()


def interpret(facts: Facts) -> Interpretation:
    """What the facts come down to under the reference data in force.

    Only in-scope suppliers of the roster count. A declared identity with a CID is a facility of its metal; where the
    line's own metal was unreadable, the CID's metal on the smelter list, or on other suppliers' lines, stands in. An
    identity without a CID stays unidentified: its lines are counted, never guessed at.
    """
    facts = replace(facts, aggregate=_under_program(facts))
    in_scope = {supplier.supplier_id for supplier in facts.roster if supplier.in_scope}
    seated = _Seating(facts.aggregate, in_scope)
    metals = _metals_by_cid(facts)
    named: dict[FacilityId, list[DeclaredIdentity]] = defaultdict(list)
    unidentified: list[UnidentifiedName] = []
    for identity in facts.aggregate.identities:
        suppliers = seated.suppliers(identity)
        if not suppliers:
            continue
        metal = Metal(identity.metal) if identity.metal else metals.get(identity.cid)
        if identity.cid and metal:
            named[FacilityId(metal, identity.cid)].append(identity)
        else:
            lines = seated.lines(identity)
            unidentified.append(
                UnidentifiedName(identity.metal, identity.name, identity.country, sum(lines.values()), suppliers)
            )
    facilities = [_facility(facts, seated, facility, identities) for facility, identities in named.items()]
    facilities.sort(key=lambda f: (f.facility.metal.value, f.printed_status, f.facility.cid))
    return Interpretation(
        facts=facts,
        facilities=tuple(facilities),
        suppliers=_supplier_views(facts, seated, facilities, metals),
        unidentified=tuple(sorted(unidentified, key=lambda name: (name.metal, name.name, name.country))),
        unidentified_lines=sum(name.lines for name in unidentified),
        comparisons=_comparisons(facts, seated, in_scope),
    )


def _under_program(facts: Facts) -> Aggregate:
    """The aggregate with each submission in the state that the program's own severities give it."""

    def judged(submission: SubmissionSummary) -> SubmissionSummary:
        return replace(submission, state=state_under(facts.program, submission))

    standings = {
        supplier_id: replace(standing, current=tuple(judged(submission) for submission in standing.current))
        for supplier_id, standing in facts.aggregate.standings.items()
    }
    return replace(facts.aggregate, standings=standings)


class _Seating:
    """Turns the bit masks of namings into in-scope suppliers."""

    def __init__(self, aggregate: Aggregate, in_scope: set[str]) -> None:
        self._aggregate = aggregate
        self._ids: dict[int, dict[int, str]] = defaultdict(dict)
        self._masks: dict[int, int] = defaultdict(int)
        for standing in aggregate.standings.values():
            if standing.supplier_id in in_scope:
                self._ids[standing.seat.group][standing.seat.seat] = standing.supplier_id
                self._masks[standing.seat.group] |= 1 << standing.seat.seat

    def suppliers(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """The in-scope suppliers that declare an identity, ordered."""
        return tuple(sorted(self.lines(identity)))

    def lines(self, identity: DeclaredIdentity) -> dict[str, int]:
        """How many lines each in-scope supplier declares for an identity."""
        lines: dict[str, int] = {}
        for group, naming in self._aggregate.identities[identity].items():
            mask = naming.mask & self._masks[group]
            while mask:
                seat = (mask & -mask).bit_length() - 1
                lines[self._ids[group][seat]] = naming.repeats.get(seat, 1)
                mask &= mask - 1
        return lines


def _comparisons(facts: Facts, seated: _Seating, in_scope: set[str]) -> tuple[CrossFinding, ...]:
    lists: dict[str, dict[DeclaredIdentity, int]] = defaultdict(dict)
    for identity in facts.aggregate.identities:
        for supplier_id, lines in seated.lines(identity).items():
            lists[supplier_id][identity] = lines
    standings = [facts.aggregate.standings[name] for name in sorted(in_scope & facts.aggregate.standings.keys())]
    answered = [standing for standing in standings if standing.current]
    return (
        *same_lists(lists),
        *same_files({s.supplier_id: {submission.sha256 for submission in s.current} for s in answered}),
        *other_companies(
            {s.supplier_id: s.current[-1].company_name for s in answered},
            {supplier.supplier_id: supplier.name for supplier in facts.roster},
        ),
    )


def _metals_by_cid(facts: Facts) -> dict[str, Metal]:
    """The metal of each CID that one metal alone claims; the list's word goes before the suppliers'."""
    declared: dict[str, set[Metal]] = defaultdict(set)
    listed: dict[str, set[Metal]] = defaultdict(set)
    for identity in facts.aggregate.identities:
        if identity.cid and identity.metal:
            declared[identity.cid].add(Metal(identity.metal))
    for facility in facts.smelter_list.facilities:
        listed[facility.cid].add(facility.metal)
    return {cid: metal for cid, (metal, *others) in {**declared, **listed}.items() if not others}


def _facility(facts: Facts, seated: _Seating, facility: FacilityId, identities: list[DeclaredIdentity]) -> Facility:
    naming = {identity: seated.suppliers(identity) for identity in identities}
    # The name that most suppliers use, so that one supplier's odd spelling never decides; the alphabet breaks a tie.
    best = min(identities, key=lambda identity: (not identity.name, -len(naming[identity]), identity))
    listed = facts.smelter_list.facilities.get(facility)
    spellings = [listed.country if listed else "", best.country, *(identity.country for identity in identities)]
    spelling = next((text for text in spellings if country_of(text)), next(filter(None, spellings), ""))
    country = country_of(spelling)
    status = facts.smelter_list.status(facility)
    vocabulary = facts.program.vocabulary
    risk = facts.program.risk
    return Facility(
        facility=facility,
        name=listed.name if listed else best.name,
        country=country,
        printed_country=_printed_country(country, spelling, vocabulary),
        status=status,
        printed_status=PRINTED[vocabulary][status],
        on_list=listed is not None,
        suppliers=tuple(sorted({supplier for suppliers in naming.values() for supplier in suppliers})),
        at_risk=status is Status.INDETERMINABLE
        and country is not None
        and (country.continent in risk.continents or country.code in risk.countries),
    )


def _printed_country(country: Country | None, spelling: str, vocabulary: Vocabulary) -> str:
    if country is None:
        return spelling
    return country.name_2016 if vocabulary is Vocabulary.CFSP_2016 else country.name


def _supplier_views(
    facts: Facts,
    seated: _Seating,
    facilities: list[Facility],
    metals: dict[str, Metal],
) -> tuple[SupplierView, ...]:
    counts = Counter(supplier for facility in facilities for supplier in facility.suppliers)
    open_lines: Counter[str] = Counter()
    for identity in facts.aggregate.identities:
        if not identity.cid or not (identity.metal or metals.get(identity.cid)):
            open_lines.update(seated.lines(identity))
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
            )
        )
    return tuple(views)
