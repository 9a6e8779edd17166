"""Work that one file may cause: spent while it is done, so that no count that a file states has to be believed."""

from dataclasses import dataclass


class OverBudgetError(Exception):
    """A file causes more work than it may. Whoever gave the budget turns it into an answer to the file's sender."""


@dataclass(slots=True)
class Budget:
    """Steps that are left. What a step is (a tag, a cell, an element looked at) says the limit that it begins with."""

    left: int

    def spend(self, steps: int = 1) -> None:
        """Take steps before they are done. Raises OverBudgetError if fewer are left."""
        self.left -= steps
        if self.left < 0:
            raise OverBudgetError
