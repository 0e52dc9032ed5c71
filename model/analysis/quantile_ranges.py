"""Ranges: what most members of an ensemble agree on, and whether more members would move it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

MOST, HALF, MEDIAN = (0.05, 0.95), (0.25, 0.75), 0.5
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # at least those of the line above, in any order; more move no other figure
ROUNDING = 1e-12  # of the values: a range no wider than this is one value


@dataclass(frozen=True, eq=False)
class Ranges:
    """Quantiles over members at every time: an array (quantile, time), a row for each of `at`. Read a row by its
    quantile, with `edge`; which row it is, nobody else needs to know."""

    edges: np.ndarray
    at: tuple[float, ...] = QUANTILES

    @classmethod
    def of(cls, values: np.ndarray, at: tuple[float, ...] = QUANTILES) -> Ranges:
        """The ranges of values over (time, member)."""
        return cls(quantiles(values, at), at)

    def edge(self, quantile: float) -> np.ndarray:
        """The value that a share `quantile` of the members lie below, shape (time,).

        Raises:
            ValueError: for a quantile that is not one of `at`.
        """
        return self.edges[self.at.index(quantile)]

    @property
    def median(self) -> np.ndarray:
        """The value that half of the members lie below, shape (time,)."""
        return self.edge(MEDIAN)

    @property
    def half(self) -> np.ndarray:
        """The range that holds the middle 50 percent of the members: an array (2, time), low and high."""
        return np.stack([self.edge(each) for each in HALF])

    @property
    def most(self) -> np.ndarray:
        """The range that holds the middle 90 percent of the members: an array (2, time), low and high."""
        return np.stack([self.edge(each) for each in MOST])

    @cached_property
    def span(self) -> float:
        """From the lowest to the highest edge over all times: what a chart of the ranges spans."""
        return float(self._drawn.max() - self._drawn.min())

    @property
    def _drawn(self) -> np.ndarray:
        """What a chart draws: the edges of both ranges and the median, shape (5, time)."""
        return np.stack([self.edge(each) for each in (*MOST, *HALF, MEDIAN)])

    def moved_from(self, other: Ranges) -> float:
        """How far the edge that moved farthest lies from where it was in `other`, as a share of the span."""
        own, others = self._drawn, other._drawn
        farthest, size = float(np.abs(own - others).max()), float(max(np.abs(own).max(), np.abs(others).max()))
        if farthest <= ROUNDING * size:
            return 0.0
        return farthest / max(self.span, ROUNDING * size)


def quantiles(values: np.ndarray, at: tuple[float, ...] = QUANTILES) -> np.ndarray:
    """Quantiles of values over (time, member), linear between members: an array (quantile, time)."""
    ordered = np.sort(values, axis=1)  # several times as fast as numpy.quantile, which partitions
    at_rows = np.array(at) * (ordered.shape[1] - 1)
    below = np.floor(at_rows).astype(int)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low, high = ordered[:, below], ordered[:, above]
    return (low + (high - low) * (at_rows - below)).T


def column(quantile: float) -> str:
    """What a table calls a quantile: p5, p50, p97.5."""
    return f"p{100 * quantile:g}"


def chance_of_change(change: np.ndarray, better: str) -> np.ndarray:
    """The share of members (last axis) in which an outcome improves; where neither way is better, increases.

    NaN where it moves in no member: then there is nothing to bet on.
    """
    wanted = change < 0 if better == "lower" else change > 0
    return np.where((change == 0).all(axis=-1), np.nan, wanted.mean(axis=-1))
