"""How well a run meets the records, and how likely its numbers were beforehand.

Coordinates are standard normal scores: one for each unknown, then one for the error of each fitted record, whose
logarithm has a prior spread of `ERROR_SPREAD` around the plan's.
"""

from __future__ import annotations

import numpy as np

from .plan import Plan
from .simulate import Simulator

ERROR_SPREAD = 0.15


class Target:
    """The density that a fit samples from, up to a constant."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.simulator = Simulator(plan)
        self.unknowns = len(plan.unknowns)
        self.dimensions = self.unknowns + len(plan.fitted)
        records, place, chosen, group = plan.records, 0, [], []
        for record in records:
            if record.fitted:
                chosen.extend(range(place, place + len(record.times)))
                group.extend([plan.fitted.index(record)] * len(record.times))
            place += len(record.times)
        self.chosen, self.group = np.array(chosen), np.array(group)
        self.low = np.log(np.concatenate([record.low for record in plan.fitted]))
        self.high = np.log(np.concatenate([record.high for record in plan.fitted]))
        self.errors = np.array([record.error for record in plan.fitted])

    def deviations(self, predictions: np.ndarray) -> np.ndarray:
        """Logarithms by which predictions of fitted values lie outside what was recorded (nought within a range)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            shown = np.log(predictions[:, self.chosen])
        return np.where(shown > self.high, shown - self.high, np.where(shown < self.low, shown - self.low, 0 * shown))

    def errors_of(self, coordinates: np.ndarray) -> np.ndarray:
        """Standard deviation of the logarithm of every fitted record, shape (members, records)."""
        return self.errors * np.exp(ERROR_SPREAD * coordinates[:, self.unknowns :])

    def log_density(self, coordinates: np.ndarray) -> np.ndarray:
        """Log density of coordinates (members, dimensions); minus infinity where a run breaks."""
        predictions = self.simulator.predictions(coordinates[:, : self.unknowns])
        spread = self.errors_of(coordinates)[:, self.group]
        misfit = self.deviations(predictions) / spread
        density = -0.5 * (misfit**2).sum(axis=1) - np.log(spread).sum(axis=1) - 0.5 * (coordinates**2).sum(axis=1)
        return np.where(np.isfinite(density), density, -np.inf)
