"""The futures of draws: a task whose departures differ, from the end of the record on, as forecasts were off before."""

from __future__ import annotations

import dataclasses

import numpy as np

from pushpull.engine.runs.task import BEND, Column, Inputs, Task
from pushpull.preparation import integrator
from pushpull.scenario import Scenario
from pushpull.scenario.forecast_errors import SHOCKS, ForecastErrors


class Shocks:
    """What befalls departures in each draw of a scenario's ensemble."""

    def __init__(self, errors: ForecastErrors, task: Task):
        self.errors, self.task = errors, task
        held = integrator().layout.columns(task.extent)[SHOCKS]
        self.columns = dict(zip(task.origins, range(held.start, held.stop), strict=True))
        halves = task.start + np.arange(2 * task.steps + 1) / (2 * task.steps_per_year)
        self.times = np.stack([halves[:-1:2], halves[1::2], halves[2::2]], axis=1)
        self.end = float(halves[-1])
        self.knots = errors.knots(self.end)
        steps = np.round((self.knots - task.start) * task.steps_per_year).astype(int)
        self.turns = steps[(steps > 0) & (steps < task.steps)]

    @classmethod
    def of(cls, scenario: Scenario, task: Task) -> Shocks | None:
        """Those of a scenario; None where its corridor has none, where it ends before them, or where it says itself how
        departures move."""
        errors = scenario.corridor.forecast_errors
        if errors is None or SHOCKS in scenario.context or scenario.end <= errors.since:
            return None
        return cls(errors, task)

    def task_of(self, draw: int, constants: np.ndarray) -> Task:
        """The task with parameters (parameter, element) and in the future of a draw. It turns at the same times in
        every draw."""
        given = self.task.given
        changed = dict(given.changed)
        kinds = np.full(len(self.turns), BEND, dtype=np.int8)
        for origin, column in self.columns.items():
            base = changed[column].values if column in changed else given.shared[:, :, column]
            factors = np.interp(self.times, self.knots, self.errors.factors(draw, origin, self.end))
            changed[column] = Column(base * factors, self.turns, kinds)
        return dataclasses.replace(
            self.task, given=Inputs(given.shared, given.shared_turns, changed), constants=constants
        )
