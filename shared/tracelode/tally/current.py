"""Which of a supplier's submissions count, whatever the order in which the events about them came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tracelode.submission import State
from tracelode.template_kind import CMRT, TemplateKind

COMPANY_SLOT = "company"

_Submission = TypeVar("_Submission")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What has to be known of a submission to place it: small, because all of a supplier's are read together.

    `sourcing_there` are the minerals in its products that it says come from covered countries.
    """

    received: str
    key: str
    version_id: str
    state: State
    scope: str
    template_kind: TemplateKind = CMRT
    sourcing_there: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, str, str]:
        """Which of two submissions is newer: (event time, key, version id)."""
        return (self.received, self.key, self.version_id)

    @property
    def slot(self) -> str:
        """What a newer submission replaces: the company-level declaration of its template kind, or this one file.

        A readable declaration that names no scope counts as the company's, which is what the template asks first.
        """
        return f"file:{self.key}" if self.scope in ("B", "C") else f"{COMPANY_SLOT}:{self.template_kind}"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A deleted object. Without a version id, every version of the key received until then is withdrawn.

    `marker` is the version id of the delete marker that did it, "" where that is not known.
    """

    at: str
    key: str
    version_id: str = ""
    marker: str = ""

    def covers(self, receipt: Receipt) -> bool:
        """Whether the deletion takes this submission back."""
        if self.version_id:
            return self.version_id == receipt.version_id and self.key == receipt.key
        return self.key == receipt.key and receipt.received <= self.at


@dataclass(frozen=True, slots=True)
class Counted(Generic[_Submission]):
    """What counts of a supplier: its current submissions in order, and the newest unreadable one if no readable one is
    newer."""

    current: tuple[_Submission, ...] = ()
    rejected: _Submission | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """What counts of a supplier's submissions, and what counted before the day of its newest event.

    `day` is the UTC date of the newest receipt or deletion, "" where nothing was ever received; `before` is None where
    nothing was received before that day; `withdrawn` has the keys that were deleted on it. `taken_back` are the
    minerals that what it sent before said to come from covered countries, and that what counts in its place does not.
    """

    current: tuple[Receipt, ...]
    rejected: Receipt | None
    day: str = ""
    before: Counted[Receipt] | None = None
    withdrawn: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()


def place(receipts: Iterable[Receipt], withdrawals: Iterable[Withdrawal], through: str = "") -> Placement:
    """The submissions that count, and those that counted before the day of the newest event.

    What came after the UTC day `through` is as if it had not come yet; "" is no such day.

    A newer readable file under the same key replaces the older one even when its scope has changed; then the newest
    in each slot is current. An unreadable file replaces nothing: what was readable before it still counts.

    A version that was erased for good is as if it had never come, on its day as well: no bucket can tell when.

    A version whose notice was only late was announced again meanwhile (flow/announce_again.py) and has two receipts; so
    may a delete marker have two withdrawals. The newer one is meant: S3 tells when it was done with a request, which is
    never before the time that its bucket lists.
    """
    gone = _once(withdrawals)
    erasures = [withdrawal for withdrawal in gone if withdrawal.version_id]
    kept = [
        receipt
        for receipt in _newest_of_each(receipts)
        if not any(erasure.covers(receipt) for erasure in erasures) and _is_in_time(receipt.received, through)
    ]
    deletions = [
        w
        for w in gone
        if not w.version_id and _is_in_time(w.at, through) and any(w.covers(receipt) for receipt in kept)
    ]
    day = max((*(_day(receipt.received) for receipt in kept), *(_day(w.at) for w in deletions)), default="")
    earlier = [receipt for receipt in kept if _day(receipt.received) < day]
    now = _counted(kept, deletions)
    return Placement(
        current=now.current,
        rejected=now.rejected,
        day=day,
        before=_counted(earlier, [w for w in deletions if _day(w.at) < day]) if earlier else None,
        withdrawn=tuple(sorted({w.key for w in deletions if _day(w.at) == day})),
        taken_back=_taken_back(kept, now.current),
    )


def _taken_back(receipts: Iterable[Receipt], current: Iterable[Receipt]) -> tuple[str, ...]:
    """The minerals from covered countries of what was replaced, in the same slot or under the same key."""
    back: set[str] = set()
    kept = tuple(receipts)
    for newest in current:
        replaced = (each for each in kept if newest.slot == each.slot or newest.key == each.key)
        said = {mineral for each in replaced if each.order < newest.order for mineral in each.sourcing_there}
        back |= said - set(newest.sourcing_there)
    return tuple(sorted(back))


def _newest_of_each(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Each version's newest receipt."""
    newest = {(receipt.key, receipt.version_id): receipt for receipt in sorted(receipts, key=lambda each: each.order)}
    return list(newest.values())


def _once(withdrawals: Iterable[Withdrawal]) -> tuple[Withdrawal, ...]:
    """The withdrawals, each delete marker's newest alone where its version id is known."""
    known = sorted(withdrawals, key=lambda withdrawal: withdrawal.at)
    newest = {(withdrawal.key, withdrawal.marker): withdrawal for withdrawal in known if withdrawal.marker}
    return (*newest.values(), *(withdrawal for withdrawal in known if not withdrawal.marker))


def _counted(receipts: Iterable[Receipt], deletions: Iterable[Withdrawal]) -> Counted[Receipt]:
    withdrawn = tuple(deletions)
    live = sorted(
        (receipt for receipt in receipts if not any(withdrawal.covers(receipt) for withdrawal in withdrawn)),
        key=lambda receipt: receipt.order,
    )
    readable = [receipt for receipt in live if receipt.state is not State.REJECTED]
    by_key = {receipt.key: receipt for receipt in readable}
    by_slot = {receipt.slot: receipt for receipt in sorted(by_key.values(), key=lambda receipt: receipt.order)}
    newest = max((receipt.order for receipt in readable), default=("", "", ""))
    rejected = [receipt for receipt in live if receipt.state is State.REJECTED and receipt.order > newest]
    return Counted(
        current=tuple(sorted(by_slot.values(), key=lambda receipt: receipt.order)),
        rejected=rejected[-1] if rejected else None,
    )


def _is_in_time(time: str, through: str) -> bool:
    return not through or _day(time) <= through


def _day(time: str) -> str:
    """The UTC date of a receipt time."""
    return time[:10]
