"""From numbers to a run: initial levels, the march of the kernel, and what to say when it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.engine import language
from model.engine.compile import POPULATIONS, Kernel, Layout
from model.engine.evaluate import PlainEvaluator, explain_break, pack, unpack
from model.engine.graph import Model

STEPS_PER_YEAR = 40
SAVES_PER_YEAR = 4
PACE, TRIES = 0.05, 1000  # of the search for balanced initial levels: years a try, stable for turnovers down to weeks


class RunBroke(ArithmeticError):
    """A value stopped being finite; the message names it, when, and its causes."""


@dataclass(frozen=True)
class Task:
    """Everything a run needs, as numbers: see `model.engine.march` for the shapes."""

    routes: tuple[str, ...]
    start: float
    inputs: np.ndarray
    constants: np.ndarray
    formulas: np.ndarray
    cut: np.ndarray
    policy_step: int
    steps_per_year: int
    euler: bool

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.inputs.shape[0]

    @property
    def every(self) -> int:
        """Steps from one saved state to the next: a quarter of a year."""
        return max(self.steps_per_year // SAVES_PER_YEAR, 1)


@dataclass(frozen=True)
class Integrator:
    """Runs tasks on a kernel."""

    model: Model
    kernel: Kernel

    @property
    def layout(self) -> Layout:
        """Where names stand in the arrays."""
        return self.kernel.layout

    def run(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Saved times (time), levels and values (time, row, element) of one run; raise RunBroke where it breaks."""
        return self._run(task, self.kernel.module.march)

    def run_plainly(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same run by plain Python: slow, and the kernel's judge."""
        evaluator = PlainEvaluator(self.model, self.layout, len(task.routes))
        return self._run(task, evaluator.march())

    def _run(self, task: Task, march: Callable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        elements = POPULATIONS * len(task.routes)
        levels = self.initial_levels(task)
        values = np.zeros((len(self.layout.values), elements))
        saved_steps = np.append(np.arange(0, task.steps, task.every), task.steps)
        saved_levels = np.empty((len(saved_steps), *levels.shape))
        saved_values = np.empty((len(saved_steps), *values.shape))
        time_step = 1.0 / task.steps_per_year
        broke = march(
            levels,
            task.inputs,
            task.constants,
            task.formulas,
            task.cut,
            len(task.routes),
            time_step,
            task.euler,
            task.policy_step,
            task.every,
            values,
            saved_levels,
            saved_values,
        )
        if broke >= 0:
            raise RunBroke(self._explanation(task, levels, int(broke), time_step))
        if not np.isfinite(saved_values.sum()):
            save = int(np.nonzero(~np.isfinite(saved_values.sum(axis=(1, 2))))[0][0])
            step = min(int(saved_steps[save]), task.steps - 1)
            raise RunBroke(self._explanation(task, saved_levels[save], step, time_step))
        return task.start + saved_steps * time_step, saved_levels, saved_values

    def initial_levels(self, task: Task) -> np.ndarray:
        """Stocks at the start: from their initial expressions, and those that are to be balanced from there."""
        levels = self.stated_levels(task)
        module = getattr(self.kernel, "module", None)  # a model that is not compiled starts as stated
        if self._balanced.size and hasattr(module, "balance"):
            given = (levels, task.inputs[0, 0], task.constants, task.formulas, len(task.routes))
            values = np.zeros((len(self.layout.values), levels.shape[1]))
            module.balance(*given, self._balanced, PACE, TRIES, values)
        return levels

    def stated_levels(self, task: Task) -> np.ndarray:
        """Stocks as their initial expressions state them."""
        known: dict[str, np.ndarray] = dict(_LANGUAGE)
        count = len(task.routes)
        for row, name in zip(task.constants, self.layout.constants, strict=True):
            known[name] = unpack(row, self.model.over(name), count)
        first = task.inputs[0, 0]
        for column, name in enumerate(self.layout.scalar_inputs):
            known[name] = first[column]
        for number, name in enumerate(self.layout.routed_inputs):
            place = len(self.layout.scalar_inputs) + number * count
            known[name] = first[place : place + count].reshape(1, count)
        levels = np.zeros((len(self.layout.stocks), POPULATIONS * count))
        for row, (name, code) in enumerate(self._initials.items()):
            pack(eval(code, {"__builtins__": {}}, known), levels[row], self.model.over(name), count)  # noqa: S307
        return levels

    @cached_property
    def _balanced(self) -> np.ndarray:
        return np.array([row for row, one in enumerate(self.model.stocks) if one.declaration.balanced], dtype=np.int64)

    @cached_property
    def _initials(self) -> Mapping[str, object]:
        return {
            stock.name: compile(stock.declaration.initial, f"initial level of {stock.name}", "eval")
            for stock in self.model.stocks
        }

    def _explanation(self, task: Task, levels: np.ndarray, step: int, time_step: float) -> str:
        evaluator = PlainEvaluator(self.model, self.layout, len(task.routes))
        off = np.zeros(len(self.layout.loops), dtype=np.uint8)
        held = np.zeros((len(self.layout.loops), levels.shape[1]))
        if task.cut.any() and step >= task.policy_step:
            off[:] = task.cut
            self._hold_at_policy_start(task, held)
        return explain_break(
            evaluator,
            levels,
            task.inputs[step],
            task.constants,
            task.formulas,
            held,
            off,
            task.start + step * time_step,
            time_step,
            task.routes,
        )

    def _hold_at_policy_start(self, task: Task, held: np.ndarray) -> None:
        """Fill `held` with the causes of the loops as they stood when the run cut them."""
        if task.policy_step > 0:
            before = dataclasses.replace(task, inputs=task.inputs[: task.policy_step], cut=np.zeros_like(task.cut))
            _, levels, values = self.run(before)
            self.kernel.module.hold_causes(levels[-1], values[-1], held)


_LANGUAGE = {name: getattr(language, name) for name in ("exp", "log", "minimum", "maximum")}
