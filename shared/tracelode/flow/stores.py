"""What a use case may reach of the world: the table, the buckets, and whom to tell."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tracelode.ledger.ledger import Ledger
    from tracelode.notices.topic import NoticeTopic
    from tracelode.storage.objects import DroppedObjects
    from tracelode.storage.results import Results


class Stores(Protocol):
    """The stores of one installation; whoever lacks one, as a function does that needs none, fails when it is asked."""

    @property
    def ledger(self) -> "Ledger":
        """What is known of suppliers, groups and reference data."""

    @property
    def inbox(self) -> "DroppedObjects":
        """What suppliers have dropped."""

    @property
    def reference(self) -> "DroppedObjects":
        """What the compliance team has dropped."""

    @property
    def results(self) -> "Results":
        """What is published, and what suppliers are told."""

    @property
    def notices(self) -> "NoticeTopic | None":
        """Where the compliance team is told of a new report; None where nobody is."""


@dataclass(frozen=True, slots=True)
class GivenStores:
    """Stores that are all at hand."""

    ledger: "Ledger"
    inbox: "DroppedObjects"
    reference: "DroppedObjects"
    results: "Results"
    notices: "NoticeTopic | None" = None
