"""A change of what is current in a group becomes the group's new partial."""

from tracelode.ledger.ledger import RACE_ATTEMPTS, Ledger, LostRaceError, Member
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Standing, fold_group


def tally_group(year: int, group: int, *, ledger: Ledger) -> None:
    """Fold a group's current submissions anew and write the partial, unless somebody did since it was read.

    The work is bounded by the group's seats, however many groups there are.

    Raises LostRaceError after too many rounds against others.
    """
    for _ in range(RACE_ATTEMPTS):
        written = ledger.partial_version(year, group)
        members = ledger.members(year, group)
        summaries = ledger.summaries(
            year, [(member.supplier_id, sort) for member in members for sort in _sorts(member)]
        )
        partial = fold_group(group, [_standing(member, summaries) for member in members])
        if ledger.put_partial(year, partial, written):
            return
    raise LostRaceError(f"partial of group {group} in {year}")


def _sorts(member: Member) -> tuple[str, ...]:
    return (*member.current, member.rejected) if member.rejected else member.current


def _standing(member: Member, summaries: dict[tuple[str, str], SubmissionSummary]) -> Standing:
    return Standing(
        supplier_id=member.supplier_id,
        seat=member.seat,
        current=tuple(summaries[member.supplier_id, sort] for sort in member.current),
        rejected=summaries[member.supplier_id, member.rejected] if member.rejected else None,
    )
