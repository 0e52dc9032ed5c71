"""Why a run broke: the piece in which it did is replayed in plain Python, until something is at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.engine.language.graph import Variable
from pushpull.engine.language.indices import AXIS, INDICES, NAMES, shape
from pushpull.engine.plain.evaluator import Conditions, PlainEvaluator
from pushpull.engine.runs.task import Break, Task
from pushpull.engine.stepping.halving import PARTS
from pushpull.engine.stepping.methods import method_of_move, tableau

NEARLY = 1e-6  # of the least level: what the kernel finds below it may be just above it in plain Python


@dataclass(frozen=True, eq=False)
class BreakReplay:
    """A piece of a move of a task, replayed. `least` (stock, 1) are the levels that are too low; `held` and `off` as in
    `engine.plain.evaluator.Conditions`."""

    evaluator: PlainEvaluator
    task: Task
    least: np.ndarray
    held: np.ndarray
    off: np.ndarray

    def explanation(self, broken: Break) -> str:
        """The first value of the piece that is not finite, with its causes; or, where it is to blame or all else is
        finite, the stock that falls below its least level, with its flows."""
        task, levels = self.task, broken.levels
        assert levels is not None, "a break without levels is run again first"
        step, stop = (int(bound) for bound in task.bounds[broken.move : broken.move + 2])
        first, last, length = task.inputs[step, 0], task.inputs[stop - 1, 2], (stop - step) * task.time_step
        parts = (broken.place, broken.place + broken.piece)
        begun, ended = (first + part / PARTS * (last - first) if part else first for part in parts)
        start = task.start + step * task.time_step + broken.place / PARTS * length
        length *= broken.piece / PARTS
        method = tableau(method_of_move(task.method, stop - step))
        slopes = np.zeros((len(method.weights), *levels.shape))
        with np.errstate(all="ignore"):
            for stage, share in enumerate(method.times):
                inputs = begun + share * (ended - begun) if share else begun
                state = levels + length * np.tensordot(method.parts[stage, :stage], slopes[:stage], 1)
                time = start + share * length
                for name, value, by_name in self.evaluator.variables(self._conditions(state, inputs)):
                    if not np.all(np.isfinite(value)):
                        if (fallen := self._fallen(state)) is not None:
                            return self._negative(*fallen, levels, state, begun, time)
                        return self._not_finite(name, value, by_name, time, stage + 1)
                slopes[stage] = self.evaluator.evaluate(self._conditions(state, inputs))[1]
            after = levels + length * np.tensordot(method.weights, slopes, 1)
        if (fallen := self._fallen(after, NEARLY)) is not None:
            return self._negative(*fallen, levels, after, begun, start + length)
        return f"a level left the range of numbers in the step from {start:.2f}; every variable was finite before it"

    def _conditions(self, levels: np.ndarray, inputs: np.ndarray) -> Conditions:
        return Conditions(levels, inputs, self.task.constants, self.task.formulas, self.held, self.off)

    def _fallen(self, levels: np.ndarray, room: float = 0.0) -> tuple[int, int] | None:
        """Row and element of the level that is farthest below its least, if any is, or comes as near as `room`."""
        with np.errstate(all="ignore"):
            bounded = np.isfinite(self.least) & np.isfinite(levels)
            below = np.where(bounded, (levels - self.least) / np.abs(self.least), np.inf)
        row, element = np.unravel_index(below.argmin(), below.shape)
        return (int(row), int(element)) if below[row, element] < room else None

    def _not_finite(self, name: str, array: np.ndarray, by_name: Mapping, time: float, stage: int) -> str:
        at = tuple(int(places[0]) for places in np.nonzero(~np.isfinite(array)))
        variable = self.evaluator.model.variables[name]
        at_index = {index: at[axis] for index, axis in AXIS.items() if -axis <= len(at)}
        where = self._where(variable, {index: at_index[index] for index in ("origin", "route") if index in at_index})
        first = f"{name}{where} became {array[at]} in {time:.2f} (stage {stage}); its causes then were"
        return "\n".join([first, *self._causes(variable, by_name, at_index)])

    def _negative(
        self, row: int, element: int, before: np.ndarray, after: np.ndarray, inputs: np.ndarray, time: float
    ) -> str:
        """What a stock says that fell, with its flows under the levels `before`."""
        *_, (_, _, by_name) = self.evaluator.variables(self._conditions(before, inputs))
        variable = self.evaluator.model.variables[self.evaluator.layout.stocks[row]]
        places = (int(place) for place in np.unravel_index(element, self.task.extent))
        at = dict(zip(NAMES, places, strict=True))
        where = self._where(variable, at)
        fell = f"from {before[row, element]:.6g} to {after[row, element]:.6g} {variable.unit}"
        first = f"{variable.name}{where} cannot be negative and fell {fell} in {time:.2f}, however short the step"
        return "\n".join([f"{first}; its flows then were", *self._causes(variable, by_name, at)])

    def _where(self, variable: Variable, at: Mapping[str, int]) -> str:
        """The labels of a place, of the indices that a variable varies over and that have labels of their own."""
        own = {"origin": self.task.origins if len(self.task.origins) > 1 else (), "route": self.task.routes}
        labels = {index.name: own.get(index.name, index.labels) for index in INDICES}
        named = [index for index in NAMES if variable.varies(index) and index in at and labels[index]]
        shown = [labels[index][at[index]] for index in named]
        return f"[{', '.join(shown)}]" if shown else ""

    def _causes(self, variable: Variable, by_name: Mapping[str, np.ndarray], at: Mapping[str, int]) -> list[str]:
        lines = []
        for cause in variable.arguments:
            whole = shape(NAMES, self.task.extent)
            place = tuple(at.get(index, 0) for index in NAMES)
            lines.append(f"    {cause} = {np.broadcast_to(by_name[cause], whole)[place]:.6g}")
        return lines
