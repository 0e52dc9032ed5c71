"""The march through time in plain Python: the judge of its compiled twin, `engine.codegen.kernel_march`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pushpull.engine.plain.evaluator import Conditions, PlainEvaluator
from pushpull.engine.runs.task import Break, Broke, Task
from pushpull.engine.stepping.halving import NOTHING_TOLD, PARTS, TOLERANCE
from pushpull.engine.stepping.methods import Tableau, method_of_move, tableau


@dataclass(eq=False)
class PlainMarch:
    """A task on its way. `levels` (stock, element) are moved in place; `least` and `slack` (stock, 1) are those of
    `engine.stepping.halving.limits`; `told` tells of its halvings, as `engine.stepping.halving.TOLD`."""

    evaluator: PlainEvaluator
    task: Task
    levels: np.ndarray
    least: np.ndarray
    slack: np.ndarray
    told: dict[str, int] = field(default_factory=lambda: dict(NOTHING_TOLD))

    def __post_init__(self):
        self.held = np.zeros((len(self.task.cut), self.levels.shape[1]))
        self.off = np.zeros_like(self.task.cut)

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        """The saved levels and values (time, row, element); raise Broke where the run breaks."""
        task, inputs, saved = self.task, self.task.inputs, []
        for move, (step, stop) in enumerate(zip(task.bounds[:-1], task.bounds[1:], strict=True)):
            first, last = inputs[step, 0], inputs[stop - 1, 2]
            if step == task.policy_step:
                values, _ = self.evaluate(self.levels, inputs[max(step - 1, 0), 2])
                self.held, self.off = self.evaluator.causes_of_loops(self.levels, values), task.cut
            if step % task.every == 0:
                saved.append((self.levels.copy(), self.evaluate(self.levels, first)[0]))
            method = tableau(method_of_move(task.method, stop - step))
            if not self.move(first, last, (stop - step) * task.time_step, method, int(step)):
                place, piece = self.told["stopped_at"], self.told["stopped_by"]
                raise Broke([Break(0, move, place, piece, self.levels)])
        saved.append((self.levels.copy(), self.evaluate(self.levels, inputs[-1, 2])[0]))
        levels, values = (np.array(arrays) for arrays in zip(*saved, strict=True))
        odd = np.flatnonzero(~np.isfinite(values.sum(axis=(1, 2))))
        if odd.size:
            raise Broke([Break(saved=int(odd[0]))])
        return levels, values

    def evaluate(self, levels: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values (row, element) and slopes (stock, element) of levels under inputs (column)."""
        task = self.task
        return self.evaluator.evaluate(Conditions(levels, inputs, task.constants, task.formulas, self.held, self.off))

    def step(
        self, levels: np.ndarray, first: np.ndarray, last: np.ndarray, length: float, method: Tableau
    ) -> tuple[np.ndarray, bool, bool]:
        """Levels at the end of a step between inputs, whether they are impossible, and whether too far off."""
        slopes = [self.evaluate(levels, first)[1]]
        for stage in range(1, len(method.weights)):
            state = levels + length * weighed(method.parts[stage, :stage], slopes)
            slopes.append(self.evaluate(state, first + method.times[stage] * (last - first))[1])
        after = levels + length * weighed(method.weights, slopes)
        impossible = not np.isfinite(after.sum()) or bool((after < self.least).any())
        if method.error is None:
            return after, impossible, False
        if method.looks_on:
            slopes.append(self.evaluate(after, last)[1])
        off = np.abs(length * weighed(method.error, slopes))
        allowed = TOLERANCE * np.maximum(np.abs(levels), np.abs(after)) + self.slack
        return after, impossible, not bool((off <= allowed).all())

    def move(self, first: np.ndarray, last: np.ndarray, length: float, method: Tableau, step: int) -> bool:
        """Go on by a move between inputs, in pieces where it fails as a whole; False where the run breaks, with
        `levels` those at the start of the piece that failed."""
        after, impossible, far_off = self.step(self.levels, first, last, length, method)
        if not (impossible or far_off):
            self.levels[:] = after
            return True
        place, piece, smallest, coarse = 0, PARTS // 2, PARTS, False
        self._take(self.levels)
        while place < PARTS:
            begun, ended = (first + part / PARTS * (last - first) for part in (place, place + piece))
            after, impossible, far_off = self.step(self.levels, begun, ended, length * (piece / PARTS), method)
            if piece > 1 and (impossible or far_off):
                piece //= 2
            elif impossible:
                self.told |= {"stopped_at": place, "stopped_by": piece}
                return False
            else:
                self._take(after)
                smallest, coarse = min(smallest, piece), coarse or far_off
                place += piece
                piece = place & -place
        self._tell(step, smallest, coarse)
        return True

    def _take(self, levels: np.ndarray) -> None:
        """Take levels over, and make zero what rounding has left below it."""
        self.levels[:] = np.where((levels < 0) & (self.least > -1), 0.0, levels)

    def _tell(self, step: int, smallest: int, coarse: bool) -> None:
        told = self.told
        told["first"] = step if told["first"] < 0 else told["first"]
        told |= {"halved": told["halved"] + 1, "last": step, "coarse": told["coarse"] + coarse}
        told["smallest"] = min(told["smallest"], smallest)


def weighed(weights: np.ndarray, slopes: list[np.ndarray]) -> np.ndarray:
    """The weighed sum of slopes, in the order of the stages."""
    total = np.zeros_like(slopes[0])
    for weight, slope in zip(weights, slopes, strict=True):
        total += weight * slope
    return total
