"""Why a reference file was refused: file, row, column, what was found. Nothing of a refused file takes effect."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a reference file. `row` counts as a spreadsheet shows it (the heading is row 1)."""

    message: str
    row: int | None = None
    column: str | None = None
    found: object = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.row is not None and self.column else (self.column or ""),
            )
            if part
        )
        shown = repr(self.found[:80]) if isinstance(self.found, str) else str(self.found)[:80]
        found = "" if self.found in (None, "") else f" (found {shown})"
        return f"{place}: {self.message}{found}" if place else f"{self.message}{found}"


class ReferenceRefusedError(ValueError):
    """A reference file that cannot be taken; carries every problem, so that one round of corrections is enough."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
