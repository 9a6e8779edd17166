"""Delivery as it may be at its worst: events repeated, out of order, late, in batches split, merged and sent again."""

import random
from collections.abc import Sequence

from tests.fault.lab import InOrder, Record


class Shuffled(InOrder):
    """Delivers in any order that the dice say, at most `copies` records more than once.

    More than Lambda ever does: a stream keeps the order within a partition.
    """

    def __init__(self, dice: random.Random, copies: int = 20) -> None:
        self._dice = dice
        self._copies = copies

    def which(self, waiting: Sequence[str]) -> str:
        """Any of them."""
        return self._dice.choice(list(waiting))

    def batch(self, pending: list[Record], largest: int) -> tuple[list[Record], list[Record]]:
        """Some of what waits, now and then with copies in it, now and then to be delivered whole once more."""
        dice = self._dice
        mixed = dice.sample(pending, len(pending))
        size = dice.randint(1, min(largest, len(mixed)))
        batch, rest = mixed[:size], mixed[size:]
        again = [record for record in batch if self._copies and dice.random() < 0.15]
        if again and size + len(again) <= largest and dice.random() < 0.5:
            batch = [*batch, *again]
            self._copies -= len(again)
        elif again and len(batch) <= self._copies:
            rest = [*rest, *batch]
            self._copies -= len(batch)
        return batch, rest
