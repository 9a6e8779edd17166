"""What counted of a year's suppliers through a day: what came later is recorded and told, and not counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracelode.flow.tally_group import fold_members
from tracelode.ledger.groups import Member, member_of
from tracelode.ledger.ledger import Ledger
from tracelode.tally.aggregate import Aggregate, Partial, Standing, merge
from tracelode.tally.current import place


@dataclass(frozen=True, slots=True)
class CountedThrough:
    """An aggregate through a day, and the UTC day of the newest file of each supplier that sent one after it."""

    aggregate: Aggregate
    late: Mapping[str, str] = field(default_factory=dict)


def count_through(year: int, partials: Iterable[Partial], through: str, ledger: Ledger) -> CountedThrough:
    """The aggregate of the partials without what came after the UTC day `through`, "" for none.

    A group is folded anew from what is recorded if something of it came, or was deleted, after that day; the others
    cost nothing more.
    """
    if not through:
        return CountedThrough(merge(partials))
    late: dict[str, str] = {}
    counted = []
    for partial in partials:
        counted.append(_partial(year, partial, through, ledger))
        late |= {each.supplier_id: day for each in partial.standings if (day := _newest_file(each)) > through}
    return CountedThrough(merge(counted), late)


def _partial(year: int, partial: Partial, through: str, ledger: Ledger) -> Partial:
    moved = {each.supplier_id for each in partial.standings if max(each.day, _newest_file(each)) > through}
    if not moved:
        return partial

    def in_time(member: Member) -> Member:
        if member.supplier_id not in moved:
            return member
        submissions = ledger.submissions
        receipts = submissions.receipts(year, member.supplier_id)
        placement = place(receipts, submissions.withdrawals(year, member.supplier_id), through)
        return member_of(member.supplier_id, member.seat, placement)

    members = ledger.groups.members(year, partial.group)
    return fold_members(year, partial.group, map(in_time, members), ledger)


def _newest_file(standing: Standing) -> str:
    sent = (*standing.current, *([standing.rejected] if standing.rejected else []))
    return max((submission.received[:10] for submission in sent), default="")
