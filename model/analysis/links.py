"""Links of cause and effect in runs: what the change of one cause, all else as it was, does to an effect."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.engine.language.graph import Equation, Model
from pushpull.engine.language.indices import AXIS, population
from pushpull.engine.plain.evaluator import unpack
from pushpull.engine.proofs.feedback_loops import GraphNode
from pushpull.engine.runs.result import Result
from pushpull.preparation import task_of
from pushpull.scenario import Scenario


class Trace:
    """Every number of one run at each saved time, by name, over ([origin,] population, route)."""

    def __init__(self, scenario: Scenario, result: Result):
        self.scenario, self.result = scenario, result
        task, layout = task_of(scenario), result.layout
        self._constants = {
            name: unpack(row, result.model.over(name), task.extent)
            for name, row in zip(layout.constants, task.constants, strict=True)
        }
        self._held: dict[str, np.ndarray] = {}

    @property
    def model(self) -> Model:
        """The model that was run."""
        return self.result.model

    def series(self, name: str) -> np.ndarray:
        """A variable, lever or driver over (time, population, route)."""
        if name not in self._held:
            self._held[name] = self.result.array(name)[0]
        return self._held[name]

    def value(self, name: str, moment: int) -> np.ndarray:
        """A number at a saved time (its row), over (population, route)."""
        constant = self._constants.get(name)
        return self.series(name)[moment] if constant is None else constant

    def equation(self, name: str) -> Equation:
        """The formula of a variable that is in force."""
        return self.model.variables[name].under(self.scenario.formulas)

    def is_cut(self, cause: str, effect: str) -> bool:
        """Whether the link is one at which a loop is switched off."""
        loops = catalogue().loops
        return any((loops[name].cause, loops[name].effect) == (cause, effect) for name in self.scenario.loops_off)


def answer(trace: Trace, effect: str, moment: int, moved: Mapping[str, np.ndarray]) -> np.ndarray:
    """An effect (of a stock, its net flow) at a saved time with some causes moved, over (population, route)."""
    equation = trace.equation(effect)
    given = [moved[name] if name in moved else trace.value(name, moment) for name in equation.arguments]
    with np.errstate(all="ignore"):
        value = np.asarray(equation.declaration.function(*given), dtype=float)
    return np.broadcast_to(value, trace.series(effect).shape[1:])


def part(value: np.ndarray, node: GraphNode) -> float:
    """The total of an array over (population, route), or of one population's part of it."""
    label = node[1]
    if label is not None:
        value = value.take(population.labels.index(label), axis=AXIS[population.name])
    return float(value.sum())


def moved_part(before: np.ndarray, after: np.ndarray, node: GraphNode) -> np.ndarray:
    """The array before, with one population's part (or all of it) as it is after."""
    if node[1] is None or before.shape[AXIS[population.name]] == 1:
        return after
    moved = before.copy()
    own = (..., population.labels.index(node[1]), slice(None))
    moved[own] = after[own]
    return moved
