"""How far runs lie from what was recorded."""

from __future__ import annotations

import numpy as np

from .plan import Plan
from .simulate import Simulator


class Target:
    """The fitted records of a plan as one vector: `errors` of each record, `group` the record of each value."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.simulator = Simulator(plan)
        self.unknowns = len(plan.unknowns)
        place, chosen, group = 0, [], []
        for record in plan.records:
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
