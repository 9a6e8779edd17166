"""A change of what is current in a group becomes the group's new partial."""

from collections.abc import Iterable
from dataclasses import replace

from tracelode.ledger.ledger import RACE_ATTEMPTS, Ledger, LostRaceError, Member
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Partial, Standing, fold_group


def tally_group(year: int, group: int, *, ledger: Ledger, rewrite: bool = False) -> None:
    """Fold a group's current submissions anew and write the partial, unless somebody did since it was read.

    The work is bounded by the group's seats, however many groups there are. What stands there already is not written
    again, unless `rewrite` is asked for, because what it says of itself is in doubt.

    It looks at the group again once it has written: somebody who tallied a change meanwhile may have found that what
    stood there was right for that, and so have left no trace that this write could have stumbled over.

    Raises LostRaceError after too many rounds against others.
    """
    for _ in range(RACE_ATTEMPTS):
        written = ledger.partial_version(year, group)
        members = ledger.members(year, group)
        partial = fold_members(year, group, members, ledger=ledger)
        stands = ledger.put_partial(year, partial, replace(written, digest="") if rewrite else written)
        if stands and ledger.members(year, group) == members:
            return
    raise LostRaceError(f"partial of group {group} in {year}")


def fold_members(year: int, group: int, members: Iterable[Member], *, ledger: Ledger) -> Partial:
    """The partial that a group's members come to, from their submissions as they were recorded."""
    seated = tuple(members)
    summaries = ledger.summaries(year, [(member.supplier_id, sort) for member in seated for sort in _sorts(member)])
    return fold_group(group, [_standing(member, summaries) for member in seated])


def _sorts(member: Member) -> tuple[str, ...]:
    return (*member.current, member.rejected) if member.rejected else member.current


def _standing(member: Member, summaries: dict[tuple[str, str], SubmissionSummary]) -> Standing:
    return Standing(
        supplier_id=member.supplier_id,
        seat=member.seat,
        current=tuple(summaries[member.supplier_id, sort] for sort in member.current),
        rejected=summaries[member.supplier_id, member.rejected] if member.rejected else None,
    )
