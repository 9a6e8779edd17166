"""Sets of numbers as short text: "0-3,7" stands for 0, 1, 2, 3 and 7."""

from collections.abc import Iterable


def number_set(numbers: Iterable[int]) -> str:
    """The numbers, which must ascend, as text; "" for none."""
    parts: list[str] = []
    first = last = -2
    for number in numbers:
        if number != last + 1:
            parts.append(_part(first, last))
            first = number
        last = number
    return ",".join([*parts[1:], _part(first, last)]) if parts else ""


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers that `number_set` made text of. Raises ValueError for anything else."""
    numbers: list[int] = []
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return tuple(numbers)


def _part(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else str(first)
