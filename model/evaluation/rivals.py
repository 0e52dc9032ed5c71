"""What a forecast must beat: forecasts that need no model, from what was known at the year they are made in.

Each takes the times (years) and values of a record up to then, in order of time, and the times asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

TREND_YEARS = 10.0
FEWEST_FOR_TREND, FEWEST_CHANGES = 4, 6

Driver = Callable[[float], float]


def persistence(values: np.ndarray, asked: np.ndarray) -> np.ndarray | None:
    """The last value known, at every time asked for; None where none is known."""
    return np.full(len(asked), values[-1]) if len(values) else None


def trend(times: np.ndarray, values: np.ndarray, asked: np.ndarray) -> np.ndarray | None:
    """The line through the logarithms of the last ten years, drawn on; None with fewer than four values."""
    recent = times > times[-1] - TREND_YEARS if len(times) else np.zeros(0, dtype=bool)
    if recent.sum() < FEWEST_FOR_TREND:
        return None
    slope, level = np.polyfit(times[recent], np.log(values[recent]), 1)
    return np.exp(level + slope * asked)


def regression(
    times: np.ndarray, values: np.ndarray, asked: np.ndarray, known: list[Driver], later: list[Driver]
) -> np.ndarray | None:
    """A regression of yearly changes (of logarithms) on changes of drivers, added up from the last value known.

    Only changes between values a year apart count, and None is given where these are fewer than six, or fewer than
    twice the numbers to be estimated. `known` are the drivers as recorded, `later` as the forecast supposes them.
    """
    pairs = [number for number in range(1, len(times)) if abs(times[number] - times[number - 1] - 1) < 0.01]
    if len(pairs) < max(FEWEST_CHANGES, 2 * (1 + len(known))):
        return None

    def changes(drivers: list[Driver], time: float, before: float) -> list[float]:
        return [1.0, *(float(np.log(driver(time) / driver(before))) for driver in drivers)]

    rows = np.array([changes(known, times[number], times[number - 1]) for number in pairs])
    shown = np.array([np.log(values[number] / values[number - 1]) for number in pairs])
    effects = np.linalg.lstsq(rows, shown, rcond=None)[0]
    forecasts, level, before = [], float(np.log(values[-1])), float(times[-1])
    for time in asked:
        steps = max(1, round(time - before))
        change = np.array(changes(later, float(time), before))
        change[0] = steps  # the intercept is a change a year
        level, before = level + float(effects @ change), float(time)
        forecasts.append(np.exp(level))
    return np.array(forecasts)
