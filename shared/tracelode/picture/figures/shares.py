"""How a share becomes a figure."""

from decimal import ROUND_HALF_UP, Decimal


def whole_percent(part: int, whole: int) -> int:
    """The share in whole percent, rounded half up, but 100 only for all and 0 only for none; 0 of nothing is 0."""
    if not whole or not part:
        return 0
    if part == whole:
        return 100
    rounded = int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(rounded, 1), 99)


def rate(part: int, whole: int) -> float:
    """The share to four decimals; 0 of nothing is 0."""
    return round(part / whole, 4) if whole else 0.0
