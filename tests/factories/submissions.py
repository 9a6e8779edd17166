"""Submissions, standings and facts, made from the few parameters that a test is about."""

from collections.abc import Iterable, Mapping
from itertools import count, islice

from tracelode.ledger import keys
from tracelode.ledger.ledger import Ledger
from tracelode.minerals import Mineral
from tracelode.picture.facts import Facts
from tracelode.smelters.status import FacilityId, ListedFacility, SmelterList, Status, Vocabulary
from tracelode.sources.program import Program
from tracelode.sources.roster import Supplier
from tracelode.submission import DeclaredIdentity, Rows, State, SubmissionSummary
from tracelode.tally.aggregate import Seat, Standing, fold
from tracelode.tally.current import Counted, Placement, Receipt


def identity(metal: str = "Gold", cid: str = "CID000001", name: str = "A smelter", country: str = "JAPAN"):
    return DeclaredIdentity(metal, cid, name, country)


def on_rows(lines: Mapping[DeclaredIdentity, int], first: int = 5) -> dict[DeclaredIdentity, Rows]:
    """Identities with a number of lines each, put on the rows of a list one after the other."""
    rows = count(first)
    return {named: tuple(islice(rows, number)) for named, number in lines.items()}


def submission(
    supplier_id: str = "acme",
    *,
    received: str = "2017-02-01T08:00:00.000Z",
    key: str = "",
    version_id: str = "v1",
    state: State = State.ACCEPTED,
    scope: str = "A",
    identities: Mapping[DeclaredIdentity, int] | None = None,
    origins: Mapping[DeclaredIdentity, tuple[str, ...]] | None = None,
    answers: Mapping[str, Mapping[str, str]] | None = None,
) -> SubmissionSummary:
    key = key or f"2016/{supplier_id}/cmrt.xlsx"
    return SubmissionSummary(
        submission_id=f"{received}-{key}",
        supplier_id=supplier_id,
        key=key,
        version_id=version_id,
        sha256="0" * 64,
        received=received,
        state=state,
        scope=scope,
        template_version="6.5",
        identities=on_rows(identities or {}),
        origins=origins or {},
        answers=answers or {},
    )


def standing(supplier_id: str, seat: Seat, *identities: DeclaredIdentity, lines: int = 1) -> Standing:
    return Standing(supplier_id, seat, (submission(supplier_id, identities=dict.fromkeys(identities, lines)),))


def standing_of(supplier_id: str, placed: Placement, ledger: Ledger, year: int) -> Standing:
    """The standing that a supplier of that placement has, from the summaries that the ledger recorded."""

    def summaries(receipts: Iterable[Receipt | None]) -> tuple[SubmissionSummary, ...]:
        sorts = [(supplier_id, keys.summary(*receipt.order)) for receipt in receipts if receipt]
        found = ledger.submissions.summaries(year, sorts)
        return tuple(found[sort] for sort in sorts)

    before = placed.before
    return Standing(
        supplier_id,
        ledger.groups.seat(year, supplier_id),
        summaries(placed.current),
        *(summaries([placed.rejected]) or (None,)),
        placed.day,
        Counted(summaries(before.current), *(summaries([before.rejected]) or (None,))) if before else None,
        placed.withdrawn,
    )


def facts(
    standings: Iterable[Standing],
    *,
    listed: Mapping[tuple[str, str], Status] | None = None,
    in_scope: Mapping[str, bool] | None = None,
    vocabulary: Vocabulary = Vocabulary.RMAP,
    list_country: str = "",
) -> Facts:
    standings = list(standings)
    roster = in_scope if in_scope is not None else {standing.supplier_id: True for standing in standings}
    facilities = {
        FacilityId(Mineral(metal), cid): ListedFacility(
            FacilityId(Mineral(metal), cid), f"Listed {cid}", list_country, s, 2
        )
        for (metal, cid), s in (listed or {}).items()
    }
    return Facts(
        program=Program(year=2016, vocabulary=vocabulary),
        roster=tuple(Supplier(name, name.title(), "", scope) for name, scope in sorted(roster.items())),
        smelter_list=SmelterList(facilities),
        aggregate=fold(standings),
        references=(),
    )
