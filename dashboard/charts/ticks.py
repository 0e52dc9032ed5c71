"""Where axes begin, end and are marked: round numbers, so that a small move leaves them where they are."""

from __future__ import annotations

import math

MOST_YEARS = 6  # marks on an axis of years, less one
PARTS = 4  # of an axis of differences


def of_years(start: float, end: float) -> list[int]:
    """Round years between two."""
    gap = next(gap for gap in (1, 2, 5, 10, 20, 50, 100) if (end - start) / gap <= MOST_YEARS)
    return list(range(int(-(-start // gap) * gap), int(end) + 1, gap))


def around_zero(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis that shows zero and all between `low` and `high`, with a little room: multiples of a step."""
    low, high = min(low, 0.0), max(high, 0.0)
    if not math.isfinite(low + high) or low == high:
        return -1.0, 1.0
    step = _round_above((high - low) / PARTS) / 2
    return step * math.floor(1.02 * low / step), step * math.ceil(1.02 * high / step)


def _round_above(size: float) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= size * (1 - 1e-9))
