"""How far forecasts lie from what was recorded: plain functions of arrays."""

from __future__ import annotations

import numpy as np

HALF, NINE_TENTHS = (25.0, 75.0), (5.0, 95.0)  # percentiles that bound the inner 50 and 90 percent


def mean_absolute_percentage_error(forecast: np.ndarray, recorded: np.ndarray) -> float:
    """Mean of |forecast / recorded - 1| as a share, both of shape (time,)."""
    return float(np.mean(np.abs(forecast / recorded - 1)))


def crps(members: np.ndarray, recorded: np.ndarray) -> float:
    """Continuous ranked probability score, mean over time, in the record's unit.

    `members` has shape (member, time). For one member it is the absolute error. Source: Gneiting and Raftery (2007),
    Strictly proper scoring rules, prediction, and estimation, equation 21.
    """
    count = len(members)
    off = np.abs(members - recorded).mean(axis=0)
    weights = 2 * np.arange(1, count + 1) - count - 1  # sum over pairs |x_i - x_j| from the sorted members
    spread = (weights[:, None] * np.sort(members, axis=0)).sum(axis=0) / count**2
    return float(np.mean(off - spread))


def coverage(members: np.ndarray, recorded: np.ndarray, percentiles: tuple[float, float]) -> float:
    """Share of recorded values (time,) that lie between two percentiles of the members (member, time)."""
    low, high = np.percentile(members, percentiles, axis=0)
    return float(np.mean((recorded >= low) & (recorded <= high)))
