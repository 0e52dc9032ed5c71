"""What the proofs of the engine share: tasks of both corridors, single calls of the kernel, small models."""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass
from functools import cache

import numpy as np

from model import Scenario
from model.engine.cards import Card
from model.engine.evaluate import PlainEvaluator
from model.engine.graph import Model
from model.engine.integrate import Task
from model.running import integrator, task_of

CORRIDORS = ("us_southwest_border", "g8_2001")


@cache
def baseline(corridor: str) -> Scenario:
    """A corridor without any policy."""
    return Scenario.load(corridor).baseline()


@cache
def task_and_run(corridor: str) -> tuple[Task, np.ndarray, np.ndarray, np.ndarray]:
    """The baseline's task, and its saved times, levels and values."""
    task = task_of(baseline(corridor))
    return task, *integrator().run(task)


def first_years(task: Task, years: float, policy_year: float | None = None) -> Task:
    """The same task, cut short, with the policy start `policy_year` years after the start."""
    steps = round(years * task.steps_per_year)
    policy_step = task.policy_step if policy_year is None else round(policy_year * task.steps_per_year)
    return dataclasses.replace(task, inputs=task.inputs[:steps].copy(), policy_step=policy_step)


@dataclass
class Call:
    """One evaluation of all variables: by the kernel, or in plain Python. What is not written stays NaN."""

    task: Task
    levels: np.ndarray
    inputs: np.ndarray
    formulas: np.ndarray
    held: np.ndarray
    off: np.ndarray

    @classmethod
    def of(cls, task: Task, levels: np.ndarray, inputs: np.ndarray) -> Call:
        """A call under the task's own formulas with every loop on."""
        loops = len(integrator().layout.loops)
        held = np.zeros((loops, levels.shape[1]))
        return cls(
            task, np.ascontiguousarray(levels), inputs, task.formulas, held, np.zeros(loops, dtype=np.uint8)
        )

    def kernel(self) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes as the kernel finds them."""
        return self._by(integrator().kernel.module.slopes_at)

    def plain(self) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes as plain Python finds them."""
        engine = integrator()
        return self._by(PlainEvaluator(engine.model, engine.layout, len(self.task.routes)).slopes_at)

    def _by(self, slopes_at) -> tuple[np.ndarray, np.ndarray]:
        task = self.task
        values = np.full((len(integrator().layout.values), self.levels.shape[1]), np.nan)
        slopes = np.full_like(self.levels, np.nan)
        routes = len(task.routes)
        slopes_at(
            self.levels,
            self.inputs,
            task.constants,
            self.formulas,
            self.held,
            self.off,
            routes,
            values,
            slopes,
        )
        return values, slopes


def small_model(*functions, cards: dict[str, float] | None = None, loops=()) -> Model:
    """A model of the given equations and parameters."""
    chapter = types.ModuleType("chapter")
    for function in functions:
        function.__module__ = "chapter"
        setattr(chapter, function.__name__, function)
    return Model.from_modules(
        [chapter], [a_card(name, value) for name, value in (cards or {}).items()], loops
    )


def a_card(name: str, value: float, unit: str = "1") -> Card:
    """A parameter about which nothing is known."""
    return Card(name, "parameter", name, "group", unit, value, value - 1, value + 1, "meaning")
