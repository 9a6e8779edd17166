"""A change of what is current in a group becomes the group's new partial."""

from collections.abc import Iterable
from dataclasses import replace

from tracelode.ledger.groups import Member
from tracelode.ledger.ledger import Ledger
from tracelode.ledger.table import RACE_ATTEMPTS, LostRaceError
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Partial, Standing, fold_group
from tracelode.tally.current import Counted


def tally_group(year: int, group: int, ledger: Ledger, *, rewrite: bool = False) -> None:
    """Fold a group's current submissions anew and write the partial, unless somebody did since it was read.

    The work is bounded by the group's seats, however many groups there are. What stands there already is not written
    again, unless `rewrite` is asked for, because what it says of itself is in doubt.

    It looks at the group again once it has written: somebody who tallied a change meanwhile may have found that what
    stood there was right for that, and so have left no trace that this write could have stumbled over.

    Raises LostRaceError after too many rounds against others.
    """
    for _ in range(RACE_ATTEMPTS):
        written = ledger.partials.version(year, group)
        members = ledger.groups.members(year, group)
        partial = fold_members(year, group, members, ledger)
        stands = ledger.partials.put(year, partial, replace(written, digest="") if rewrite else written)
        if stands and ledger.groups.members(year, group) == members:
            return
    raise LostRaceError(f"partial of group {group} in {year}")


def fold_members(year: int, group: int, members: Iterable[Member], ledger: Ledger) -> Partial:
    """The partial that a group's members come to, from their submissions as they were recorded."""
    seated = tuple(members)
    summaries = ledger.submissions.summaries(
        year, [(member.supplier_id, sort) for member in seated for sort in sorted(_sorts(member))]
    )
    return fold_group(group, [_standing(member, summaries) for member in seated])


def _sorts(member: Member) -> set[str]:
    before = (*member.before.current, member.before.rejected or "") if member.before else ()
    return {*member.current, member.rejected, *before} - {""}


def _standing(member: Member, summaries: dict[tuple[str, str], SubmissionSummary]) -> Standing:
    def counted(current: Iterable[str], rejected: str | None) -> Counted[SubmissionSummary]:
        return Counted(
            tuple(summaries[member.supplier_id, sort] for sort in current),
            summaries[member.supplier_id, rejected] if rejected else None,
        )

    now = counted(member.current, member.rejected)
    return Standing(
        supplier_id=member.supplier_id,
        seat=member.seat,
        current=now.current,
        rejected=now.rejected,
        day=member.day,
        before=counted(member.before.current, member.before.rejected) if member.before else None,
        withdrawn=member.withdrawn,
        taken_back=member.taken_back,
    )
