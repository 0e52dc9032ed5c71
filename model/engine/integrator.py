"""From numbers to a run: initial levels, the march of the kernel, and what to say when it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from pushpull.engine.codegen.layout import POPULATIONS, Layout
from pushpull.engine.language.graph import Model
from pushpull.engine.language.words import namespace
from pushpull.engine.machine.kernels import Kernel
from pushpull.engine.machine.loader import Machine
from pushpull.engine.machine.marching import March
from pushpull.engine.plain.evaluator import PlainEvaluator, explain_break, pack, unpack
from pushpull.engine.plain.plain_march import Setting, march
from pushpull.engine.runs.halving import PARTS, limits
from pushpull.engine.runs.methods import Tableau, method_of_move, tableau
from pushpull.engine.runs.task import RunBroke, Task


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
        march = March(self, task)
        march.run(task)
        return task.times, march.levels, march.values

    def run_plainly(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same run by plain Python: slow, and the kernel's judge."""
        levels, values, _ = self.march_plainly(task)
        return task.times, levels, values

    def march_plainly(self, task: Task) -> tuple[np.ndarray, np.ndarray, Mapping[str, int]]:
        """Saved levels and values of a run by plain Python, and what it tells of its halvings."""
        evaluator = PlainEvaluator(self.model, self.layout, len(task.routes))
        levels = self.initial_levels(task)
        values = np.zeros((len(self.layout.values), levels.shape[1]))
        saved_steps = task.saved_steps
        saved_levels = np.empty((len(saved_steps), *levels.shape))
        saved_values = np.empty((len(saved_steps), *values.shape))
        setting = Setting(evaluator, task.constants, task.formulas, len(task.routes), *self._limits)
        how = (task.time_step, task.bounds, partial(_tableau_of_move, task.method), task.policy_step, task.every)
        with np.errstate(all="ignore"):  # a step that leaves the range of numbers is taken in pieces
            broke, told = march(setting, levels, task.inputs, task.cut, *how, values, saved_levels, saved_values)
        if broke >= 0:
            raise RunBroke(self.explanation(task, levels, broke, told["stopped_at"], told["stopped_by"]))
        odd = np.flatnonzero(~np.isfinite(saved_values.sum(axis=(1, 2))))
        if odd.size:
            raise RunBroke(self.explanation(task, saved_levels[odd[0]], task.move_from(saved_steps[odd[0]])))
        return saved_levels, saved_values, told

    @property
    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Least levels, and what is tolerated of an error beside a level of zero, (stock, 1)."""
        least, slack = limits((stock.unit, stock.declaration.signed) for stock in self.model.stocks)
        return least[:, None], slack[:, None]

    def initial_levels(self, task: Task) -> np.ndarray:
        """Stocks at the start: from their initial expressions, and those that are to be balanced from there."""
        if not isinstance(self.kernel, Kernel):  # a model that is not compiled starts as stated
            return self.stated_levels(task)
        return March(self, task).begin(task)

    def stated_levels(self, task: Task) -> np.ndarray:
        """Stocks as their initial expressions state them."""
        known = namespace()
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
    def _initials(self) -> Mapping[str, object]:
        return {
            stock.name: compile(stock.declaration.initial, f"initial level of {stock.name}", "eval")
            for stock in self.model.stocks
        }

    def shapes(self, names: tuple[str, ...], routes: int) -> dict[str, tuple[int, int]]:
        """Populations and routes over which each variable is kept."""

        def found() -> dict[str, tuple[int, int]]:
            overs = {name: self.model.over(name) for name in names}
            return {
                name: (POPULATIONS if "population" in over else 1, routes if "route" in over else 1)
                for name, over in overs.items()
            }

        return self._remember((names, routes), found)

    def sources(self, names: tuple[str, ...], machine: Machine) -> np.ndarray:
        """Where a machine has the numbers of these variables, among its values and, behind them, its levels."""

        def found() -> np.ndarray:
            row_length, parts = POPULATIONS * machine.routes, []
            for name in names:
                stock = name in self.layout.stocks
                array, rows = ("levels", self.layout.stocks) if stock else ("values", self.layout.values)
                real = machine.real[array]
                own = real[machine.places[array][real] // row_length == rows.index(name)]
                parts.append((machine.sizes["values"] if stock else 0) + own * machine.lanes)
            return np.concatenate(parts).astype(np.int64)

        return self._remember((names, machine.routes, machine.lanes), found)

    def _remember(self, key: tuple, find: Callable):
        """What `find` gives, worked out once."""
        if key not in self._remembered:
            self._remembered[key] = find()
        return self._remembered[key]

    @cached_property
    def _remembered(self) -> dict:
        return {}

    def explanation(self, task: Task, levels: np.ndarray, move: int, place: int = 0, piece: int = PARTS) -> str:
        """Why a run broke in a move, or in a piece of it, from the levels (stock, element) at the start of that."""
        step, stop = (int(bound) for bound in task.bounds[move : move + 2])
        evaluator = PlainEvaluator(self.model, self.layout, len(task.routes))
        off = np.zeros(len(self.layout.loops), dtype=np.uint8)
        held = np.zeros((len(self.layout.loops), levels.shape[1]))
        if task.cut.any() and step >= task.policy_step:
            off[:] = task.cut
            self._hold_at_policy_start(task, evaluator, held)
        first, last, length = task.inputs[step, 0], task.inputs[stop - 1, 2], (stop - step) * task.time_step
        ends = [first + part / PARTS * (last - first) if part else first for part in (place, place + piece)]
        when = (task.start + step * task.time_step + place / PARTS * length, piece / PARTS * length)
        given = (levels, ends, task.constants, task.formulas, held, off)
        least = self._limits[0]
        return explain_break(evaluator, _tableau_of_move(task.method, stop - step), *given, *when, task.routes, least)

    def _hold_at_policy_start(self, task: Task, evaluator: PlainEvaluator, held: np.ndarray) -> None:
        """Fill `held` with the causes of the loops as they stood when the run cut them."""
        if task.policy_step > 0:
            before = dataclasses.replace(task.first(task.policy_step), cut=np.zeros_like(task.cut))
            _, levels, values = self.run(before)
            evaluator.hold_causes(levels[-1], values[-1], held)


def _tableau_of_move(method: str, steps: int) -> Tableau:
    return tableau(method_of_move(method, steps))
