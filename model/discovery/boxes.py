"""The patient rule induction method (PRIM): limits on a few inputs within which cases of interest are dense.

From all cases, the thin slice of one input is cut away that leaves the largest share of interest for what it costs, and
again, until few cases are left; then limits are moved out again where that pays. Sources: Friedman and Fisher (1999),
Bump hunting in high-dimensional data, Statistics and Computing 9; Bryant and Lempert (2010), Thinking inside the box,
Technological Forecasting and Social Change 77, for coverage, density and the tests of limits.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np

LOW, HIGH = 0, 1


@dataclasses.dataclass(frozen=True, eq=False)
class Box:
    """Limits on inputs, shape (input, 2); where they are those of all cases, an input is free.

    `inside` says of each case whether it lies within them. `coverage` is the share of the cases of interest that lie
    inside, `density` the share of the cases inside that are of interest.
    """

    limits: np.ndarray
    whole: np.ndarray
    inside: np.ndarray
    of_interest: np.ndarray

    @classmethod
    def around(cls, inputs: np.ndarray, of_interest: np.ndarray) -> Box:
        """The box that holds all cases: `inputs` over (case, input), `of_interest` over (case,)."""
        whole = np.stack([inputs.min(axis=0), inputs.max(axis=0)], axis=1)
        return cls(whole, whole, np.ones(len(inputs), dtype=bool), of_interest)

    @property
    def restricted(self) -> np.ndarray:
        """The inputs that it limits, as their columns."""
        return np.flatnonzero(np.any(self.limits != self.whole, axis=1))

    @property
    def coverage(self) -> float:
        return float(self.of_interest[self.inside].sum() / self.of_interest.sum())

    @property
    def density(self) -> float:
        return float(self.of_interest[self.inside].mean())

    @property
    def mass(self) -> float:
        """The share of all cases that lie inside."""
        return float(self.inside.mean())

    @property
    def parting(self) -> float:
        """How well it parts the cases: the share of those of interest inside, less that of the others (Youden's index,
        zero for a box that holds as much of both, one for all of the former and none of the latter)."""
        others = ~self.of_interest
        return self.coverage - float(self.inside[others].sum() / others.sum())

    def with_limit(self, column: int, end: int, value: float, inputs: np.ndarray) -> Box:
        """The same with one end of one input elsewhere."""
        limits = self.limits.copy()
        limits[column, end] = value
        return dataclasses.replace(self, limits=limits, inside=within(inputs, limits))

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """The ends that it limits: each an input's column, and whether it is the low end or the high one."""
        return tuple((int(column), int(end)) for column, end in np.argwhere(self.limits != self.whole))

    def without(self, ends: Iterable[tuple[int, int]], inputs: np.ndarray) -> Box:
        """The same with some ends left open."""
        limits = self.limits.copy()
        for place in ends:
            limits[place] = self.whole[place]
        return dataclasses.replace(self, limits=limits, inside=within(inputs, limits))

    def chance_of(self, ends: Iterable[tuple[int, int]], inputs: np.ndarray) -> float:
        """How likely chance alone would fill the box as well if these limits said nothing (a quasi p-value).

        A one-sided binomial test of the cases inside against the density without them.
        """
        from scipy.stats import binom

        loose = self.without(ends, inputs)
        return float(binom.sf(self.of_interest[self.inside].sum() - 1, self.inside.sum(), loose.density))


def within(inputs: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Which cases, of `inputs` over (case, input), lie within limits (input, 2)."""
    return np.all((inputs >= limits[:, LOW]) & (inputs <= limits[:, HIGH]), axis=1)


def find_boxes(
    inputs: np.ndarray, of_interest: np.ndarray, slice_: float = 0.05, least_mass: float = 0.05
) -> tuple[Box, ...]:
    """Every box on the way, from that of all cases to the densest: one more slice (a share of the cases) cut away each
    time, and at the end some of them given back. No box holds less than the share `least_mass` of all cases.

    Raises:
        ValueError: where no case or every case is of interest, or an input holds what is no number.
    """
    inputs, of_interest = np.asarray(inputs, dtype=float), np.asarray(of_interest, dtype=bool)
    if not np.isfinite(inputs).all():
        raise ValueError("inputs are numbers, each of them finite")
    if of_interest.all() or not of_interest.any():
        raise ValueError("some cases are to be of interest, and others not")
    boxes = [Box.around(inputs, of_interest)]
    for better in (_peeled, _pasted):
        while (box := better(boxes[-1], inputs, slice_, least_mass)) is not None:
            boxes.append(box)
    return tuple(boxes)


def _peeled(box: Box, inputs: np.ndarray, slice_: float, least_mass: float) -> Box | None:
    """The box less the slice whose loss raises the density most for each case that goes; None where none does."""
    values, interest = inputs[box.inside], box.of_interest[box.inside]
    ordered = np.sort(values, axis=0)
    edges = np.stack([_edge(ordered, slice_), _edge(ordered, 1 - slice_)], axis=1)
    kept = np.stack([values >= edges[:, LOW], values <= edges[:, HIGH]], axis=2)  # (case, input, end)
    counts, hits = kept.sum(axis=0), np.sum(kept & interest[:, None, None], axis=0)
    gains = _gains(hits, counts, interest)
    limited = np.isin(np.arange(inputs.shape[1]), box.restricted)
    column, end = max(
        ((column, end) for column in range(inputs.shape[1]) for end in (HIGH, LOW)),
        key=lambda place: (gains[place], limited[place[0]]),
    )
    if gains[column, end] <= 0 or counts[column, end] < least_mass * len(inputs):
        return None
    return box.with_limit(column, end, edges[column, end], inputs)


def _pasted(box: Box, inputs: np.ndarray, slice_: float, least_mass: float) -> Box | None:
    """The box with the slice given back that raises the density most for each case that comes; None where none does."""
    wider = []
    for column in box.restricted:
        for end in (LOW, HIGH):
            beyond = box.limits.copy()
            beyond[column, 1 - end], beyond[column, end] = box.limits[column, end], box.whole[column, end]
            there = np.sort(inputs[within(inputs, beyond)][:, [column]], axis=0)
            at = slice_ if end == HIGH else 1 - slice_
            edge = _edge(there, at)[0] if len(there) else box.whole[column, end]
            wider.append(box.with_limit(column, end, edge, inputs))
    if not wider:
        return None
    interest = box.of_interest[box.inside]
    counts = np.array([each.inside.sum() for each in wider])
    hits = np.array([each.of_interest[each.inside].sum() for each in wider])
    gains = _gains(hits, counts, interest)
    best = max(range(len(wider)), key=lambda number: (gains[number], -len(wider[number].restricted)))
    more = counts[best] > len(interest) and counts[best] >= least_mass * len(inputs)
    return wider[best] if gains[best] > 0 and more else None


def _gains(hits: np.ndarray, counts: np.ndarray, interest: np.ndarray) -> np.ndarray:
    """By how much the density rises for each case that goes or comes; zero where none does."""
    density = np.divide(hits, counts, out=np.zeros(np.shape(hits)), where=counts > 0)
    moved = np.abs(len(interest) - counts)
    return np.divide(density - interest.mean(), moved, out=np.zeros(np.shape(hits)), where=moved > 0)


def _edge(ordered: np.ndarray, at: float) -> np.ndarray:
    """The quantile `at` of each column of sorted values, halfway between two values that differ: cases that are alike
    stay together. Where all that follow, outwards, are alike, it is theirs."""
    last = len(ordered) - 1
    low, high = int(np.floor(last * at)), int(np.ceil(last * at))
    columns = np.arange(ordered.shape[1])
    if at > 0.5:
        other = ordered[: low + 1] != ordered[high]
        found = low - np.argmax(other[::-1], axis=0)
        neighbour = np.where(other.any(axis=0), found, 0)
        return (ordered[neighbour, columns] + ordered[high]) / 2
    other = ordered[high:] != ordered[low]
    found = high + np.argmax(other, axis=0)
    neighbour = np.where(other.any(axis=0), found, last)
    return (ordered[low] + ordered[neighbour, columns]) / 2
