"""A fit with a few unknown numbers, all others held: small enough for the sampler itself to be judged by it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from pushpull.calibration.likelihood import Predicting, SampledTarget


class Whole(SampledTarget, Protocol):
    """A likelihood that tells what of its predictions is held against a record."""

    def values(self, predictions: np.ndarray) -> np.ndarray: ...


class FewUnknowns:
    """The likelihood of some unknowns, `free` of those of the whole, with the scores `held` (unknown,) for all others.

    With a record (value,), every value is held against a point of it, by the same errors; else against what the whole
    is held against, ranges included.
    """

    def __init__(self, whole: Whole, free: np.ndarray, held: np.ndarray, record: np.ndarray | None = None):
        self.whole, self.free, self.held, self.record = whole, free, held, record
        self.unknowns, self.errors, self.group = len(free), whole.errors, whole.group
        self.start = whole.start[free]

    @property
    def simulator(self) -> Predicting:
        """Runs for scores of the free unknowns."""
        return self

    def predictions(self, scores: np.ndarray) -> np.ndarray:
        """What the whole predicts for scores (member, free unknown)."""
        scores = np.atleast_2d(scores)
        everything = np.tile(self.held, (len(scores), 1))
        everything[:, self.free] = scores
        return self.whole.simulator.predictions(everything)

    def values(self, predictions: np.ndarray) -> np.ndarray:
        """What of predictions is held against a record."""
        return self.whole.values(predictions)

    def deviations(self, predictions: np.ndarray) -> np.ndarray:
        """How far predictions lie off the record."""
        if self.record is None:
            return self.whole.deviations(predictions)
        return self.values(predictions) - self.record

    def held_against(self, record: np.ndarray) -> FewUnknowns:
        """The same unknowns and a record (value,) in the place of the real one."""
        return FewUnknowns(self.whole, self.free, self.held, record)


def most_moved(scores: np.ndarray, count: int) -> np.ndarray:
    """Which unknowns a fit moved or narrowed most, by its draws (draw, unknown), the most first: by how far a normal
    law of their mean and spread lies from the prior (Kullback and Leibler)."""
    mean, variance = scores.mean(axis=0), scores.var(axis=0)
    divergence = 0.5 * (mean**2 + variance - 1 - np.log(variance))
    return np.argsort(-divergence, kind="stable")[:count]
