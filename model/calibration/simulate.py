"""Many runs of a plan: draws in, what the records would have shown out."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from model.engine.integrate import RunBroke, Task
from model.engine.result import Result
from model.ensemble import March, processors, value_at_quantile
from model.running import integrator, task_of

from .plan import Plan, Record

AT_A_TIME = 16


class Simulator:
    """Runs a plan for draws given as standard normal scores, shape (members, unknowns)."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.task = _cut(task_of(plan.scenario), plan.until)
        self.base = self.task.constants
        names = integrator().layout.constants
        self.rows = np.array([names.index(name) for name in plan.names])
        self.anchors = np.array([unknown.anchor for unknown in plan.unknowns])
        cards = plan.scenario.catalogue.parameters
        self.low = np.array([cards[name].low for name in plan.names])
        self.high = np.array([cards[name].high for name in plan.names])

    def draws(self, scores: np.ndarray) -> np.ndarray:
        """The draws that standard normal scores stand for, by each unknown's prior; same shape."""
        quantiles = ndtr(scores)
        return np.stack(
            [value_at_quantile(each.prior, quantiles[:, column]) for column, each in enumerate(self.plan.unknowns)],
            axis=1,
        )

    def constants(self, draws: np.ndarray) -> np.ndarray:
        """Parameters of one run (parameter, element) for one row of draws."""
        constants = self.base.copy()
        constants[self.rows] = moved(self.base[self.rows], draws, self.anchors, self.low, self.high)
        return constants

    @cached_property
    def times(self) -> np.ndarray:
        """The saved times of a run, in years."""
        steps = np.append(np.arange(0, self.task.steps, self.task.every), self.task.steps)
        return self.task.start + steps / self.task.steps_per_year

    def predictions(self, scores: np.ndarray) -> np.ndarray:
        """What every record would show, shape (members, values of all records); nan where a run breaks."""
        draws = self.draws(np.atleast_2d(scores))
        found = np.full((len(draws), sum(len(record.times) for record in self.plan.records)), np.nan)
        operators = [reading_weights(record, self.times) for record in self.plan.records]

        def work(first: int) -> None:
            march = self._free.pop() if self._free else March(self.task)
            for member in range(first, min(first + AT_A_TIME, len(draws))):
                try:
                    levels, values = march.run(dataclasses.replace(self.task, constants=self.constants(draws[member])))
                except RunBroke:
                    continue  # no likelihood: the sampler turns away from such a place
                found[member] = self.read(levels, values, operators)
            self._free.append(march)

        blocks = range(0, len(draws), AT_A_TIME)
        with ThreadPoolExecutor(min(processors(), len(blocks))) as pool:
            list(pool.map(work, blocks))
        return found

    def read(self, levels: np.ndarray, values: np.ndarray, operators: list[np.ndarray]) -> np.ndarray:
        """The records' values read off one run's arrays."""
        engine = integrator()
        result = Result(engine.model, engine.layout, self.task.routes, self.times, levels[None], values[None], {}, {})
        totals: dict[str, np.ndarray] = {}
        parts = []
        for record, operator in zip(self.plan.records, operators, strict=True):
            if record.variable not in totals:
                totals[record.variable] = result.total(record.variable)[0]
            parts.append(operator @ totals[record.variable])
        return np.concatenate(parts)

    @cached_property
    def _free(self) -> list[March]:
        return []


def moved(own: np.ndarray, draws: np.ndarray, anchors: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Own values (parameter, element) moved by draws (parameter), within each card's range."""
    safe = np.where(anchors == 0, 1.0, anchors)
    there = np.where((anchors == 0)[:, None], own + draws[:, None], own * (draws / safe)[:, None])
    return np.clip(there, low[:, None], high[:, None])


def reading_weights(record: Record, times: np.ndarray) -> np.ndarray:
    """Weights (recorded value, saved time) that read a record off a run: a point, or the mean of the year around it."""
    weights = np.zeros((len(record.times), len(times)))
    for row, time in enumerate(record.times):
        if record.reading == "point":
            weights[row] = _at(time, times)
        else:
            inside = (times >= time - 0.5 - 1e-9) & (times <= time + 0.5 + 1e-9)
            chosen = np.flatnonzero(inside)
            steps = np.diff(times[chosen])
            weights[row, chosen[:-1]] += steps / 2
            weights[row, chosen[1:]] += steps / 2
            weights[row] /= weights[row].sum()
    return weights


def _at(time: float, times: np.ndarray) -> np.ndarray:
    return np.array([np.interp(time, times, one) for one in np.eye(len(times))])


def _cut(task: Task, until: float) -> Task:
    """The same task, ended early."""
    steps = round((until - task.start) * task.steps_per_year)
    return dataclasses.replace(task, inputs=np.ascontiguousarray(task.inputs[:steps]))
