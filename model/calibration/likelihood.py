"""How far runs lie from what was recorded and what was published."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from pushpull.calibration.plan import Plan, Unknown
from pushpull.calibration.simulate import Simulator
from pushpull.ensemble import value_at_quantile


class Predicting(Protocol):
    """What tells of scores (member, unknown) what would be recorded, shape (member, prediction)."""

    def predictions(self, scores: np.ndarray) -> np.ndarray: ...


class SampledTarget(Protocol):
    """What searches and chains ask of a likelihood."""

    unknowns: int
    errors: np.ndarray
    group: np.ndarray
    start: np.ndarray

    @property
    def simulator(self) -> Predicting: ...

    def deviations(self, predictions: np.ndarray) -> np.ndarray: ...


def _score(unknown: Unknown) -> float:
    """The standard normal score at which the search begins: that of the start, or the middle of the prior."""
    if unknown.start is None:
        return 0.0
    from scipy.special import ndtr  # late: it takes most of a second

    scores = np.linspace(-2, 2, 401)
    draws = value_at_quantile(unknown.prior, ndtr(scores))
    return float(scores[np.argmin(np.abs(draws - unknown.start))])


class Likelihood:
    """The fitted records of a plan, then its effects, as one vector.

    `errors` are the standard deviations of each record (of logarithms) and effect (in its own unit), `group` says to
    which of them each value belongs.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.simulator = Simulator(plan)
        self.unknowns = len(plan.unknowns)
        first, number = 0, 0
        chosen: list[int] = []
        group: list[int] = []
        for record in plan.records:
            if record.fitted:
                chosen.extend(range(first, first + len(record.times)))
                group.extend([number] * len(record.times))
                number += 1
            first += len(record.times)
        self.recorded = len(chosen)
        chosen.extend(range(first, first + len(plan.effects)))
        group.extend(range(len(plan.fitted), len(plan.fitted) + len(plan.effects)))
        self.chosen, self.group = np.array(chosen, dtype=int), np.array(group, dtype=int)
        ranges = [(effect.low, effect.high) for effect in plan.effects]
        self.low = np.concatenate([*(np.log(record.low) for record in plan.fitted), [low for low, _ in ranges]])
        self.high = np.concatenate([*(np.log(record.high) for record in plan.fitted), [high for _, high in ranges]])
        self.errors = np.array([*(record.error for record in plan.fitted), *(effect.error for effect in plan.effects)])
        self.start = np.array([_score(unknown) for unknown in plan.unknowns])

    def values(self, predictions: np.ndarray) -> np.ndarray:
        """What of predictions is held against the records (in logarithms), then against the published effects."""
        shown = predictions[:, self.chosen]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.concatenate([np.log(shown[:, : self.recorded]), shown[:, self.recorded :]], axis=1)

    def deviations(self, predictions: np.ndarray) -> np.ndarray:
        """How far predictions lie outside what was recorded (in logarithms) or published; zero within a range."""
        shown = self.values(predictions)
        return np.where(shown > self.high, shown - self.high, np.where(shown < self.low, shown - self.low, 0 * shown))
