"""Which of a supplier's submissions count, whatever the order in which the events about them came in."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracelode.submission import State

COMPANY_SLOT = "company"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What has to be known of a submission to place it: small, because all of a supplier's are read together."""

    received: str
    key: str
    version_id: str
    state: State
    scope: str

    @property
    def order(self) -> tuple[str, str, str]:
        """Which of two submissions is newer: (event time, key, version id)."""
        return (self.received, self.key, self.version_id)

    @property
    def slot(self) -> str:
        """What a newer submission replaces: the company-level declaration, or this one file.

        A readable declaration that names no scope counts as the company's, which is what the template asks first.
        """
        return f"file:{self.key}" if self.scope in ("B", "C") else COMPANY_SLOT


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A deleted object. Without a version id, every version of the key received until then is withdrawn."""

    at: str
    key: str
    version_id: str = ""

    def covers(self, receipt: Receipt) -> bool:
        """Whether the deletion takes this submission back."""
        if self.version_id:
            return self.version_id == receipt.version_id and self.key == receipt.key
        return self.key == receipt.key and receipt.received <= self.at


@dataclass(frozen=True, slots=True)
class Placement:
    """A supplier's current submissions in order, and the newest unreadable one if no readable one is newer."""

    current: tuple[Receipt, ...]
    rejected: Receipt | None


def place(receipts: Iterable[Receipt], withdrawals: Iterable[Withdrawal]) -> Placement:
    """The submissions that count.

    A newer readable file under the same key replaces the older one even when its scope has changed; then the newest
    in each slot is current. An unreadable file replaces nothing: what was readable before it still counts.
    """
    withdrawn = tuple(withdrawals)
    live = sorted(
        (receipt for receipt in receipts if not any(withdrawal.covers(receipt) for withdrawal in withdrawn)),
        key=lambda receipt: receipt.order,
    )
    readable = [receipt for receipt in live if receipt.state is not State.REJECTED]
    by_key = {receipt.key: receipt for receipt in readable}
    by_slot = {receipt.slot: receipt for receipt in sorted(by_key.values(), key=lambda receipt: receipt.order)}
    newest = max((receipt.order for receipt in readable), default=("", "", ""))
    rejected = [receipt for receipt in live if receipt.state is State.REJECTED and receipt.order > newest]
    return Placement(
        current=tuple(sorted(by_slot.values(), key=lambda receipt: receipt.order)),
        rejected=rejected[-1] if rejected else None,
    )
